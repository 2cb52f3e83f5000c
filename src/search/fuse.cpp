#include "search/fuse.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cdx {
namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

double vector_weight(const RankingWeights& weights, const std::string& field) {
  const auto found = weights.vector_weights.find(field);
  return found == weights.vector_weights.end() ? 1.0 : found->second;
}

// Cosines of another space say nothing about meaning.
bool of_texts(const Schema& schema, std::size_t field) { return schema.vectors[field].space.empty(); }

double scaled(double cosine, const RankingWeights& weights) {
  return std::clamp((cosine - weights.cosine_low) / (weights.cosine_high - weights.cosine_low), 0.0, 1.0);
}

// x / (x + h) rises fast and never quite stops: a creator with more of the words is always ahead of one with
// fewer.
double keyword_score(const Retrieved& retrieved, const RankingWeights& weights, std::size_t i) {
  const double share =
      retrieved.bm25_limit > 0 ? static_cast<double>(retrieved.bm25[i]) / retrieved.bm25_limit : 0;
  const double words = (1 + weights.saturation) * share / (share + weights.saturation);
  return std::clamp(std::max(words, static_cast<double>(retrieved.name_match[i])), 0.0, 1.0);
}

}  // namespace

double mean_cosine(const std::vector<std::vector<float>>& similarities, const Schema& schema,
                   const RankingWeights& weights, std::size_t i) {
  double sum = 0, total = 0;
  for (std::size_t f = 0; f < similarities.size(); ++f) {
    if (!of_texts(schema, f) || similarities[f].empty() || std::isnan(similarities[f][i])) continue;
    const double weight = vector_weight(weights, schema.vectors[f].name);
    sum += weight * static_cast<double>(similarities[f][i]);
    total += weight;
  }
  return total > 0 ? sum / total : absent;
}

void add_second_look(Fused& fused, const std::vector<double>& values, double weight,
                     const Retrieved& retrieved, std::span<std::size_t> order) {
  fused.wanted = fused.scores;
  fused.second.assign(fused.scores.size(), absent);
  fused.second_weight = weight;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const auto i = order[at];
    fused.second[i] = std::clamp(values[at], 0.0, 1.0);
    fused.scores[i] += (1 - fused.wanted[i]) * weight * fused.second[i];
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (fused.scores[a] != fused.scores[b]) return fused.scores[a] > fused.scores[b];
    return retrieved.documents[a] < retrieved.documents[b];
  });
}

double picture_scale(double cosine, bool of_words, const RankingWeights& weights) {
  const double low = of_words ? weights.picture_words_low : weights.picture_low;
  const double high = of_words ? weights.picture_words_high : weights.picture_high;
  constexpr double at_low = 0.05;
  const double at_high = high < 1 ? 0.95 : 1;
  const auto between = [&](double from, double to, double from_value, double to_value) {
    return from_value + (to_value - from_value) * (cosine - from) / (to - from);
  };
  if (cosine <= -1) return 0;
  if (cosine >= 1) return 1;
  if (cosine < low) return between(-1, low, 0, at_low);
  return cosine < high ? between(low, high, at_low, at_high) : between(high, 1, at_high, 1);
}

void add_pictures(Fused& fused, const Retrieved& retrieved, std::size_t field,
                  const PictureQuestion& question, const RankingWeights& weights, bool alone) {
  const auto& column = retrieved.similarities.at(field);
  fused.picture.assign(fused.scores.size(), 0);
  fused.picture_weight = 1 - text_share(&question, alone);
  for (std::size_t i = 0; i < fused.scores.size(); ++i) {
    if (!column.empty() && !std::isnan(column[i]))
      fused.picture[i] = picture_scale(static_cast<double>(column[i]), question.of_words, weights);
    fused.scores[i] = (1 - fused.picture_weight) * fused.scores[i] + fused.picture_weight * fused.picture[i];
  }
}

void take_unwanted(Fused& fused, std::vector<double> share) {
  for (std::size_t i = 0; i < share.size(); ++i) fused.scores[i] *= 1 - share[i];
  fused.unwanted = std::move(share);
}

namespace {

// sum of w * s over the fields the creator has, w normalised over those.
double semantic_score(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights,
                      std::size_t i) {
  double sum = 0, total = 0;
  for (std::size_t f = 0; f < retrieved.similarities.size(); ++f) {
    if (!of_texts(schema, f) || retrieved.similarities[f].empty() || std::isnan(retrieved.similarities[f][i]))
      continue;
    const double weight = vector_weight(weights, schema.vectors[f].name);
    sum += weight * scaled(static_cast<double>(retrieved.similarities[f][i]), weights);
    total += weight;
  }
  return total > 0 ? sum / total : absent;
}

// What each part weighs for one candidate; adds up to 1.
struct Shares {
  double keyword = 0, semantic = 0, quality = 0;
};

Shares shares(const RankingWeights& weights, SearchMode mode, bool text, bool has_vector) {
  if (!text) return {0, 0, 1};
  Shares out{mode == SearchMode::semantic ? 0 : weights.alpha, mode == SearchMode::keyword ? 0 : weights.beta,
             weights.gamma};
  // Not knowing a creator's meaning must not count against it: the words speak for that share as well.
  if (!has_vector && mode == SearchMode::hybrid) {
    out.keyword += out.semantic;
    out.semantic = 0;
  }
  const double total = out.keyword + out.semantic + out.quality;
  if (total <= 0) return {0, 0, 0};
  return {out.keyword / total, out.semantic / total, out.quality / total};
}

// Rank of every candidate by a column, best 1; candidates without a positive value have rank 0. Equal values
// share a rank.
std::vector<std::size_t> ranks(const std::vector<double>& column) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < column.size(); ++i)
    if (column[i] > 0) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return column[a] != column[b] ? column[a] > column[b] : a < b;
  });
  std::vector<std::size_t> out(column.size(), 0);
  for (std::size_t at = 0; at < order.size(); ++at)
    out[order[at]] = at > 0 && column[order[at]] == column[order[at - 1]] ? out[order[at - 1]] : at + 1;
  return out;
}

