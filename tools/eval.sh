#!/usr/bin/env bash
# Search quality over the judged corpora, with the one shipped configuration. Vectors are kept in build/eval for the next run.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${CREATORDEX_SHARED:-../shared}
data=$shared/data
[ -d "$data" ] || { echo "eval: no judged corpora: $data does not exist (set CREATORDEX_SHARED)" >&2; exit 1; }
mkdir -p build/eval
program=build/release/creatordex

measure() {
  local name=$1 docs=$2 queries=$3 qrels=$4
  shift 4
  echo "== $name"
  "$program" eval --docs "$data/$docs" --queries "$data/$queries" --qrels "$data/$qrels" --cache "build/eval/$name.db" "$@"
}

measure cranfield retrieval/cranfield/cran.all.1400.xml retrieval/cranfield/cran.qry.xml retrieval/cranfield/cranqrel.trec.txt "$@"
measure cacm retrieval/cacm/cacm.all retrieval/cacm/query.text retrieval/cacm/qrels.text "$@"
measure judged judged/docs.jsonl judged/queries.jsonl judged/qrels.txt "$@"
