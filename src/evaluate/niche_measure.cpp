#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "enrich/annotate.h"
#include "evaluate/niche.h"
#include "pipeline/embed_missing.h"
#include "vocab/vocab.h"

namespace cdx::evaluate {
namespace {

constexpr std::size_t embed_page = 200, most_items = 20;
constexpr double thresholds[] = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95};
constexpr double coverage = 0.6;

struct Answer {
  std::vector<std::string> best;  // three at most
  double confidence = 0;
  bool said = false, right = false;
};

bool allows(const NicheCase& one, const std::string& key) {
  return std::find(one.right.begin(), one.right.end(), key) != one.right.end();
}

Answer answer_by_rules(const NicheCase& one) {
  Answer out;
  for (const auto& guess : enrich::guess_niches(one.profile)) {
    if (guess.key.find('/') != std::string::npos) continue;
    if (out.best.empty()) out.confidence = guess.score;
    if (out.best.size() < 3) out.best.push_back(guess.key);
  }
  out.said = !enrich::derive(one.profile).primary_niche.empty();
  return out;
}

Answer answer_by_head(const NicheCase& one, const enrich::NicheHead& head, bool with_meaning,
                      std::uint64_t space) {
  Answer out;
  const auto guesses = enrich::guess_niches(one.profile);
  const auto meaning = with_meaning ? std::span<const float>(one.meaning) : std::span<const float>();
  const auto likely = head.predict(one.profile, guesses, meaning, space);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, likely.size()); ++i) out.best.push_back(likely[i].key);
  out.confidence = head.confidence(likely.front().probability, head.reads(one.profile, meaning, space));
  out.said = out.confidence >= enrich::least_niche_confidence;
  return out;
}

NicheFigures figures_of(const std::vector<const NicheCase*>& cases, NicheModel model,
                        const enrich::NicheHead* head, std::uint64_t space) {
  NicheFigures out;
  out.source = cases.front()->source;
  out.held_out = cases.front()->held_out;
  out.model = model;
  out.cases = cases.size();
  const double share = 1 / static_cast<double>(cases.size());
  std::vector<Answer> answers;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto* one : cases)
    answers.push_back(model == NicheModel::rules
                          ? answer_by_rules(*one)
                          : answer_by_head(*one, *head, model == NicheModel::head_meaning, space));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  out.creators_a_second =
      static_cast<std::size_t>(static_cast<double>(cases.size()) / std::max(seconds, 1e-9));
  std::size_t said = 0, said_right = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto& answer = answers[i];
    answer.right = !answer.best.empty() && allows(*cases[i], answer.best[0]);
    out.top1 += answer.right ? share : 0;
    out.main += !answer.best.empty() && answer.best[0] == cases[i]->right[0] ? share : 0;
    out.top3 += std::any_of(answer.best.begin(), answer.best.end(),
                            [&](const auto& key) { return allows(*cases[i], key); })
                    ? share
                    : 0;
    said += answer.said ? 1U : 0U;
    said_right += answer.said && answer.right ? 1U : 0U;
  }
  out.answered = static_cast<double>(said) * share;
  out.answered_right = said == 0 ? 0 : static_cast<double>(said_right) / static_cast<double>(said);
  std::stable_sort(answers.begin(), answers.end(),
                   [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  const auto kept = static_cast<std::size_t>(std::ceil(coverage * static_cast<double>(cases.size())));
  for (std::size_t i = 0; i < kept; ++i)
    out.at_60_percent += answers[i].right ? 1 / static_cast<double>(kept) : 0;
  for (const double threshold : thresholds) {
    std::size_t above = 0, right = 0;
    for (const auto& answer : answers) {
      if (answer.confidence < threshold) break;
      ++above;
      right += answer.right ? 1U : 0U;
    }
    out.reliability.push_back({threshold, static_cast<double>(above) * share,
                               above == 0 ? 0 : static_cast<double>(right) / static_cast<double>(above)});
  }
  return out;
}

// As the enricher makes it: the unit mean of the vectors of all fields.
std::vector<float> meaning_of(const Profile& profile, const TextVectors& vectors) {
  std::vector<float> sum;
  for (const auto& passage : passages_of(profile, most_items)) {
    const auto row = pooled(passage, vectors);
    if (row.empty()) continue;
    sum.resize(row.size(), 0);
    for (std::size_t i = 0; i < row.size(); ++i) sum[i] += row[i];
  }
  double squares = 0;
  for (const float x : sum) squares += static_cast<double>(x) * static_cast<double>(x);
  if (squares <= 0) return {};
  for (auto& x : sum) x = static_cast<float>(static_cast<double>(x) / std::sqrt(squares));
  return sum;
}

}  // namespace

