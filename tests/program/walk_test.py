#!/usr/bin/env python3
"""The program as a user meets it: commands in, exit codes and words out; also what a kill leaves behind.

  walk_test.py PROGRAM
"""
import json
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest
import urllib.request

from support import PROGRAM, Work, run, write_csv


class Commands(Work):
    def test_import_then_search(self):
        write_csv(self.path / "a.csv", 50)
        done = run("import", str(self.path / "a.csv"), "--json", data=self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout.strip().splitlines()[-1])
        self.assertEqual((summary["rows"], summary["imported"], summary["unchanged"], summary["quarantined"]), (50, 50, 0, 0))
        again = json.loads(run("import", str(self.path / "a.csv"), "--json", data=self.data).stdout.splitlines()[-1])
        self.assertEqual((again["imported"], again["unchanged"]), (0, 50))
        found = run("search", "samba and dance from brazil with over 5% engagement", "--json", "--explain", data=self.data)
        answer = json.loads(found.stdout)
        self.assertGreater(answer["total"]["value"], 0)
        for hit in answer["hits"]:
            self.assertEqual(hit["country"], "BR")
            self.assertGreater(hit["engagement_rate"], 0.05)
            self.assertAlmostEqual(sum(part["contribution"] for part in hit["parts"]), hit["score"], places=6)

    def test_dry_run_keeps_nothing(self):
        write_csv(self.path / "a.csv", 5)
        done = run("import", str(self.path / "a.csv"), "--dry-run", data=self.data)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("followers", done.stdout)
        self.assertFalse(pathlib.Path(self.data).exists())

    def test_standard_input_and_bad_rows(self):
        done = run("import", "-", "--platform", "x", "--json", data=self.data,
                   stdin="username,followers\nana,12\n,13\nbob,many\n")
        summary = json.loads(done.stdout.strip().splitlines()[-1])
        self.assertEqual(summary["rows"], 3)
        self.assertEqual(summary["imported"] + summary["quarantined"], 3)
        self.assertGreaterEqual(summary["quarantined"], 1)
        aside = run("quarantine", "--json", data=self.data).stdout.splitlines()
        self.assertEqual(len(aside), summary["quarantined"])
        self.assertIn("row", json.loads(aside[0])["key"])

    def test_the_terms_declared_stay_with_every_value(self):
        write_csv(self.path / "a.csv", 1)
        run("import", str(self.path / "a.csv"), "--source", "list-7", "--licence", "CC-BY-4.0", "--basis", "public-list",
            "--expires", "2099-01-01", data=self.data)
        hit = json.loads(run("search", "samba", "--json", data=self.data).stdout)["hits"][0]
        self.assertEqual(hit["accounts"][0]["source"], "list-7")
        self.assertEqual(hit["accounts"][0]["expires_at"], "2099-01-01T00:00:00Z")

    def test_errors_name_place_and_reason(self):
        write_csv(self.path / "a.csv", 3)
        for arguments, words in [
            (("import", "no-such-file.csv"), "no-such-file.csv"),
            (("import", ".", "--expires", "yesterday"), "--expires"),
            (("import", str(self.path / "a.csv"), "--map", "colour=bio"), "colour"),
            (("search", "x", "--limit", "1000"), "/limit"),
            (("search", "x", "--mode", "magic"), "keyword, semantic, hybrid, rrf"),
            (("eval", "--docs", "a", "--queries", "b", "--qrels", "c"), "cannot read a"),
        ]:
            done = run(*arguments, data=self.data)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr, arguments)

    def test_configuration(self):
        file = self.path / "creatordex.toml"
        file.write_text('[server]\nport = 9000\n')
        shown = run("--config", str(file), "config", "show", env={"CREATORDEX_LOG_LEVEL": "error"})
        self.assertRegex(shown.stdout, r'server\.port = "9000"  # file .*creatordex\.toml:2')
        self.assertRegex(shown.stdout, r'log\.level = "error"  # environment CREATORDEX_LOG_LEVEL')
        file.write_text('[server]\nprot = 9000\n')
        refused = run("--config", str(file), "config", "show")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("unknown key server.prot", refused.stderr)

    def test_the_demo_queries_find_somebody(self):
        demo = pathlib.Path(__file__).resolve().parent.parent.parent.joinpath("x").read_text()
        seed = re.search(r"sample --creators 1000 --seed (\d+)", demo).group(1)
        queries = re.search(r"and try:\n(.*?)\n  Words", demo, re.S).group(1)
        sample = str(self.path / "sample")
        run("sample", "--creators", "1000", "--seed", seed, "--out", sample)
        run("import", sample + "/accounts.ndjson", data=self.data)
        for query in queries.splitlines():
            answer = json.loads(run("search", query.strip(), "--json", data=self.data, embed="none").stdout)
            self.assertGreater(answer["total"]["value"], 0, query)

    def test_equal_seeds_give_equal_samples(self):
        for name in ("a", "b"):
            run("sample", "--creators", "30", "--seed", "4", "--today", "2026-01-01", "--out", str(self.path / name))
        for file in sorted((self.path / "a").rglob("*")):
            if file.is_file():
                self.assertEqual(file.read_bytes(), (self.path / "b" / file.relative_to(self.path / "a")).read_bytes())


