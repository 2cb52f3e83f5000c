#!/usr/bin/env bash
# Runs every fuzz target for SECONDS under address and undefined sanitizers; corpora grow in build/fuzz-corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-30}
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz -DCDX_BUILD_TESTS=OFF -DCDX_BUILD_FUZZ=ON -DCDX_WITH_OPENVINO=OFF >/dev/null
cmake --build --preset fuzz --target fuzz_targets
for target in build/fuzz/fuzz/*_fuzz; do
  name=$(basename "$target")
  mkdir -p "build/fuzz-corpus/$name"
  seeds=fuzz/corpus/$name
  echo "== $name for $seconds s"
  log=build/fuzz-corpus/$name.log
  status=0
  # shellcheck disable=SC2046
  "$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build/fuzz-corpus/$name-" "build/fuzz-corpus/$name" $([ -d "$seeds" ] && echo "$seeds") \
    >"$log" 2>&1 || status=$?
  grep -E 'stat::number_of_executed|stat::peak_rss|ERROR|SUMMARY|Test unit' "$log" || true
  [ "$status" = 0 ] || { echo "x fuzz: $name failed; see $log" >&2; failed=1; }
done
exit "${failed:-0}"
