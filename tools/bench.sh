#!/usr/bin/env bash
# Measurements of the parts, each printing its own figures. Build and corpora are small enough for a few minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --build --preset release --target import_bench store_bench index_bench embed_bench http_bench >/dev/null
bin() { find build/release -name "$1" -type f -perm -u+x | head -1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "== machine: $(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), load $(cut -d' ' -f1 /proc/loadavg), $(date -u +%F)"
echo "== CSV parse and map, rows a second"; "$(bin import_bench)" 1000000
echo "== store"; "$(bin store_bench)" "$work" 200000 5000
echo "== index"; "$(bin index_bench)" 100000
[ -d .deps/models/all-minilm-l6-v2 ] && { echo "== embedding"; "$(bin embed_bench)" .deps/models/all-minilm-l6-v2; }
echo "== HTTP"; "$(bin http_bench)" 3 16
echo "== the program: a sample of 20,000 creators imported, then searched by words"
program=build/release/creatordex
"$program" sample --creators 20000 --seed 1 --out "$work/sample"
"$program" --data "$work/data" import "$work/sample/accounts.ndjson" --json
"$program" --data "$work/data" --embed none search "emerging fitness creators under 500k followers" --json | head -c 0