class Roles(Work):
    """Import, embed and serve as separate processes over one folder."""

    def test_three_processes_share_a_folder(self):
        write_csv(self.path / "a.csv", 40)
        server = subprocess.Popen([PROGRAM, "--data", self.data, "--embed", "hashing:64", "--log-level", "error", "serve",
                                   "--port", "0", "--no-embed"], stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", server.stdout.readline()).group(0)
            self.assertEqual(run("import", str(self.path / "a.csv"), data=self.data).returncode, 0)
            status = self.wait(url, lambda s: s["indexed"] == 40)
            self.assertEqual(status["embedded"]["done"], 0)
            self.assertEqual(run("embed", data=self.data).returncode, 0)
            self.wait(url, lambda s: s["embedded"]["done"] == s["embedded"]["total"] == 40)
            body = json.dumps({"q": "samba", "mode": "semantic"}).encode()
            request = urllib.request.Request(url + "/v1/creators/search", body, {"Content-Type": "application/json"})
            answer = json.load(urllib.request.urlopen(request))
            self.assertEqual(answer["degraded"], [])
            self.assertGreater(answer["total"]["value"], 0)
        finally:
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(timeout=20), 0)

    def wait(self, url, done):
        for _ in range(150):
            status = json.load(urllib.request.urlopen(url + "/v1/status"))
            if done(status):
                return status
            time.sleep(0.1)
        self.fail(f"the server did not get there: {status}")


