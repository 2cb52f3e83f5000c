#include "store/sqlite/body.h"

#include <type_traits>

#include "base/assert.h"
#include "store/account_fields.h"
#include "store/sqlite/bytes.h"

namespace cdx {
namespace {

// The first byte of every body. A new layout gets the next number, and the old ones stay readable.
constexpr std::uint8_t body_version = 1;

void put(ByteWriter& out, const std::string& value) { out.text(value); }
void put(ByteWriter& out, std::int64_t value) { out.integer(value); }
void put(ByteWriter& out, double value) { out.real(value); }
void put(ByteWriter& out, bool value) { out.byte(value ? 1 : 0); }
void put(ByteWriter& out, Time value) { out.integer(value.time_since_epoch().count()); }
void put(ByteWriter& out, const std::vector<std::string>& values) {
  out.count(values.size());
  for (const auto& value : values) out.text(value);
}

void take(ByteReader& in, std::string& value) { value = in.text(); }
void take(ByteReader& in, std::int64_t& value) { value = in.integer(); }
void take(ByteReader& in, double& value) { value = in.real(); }
void take(ByteReader& in, bool& value) { value = in.byte() != 0; }
void take(ByteReader& in, Time& value) { value = Time(std::chrono::milliseconds(in.integer())); }
void take(ByteReader& in, std::vector<std::string>& values) {
  const auto count = in.elements();
  values.reserve(count);
  for (std::size_t i = 0; i < count && in.ok(); ++i) values.emplace_back(in.text());
}

template <class T>
void put_optional(ByteWriter& out, const std::optional<T>& value) {
  out.byte(value ? 1 : 0);
  if (value) put(out, *value);
}
template <class T>
void take_optional(ByteReader& in, std::optional<T>& value) {
  if (in.byte() != 0) take(in, value.emplace());
}

void put_origin(ByteWriter& out, const Provenance& origin, TermsNumber terms) {
  out.integer(terms);
  put(out, origin.fetched_at);
  put_optional(out, origin.expires_at);
}
void take_origin(ByteReader& in, Provenance& origin, TermsNumber& terms) {
  terms = in.integer();
  take(in, origin.fetched_at);
  take_optional(in, origin.expires_at);
}

bool take_version(ByteReader& in) {
  if (in.byte() != body_version) in.refuse();
  return in.ok();
}

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorKind::corrupt, "the stored " + std::string(what) +
                                      " cannot be read: its bytes are damaged, or a " +
                                      "newer creatordex wrote them");
}

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
  if (!take_version(in)) return damaged("account");
  out.account.user_id = in.text();
  const auto origins = in.elements();
  if (origins > 65'535) return damaged("account");
  out.account.origins.resize(origins);
  out.terms.resize(origins);
  for (std::size_t i = 0; i < origins && in.ok(); ++i) take_origin(in, out.account.origins[i], out.terms[i]);
  const auto present = in.below(std::uint64_t{1} << account_field_count);
  if (!in.ok() || (present != 0 && origins == 0)) return damaged("account");
  unsigned number = 0;
  for_account_fields(out.account, [&](auto& field) {
    const bool here = ((present >> number++) & 1U) != 0;
    if (here && in.ok()) take_field(in, field, origins, origins == 1);
  });
  if (!in.at_end()) return damaged("account");
  return out;
}

void encode_creator(std::string& out, const Creator& creator) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(body_version);
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
  bytes.real(creator.niche_confidence);
  bytes.count(creator.niche_evidence.size());
  for (const auto& evidence : creator.niche_evidence) {
    bytes.text(evidence.field);
    bytes.text(evidence.phrase);
  }
  bytes.integer(creator.total_followers);
  put_optional(bytes, creator.engagement_rate);
  put_optional(bytes, creator.growth_rate_30d);
  put_optional(bytes, creator.price_usd);
  put_optional(bytes, creator.last_post_at);
  put(bytes, creator.verified);
  bytes.real(creator.quality);
  put_optional(bytes, creator.expires_at);
  bytes.count(creator.rules_version);
}

Result<Creator> decode_creator(std::string_view body) {
  ByteReader in(body);
  Creator creator;
  if (!take_version(in)) return damaged("creator");
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
  creator.niche_confidence = in.real();
  const auto evidence = in.elements();
  for (std::size_t i = 0; i < evidence && in.ok(); ++i) {
    auto& piece = creator.niche_evidence.emplace_back();
    piece.field = in.text();
    piece.phrase = in.text();
  }
  creator.total_followers = in.integer();
  take_optional(in, creator.engagement_rate);
  take_optional(in, creator.growth_rate_30d);
  take_optional(in, creator.price_usd);
  take_optional(in, creator.last_post_at);
  take(in, creator.verified);
  creator.quality = in.real();
  take_optional(in, creator.expires_at);
  creator.rules_version = static_cast<std::uint32_t>(in.below(std::uint64_t{1} << 32U));
  if (!in.at_end()) return damaged("creator");
  return creator;
}

void encode_item(std::string& out, const ContentItem& item, TermsNumber terms) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(body_version);
  bytes.byte(static_cast<std::uint8_t>(item.type));
  bytes.text(item.title);
  bytes.text(item.description);
  bytes.text(item.url);
  put_optional(bytes, item.published_at);
  put_optional(bytes, item.views);
  put_optional(bytes, item.likes);
  put_optional(bytes, item.comments);
  put_origin(bytes, item.origin, terms);
}

Result<ItemBody> decode_item(std::string_view body) {
  ByteReader in(body);
  ItemBody out;
  if (!take_version(in)) return damaged("item");
  out.item.type = static_cast<ContentType>(in.below(static_cast<std::uint64_t>(ContentType::other) + 1));
  out.item.title = in.text();
  out.item.description = in.text();
  out.item.url = in.text();
  take_optional(in, out.item.published_at);
  take_optional(in, out.item.views);
  take_optional(in, out.item.likes);
  take_optional(in, out.item.comments);
  take_origin(in, out.item.origin, out.terms);
  if (!in.at_end()) return damaged("item");
  return out;
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
  if (!take_version(in)) return damaged("account's keys");
  const auto count = in.elements();
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto& key = keys.emplace_back();
    key.kind = in.text();
    key.value = in.text();
  }
  if (!in.at_end()) return damaged("account's keys");
  return keys;
}

}  // namespace cdx
