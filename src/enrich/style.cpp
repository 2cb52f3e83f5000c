#include <set>
#include <unordered_map>

#include "enrich/parts.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr double least_score = 2;     // hits, so that one chance word decides nothing
constexpr double least_margin = 1.5;  // over the second
constexpr double prior = 1;           // hits in favour of no style at all
constexpr std::size_t most_items = 50, most_evidence = 6;

// Stemmed phrases of up to three words to the styles they speak for.
const std::unordered_map<std::string, std::vector<std::size_t>>& lexicon() {
  static const auto table = [] {
    std::unordered_map<std::string, std::vector<std::size_t>> out;
    const auto styles = vocab::styles();
    for (std::size_t i = 0; i < styles.size(); ++i)
      for (const auto& words : styles[i].words) {
        std::string key;
        for (const auto& token : text::analyse(words)) key += (key.empty() ? "" : " ") + token.term;
        auto& owners = out[key];
        if (owners.empty() || owners.back() != i) owners.push_back(i);
      }
    return out;
  }();
  return table;
}

struct Scores {
  std::vector<double> values;
  std::vector<std::vector<Evidence>> evidence;  // empty: not wanted
};

void count(Scores& scores, std::string_view field, std::string_view text, double weight) {
  const auto tokens = text::analyse(text::clip(text, 4'000));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string key;
    for (std::size_t j = i; j < tokens.size() && j < i + 3; ++j) {
      key += (key.empty() ? "" : " ") + tokens[j].term;
      const auto it = lexicon().find(key);
      if (it == lexicon().end() || !seen.insert(key).second) continue;
      for (const auto style : it->second) {
        scores.values[style] += weight / static_cast<double>(it->second.size());
        if (scores.evidence.empty()) continue;
        auto& evidence = scores.evidence[style];
        if (evidence.size() < most_evidence)
          evidence.push_back({std::string(field),
                              std::string(text.substr(tokens[i].begin, tokens[j].end - tokens[i].begin))});
      }
    }
  }
}

std::optional<Judgement> judge(const Profile& profile, bool with_evidence) {
  Scores scores{std::vector<double>(vocab::styles().size(), 0),
                std::vector<std::vector<Evidence>>(with_evidence ? vocab::styles().size() : 0)};
  for (const auto& account : profile.accounts) {
    count(scores, "bio", value_or(account.name, std::string()), 1);
    count(scores, "bio", value_or(account.bio, std::string()), 1);
  }
  for (std::size_t i = 0; i < profile.items.size() && i < most_items; ++i)
    count(scores, "content", profile.items[i].title, 0.7);
  const auto& values = scores.values;
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] > values[best]) best = i;
  double second = 0, all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    all += values[i];
    if (i != best) second = std::max(second, values[i]);
  }
  if (values[best] < least_score || values[best] < least_margin * second) return std::nullopt;
  return Judgement{"style", vocab::styles()[best].key, values[best] / (all + prior),
                   with_evidence ? std::move(scores.evidence[best]) : std::vector<Evidence>()};
}

}  // namespace

std::optional<Judgement> judge_style(const Profile& profile) { return judge(profile, true); }

std::string guess_style(const Profile& profile) {
  const auto judged = judge(profile, false);
  return judged ? judged->value : std::string();
}

}  // namespace cdx::enrich
