#include "search/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "search/synonyms.h"
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
  for (const auto& [low, high] : {std::pair{weights.picture_low, weights.picture_high},
                                  std::pair{weights.picture_words_low, weights.picture_words_high}})
    if (!(low > -1 && low < high && high <= 1))
      return refuse("/fusion",
                    "cosines of pictures must lie between -1 and 1, the low one below the high one");
  if (!(weights.saturation > 0) || weights.cosine_high <= weights.cosine_low || !(weights.rrf_k > 0))
    return refuse("/fusion", "saturation and rrf_k must be positive and cosine_high above cosine_low");
  return {};
}

Status check_fields(const Query& query, const Schema& schema) {
  for (std::size_t i = 0; i < query.facets.size(); ++i)
    if (!knows(schema.keywords, query.facets[i]))
      return refuse(fmt::format("/facets/{}", i), fmt::format("there is no facet \"{}\"", query.facets[i]));
  for (std::size_t i = 0; i < query.sort.size(); ++i)
    if (query.sort[i].field != "score" && query.sort[i].field != name_field &&
        !knows(schema.numbers, query.sort[i].field))
      return refuse(fmt::format("/sort/{}/field", i),
                    fmt::format("cannot sort by \"{}\"", query.sort[i].field));
  if (const auto fits = validate(query.filter, schema); !fits) return refuse("/filter", fits.error().message);
  return {};
}

Status check_picture(const PictureQuestion& picture, const Schema& schema) {
  const auto field = picture_field_of(schema);
  if (!field)
    return fail(ErrorKind::unsupported,
                "/picture: the index holds no pictures; `creatordex model switch layout` begins with them");
  if (picture.space != schema.vectors[*field].space)
    return fail(ErrorKind::conflict,
                fmt::format("/picture: is of the space {}; the index holds pictures of {}", picture.space,
                            schema.vectors[*field].space));
  const auto dimension = schema.vectors[*field].dimension;
  if (picture.vector.size() != dimension)
    return refuse("/picture", fmt::format("has {} values; the space has {} dimensions", picture.vector.size(),
                                          dimension));
  double square = 0;
  for (const float x : picture.vector) square += static_cast<double>(x) * static_cast<double>(x);
  if (!(std::abs(square - 1) <= 1e-3)) return refuse("/picture", "is no vector of length 1");
  if (!(picture.weight >= 0 && picture.weight <= 1))
    return refuse("/picture/weight", "must be between 0 and 1");
  return {};
}

Status check(const Query& query, const Schema& schema, const SearcherOptions& options) {
  if (query.limit < 1 || query.limit > 100) return refuse("/limit", "must be between 1 and 100");
  if (query.text.size() > options.longest_text)
    return refuse("/q", fmt::format("is longer than {} bytes", options.longest_text));
  if (query.min_score && !(*query.min_score >= 0 && *query.min_score <= 1))
    return refuse("/fusion/min_score", "must be between 0 and 1");
  if (query.weights) CDX_TRY(check_weights(*query.weights));
  if (query.picture) CDX_TRY(check_picture(*query.picture, schema));
  return check_fields(query, schema);
}

// Holds for a text with these words side by side; for any document when there are none.
Filter phrase_filter(std::string_view phrase) {
  std::vector<std::string> terms;
  for (auto& token : text::analyse(phrase)) terms.push_back(std::move(token.term));
  return terms.empty() ? Filter{} : Filter::phrase_in("", std::move(terms));
}

// Conditions go into the filter; what was said softly is left to be weighed.
Filter read_chips(const Query& query, SearchPlan& plan) {
  std::vector<Filter> conditions{query.filter};
  const auto& chips = plan.understood.chips;
  for (std::size_t i = 0; i < chips.size(); ++i) {
    if (chips[i].soft) {
      plan.unwanted.push_back({i, chips[i].excluded_text, words_of(chips[i].excluded_text)});
      for (auto& word : plan.unwanted.back().words)
        word.surface.clear();  // no typos: nobody is to lose by one
      continue;
    }
    conditions.push_back(chips[i].filter);
    if (!chips[i].excluded_text.empty())
      conditions.push_back(Filter::none_of(phrase_filter(chips[i].excluded_text)));
  }
  for (const auto& phrase : plan.understood.phrases) conditions.push_back(phrase_filter(phrase));
  return canonical(Filter::all_of(std::move(conditions)));
}

}  // namespace

