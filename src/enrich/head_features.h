// What the head reads of a creator. Inside the enrich room only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enrich/enrich.h"

namespace cdx::enrich {

inline constexpr std::size_t word_buckets = 4096;

struct HeadFeatures {
  std::vector<float> evidence;                         // two a class
  std::vector<std::pair<std::uint32_t, float>> words;  // bucket and value, by bucket; unit length
};

HeadFeatures head_features(const Profile& profile, std::span<const NicheGuess> guesses,
                           std::span<const std::string> classes);

// A word or pair of words as it stands in the text.
struct PlacedWord {
  std::uint32_t bucket = 0;
  float weight = 0;
  std::string_view field;  // "bio", "content"
  std::string surface;
};
std::vector<PlacedWord> placed_words(const Profile& profile);

}  // namespace cdx::enrich
