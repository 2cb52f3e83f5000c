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
    "negation": ("judged/docs.jsonl", ROOT / "tests/golden/negation/queries.jsonl", ROOT / "tests/golden/negation/qrels.txt"),
}
# nDCG@10 at least; `ahead`: hybrid minus its better leg at least.
BARS = {
    "cranfield": {"keyword": 0.395, "hybrid": 0.445, "ahead": 0.04},
    "cacm": {"keyword": 0.500, "hybrid": 0.5632, "ahead": 0.05},
    "judged": {"hybrid": 0.76, "ahead": 0.08},
    "negation": {"hybrid": 0.81},
}
# Of the judged set, by what its queries are: the mean reciprocal rank where one channel is looked for, nDCG@10 where
# something is not wanted, and how many of the nonsense ones find nothing with the default cut-off.
KNOWN_ITEM_RR, NEGATIVE_NDCG, NONSENSE_EMPTY = 0.95, 0.54, 3
# nDCG@10 that the default scoring profile is ahead of likeness alone on the judged briefs.
MATCH_AHEAD = 0.05


def evaluate(name, *flags):
    docs, queries, qrels = (str(SHARED / "data" / file) for file in SETS[name])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CREATORDEX_")}
    cache = "judged" if name == "negation" else name  # the same documents
    done = subprocess.run([PROGRAM, "eval", "--docs", docs, "--queries", queries, "--qrels", qrels,
                           "--cache", f"{CACHE}/{cache}.db", *flags], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr}")
    return done.stdout


def measure(name):
    modes = json.loads(evaluate(name, "--json"))["modes"]
    return {mode: figures["ndcg@10"] for mode, figures in modes.items()}


def check_kinds():
    """What the queries of one kind must reach, and no answerable one may find nothing."""
    with open(SHARED / "data" / SETS["judged"][1]) as file:
        kinds = {query["id"]: query["kind"] for query in map(json.loads, file)}
    lines = evaluate("judged", "--mode", "hybrid", "--details").splitlines()
    by_kind = {}
    for result in (json.loads(line) for line in lines if line.startswith("{")):
        by_kind.setdefault(kinds[result["query"]], []).append(result)

    def mean(kind, figure):
        return sum(one[figure] for one in by_kind[kind]) / len(by_kind[kind])

    known, negative = mean("known_item", "rr"), mean("negative", "ndcg@10")
    empty = sum(one["found"] == 0 for one in by_kind["nonsense"])
    lost = [one["query"] for kind, all_of in by_kind.items() if kind != "nonsense" for one in all_of if one["found"] == 0]
    print(f"known items: MRR {known:.4f}; negatives: nDCG@10 {negative:.4f}; nonsense that finds nothing: {empty}")
    return ([f"known items: {known:.4f} is below {KNOWN_ITEM_RR}"] * (known < KNOWN_ITEM_RR)
            + [f"negatives: {negative:.4f} is below {NEGATIVE_NDCG}"] * (negative < NEGATIVE_NDCG)
            + [f"nonsense: only {empty} find nothing"] * (empty < NONSENSE_EMPTY)
            + [f"{query} finds nothing" for query in lost])


def check_match():
    """Balanced against similarity alone (seed-004 and the same words' likeness) on the judged briefs and the others."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CREATORDEX_")}
    done = subprocess.run([PROGRAM, "eval", "match", "--shared", str(SHARED / "data"), "--creators", "0", "--cache",
                           f"{CACHE}/match", "--json"], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        return [f"eval match: {done.stderr.strip()}"]
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    ndcg = {(row["set"], row["profile"]): row["ndcg@10"] for row in rows}
    print("match", {f"{s}: {p}": round(value, 4) for (s, p), value in ndcg.items()}, flush=True)
    failures = []
    for other in ("seed-004", "likeness"):
        for group, ahead in (("judged briefs", MATCH_AHEAD), ("other judged queries", 0)):
            gain = ndcg[group, "balanced"] - ndcg[group, other]
            if gain < ahead:
                failures.append(f"match, {group}: balanced is {gain:+.4f} from {other}, not {ahead}")
    return failures


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
    failures += check_kinds()
    failures += check_match()
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
