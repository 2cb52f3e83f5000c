#include "model/model.h"

#include <algorithm>
#include <string>

#include "base/assert.h"

namespace cdx {
namespace {

constexpr std::string_view platform_names[platform_count] = {"youtube", "instagram", "tiktok",
                                                             "x",       "twitch",    "other"};
constexpr std::string_view content_names[] = {"video", "short", "post", "story", "live", "other"};
constexpr std::string_view metric_names[] = {"followers", "total_views", "content_count", "average_views",
                                             "average_likes"};
constexpr std::string_view collaboration_names[] = {"gifted", "affiliate", "paid"};

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return out;
}

std::uint64_t keyed(Platform platform, std::string_view id, std::uint64_t seed) {
  std::string key(name(platform));
  key += '\0';
  key += id;
  return hash64(key, seed);
}

constexpr std::uint64_t account_seed = 1, content_seed = 2, creator_seed = 3;

template <class T>
void take_newer(Account& into, Field<T>& ours, const Account& update, const Field<T>& theirs) {
  if (!theirs) return;
  const auto& origin = update.origins[theirs->origin];
  if (ours && into.origins[ours->origin].fetched_at > origin.fetched_at) return;
  ours = Sourced<T>{theirs->value, into.origin(origin)};
}

}  // namespace

std::string_view name(Platform platform) { return platform_names[static_cast<std::size_t>(platform)]; }
std::string_view name(ContentType type) { return content_names[static_cast<std::size_t>(type)]; }
std::string_view name(CollaborationKind kind) { return collaboration_names[static_cast<std::size_t>(kind)]; }
std::string_view name(Metric metric) { return metric_names[static_cast<std::size_t>(metric)]; }

std::optional<Platform> parse_platform(std::string_view text) {
  const auto wanted = lower_ascii(text);
  for (std::size_t i = 0; i < platform_count; ++i)
    if (wanted == platform_names[i]) return static_cast<Platform>(i);
  if (wanted == "yt") return Platform::youtube;
  if (wanted == "ig" || wanted == "insta") return Platform::instagram;
  if (wanted == "tt" || wanted == "tik tok") return Platform::tiktok;
  if (wanted == "twitter" || wanted == "x.com" || wanted == "x (twitter)") return Platform::x;
  return {};
}

ContentType parse_content_type(std::string_view text) {
  const auto wanted = lower_ascii(text);
  for (std::size_t i = 0; i < std::size(content_names); ++i)
    if (wanted == content_names[i]) return static_cast<ContentType>(i);
  if (wanted == "shorts" || wanted == "reel" || wanted == "reels") return ContentType::short_video;
  if (wanted == "image" || wanted == "photo" || wanted == "carousel_album" || wanted == "tweet")
    return ContentType::post;
  return ContentType::other;
}

AccountId account_id(Platform platform, std::string_view platform_user_id) {
  return {keyed(platform, platform_user_id, account_seed)};
}
ContentId content_id(Platform platform, std::string_view platform_content_id) {
  return {keyed(platform, platform_content_id, content_seed)};
}
CreatorId creator_id(AccountId first_account) { return {hash64(first_account.text(), creator_seed)}; }

Digest content_hash(const RawRecord& record) {
  std::string bytes;
  bytes.reserve(record.layout.size() + record.body.size() + 1);
  bytes += record.layout;
  bytes += '\0';
  bytes += record.body;
  return sha256(bytes);
}

std::uint16_t Account::origin(const Provenance& provenance) {
  const auto found = std::find(origins.begin(), origins.end(), provenance);
  if (found != origins.end()) return static_cast<std::uint16_t>(found - origins.begin());
  CDX_ASSERT(origins.size() < 65'535);
  origins.push_back(provenance);
  return static_cast<std::uint16_t>(origins.size() - 1);
}

namespace {

// Visits every sourced field of two accounts side by side; the one place that lists them.
template <class A, class B, class Visit>
void for_fields(A& a, B& b, Visit visit) {
  visit(a.handle, b.handle);
  visit(a.name, b.name);
  visit(a.bio, b.bio);
  visit(a.image_url, b.image_url);
  visit(a.website, b.website);
  visit(a.country, b.country);
  visit(a.city, b.city);
  visit(a.language, b.language);
  visit(a.categories, b.categories);
  visit(a.followers, b.followers);
  visit(a.following, b.following);
  visit(a.content_count, b.content_count);
  visit(a.total_views, b.total_views);
  visit(a.engagement_rate, b.engagement_rate);
  visit(a.average_views, b.average_views);
  visit(a.average_likes, b.average_likes);
  visit(a.average_comments, b.average_comments);
  visit(a.average_shares, b.average_shares);
  visit(a.price_usd, b.price_usd);
  visit(a.verified, b.verified);
  visit(a.created_at, b.created_at);
  visit(a.last_post_at, b.last_post_at);
  visit(a.links, b.links);
}

// Origins no field points to any more are dropped, so that an account rewritten daily does not grow.
void drop_unused_origins(Account& account) {
  std::vector<bool> used(account.origins.size(), false);
  for_fields(account, account, [&](auto& field, auto&) {
    if (field) used[field->origin] = true;
  });
  std::vector<std::uint16_t> moved(account.origins.size(), 0);
  std::vector<Provenance> kept;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    moved[i] = static_cast<std::uint16_t>(kept.size());
    kept.push_back(std::move(account.origins[i]));
  }
  account.origins = std::move(kept);
  for_fields(account, account, [&](auto& field, auto& same) {
    if (field) same->origin = moved[field->origin];
  });
}

}  // namespace

void merge_account(Account& into, const Account& update) {
  CDX_ASSERT(into.id == update.id);
  for_fields(into, update, [&](auto& ours, auto& theirs) { take_newer(into, ours, update, theirs); });
  drop_unused_origins(into);
}

const Judgement* judgement(const Creator& creator, std::string_view subject) {
  for (const auto& one : creator.judgements)
    if (one.subject == subject) return &one;
  return nullptr;
}

}  // namespace cdx
