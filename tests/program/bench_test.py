#!/usr/bin/env python3
"""`creatordex bench` as a user meets it: small data made here, answers computed here.

  bench_test.py PROGRAM
"""
import array
import ast
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
SPEED = {"queries", "threads", "qps_wall", "qps_cpu", "cpu_ms", "p50_ms", "p95_ms", "p99_ms", "cpu_p50_ms", "cpu_p95_ms", "cpu_p99_ms"}
BUILD = {"built", "build_cpu_s", "build_wall_s", "rss_mb", "anon_mb", "disk_bytes"}


def bench(*arguments):
    return subprocess.run([PROGRAM, "bench", *map(str, arguments)], capture_output=True, text=True, timeout=300)


def write_npy(path, kind, shape, values):
    code = {"<f4": "f", "|u1": "B", "<i8": "q", "<f8": "d"}[kind]
    head = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    head += b" " * (63 - (10 + len(head)) % 64) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + array.array(code, values).tobytes())
    return path


def read_rows(path):
    data = path.read_bytes()
    assert data[:8] == b"\x93NUMPY\x01\x00"
    end = 10 + int.from_bytes(data[8:10], "little")
    head = ast.literal_eval(data[10:end].decode())
    assert head["descr"] == "<i8" and not head["fortran_order"], head
    values = array.array("q", data[end:])
    rows, columns = head["shape"]
    assert len(values) == rows * columns
    return [list(values[i * columns:(i + 1) * columns]) for i in range(rows)]


def unit_rows(count, dimension, seed):
    source = random.Random(seed)
    out = []
    for _ in range(count):
        row = [source.gauss(0, 1) for _ in range(dimension)]
        length = math.sqrt(sum(value * value for value in row))
        out.append([value / length for value in row])
    return out


def nearest(base, query, k, allowed=None):
    products = [(-sum(a * b for a, b in zip(row, query)), i) for i, row in enumerate(base) if allowed is None or allowed[i]]
    return [i for _, i in sorted(products)[:k]]