// 1 / (k + rank), scaled so that rank 1 gives 1.
double reciprocal(std::size_t rank, double k) {
  return rank == 0 ? 0 : (k + 1) / (k + static_cast<double>(rank));
}

}  // namespace

double best_left_out(double nearest, const RankingWeights& weights, SearchMode mode) {
  if (mode == SearchMode::rrf) return 1;  // ranks are not bounded by what lies before them
  const auto share = shares(weights, mode, true, true);
  return share.semantic * scaled(nearest, weights) + share.quality;
}

double best_without_text(const RankingWeights& weights, SearchMode mode) {
  return mode == SearchMode::rrf ? 0 : shares(weights, mode, true, false).quality;
}

Fused fuse(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights, SearchMode mode,
           bool text) {
  Fused out;
  const auto count = retrieved.documents.size();
  out.scores.resize(count);
  out.keyword.resize(count, 0);
  out.semantic.resize(count, absent);
  out.quality = retrieved.numbers.at("quality");
  for (auto& quality : out.quality) quality = std::isnan(quality) ? 0 : std::clamp(quality, 0.0, 1.0);
  for (std::size_t i = 0; i < count && text; ++i) {
    out.keyword[i] = keyword_score(retrieved, weights, i);
    out.semantic[i] = semantic_score(retrieved, schema, weights, i);
  }
  if (mode == SearchMode::rrf && text) {
    const auto by_words = ranks(out.keyword), by_meaning = ranks(out.semantic);
    for (std::size_t i = 0; i < count; ++i) {
      out.keyword[i] = reciprocal(by_words[i], weights.rrf_k);
      out.semantic[i] = reciprocal(by_meaning[i], weights.rrf_k);
      out.scores[i] = (out.keyword[i] + out.semantic[i]) / 2;
    }
    return out;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool has_vector = !std::isnan(out.semantic[i]);
    const auto share = shares(weights, mode, text, has_vector);
    out.scores[i] = share.keyword * out.keyword[i] + share.quality * out.quality[i] +
                    (has_vector ? share.semantic * out.semantic[i] : 0);
  }
  return out;
}

std::vector<ScorePart> score_parts(const Retrieved& retrieved, const Schema& schema,
                                   const RankingWeights& weights, SearchMode mode, bool text,
                                   const Fused& fused, std::size_t i) {
  const bool has_vector = !std::isnan(fused.semantic[i]);
  auto share =
      mode == SearchMode::rrf && text ? Shares{0.5, 0.5, 0} : shares(weights, mode, text, has_vector);
  for (auto* part : {&share.keyword, &share.semantic, &share.quality}) *part *= 1 - fused.picture_weight;
  std::vector<ScorePart> out;
  ScorePart keyword{"keyword", fused.keyword[i], share.keyword, {}};
  if (retrieved.name_match[i] > 0)
    keyword.details.emplace_back("name match", static_cast<double>(retrieved.name_match[i]));
  ScorePart semantic{"semantic", has_vector ? fused.semantic[i] : 0, share.semantic, {}};
  for (std::size_t f = 0; f < retrieved.similarities.size(); ++f)
    if (of_texts(schema, f) && !retrieved.similarities[f].empty() &&
        !std::isnan(retrieved.similarities[f][i]))
      semantic.details.emplace_back(schema.vectors[f].name,
                                    static_cast<double>(retrieved.similarities[f][i]));
  out.push_back(std::move(keyword));
  out.push_back(std::move(semantic));
  out.push_back({"quality", fused.quality[i], share.quality, {}});
  if (!fused.picture.empty()) {
    ScorePart picture{"picture", fused.picture[i], fused.picture_weight, {}};
    const auto field = picture_field_of(schema);
    if (field && !retrieved.similarities[*field].empty() && !std::isnan(retrieved.similarities[*field][i]))
      picture.details.emplace_back("cosine: nearest picture",
                                   static_cast<double>(retrieved.similarities[*field][i]));
    out.push_back(std::move(picture));
  }
  if (!fused.unwanted.empty()) {
    double before = 0;
    for (const auto& part : out) before += part.value * part.weight;
    out.push_back({"unwanted", fused.unwanted[i], -before, {}});
  }
  if (!fused.second.empty() && !std::isnan(fused.second[i]))
    out.push_back({"rerank", fused.second[i], (1 - fused.wanted[i]) * fused.second_weight, {}});
  return out;
}

}  // namespace cdx
