#include "figures/credibility.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "figures/parts.h"
#include "figures/series.h"
#include "figures/spikes.h"

namespace cdx::figures {
namespace {

constexpr double least_known = 0.1;
constexpr double model_weight = 0.2;

double clipped(double value) { return std::clamp(value, 0.0, 1.0); }

// Where `value` lies between `zero` and `one`, on a logarithmic scale.
double ramp(double value, double zero, double one) {
  return value <= 0 ? (zero < one ? 0 : 1) : clipped(std::log(value / zero) / std::log(one / zero));
}

// What one account says of one part.
struct Finding {
  double value = 0;
  double certainty = 1;
  std::string words;
};
using Maybe = std::optional<Finding>;

struct Evidence {
  const Profile& profile;
  std::span<const MetricSnapshot> snapshots;
  std::span<const Spike> spikes;
  Time now;
  const FakeChances& fakes;
};

double count(const Field<std::int64_t>& field) {
  return static_cast<double>(std::max(value_or(field, std::int64_t{0}), std::int64_t{0}));
}

Maybe engagement_part(const Evidence& with, const Account& account) {
  const auto rate = engagement_of(with.profile, account);
  if (!rate || !account.followers) return std::nullopt;
  const auto usual = usual_engagement(account.platform, count(account.followers));
  if (!usual) return std::nullopt;
  const auto said = fmt::format("engagement {:.2f} %, usual {:.2f} to {:.0f} % at this size", 100 * *rate,
                                100 * usual->low, 100 * usual->high);
  if (*rate < usual->low)
    return Finding{ramp(*rate, usual->low / 10, usual->low), usual->certainty,
                   said + ": followers may not be real"};
  if (*rate > usual->high)
    return Finding{ramp(*rate, usual->high * 3, usual->high), usual->certainty,
                   said + ": reactions may be arranged"};
  return Finding{1, usual->certainty, said};
}

Maybe comments_part(const Evidence& with, const Account& account) {
  const auto reactions = reactions_of(with.profile, account);
  // None at all is what closed comments look like.
  if (!reactions || !reactions->comments_known || !(reactions->likes >= 10) || !(reactions->comments > 0))
    return std::nullopt;
  const double share = reactions->comments / reactions->likes;
  const double value = share < 0.001 ? ramp(share, 0.0001, 0.001) : share > 0.15 ? ramp(share, 0.6, 0.15) : 1;
  return Finding{value, 1, fmt::format("{:.1f} comments to 1,000 likes, usual 1 to 150", 1000 * share)};
}

Maybe following_part(const Evidence&, const Account& account) {
  if (!account.followers || !account.following || count(account.followers) < 1) return std::nullopt;
  const double ratio = count(account.followers) / std::max(count(account.following), 1.0);
  return Finding{ramp(ratio, 0.1, 10), 1,
                 fmt::format("{:.{}f} followers for each account followed", ratio, ratio < 10 ? 1 : 0)};
}

Maybe posts_part(const Evidence&, const Account& account) {
  if (!account.followers || !account.content_count || count(account.followers) < 1) return std::nullopt;
  const double posts = count(account.content_count);
  const double each = count(account.followers) / std::max(posts, 1.0);
  const double value = posts >= 50 ? 1 : ramp(each, 10'000, 100);
  return Finding{value, 1, fmt::format("{:.0f} posts, {:.0f} followers for each", posts, each)};
}

Maybe spikes_part(const Evidence& with, const Account& account) {
  const auto all = series_of(with.snapshots, Metric::followers, with.now);
  const auto own = std::find_if(all.begin(), all.end(),
                                [&](const Series& series) { return series.account == account.id; });
  if (own == all.end() || own->points.size() < 8) return std::nullopt;
  const double days = own->points.back().day - own->points.front().day;
  if (days < 60 || in_days(with.now - own->points.back().at) > 90) return std::nullopt;
  double odd = 0;
  int steps = 0;
  for (const auto& spike : with.spikes) {
    if (spike.account != account.id || in_days(with.now - spike.at) > 365) continue;
    odd += spike.change > 0 ? spike.change : -spike.change / 2;
    ++steps;
  }
  auto words = steps == 0 ? fmt::format("no sudden step in {:.0f} days of follower counts", days)
                          : fmt::format("{} sudden step{} in follower counts that views do not explain",
                                        steps, steps == 1 ? "" : "s");
  return Finding{clipped(1 - odd / 0.3), 1, std::move(words)};
}

Maybe age_part(const Evidence& with, const Account& account) {
  if (!account.created_at || account.created_at->value > with.now) return std::nullopt;
  const double days = in_days(with.now - account.created_at->value);
  return Finding{clipped(days / 730), 1, fmt::format("account {:.1f} years old", days / 365.25)};
}

Maybe profile_part(const Evidence&, const Account& account) {
  const bool picture = account.image_url && !account.image_url->value.empty();
  const bool bio = account.bio && !account.bio->value.empty();
  // That a source gives neither does not mean that there is none.
  if (!picture && !bio) return std::nullopt;
  return Finding{1, picture && bio ? 1 : 0.5,
                 picture && bio ? "has a picture and a bio"
                 : picture      ? "has a picture"
                                : "has a bio"};
}

Maybe model_part(const Evidence& with, const Account& account) {
  const auto found = with.fakes.find(account.id);
  if (found == with.fakes.end() || !std::isfinite(found->second)) return std::nullopt;
  return Finding{clipped(1 - found->second), 1,
                 fmt::format("resembles known fake accounts: {:.0f} %", 100 * clipped(found->second))};
}

struct Kind {
  std::string_view name;
  double weight;
  Maybe (*look)(const Evidence&, const Account&);
};
constexpr std::array<Kind, 8> kinds = {{
    {"engagement", 0.30, engagement_part},
    {"comments", 0.15, comments_part},
    {"following", 0.15, following_part},
    {"posts", 0.05, posts_part},
    {"spikes", 0.25, spikes_part},
    {"age", 0.05, age_part},
    {"profile", 0.05, profile_part},
    {"model", model_weight, model_part},
}};

// Over all accounts by followers; the words are those of the account that weighs most.
std::optional<CredibilityPart> gathered(const Kind& kind, const Evidence& with) {
  double all = 0, known = 0, sum = 0, heaviest = 0;
  CredibilityPart out{kind.name, 0, 0, ""};
  for (const auto& account : with.profile.accounts) {
    const double weight = std::max(count(account.followers), 1.0);
    all += weight;
    auto finding = kind.look(with, account);
    if (!finding) continue;
    const double sure = weight * finding->certainty;
    known += sure;
    sum += sure * finding->value;
    if (weight <= heaviest) continue;
    heaviest = weight;
    out.words = std::move(finding->words);
  }
  if (known <= 0) return std::nullopt;
  out.value = sum / known;
  out.weight = kind.weight * known / all;
  return out;
}

}  // namespace

std::optional<Usual> usual_engagement(Platform platform, double followers) {
  const auto between = [&](double small, double large) {
    const double place = ramp(followers, 1e3, 3e7);
    return std::exp(std::log(small) * (1 - place) + std::log(large) * place);
  };
  switch (platform) {
    case Platform::instagram:
      return Usual{between(0.02, 0.001), between(0.45, 0.25), 1};
    case Platform::tiktok:  // shown far beyond the followers: no upper end
      return Usual{between(0.02, 0.001), 1, 1};
    case Platform::youtube:  // subscribers of large channels hardly ever react
      return Usual{between(0.0005, 0.00001), between(0.45, 0.25), 0.5};
    case Platform::x:
      return Usual{between(0.001, 0.00005), between(0.45, 0.25), 0.5};
    case Platform::twitch:
    case Platform::other:
      break;
  }
  return std::nullopt;
}

std::vector<CredibilityPart> credibility_parts(const Profile& profile,
                                               std::span<const MetricSnapshot> snapshots,
                                               std::span<const Spike> spikes, Time now,
                                               const FakeChances& fakes) {
  const Evidence with{profile, snapshots, spikes, now, fakes};
  std::vector<CredibilityPart> parts;
  for (const auto& kind : kinds)
    if (auto part = gathered(kind, with)) parts.push_back(std::move(*part));
  // Where a model speaks, it takes its weight from all others alike.
  if (!parts.empty() && parts.back().name == "model")
    for (auto& part : parts) part.weight /= 1 + model_weight;
  return parts;
}

std::vector<CredibilityPart> credibility_parts(const Profile& profile,
                                               std::span<const MetricSnapshot> snapshots, Time now,
                                               const FakeChances& fakes) {
  return credibility_parts(profile, snapshots, find_spikes(snapshots, now), now, fakes);
}

std::optional<Credibility> credibility(std::span<const CredibilityPart> parts) {
  double known = 0, low = 0;
  for (const auto& part : parts) {
    known += part.weight;
    low += part.weight * part.value;
  }
  if (known < least_known) return std::nullopt;
  const double high = low + std::max(1 - known, 0.0);
  return Credibility{(low + high) / 2, low, high};
}

}  // namespace cdx::figures