class Work(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def write_matrix(self, name, rows):
        return write_npy(self.path / name, "<f4", (len(rows), len(rows[0])), [value for row in rows for value in row])

    def lines(self, *arguments):
        done = bench(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


class Vectors(Work):
    def setUp(self):
        super().setUp()
        self.base, self.queries = unit_rows(600, 24, 1), unit_rows(15, 24, 2)
        self.base_file, self.query_file = self.write_matrix("base.npy", self.base), self.write_matrix("query.npy", self.queries)
        self.files = ("--base", self.base_file, "--query", self.query_file)

    def test_a_scan_finds_the_exact_answer(self):
        out = self.path / "hits.npy"
        row, = self.lines("ann", *self.files, "--k", 10, "--threads", 1, "--out", out)
        self.assertEqual(set(row), SPEED | BUILD | {"bench", "n", "dimension", "passing", "k", "effort", "recall", "way", "compared"})
        self.assertEqual((row["bench"], row["n"], row["dimension"], row["queries"], row["k"], row["threads"]), ("ann", 600, 24, 15, 10, 1))
        self.assertEqual(row["way"], "scan")
        hits = read_rows(out)
        exact = [nearest(self.base, query, 10) for query in self.queries]
        self.assertEqual([len(hit) for hit in hits], [10] * 15)
        found = sum(len(set(a) & set(b)) for a, b in zip(hits, exact)) / 150
        self.assertAlmostEqual(row["recall"], found, places=6)
        self.assertGreater(found, 0.98)  # rows are kept to 16 bits a dimension: near-equal ones may change places
        self.assertTrue(row["built"])
        for key in ("qps_wall", "qps_cpu", "rss_mb", "disk_bytes"):
            self.assertGreater(row[key], 0)

    def test_only_labelled_rows_are_found_and_gaps_are_minus_one(self):
        source = random.Random(3)
        labels = [source.choice((0, 1, 2)) for _ in self.base]
        labels[5] = labels[77] = 9
        file = write_npy(self.path / "label.npy", "|u1", (600,), labels)
        out = self.path / "hits.npy"
        row, = self.lines("filter", *self.files, "--labels", file, "--label", 1, "--k", 10, "--threads", 1, "--out", out)
        self.assertEqual(row["passing"], labels.count(1))
        allowed = [label == 1 for label in labels]
        exact = [nearest(self.base, query, 10, allowed) for query in self.queries]
        hits = read_rows(out)
        self.assertTrue(all(allowed[i] for hit in hits for i in hit))
        self.assertGreater(sum(len(set(a) & set(b)) for a, b in zip(hits, exact)), 147)
        row, = self.lines("filter", *self.files, "--labels", file, "--label", 9, "--out", out)
        self.assertEqual(row["recall"], 1)
        for hit, query in zip(read_rows(out), self.queries):
            self.assertEqual(hit[2:], [-1] * 8)
            self.assertEqual(set(hit[:2]), {5, 77})
        row, = self.lines("filter", *self.files, "--labels", file, "--label", 200, "--out", out)
        self.assertEqual((row["passing"], row["way"]), (0, "nothing"))
        self.assertEqual(read_rows(out), [[-1] * 10] * 15)

    def test_each_effort_is_a_line_and_a_graph_can_be_kept(self):
        base = unit_rows(12_000, 12, 4)
        files = ("--base", self.write_matrix("big.npy", base), "--query", self.write_matrix("q.npy", unit_rows(20, 12, 5)))
        first = self.lines("ann", *files, "--effort", "10,200", "--index", self.path / "kept", "--out", self.path / "a.npy")
        again = self.lines("ann", *files, "--effort", "10,200", "--index", self.path / "kept", "--out", self.path / "b.npy", "--threads", 2)
        self.assertEqual([row["effort"] for row in first], [10, 200])
        self.assertEqual({row["way"] for row in first}, {"graph"})
        self.assertGreater(first[1]["recall"], 0.95)
        self.assertGreaterEqual(first[1]["recall"], first[0]["recall"])
        self.assertEqual([row["built"] for row in first + again], [True, True, False, False])
        self.assertEqual([row["recall"] for row in first], [row["recall"] for row in again])
        self.assertEqual((self.path / "a.npy").read_bytes(), (self.path / "b.npy").read_bytes())
        self.assertEqual(sum(file.stat().st_size for file in (self.path / "kept").iterdir()), first[0]["disk_bytes"])
        other = bench("ann", *self.files, "--index", self.path / "kept")
        self.assertEqual(other.returncode, 2)
        self.assertIn("keeps an index of 12000 rows x 12", other.stderr)

    def test_a_truth_that_is_given_is_used(self):
        wrong = write_npy(self.path / "truth.npy", "<i8", (15, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] * 15)
        row, = self.lines("ann", *self.files, "--truth", wrong)
        self.assertLess(row["recall"], 0.3)
        right = [i for query in self.queries for i in nearest(self.base, query, 12)]
        row, = self.lines("ann", *self.files, "--truth", write_npy(self.path / "truth.npy", "<i8", (15, 12), right))
        self.assertGreater(row["recall"], 0.98)

    def test_the_first_queries_only(self):
        row, = self.lines("ann", *self.files, "--first", 4, "--out", self.path / "hits.npy")
        self.assertEqual(row["queries"], 4)
        self.assertEqual(len(read_rows(self.path / "hits.npy")), 4)

    def test_names_are_asked_while_typed_and_misspelt(self):
        rows = self.lines("suggest", "--creators", 2_000, "--first", 20)
        self.assertEqual([row["kind"] for row in rows],
                         [f"prefix {n}" for n in range(1, 7)] + ["name", "typo", "two typos"])
        self.assertTrue(all(row["queries"] == 20 and row["n"] == 2_000 for row in rows))
        self.assertGreater(rows[6]["found"], 0.8)

    def test_errors_name_file_and_reason(self):
        long = self.write_matrix("long.npy", [[3.0] * 24])
        narrow = self.write_matrix("narrow.npy", unit_rows(3, 8, 1))
        double = write_npy(self.path / "double.npy", "<f8", (1, 24), [0.0] * 24)
        labels = write_npy(self.path / "label.npy", "|u1", (3,), [1, 1, 1])
        truth = write_npy(self.path / "truth.npy", "<i8", (2, 10), [0] * 20)
        for arguments, words in [
            (("ann", "--base", self.path / "absent.npy", "--query", self.query_file), "absent.npy"),
            (("ann", "--base", double, "--query", self.query_file), "double.npy: holds values of type <f8"),
            (("ann", "--base", long, "--query", self.query_file), "long.npy: row 0 has length"),
            (("ann", "--base", self.base_file, "--query", narrow), "has 8 dimensions"),
            (("ann", *self.files, "--effort", "10,x"), '--effort has "x"'),
            (("ann", *self.files, "--k", "0"), "--k"),
            (("ann", *self.files, "--threads", "0"), "--threads"),
            (("ann", *self.files, "--truth", truth), "truth.npy: is 2 x 10, but 15 queries"),
            (("ann", "--base", self.base_file), "--query is required"),
            (("filter", *self.files), "--labels is required"),
            (("filter", *self.files, "--labels", labels), "label.npy: has 3 labels"),
            ((), "A subcommand is required"),
        ]:
            done = bench(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr, arguments)
            self.assertEqual(done.stdout, "", arguments)


class Creators(Work):
    WORDS = ["tea", "sun", "dance", "code", "travel", "cook", "paint", "run", "sing", "build"]

    def setUp(self):
        super().setUp()
        source = random.Random(6)
        self.rows = []
        with open(self.path / "c.tsv", "w") as out:
            for i in range(400):
                bio = " ".join(source.choices(self.WORDS, k=source.randrange(3, 15)))
                platform, followers = source.choice(("youtube", "x")), int(math.exp(source.gauss(9, 2)))
                self.rows.append((platform, followers))
                out.write(f"{i}\tname{i} tea\t{bio}\tcode{i % 7}\t{platform}\t{followers}\tn{i % 5}\tc{i % 3}\t0.0{i % 10}\n")
        (self.path / "q.txt").write_text("tea sun\n\ncode dance run\nname7\n")
        self.words = ("--docs", self.path / "c.tsv", "--queries", self.path / "q.txt")

    def test_words_agree_with_the_exhaustive_answer(self):
        for flags in ((), ("--stems",), ("--count",), ("--index", self.path / "kept"), ("--index", self.path / "kept")):
            row, = self.lines("text", *self.words, "--k", 10, *flags)
            self.assertEqual(set(row), SPEED | BUILD | {"bench", "n", "k", "recall", "docs_per_cpu_s"})
            self.assertEqual((row["bench"], row["n"], row["queries"], row["recall"]), ("text", 400, 3, 1))
        self.assertFalse(row["built"])

    def test_both_agree_with_the_exhaustive_answer(self):
        base = self.write_matrix("base.npy", unit_rows(400, 16, 7))
        query = self.write_matrix("query.npy", unit_rows(3, 16, 8))
        for fields in (1, 4):
            row, = self.lines("hybrid", *self.words, "--base", base, "--query", query, "--vector-fields", fields,
                              "--filter", "platform=youtube", "--min-followers", 9000, "--k", 10)
            self.assertEqual(set(row), SPEED | BUILD | {"bench", "n", "passing", "k", "vector_fields", "agreement", "candidates", "segments", "plan"})
            self.assertEqual(row["passing"], sum(platform == "youtube" and followers >= 9000 for platform, followers in self.rows))
            self.assertEqual((row["vector_fields"], row["queries"]), (fields, 3))
            self.assertGreater(row["agreement"], 0.95)

    def both(self, fields=1):
        base = self.write_matrix("base.npy", unit_rows(400, 16, 7))
        query = self.write_matrix("query.npy", unit_rows(3, 16, 8))
        asked = ("--queries", self.path / "q.txt", "--query", query, "--vector-fields", fields, "--filter", "platform=youtube")
        return ("--docs", self.path / "c.tsv", "--base", base, *asked), asked

    def test_an_index_that_was_kept_answers_without_building(self):
        world, asked = self.both(2)
        first, = self.lines("hybrid", *world, "--index", self.path / "kept")
        again, = self.lines("hybrid", *world, "--index", self.path / "kept")
        self.assertEqual((first["built"], again["built"]), (True, False))
        self.assertEqual((first["agreement"], first["segments"]), (again["agreement"], again["segments"]))
        for flags in ((), ("--evict",)):
            cold, = self.lines("cold", *asked, "--dir", self.path / "kept", *flags)
            self.assertEqual((cold["n"], cold["found"], cold["evicted"]), (400, 10, bool(flags)))
            self.assertLessEqual(cold["open_ms"], cold["first_ms"])
            self.assertGreater(cold["disk_bytes"], 400 * 16)

    def test_a_folder_of_something_else_is_left_alone(self):
        world, asked = self.both(1)
        other = self.path / "other"
        other.mkdir()
        (other / "letter").write_text("dear reader")
        self.lines("hybrid", *world, "--index", self.path / "kept")
        for arguments, words in [
            (("hybrid", *world, "--index", other), "no folder of this measurement"),
            (("cold", *asked, "--dir", other), "no folder of this measurement"),
            (("cold", *asked, "--dir", self.path / "absent"), "there is no index"),
            (("cold", *self.both(2)[1], "--dir", self.path / "kept"), "keeps an index with dimension 16 fields 1"),
            (("churn", *world, "--dir", self.path / "kept"), "already holds an index"),
        ]:
            done = bench(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr, arguments)
        self.assertEqual([file.name for file in other.iterdir()], ["letter"])
        self.assertEqual(self.lines("cold", *asked, "--dir", self.path / "kept")[0]["n"], 400)

    def test_answers_stay_right_while_documents_change(self):
        world, _ = self.both(1)
        rounds = self.lines("churn", *world, "--dir", self.path / "churn", "--rounds", 4, "--share", 0.2, "--compact")
        self.assertEqual([row["round"] for row in rounds], [0, 1, 2, 3, 4])
        self.assertEqual([row["n"] for row in rounds], [400, 392, 392, 392, 392])  # a tenth of 80 is gone until the next round
        self.assertEqual([row["changed"] for row in rounds], [0, 80, 88, 88, 88])
        self.assertEqual([row["compacted"] for row in rounds], [False] * 4 + [True])
        self.assertEqual(rounds[-1]["segments"], 1)
        for row in rounds:
            self.assertEqual(row["recall"], 1)
            self.assertGreater(row["agreement"], 0.95)

    def test_errors_name_file_line_and_reason(self):
        base = self.write_matrix("base.npy", unit_rows(3, 16, 7))
        (self.path / "bad.tsv").write_text("0\ta\tb\tc\tx\tmany\tn\tc\t0.1\n")
        (self.path / "none.txt").write_text("\n")
        both = (*self.words, "--base", base, "--query", base)
        for arguments, words in [
            (("text", "--docs", self.path / "bad.tsv", "--queries", self.path / "q.txt"), 'bad.tsv:1: followers is "many"'),
            (("text", "--docs", self.path / "c.tsv", "--queries", self.path / "none.txt"), "none.txt: holds no question"),
            (("hybrid", *both), "base.npy has 3 rows, but"),
            (("hybrid", *both, "--filter", "colour=red"), 'the filter "colour=red"'),
            (("hybrid", *both, "--vector-fields", "0"), "--vector-fields"),
        ]:
            done = bench(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr, arguments)


if __name__ == "__main__":
    unittest.main(verbosity=1)
