// The fields of a creator as the index knows them, and how a profile becomes a document. Part of
// search/search.h.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/model.h"

namespace cdx {

// Text fields: name, handle, niche, summary, bio, content.
// Keyword fields: platform, niche, secondary_niche, country, language, style, activity, follower_band,
// verified, risk, brand (of disclosed work, folded), name (folded; for sorting). Number fields: followers,
// engagement_rate, price_usd, growth_rate_30d, last_post_at (Unix seconds), quality, emerging, credibility
// (its value), views_per_follower, posts_per_week, growth_trend, sponsored_share; docs/scoring.md has their
// formulas. Vector fields: <platform>_bio and <platform>_content for each platform of model/ids.h.
Schema creator_schema(std::size_t dimension);

// Where pictures have their vectors: made by one model in one way. Words may reach into it, or not.
struct PictureSpace {
  std::string name;      // "clip-vit-base-patch32-0123456789abcdef": the model, and a mark of all that makes
                         // vectors comparable
  std::uint64_t id = 0;  // picture_space_id(name): the store keeps vectors under it
  std::size_t dimension = 0;
  bool reads_words = false;
  friend bool operator==(const PictureSpace&, const PictureSpace&) = default;
};
// From the name alone, so that whoever knows an index finds the vectors that are kept for it.
std::uint64_t picture_space_id(std::string_view name);

// The same with the vector field `picture_field`, many rows a creator, in that space.
Schema creator_schema(std::size_t dimension, const PictureSpace& pictures);
inline constexpr std::string_view picture_field = "picture";
// The number of that field among schema.vectors; absent: the index holds no pictures.
std::optional<std::size_t> picture_field_of(const Schema& schema);
// Of a schema's picture field: VectorField::space. Empty where there is none.
std::string_view picture_space_of(const Schema& schema);

// One vector for every field of texts, none for the others: what Retrieval::vectors and contrasts want.
std::vector<std::vector<float>> for_text_fields(const Schema& schema, std::span<const float> vector);

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
// The same for an index of this schema, so with a picture field where it has one; `vectors` then holds the
// rows of its pictures, one behind the other, under picture_field.
Document to_document(const Profile& profile, const std::map<std::string, std::vector<float>>& vectors,
                     Time now, const Schema& schema);

}  // namespace cdx
