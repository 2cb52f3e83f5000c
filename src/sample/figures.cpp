// Counts, rates, prices and growth of an account.
#include <algorithm>

#include "sample/presence.h"

namespace cdx::sample {
namespace {

constexpr double log2_10k = 13.287712379549449;
// Engagement of 10,000 followers: of a view on YouTube and TikTok, of a follower on Instagram and X.
constexpr std::array<double, sample_platforms> engagement_base = {0.042, 0.039, 0.071, 0.019};
constexpr std::array<bool, sample_platforms> engagement_by_view = {true, false, true, false};
constexpr std::array<double, sample_platforms> view_base = {0.19, 0.42, 0.45, 0.55};
constexpr std::array<double, sample_platforms> price_base = {190, 110, 85, 55};
// The platform is younger than some creators say they are.
constexpr std::array<int, sample_platforms> oldest = {4000, 3800, 2900, 4100};

double whole(double value) { return static_cast<double>(static_cast<std::int64_t>(value + 0.5)); }

int round_price(double price) {
  const double step = price < 200 ? 5 : price < 1000 ? 25 : price < 10'000 ? 100 : 1000;
  return std::max(10, static_cast<int>(whole(price / step) * step));
}

void add_age(Rng& rng, const Person& person, Presence& out) {
  const double known = std::clamp((out.size - 8) / 14, 0.0, 1.0);
  out.created_days_ago = std::min(oldest[out.platform],
                                  210 + static_cast<int>((0.15 + 0.85 * rng.unit()) * (700 + 3000 * known)));
  const double weekly = std::clamp(power_of_two(1.2 + rng.normal()), 0.3, 20.0);
  out.content_count = 12 + static_cast<std::int64_t>(weekly * out.created_days_ago / 7.0 * 0.6);
  out.following = person.kind == Kind::brand
                      ? rng.between(5, 400)
                      : static_cast<std::int64_t>(power_of_two(8.6 + 1.3 * rng.normal()));
  const auto activity = rng.unit();
  const int quiet = activity < 0.7    ? rng.between(1, 6)
                    : activity < 0.88 ? rng.between(8, 29)
                                      : rng.between(31, 190);
  out.last_post = {quiet, rng.between(6 * 60, 23 * 60)};
}

double weekly_growth(Rng& rng, Curve curve, int week, int event, double strength) {
  const double noise = 0.0012 * rng.normal();
  const int after = week - event;
  switch (curve) {
    case Curve::emerging:
      return 0.018 + 0.045 * strength + 4 * noise;
    case Curve::viral:
      return (after == 0 ? 0.5 : after == 1 ? 0.3 : after == 2 ? 0.12 : 0.0) * (0.4 + strength) + 0.004;
    case Curve::declining:
      return -0.0015 - 0.008 * strength + noise;
    case Curve::inorganic:
      return after == 0 ? 0.22 + 0.7 * strength : after > 0 && after < 5 ? -0.012 : 0.0008 + noise;
    default:
      return 0.0012 + 0.005 * strength + noise;
  }
}

}  // namespace

void add_figures(const Recipe& recipe, const Person& person, Presence& out) {
  Rng rng(recipe.seed, person.index, Stream::figures, 16 + out.platform);
  out.size = out.platform == person.main ? person.size : person.size - 1.4 + 1.2 * rng.normal();
  out.size = std::clamp(out.size, 6.2, 26.3);  // 73 to 82 million
  out.followers = static_cast<std::int64_t>(power_of_two(out.size));
  const bool bought = person.curve == Curve::inorganic && out.platform == person.main;
  double rate =
      engagement_base[out.platform] * power_of_two(-0.11 * (out.size - log2_10k) + 0.55 * rng.normal());
  if (bought) rate *= 0.22;
  out.engagement_rate = whole(std::clamp(rate, 0.0006, 0.32) * 10'000) / 10'000;
  const auto followers = static_cast<double>(out.followers);
  const double views =
      view_base[out.platform] * followers * power_of_two(-0.05 * (out.size - log2_10k) + 0.7 * rng.normal());
  out.average_views = whole(std::max(1.0, views * (bought ? 0.25 : 1.0)));
  const double acts =
      out.engagement_rate * (engagement_by_view[out.platform] ? out.average_views : followers);
  const double talk = 0.02 + 0.08 * rng.unit();
  out.average_comments = whole(acts * talk);
  out.average_likes = whole(acts * (1 - talk));
  if (!engagement_by_view[out.platform]) out.average_views = std::max(out.average_views, whole(acts * 6));
  add_age(rng, person, out);
  if (out.platform == 0)
    out.total_views = static_cast<std::int64_t>(static_cast<double>(out.content_count) * out.average_views *
                                                (0.5 + rng.unit()));
  if (rng.chance(person.kind == Kind::genuine ? 0.45 : 0.05))
    out.price_usd = round_price(price_base[out.platform] *
                                power_of_two(0.74 * (out.size - log2_10k) + 0.45 * rng.normal()));
  const double blue = person.kind == Kind::brand ? 0.4
                      : out.followers > 500'000  ? 0.6
                      : out.followers > 100'000  ? 0.2
                                                 : 0.01;
  out.verified = rng.chance(person.kind == Kind::impostor || person.kind == Kind::fan ? 0 : blue);
}

void add_growth(const Recipe& recipe, const Person& person, Presence& out) {
  Rng rng(recipe.seed, person.index, Stream::growth, out.platform);
  const auto curve = out.platform == person.main ? person.curve : Curve::steady;
  const int event = rng.between(4, snapshot_weeks - 3);
  const double strength = rng.unit();
  double value = static_cast<double>(out.followers);
  out.weekly_followers.assign(snapshot_weeks, out.followers);
  for (int week = snapshot_weeks - 1; week > 0; --week) {
    value /= 1 + weekly_growth(rng, curve, week, event, strength);
    out.weekly_followers[static_cast<std::size_t>(week - 1)] = static_cast<std::int64_t>(value + 0.5);
  }
  if (curve == Curve::inorganic || curve == Curve::viral) {
    const auto at = static_cast<std::size_t>(event);
    out.jump = Jump{snapshot_day(event), out.weekly_followers[at - 1], out.weekly_followers[at],
                    curve == Curve::inorganic};
  }
}

}  // namespace cdx::sample
