#!/usr/bin/env python3
"""The bars of search quality over the judged corpora, with the one shipped configuration and the real model.

  quality_test.py PROGRAM CACHE_FOLDER

Skips loudly (exit 77) where the corpora are not there.
"""
import json
import os
import pathlib
import subprocess
import sys

SKIP = 77
PROGRAM, CACHE = sys.argv[1:3]
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = pathlib.Path(os.environ.get("CREATORDEX_SHARED", ROOT.parent / "shared"))

SETS = {
    "cranfield": ("retrieval/cranfield/cran.all.1400.xml", "retrieval/cranfield/cran.qry.xml",
                  "retrieval/cranfield/cranqrel.trec.txt"),
    "cacm": ("retrieval/cacm/cacm.all", "retrieval/cacm/query.text", "retrieval/cacm/qrels.text"),
    "judged": ("judged/docs.jsonl", "judged/queries.jsonl", "judged/qrels.txt"),
}
# nDCG@10 at least; `ahead`: hybrid minus its better leg at least.
BARS = {
    "cranfield": {"keyword": 0.375, "hybrid": 0.424, "ahead": -0.003},
    "cacm": {"keyword": 0.495, "hybrid": 0.562, "ahead": -0.003},
    "judged": {"hybrid": 0.70, "ahead": 0.05},
}


def measure(name):
    docs, queries, qrels = (str(SHARED / "data" / file) for file in SETS[name])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CREATORDEX_")}
    done = subprocess.run([PROGRAM, "eval", "--docs", docs, "--queries", queries, "--qrels", qrels, "--json",
                           "--cache", f"{CACHE}/{name}.db"], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr}")
    return {mode: figures["ndcg@10"] for mode, figures in json.loads(done.stdout)["modes"].items()}


def main():
    if not (SHARED / "data").is_dir():
        print(f"SKIPPED quality bars: {SHARED / 'data'} does not exist (set CREATORDEX_SHARED)")
        sys.exit(SKIP)
    pathlib.Path(CACHE).mkdir(parents=True, exist_ok=True)
    failures = []
    for name, bars in BARS.items():
        got = measure(name)
        got["ahead"] = got["hybrid"] - max(got["keyword"], got["semantic"])
        print(name, {mode: round(value, 4) for mode, value in got.items()}, flush=True)
        failures += [f"{name} {mode}: {got[mode]:.4f} is below {bar}" for mode, bar in bars.items() if got[mode] < bar]
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
