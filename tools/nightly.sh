#!/usr/bin/env bash
# The long runs, each a part that can be run alone: hours in all. Figures go into docs/quality.md and docs/performance.md by hand.
#   tools/nightly.sh [rows] [peers] [arrivals] [asan] [tsan] [fuzz]      without a name: all, in this order
# PEERS_HOME keeps what peers and arrivals install and make up. A part that fails is said at the end and does not end the others.
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/release/creatordex

work=${NIGHTLY_WORK:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
export NIGHTLY_WORK=$work PEERS_HOME=${PEERS_HOME:-$work/peers}

# A million rows: parse and map, then import, then again.
rows() {
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
  local timed=(/usr/bin/env time -f '%e s, %U s of CPU, %M KB')
  "${timed[@]}" "$program" import "$work/million.csv" --dry-run --json | tail -1
  "${timed[@]}" "$program" --data "$work/data" import "$work/million.csv" --json
  "${timed[@]}" "$program" --data "$work/data" import "$work/million.csv" --json
  rm -rf "$work/million.csv" "$work/data"
}

# A million creators beside the libraries of the field.
peers() { tools/bench_peers.sh --n 1000000; }

# A million creators with four vector fields: 100,000 come at once, then 300 a second for hours while others ask.
arrivals() {
  tools/bench_peers.sh --n 1000000 --only data
  local data=$PEERS_HOME/data
  "$program" bench arrivals --docs "$data/creators_1000000.tsv" --base "$data/synth_1000000_s1_b.npy" \
    --query "$data/synth_1000000_s1_q.npy" --queries "$data/textq.txt" --vector-fields 4 --filter platform=youtube \
    --min-followers 27150 --dir "$work/arrivals" --seconds "${ARRIVALS_SECONDS:-7200}" --window 600 --calm 60 --asks 25
  rm -rf "$work/arrivals"
}

asan() { ./x asan; }
tsan() { ./x tsan -E 'OpenVino|Golden|page|quality|Hostile|program'; }
fuzz() { JOBS=$(nproc) tools/fuzz.sh 600; }

[ $# -gt 0 ] || set -- rows peers arrivals asan tsan fuzz
for part in "$@"; do
  [[ $part =~ ^(rows|peers|arrivals|asan|tsan|fuzz)$ ]] || { echo "nightly: no part \"$part\"" >&2; exit 2; }
done
if [ $# = 1 ]; then
  echo "== $1, $(date -u +%FT%TZ)"
  "$1"
  exit
fi
failed=()
for part in "$@"; do tools/nightly.sh "$part" || failed+=("$part"); done
[ ${#failed[@]} = 0 ] || { echo "nightly: failed: ${failed[*]}" >&2; exit 1; }
echo "== all parts done, $(date -u +%FT%TZ)"
