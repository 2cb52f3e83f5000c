#include "enrich/head_features.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "base/hash.h"
#include "enrich/parts.h"

namespace cdx::enrich {
namespace {

constexpr std::size_t longest_field = 2'000, most_items = 20;

std::uint32_t bucket_of(std::string_view word) {
  return static_cast<std::uint32_t>(hash64(word, 0x6e69636865ULL) % word_buckets);
}

template <class Take>
void each_word(std::string_view text, const Take& take) {
  const auto whole = text::clip(text, longest_field);
  const auto tokens = plain_tokens(whole);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (text::is_stop_word(tokens[i].term)) continue;
    take(tokens[i].term, whole.substr(tokens[i].begin, tokens[i].end - tokens[i].begin));
    if (i + 1 < tokens.size() && !text::is_stop_word(tokens[i + 1].term) &&
        tokens[i + 1].end > tokens[i].begin)
      take(tokens[i].term + ' ' + tokens[i + 1].term,
           whole.substr(tokens[i].begin, tokens[i + 1].end - tokens[i].begin));
  }
}

// Every word of the creator with the weight of where it stands: many posts weigh like a few bios.
template <class Take>
void each_weighted_word(const Profile& profile, const Take& take) {
  for (const auto& account : profile.accounts) {
    for (const auto* field : {&account.name, &account.bio})
      each_word(value_or(*field, std::string()),
                [&](const std::string& word, std::string_view surface) { take("bio", word, surface, 1.0F); });
  }
  const auto items = std::min(profile.items.size(), most_items);
  const auto weight = static_cast<float>(2 / std::sqrt(static_cast<double>(items) + 3));
  for (std::size_t i = 0; i < items; ++i)
    each_word(profile.items[i].title, [&](const std::string& word, std::string_view surface) {
      take("content", word, surface, weight);
    });
}

}  // namespace

HeadFeatures head_features(const Profile& profile, std::span<const NicheGuess> guesses,
                           std::span<const std::string> classes) {
  HeadFeatures out;
  double none = 1;  // share of the prior in all evidence
  for (const auto& guess : guesses)
    if (guess.key.find('/') == std::string::npos) none -= guess.score;
  none = std::max(none, 1e-6);
  out.evidence.resize(classes.size() * 2, 0);
  for (const auto& guess : guesses) {
    const auto it = std::find(classes.begin(), classes.end(), guess.key);
    if (it == classes.end()) continue;
    const auto at = static_cast<std::size_t>(it - classes.begin()) * 2;
    out.evidence[at] = static_cast<float>(std::log1p(guess.score / none));
    out.evidence[at + 1] = static_cast<float>(guess.score);
  }
  std::map<std::uint32_t, float> words;
  each_weighted_word(profile, [&](std::string_view, const std::string& word, std::string_view, float weight) {
    words[bucket_of(word)] += weight;
  });
  float squares = 0;
  for (auto& [bucket, value] : words) {
    value = std::sqrt(value);
    squares += value * value;
  }
  const float length = squares > 0 ? std::sqrt(squares) : 1;
  for (const auto& [bucket, value] : words) out.words.emplace_back(bucket, value / length);
  return out;
}

std::vector<PlacedWord> placed_words(const Profile& profile) {
  std::vector<PlacedWord> out;
  std::unordered_map<std::uint32_t, std::size_t> seen;
  each_weighted_word(
      profile, [&](std::string_view field, const std::string& word, std::string_view surface, float weight) {
        const auto bucket = bucket_of(word);
        const auto [it, fresh] = seen.emplace(bucket, out.size());
        if (fresh)
          out.push_back({bucket, weight, field, std::string(surface)});
        else
          out[it->second].weight += weight;
      });
  return out;
}

}  // namespace cdx::enrich
