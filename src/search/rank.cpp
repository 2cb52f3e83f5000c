#include "search/rank.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/hash.h"

namespace cdx {
std::uint64_t question_hash(const Query& query, const Question& question) {
  const auto& w = question.weights;
  auto key = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", query.text, describe(canonical(query.filter)),
                         name(query.mode), w.alpha, w.beta, w.gamma, w.short_shift, question.min_score,
                         question.semantic, question.reranked, question.synonyms);
  if (query.picture) {
    const auto& picture = *query.picture;
    const std::string_view bytes(reinterpret_cast<const char*>(picture.vector.data()),
                                 picture.vector.size() * sizeof(float));
    key += fmt::format("|p{:016x}|{}|{}|{}|{}|{}|{}|{}|{}", picture.mark != 0 ? picture.mark : hash64(bytes),
                       picture.space, picture.of_words, picture.weight, picture.min_similarity, w.picture_low,
                       w.picture_high, w.picture_words_low, w.picture_words_high);
  }
  for (const auto& sort : query.sort) key += fmt::format("|{}{}", sort.descending ? '-' : '+', sort.field);
  for (const auto& id : query.ignore) key += "|!" + id;
  return hash64(key + (query.understand ? "|u" : ""));
}

bool more_may_match(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights,
                    SearchMode mode, double min_score, const PictureQuestion* picture, bool picture_alone) {
  if (picture != nullptr && picture->min_similarity > -1) {
    // Whoever comes into question at all is among the nearest, unless not all who are near enough are there.
    const auto floor = retrieved.floors.at(picture_field_of(schema).value());
    if (!(static_cast<double>(floor) >= picture->min_similarity)) return false;
  }
  if (retrieved.words_cut || retrieved.names_cut) return true;
  std::optional<float> nearest;  // text, and picture, that was left out
  std::optional<double> shown;
  for (std::size_t f = 0; f < retrieved.floors.size(); ++f) {
    const auto floor = retrieved.floors[f];
    if (std::isnan(floor)) continue;
    if (schema.vectors[f].space.empty())
      nearest = std::max(nearest.value_or(floor), floor);
    else if (picture != nullptr)
      shown = picture_scale(static_cast<double>(floor), picture->of_words, weights);
  }
  if (!nearest && !shown) return false;
  const double share = text_share(picture, picture_alone);
  const double by_text = nearest ? best_left_out(static_cast<double>(*nearest), weights, mode)
                                 : best_without_text(weights, mode);
  return share * by_text + (1 - share) * shown.value_or(0) >= min_score;
}

namespace {

// Above 0 when a comes first. The dictionary is sorted; a creator without a name comes last either way.
int by_name(const Retrieved::Facet& facet, bool descending, std::size_t a, std::size_t b) {
  const bool has_a = facet.begin[a] < facet.begin[a + 1], has_b = facet.begin[b] < facet.begin[b + 1];
  if (!has_a || !has_b) return has_a - has_b;
  const auto left = facet.ordinals[facet.begin[a]], right = facet.ordinals[facet.begin[b]];
  if (left == right) return 0;
  return (left > right) == descending ? 1 : -1;
}

}  // namespace

std::vector<std::size_t> in_order(const Query& query, const Retrieved& retrieved, const Fused& fused) {
  std::vector<std::size_t> order(retrieved.documents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto by_key = [&](const SortKey& key, std::size_t a, std::size_t b) {
    if (key.field == name_field) return by_name(retrieved.facets.at(key.field), key.descending, a, b);
    const auto& column = key.field == "score" ? fused.scores : retrieved.numbers.at(key.field);
    const double left = column[a], right = column[b];
    if (std::isnan(left) || std::isnan(right)) return std::isnan(right) - std::isnan(left);
    if (left == right) return 0;
    return (left > right) == key.descending ? 1 : -1;
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (const auto& key : query.sort)
      if (const int side = by_key(key, a, b); side != 0) return side > 0;
    if (fused.scores[a] != fused.scores[b]) return fused.scores[a] > fused.scores[b];
    return retrieved.documents[a] < retrieved.documents[b];
  });
  return order;
}

std::vector<FacetCount> count_facet(const Retrieved::Facet& facet, const std::vector<std::size_t>& order) {
  std::vector<std::size_t> counts(facet.values.size(), 0);
  for (const auto i : order)
    for (auto at = facet.begin[i]; at < facet.begin[i + 1]; ++at) ++counts[facet.ordinals[at]];
  std::vector<FacetCount> out;
  for (std::size_t v = 0; v < counts.size(); ++v)
    if (counts[v] > 0) out.push_back({facet.values[v], counts[v]});
  std::sort(out.begin(), out.end(), [](const FacetCount& a, const FacetCount& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  });
  return out;
}

}  // namespace cdx
