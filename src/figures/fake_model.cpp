#include "figures/fake_model.h"

#include <algorithm>
#include <cmath>

namespace cdx::figures {
namespace {

double number(const Field<std::int64_t>& field) {
  return field && field->value >= 0 ? static_cast<double>(field->value) : FakeFeatures::unknown;
}

// Code points, as platforms count characters.
double length(std::string_view text) {
  return static_cast<double>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::array<float, fake_columns.size()> as_columns(const FakeFeatures& of) {
  const auto logarithm = [](double count) { return static_cast<float>(std::log1p(count)); };
  const auto ratio = [](double a, double b) { return static_cast<float>(std::log((a + 1) / (b + 1))); };
  return {logarithm(of.followers),
          logarithm(of.following),
          logarithm(of.posts),
          ratio(of.followers, of.following),
          ratio(of.posts, of.followers),
          ratio(of.posts, of.following),
          static_cast<float>(of.bio_length),
          static_cast<float>(of.has_picture),
          static_cast<float>(of.is_private),
          static_cast<float>(of.digit_share)};
}

std::optional<FakeFeatures> fake_features(const Account& account) {
  if (account.platform != Platform::instagram) return std::nullopt;
  FakeFeatures out;
  out.followers = number(account.followers);
  out.following = number(account.following);
  out.posts = number(account.content_count);
  if (std::isnan(out.followers) || (std::isnan(out.following) && std::isnan(out.posts))) return std::nullopt;
  if (account.bio) out.bio_length = length(account.bio->value);
  if (account.image_url && !account.image_url->value.empty()) out.has_picture = 1;
  if (account.handle && !account.handle->value.empty()) {
    const auto& handle = account.handle->value;
    const auto digits =
        std::count_if(handle.begin(), handle.end(), [](char c) { return c >= '0' && c <= '9'; });
    out.digit_share = static_cast<double>(digits) / length(handle);
  }
  return out;
}

Result<FakeChances> fake_chances(const Call& call, const FakeModel& model, const Profile& profile) {
  std::vector<AccountId> ids;
  std::vector<FakeFeatures> features;
  for (const auto& account : profile.accounts)
    if (const auto known = fake_features(account)) {
      ids.push_back(account.id);
      features.push_back(*known);
    }
  FakeChances out;
  if (ids.empty()) return out;
  CDX_TRY_LET(const auto chances, model.probabilities(call, features));
  for (std::size_t i = 0; i < ids.size(); ++i) out.emplace(ids[i], chances[i]);
  return out;
}

}  // namespace cdx::figures
