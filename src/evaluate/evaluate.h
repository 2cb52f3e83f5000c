// Measures search quality over a judged corpus, through the same store, index, parser and ranking as a user's
// query.
//
//   nDCG@10    linear gain, discount log2(rank + 1), ideal from all judgements (as trec_eval's ndcg_cut)
//   Recall@100 share of the relevant documents among the first 100
//   MRR        mean of 1 / rank of the first relevant document (0 beyond 100)
// A document is relevant from grade 1, or from grade 2 where more than 1 % of the judgements above 0 are
// above 1. Queries without any relevant document are left out of the means and counted. Intervals: 95 %,
// percentile bootstrap over queries, 2,000 resamples, seeded. Errors: `invalid` names file and line.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/call.h"
#include "embed/embed.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx::evaluate {

struct JudgedDocument {
  std::string id, title, text, region;
  std::optional<std::int64_t> followers;
  bool channel = false;  // came with a channel_id: an account on YouTube
};
struct JudgedQuery {
  std::string id, text;
  std::string kind = {};  // as the corpus sorts its queries: "brief", "niche"; empty where it does not
};
// Grade by query and document.
using Judgements = std::map<std::string, std::map<std::string, int>>;

// JSON lines (`id`, `_id` or `channel_id`; `title`; `text` or `description`; `subscriber_count`; `region`),
// the Cranfield collection's XML, or CACM's cacm.all.
Result<std::vector<JudgedDocument>> read_documents(const std::string& path);
// JSON lines (`id` or `_id`; `text`, `query` or `q`), Cranfield's cran.qry.xml (numbered in order), CACM's
// query.text.
Result<std::vector<JudgedQuery>> read_queries(const std::string& path);
// TREC form: query, 0, document, grade. Two columns and CACM's `query document 0 0` are understood as well.
Result<Judgements> read_judgements(const std::string& path);

struct Interval {
  double value = 0, low = 0, high = 0;
};
struct QueryResult {
  std::string id;
  double ndcg = 0, recall = 0, reciprocal_rank = 0;
  std::size_t found = 0;                            // hits at all
  bool judged = false;                              // has a relevant document
  std::vector<std::pair<std::string, double>> top;  // first ten documents and scores
};
struct ModeResult {
  Interval ndcg_at_10, recall_at_100, mrr;
  std::size_t queries = 0;  // with a relevant document
  std::size_t without_relevant = 0;
  std::vector<QueryResult> each;
};

// The mean and its interval, as everywhere here. Of differences query by query: what one ranking gains on
// another.
Interval bootstrap(const std::vector<double>& values);

ModeResult measure(const std::vector<JudgedQuery>& queries, const Judgements& judgements,
                   const std::vector<std::vector<std::pair<std::string, double>>>& ranked);

struct EvaluateOptions {
  std::vector<SearchMode> modes;
  SearcherOptions searcher;
  bool understand = true;
};
// Loads the documents into `store` (empty, or holding vectors of an earlier run), embeds, and asks every
// query.
Result<std::map<SearchMode, ModeResult>> run(
    const Call& call, Store& store, EmbeddingProvider* embedder, const std::vector<JudgedDocument>& documents,
    const std::vector<JudgedQuery>& queries, const Judgements& judgements, const EvaluateOptions& options,
    const std::function<void(std::size_t done, std::size_t total)>& progress);

}  // namespace cdx::evaluate
