// The trained head: which top-level niche, from what the word rules found, the words themselves and, where
// there is one, the creator's vector. Part of enrich/enrich.h.
//
// A multinomial logistic regression in two variants, with and without a vector, its weights kept as bytes:
//   p(niche) = softmax((W_e * evidence + W_w * words + W_m * meaning + b) / temperature)
//   evidence  two a niche: ln(1 + its word evidence), and its share of all evidence (guess_niches)
//   words     hashed words and pairs of words of name, bio and titles, unit length
//   meaning   the unit centroid of the creator's vectors
// Promises: pure, deterministic, thread-safe. Never: reads a vector of another space than it was trained on.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "enrich/enrich.h"

namespace cdx::enrich {

// Calibrated confidence from which the words annotator says a niche at all.
inline constexpr double least_niche_confidence = 0.7;

struct NicheProbability {
  std::string key;
  double probability = 0;
};

class NicheHead {
 public:
  // `corrupt` when the bytes are no head, or damaged.
  static Result<NicheHead> read(std::string_view bytes);
  std::string bytes() const;

  // Whether this vector counts: it is of the head's own space, and made of more than a name, or of a name
  // that no category stands beside. Measured: beside a category, the vector of a bare name misleads.
  bool reads(const Profile& profile, std::span<const float> meaning, std::uint64_t space) const;
  // Best first, all classes.
  std::vector<NicheProbability> predict(const Profile& profile, std::span<const NicheGuess> guesses,
                                        std::span<const float> meaning, std::uint64_t space) const;
  // The words of the creator that speak most for `key` and against the others, best first.
  std::vector<Evidence> evidence(const Profile& profile, std::string_view key, std::size_t most) const;
  // What the probability of the best class is worth: the share of such answers that are right.
  double confidence(double probability, bool with_meaning) const;

  std::span<const std::string> classes() const { return classes_; }
  std::uint64_t space() const { return space_; }
  std::uint32_t hash() const { return hash_; }  // of the bytes

 private:
  friend class HeadTrainer;
  static constexpr std::size_t variants = 2;  // 0: words alone, 1: with meaning

  // Rows of int8 with a scale each; a row is one class's weights for one block of features.
  struct Block {
    std::size_t columns = 0;
    std::vector<std::int8_t> values;
    std::vector<float> scales;
    float at(std::size_t row, std::size_t column) const {
      return scales[row] * static_cast<float>(values[row * columns + column]);
    }
  };
  struct Variant {
    Block evidence, words, meaning;
    std::vector<float> bias;
    float temperature = 1;
    // Points of the calibration, both rising: probability and the share that is right.
    std::vector<float> asked, right;
  };

  std::vector<std::string> classes_;
  std::uint64_t space_ = 0;
  std::uint32_t hash_ = 0;
  Variant variant_[variants];
};

// The head that is built in; null when it was trained for another taxonomy than any that it could serve (none
// of its classes is a niche).
const NicheHead* built_in_head();

struct HeadExample {
  const Profile* profile = nullptr;
  std::span<const float> meaning;  // empty: none
  std::string niche;               // top level; empty: the text says nothing, no niche is right
  double weight = 1;
};

struct HeadOptions {
  std::uint64_t space = 0;  // of every `meaning`
  std::size_t dimension = 384;
  std::size_t rounds = 12;
  double rate = 0.02;
  // Weight decay of each block. Hashed words learn phrases of the training text by heart, so they are held
  // down most.
  double decay_evidence = 2e-4, decay_words = 5e-4, decay_meaning = 1e-5;
  double temperature_words = 1, temperature_meaning = 1;
  // (probability, share right) for each variant; none: the probability itself.
  std::vector<std::pair<float, float>> calibration_words, calibration_meaning;
};

// `invalid` without examples of two niches, or for a vector of another dimension. Equal input gives equal
// bytes.
Result<NicheHead> train_head(const Call& call, std::span<const HeadExample> examples,
                             const HeadOptions& options);

}  // namespace cdx::enrich
