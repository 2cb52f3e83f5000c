#include "serve/picture_body.h"

#include "base/base64.h"
#include "io/http/multipart.h"
#include "serve/object_reader.h"

namespace cdx::serve {
namespace {

constexpr std::size_t longest_text = 4'000;
constexpr std::size_t longest_data = largest_picture / 3 * 4 + 200;  // in base64, with what stands before it

std::string picture_field_of(ObjectReader& reader, std::string_view name, Faults& faults) {
  const auto data = reader.text(name, longest_data);
  if (!data) return {};
  return read_picture_data(*data, reader.at(name), faults).value_or("");
}

std::optional<Digest> known_picture_of(ObjectReader& reader, bool image_given, Faults& faults) {
  const auto text = reader.text("picture", 64);
  if (!text) return {};
  auto out = parse_digest(*text);
  if (!out)
    faults.add(reader.at("picture"), "invalid", "must be the SHA-256 of a picture: 64 lower-case hex digits");
  if (image_given) faults.add(reader.at("picture"), "ambiguous", "is given beside an image");
  return out;
}

void read_minus(const Json& json, PictureBody& out, Faults& faults) {
  ObjectReader reader(json, "/minus", faults);
  if (!reader.is_object()) return;
  out.minus_text = reader.text("text", longest_text).value_or("");
  out.minus_image = picture_field_of(reader, "image", faults);
  out.minus_picture = known_picture_of(reader, !out.minus_image.empty(), faults);
  reader.refuse_others();
}

void read_weights(const Json& json, PictureBody& out, Faults& faults) {
  ObjectReader reader(json, "/weights", faults);
  if (!reader.is_object()) return;
  out.text_weight = reader.number("text", 0, 1).value_or(out.text_weight);
  out.image_weight = reader.number("image", 0, 1).value_or(out.image_weight);
  out.minus_weight = reader.number("minus", 0, 1).value_or(out.minus_weight);
  out.picture_weight = reader.number("picture", 0, 1).value_or(out.picture_weight);
  reader.refuse_others();
}

void read_fields(std::string_view json_text, const QueryRules& rules, PictureBody& out, Faults& faults) {
  const auto json = read_json(json_text, faults);
  if (!json) return;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return;
  out.text = reader.text("text", longest_text).value_or("");
  out.image = picture_field_of(reader, "image", faults);
  out.picture = known_picture_of(reader, !out.image.empty(), faults);
  if (const auto* minus = reader.field("minus")) read_minus(*minus, out, faults);
  if (const auto* weights = reader.field("weights")) read_weights(*weights, out, faults);
  out.min_similarity = reader.number("min_similarity", -1, 1).value_or(out.min_similarity);
  out.query = read_search_fields(reader, rules, faults);
  reader.refuse_others();
}

void take_file(const http::Part& part, std::string_view pointer, bool known, std::string& into,
               Faults& faults) {
  if (part.bytes.empty())
    faults.add(pointer, "missing", "is a file without content");
  else if (part.bytes.size() > largest_picture)
    faults.add(pointer, "too_long", "may have " + std::to_string(largest_picture) + " bytes at most");
  else if (known || !into.empty())
    faults.add(pointer, "ambiguous", "is given twice");
  else
    into = part.bytes;
}

void read_form(std::string_view content_type, std::string_view body, const QueryRules& rules,
               PictureBody& out, Faults& faults) {
  http::MultipartLimits limits;
  limits.parts = 3;
  const auto parts = http::read_multipart(content_type, body, limits);
  if (!parts) return faults.add("", "malformed_form", parts.error().message);
  bool asked = false;
  for (const auto& part : *parts) {
    if (part.name != "query") continue;
    if (std::exchange(asked, true)) return faults.add("/query", "ambiguous", "is given twice");
    read_fields(part.bytes, rules, out, faults);
  }
  for (const auto& part : *parts) {
    if (part.name == "image")
      take_file(part, "/image", out.picture.has_value(), out.image, faults);
    else if (part.name == "minus_image")
      take_file(part, "/minus/image", out.minus_picture.has_value(), out.minus_image, faults);
    else if (part.name != "query")
      faults.add(step("", part.name), "unknown_field",
                 "is not a part here; there are query image minus_image");
  }
}

void check(const PictureBody& body, Faults& faults) {
  if (!faults.none()) return;
  if (body.text.empty() && !body.has_image())
    faults.add("", "missing", "must have a text, an image or a picture that pictures are to be like");
  else if (body.text_weight * (body.text.empty() ? 0 : 1) + body.image_weight * (body.has_image() ? 1 : 0) <=
           0)
    faults.add("/weights", "out_of_range", "leave nothing of what pictures are to be like");
}

}  // namespace

std::optional<std::string> read_picture_data(std::string_view text, std::string_view pointer,
                                             Faults& faults) {
  if (text.starts_with("data:")) {
    const auto comma = text.find(',');
    const auto head = text.substr(0, comma);
    if (comma == std::string_view::npos || comma > 100 || !head.starts_with("data:image/") ||
        !head.ends_with(";base64")) {
      faults.add(pointer, "not_base64", "must begin with \"data:image/TYPE;base64,\"");
      return {};
    }
    text.remove_prefix(comma + 1);
  }
  auto bytes = from_base64(text);
  if (!bytes)
    faults.add(pointer, "not_base64",
               "must be a picture file in base64 (RFC 4648, with its padding), alone or as a data: URL");
  else if (bytes->empty())
    faults.add(pointer, "missing", "is empty");
  else if (bytes->size() > largest_picture)
    faults.add(pointer, "too_long",
               "may have " + std::to_string(largest_picture) + " bytes at most, unpacked");
  else
    return bytes;
  return {};
}

PictureBody read_picture_body(std::string_view content_type, std::string_view body, const QueryRules& rules,
                              Faults& faults) {
  PictureBody out;
  if (http::is_multipart(content_type))
    read_form(content_type, body, rules, out, faults);
  else
    read_fields(body, rules, out, faults);
  check(out, faults);
  return out;
}

}  // namespace cdx::serve
