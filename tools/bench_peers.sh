#!/usr/bin/env bash
# Both sides in turn on the same data: libraries of the field from their registries, and this program. See bench/peers.
#   tools/bench_peers.sh [--n 100000[,1000000…]] [--only ann,filter,text,hybrid,cold] [--ours] [--no-write]
#                        [--program FILE]
#   tools/bench_peers.sh [--n …] --only data      makes the data up and measures nothing
# PEERS_HOME keeps environment, data and results for the next run; without it they go when the run ends.
set -euo pipefail
cd "$(dirname "$0")/.."

die() { printf 'bench peers: %s\n' "$*" >&2; exit 1; }
say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

sizes=100000 only=ann,filter,text,hybrid,cold peers=yes program=build/release/creatordex write=(--write docs/performance.md)
while [ $# -gt 0 ]; do
  case $1 in
    --n) sizes=${2:?--n needs a number}; shift 2 ;;
    --only) only=${2:?--only needs a list}; shift 2 ;;
    --ours) peers=no; shift ;;
    --no-write) write=(); shift ;;
    --program) program=${2:?--program needs a file}; shift 2 ;;
    *) die "unknown option $1; there are --n, --only, --ours, --no-write and --program" ;;
  esac
done
[[ $sizes =~ ^[1-9][0-9]*(,[1-9][0-9]*)*$ ]] || die "--n is \"$sizes\", but must be a number or several, such as 10000,100000"
for kind in ${only//,/ }; do
  [[ $kind =~ ^(ann|filter|text|hybrid|cold|data)$ ]] || die "--only has \"$kind\", but takes ann, filter, text, hybrid, cold and data"
done

if [ -z "${PEERS_HOME:-}" ]; then
  PEERS_HOME=$(mktemp -d)
  trap 'rm -rf "$PEERS_HOME"' EXIT
fi
mkdir -p "$PEERS_HOME"
PEERS_HOME=$(cd "$PEERS_HOME" && pwd)
# One thread on both sides, also inside the linear algebra.
export PEERS_HOME PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE
python=$PEERS_HOME/venv/bin/python

install_libraries() {
  [ -f "$PEERS_HOME/venv/installed" ] && return
  say "installing the libraries into $PEERS_HOME"
  python3 -m venv "$PEERS_HOME/venv"
  "$PEERS_HOME/venv/bin/pip" install --quiet --disable-pip-version-check -r bench/peers/requirements.txt
  touch "$PEERS_HOME/venv/installed"
}

# The word list comes with a Debian package, unpacked here, not installed.
install_words() {
  [ -f /usr/share/wordnet/index.noun ] || [ -d "$PEERS_HOME/wordnet" ] && return
  (cd "$PEERS_HOME" && apt-get download -qq wordnet-base && dpkg-deb -x wordnet-base_*.deb wordnet) ||
    die "the word list is missing: install the Debian package wordnet-base"
}

# Lucene needs a JDK of 17 or newer and Maven; without them it is left out, and the table says so by its absence.
install_lucene() {
  command -v mvn >/dev/null && command -v javac >/dev/null || { say "no Maven or no JDK: Lucene is left out"; return 1; }
  local part
  for part in lucene-core lucene-analysis-common; do
    [ -f "$PEERS_HOME/jars/$part-9.12.1.jar" ] && continue
    say "fetching $part"
    mvn -q -B dependency:copy -Dmaven.repo.local="$PEERS_HOME/maven" -Dartifact="org.apache.lucene:$part:9.12.1" \
      -DoutputDirectory="$PEERS_HOME/jars" >&2 || return 1
  done
}

wanted() { [[ ,$only, == *,$1,* ]]; }
run() {  # a measurement that fails (a library may refuse a machine) is said and does not end the others
  say "$*"
  "$python" "bench/peers/$1.py" "${@:2}" || say "$* failed"
}

peers_of_vectors() {
  local n=$1 engine engines=(hnswlib svs-lvq4x8 svs-float16 svs-int8 faiss-flat faiss-hnsw32) extra=()
  if [ "$n" -ge 1000000 ]; then engines+=(faiss-fastscan4k); elif [ "$n" -ge 100000 ]; then engines+=(faiss-fastscan); fi
  wanted filter || extra=(--only plain)
  wanted ann || extra=(--only filter)
  for engine in "${engines[@]}"; do run vectors "$engine" --n "$n" "${extra[@]}"; done
}

peers_of_text() {
  run words tantivy --n "$1"
  if $lucene; then run words lucene --n "$1"; fi
}

peers_of_hybrid() {
  run both composed --n "$1"
  if $lucene; then run both lucene --n "$1"; fi
}

peers_of_cold() { run cold --n "$1"; }  # over the files the measurements before have saved

measure_ours() {
  say "ours: $1, $2"
  "$python" bench/peers/ours.py "$1" --n "$2" --program "$program"
}

# One kind after the other, both sides of it in turn: minutes, not hours, lie between what is compared.
measure() {
  local n=$1 kind
  for kind in ann filter text hybrid cold; do
    if wanted $kind; then measure_ours $kind "$n"; fi
    [ $peers = yes ] || continue
    case $kind in
      ann) ;;  # with the filters: one build of a peer serves both
      filter) if wanted ann || wanted filter; then peers_of_vectors "$n"; fi ;;
      *) if wanted $kind; then "peers_of_$kind" "$n"; fi ;;
    esac
  done
}

install_libraries
install_words
if [ "$only" = data ]; then
  for n in ${sizes//,/ }; do "$python" bench/peers/data.py --n "$n"; done
  exit
fi
lucene=false
if install_lucene; then lucene=true; fi
"$python" bench/peers/limits.py
for n in ${sizes//,/ }; do
  "$python" bench/peers/data.py --n "$n"
  measure "$n"
  rm -rf "$PEERS_HOME/tmp"
done
"$python" bench/peers/report.py "${write[@]}"
