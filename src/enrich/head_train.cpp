#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/hash.h"
#include "enrich/head.h"
#include "enrich/head_features.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr std::size_t batch_size = 32;
constexpr float adam_first = 0.9F, adam_second = 0.999F, adam_least = 1e-8F;  // Kingma and Ba 2015

// SplitMix64, so that the order of examples is the same on every machine.
class Dice {
 public:
  std::size_t below(std::size_t n) {
    auto x = state_ += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((x ^ (x >> 31U)) % n);
  }

 private:
  std::uint64_t state_ = 20;
};

struct Sample {
  std::vector<std::pair<std::uint32_t, float>> features;  // column and value: evidence, words, meaning, one
  std::size_t niche = 0;
  bool says_nothing = false;
  float weight = 1;
};

}  // namespace

// One variant at a time: all weights of a class in one row, Adam over small batches.
class HeadTrainer {
 public:
  HeadTrainer(std::span<const HeadExample> examples, const HeadOptions& options,
              std::vector<std::string> classes)
      : examples_(examples), options_(options), classes_(std::move(classes)) {
    for (const auto& example : examples_)
      features_.push_back(head_features(*example.profile, guess_niches(*example.profile), classes_));
  }

  Result<NicheHead> train(const Call& call) {
    NicheHead out;
    out.classes_ = classes_;
    out.space_ = options_.space;
    for (const bool with_meaning : {false, true}) {
      CDX_TRY(fit(call, with_meaning));
      auto& variant = out.variant_[with_meaning ? 1 : 0];
      variant.evidence = block(0, evidence_columns());
      variant.words = block(evidence_columns(), word_buckets);
      variant.meaning = block(evidence_columns() + word_buckets, with_meaning ? options_.dimension : 0);
      for (std::size_t row = 0; row < classes_.size(); ++row)
        variant.bias.push_back(weights_[row * columns_ + columns_ - 1]);
      variant.temperature =
          static_cast<float>(with_meaning ? options_.temperature_meaning : options_.temperature_words);
      for (const auto& [asked, right] :
           with_meaning ? options_.calibration_meaning : options_.calibration_words) {
        variant.asked.push_back(asked);
        variant.right.push_back(right);
      }
    }
    return NicheHead::read(out.bytes());  // what will be read is what is handed out, hash included
  }

 private:
  std::size_t evidence_columns() const { return classes_.size() * 2; }

  std::vector<Sample> samples(bool with_meaning) const {
    std::vector<Sample> out;
    for (std::size_t i = 0; i < examples_.size(); ++i) {
      const auto& example = examples_[i];
      if (with_meaning && example.meaning.empty()) continue;
      Sample sample;
      for (std::size_t column = 0; column < features_[i].evidence.size(); ++column)
        if (features_[i].evidence[column] != 0)
          sample.features.emplace_back(static_cast<std::uint32_t>(column), features_[i].evidence[column]);
      for (const auto& [bucket, value] : features_[i].words)
        sample.features.emplace_back(static_cast<std::uint32_t>(evidence_columns()) + bucket, value);
      if (with_meaning)
        for (std::size_t column = 0; column < example.meaning.size(); ++column)
          sample.features.emplace_back(static_cast<std::uint32_t>(evidence_columns() + word_buckets + column),
                                       example.meaning[column]);
      sample.features.emplace_back(static_cast<std::uint32_t>(columns_ - 1), 1.0F);
      sample.says_nothing = example.niche.empty();
      sample.niche = static_cast<std::size_t>(std::find(classes_.begin(), classes_.end(), example.niche) -
                                              classes_.begin());
      sample.weight = static_cast<float>(example.weight);
      out.push_back(std::move(sample));
    }
    return out;
  }

  float decay_of(std::size_t column) const {
    if (column < evidence_columns()) return static_cast<float>(options_.decay_evidence);
    if (column < evidence_columns() + word_buckets) return static_cast<float>(options_.decay_words);
    return column + 1 == columns_ ? 0.0F : static_cast<float>(options_.decay_meaning);
  }

