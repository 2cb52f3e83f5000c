"""Our side on the same data, through `creatordex bench`. What it says of its recall is checked here against answers
NumPy gave.

  python ours.py ann|filter|text|hybrid|cold --n 100000 --program build/release/creatordex
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import time

import numpy as np

import data
from both import MIN_FOLLOWERS, PLATFORM, QUERIES
from measure import SCRATCH, exact, keep, recall
from vectors import ASKED, ASKED_FILTERED

EFFORTS = "0,10,15,20,30,40,60,80,120,160,200,300"
KINDS = ("ann", "filter", "text", "hybrid", "cold")
STARTS = 5
FIELDS = (1, 4)  # vector fields of a creator, all of 384 dimensions
MOST_IN_MEMORY = 200_000  # beyond that an index is built once, into a folder, and mapped


class Ours:
    def __init__(self, program, n):
        self.program, self.n = program, n
        self.base_file, self.query_file = data.vector_files(n)
        SCRATCH.mkdir(parents=True, exist_ok=True)
        self.hits = SCRATCH / f"ours_hits_{n}.npy"
        # By the program's age, so that a newer one does not answer from what an older one built.
        self.index = SCRATCH / f"ours_{n}_{int(pathlib.Path(program).stat().st_mtime)}"

    def bench(self, kind, *flags):
        command = [self.program, "bench", kind, "--k", "10", "--threads", "1", *map(str, flags)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def check(self, said, truth):
        found = np.load(self.hits)
        if found.dtype != np.int64 or found.shape != (len(truth), 10):
            raise SystemExit(f"{self.hits}: {found.dtype} {found.shape}, int64 ({len(truth)}, 10) expected")
        if abs(recall(found, truth) - said) > 0.001:
            raise SystemExit(f"recall: the program says {said}, NumPy's answers say {recall(found, truth)}")

    def keep(self, kind, rows, **more):
        for row in rows:
            for name in ("bench", "plan"):
                row.pop(name, None)
            row["disk_mb"] = row.pop("disk_bytes") / 2**20
            keep(kind, engine="creatordex", version="", **more, **row)

    def vectors(self, kind, queries, truth, *flags):
        truth_file = SCRATCH / f"ours_truth_{self.n}.npy"
        np.save(truth_file, truth)
        rows = self.bench(kind, "--base", self.base_file, "--query", self.query_file, "--first", queries, "--truth", truth_file,
                          "--effort", EFFORTS, "--out", self.hits, *flags)
        self.check(rows[-1]["recall"], truth)
        return rows

    def ann(self):
        base, queries = data.vectors(self.n)
        truth = exact(base, queries[:ASKED], name=f"{self.n}")
        del base
        if self.n <= MOST_IN_MEMORY:
            self.keep("ann", self.vectors("ann", ASKED, truth))
        self.keep("ann", self.vectors("ann", ASKED, truth, "--index", self.index), mapped=True)

    def filter(self):
        base, queries = data.vectors(self.n)
        for percent, mask in data.masks(self.n).items():
            truth = exact(base, queries[:ASKED_FILTERED], mask=mask, name=f"{self.n}_{percent}")
            labels = SCRATCH / f"labels_{self.n}.npy"
            np.save(labels, mask.astype(np.uint8))
            rows = self.vectors("filter", ASKED_FILTERED, truth, "--labels", labels, "--label", 1, "--index", self.index)
            self.keep("filter", rows, percent=percent)

    def text(self):
        self.keep("text", self.bench("text", "--docs", data.creators_file(self.n), "--queries", data.query_file()))

    def questions(self, fields):
        return ("--queries", data.query_file(), "--query", self.query_file, "--first", QUERIES, "--vector-fields", fields,
                "--filter", f"platform={PLATFORM}", "--min-followers", MIN_FOLLOWERS)

    def folder(self, fields):
        return f"{self.index}_hybrid_{fields}"

    def build_hybrid(self, fields):
        return self.bench("hybrid", "--docs", data.creators_file(self.n), "--base", self.base_file, *self.questions(fields),
                          "--index", self.folder(fields))

    def hybrid(self):
        for fields in FIELDS:
            self.keep("hybrid", self.build_hybrid(fields))

    def cold(self):
        """Whole processes, from their start to their end, and what of that is opening and answering."""
        for fields in FIELDS:
            if not pathlib.Path(self.folder(fields)).exists():
                self.build_hybrid(fields)
            for evict in (False, True):
                runs = []
                for _ in range(STARTS):
                    before = time.perf_counter()
                    row, = self.bench("cold", *self.questions(fields), "--dir", self.folder(fields), *(["--evict"] if evict else []))
                    runs.append({**row, "process_ms": (time.perf_counter() - before) * 1e3})
                row = {key: statistics.median(run[key] for run in runs) for key in runs[0] if key not in ("bench", "evicted", "n")}
                row["disk_mb"] = row.pop("disk_bytes") / 2**20
                keep("cold", engine="creatordex", version="", n=self.n, evicted=evict, vector_fields=fields, best_ms=min(run["first_ms"] for run in runs),
                     **row)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("kind", choices=KINDS)
    arguments.add_argument("--n", type=int, required=True)
    arguments.add_argument("--program", required=True)
    asked = arguments.parse_args()
    getattr(Ours(str(pathlib.Path(asked.program).resolve()), asked.n), asked.kind)()


if __name__ == "__main__":
    main()
