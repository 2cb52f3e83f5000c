#include "evaluate/corpus_index.h"

namespace cdx::evaluate {

Result<std::map<SearchMode, ModeResult>> run(
    const Call& call, Store& store, EmbeddingProvider* embedder, const std::vector<JudgedDocument>& documents,
    const std::vector<JudgedQuery>& queries, const Judgements& judgements, const EvaluateOptions& options,
    const std::function<void(std::size_t done, std::size_t total)>& progress) {
  const SystemClock clock;
  CDX_TRY_LET(const auto corpus, index_corpus(call, store, embedder, clock, documents, progress));
  const Searcher searcher(*corpus.backend, store, embedder, clock, options.searcher);
  std::map<SearchMode, ModeResult> out;
  for (const auto mode : options.modes) {
    std::vector<std::vector<std::pair<std::string, double>>> ranked;
    for (const auto& asked : queries) {
      Query query;
      query.text = asked.text;
      query.mode = mode;
      query.limit = 100;
      query.highlight = false;
      query.understand = options.understand;
      CDX_TRY_LET(const auto answer, searcher.search(call, query));
      auto& list = ranked.emplace_back();
      for (const auto& hit : answer.hits)
        if (const auto known = corpus.names.find(hit.id); known != corpus.names.end())
          list.emplace_back(known->second, hit.score);
    }
    out.emplace(mode, measure(queries, judgements, ranked));
  }
  return out;
}

}  // namespace cdx::evaluate
