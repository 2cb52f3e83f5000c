// The seam to a model that tells fake accounts from real ones by their public figures. Twin: Xgboost
// (xgboost/xgboost_fake_model.h). Part of figures/figures.h.
//
// Such models learn from small sets of labelled Instagram accounts, most of them without an audience. So
// their word is asked for Instagram accounts only, and it is one part of credibility among others.
#pragma once

#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "figures/credibility.h"
#include "model/model.h"

namespace cdx::figures {

// What is known of an account; NaN: not known.
struct FakeFeatures {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  double followers = unknown, following = unknown, posts = unknown;
  double bio_length = unknown;                         // characters
  double has_picture = unknown, is_private = unknown;  // 0 or 1
  double digit_share = unknown;                        // of the characters of the handle
};

inline constexpr std::array<std::string_view, 10> fake_columns = {"log_followers",
                                                                  "log_following",
                                                                  "log_posts",
                                                                  "log_followers_per_following",
                                                                  "log_posts_per_follower",
                                                                  "log_posts_per_following",
                                                                  "bio_length",
                                                                  "has_picture",
                                                                  "is_private",
                                                                  "digit_share"};
// The features as a model sees them, in the order of fake_columns.
std::array<float, fake_columns.size()> as_columns(const FakeFeatures& features);

// Absent for other platforms than Instagram, without followers, and without both following and posts. What
// the account does not state stays unknown: a missing picture may be the source's silence.
std::optional<FakeFeatures> fake_features(const Account& account);

class FakeModel {
 public:
  virtual ~FakeModel() = default;
  virtual const std::string& name() const = 0;  // with version and training rows: for explanations
  // One calibrated probability for each, in their order. `cancelled` and `timed_out` from the call. May be
  // called from many threads.
  virtual Result<std::vector<double>> probabilities(const Call& call,
                                                    std::span<const FakeFeatures> accounts) const = 0;
};

struct TrainedFakeModel {
  std::unique_ptr<FakeModel> model;
  std::string file;  // what the twin reads again
};

// For the accounts of a profile that the model may be asked about.
Result<FakeChances> fake_chances(const Call& call, const FakeModel& model, const Profile& profile);

}  // namespace cdx::figures
