#include "pipeline/meaning.h"

#include <set>

namespace cdx {
namespace {

// One row a picture, the newest first; the same bytes at two accounts are one.
void add_pictures(const Profile& profile, const TextVectors& vectors, std::size_t dimension, Meaning& out) {
  std::set<Digest> seen;
  std::vector<float> rows;
  for (const auto& picture : profile.pictures) {
    if (!seen.insert(picture.sha256).second) continue;
    ++out.coverage.pictures;
    const auto found = vectors.find(vector_key(picture.sha256));
    if (found == vectors.end() || found->second.size() != dimension) {
      out.pictures_missing.push_back(picture.sha256);
      continue;
    }
    ++out.coverage.pictures_done;
    rows.insert(rows.end(), found->second.begin(), found->second.end());
  }
  if (!rows.empty()) out.fields.emplace(picture_field, std::move(rows));
}

}  // namespace

bool is_bio(const Passage& passage) { return passage.field.ends_with("_bio"); }

Meaning meaning_of(const Profile& profile, const KnownVectors& vectors, std::size_t most_items,
                   std::size_t picture_dimension) {
  Meaning out;
  for (const auto& passage : passages_of(profile, most_items)) {
    ++out.coverage.passages;
    auto vector = pooled(passage, vectors.texts);
    if (vector.empty()) {
      (is_bio(passage) ? out.bio_missing : out.content_missing) = true;
      continue;
    }
    ++out.coverage.done;
    out.fields.emplace(passage.field, std::move(vector));
  }
  if (picture_dimension > 0) add_pictures(profile, vectors.pictures, picture_dimension, out);
  return out;
}

Result<TextVectors> kept_picture_vectors(const Call& call, const Store& store, std::uint64_t space,
                                         std::span<const Profile> profiles) {
  std::set<VectorKey> keys;
  for (const auto& profile : profiles)
    for (const auto& picture : profile.pictures) keys.insert({space, vector_key(picture.sha256)});
  TextVectors out;
  if (keys.empty()) return out;
  CDX_TRY_LET(auto kept, store.vectors(call, std::vector(keys.begin(), keys.end())));
  for (auto& vector : kept) out.emplace(vector.key.text, std::move(vector.values));
  return out;
}

}  // namespace cdx
