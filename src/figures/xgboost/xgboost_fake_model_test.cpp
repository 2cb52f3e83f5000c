#include "figures/xgboost/xgboost_fake_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "figures/fake_evaluation.h"

namespace cdx::figures {
namespace {

namespace fs = std::filesystem;

// Fakes follow many and post little, with noise in both.
std::vector<LabelledAccount> made_up(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  const auto between = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(dice() % 10'000) / 10'000;
  };
  std::vector<LabelledAccount> rows;
  for (std::size_t i = 0; i < count; ++i) {
    LabelledAccount row;
    row.fake = i % 2 == 0;
    row.features.followers = between(0, 1000);
    row.features.following = row.fake ? between(400, 5000) : between(0, 1500);
    row.features.posts = row.fake ? between(0, 30) : between(5, 400);
    row.features.bio_length = between(0, 100);
    row.features.has_picture = dice() % 10 == 0 ? 0 : 1;
    row.features.is_private = dice() % 2 == 0 ? 0 : 1;
    row.features.digit_share = between(0, 0.5);
    rows.push_back(row);
  }
  return rows;
}

std::vector<FakeFeatures> features_of(std::span<const LabelledAccount> rows) {
  std::vector<FakeFeatures> out;
  for (const auto& row : rows) out.push_back(row.features);
  return out;
}

TEST(XgboostFakeModel, LearnsAndSaysTheSameOnceWrittenAndRead) {
  const auto rows = made_up(200, 1), others = made_up(200, 2);
  const auto trained = train_xgboost_fake_model({}, rows);
  ASSERT_TRUE(trained) << trained.error().message;
  const auto read = read_xgboost_fake_model(trained->file, "model");
  ASSERT_TRUE(read) << read.error().message;
  const auto asked = features_of(others);
  const auto said = trained->model->probabilities({}, asked), again = (*read)->probabilities({}, asked);
  ASSERT_TRUE(said && again);
  EXPECT_EQ(*said, *again);
  EXPECT_EQ(trained->model->name(), (*read)->name());
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < others.size(); ++i) predictions.push_back({(*said)[i], others[i].fake});
  EXPECT_GT(score(predictions).auc, 0.95);
  for (const double one : *said) {
    EXPECT_GT(one, 0);
    EXPECT_LT(one, 1);
  }
}

TEST(XgboostFakeModel, EqualRowsGiveEqualBytes) {
  const auto rows = made_up(100, 1);
  EXPECT_EQ(train_xgboost_fake_model({}, rows)->file, train_xgboost_fake_model({}, rows)->file);
}

TEST(XgboostFakeModel, AnswersWhatIsHardlyKnownCarefully) {
  const auto trained = train_xgboost_fake_model({}, made_up(400, 1));
  ASSERT_TRUE(trained);
  FakeFeatures nothing;
  FakeFeatures clear;
  clear.followers = 20;
  clear.following = 4000;
  clear.posts = 1;
  const auto said = trained->model->probabilities({}, std::vector{nothing, clear});
  ASSERT_TRUE(said);
  EXPECT_LT(std::abs((*said)[0] - 0.5), std::abs((*said)[1] - 0.5));
  EXPECT_GT((*said)[1], 0.8);
  EXPECT_TRUE(trained->model->probabilities({}, {})->empty());
}

TEST(XgboostFakeModel, ManyMayAskAtOnce) {
  const auto trained = train_xgboost_fake_model({}, made_up(100, 1));
  ASSERT_TRUE(trained);
  const auto asked = features_of(made_up(50, 3));
  const auto expected = *trained->model->probabilities({}, asked);
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) wrong += *trained->model->probabilities({}, asked) == expected ? 0 : 1;
      });
  }
  EXPECT_EQ(wrong, 0);
}

TEST(XgboostFakeModel, RefusesTooFewAndStopsWhenAsked) {
  auto rows = made_up(60, 1);
  for (auto& row : rows) row.fake = false;
  const auto one_kind = train_xgboost_fake_model({}, rows);
  ASSERT_FALSE(one_kind);
  EXPECT_EQ(one_kind.error().kind, ErrorKind::invalid);
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  const auto stopped = train_xgboost_fake_model(call, made_up(100, 1));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);
}

TEST(XgboostFakeModel, RefusesEveryFileThatIsNotWhole) {
  const auto file = train_xgboost_fake_model({}, made_up(60, 1), {.rounds = 5})->file;
  const auto refused = [](const std::string& bytes) {
    const auto read = read_xgboost_fake_model(bytes, "models/fake.json");
    if (read) return std::string("it was read");
    if (read.error().kind != ErrorKind::corrupt) return std::string("another kind");
    return read.error().message.starts_with("models/fake.json: ") ? std::string() : read.error().message;
  };
  for (std::size_t length = 0; length < file.size() - 2; length += 97)
    EXPECT_EQ(refused(file.substr(0, length)), "");
  for (const auto* text :
       {"{}", "[]", "null", "{\"format\": 3}", R"({"format": "creatordex fake accounts"})"})
    EXPECT_EQ(refused(text), "") << text;
  auto other = file;
  other[file.find("base_score") + 1] = 'x';
  EXPECT_EQ(refused(other), "");
  other = file;
  other.replace(file.find("\"version\": 1"), 12, "\"version\": 9");
  EXPECT_EQ(refused(other), "");
  other = file;
  other.replace(file.find("log_followers"), 13, "log_foXlowers");
  EXPECT_EQ(refused(other), "");
}

// The labelled sets lie outside the repository: their licences forbid copies.
std::vector<LabelledAccount> shared(const std::vector<std::string>& names) {
  std::vector<LabelledAccount> rows;
  for (const auto& name : names) {
    const auto path = fs::path(CDX_SOURCE_DIR).parent_path() / "shared/data/fake_accounts" / name;
    std::ifstream in(path, std::ios::binary);
    if (!in) return {};
    std::stringstream bytes;
    bytes << in.rdbuf();
    const auto read = read_labelled_accounts(bytes.str(), name);
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    if (read) rows.insert(rows.end(), read->begin(), read->end());
  }
  return rows;
}
Result<std::unique_ptr<FakeModel>> trainer(const Call& call, std::span<const LabelledAccount> rows) {
  CDX_TRY_LET(auto trained, train_xgboost_fake_model(call, rows));
  return std::move(trained.model);
}

TEST(XgboostFakeModel, HoldsTheBarsOnLabelledInstagramAccounts) {
  const auto spam = shared({"insta_train.csv"});
  const auto instafake =
      shared({"instafake/fake-v1.0/fakeAccountData.json", "instafake/fake-v1.0/realAccountData.json"});
  if (spam.empty() || instafake.empty()) GTEST_SKIP() << "no ../shared/data/fake_accounts";
  ASSERT_EQ(spam.size(), 576U);
  ASSERT_EQ(instafake.size(), 1194U);
  for (const auto* rows : {&spam, &instafake}) {
    const auto held_out = evaluate_held_out({}, *rows, trainer, 1, 5);
    ASSERT_TRUE(held_out) << held_out.error().message;
    double mean = 0;
    for (const double auc : held_out->split_auc) mean += auc / 5;
    EXPECT_GE(held_out->folds.auc, 0.97);
    EXPECT_GE(mean, 0.97);
    EXPECT_LE(held_out->folds.brier, 0.06);
    EXPECT_LE(held_out->folds.calibration_error, 0.04);
  }
  EXPECT_GE(evaluate_across({}, spam, instafake, trainer)->auc, 0.90);
  EXPECT_GE(evaluate_across({}, instafake, spam, trainer)->auc, 0.90);
}

}  // namespace
}  // namespace cdx::figures
