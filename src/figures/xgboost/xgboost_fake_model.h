// FakeModel by gradient boosted trees (XGBoost, in process), calibrated by Platt's logistic curve.
//
// Promises: equal rows and options give equal bytes; thread-safe once opened. Rows are learnt twice, the
// second time with some of what is known left out, because creators' accounts are rarely known as well as the
// labelled ones. Never: network, files (the caller reads and writes them).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "figures/labelled_accounts.h"

namespace cdx::figures {

struct XgboostOptions {
  int rounds = 120;
  int depth = 3;
  double learning_rate = 0.05;
  std::uint64_t seed = 7;
};

// `invalid` without at least twenty accounts of both kinds; `internal` with XGBoost's words when it refuses.
Result<TrainedFakeModel> train_xgboost_fake_model(const Call& call, std::span<const LabelledAccount> rows,
                                                  const XgboostOptions& options = {});

// `corrupt`, naming `name` and what is wrong, for anything train_xgboost_fake_model() did not write.
Result<std::unique_ptr<FakeModel>> read_xgboost_fake_model(std::string_view file, std::string_view name);

}  // namespace cdx::figures
