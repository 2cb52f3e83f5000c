#include "figures/fake_evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx::figures {
namespace {

TEST(FakeScores, AreRightOnCasesDoneByHand) {
  const std::vector<Prediction> perfect = {{0.1, false}, {0.2, false}, {0.8, true}};
  EXPECT_DOUBLE_EQ(score(perfect).auc, 1);
  const std::vector<Prediction> reversed = {{0.9, false}, {0.1, true}};
  EXPECT_DOUBLE_EQ(score(reversed).auc, 0);
  // Pairs: (0.5, 0.5) ties, (0.5 over 0.2) right, (0.3 under 0.5) wrong, (0.3 over 0.2) right: 2.5 of 4.
  const std::vector<Prediction> mixed = {{0.5, true}, {0.3, true}, {0.5, false}, {0.2, false}};
  EXPECT_DOUBLE_EQ(score(mixed).auc, 2.5 / 4);
  EXPECT_NEAR(score(mixed).brier, (0.25 + 0.49 + 0.25 + 0.04) / 4, 1e-12);
  const std::vector<Prediction> one_class = {{0.5, true}};
  EXPECT_DOUBLE_EQ(score(one_class).auc, 0.5);
  EXPECT_EQ(score({}).rows, 0U);
}

TEST(FakeScores, TellWhetherProbabilitiesMeanWhatTheySay) {
  std::vector<Prediction> honest, boastful;
  for (int i = 0; i < 100; ++i) {
    honest.push_back({0.25, i % 4 == 0});
    boastful.push_back({1, i % 4 == 0});
  }
  EXPECT_NEAR(score(honest).calibration_error, 0, 1e-12);
  EXPECT_EQ(score(honest).reliability[2].count, 100U);
  EXPECT_NEAR(score(honest).reliability[2].seen, 0.25, 1e-12);
  EXPECT_NEAR(score(boastful).calibration_error, 0.75, 1e-12);
  EXPECT_EQ(score(boastful).reliability[9].count, 100U) << "1 belongs to the last bin";
}

// Learns nothing but which rows it was given: would betray rows that are trained and tested on.
class Parrot final : public FakeModel {
 public:
  explicit Parrot(std::span<const LabelledAccount> rows) {
    for (const auto& row : rows) seen_.push_back(row.features.followers);
  }
  const std::string& name() const override { return name_; }
  Result<std::vector<double>> probabilities(const Call& call,
                                            std::span<const FakeFeatures> accounts) const override {
    CDX_TRY(call.check());
    std::vector<double> out;
    for (const auto& one : accounts)
      out.push_back(std::count(seen_.begin(), seen_.end(), one.followers) > 0 ? 1 : 0);
    return out;
  }

 private:
  std::vector<double> seen_;
  std::string name_ = "parrot";
};

std::vector<LabelledAccount> numbered(int count) {
  std::vector<LabelledAccount> rows;
  for (int i = 0; i < count; ++i) {
    rows.push_back({});
    rows.back().features.followers = i;
    rows.back().fake = i % 3 == 0;
  }
  return rows;
}

TEST(FakeEvaluation, NeverAsksAboutRowsTheModelHasSeen) {
  const auto rows = numbered(100);
  const auto out = evaluate_held_out(
      {}, rows,
      [](const Call&, std::span<const LabelledAccount> train) -> Result<std::unique_ptr<FakeModel>> {
        return std::make_unique<Parrot>(train);
      },
      1, 3);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->folds.rows, 100U);
  EXPECT_EQ(out->folds.reliability[9].count, 0U);
  EXPECT_EQ(out->split_auc, std::vector<double>(3, 0.5));
}

TEST(FakeEvaluation, GivesEveryPartItsShareOfBothKinds) {
  const auto rows = numbered(99);
  const auto parts = stratified(rows, 5, 7);
  std::vector<int> fakes(5), all(5);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ++all[parts[i]];
    fakes[parts[i]] += rows[i].fake ? 1 : 0;
  }
  for (std::size_t part = 0; part < 5; ++part) {
    EXPECT_NEAR(fakes[part], 33 / 5.0, 1);
    EXPECT_NEAR(all[part], 99 / 5.0, 2);
  }
  EXPECT_EQ(parts, stratified(rows, 5, 7));
  EXPECT_NE(parts, stratified(rows, 5, 8));
}

TEST(FakeEvaluation, PassesOnWhatTheTrainerSays) {
  const auto out = evaluate_across(
      {}, numbered(10), numbered(10),
      [](const Call&, std::span<const LabelledAccount>) -> Result<std::unique_ptr<FakeModel>> {
        return fail(ErrorKind::invalid, "too few");
      });
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().message, "too few");
}

}  // namespace
}  // namespace cdx::figures
