#!/usr/bin/env python3
"""Pictures as a user takes them in: from addresses, folders and lists; what a kill leaves behind; who shows the same.

  pictures_test.py PROGRAM
"""
import collections
import hashlib
import http.server
import json
import math
import os
import pathlib
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zlib

PROGRAM = sys.argv.pop(1)


def png(width, height, pixel):
    """An RGB file whose pixel at (x, y), both in [0,1), is `pixel(x, y)`."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in pixel((x + 0.5) / width, (y + 0.5) / height)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def scene(seed, width=96, height=72):
    """Soft blobs: other seeds, other pictures; other sizes, the same one."""
    state = seed * 7919 + 17

    def number():
        nonlocal state
        state = (state * 1103515245 + 12345) % (1 << 31)
        return state / (1 << 31)

    blobs = [(number(), number(), 0.05 + 0.2 * number(), [255 * number() for _ in range(3)]) for _ in range(9)]

    def pixel(x, y):
        colour = [90.0, 100.0, 110.0]
        for bx, by, size, tint in blobs:
            w = 1 / (1 + math.exp(40 * (math.hypot(x - bx, y - by) - size)))
            colour = [c * (1 - w) + t * w for c, t in zip(colour, tint)]
        return [int(c) for c in colour]

    return png(width, height, pixel)


SMALL = [scene(seed, 48, 36) for seed in range(24)]


class Site(http.server.ThreadingHTTPServer):
    """Answers from `pages`: path to (status, type, bytes); counts what was asked and what was sent."""
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, pages, latency=0.0):
        super().__init__(("127.0.0.1", 0), Answer)
        self.pages, self.latency = pages, latency
        self.asked, self.sent = collections.Counter(), collections.Counter()
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # of clients that were killed

    def url(self, path):
        return f"http://localhost:{self.server_port}{path}"

    def flags(self):
        return ["--allow-http", "--allow-network", "127.0.0.0/8", "--allow-network", "::1/128", "--port", str(self.server_port)]


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        site = self.server
        status, kind, body = site.pages.get(self.path, (404, "text/plain", b"nothing here"))
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        with site.lock:
            site.asked[self.path] += 1
        time.sleep(site.latency)
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # the client was killed
        if status == 200:
            with site.lock:
                site.sent[self.path] += 1


class Work(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        self.data = self.path / "data"

    def command(self, *arguments):
        return [PROGRAM, "--data", str(self.data), "--embed", "hashing:64", *map(str, arguments)]

    def run_it(self, *arguments):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CREATORDEX_")}
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, env=clean, timeout=300)

    def json_of(self, *arguments):
        done = self.run_it(*arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def import_accounts(self, accounts):
        file = self.path / "accounts.ndjson"
        file.write_text("".join(json.dumps(one) + "\n" for one in accounts))
        done = self.run_it("import", file)
        self.assertEqual(done.returncode, 0, done.stderr)

    def site(self, pages, latency=0.0):
        site = Site(pages, latency)
        self.addCleanup(site.server_close)
        self.addCleanup(site.shutdown)
        return site

    def rows(self, sql):
        with sqlite3.connect(self.data / "creatordex.db") as database:
            return database.execute(sql).fetchall()

    def manifest(self):
        return [json.loads(line) for line in (self.data / "pictures" / "manifest.jsonl").read_text().splitlines()]

    def check_files(self):
        """Whatever lies there under its final name is what its name says."""
        for file in (self.data / "pictures" / "files").rglob("*.*"):
            if file.suffix != ".part":
                self.assertEqual(hashlib.sha256(file.read_bytes()).hexdigest(), file.stem)


def account(number, image_url=None, content=()):
    out = {"platform": "instagram", "user_id": f"id{number}", "handle": f"person{number}", "name": f"Person {number}",
           "followers": 1000 + number}
    if image_url:
        out["image_url"] = image_url
    if content:
        out["content"] = [{"id": f"c{number}.{i}", "title": f"post {i} of {number}", "thumbnail_url": url}
                          for i, url in enumerate(content)]
    return out


class Sync(Work):
    def make(self):
        ok = (200, "image/png")
        pages = {f"/{i}.png": (*ok, SMALL[i]) for i in range(24)}
        pages["/page.png"] = (*ok, b"<html><body>not here</body></html>")
        pages["/cut.png"] = (*ok, SMALL[3][:400])
        pages["/copy.png"] = (*ok, SMALL[0])
        site = self.site(pages)
        accounts = [account(i, site.url(f"/{i}.png")) for i in range(20)]
        accounts[1]["content"] = account(1, content=[site.url("/20.png"), site.url("/21.png")])["content"]
        accounts[0]["content"] = account(0, content=[site.url("/copy.png")])["content"]  # the bytes of its profile picture
        accounts += [account(20, site.url("/gone.png")), account(21, site.url("/page.png")), account(22, site.url("/cut.png")),
                     account(23, site.url("/0.png")), account(24, "https://10.0.0.1/x.png"), account(25)]
        self.import_accounts(accounts)
        return site, pages

    def test_every_address_is_kept_or_told_why_not_and_asked_once(self):
        site, _ = self.make()
        done = self.json_of("images", "sync", *site.flags())
        counts = {k: done[k] for k in ("wanted", "kept", "known", "refused", "given_up", "left")}
        self.assertEqual(counts, {"wanted": 28, "kept": 23, "known": 1, "refused": 1, "given_up": 3, "left": 0})
        reasons = {failure["url"].rsplit("/", 1)[-1]: failure["reason"] for failure in done["failures"]}
        self.assertEqual(set(reasons), {"gone.png", "page.png", "cut.png", "x.png"})
        self.assertIn("404", reasons["gone.png"])
        self.assertEqual(self.rows("SELECT count(*) FROM pictures")[0][0], 23)
        self.check_files()
        aside = self.run_it("quarantine", "--source", "pictures", "--json").stdout.splitlines()
        self.assertEqual([json.loads(line)["key"] for line in aside], [site.url("/cut.png")])
        asked = sum(site.asked.values())
        again = self.json_of("images", "sync", *site.flags())
        self.assertEqual((again["kept"], again["fetched"], again["refused"], again["refused_before"]), (0, 0, 0, 1))
        self.assertEqual(again["wanted"], 5, "what is kept is not wanted: the copy, and what failed")
        self.assertEqual(sum(site.asked.values()), asked, "nothing is asked again")

    def test_refresh_takes_what_changed_and_drops_what_it_replaces(self):
        site, pages = self.make()
        self.json_of("images", "sync", *site.flags())
        pages["/5.png"] = (200, "image/png", SMALL[22])
        done = self.json_of("images", "sync", "--refresh", *site.flags())
        self.assertEqual(done["kept"], 1)
        self.assertGreaterEqual(done["unchanged"], 20)
        hashes = {row[0].hex() for row in self.rows("SELECT sha256 FROM pictures")}
        self.assertIn(hashlib.sha256(SMALL[22]).hexdigest(), hashes)
        self.assertNotIn(hashlib.sha256(SMALL[5]).hexdigest(), hashes)

    def test_shards_share_the_work(self):
        site, _ = self.make()
        for shard in ("0/2", "1/2"):
            self.json_of("images", "sync", "--shard", shard, *site.flags())
        self.assertEqual(self.rows("SELECT count(*) FROM pictures")[0][0], 23)
        self.assertEqual(max(site.sent.values()), 1)

    def test_profiles_or_content_alone(self):
        site, _ = self.make()
        self.assertEqual(self.json_of("images", "sync", "--no-profiles", *site.flags())["kept"], 3)
        self.assertEqual(self.json_of("images", "sync", "--no-content", *site.flags())["kept"], 20)

    def test_the_index_holds_what_was_kept(self):
        site, _ = self.make()
        self.json_of("images", "sync", *site.flags())
        embedded = self.run_it("embed")
        self.assertIn("22 pictures embedded", embedded.stderr, "two accounts show one of them")
        self.assertNotIn("pictures embedded", self.run_it("embed").stderr)
        self.assertEqual(self.rows("SELECT count(DISTINCT sha256) FROM pictures")[0][0], 22)
        self.assertEqual(self.run_it("index", "rebuild").returncode, 0)
        done = self.run_it("doctor")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("23 pictures", done.stdout)

    def test_doctor_tells_which_files_are_gone(self):
        site, _ = self.make()
        self.json_of("images", "sync", *site.flags())
        gone = hashlib.sha256(SMALL[7]).hexdigest()
        (self.data / "pictures" / "files" / gone[:2] / (gone + ".png")).unlink()
        self.assertIn(gone, self.run_it("doctor").stdout)


class Killed(Work):
    def kill_at(self, arguments, site, requests):
        process = subprocess.Popen(self.command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while sum(site.asked.values()) < requests and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def test_a_killed_fetch_goes_on_where_it_was(self):
        pages = {f"/{i}": (200, "image/png", SMALL[i % 24] + bytes(str(i), "ascii")) for i in range(300)}
        site = self.site(pages, latency=0.02)
        urls = [site.url(path) for path in pages]
        (self.path / "urls.txt").write_text("\n".join(urls + urls[:40]) + "\n")
        fetch = ["images", "fetch", self.path / "urls.txt", "--concurrency", "8", *site.flags()]
        killed = [self.kill_at(fetch, site, requests) for requests in (60, 130, 210)]
        self.assertTrue(all(killed), "the runs were to be killed half-way")
        before = {line["url"] for line in self.manifest() if line["status"] == "ok"}
        self.assertLess(len(before), 300)
        done = self.json_of(*fetch)
        self.assertEqual((done["total"], done["dead"]), (300, 0))
        self.assertEqual(done["fetched"] + done["skipped"], 300)
        self.assertEqual(done["skipped"], len(before), "what was fetched is not fetched again")
        fetched = collections.Counter(line["url"] for line in self.manifest() if line["status"] == "ok")
        self.assertEqual(sorted(fetched), sorted(urls))
        self.assertEqual(set(fetched.values()), {1}, "each address is accounted for once")
        # What was on its way at a kill was asked again, and nothing else was.
        self.assertLessEqual(sum(site.sent.values()), 300 + 3 * 8)
        for line in self.manifest():
            if line["status"] == "ok":
                body = (self.data / "pictures" / line["file"]).read_bytes()
                self.assertEqual(hashlib.sha256(body).hexdigest(), line["sha256"])
        self.check_files()

    def test_a_killed_sync_is_completed_by_another(self):
        count = 120
        pages = {f"/{i}.png": (200, "image/png", scene(i, 24, 18)) for i in range(count)}
        site = self.site(pages, latency=0.005)
        self.import_accounts([account(i, site.url(f"/{i}.png")) for i in range(count)])
        sync = ["images", "sync", *site.flags()]
        self.kill_at(sync, site, 50)
        # Once more while pictures are being kept.
        process = subprocess.Popen(self.command(*sync), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and self.rows("SELECT count(*) FROM pictures")[0][0] == 0:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = self.json_of(*sync)
        self.assertEqual(done["refused"] + done["given_up"] + done["left"], 0)
        self.assertEqual(self.rows("SELECT count(*), count(DISTINCT account) FROM pictures")[0], (count, count))
        self.assertEqual({row[0].hex() for row in self.rows("SELECT sha256 FROM pictures")},
                         {hashlib.sha256(page[2]).hexdigest() for page in pages.values()})
        self.check_files()


class Add(Work):
    def test_folders_and_files_named_by_handle(self):
        self.import_accounts([account(i) for i in range(4)])
        folder = self.path / "photos"
        (folder / "person2").mkdir(parents=True)
        (folder / "person0.png").write_bytes(SMALL[0])
        (folder / "@Person1.png").write_bytes(SMALL[1])
        (folder / "person2" / "a.png").write_bytes(SMALL[2])
        (folder / "person2" / "b.png").write_bytes(SMALL[3])
        (folder / "nobody.png").write_bytes(SMALL[4])
        (folder / "person3.png").write_bytes(b"no picture")
        done = self.run_it("images", "add", folder, "--by", "handle", "--licence", "CC0", "--json")
        lines = {pathlib.Path(line["path"]).name: line for line in map(json.loads, done.stdout.splitlines())}
        self.assertEqual({name for name, line in lines.items() if line["status"] == "kept"},
                         {"person0.png", "@Person1.png", "a.png", "b.png"})
        self.assertIn("no account is called", lines["nobody.png"]["reason"])
        self.assertIn("no picture", lines["person3.png"]["reason"])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("2 of 6", done.stderr)
        self.assertEqual(lines["a.png"]["account"], lines["b.png"]["account"])
        self.assertEqual(self.rows("SELECT count(*) FROM terms WHERE licence='CC0'")[0][0], 4, "one term for each file's name")

    def test_for_one_creator_and_from_a_list(self):
        self.import_accounts([account(i) for i in range(3)])
        found = json.loads(self.run_it("search", "person1", "--json").stdout)["hits"][0]["id"]
        (self.path / "a.png").write_bytes(SMALL[0])
        (self.path / "b.png").write_bytes(SMALL[1])
        done = self.run_it("images", "add", self.path / "a.png", "--creator", found, "--role", "profile")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 pictures kept", done.stderr)
        (self.path / "list.csv").write_text('who,picture,words\nperson2,a.png,"red, and blue"\nperson0,b.png,\nperson9,b.png,\nperson1,c.png,x\n')
        done = self.run_it("images", "add", "--list", self.path / "list.csv", "--by", "handle", "--who-column", "who",
                           "--file-column", "picture", "--caption-column", "words", "--json")
        status = [json.loads(line)["status"] for line in done.stdout.splitlines()]
        self.assertEqual(sorted(status), ["kept", "kept", "refused", "refused"])
        self.assertEqual(self.rows("SELECT count(*) FROM pictures")[0][0], 3)
        for arguments, words in [((self.path / "a.png",), "--creator"), ((), "--list"),
                                 ((self.path / "a.png", "--creator", "cr_nobody"), "cr_nobody"),
                                 (("--list", self.path / "list.csv", "--file-column", "picture", "--who-column", "colour"), "colour")]:
            refused = self.run_it("images", "add", *arguments)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn(words, refused.stdout + refused.stderr)

    def test_a_handle_of_two_creators_is_nobodys(self):
        same = [{"platform": platform, "handle": "ana", "followers": 10} for platform in ("instagram", "tiktok")]
        self.import_accounts(same)
        (self.path / "ana.png").write_bytes(SMALL[0])
        done = self.run_it("images", "add", self.path / "ana.png", "--by", "handle")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--platform", done.stdout)
        done = self.run_it("images", "add", self.path / "ana.png", "--by", "handle", "--platform", "tiktok")
        self.assertEqual(done.returncode, 0, done.stderr)


class Report(Work):
    def test_a_stolen_picture_is_found_with_who_had_it_first(self):
        self.import_accounts([account(i) for i in range(6)])
        original, taken = scene(99, 320, 240), scene(99, 200, 150)
        days = {1: (original, "2024-01-01"), 3: (taken, "2024-03-01"), 4: (original, "2024-02-01")}
        for number in range(6):
            for i, (body, day) in enumerate([(SMALL[number], "2023-01-01"), *([days[number]] if number in days else [])]):
                file = self.path / f"{number}-{i}.png"
                file.write_bytes(body)
                listing = self.path / "list.csv"
                listing.write_text(f"file,creator\n{file.name},person{number}\n")
                done = self.run_it("images", "add", "--list", listing, "--by", "handle", "--as-of", day)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        report = self.json_of("images", "report")
        self.assertEqual((report["pictures"], report["creators"], report["left_out"]), (9, 6, 0))
        self.assertEqual(len(report["groups"]), 1)
        group = report["groups"][0]
        self.assertEqual([one["handle"] for one in group["pictures"]], ["person1", "person4", "person3"])
        self.assertEqual(group["pictures"][0]["known_since"], "2024-01-01T00:00:00Z")
        sameness = {(link["first"], link["second"]): link["sameness"] for link in group["links"]}
        self.assertEqual(sameness[(0, 1)], "exact")
        self.assertIn("near", sameness.values())
        words = self.run_it("images", "report").stdout
        self.assertIn("person1", words)
        self.assertIn("known first", words)


if __name__ == "__main__":
    unittest.main(verbosity=2)
