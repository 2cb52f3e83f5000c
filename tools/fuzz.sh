#!/usr/bin/env bash
# Runs every fuzz target for SECONDS under address and undefined sanitizers, so many at a time as JOBS says (default: one);
# corpora grow in build/fuzz-corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-30}

if [ "${2:-}" = one ]; then  # the script calls itself for each target
  target=$3
  name=$(basename "$target")
  mkdir -p "build/fuzz-corpus/$name"
  seeds=fuzz/corpus/$name
  log=build/fuzz-corpus/$name.log
  status=0
  # shellcheck disable=SC2046
  "$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build/fuzz-corpus/$name-" "build/fuzz-corpus/$name" $([ -d "$seeds" ] && echo "$seeds") \
    >"$log" 2>&1 || status=$?
  said=$(grep -E 'stat::number_of_executed|stat::peak_rss|ERROR|SUMMARY|Test unit' "$log" || true)
  printf '== %s for %s s\n%s\n' "$name" "$seconds" "$said"
  [ "$status" = 0 ] || { echo "x fuzz: $name failed; see $log" >&2; exit 1; }
  exit 0
fi

[ -f build/fuzz/build.ninja ] || cmake --preset fuzz -DCDX_BUILD_TESTS=OFF -DCDX_BUILD_FUZZ=ON -DCDX_WITH_OPENVINO=OFF >/dev/null
cmake --build --preset fuzz --target fuzz_targets
printf '%s\n' build/fuzz/fuzz/*_fuzz | xargs -P "${JOBS:-1}" -n 1 "$PWD/tools/fuzz.sh" "$seconds" one