  Status fit(const Call& call, bool with_meaning) {
    columns_ = evidence_columns() + word_buckets + (with_meaning ? options_.dimension : 0) + 1;
    const auto all = samples(with_meaning);
    const std::size_t size = columns_ * classes_.size();
    weights_.assign(size, 0);
    first_.assign(size, 0);
    second_.assign(size, 0);
    gradient_.assign(size, 0);
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Dice dice;
    std::size_t step = 0;
    for (std::size_t round = 0; round < options_.rounds; ++round) {
      for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice.below(i)]);
      const double rate =
          options_.rate * (1 - static_cast<double>(round) / static_cast<double>(options_.rounds));
      for (std::size_t at = 0; at < order.size(); at += batch_size) {
        CDX_TRY(call.check());
        const auto end = std::min(order.size(), at + batch_size);
        for (std::size_t i = at; i < end; ++i) learn(all[order[i]], 1.0F / static_cast<float>(end - at));
        update(static_cast<float>(rate), ++step);
      }
    }
    return {};
  }

  void learn(const Sample& sample, float share) {
    std::vector<float> scores(classes_.size(), 0);
    for (std::size_t row = 0; row < scores.size(); ++row)
      for (const auto& [column, value] : sample.features)
        scores[row] += weights_[row * columns_ + column] * value;
    const float highest = *std::max_element(scores.begin(), scores.end());
    float total = 0;
    for (auto& score : scores) total += score = std::exp(score - highest);
    const float even = 1.0F / static_cast<float>(classes_.size());
    for (std::size_t row = 0; row < scores.size(); ++row) {
      const float wanted = sample.says_nothing ? even : row == sample.niche ? 1.0F : 0.0F;
      const float error = (scores[row] / total - wanted) * sample.weight * share;
      for (const auto& [column, value] : sample.features) {
        const auto cell = row * columns_ + column;
        gradient_[cell] += error * value;
      }
    }
    for (const auto& [column, value] : sample.features) touched_.insert(column);
  }

  // Only columns that the batch touched move; decay is applied with them.
  void update(float rate, std::size_t step) {
    const float correct_first = 1 - std::pow(adam_first, static_cast<float>(step));
    const float correct_second = 1 - std::pow(adam_second, static_cast<float>(step));
    for (const auto column : touched_) {
      const float decay = decay_of(column);
      for (std::size_t row = 0; row < classes_.size(); ++row) {
        const auto cell = row * columns_ + column;
        const float slope = gradient_[cell] + decay * weights_[cell];
        first_[cell] = adam_first * first_[cell] + (1 - adam_first) * slope;
        second_[cell] = adam_second * second_[cell] + (1 - adam_second) * slope * slope;
        weights_[cell] -=
            rate * (first_[cell] / correct_first) / (std::sqrt(second_[cell] / correct_second) + adam_least);
        gradient_[cell] = 0;
      }
    }
    touched_.clear();
  }

  NicheHead::Block block(std::size_t from, std::size_t columns) const {
    NicheHead::Block out;
    out.columns = columns;
    for (std::size_t row = 0; row < classes_.size(); ++row) {
      float largest = 0;
      for (std::size_t i = 0; i < columns; ++i)
        largest = std::max(largest, std::fabs(weights_[row * columns_ + from + i]));
      const float scale = largest > 0 ? largest / 127 : 1;
      out.scales.push_back(scale);
      for (std::size_t i = 0; i < columns; ++i)
        out.values.push_back(
            static_cast<std::int8_t>(std::lround(weights_[row * columns_ + from + i] / scale)));
    }
    return out;
  }

  std::span<const HeadExample> examples_;
  const HeadOptions& options_;
  std::vector<std::string> classes_;
  std::vector<HeadFeatures> features_;
  std::size_t columns_ = 0;
  std::vector<float> weights_, first_, second_, gradient_;
  std::set<std::uint32_t> touched_;
};

Result<NicheHead> train_head(const Call& call, std::span<const HeadExample> examples,
                             const HeadOptions& options) {
  std::vector<std::string> classes;
  for (const auto& niche : vocab::niches())
    if (niche.parent.empty()) classes.push_back(niche.key);
  std::set<std::string> seen;
  for (const auto& example : examples) {
    if (!example.meaning.empty() && example.meaning.size() != options.dimension)
      return fail(ErrorKind::invalid, "a vector has " + std::to_string(example.meaning.size()) +
                                          " numbers instead of " + std::to_string(options.dimension));
    if (example.niche.empty()) continue;
    if (std::find(classes.begin(), classes.end(), example.niche) == classes.end())
      return fail(ErrorKind::invalid, "\"" + example.niche + "\" is no niche of the top level");
    seen.insert(example.niche);
  }
  if (seen.size() < 2) return fail(ErrorKind::invalid, "there are no examples of two niches");
  return HeadTrainer(examples, options, std::move(classes)).train(call);
}

}  // namespace cdx::enrich
