#include "store/sqlite/body.h"

#include <type_traits>

#include "base/assert.h"
#include "store/account_fields.h"
#include "store/sqlite/body_parts.h"

namespace cdx {
namespace {

// The first byte of every body. A new layout gets the next number, and the old ones stay readable.
constexpr std::uint8_t body_version = 1;     // of accounts and keys
constexpr std::uint8_t creator_version = 3;  // reads 1 and 2 too

template <class T>
void take_field(ByteReader& in, Field<T>& field, std::size_t origins, bool one_origin) {
  auto& sourced = field.emplace();
  if (!one_origin) sourced.origin = static_cast<std::uint16_t>(in.below(origins));
  take(in, sourced.value);
}

}  // namespace

void encode_account(std::string& out, const Account& account, std::span<const TermsNumber> terms) {
  CDX_ASSERT(terms.size() == account.origins.size());
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(body_version);
  bytes.text(account.user_id);
  bytes.count(account.origins.size());
  for (std::size_t i = 0; i < terms.size(); ++i) put_origin(bytes, account.origins[i], terms[i]);
  std::uint64_t present = 0;
  unsigned number = 0;
  for_account_fields(account,
                     [&](const auto& field) { present |= std::uint64_t{field ? 1U : 0U} << number++; });
  CDX_ASSERT(number == account_field_count);
  bytes.count(present);
  const bool one_origin = account.origins.size() == 1;  // then no field needs to say which
  for_account_fields(account, [&](const auto& field) {
    if (!field) return;
    if (!one_origin) bytes.count(field->origin);
    put(bytes, field->value);
  });
}

Result<AccountBody> decode_account(std::string_view body) {
  ByteReader in(body);
  AccountBody out;
  if (!take_version(in, body_version)) return damaged_body("account");
  out.account.user_id = in.text();
  const auto origins = in.elements();
  if (origins > 65'535) return damaged_body("account");
  out.account.origins.resize(origins);
  out.terms.resize(origins);
  for (std::size_t i = 0; i < origins && in.ok(); ++i) take_origin(in, out.account.origins[i], out.terms[i]);
  const auto present = in.below(std::uint64_t{1} << account_field_count);
  if (!in.ok() || (present != 0 && origins == 0)) return damaged_body("account");
  unsigned number = 0;
  for_account_fields(out.account, [&](auto& field) {
    const bool here = ((present >> number++) & 1U) != 0;
    if (here && in.ok()) take_field(in, field, origins, origins == 1);
  });
  if (!in.at_end()) return damaged_body("account");
  return out;
}

namespace {

void put(ByteWriter& out, const std::vector<Evidence>& evidence) {
  out.count(evidence.size());
  for (const auto& one : evidence) {
    out.text(one.field);
    out.text(one.phrase);
  }
}
void take(ByteReader& in, std::vector<Evidence>& evidence) {
  const auto count = in.elements();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto& one = evidence.emplace_back();
    one.field = in.text();
    one.phrase = in.text();
  }
}

// What version 2 of a creator's body has beyond version 1.
void put_judged(ByteWriter& out, const Creator& creator) {
  put(out, creator.risks);
  out.count(creator.judgements.size());
  for (const auto& one : creator.judgements) {
    out.text(one.subject);
    out.text(one.value);
    out.real(one.confidence);
    put(out, one.evidence);
  }
  out.text(creator.judged.by);
  put(out, creator.judged.at);
  out.fixed(creator.judged.input);
  for (const auto* value :
       {&creator.growth_trend, &creator.emerging, &creator.views_per_follower, &creator.posts_per_week})
    put_optional(out, *value);
  put_optional(out, creator.credibility);
  out.count(creator.spikes.size());
  for (const auto& spike : creator.spikes) {
    out.fixed(spike.account.value);
    out.byte(static_cast<std::uint8_t>(spike.metric));
    put(out, spike.at);
    out.real(spike.change);
    out.real(spike.score);
  }
}

void take_judged(ByteReader& in, Creator& creator) {
  take(in, creator.risks);
  const auto judgements = in.elements();
  for (std::size_t i = 0; i < judgements && in.ok(); ++i) {
    auto& one = creator.judgements.emplace_back();
    one.subject = in.text();
    one.value = in.text();
    one.confidence = in.real();
    take(in, one.evidence);
  }
  creator.judged.by = in.text();
  take(in, creator.judged.at);
  creator.judged.input = in.fixed();
  for (auto* value :
       {&creator.growth_trend, &creator.emerging, &creator.views_per_follower, &creator.posts_per_week})
    take_optional(in, *value);
  take_optional(in, creator.credibility);
  const auto spikes = in.elements();
  for (std::size_t i = 0; i < spikes && in.ok(); ++i) {
    auto& spike = creator.spikes.emplace_back();
    spike.account.value = in.fixed();
    const auto metric = in.byte();
    if (metric > static_cast<std::uint8_t>(Metric::average_likes)) in.refuse();
    spike.metric = static_cast<Metric>(metric);
    take(in, spike.at);
    spike.change = in.real();
    spike.score = in.real();
  }
}

// What version 3 has beyond version 2.
void put_collaborations(ByteWriter& out, const Creator& creator) {
  put_optional(out, creator.sponsored_share);
  out.count(creator.collaborations.size());
  for (const auto& one : creator.collaborations) {
    out.text(one.brand);
    out.text(one.name);
    out.byte(static_cast<std::uint8_t>(one.kind));
    out.count(one.posts);
    put_optional(out, one.first);
    put_optional(out, one.last);
    out.real(one.confidence);
    put(out, one.evidence);
    out.fixed(one.post.value);
  }
}

void take_collaborations(ByteReader& in, Creator& creator) {
  take_optional(in, creator.sponsored_share);
  const auto count = in.elements();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto& one = creator.collaborations.emplace_back();
    one.brand = in.text();
    one.name = in.text();
    const auto kind = in.byte();
    if (kind > static_cast<std::uint8_t>(CollaborationKind::paid)) in.refuse();
    one.kind = static_cast<CollaborationKind>(kind);
    one.posts = static_cast<std::uint32_t>(in.below(std::uint64_t{1} << 32U));
    take_optional(in, one.first);
    take_optional(in, one.last);
    one.confidence = in.real();
    take(in, one.evidence);
    one.post.value = in.fixed();
  }
}

// Version 1 knew only why the niche was chosen.
void take_niche_evidence(ByteReader& in, Creator& creator) {
  Judgement niche{"niche", creator.primary_niche, in.real(), {}};
  take(in, niche.evidence);
  if (!creator.primary_niche.empty()) creator.judgements.push_back(std::move(niche));
}

}  // namespace

