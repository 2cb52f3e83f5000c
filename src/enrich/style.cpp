#include <set>
#include <unordered_map>

#include "enrich/parts.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr double least_score = 2;     // hits, so that one chance word decides nothing
constexpr double least_margin = 1.5;  // over the second
constexpr std::size_t most_items = 50;

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

void count(std::vector<double>& scores, std::string_view text, double weight) {
  const auto tokens = text::analyse(text::clip(text, 4'000));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string key;
    for (std::size_t j = i; j < tokens.size() && j < i + 3; ++j) {
      key += (key.empty() ? "" : " ") + tokens[j].term;
      const auto it = lexicon().find(key);
      if (it == lexicon().end() || !seen.insert(key).second) continue;
      for (const auto style : it->second) scores[style] += weight / static_cast<double>(it->second.size());
    }
  }
}

}  // namespace

std::string guess_style(const Profile& profile) {
  std::vector<double> scores(vocab::styles().size(), 0);
  for (const auto& account : profile.accounts) {
    count(scores, value_or(account.name, std::string()), 1);
    count(scores, value_or(account.bio, std::string()), 1);
  }
  for (std::size_t i = 0; i < profile.items.size() && i < most_items; ++i)
    count(scores, profile.items[i].title, 0.7);
  std::size_t best = 0;
  for (std::size_t i = 1; i < scores.size(); ++i)
    if (scores[i] > scores[best]) best = i;
  double second = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (i != best) second = std::max(second, scores[i]);
  return scores[best] >= least_score && scores[best] >= least_margin * second ? vocab::styles()[best].key
                                                                              : std::string();
}

}  // namespace cdx::enrich
