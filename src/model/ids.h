// The distinct identities of the domain. Part of model/model.h.
#pragma once

#include "base/id.h"

namespace cdx {

struct AccountTag {
  static constexpr std::string_view prefix = "ac_";
};
struct CreatorTag {
  static constexpr std::string_view prefix = "cr_";
};
struct ContentTag {
  static constexpr std::string_view prefix = "ct_";
};
struct CampaignTag {
  static constexpr std::string_view prefix = "cm_";
};
struct QuestionTag {
  static constexpr std::string_view prefix = "qu_";
};

using AccountId =
    Id<AccountTag>;  // hash64("platform\0platform_user_id"): the same account has the same id everywhere
using CreatorId =
    Id<CreatorTag>;  // made once from the first account linked; survives joins and splits as a redirect
using ContentId = Id<ContentTag>;    // hash64("platform\0platform_content_id")
using CampaignId = Id<CampaignTag>;  // given by whoever makes the campaign; random where nobody does
using QuestionId = Id<QuestionTag>;  // one search or match as it was answered

// The store's position: grows with every commit, by as much as it changed. 0 is the empty store.
struct Revision {
  std::uint64_t value = 0;
  friend auto operator<=>(const Revision&, const Revision&) = default;
};

enum class Platform : std::uint8_t { youtube, instagram, tiktok, x, twitch, other };
inline constexpr std::size_t platform_count = 6;

std::string_view name(Platform platform);  // "youtube", "instagram", "tiktok", "x", "twitch", "other"
// Reads names and usual abbreviations ("yt", "ig", "insta", "tt", "twitter"), any case.
std::optional<Platform> parse_platform(std::string_view text);

AccountId account_id(Platform platform, std::string_view platform_user_id);
ContentId content_id(Platform platform, std::string_view platform_content_id);
CreatorId creator_id(AccountId first_account);

}  // namespace cdx
