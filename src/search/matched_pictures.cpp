#include "search/matched_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "search/fuse.h"
#include "store/store.h"

namespace cdx {
namespace {

// From here on a picture's value counts as a match that is worth telling.
constexpr double close_enough = 0.5;

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return out;
}

std::string counted(std::size_t count, PictureRole role) {
  switch (role) {
    case PictureRole::profile:
      return count == 1 ? "profile picture" : fmt::format("{} profile pictures", count);
    case PictureRole::content:
      return count == 1 ? "a post" : fmt::format("{} posts", count);
    case PictureRole::uploaded:
      break;
  }
  return count == 1 ? "a picture" : fmt::format("{} pictures", count);
}

PictureRole role_of(const Profile& profile, const Digest& sha256) {
  const auto found = std::find_if(profile.pictures.begin(), profile.pictures.end(),
                                  [&](const KnownPicture& one) { return one.sha256 == sha256; });
  return found == profile.pictures.end() ? PictureRole::uploaded : found->role;
}

}  // namespace

Status match_pictures(const Call& call, const Store& store, const PictureQuestion& question,
                      std::vector<Hit>& hits) {
  const auto space = picture_space_id(question.space);
  std::vector<VectorKey> keys;
  for (const auto& hit : hits)
    for (const auto& picture : hit.profile.pictures) keys.push_back({space, vector_key(picture.sha256)});
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (keys.empty()) return {};
  CDX_TRY_LET(const auto kept, store.vectors(call, keys));
  std::map<std::uint64_t, double> similarities;  // by vector_key
  for (const auto& vector : kept)
    if (vector.values.size() == question.vector.size())
      similarities[vector.key.text] = std::clamp(cosine(vector.values, question.vector), -1.0, 1.0);
  for (auto& hit : hits) {
    auto& out = hit.pictures;
    for (const auto& picture : hit.profile.pictures) {
      const auto found = similarities.find(vector_key(picture.sha256));
      if (found != similarities.end()) out.push_back({picture.sha256, found->second});
    }
    std::sort(out.begin(), out.end(), [](const MatchedPicture& a, const MatchedPicture& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.sha256 < b.sha256;
    });
    out.erase(std::unique(out.begin(), out.end()), out.end());
    if (out.size() > max_matched_pictures) out.resize(max_matched_pictures);
  }
  return {};
}

std::string describe_pictures(const Hit& hit, const PictureQuestion& question,
                              const RankingWeights& weights) {
  if (hit.pictures.empty()) return {};
  std::array<std::size_t, 3> close{};
  for (const auto& picture : hit.pictures)
    if (picture_scale(picture.similarity, question.of_words, weights) >= close_enough)
      ++close.at(static_cast<std::size_t>(role_of(hit.profile, picture.sha256)));
  std::vector<std::string> said;
  for (const auto role : {PictureRole::profile, PictureRole::content, PictureRole::uploaded})
    if (const auto count = close.at(static_cast<std::size_t>(role)); count > 0)
      said.push_back(counted(count, role));
  if (said.empty()) {
    const auto& nearest = hit.pictures.front();
    return fmt::format("nearest is {}, at a likeness of {:.2f}",
                       counted(1, role_of(hit.profile, nearest.sha256)), nearest.similarity);
  }
  auto out = said.front();
  for (std::size_t i = 1; i < said.size(); ++i) out += (i + 1 == said.size() ? " and " : ", ") + said[i];
  const bool one = close[0] + close[1] + close[2] == 1;
  const auto* verb =
      question.of_words ? (one ? "shows it" : "show it") : (one ? "looks like it" : "look like it");
  return fmt::format("{} {}", out, verb);
}

}  // namespace cdx
