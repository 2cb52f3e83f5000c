#include <unordered_map>

#include "evaluate/evaluate.h"
#include "pipeline/commit.h"
#include "pipeline/follower.h"

namespace cdx::evaluate {
namespace {

constexpr std::size_t commit_batch = 2'000;

Account account_of(const JudgedDocument& document) {
  Account out;
  out.platform = document.channel ? Platform::youtube : Platform::other;
  out.user_id = document.id;
  out.id = account_id(out.platform, document.id);
  Provenance terms;
  terms.source = "evaluation";
  terms.basis = "test corpus";
  const auto origin = out.origin(terms);
  if (!document.title.empty()) out.name = {{document.title, origin}};
  if (!document.text.empty()) out.bio = {{document.text, origin}};
  if (!document.region.empty()) out.country = {{document.region, origin}};
  if (document.followers) out.followers = {{*document.followers, origin}};
  return out;
}

Status load(const Call& call, Store& store, const Clock& clock,
            const std::vector<JudgedDocument>& documents) {
  for (std::size_t at = 0; at < documents.size(); at += commit_batch) {
    std::vector<AccountUpdate> updates;
    for (std::size_t i = at; i < std::min(documents.size(), at + commit_batch); ++i)
      updates.push_back({account_of(documents[i]), {}, {}});
    CDX_TRY(commit_accounts(call, store, clock, updates, {}));
  }
  return {};
}

Status index_all(const Call& call, Follower& follower,
                 const std::function<void(std::size_t done, std::size_t total)>& progress) {
  for (;;) {
    CDX_TRY_LET(const bool worked, follower.step(call));
    if (!worked) return {};
    const auto now = follower.progress();
    if (progress) progress(now.passages_done, now.passages);
  }
}

}  // namespace

Result<std::map<SearchMode, ModeResult>> run(
    const Call& call, Store& store, EmbeddingProvider* embedder, const std::vector<JudgedDocument>& documents,
    const std::vector<JudgedQuery>& queries, const Judgements& judgements, const EvaluateOptions& options,
    const std::function<void(std::size_t done, std::size_t total)>& progress) {
  const SystemClock clock;
  CDX_TRY(load(call, store, clock, documents));
  const auto dimension = embedder == nullptr ? 1 : embedder->model().dimension;
  CDX_TRY_LET(const auto backend, make_embedded_backend(creator_schema(dimension)));
  Follower follower(store, *backend, embedder, clock);
  CDX_TRY(index_all(call, follower, progress));

  std::unordered_map<CreatorId, std::string> names;
  for (const auto& document : documents) names[creator_id(account_of(document).id)] = document.id;
  const Searcher searcher(*backend, store, embedder, clock, options.searcher);
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
        if (const auto known = names.find(hit.id); known != names.end())
          list.emplace_back(known->second, hit.score);
    }
    out.emplace(mode, measure(queries, judgements, ranked));
  }
  return out;
}

}  // namespace cdx::evaluate
