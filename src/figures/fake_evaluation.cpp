#include "figures/fake_evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>

namespace cdx::figures {
namespace {

constexpr std::size_t bins = 10;

// Share of pairs of a fake and a real account in which the fake one has the higher probability; ties count
// half.
double area(std::vector<Prediction> sorted) {
  std::sort(sorted.begin(), sorted.end(),
            [](const Prediction& a, const Prediction& b) { return a.probability < b.probability; });
  double fakes = 0, reals = 0, ranks = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    auto end = i;
    double tied_fakes = 0;
    while (end < sorted.size() && sorted[end].probability == sorted[i].probability)
      tied_fakes += sorted[end++].fake ? 1 : 0;
    ranks += tied_fakes * (static_cast<double>(i + end) + 1) / 2;
    fakes += tied_fakes;
    reals += static_cast<double>(end - i) - tied_fakes;
    i = end;
  }
  if (fakes == 0 || reals == 0) return 0.5;
  return (ranks - fakes * (fakes + 1) / 2) / (fakes * reals);
}

Result<std::vector<Prediction>> predictions(const Call& call, const FakeModel& model,
                                            std::span<const LabelledAccount> rows) {
  std::vector<FakeFeatures> features;
  for (const auto& row : rows) features.push_back(row.features);
  CDX_TRY_LET(const auto chances, model.probabilities(call, features));
  std::vector<Prediction> out;
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back({chances[i], rows[i].fake});
  return out;
}

struct Split {
  std::vector<LabelledAccount> train, test;
};
template <class Belongs>
Split split(std::span<const LabelledAccount> rows, Belongs&& to_test) {
  Split out;
  for (std::size_t i = 0; i < rows.size(); ++i) (to_test(i) ? out.test : out.train).push_back(rows[i]);
  return out;
}

}  // namespace

FakeScores score(std::span<const Prediction> all) {
  FakeScores out;
  out.rows = all.size();
  out.auc = area({all.begin(), all.end()});
  for (std::size_t i = 0; i < bins; ++i)
    out.reliability.push_back({static_cast<double>(i) / bins, static_cast<double>(i + 1) / bins, 0, 0, 0});
  for (const auto& one : all) {
    const double hit = one.fake ? 1 : 0;
    out.fakes += one.fake ? 1U : 0U;
    out.brier += (one.probability - hit) * (one.probability - hit) / static_cast<double>(all.size());
    auto& bin = out.reliability[std::min(static_cast<std::size_t>(one.probability * bins), bins - 1)];
    ++bin.count;
    bin.predicted += one.probability;
    bin.seen += hit;
  }
  for (auto& bin : out.reliability) {
    if (bin.count == 0) continue;
    out.calibration_error += std::abs(bin.predicted - bin.seen) / static_cast<double>(all.size());
    bin.predicted /= static_cast<double>(bin.count);
    bin.seen /= static_cast<double>(bin.count);
  }
  return out;
}

std::vector<std::size_t> stratified(std::span<const LabelledAccount> rows, std::size_t count,
                                    std::uint64_t seed) {
  std::vector<std::size_t> order(rows.size()), out(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 dice(seed);
  // Not std::shuffle, whose course differs between libraries.
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[dice() % i]);
  std::array<std::size_t, 2> next{};
  for (const auto i : order) out[i] = next[rows[i].fake ? 1 : 0]++ % count;
  return out;
}

Result<HeldOut> evaluate_held_out(const Call& call, std::span<const LabelledAccount> rows,
                                  const FakeTrainer& trainer, std::uint64_t seed, std::size_t splits) {
  HeldOut out;
  constexpr std::size_t folds = 5;
  const auto fold_of = stratified(rows, folds, seed);
  std::vector<Prediction> all;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    const auto parts = split(rows, [&](std::size_t i) { return fold_of[i] == fold; });
    CDX_TRY_LET(const auto model, trainer(call, parts.train));
    CDX_TRY_LET(const auto own, predictions(call, *model, parts.test));
    all.insert(all.end(), own.begin(), own.end());
  }
  out.folds = score(all);
  for (std::size_t i = 0; i < splits; ++i) {
    const auto part_of = stratified(rows, 10, seed + 1 + i);
    const auto parts = split(rows, [&](std::size_t row) { return part_of[row] < 3; });
    CDX_TRY_LET(const auto model, trainer(call, parts.train));
    CDX_TRY_LET(const auto own, predictions(call, *model, parts.test));
    out.split_auc.push_back(score(own).auc);
  }
  return out;
}

Result<FakeScores> evaluate_across(const Call& call, std::span<const LabelledAccount> train,
                                   std::span<const LabelledAccount> test, const FakeTrainer& trainer) {
  CDX_TRY_LET(const auto model, trainer(call, train));
  CDX_TRY_LET(const auto all, predictions(call, *model, test));
  return score(all);
}

}  // namespace cdx::figures
