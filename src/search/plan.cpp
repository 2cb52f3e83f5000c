#include "search/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text/text.h"

namespace cdx {
namespace {

template <class Fields>
bool knows(const Fields& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
}

Status refuse(std::string_view pointer, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", pointer, reason));
}

Status check_weights(const RankingWeights& weights) {
  for (const double weight : {weights.alpha, weights.beta, weights.gamma})
    if (!std::isfinite(weight) || weight < 0 || weight > 1)
      return refuse("/fusion", "weights must be between 0 and 1");
  if (weights.alpha + weights.beta + weights.gamma <= 0)
    return refuse("/fusion", "some weight must be above 0");
  if (!(weights.saturation > 0) || weights.cosine_high <= weights.cosine_low || !(weights.rrf_k > 0))
    return refuse("/fusion", "saturation and rrf_k must be positive and cosine_high above cosine_low");
  return {};
}

Status check_fields(const Query& query, const Schema& schema) {
  for (std::size_t i = 0; i < query.facets.size(); ++i)
    if (!knows(schema.keywords, query.facets[i]))
      return refuse(fmt::format("/facets/{}", i), fmt::format("there is no facet \"{}\"", query.facets[i]));
  for (std::size_t i = 0; i < query.sort.size(); ++i)
    if (query.sort[i].field != "score" && !knows(schema.numbers, query.sort[i].field))
      return refuse(fmt::format("/sort/{}/field", i),
                    fmt::format("cannot sort by \"{}\"", query.sort[i].field));
  if (const auto fits = validate(query.filter, schema); !fits) return refuse("/filter", fits.error().message);
  return {};
}

Status check(const Query& query, const Schema& schema, const SearcherOptions& options) {
  if (query.limit < 1 || query.limit > 100) return refuse("/limit", "must be between 1 and 100");
  if (query.text.size() > options.longest_text)
    return refuse("/q", fmt::format("is longer than {} bytes", options.longest_text));
  if (query.min_score && !(*query.min_score >= 0 && *query.min_score <= 1))
    return refuse("/fusion/min_score", "must be between 0 and 1");
  if (query.weights) CDX_TRY(check_weights(*query.weights));
  return check_fields(query, schema);
}

std::vector<std::string> terms_of(const std::vector<std::string>& phrases) {
  std::vector<std::string> out;
  for (const auto& phrase : phrases)
    for (auto& token : text::analyse(phrase)) out.push_back(std::move(token.term));
  return out;
}

}  // namespace

std::vector<Retrieval::Word> words_of(std::string_view text) {
  const auto tokens = text::tokens(text);
  const bool content = std::any_of(tokens.begin(), tokens.end(),
                                   [](const text::Token& token) { return !text::is_stop_word(token.term); });
  std::vector<Retrieval::Word> out;
  for (const auto& token : tokens) {
    if (content && text::is_stop_word(token.term)) continue;
    auto term = text::stem(token.term);
    const auto known =
        std::find_if(out.begin(), out.end(), [&](const Retrieval::Word& word) { return word.term == term; });
    if (known != out.end())
      known->weight += 1;
    else
      out.push_back({std::move(term), token.term, 1});
  }
  return out;
}

namespace {

// Unit mean of the vectors of one kind; empty when there are none.
std::vector<float> mean_of_kind(const Schema& schema, const std::vector<std::vector<float>>& own,
                                std::string_view ending) {
  std::vector<float> sum;
  for (std::size_t f = 0; f < own.size(); ++f) {
    if (own[f].empty() || !schema.vectors[f].name.ends_with(ending)) continue;
    sum.resize(own[f].size(), 0.0F);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += own[f][i];
  }
  double square = 0;
  for (const float x : sum) square += static_cast<double>(x) * static_cast<double>(x);
  if (square <= 0) return {};
  for (auto& x : sum) x = static_cast<float>(static_cast<double>(x) / std::sqrt(square));
  return sum;
}

}  // namespace

std::vector<std::vector<float>> likeness(const Schema& schema, const std::vector<std::vector<float>>& own) {
  const auto bio = mean_of_kind(schema, own, "_bio"), content = mean_of_kind(schema, own, "_content");
  if (bio.empty() && content.empty()) return {};
  std::vector<std::vector<float>> out;
  for (const auto& field : schema.vectors) out.push_back(field.name.ends_with("_bio") ? bio : content);
  return out;
}

Result<SearchPlan> plan_search(const Query& query, const Schema& schema, const SearcherOptions& options) {
  CDX_TRY(check(query, schema, options));
  SearchPlan plan;
  if (query.understand)
    plan.understood = understand(query.text, query.ignore);
  else
    plan.understood.rest = query.text;

  std::vector<Filter> conditions{query.filter};
  for (const auto& chip : plan.understood.chips) {
    conditions.push_back(chip.filter);
    if (!chip.excluded_terms.empty()) plan.excluded.push_back(chip.excluded_terms);
  }
  plan.required = terms_of(plan.understood.phrases);

  auto& retrieval = plan.retrieval;
  retrieval.filter = canonical(Filter::all_of(std::move(conditions)));
  retrieval.facet_fields = query.facets;
  retrieval.number_fields = {"quality"};
  for (const auto& key : query.sort)
    if (key.field != "score") retrieval.number_fields.push_back(key.field);

  const auto& rest = plan.understood.rest;
  auto words = words_of(rest);
  for (const auto& word : words) plan.terms.insert(word.term);
  plan.has_text = !words.empty();
  if (!plan.has_text) return plan;
  if (query.mode != SearchMode::semantic) {
    retrieval.words = std::move(words);
    retrieval.name_query = text::fold(rest);
  }
  if (query.mode != SearchMode::keyword) plan.meaning = rest;
  return plan;
}

}  // namespace cdx
