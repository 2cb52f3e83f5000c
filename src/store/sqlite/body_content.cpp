// Items and pictures as bytes.
#include "store/sqlite/body.h"
#include "store/sqlite/body_parts.h"

namespace cdx {
namespace {

constexpr std::uint8_t item_version = 2;  // reads 1 too
constexpr std::uint8_t picture_version = 1;

}  // namespace

void encode_item(std::string& out, const ContentItem& item, TermsNumber terms) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(item_version);
  bytes.byte(static_cast<std::uint8_t>(item.type));
  bytes.text(item.title);
  bytes.text(item.description);
  bytes.text(item.url);
  put_optional(bytes, item.published_at);
  put_optional(bytes, item.views);
  put_optional(bytes, item.likes);
  put_optional(bytes, item.comments);
  put_origin(bytes, item.origin, terms);
  bytes.text(item.image_url);
}

Result<ItemBody> decode_item(std::string_view body) {
  ByteReader in(body);
  ItemBody out;
  const auto version = in.byte();
  if (!in.ok() || version < 1 || version > item_version) return damaged_body("item");
  out.item.type = static_cast<ContentType>(in.below(static_cast<std::uint64_t>(ContentType::other) + 1));
  out.item.title = in.text();
  out.item.description = in.text();
  out.item.url = in.text();
  take_optional(in, out.item.published_at);
  take_optional(in, out.item.views);
  take_optional(in, out.item.likes);
  take_optional(in, out.item.comments);
  take_origin(in, out.item.origin, out.terms);
  if (version > 1) out.item.image_url = in.text();
  if (!in.at_end()) return damaged_body("item");
  return out;
}

void encode_picture(std::string& out, const KnownPicture& picture, TermsNumber terms) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(picture_version);
  bytes.byte(static_cast<std::uint8_t>(picture.role));
  for (const auto* text : {&picture.url, &picture.caption, &picture.format}) bytes.text(*text);
  bytes.count(picture.width);
  bytes.count(picture.height);
  bytes.count(picture.bytes);
  bytes.count(picture.fingerprint_version);
  put_origin(bytes, picture.origin, terms);
}

Result<PictureBody> decode_picture(std::string_view body) {
  constexpr auto whole32 = std::uint64_t{1} << 32U;
  ByteReader in(body);
  PictureBody out;
  auto& picture = out.picture;
  if (!take_version(in, picture_version)) return damaged_body("picture");
  picture.role = static_cast<PictureRole>(in.below(static_cast<std::uint64_t>(PictureRole::uploaded) + 1));
  for (auto* text : {&picture.url, &picture.caption, &picture.format}) *text = in.text();
  picture.width = static_cast<std::uint32_t>(in.below(whole32));
  picture.height = static_cast<std::uint32_t>(in.below(whole32));
  picture.bytes = in.count();
  picture.fingerprint_version = static_cast<std::uint32_t>(in.below(whole32));
  take_origin(in, picture.origin, out.terms);
  if (!in.at_end()) return damaged_body("picture");
  return out;
}

}  // namespace cdx
