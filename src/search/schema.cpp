#include "search/schema.h"

#include <algorithm>

#include "base/hash.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

void add_words(std::string& into, std::string_view words) {
  if (words.empty()) return;
  if (!into.empty()) into += '\n';
  into += words;
}

// Distinct words of a field over all accounts: the same bio on three platforms counts once.
std::string gather(const std::vector<Account>& accounts, const Field<std::string> Account::*field) {
  std::vector<std::string_view> seen;
  std::string out;
  for (const auto& account : accounts) {
    const auto& value = account.*field;
    if (!value || std::find(seen.begin(), seen.end(), value->value) != seen.end()) continue;
    seen.push_back(value->value);
    add_words(out, value->value);
  }
  return out;
}

std::string niche_words(const Profile& profile) {
  std::string out;
  const auto add = [&](std::string_view key) {
    if (const auto* niche = vocab::niche(key)) add_words(out, niche->label);
  };
  add(profile.creator.primary_niche);
  for (const auto& key : profile.creator.secondary_niches) add(key);
  for (const auto& account : profile.accounts)
    if (account.categories)
      for (const auto& category : account.categories->value) add_words(out, category);
  return out;
}

std::string content_words(const Profile& profile) {
  std::string out;
  for (const auto& item : profile.items) add_words(out, item.title);
  return out;
}

std::vector<std::string> one(std::string_view value) {
  return value.empty() ? std::vector<std::string>{} : std::vector<std::string>{std::string(value)};
}

