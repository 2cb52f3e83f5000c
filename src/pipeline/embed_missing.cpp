#include "pipeline/embed_missing.h"

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "pipeline/changed.h"

namespace cdx {
namespace {

constexpr std::size_t change_batch = 500, embed_batch = 128, most_items = 20;

using Texts = std::map<std::uint64_t, std::string>;  // by hash

Texts texts_of(const std::vector<Profile>& profiles, std::size_t items) {
  Texts out;
  for (const auto& profile : profiles)
    for (auto& passage : passages_of(profile, items))
      for (auto& text : passage.texts) out.emplace(hash64(text), std::move(text));
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

Result<TextVectors> kept_vectors(const Call& call, const Store& store, std::uint64_t space,
                                 const std::vector<Profile>& profiles, std::size_t items) {
  std::vector<VectorKey> keys;
  for (const auto& [hash, text] : texts_of(profiles, items)) keys.push_back({space, hash});
  CDX_TRY_LET(auto kept, store.vectors(call, keys));
  TextVectors out;
  for (auto& vector : kept) out.emplace(vector.key.text, std::move(vector.values));
  return out;
}

Result<std::size_t> embed_profiles(const Call& call, Store& store, EmbeddingProvider& embedder,
                                   const std::vector<Profile>& profiles, std::size_t items,
                                   const std::function<void(std::size_t)>& progress) {
  auto missing = texts_of(profiles, items);
  CDX_TRY_LET(const auto kept, kept_vectors(call, store, embedder.model().space(), profiles, items));
  for (const auto& [hash, vector] : kept) missing.erase(hash);
  const std::vector<std::pair<std::uint64_t, std::string>> texts(missing.begin(), missing.end());
  for (std::size_t at = 0; at < texts.size(); at += embed_batch) {
    const auto size = std::min(embed_batch, texts.size() - at);
    CDX_TRY(embed_batch_of(call, store, embedder, std::span(texts).subspan(at, size)));
    if (progress) progress(size);
  }
  return texts.size();
}

Result<Revision> embed_missing(const Call& call, Store& store, EmbeddingProvider& embedder, Revision since,
                               const std::function<void(const EmbedProgress&)>& progress) {
  EmbedProgress done;
  for (;;) {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto page, store.changes(call, since, change_batch));
    CDX_TRY_LET(const auto profiles, store.profiles(call, living(page), most_items));
    CDX_TRY(embed_profiles(call, store, embedder, profiles, most_items, [&](std::size_t texts) {
      done.embedded += texts;
      if (progress) progress(done);
    }));
    done.creators += profiles.size();
    if (progress) progress(done);
    since = page.reached;
    if (!page.more) return since;
  }
}

}  // namespace cdx