void encode_creator(std::string& out, const Creator& creator) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(creator_version);
  bytes.count(creator.links.size());
  for (const auto& link : creator.links) {
    bytes.fixed(link.account.value);
    bytes.text(link.rule);
    bytes.text(link.evidence);
    bytes.real(link.score);
  }
  for (const auto* text : {&creator.name, &creator.handle, &creator.image_url, &creator.primary_niche,
                           &creator.style, &creator.language, &creator.country, &creator.summary}) {
    bytes.text(*text);
  }
  put(bytes, creator.secondary_niches);
  bytes.integer(creator.total_followers);
  put_optional(bytes, creator.engagement_rate);
  put_optional(bytes, creator.growth_rate_30d);
  put_optional(bytes, creator.price_usd);
  put_optional(bytes, creator.last_post_at);
  put(bytes, creator.verified);
  bytes.real(creator.quality);
  put_optional(bytes, creator.expires_at);
  bytes.count(creator.rules_version);
  put_judged(bytes, creator);
  put_collaborations(bytes, creator);
}

Result<Creator> decode_creator(std::string_view body) {
  ByteReader in(body);
  Creator creator;
  const auto version = in.byte();
  if (!in.ok() || version < 1 || version > creator_version) return damaged_body("creator");
  const auto links = in.elements();
  for (std::size_t i = 0; i < links && in.ok(); ++i) {
    auto& link = creator.links.emplace_back();
    link.account.value = in.fixed();
    link.rule = in.text();
    link.evidence = in.text();
    link.score = in.real();
  }
  for (auto* text : {&creator.name, &creator.handle, &creator.image_url, &creator.primary_niche,
                     &creator.style, &creator.language, &creator.country, &creator.summary}) {
    *text = in.text();
  }
  take(in, creator.secondary_niches);
  if (version == 1) take_niche_evidence(in, creator);
  creator.total_followers = in.integer();
  take_optional(in, creator.engagement_rate);
  take_optional(in, creator.growth_rate_30d);
  take_optional(in, creator.price_usd);
  take_optional(in, creator.last_post_at);
  take(in, creator.verified);
  creator.quality = in.real();
  take_optional(in, creator.expires_at);
  creator.rules_version = static_cast<std::uint32_t>(in.below(std::uint64_t{1} << 32U));
  if (version > 1) take_judged(in, creator);
  if (version > 2) take_collaborations(in, creator);
  if (!in.at_end()) return damaged_body("creator");
  return creator;
}

void encode_keys(std::string& out, std::span<const BlockKey> keys) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(body_version);
  bytes.count(keys.size());
  for (const auto& key : keys) {
    bytes.text(key.kind);
    bytes.text(key.value);
  }
}

Result<std::vector<BlockKey>> decode_keys(std::string_view body) {
  ByteReader in(body);
  std::vector<BlockKey> keys;
  if (!take_version(in, body_version)) return damaged_body("account's keys");
  const auto count = in.elements();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto& key = keys.emplace_back();
    key.kind = in.text();
    key.value = in.text();
  }
  if (!in.at_end()) return damaged_body("account's keys");
  return keys;
}

}  // namespace cdx
