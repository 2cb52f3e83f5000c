// One account of one person: what the platform would show of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sample/calendar.h"
#include "sample/person.h"

namespace cdx::sample {

struct Post {
  std::string id, title, description, url;
  std::string_view type;  // "video", "short", "post", "story"
  Moment at;
  std::int64_t views = 0, likes = 0, comments = 0;
};

struct Jump {        // a week in which followers came at once
  int days_ago = 0;  // the snapshot after it
  std::int64_t before = 0, after = 0;
  bool inorganic = false;
};

// Fields that are empty or absent are left out of the set, as real sources leave them out.
struct Presence {
  std::size_t platform = 0;
  std::string user_id, handle, name, bio, website;
  std::string_view country, city, language, category;
  std::vector<std::string> links;
  double size = 0;  // log2 of followers
  std::int64_t followers = 0, following = 0, content_count = 0;
  std::optional<std::int64_t> total_views;
  double engagement_rate = 0, average_views = 0, average_likes = 0, average_comments = 0;
  std::optional<int> price_usd;
  bool verified = false;
  int created_days_ago = 0;
  Moment last_post;
  std::vector<Post> posts;
  std::vector<std::int64_t> weekly_followers;  // oldest first, the last a day before the newest day
  std::optional<Jump> jump;
};

inline constexpr int snapshot_weeks = 26;

// Days before the newest day at which the n-th of weekly_followers was taken.
inline int snapshot_day(int week) { return 1 + 7 * (snapshot_weeks - 1 - week); }

// The account of `person` on a platform where it is.
Presence make_presence(const Recipe& recipe, const Calendar& calendar, const Person& person,
                       std::size_t platform);

// Parts of it, each from its own stream of numbers.
void add_figures(const Recipe& recipe, const Person& person, Presence& out);
void add_growth(const Recipe& recipe, const Person& person, Presence& out);
void add_profile_text(const Recipe& recipe, const Calendar& calendar, const Person& person, Presence& out);
void add_posts(const Recipe& recipe, const Calendar& calendar, const Person& person, Presence& out);

// What the person brings to every phrase; `storage` keeps texts that were made for it.
struct SpeechTexts {
  std::string site, mail, other, about, manager, list, year, followers;
};
Speech speech_of(const Recipe& recipe, const Calendar& calendar, const Person& person, std::size_t platform,
                 SpeechTexts& storage);

}  // namespace cdx::sample