class IndexOnDisk(Work):
    """The index between starts, under a running server, and damaged."""

    def serve(self):
        server = subprocess.Popen([PROGRAM, "--data", self.data, "--embed", "hashing:64", "--log-level", "error", "serve",
                                   "--port", "0"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        url = re.search(r"http://\S+", server.stdout.readline()).group(0)
        return server, url

    def end(self, server, how=signal.SIGTERM):
        server.send_signal(how)
        server.wait(timeout=20)

    def ask(self, url, words):
        request = urllib.request.Request(url + "/v1/creators/search", json.dumps({"q": words}).encode(),
                                         {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def wait_indexed(self, url, creators):
        for _ in range(150):
            if json.load(urllib.request.urlopen(url + "/v1/status"))["indexed"] == creators:
                return
            time.sleep(0.1)
        self.fail("the index did not get there")

    def segments(self):
        return sorted(pathlib.Path(self.data, "index").glob("*/generation-*/segment-*"))

    def test_answers_are_the_same_after_a_kill_and_beside_the_owner(self):
        write_csv(self.path / "a.csv", 300)
        run("import", str(self.path / "a.csv"), data=self.data)
        for settled in ("embed", "enrich"):  # otherwise meaning and judgements come in behind the first answer
            self.assertEqual(run(settled, data=self.data).returncode, 0)
        server, url = self.serve()
        self.wait_indexed(url, 300)
        first = self.ask(url, "samba")
        self.end(server, signal.SIGKILL)
        server, url = self.serve()
        try:
            self.wait_indexed(url, 300)
            again = self.ask(url, "samba")
            self.assertEqual([hit["id"] for hit in again["hits"]], [hit["id"] for hit in first["hits"]])
            beside = run("search", "samba", "--json", data=self.data)  # while the server holds the index
            self.assertEqual(json.loads(beside.stdout)["total"], first["total"], beside.stderr)
            second = run("serve", "--port", "0", data=self.data)
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("lock", second.stderr)
        finally:
            self.end(server)

    def test_vectors_made_while_nobody_indexed_are_picked_up(self):
        write_csv(self.path / "a.csv", 60)
        run("import", str(self.path / "a.csv"), data=self.data)
        before = json.loads(run("search", "samba", "--mode", "semantic", "--json", data=self.data).stdout)
        self.assertEqual(before["total"]["value"], 0)
        self.assertEqual(run("embed", data=self.data).returncode, 0)
        after = json.loads(run("search", "samba", "--mode", "semantic", "--json", data=self.data).stdout)
        self.assertGreater(after["total"]["value"], 0)

    def test_a_rebuild_takes_over_under_the_server(self):
        write_csv(self.path / "a.csv", 200)
        run("import", str(self.path / "a.csv"), data=self.data)
        server, url = self.serve()
        try:
            self.wait_indexed(url, 200)
            rebuilt = run("index", "rebuild", data=self.data)
            self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
            for _ in range(100):
                if not list(pathlib.Path(self.data, "index").glob("*/generation-0001/manifest")):
                    break
                time.sleep(0.1)
            self.assertFalse(list(pathlib.Path(self.data, "index").glob("*/generation-0001/manifest")))
            self.assertGreater(self.ask(url, "samba")["total"]["value"], 0)
            write_csv(self.path / "a.csv", 230)  # and it goes on from there
            run("import", str(self.path / "a.csv"), data=self.data)
            self.wait_indexed(url, 230)
        finally:
            self.end(server)

    def test_damage_is_found_named_and_mended_from_the_store(self):
        write_csv(self.path / "a.csv", 2_500)
        run("import", str(self.path / "a.csv"), data=self.data)
        whole = json.loads(run("search", "samba", "--json", data=self.data).stdout)
        self.assertEqual(run("index", "compact", data=self.data).returncode, 0)
        self.assertEqual(run("doctor", data=self.data).returncode, 0)
        file = self.segments()[0]
        bytes_of = bytearray(file.read_bytes())
        for place in range(100, len(bytes_of) - 5_000, 4096):
            bytes_of[place] ^= 0xFF
        file.write_bytes(bytes_of)
        told = run("doctor", "--json", data=self.data)
        self.assertEqual(told.returncode, 1)
        faults = [fault for part in json.loads(told.stdout)["parts"] for fault in part["faults"]]
        self.assertTrue(any(file.name in fault and "offset" in fault for fault in faults), faults)
        server, url = self.serve()
        try:
            for _ in range(150):
                answer = self.ask(url, "samba")
                if answer["total"] == whole["total"]:
                    break
                time.sleep(0.1)
            self.assertEqual(answer["total"], whole["total"])
        finally:
            self.end(server)
        self.assertEqual(run("doctor", data=self.data).returncode, 0)

    def test_an_index_of_a_newer_program_is_refused_with_advice(self):
        write_csv(self.path / "a.csv", 20)
        run("import", str(self.path / "a.csv"), data=self.data)
        run("search", "samba", data=self.data)
        for manifest in pathlib.Path(self.data, "index").glob("*/generation-*/manifest"):
            manifest.write_text("creatordex index 99\n")
        refused = run("search", "samba", data=self.data)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("index rebuild", refused.stderr)
        self.assertEqual(run("index", "rebuild", data=self.data).returncode, 0)
        self.assertEqual(run("search", "samba", data=self.data).returncode, 0)


class Kill(Work):
    """An import killed at random points and run again: complete, nothing doubled, nothing acknowledged lost."""

    def test_two_hundred_kills_lose_and_double_nothing(self):
        rows, rounds, kills = 20_000, 20, 10
        write_csv(self.path / "big.csv", rows)
        source = random.Random(7)
        for number in range(rounds):
            self.data = str(self.path / f"data{number}")
            last = 0
            for _ in range(kills):
                process = subprocess.Popen([PROGRAM, "--data", self.data, "import", str(self.path / "big.csv")],
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(source.uniform(0.005, 0.25))
                process.kill()
                process.wait()
                now = self.count()
                self.assertGreaterEqual(now, last)
                last = now
            done = json.loads(run("import", str(self.path / "big.csv"), "--json", data=self.data).stdout.splitlines()[-1])
            self.assertEqual(done["imported"] + done["unchanged"], rows)
            self.assertEqual(self.count(), rows)
            shutil.rmtree(self.data)

    def count(self):
        file = pathlib.Path(self.data, "creatordex.db")
        if not file.exists():
            return 0
        with sqlite3.connect(file) as database:
            try:
                return database.execute("select count(*) from accounts").fetchone()[0]
            except sqlite3.OperationalError as error:
                if "no such table" in str(error) or "locked" in str(error):
                    return 0
                raise

    def wait_until_accounts_come(self, process):
        """However slowly a program under a sanitizer or on a busy machine starts."""
        while process.poll() is None and self.count() == 0:
            time.sleep(0.02)

    def test_ctrl_c_ends_cleanly(self):
        write_csv(self.path / "big.csv", 60_000)
        process = subprocess.Popen([PROGRAM, "--data", self.data, "import", str(self.path / "big.csv")],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.wait_until_accounts_come(process)
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=30)
        self.assertIn(process.returncode, (0, 130), words)


if __name__ == "__main__":
    unittest.main(verbosity=1)
