#include "search/negation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "search/fuse.h"

namespace cdx {
namespace {

constexpr double meaning_at_most = 0.8, meaning_width = 0.2;
constexpr double words_from = 0.1, words_full = 0.5;
constexpr double named_share = 0.8;

double ramp(double x, double from, double to) { return std::clamp((x - from) / (to - from), 0.0, 1.0); }

bool names_it(std::string_view field) { return field == "name" || field == "handle" || field == "niche"; }

// Sets words and named of one candidate from the parts of its score for the unwanted words. The summary
// repeats other fields, so it says nothing of its own.
void read_parts(const std::vector<WordPart>& parts, std::size_t words, double limit, Objection& out) {
  std::set<std::string_view> held, named;
  double score = 0;
  for (const auto& part : parts) {
    if (part.field == "summary") continue;
    score += part.score;
    held.insert(part.term);
    if (names_it(part.field)) named.insert(part.term);
  }
  if (limit <= 0 || held.empty()) return;
  out.words = ramp(score / limit * (held.size() < words ? 0.5 : 1.0), words_from, words_full);
  out.named = named.size() >= words;
}

Status weigh_words(const Call& call, const SearchView& view, const SearchPlan& plan, const Unwanted& unwanted,
                   const Retrieved& retrieved, std::vector<Objection>& out) {
  if (unwanted.words.empty()) return {};
  Retrieval question;
  question.words = unwanted.words;
  question.filter = plan.retrieval.filter;
  question.word_depth = 1;  // only what the words can score at most is asked
  CDX_TRY_LET(const auto having, view.retrieve(call, question));
  CDX_TRY_LET(const auto parts, view.word_parts(call, question, retrieved.documents));
  for (std::size_t i = 0; i < parts.size(); ++i)
    read_parts(parts[i], unwanted.words.size(), having.bm25_limit, out[i]);
  return {};
}

void weigh_meaning(const std::vector<std::vector<float>>& contrast, const Retrieved& retrieved,
                   const Schema& schema, const RankingWeights& weights, std::vector<Objection>& out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto nearness = mean_cosine(contrast, schema, weights, i);
    const auto asked = mean_cosine(retrieved.similarities, schema, weights, i);
    if (std::isnan(nearness) || std::isnan(asked)) continue;
    out[i].nearness = nearness;
    out[i].asked = asked;
    out[i].compared = true;
  }
}

double share_of(const Objection& one) {
  const double meaning =
      one.compared ? meaning_at_most * ramp(one.nearness - one.asked, 0, meaning_width) : 0;
  return 1 - (1 - meaning) * (1 - one.words) * (1 - (one.named ? named_share : 0));
}

}  // namespace

Result<Objections> weigh_unwanted(const Call& call, const SearchView& view, const SearchPlan& plan,
                                  const Retrieved& retrieved, const RankingWeights& weights) {
  Objections out;
  if (plan.unwanted.empty()) return out;
  out.share.assign(retrieved.documents.size(), 0);
  for (std::size_t u = 0; u < plan.unwanted.size(); ++u) {
    auto& each = out.each.emplace_back(retrieved.documents.size());
    CDX_TRY(weigh_words(call, view, plan, plan.unwanted[u], retrieved, each));
    if (u < retrieved.contrasts.size())
      weigh_meaning(retrieved.contrasts[u], retrieved, view.schema(), weights, each);
    for (std::size_t i = 0; i < each.size(); ++i) {
      each[i].share = share_of(each[i]);
      out.share[i] = 1 - (1 - out.share[i]) * (1 - each[i].share);
    }
  }
  return out;
}

std::vector<std::pair<std::string, double>> describe_objections(const Objections& objections,
                                                                const std::vector<Unwanted>& unwanted,
                                                                std::size_t candidate) {
  std::vector<std::pair<std::string, double>> out;
  for (std::size_t u = 0; u < objections.each.size(); ++u) {
    const auto& one = objections.each[u][candidate];
    const auto& text = unwanted[u].text;
    if (one.compared) {
      out.emplace_back(fmt::format("{}: nearness", text), one.nearness);
      out.emplace_back(fmt::format("{}: nearness to what is asked", text), one.asked);
    }
    if (one.words > 0) out.emplace_back(fmt::format("{}: words", text), one.words);
    if (one.named) out.emplace_back(fmt::format("{}: in name, handle or niche", text), 1);
  }
  return out;
}

}  // namespace cdx