std::vector<std::string> platforms(const Profile& profile) {
  std::vector<std::string> out;
  for (const auto& account : profile.accounts) out.emplace_back(name(account.platform));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// The first name there is, or handle; folded, and no longer than a sort needs.
std::string sort_name(const Profile& profile) {
  for (const auto field : {&Account::name, &Account::handle})
    for (const auto& account : profile.accounts)
      if (const auto& value = account.*field; value && !value->value.empty())
        return std::string(text::clip(text::fold(value->value), 80));
  return {};
}

// Those it disclosed work with.
std::vector<std::string> brands(const Creator& creator) {
  std::vector<std::string> out;
  for (const auto& work : creator.collaborations)
    if (!work.brand.empty()) out.push_back(work.brand);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// A niche filter for "fitness" also finds "fitness/yoga".
std::vector<std::string> with_parent(const std::string& niche) {
  auto out = one(niche);
  if (const auto slash = niche.find('/'); slash != std::string::npos) out.push_back(niche.substr(0, slash));
  return out;
}

std::vector<std::string> with_parents(const std::vector<std::string>& niches) {
  std::vector<std::string> out;
  for (const auto& niche : niches)
    for (auto& key : with_parent(niche)) out.push_back(std::move(key));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::string_view activity(const Creator& creator, Time now) {
  if (!creator.last_post_at) return "unknown";
  const auto age = now - *creator.last_post_at;
  return age <= std::chrono::days{7} ? "active" : age <= std::chrono::days{30} ? "semi_active" : "dormant";
}

bool states_followers(const Profile& profile) {
  return std::any_of(profile.accounts.begin(), profile.accounts.end(),
                     [](const Account& account) { return account.followers.has_value(); });
}

std::string vector_field(Platform platform, bool content) {
  return std::string(name(platform)) + (content ? "_content" : "_bio");
}

Schema creator_schema(std::size_t dimension) {
  Schema schema;
  // Short fields say more per word; b is low where length says little about the subject. The summary repeats
  // what other fields say, between words of its own making, so it weighs little: 0.6 cost 0.01 nDCG on CACM.
  schema.texts = {{"name", 2.0, 0.3},    {"handle", 1.5, 0.2}, {"niche", 1.5, 0.3},
                  {"summary", 0.1, 0.5}, {"bio", 1.0, 0.6},    {"content", 0.7, 0.7}};
  for (const auto* field : {"platform", "niche", "secondary_niche", "country", "language", "style",
                            "activity", "follower_band", "verified", "risk", "brand"})
    schema.keywords.push_back({field});
  schema.keywords.push_back({std::string(name_field)});
  for (const auto* field :
       {"followers", "engagement_rate", "price_usd", "growth_rate_30d", "last_post_at", "quality", "emerging",
        "credibility", "views_per_follower", "posts_per_week", "growth_trend", "sponsored_share"})
    schema.numbers.push_back({field});
  for (std::size_t i = 0; i < platform_count; ++i)
    for (const bool content : {false, true})
      schema.vectors.push_back({vector_field(static_cast<Platform>(i), content), dimension});
  schema.name_fields = {0, 1};
  return schema;
}

Schema creator_schema(std::size_t dimension, const PictureSpace& pictures) {
  auto schema = creator_schema(dimension);
  schema.vectors.push_back({std::string(picture_field), pictures.dimension, pictures.name});
  return schema;
}

std::uint64_t picture_space_id(std::string_view name) { return hash64(name); }

std::optional<std::size_t> picture_field_of(const Schema& schema) {
  for (std::size_t f = 0; f < schema.vectors.size(); ++f)
    if (schema.vectors[f].name == picture_field && !schema.vectors[f].space.empty()) return f;
  return std::nullopt;
}

std::string_view picture_space_of(const Schema& schema) {
  const auto field = picture_field_of(schema);
  return field ? std::string_view(schema.vectors[*field].space) : std::string_view();
}

std::vector<std::vector<float>> for_text_fields(const Schema& schema, std::span<const float> vector) {
  std::vector<std::vector<float>> out(schema.vectors.size());
  for (std::size_t f = 0; f < out.size(); ++f)
    if (schema.vectors[f].space.empty()) out[f].assign(vector.begin(), vector.end());
  return out;
}

namespace {

// Everything but the vectors.
Document without_vectors(const Profile& profile, Time now) {
  const auto& creator = profile.creator;
  Document out;
  out.id = creator.id.value;
  out.texts = {gather(profile.accounts, &Account::name),
               gather(profile.accounts, &Account::handle),
               niche_words(profile),
               creator.summary,
               gather(profile.accounts, &Account::bio),
               content_words(profile)};
  const bool followers_known = states_followers(profile);
  out.keywords = {platforms(profile),
                  with_parent(creator.primary_niche),
                  with_parents(creator.secondary_niches),
                  one(creator.country),
                  one(creator.language),
                  one(creator.style),
                  one(activity(creator, now)),
                  followers_known ? one(vocab::follower_band(creator.total_followers)) : one(""),
                  one(creator.verified ? "true" : "false"),
                  creator.risks,
                  brands(creator),
                  one(sort_name(profile))};
  out.numbers = {
      followers_known ? static_cast<double>(creator.total_followers) : no_number,
      creator.engagement_rate.value_or(no_number),
      creator.price_usd.value_or(no_number),
      creator.growth_rate_30d.value_or(no_number),
      creator.last_post_at
          ? static_cast<double>(
                std::chrono::floor<std::chrono::seconds>(*creator.last_post_at).time_since_epoch().count())
          : no_number,
      creator.quality,
      creator.emerging.value_or(no_number),
      creator.credibility ? creator.credibility->value : no_number,
      creator.views_per_follower.value_or(no_number),
      creator.posts_per_week.value_or(no_number),
      creator.growth_trend.value_or(no_number),
      creator.sponsored_share.value_or(no_number)};
  return out;
}

}  // namespace

Document to_document(const Profile& profile, const std::map<std::string, std::vector<float>>& vectors,
                     Time now) {
  static const auto texts_alone = creator_schema(1);
  return to_document(profile, vectors, now, texts_alone);
}

Document to_document(const Profile& profile, const std::map<std::string, std::vector<float>>& vectors,
                     Time now, const Schema& schema) {
  auto out = without_vectors(profile, now);
  for (const auto& field : schema.vectors) {
    const auto found = vectors.find(field.name);
    out.vectors.push_back(found == vectors.end() ? std::vector<float>{} : found->second);
  }
  return out;
}

}  // namespace cdx
