#include "normalize/fields.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "text/fold.h"

namespace cdx::normalize {
namespace {

constexpr std::array<FieldInfo, field_count> fields = {{
    {FieldId::platform, "platform", FieldKind::text},
    {FieldId::user_id, "user_id", FieldKind::text},
    {FieldId::handle, "handle", FieldKind::text},
    {FieldId::name, "name", FieldKind::text},
    {FieldId::bio, "bio", FieldKind::text},
    {FieldId::image_url, "image_url", FieldKind::text},
    {FieldId::website, "website", FieldKind::text},
    {FieldId::country, "country", FieldKind::text},
    {FieldId::city, "city", FieldKind::text},
    {FieldId::location, "location", FieldKind::text},
    {FieldId::language, "language", FieldKind::text},
    {FieldId::category, "category", FieldKind::list},
    {FieldId::followers, "followers", FieldKind::number},
    {FieldId::following, "following", FieldKind::number},
    {FieldId::content_count, "content_count", FieldKind::number},
    {FieldId::total_views, "total_views", FieldKind::number},
    {FieldId::engagement_rate, "engagement_rate", FieldKind::number},
    {FieldId::average_views, "average_views", FieldKind::number},
    {FieldId::average_likes, "average_likes", FieldKind::number},
    {FieldId::average_comments, "average_comments", FieldKind::number},
    {FieldId::average_shares, "average_shares", FieldKind::number},
    {FieldId::price_usd, "price_usd", FieldKind::number},
    {FieldId::verified, "verified", FieldKind::flag},
    {FieldId::created_at, "created_at", FieldKind::time},
    {FieldId::last_post_at, "last_post_at", FieldKind::time},
    {FieldId::account_url, "account_url", FieldKind::text},
    {FieldId::links, "links", FieldKind::list},
    {FieldId::creator_key, "creator_key", FieldKind::text},
    {FieldId::history, "history", FieldKind::text},
    {FieldId::post_text, "post_text", FieldKind::text},
    {FieldId::post_tags, "post_tags", FieldKind::text},
    {FieldId::post_url, "post_url", FieldKind::text},
    {FieldId::post_id, "post_id", FieldKind::text},
    {FieldId::post_at, "post_at", FieldKind::time},
    {FieldId::post_views, "post_views", FieldKind::number},
    {FieldId::post_likes, "post_likes", FieldKind::number},
    {FieldId::post_comments, "post_comments", FieldKind::number},
    {FieldId::post_image_url, "post_image_url", FieldKind::text},
}};

struct Synonym {
  FieldId field;
  int rank;
  bool name_or_handle;
  std::string_view forms;  // parted by '|'
};

// Forms as read_header() makes them. Rank 3: the field's own name; 2: usual; 1: vague.
constexpr auto synonyms = std::to_array<Synonym>({
    {FieldId::platform, 3, false, "platform|social platform|network|social network|social medium|medium"},
    {FieldId::user_id, 3, false,
     "user id|channel id|account id|profile id|uid|userid|platform id|external id|page id"},
    {FieldId::user_id, 2, false, "id|pk"},
    {FieldId::handle, 3, false, "handle|username|user name|screen name|login|custom url|channel handle"},
    {FieldId::handle, 2, false, "nick|nickname|user|slug|account handle|profile handle"},
    {FieldId::name, 3, false, "display name|full name|fullname|channel title|real name"},
    {FieldId::name, 2, false, "title|page name|person|celebrity|artist"},
    {FieldId::name, 3, true, "name"},
    {FieldId::name, 2, true,
     "channel name|account name|profile name|creator name|influencer name|channel|account"},
    {FieldId::name, 1, true, "|creator|influencer|blogger|streamer|vlogger|profile|page|brand"},
    {FieldId::bio, 3, false, "bio|biography"},
    {FieldId::bio, 2, false,
     "about|description|channel description|profile description|about me|user biography"},
    {FieldId::bio, 1, false, "summary|intro|introduction|bio text|profile text"},
    {FieldId::image_url, 3, false,
     "image url|avatar|avatar url|profile picture|profile pic|profile image|profile image url"},
    {FieldId::image_url, 2, false,
     "picture|photo|thumbnail|thumbnail url|image|photo url|profile pic url|picture url"},
    {FieldId::website, 3, false, "website|web site|site|homepage|home page|website url"},
    {FieldId::website, 2, false, "external url|external link|web|domain|blog"},
    {FieldId::country, 3, false, "country|country code|country name|country iso"},
    {FieldId::country, 2, false, "region|nation|market|nationality|geo"},
    {FieldId::city, 3, false, "city|town|home town"},
    {FieldId::location, 2, false, "location|place|based in|lives in"},
    {FieldId::language, 3, false, "language|lang|primary language|content language|main language|locale"},
    {FieldId::category, 3, false,
     "category|niche|primary niche|secondary niche|main category|sub category|subcategory"},
    {FieldId::category, 2, false,
     "topic|genre|vertical|interest|industry|main topic|theme|category name|sub niche|field"},
    {FieldId::followers, 3, false, "follower|subscriber|follower amount|user follower"},
    {FieldId::followers, 2, false, "sub|fan|follower k|audience size"},
    {FieldId::following, 3, false, "following|user following"},
    {FieldId::following, 2, false, "friend|followee|follow"},
    {FieldId::content_count, 3, false, "content|video|post|media|upload|user media"},
    {FieldId::content_count, 2, false, "tweet|statuse|publication|reel|video uploaded"},
    {FieldId::total_views, 3, false, "view|video view|channel view|lifetime view|play"},
    {FieldId::engagement_rate, 3, false, "engagement rate|er|eng rate|avg engagement rate"},
    {FieldId::engagement_rate, 2, false, "engagement|eng|avg engagement|avg eng|interaction rate"},
    {FieldId::average_views, 3, false,
     "avg view|avg video view|avg play|view per video|view per post|avg reel view"},
    {FieldId::average_likes, 3, false, "avg like|like per video|like per post"},
    {FieldId::average_comments, 3, false, "avg comment|comment per video|comment per post"},
    {FieldId::average_shares, 3, false, "avg share|share per video|share per post"},
    {FieldId::price_usd, 3, false,
     "price|collaboration rate|collab rate|collaboration price|price per post|rate per post"},
    {FieldId::price_usd, 2, false,
     "rate|cost|fee|post price|asking price|cost per post|rate card|sponsorship price|charge"},
    {FieldId::verified, 3, false,
     "verified|verification|verified account|verified badge|blue check|verification status"},
    {FieldId::verified, 2, false, "partnered|partner|badge"},
    {FieldId::created_at, 3, false,
     "created at|created|account created|creation date|created date|date created|account created at"},
    {FieldId::created_at, 2, false,
     "published at|joined|join date|joined at|date joined|registered|registered at|start date"},
    {FieldId::last_post_at, 3, false,
     "last post at|last post|last post date|last posted|last posted at|last upload"},
    {FieldId::last_post_at, 2, false,
     "last active|last activity|last video|last video date|last video at|last active at"},
    {FieldId::account_url, 3, false,
     "account url|profile url|channel url|profile link|account link|channel link|page url"},
    {FieldId::account_url, 2, false, "url|link|permalink|href"},
    {FieldId::links, 3, false,
     "other link|social link|outward link|bio link|social|other account|social account"},
    {FieldId::creator_key, 3, false,
     "creator key|identity key|creator id|person id|entity id|influencer id|person key"},
    {FieldId::history, 3, false,
     "history|growth|follower history|follower growth|subscriber history|growth history"},
    {FieldId::post_text, 3, false, "caption|post text|post caption|caption text"},
    {FieldId::post_tags, 3, false, "hashtag|post hashtag|post tag"},
});

const std::unordered_map<std::string_view, Meaning>& meanings() {
  static const auto* table = [] {
    auto* made = new std::unordered_map<std::string_view, Meaning>();
    for (const Synonym& entry : synonyms) {
      std::string_view rest = entry.forms;
      for (;;) {
        const std::size_t bar = rest.find('|');
        made->try_emplace(rest.substr(0, bar), Meaning{entry.field, entry.rank, entry.name_or_handle});
        if (bar == std::string_view::npos) break;
        rest.remove_prefix(bar + 1);
      }
    }
    return made;
  }();
  return *table;
}

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<Platform> platform_word(std::string_view word) {
  if (is_any(word, {"youtube", "youtuber", "yt"})) return Platform::youtube;
  if (is_any(word, {"instagram", "instagrammer", "insta", "ig"})) return Platform::instagram;
  if (is_any(word, {"tiktok", "tiktoker", "tik"})) return Platform::tiktok;
  if (is_any(word, {"twitch", "twitcher"})) return Platform::twitch;
  if (is_any(word, {"twitter"})) return Platform::x;
  return std::nullopt;
}

std::string singular(std::string word) {
  if (word == "categories") return "category";
  const bool plural =
      word.size() > 3 && word.back() == 's' && word[word.size() - 2] != 's' && word[word.size() - 2] != 'u';
  if (plural) word.pop_back();
  return word;
}

// "subscriberCount", "Eng. (Avg.)" and "follower_count\n" in words; a sign of percent is a word of its own.
std::vector<std::string> words_of(std::string_view column) {
  std::string spaced;
  for (std::size_t i = 0; i < column.size(); ++i) {
    const char c = column[i];
    const bool upper = c >= 'A' && c <= 'Z';
    const bool after_lower = i > 0 && column[i - 1] >= 'a' && column[i - 1] <= 'z';
    if (upper && after_lower) spaced += ' ';
    if (c == '%') {
      spaced += " percent ";
    } else {
      spaced += c;
    }
  }
  std::vector<std::string> words(1);
  for (const char c : text::fold(spaced)) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

const FieldInfo& info(FieldId field) { return fields[static_cast<std::size_t>(field)]; }

std::optional<FieldId> find_field(std::string_view name) {
  for (const FieldInfo& field : fields)
    if (field.name == name) return field.id;
  return std::nullopt;
}

Header read_header(std::string_view column) {
  Header out;
  out.exact = find_field(text::fold(column));
  std::string rest;
  bool average = false;
  std::vector<std::string> words = words_of(column);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = singular(std::move(words[i]));
    if (word == "tik" && i + 1 < words.size() && words[i + 1] == "tok") words[i + 1] = "the";
    if (const auto platform = platform_word(word)) {
      out.platform = platform;
      continue;
    }
    if (is_any(word, {"percent", "percentage", "pct"})) {
      out.percent = true;
      continue;
    }
    if (word == "audience" && !(i + 1 < words.size() && words[i + 1] == "size")) out.audience = true;
    if (is_any(word, {"authentic", "auth"})) {
      out.authentic = true;
      continue;
    }
    if (is_any(word, {"avg", "average", "mean", "median", "av"})) {
      average = true;
      continue;
    }
    if (is_any(word, {"number", "num", "count", "total", "value", "of", "the", "is", "usd", "in", "approx",
                      "current"}))
      continue;
    const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
    if (digits && i > 0) continue;  // "category_1"
    if (is_any(word, {"influencer", "creator"}) && i + 1 < words.size() &&
        !is_any(words[i + 1], {"key", "id", "name"}))
      continue;
    if (!rest.empty()) rest += ' ';
    rest += word;
  }
  out.form = average ? (rest.empty() ? "avg" : "avg " + rest) : rest;
  if (out.percent && out.form == "eng") out.form = "eng rate";
  return out;
}

std::optional<Meaning> meaning(const Header& header) {
  if (header.audience) return std::nullopt;
  if (header.exact && *header.exact != FieldId::name) return Meaning{*header.exact, 4, false};
  // A bare platform word ("Youtuber") names accounts; an empty header means nothing.
  if (header.form.empty() && !header.platform) return std::nullopt;
  const auto found = meanings().find(header.form);
  if (found == meanings().end()) return std::nullopt;
  Meaning out = found->second;
  if (header.authentic) out.rank -= 2;
  return out;
}

}  // namespace cdx::normalize
