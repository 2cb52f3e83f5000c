// Fields that several answers share.
#include <algorithm>
#include <cmath>

#include "io/http/http_message.h"
#include "serve/render.h"
#include "vocab/vocab.h"

namespace cdx::serve {
namespace {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

// The most recent origin, which speaks for the account as a whole.
const Provenance* newest(const Account& account) {
  const auto found =
      std::max_element(account.origins.begin(), account.origins.end(),
                       [](const auto& a, const auto& b) { return a.fetched_at < b.fetched_at; });
  return found == account.origins.end() ? nullptr : &*found;
}

std::optional<Time> strictest(const Account& account) {
  std::optional<Time> out;
  for (const auto& origin : account.origins)
    if (origin.expires_at && (!out || *origin.expires_at < *out)) out = origin.expires_at;
  return out;
}

template <class T>
std::optional<double> number_of(const Field<T>& field) {
  return field ? std::optional(static_cast<double>(field->value)) : std::nullopt;
}

void write_credibility(JsonWriter& out, const std::optional<Credibility>& credibility) {
  if (!credibility) {
    out.null();
    return;
  }
  out.object([&] {
    out.key("value").value(credibility->value);
    out.key("low").value(credibility->low);
    out.key("high").value(credibility->high);
  });
}

}  // namespace

void write_text(JsonWriter& out, std::string_view key, std::string_view text) {
  out.key(key);
  text.empty() ? out.null() : out.value(text);
}

// Counts are whole numbers and are written as such.
void write_number(JsonWriter& out, std::string_view key, std::optional<double> number) {
  out.key(key);
  if (!number)
    out.null();
  else if (std::trunc(*number) == *number && std::abs(*number) < 1e15)
    out.value(static_cast<std::int64_t>(*number));
  else
    out.value(*number);
}

void write_time(JsonWriter& out, std::string_view key, std::optional<Time> time) {
  out.key(key);
  time ? out.value(format_time(*time)) : out.null();
}

bool is_web_address(std::string_view url) {
  const auto scheme = url.substr(0, url.find(':'));
  return (http::equal_ignoring_case(scheme, "https") || http::equal_ignoring_case(scheme, "http")) &&
         url.substr(std::min(scheme.size(), url.size())).starts_with("://") &&
         std::none_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

void write_url(JsonWriter& out, std::string_view key, std::string_view url) {
  write_text(out, key, is_web_address(url) ? url : std::string_view{});
}

std::string account_url(const Account& account) {
  const auto handle = percent_encoded(value_or(account.handle, std::string()));
  const bool channel = account.user_id.size() == 24 && account.user_id.starts_with("UC");
  if (account.platform == Platform::youtube && channel)
    return "https://www.youtube.com/channel/" + percent_encoded(account.user_id);
  if (handle.empty()) return {};
  switch (account.platform) {
    case Platform::youtube:
      return "https://www.youtube.com/@" + handle;
    case Platform::instagram:
      return "https://www.instagram.com/" + handle + "/";
    case Platform::tiktok:
      return "https://www.tiktok.com/@" + handle;
    case Platform::x:
      return "https://x.com/" + handle;
    case Platform::twitch:
      return "https://www.twitch.tv/" + handle;
    case Platform::other:
      break;
  }
  return {};
}

void write_account_fields(JsonWriter& out, const Account& account) {
  out.key("id").value(account.id.text());
  out.key("platform").value(name(account.platform));
  write_text(out, "handle", value_or(account.handle, std::string()));
  write_url(out, "url", account_url(account));
  write_number(out, "followers", number_of(account.followers));
  write_number(out, "engagement_rate", number_of(account.engagement_rate));
  const auto* origin = newest(account);
  write_time(out, "fetched_at", origin ? std::optional(origin->fetched_at) : std::nullopt);
  write_time(out, "expires_at", strictest(account));
  write_text(out, "source", origin ? std::string_view(origin->source) : std::string_view{});
}

void write_creator_fields(JsonWriter& out, const Profile& profile, Time now) {
  const auto& creator = profile.creator;
  write_text(out, "name", creator.name);
  write_text(out, "handle", creator.handle);
  write_url(out, "image_url", creator.image_url);
  write_text(out, "primary_niche", creator.primary_niche);
  out.key("secondary_niches").array([&] {
    for (const auto& niche : creator.secondary_niches) out.value(niche);
  });
  const auto* niche = vocab::niche(creator.primary_niche);
  write_text(out, "niche_label", niche ? std::string_view(niche->label) : std::string_view{});
  write_text(out, "country", creator.country);
  write_text(out, "language", creator.language);
  write_text(out, "style", creator.style);
  write_text(out, "summary", creator.summary);
  const bool known = states_followers(profile);
  write_number(out, "followers",
               known ? std::optional(static_cast<double>(creator.total_followers)) : std::nullopt);
  write_text(out, "follower_band",
             known ? vocab::follower_band(creator.total_followers) : std::string_view{});
  write_number(out, "engagement_rate", creator.engagement_rate);
  write_number(out, "growth_rate_30d", creator.growth_rate_30d);
  write_number(out, "price_usd", creator.price_usd);
  out.key("activity").value(activity(creator, now));
  write_time(out, "last_post_at", creator.last_post_at);
  out.key("verified").value(creator.verified);
  write_number(out, "quality", creator.quality);
  write_number(out, "emerging", creator.emerging);
  out.key("credibility");
  write_credibility(out, creator.credibility);
  write_number(out, "views_per_follower", creator.views_per_follower);
  write_number(out, "posts_per_week", creator.posts_per_week);
  write_number(out, "growth_trend", creator.growth_trend);
  out.key("risks").array([&] {
    for (const auto& risk : creator.risks) out.value(risk);
  });
}

void write_understood(JsonWriter& out, const Understood& understood) {
  out.key("understood").object([&] {
    out.key("rest").value(understood.rest);
    out.key("chips").array([&] {
      for (const auto& chip : understood.chips)
        out.object([&] {
          out.key("id").value(chip.id);
          out.key("label").value(chip.label);
          out.key("field").value(chip.field);
          out.key("begin").value(static_cast<std::uint64_t>(chip.begin));
          out.key("end").value(static_cast<std::uint64_t>(chip.end));
          out.key("negated").value(chip.filter.kind == Filter::Kind::negation ||
                                   !chip.excluded_terms.empty());
          out.key("soft").value(chip.soft);
          write_text(out, "effect", chip.effect);
        });
    });
  });
}

}  // namespace cdx::serve
