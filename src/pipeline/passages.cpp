#include "pipeline/passages.h"

#include <algorithm>
#include <cmath>

#include "search/schema.h"
#include "text/text.h"

namespace cdx {
namespace {

constexpr double half_life_days = 90;
constexpr std::size_t longest_description = 400;  // bytes: what a viewer sees before "more"

std::string joined(std::string_view first, std::string_view second) {
  std::string out(first);
  if (!out.empty() && !second.empty()) out += ". ";
  out += second;
  return out;
}

Passage bio_passage(const Profile& profile, Platform platform) {
  Passage out{vector_field(platform, false), {}, {}};
  for (const auto& account : profile.accounts) {
    if (account.platform != platform) continue;
    auto text = joined(value_or<std::string>(account.name, ""), value_or<std::string>(account.bio, ""));
    if (text.empty()) continue;
    out.texts.push_back(std::move(text));
    out.weights.push_back(1);
  }
  return out;
}

double weight_of(const ContentItem& item, Time newest) {
  const double days =
      item.published_at
          ? std::chrono::duration<double, std::ratio<86'400>>(newest - *item.published_at).count()
          : 0;
  const auto reactions =
      static_cast<double>(std::max<std::int64_t>(0, item.likes.value_or(0) + item.comments.value_or(0)));
  return std::exp2(-std::max(0.0, days) / half_life_days) * (1 + std::log10(1 + reactions));
}

Passage content_passage(const Profile& profile, Platform platform, std::size_t most_items) {
  Passage out{vector_field(platform, true), {}, {}};
  std::vector<const ContentItem*> items;
  for (const auto& item : profile.items)
    for (const auto& account : profile.accounts)
      if (account.id == item.account && account.platform == platform) items.push_back(&item);
  Time newest{};
  for (const auto* item : items) newest = std::max(newest, item->published_at.value_or(Time{}));
  for (const auto* item : items) {
    auto text = joined(item->title, text::clip(item->description, longest_description));
    if (text.empty() || out.texts.size() == most_items) continue;
    out.texts.push_back(std::move(text));
    out.weights.push_back(weight_of(*item, newest));
  }
  return out;
}

}  // namespace

std::vector<Passage> passages_of(const Profile& profile, std::size_t most_items) {
  std::vector<Passage> out;
  const auto add = [&](Passage passage) {
    if (!passage.texts.empty()) out.push_back(std::move(passage));
  };
  for (std::size_t i = 0; i < platform_count; ++i) add(bio_passage(profile, static_cast<Platform>(i)));
  for (std::size_t i = 0; i < platform_count; ++i)
    add(content_passage(profile, static_cast<Platform>(i), most_items));
  return out;
}

std::vector<float> pooled(const Passage& passage, const TextVectors& vectors) {
  std::vector<double> sum;
  for (std::size_t i = 0; i < passage.texts.size(); ++i) {
    const auto found = vectors.find(hash64(passage.texts[i]));
    if (found == vectors.end()) return {};
    sum.resize(found->second.size(), 0.0);
    for (std::size_t d = 0; d < sum.size(); ++d)
      sum[d] += passage.weights[i] * static_cast<double>(found->second[d]);
  }
  double square = 0;
  for (const double x : sum) square += x * x;
  if (square <= 0) return {};
  std::vector<float> out(sum.size());
  for (std::size_t d = 0; d < sum.size(); ++d) out[d] = static_cast<float>(sum[d] / std::sqrt(square));
  return out;
}

}  // namespace cdx
