// How well a model of fake accounts does on accounts it has not seen. Part of figures/figures.h.
//
// AUC by ranks (Mann and Whitney), Brier score, reliability in ten bins and their expected calibration error.
// Pure but for the trainer; equal rows, seed and trainer give equal figures.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "figures/labelled_accounts.h"

namespace cdx::figures {

using FakeTrainer =
    std::function<Result<std::unique_ptr<FakeModel>>(const Call&, std::span<const LabelledAccount>)>;

struct Prediction {
  double probability = 0;
  bool fake = false;
};

struct ReliabilityBin {
  double low = 0, high = 0;
  std::size_t count = 0;
  double predicted = 0, seen = 0;  // means; 0 where there is none
};

struct FakeScores {
  std::size_t rows = 0, fakes = 0;
  double auc = 0, brier = 0;
  double calibration_error = 0;  // expected: mean distance of predicted and seen, by count
  std::vector<ReliabilityBin> reliability;
};
FakeScores score(std::span<const Prediction> predictions);  // auc 0.5 where one class is missing

struct HeldOut {
  FakeScores folds;               // every row predicted by a model that did not see it, five folds
  std::vector<double> split_auc;  // of splits 70 to 30, each stratified and shuffled anew
};
Result<HeldOut> evaluate_held_out(const Call& call, std::span<const LabelledAccount> rows,
                                  const FakeTrainer& trainer, std::uint64_t seed, std::size_t splits = 20);
Result<FakeScores> evaluate_across(const Call& call, std::span<const LabelledAccount> train,
                                   std::span<const LabelledAccount> test, const FakeTrainer& trainer);

// Which of `count` parts each row belongs to; every part has its share of both classes.
std::vector<std::size_t> stratified(std::span<const LabelledAccount> rows, std::size_t count,
                                    std::uint64_t seed);

}  // namespace cdx::figures
