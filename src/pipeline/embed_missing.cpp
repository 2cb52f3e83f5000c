#include "pipeline/embed_missing.h"

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "pipeline/passages.h"

namespace cdx {
namespace {

constexpr std::size_t change_batch = 500, embed_batch = 128, most_items = 20;

using Texts = std::map<std::uint64_t, std::string>;  // by hash

Result<Texts> texts_without_vector(const Call& call, const Store& store, const std::vector<Profile>& profiles,
                                   std::uint64_t space) {
  Texts out;
  for (const auto& profile : profiles)
    for (auto& passage : passages_of(profile, most_items))
      for (auto& text : passage.texts) out.emplace(hash64(text), std::move(text));
  std::vector<VectorKey> keys;
  for (const auto& [hash, text] : out) keys.push_back({space, hash});
  CDX_TRY_LET(const auto kept, store.vectors(call, keys));
  for (const auto& vector : kept) out.erase(vector.key.text);
  return out;
}

Status embed_batch_of(const Call& call, Store& store, EmbeddingProvider& embedder,
                      std::span<const std::pair<std::uint64_t, std::string>> batch) {
  std::vector<std::string_view> views;
  for (const auto& [hash, text] : batch) views.push_back(text);
  CDX_TRY_LET(const auto rows, embedder.embed(call, views, TextRole::passage));
  std::vector<KeptVector> kept;
  for (std::size_t i = 0; i < batch.size(); ++i)
    kept.push_back({{embedder.model().space(), batch[i].first}, {rows.row(i).begin(), rows.row(i).end()}});
  return store.keep_vectors(call, kept);
}

}  // namespace

Result<Revision> embed_missing(const Call& call, Store& store, EmbeddingProvider& embedder, Revision since,
                               const std::function<void(const EmbedProgress&)>& progress) {
  EmbedProgress done;
  for (;;) {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto page, store.changes(call, since, change_batch));
    std::vector<CreatorId> ids;
    for (const auto& change : page.changes)
      if (!change.removed) ids.push_back(change.creator);
    CDX_TRY_LET(const auto profiles, store.profiles(call, ids, most_items));
    CDX_TRY_LET(const auto missing, texts_without_vector(call, store, profiles, embedder.model().space()));
    const std::vector<std::pair<std::uint64_t, std::string>> texts(missing.begin(), missing.end());
    for (std::size_t at = 0; at < texts.size(); at += embed_batch) {
      const auto size = std::min(embed_batch, texts.size() - at);
      CDX_TRY(embed_batch_of(call, store, embedder, std::span(texts).subspan(at, size)));
      done.embedded += size;
      if (progress) progress(done);
    }
    done.creators += profiles.size();
    if (progress) progress(done);
    since = page.reached;
    if (!page.more) return since;
  }
}

}  // namespace cdx
