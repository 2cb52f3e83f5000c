#!/usr/bin/env bash
# The long runs: sanitizers over every test, long fuzzing, a million rows. Hours; figures go into docs/quality.md by hand.
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/release/creatordex
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== a million rows: parse and map, then import, then again"
python3 - "$work/million.csv" <<'PY'
import random, sys
random.seed(1)
words = "fitness yoga travel food vegan gaming tech review vlog coach music dance samba beauty diy garden finance science".split()
with open(sys.argv[1], "w") as out:
    out.write("platform,username,name,bio,followers,following,posts,engagement_rate_percent,avg_likes,country,category,verified\n")
    for i in range(1_000_000):
        out.write(f'tiktok,user{i},{random.choice(words).title()} {i},"{" ".join(random.choices(words, k=12))}",'
                  f"{random.randint(100, 5_000_000)},{random.randint(0, 2000)},{random.randint(1, 3000)},"
                  f"{random.random() * 10:.2f},{random.randint(0, 50000)},BR,Fitness,false\n")
PY
/usr/bin/env time -f '%e s, %M KB' "$program" import "$work/million.csv" --dry-run --json | tail -1
/usr/bin/env time -f '%e s, %M KB' "$program" --data "$work/data" import "$work/million.csv" --json
/usr/bin/env time -f '%e s, %M KB' "$program" --data "$work/data" import "$work/million.csv" --json

echo "== a million creators beside the libraries of the field"
tools/bench_peers.sh --n 1000000

echo "== sanitizers"
./x asan
./x tsan -E 'OpenVino|Golden|page|quality|Hostile|program'

echo "== fuzzing, ten minutes a target"
tools/fuzz.sh 600
