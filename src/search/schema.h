// The fields of a creator as the index knows them, and how a profile becomes a document. Part of
// search/search.h.
#pragma once

#include <map>
#include <string>

#include "base/time.h"
#include "model/model.h"

namespace cdx {

// Text fields: name, handle, niche, summary, bio, content.
// Keyword fields: platform, niche, secondary_niche, country, language, style, activity, follower_band,
// verified, risk, name (folded; for sorting). Number fields: followers, engagement_rate, price_usd,
// growth_rate_30d, last_post_at (Unix seconds), quality, emerging, credibility (its value),
// views_per_follower, posts_per_week, growth_trend; docs/scoring.md has their formulas. Vector fields:
// <platform>_bio and <platform>_content for each platform of model/ids.h.
Schema creator_schema(std::size_t dimension);

// "active" (posted within 7 days), "semi_active" (30 days), "dormant", "unknown".
std::string_view activity(const Creator& creator, Time now);
bool states_followers(const Profile& profile);  // some account says how many it has

// From here on a creator counts as emerging: five percent in 30 days, most weeks, from a base below about
// 400,000 followers (docs/scoring.md).
inline constexpr double emerging_enough = 0.4;

// The keyword field with a creator's folded name: for sorting.
inline constexpr std::string_view name_field = "name";

// "youtube_bio", "tiktok_content"
std::string vector_field(Platform platform, bool content);

// The document of a profile. `vectors` by field name; fields without one stay absent. `now` decides the
// activity.
Document to_document(const Profile& profile, const std::map<std::string, std::vector<float>>& vectors,
                     Time now);

}  // namespace cdx
