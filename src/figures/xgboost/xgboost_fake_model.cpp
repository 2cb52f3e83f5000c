#include "figures/xgboost/xgboost_fake_model.h"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>

#include "base/guard.h"
#include "base/hash.h"
#include "figures/fake_evaluation.h"

namespace cdx::figures {
namespace {

constexpr std::string_view format = "creatordex fake accounts";
constexpr int file_version = 1;
constexpr std::size_t least_of_a_kind = 20;
constexpr std::size_t columns = fake_columns.size();

struct FreeMatrix {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
struct FreeBooster {
  void operator()(void* handle) const { XGBoosterFree(handle); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

Status done(int code) {
  if (code == 0) return {};
  return fail(ErrorKind::internal, std::string("xgboost: ") + XGBGetLastError());
}

Result<Matrix> matrix_of(std::span<const FakeFeatures> accounts) {
  std::vector<float> cells;
  cells.reserve(accounts.size() * columns);
  for (const auto& account : accounts)
    for (const float cell : as_columns(account)) cells.push_back(cell);
  DMatrixHandle handle = nullptr;
  CDX_TRY(done(XGDMatrixCreateFromMat(cells.data(), accounts.size(), columns,
                                      std::numeric_limits<float>::quiet_NaN(), &handle)));
  return Matrix(handle);
}

// Log odds before calibration.
Result<std::vector<double>> margins(const Booster& booster, std::span<const FakeFeatures> accounts) {
  CDX_TRY_LET(const auto matrix, matrix_of(accounts));
  constexpr auto config =
      R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* out = nullptr;
  CDX_TRY(done(XGBoosterPredictFromDMatrix(booster.get(), matrix.get(), config, &shape, &dimensions, &out)));
  if (dimensions < 1 || shape[0] != accounts.size())
    return fail(ErrorKind::internal, "xgboost: as many answers as accounts were expected");
  return std::vector<double>(out, out + accounts.size());
}

// Platt: probability = 1 / (1 + exp(a * margin + b)).
struct Curve {
  double a = -1, b = 0;
  double at(double margin) const { return 1 / (1 + std::exp(a * margin + b)); }
};

// Newton's method on the two parameters, with Platt's targets that never reach 0 or 1 (Lin, Lin and Weng
// 2007).
Curve fit_curve(std::span<const Prediction> margins) {
  double fakes = 0;
  for (const auto& one : margins) fakes += one.fake ? 1 : 0;
  const double reals = static_cast<double>(margins.size()) - fakes;
  const double high = (fakes + 1) / (fakes + 2), low = 1 / (reals + 2);
  Curve curve{-1, 0};
  for (int round = 0; round < 100; ++round) {
    double ga = 0, gb = 0, haa = 1e-9, hab = 0, hbb = 1e-9;
    for (const auto& one : margins) {
      const double p = curve.at(one.probability), off = (one.fake ? high : low) - p, w = p * (1 - p);
      ga += off * one.probability;
      gb += off;
      haa += w * one.probability * one.probability;
      hab += w * one.probability;
      hbb += w;
    }
    const double determinant = haa * hbb - hab * hab;
    const double da = -(hbb * ga - hab * gb) / determinant, db = -(haa * gb - hab * ga) / determinant;
    const double step = std::min(1.0, 2 / std::max(std::abs(da), std::abs(db)));
    curve.a += step * da;
    curve.b += step * db;
    if (std::abs(da) + std::abs(db) < 1e-9) break;
  }
  return curve;
}

class XgboostFakeModel final : public FakeModel {
 public:
  XgboostFakeModel(Booster booster, Curve curve, std::string name)
      : booster_(std::move(booster)), curve_(curve), name_(std::move(name)) {}
  const std::string& name() const override { return name_; }
  Result<std::vector<double>> probabilities(const Call& call,
                                            std::span<const FakeFeatures> accounts) const override {
    CDX_TRY(call.check());
    if (accounts.empty()) return std::vector<double>{};
    // XGBoost keeps what it last said inside the booster; an answer takes microseconds.
    const std::scoped_lock lock(mutex_);
    CDX_TRY_LET(auto out, margins(booster_, accounts));
    for (auto& one : out) one = curve_.at(one);
    return out;
  }

 private:
  mutable std::mutex mutex_;
  Booster booster_;
  Curve curve_;
  std::string name_;
};

// Each row as it is, and once more with something left out.
std::vector<FakeFeatures> with_gaps(std::span<const LabelledAccount> rows, std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  const auto chance = [&](unsigned percent) { return dice() % 100 < percent; };
  std::vector<FakeFeatures> out;
  for (const auto& row : rows) out.push_back(row.features);
  for (const auto& row : rows) {
    auto one = row.features;
    one.is_private = FakeFeatures::unknown;
    if (chance(50)) one.has_picture = FakeFeatures::unknown;
    if (chance(25)) one.bio_length = FakeFeatures::unknown;
    if (chance(15)) (chance(50) ? one.following : one.posts) = FakeFeatures::unknown;
    out.push_back(one);
  }
  return out;
}

Result<Booster> fit(const Call& call, std::span<const LabelledAccount> rows, const XgboostOptions& options) {
  const auto features = with_gaps(rows, options.seed);
  std::vector<float> labels;
  for (std::size_t i = 0; i < features.size(); ++i)
    labels.push_back(rows[i % rows.size()].fake ? 1.0F : 0.0F);
  CDX_TRY_LET(const auto matrix, matrix_of(features));
  CDX_TRY(done(XGDMatrixSetFloatInfo(matrix.get(), "label", labels.data(), labels.size())));
  BoosterHandle handle = nullptr;
  const DMatrixHandle matrices[] = {matrix.get()};
  CDX_TRY(done(XGBoosterCreate(matrices, 1, &handle)));
  Booster booster(handle);
  const std::pair<const char*, std::string> parameters[] = {{"objective", "binary:logistic"},
                                                            {"eta", fmt::format("{}", options.learning_rate)},
                                                            {"max_depth", fmt::format("{}", options.depth)},
                                                            {"subsample", "0.8"},
                                                            {"colsample_bytree", "0.8"},
                                                            {"min_child_weight", "4"},
                                                            {"nthread", "1"},
                                                            {"seed", fmt::format("{}", options.seed)},
                                                            {"verbosity", "0"}};
  for (const auto& [key, value] : parameters)
    CDX_TRY(done(XGBoosterSetParam(booster.get(), key, value.c_str())));
  for (int round = 0; round < options.rounds; ++round) {
    CDX_TRY(call.check());
    CDX_TRY(done(XGBoosterUpdateOneIter(booster.get(), round, matrix.get())));
  }
  return booster;
}

// The curve is fitted on what models said of accounts they had not seen.
Result<Curve> calibrated(const Call& call, std::span<const LabelledAccount> rows,
                         const XgboostOptions& options) {
  constexpr std::size_t folds = 5;
  const auto fold_of = stratified(rows, folds, options.seed);
  std::vector<Prediction> unseen;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<LabelledAccount> train;
    std::vector<FakeFeatures> test;
    std::vector<bool> fake;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (fold_of[i] != fold) {
        train.push_back(rows[i]);
        continue;
      }
      test.push_back(rows[i].features);
      fake.push_back(rows[i].fake);
    }
    CDX_TRY_LET(const auto booster, fit(call, train, options));
    CDX_TRY_LET(const auto said, margins(booster, test));
    for (std::size_t i = 0; i < said.size(); ++i) unseen.push_back({said[i], fake[i]});
  }
  return fit_curve(unseen);
}

std::string named(std::size_t rows, std::string_view hash) {
  return fmt::format("xgboost, {} accounts, {}", rows, hash.substr(0, 8));
}

}  // namespace

Result<TrainedFakeModel> train_xgboost_fake_model(const Call& call, std::span<const LabelledAccount> rows,
                                                  const XgboostOptions& options) {
  std::size_t fakes = 0;
  for (const auto& row : rows) fakes += row.fake ? 1U : 0U;
  if (fakes < least_of_a_kind || rows.size() - fakes < least_of_a_kind)
    return fail(ErrorKind::invalid,
                fmt::format("{} fake and {} real accounts are too few to learn from: at least {} "
                            "of both are needed",
                            fakes, rows.size() - fakes, least_of_a_kind));
  CDX_TRY_LET(const auto curve, calibrated(call, rows, options));
  CDX_TRY_LET(auto booster, fit(call, rows, options));
  bst_ulong length = 0;
  const char* bytes = nullptr;
  CDX_TRY(done(XGBoosterSaveModelToBuffer(booster.get(), R"({"format": "json"})", &length, &bytes)));
  const std::string trees(bytes, length);
  const auto hash = hex(sha256(trees));
  nlohmann::ordered_json file;
  file["format"] = format;
  file["version"] = file_version;
  file["columns"] = std::vector<std::string>(fake_columns.begin(), fake_columns.end());
  file["rows"] = rows.size();
  file["fakes"] = fakes;
  file["curve"] = {curve.a, curve.b};
  file["sha256"] = hash;
  file["trees"] = trees;
  return TrainedFakeModel{
      std::make_unique<XgboostFakeModel>(std::move(booster), curve, named(rows.size(), hash)),
      file.dump(1) + "\n"};
}

Result<std::unique_ptr<FakeModel>> read_xgboost_fake_model(std::string_view file, std::string_view name) {
  const auto wrong = [&](std::string_view what) {
    return fail(ErrorKind::corrupt, fmt::format("{}: {}; train the model again", name, what));
  };
  return guard(name, ErrorKind::corrupt, [&]() -> Result<std::unique_ptr<FakeModel>> {
    const auto read = nlohmann::json::parse(file);
    if (!read.is_object() || read.value("format", "") != format) return wrong("not a model of fake accounts");
    if (read.at("version").get<int>() != file_version) return wrong("of another version");
    const auto& of = read.at("columns");
    if (!std::equal(of.begin(), of.end(), fake_columns.begin(), fake_columns.end(),
                    [](const auto& a, std::string_view b) { return a.template get<std::string>() == b; }))
      return wrong("made for other columns");
    const auto trees = read.at("trees").get<std::string>();
    const auto hash = hex(sha256(trees));
    // XGBoost trusts the trees it loads, so they must be the bytes it wrote.
    if (hash != read.at("sha256").get<std::string>()) return wrong("damaged: the hash of the trees differs");
    const Curve curve{read.at("curve").at(0).get<double>(), read.at("curve").at(1).get<double>()};
    if (!std::isfinite(curve.a) || !std::isfinite(curve.b)) return wrong("the calibration is not finite");
    BoosterHandle handle = nullptr;
    CDX_TRY(done(XGBoosterCreate(nullptr, 0, &handle)));
    Booster booster(handle);
    CDX_TRY(done(XGBoosterSetParam(booster.get(), "nthread", "1")));
    if (XGBoosterLoadModelFromBuffer(booster.get(), trees.data(), trees.size()) != 0)
      return wrong(std::string("xgboost: ") + XGBGetLastError());
    return std::unique_ptr<FakeModel>(std::make_unique<XgboostFakeModel>(
        std::move(booster), curve, named(read.at("rows").get<std::size_t>(), hash)));
  });
}

}  // namespace cdx::figures
