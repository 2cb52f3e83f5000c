#include "serve/intake_body.h"

#include <algorithm>
#include <functional>

#include "serve/json_members.h"
#include "serve/object_reader.h"
#include "serve/picture_body.h"
#include "serve/query_body.h"
#include "serve/render.h"

namespace cdx::serve {
namespace {

constexpr std::size_t longest_name = 200, longest_caption = 4'000, longest_url = 2'000;
constexpr std::size_t most_pictures = 256, most_embeddings = 1'000, most_values = 4'096;

using Ask = std::function<std::optional<std::string>(std::string_view name)>;
using Place = std::function<std::string(std::string_view name)>;

// What is declared of data, whatever form it was declared in.
IntakeTerms read_terms(const Ask& ask, const Place& place, Time now, Faults& faults) {
  IntakeTerms out;
  out.origin.source = ask("source").value_or("");
  out.origin.licence = ask("licence").value_or("");
  out.origin.basis = ask("basis").value_or("");
  out.origin.fetched_at = now;
  if (const auto platform = ask("platform")) {
    out.platform = parse_platform(*platform);
    if (!out.platform)
      faults.add(place("platform"), "unknown_value",
                 "must be youtube, instagram, tiktok, x, twitch or other");
  }
  if (const auto until = ask("expires_at")) {
    out.origin.expires_at = parse_time(*until);
    if (!out.origin.expires_at)
      faults.add(place("expires_at"), "invalid", "must be an RFC 3339 time or a date");
    else if (*out.origin.expires_at <= now)
      faults.add(place("expires_at"), "out_of_range", "has passed");
  }
  return out;
}

PictureLabel read_label(const Ask& ask, const Place& place, Faults& faults) {
  PictureLabel out;
  out.creator = ask("creator_id").value_or("");
  out.account = ask("account_id").value_or("");
  out.caption = ask("caption").value_or("");
  out.url = ask("url").value_or("");
  if (!out.url.empty() && !is_web_address(out.url))
    faults.add(place("url"), "invalid", "must be an http or https address");
  if (const auto role = ask("role")) {
    out.role = parse_picture_role(*role);
    if (name(out.role) != *role)
      faults.add(place("role"), "unknown_value", "must be profile, content or uploaded");
  }
  return out;
}

std::size_t longest(std::string_view field) {
  return field == "caption" ? longest_caption : field == "url" ? longest_url : longest_name;
}

Ask fields_of(ObjectReader& reader) {
  return [&reader](std::string_view name) { return reader.text(name, longest(name)); };
}
Place places_of(const ObjectReader& reader) {
  return [&reader](std::string_view name) { return reader.at(name); };
}

std::vector<float> read_values(ObjectReader& reader, Faults& faults) {
  std::vector<float> out;
  const auto* values = reader.array("values", most_values);
  if (values == nullptr) {
    if (faults.none()) faults.add(reader.at("values"), "missing", "must be given: the vector's numbers");
    return out;
  }
  for (std::size_t i = 0; i < values->items.size(); ++i) {
    const auto& item = values->items[i];
    if (item.kind != Json::Kind::number) {
      faults.add(step(reader.at("values"), i), "wrong_type", "must be a number");
      break;
    }
    out.push_back(static_cast<float>(item.number));
  }
  return out;
}

SentEmbedding read_embedding(const Json& json, std::string at, bool with_picture, Faults& faults) {
  SentEmbedding out;
  ObjectReader reader(json, at, faults);
  if (!reader.is_object()) return out;
  out.at = std::move(at);
  out.space = reader.text("space", longest_name).value_or("");
  if (out.space.empty() && faults.none())
    faults.add(reader.at("space"), "missing", "must be given: the space the vector is of");
  out.values = read_values(reader, faults);
  if (!with_picture) {
    out.creator = reader.text("creator_id", longest_name).value_or("");
    out.account = reader.text("account_id", longest_name).value_or("");
    out.sha256 = parse_digest(reader.text("sha256", longest_name).value_or(""));
    if (!out.sha256)
      faults.add(reader.at("sha256"), "invalid", "must be 64 lower-case hex digits: of the picture's file");
  }
  reader.refuse_others();
  return out;
}

SentPicture read_picture(const Json& json, std::string at, Faults& faults) {
  SentPicture out;
  ObjectReader reader(json, at, faults);
  if (!reader.is_object()) return out;
  out.at = std::move(at);
  out.label = read_label(fields_of(reader), places_of(reader), faults);
  if (const auto* image = reader.field("image"); image == nullptr)
    faults.add(reader.at("image"), "missing", "must be given: the picture's file in base64");
  else if (image->kind != Json::Kind::string)
    faults.add(reader.at("image"), "wrong_type", "must be a string, not " + std::string(name(image->kind)));
  else
    out.bytes = read_picture_data(image->text, reader.at("image"), faults).value_or("");
  if (const auto* embedding = reader.field("embedding"))
    out.embedding = read_embedding(*embedding, reader.at("embedding"), true, faults);
  reader.refuse_others();
  return out;
}

// A list of one kind of thing, each read by `read`.
template <class T, class Read>
void read_list(const JsonMember& member, std::size_t most, std::vector<T>& out, const Read& read,
               Faults& faults) {
  const auto at = step("", member.name);
  Faults inside;
  const auto json = read_json(member.text, inside, {16, 300'000});
  if (!json) {
    for (const auto& fault : inside.list()) faults.add(at + fault.pointer, fault.code, fault.detail);
    return;
  }
  if (json->kind == Json::Kind::null) return;
  if (json->kind != Json::Kind::array)
    return faults.add(at, "wrong_type", "must be an array, not " + std::string(name(json->kind)));
  if (json->items.size() > most)
    return faults.add(at, "too_many", "may have " + std::to_string(most) + " elements at most");
  for (std::size_t i = 0; i < json->items.size(); ++i)
    out.push_back(read(json->items[i], step(at, i), faults));
}

// The members that are neither records nor lists, put together again as one small object.
std::string small_object(const std::vector<JsonMember>& members) {
  std::string out = "{";
  for (const auto& member : members) {
    if (member.name == "records" || member.name == "creators" || member.name == "pictures" ||
        member.name == "embeddings")
      continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, member.name);
    out.append(":").append(member.text);
  }
  return out + '}';
}

void take_records(const JsonMember& member, IngestBody& out, Faults& faults) {
  const auto at = step("", member.name);
  if (member.text == "null") return;
  if (!member.text.starts_with('['))
    faults.add(at, "wrong_type", "must be an array of records");
  else if (!out.records.empty())
    faults.add(at, "ambiguous", "is given as records and as creators");
  else
    out.records = member.text;
}

}  // namespace

UploadBody read_upload(std::string_view content_type, std::string_view body, Time now, Faults& faults) {
  UploadBody out;
  auto parts = http::read_multipart(content_type, body);
  if (!parts) {
    faults.add("", "malformed_form", parts.error().message);
    return out;
  }
  constexpr std::string_view fields[] = {"creator_id", "account_id", "role",    "url",   "caption",
                                         "source",     "platform",   "licence", "basis", "expires_at"};
  std::vector<std::pair<std::string_view, std::string>> given;
  for (auto& part : *parts) {
    const auto at = step("", part.name);
    if (part.name == "file") {
      if (!part.is_file) faults.add(at, "wrong_type", "must be a file: a part with a file name");
      out.files.push_back(std::move(part));
    } else if (std::find(std::begin(fields), std::end(fields), part.name) == std::end(fields)) {
      faults.add(at, "unknown_field",
                 "is not a part here; there are file creator_id account_id role url caption source platform "
                 "licence basis expires_at");
    } else if (part.bytes.size() > longest(part.name)) {
      faults.add(at, "too_long", "may have " + std::to_string(longest(part.name)) + " bytes at most");
    } else if (std::any_of(given.begin(), given.end(),
                           [&](const auto& one) { return one.first == part.name; })) {
      faults.add(at, "duplicate", "is given twice");
    } else if (!part.bytes.empty()) {
      given.emplace_back(part.name, part.bytes);
    }
  }
  if (out.files.empty()) faults.add("/file", "missing", "must be given: one part or more with a file");
  const Ask ask = [&](std::string_view name) -> std::optional<std::string> {
    for (const auto& [key, value] : given)
      if (key == name) return value;
    return {};
  };
  const Place place = [](std::string_view name) { return step("", name); };
  out.terms = read_terms(ask, place, now, faults);
  out.label = read_label(ask, place, faults);
  return out;
}

IngestBody read_ingest(std::string_view body, Time now, Faults& faults) {
  IngestBody out;
  const auto begin = std::min(body.find_first_not_of(" \t\r\n"), body.size());
  if (body.substr(begin).starts_with('[')) {
    out.records = body;
    out.terms.origin.fetched_at = now;
    return out;
  }
  const auto members = read_members(body, 32, faults);
  if (!members) return out;
  for (const auto& member : *members) {
    if (member.name == "records" || member.name == "creators") take_records(member, out, faults);
    if (member.name == "pictures") read_list(member, most_pictures, out.pictures, read_picture, faults);
    if (member.name == "embeddings")
      read_list(
          member, most_embeddings, out.embeddings,
          [](const Json& json, std::string at, Faults& into) {
            return read_embedding(json, std::move(at), false, into);
          },
          faults);
  }
  const auto rest = read_json(small_object(*members), faults);
  if (!rest) return out;
  ObjectReader reader(*rest, "", faults);
  out.terms = read_terms(fields_of(reader), places_of(reader), now, faults);
  for (const auto* known : {"records", "creators", "pictures", "embeddings"}) reader.field(known);
  reader.refuse_others();
  if (faults.none() && out.records.empty() && out.pictures.empty() && out.embeddings.empty())
    faults.add("", "missing", "holds nothing: give records, pictures or embeddings");
  return out;
}

IngestBody read_ingest_lines(std::string_view query, std::string_view body, Time now, Faults& faults) {
  IngestBody out;
  out.records = body;
  Parameters parameters(query, faults);
  out.terms = read_terms([&](std::string_view name) { return parameters.text(name, longest_name); },
                         [](std::string_view name) { return "?" + std::string(name); }, now, faults);
  parameters.refuse_others();
  if (body.empty()) faults.add("", "missing", "holds nothing: give a record a line");
  return out;
}

}  // namespace cdx::serve