std::string_view name(NicheModel model) {
  if (model == NicheModel::rules) return "rules";
  return model == NicheModel::head_words ? "head, words" : "head, words and meaning";
}

Status add_meanings(const Call& call, Store& vectors, EmbeddingProvider& embedder,
                    std::vector<NicheCase>& cases,
                    const std::function<void(std::size_t done, std::size_t total)>& progress) {
  for (std::size_t at = 0; at < cases.size(); at += embed_page) {
    const auto end = std::min(cases.size(), at + embed_page);
    std::vector<Profile> profiles;
    for (std::size_t i = at; i < end; ++i) profiles.push_back(cases[i].profile);
    CDX_TRY(embed_profiles(call, vectors, embedder, profiles, most_items));
    CDX_TRY_LET(const auto kept, kept_vectors(call, vectors, embedder.model().space(), profiles, most_items));
    for (std::size_t i = at; i < end; ++i) cases[i].meaning = meaning_of(cases[i].profile, kept);
    if (progress) progress(end, cases.size());
  }
  return {};
}

std::vector<NicheFigures> measure_niches(const std::vector<NicheCase>& cases, const enrich::NicheHead* head,
                                         std::uint64_t space) {
  std::map<std::pair<std::string, bool>, std::vector<const NicheCase*>> groups;
  for (const auto& one : cases) groups[{one.source, one.held_out}].push_back(&one);
  std::vector<NicheFigures> out;
  for (const auto& [group, members] : groups) {
    out.push_back(figures_of(members, NicheModel::rules, head, space));
    if (head == nullptr) continue;
    out.push_back(figures_of(members, NicheModel::head_words, head, space));
    const bool any_meaning =
        std::any_of(members.begin(), members.end(), [](const auto* one) { return !one->meaning.empty(); });
    if (head->space() == space && any_meaning)
      out.push_back(figures_of(members, NicheModel::head_meaning, head, space));
  }
  return out;
}

std::vector<RiskFinding> find_risks(const std::vector<NicheCase>& cases) {
  const auto annotator = enrich::make_words_annotator();
  std::vector<RiskFinding> out;
  for (const auto& one : cases) {
    const enrich::AnnotatorInput input{&one.profile, {}, 0};
    const auto answers = annotator->annotate({}, {&input, 1});
    if (!answers || !answers->front()) continue;
    for (const auto& judged : answers->front()->judgements) {
      if (judged.subject != "risk") continue;
      std::string words;
      for (const auto& evidence : judged.evidence) words += (words.empty() ? "" : "; ") + evidence.phrase;
      const auto& account = one.profile.accounts.front();
      out.push_back(
          {value_or(account.name, std::string()), judged.value, std::move(words), judged.confidence});
    }
  }
  return out;
}

enrich::HeadOptions niche_head_options() {
  enrich::HeadOptions out;
  return out;
}

Result<enrich::NicheHead> train_niche_head(const Call& call, const std::vector<NicheCase>& cases,
                                           const enrich::HeadOptions& options) {
  std::vector<enrich::HeadExample> examples;
  for (const auto& one : cases)
    examples.push_back(
        {&one.profile, one.meaning, one.right.empty() ? std::string() : one.right.front(), one.weight});
  return enrich::train_head(call, examples, options);
}

}  // namespace cdx::evaluate
