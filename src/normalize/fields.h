// The fields that a column can fill, and what headers call them. Private to the normalize room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"

namespace cdx::normalize {

// In the order in which a record's cells are read.
enum class FieldId : std::uint8_t {
  platform,
  user_id,
  handle,
  name,
  bio,
  image_url,
  website,
  country,
  city,
  location,
  language,
  category,
  followers,
  following,
  content_count,
  total_views,
  engagement_rate,
  average_views,
  average_likes,
  average_comments,
  average_shares,
  price_usd,
  verified,
  created_at,
  last_post_at,
  account_url,
  links,
  creator_key,
  history,
  post_text,
  post_tags,
  post_url,
  post_id,
  post_at,
  post_views,
  post_likes,
  post_comments,
  post_image_url,
};
inline constexpr std::size_t field_count = 38;

enum class FieldKind : std::uint8_t { text, number, flag, time, list };

struct FieldInfo {
  FieldId id;
  std::string_view name;
  FieldKind kind;
};
const FieldInfo& info(FieldId field);
std::optional<FieldId> find_field(std::string_view name);

// A header in words: lower case, singular, "average" and its kin as "avg" in front, counting words left out.
struct Header {
  std::string form;                  // "avg view"
  std::optional<FieldId> exact;      // the header is this field's own name
  std::optional<Platform> platform;  // named in it, and taken out of the form
  bool percent = false;
  bool audience = false;   // speaks of the followers, not of the account
  bool authentic = false;  // engagement without suspected bots: second choice
};
Header read_header(std::string_view column);

struct Meaning {
  FieldId field;
  int rank = 0;                 // higher is a better name for the field
  bool name_or_handle = false;  // only the values can tell
};
std::optional<Meaning> meaning(const Header& header);

}  // namespace cdx::normalize