namespace {

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Other words for the ones asked: readings of the same word where one word stands for one or several, words
// of their own with a share of the weight where several stand for one.
void add_synonyms(const Synonyms& synonyms, std::string_view rest, std::vector<Retrieval::Word>& words,
                  SearchPlan& plan) {
  plan.synonyms = synonyms.version();
  for (const auto& found : synonyms.in(rest)) {
    for (const auto& other : found.others) {
      for (const auto& term : other) plan.terms.insert(term);
      if (other.size() > 1) {
        for (const auto& term : other)
          if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return word.term == term; }))
            words.push_back({term, "", synonym_factor / static_cast<double>(other.size())});
        continue;
      }
      for (auto& word : words)
        if (std::find(found.terms.begin(), found.terms.end(), word.term) != found.terms.end() &&
            word.also.size() < most_synonyms)
          word.also.push_back({other.front(), synonym_factor});
    }
    plan.synonyms_note += fmt::format("{}{}", plan.synonyms_note.empty() ? "" : "; ", found.said);
  }
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

std::vector<float> unit_mean(const std::vector<std::vector<float>>& rows) {
  std::vector<float> sum;
  for (const auto& row : rows) {
    sum.resize(row.size(), 0.0F);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += row[i];
  }
  double square = 0;
  for (const float x : sum) square += static_cast<double>(x) * static_cast<double>(x);
  if (square <= 0) return {};
  for (auto& x : sum) x = static_cast<float>(static_cast<double>(x) / std::sqrt(square));
  return sum;
}

std::vector<float> mean_of_kind(const Schema& schema, const std::vector<std::vector<float>>& own,
                                std::string_view ending) {
  std::vector<std::vector<float>> rows;
  for (std::size_t f = 0; f < own.size(); ++f)
    if (!own[f].empty() && schema.vectors[f].name.ends_with(ending)) rows.push_back(own[f]);
  return unit_mean(rows);
}

std::vector<std::vector<float>> likeness(const Schema& schema, const std::vector<std::vector<float>>& own) {
  const auto bio = mean_of_kind(schema, own, "_bio"), content = mean_of_kind(schema, own, "_content");
  if (bio.empty() && content.empty()) return {};
  std::vector<std::vector<float>> out;
  for (const auto& field : schema.vectors)
    out.push_back(!field.space.empty() ? std::vector<float>() : field.name.ends_with("_bio") ? bio : content);
  return out;
}

Result<SearchPlan> plan_search(const Query& query, const Schema& schema, const SearcherOptions& options) {
  CDX_TRY(check(query, schema, options));
  SearchPlan plan;
  if (query.understand)
    plan.understood = understand(query.text, query.ignore);
  else
    plan.understood.rest = query.text;

  auto& retrieval = plan.retrieval;
  retrieval.filter = read_chips(query, plan);
  retrieval.facet_fields = query.facets;
  retrieval.number_fields = {"quality"};
  for (const auto& key : query.sort) {
    auto& fields = key.field == name_field ? retrieval.facet_fields : retrieval.number_fields;
    const bool known = std::find(fields.begin(), fields.end(), key.field) != fields.end();
    if (key.field != "score" && !known) fields.push_back(key.field);
  }

  const auto& rest = plan.understood.rest;
  auto words = words_of(rest);
  for (const auto& word : words) plan.terms.insert(word.term);
  plan.word_count = words.size();
  plan.has_text = !words.empty();
  plan.in_vain = !plan.has_text && !blank(query.text) && plan.understood.chips.empty();
  if (!plan.has_text) return plan;
  if (query.mode != SearchMode::semantic) {
    if (options.synonyms != nullptr) add_synonyms(*options.synonyms->current(), rest, words, plan);
    retrieval.words = std::move(words);
    retrieval.name_query = text::fold(rest);
  }
  if (query.mode != SearchMode::keyword) plan.meaning = query.understand ? plan.understood.meaning : rest;
  return plan;
}

RankingWeights weights_for(const RankingWeights& weights, SearchMode mode, std::size_t words) {
  auto out = weights;
  if (mode != SearchMode::hybrid || words > weights.short_words) return out;
  const double shift = std::min(weights.short_shift, weights.alpha);
  out.alpha -= shift;
  out.beta += shift;
  return out;
}

}  // namespace cdx
