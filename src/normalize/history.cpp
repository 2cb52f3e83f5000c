#include "normalize/history.h"

#include <simdjson.h>

#include <algorithm>

#include "base/guard.h"
#include "normalize/values.h"

namespace cdx::normalize {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t most_entries = 10'000;

std::string text_of(const dom::element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(value);
}

Status add(History& out, std::string_view when, std::string_view what) {
  const std::string place = "entry " + std::to_string(out.size() + 1);
  const auto time = read_time(trimmed(when));
  if (!time)
    return fail(ErrorKind::invalid,
                place + " has no readable date: '" + std::string(when.substr(0, 40)) + "'");
  const auto value = read_amount(trimmed(what));
  if (!value) return fail(ErrorKind::invalid, place + ": " + value.error().message);
  if (out.size() >= most_entries) return fail(ErrorKind::invalid, "has more than 10,000 entries");
  out.emplace_back(*time, *value);
  return {};
}

Status add_entry(History& out, const dom::element& entry) {
  dom::array pair;
  dom::object object;
  dom::element when, what;
  if (entry.get(pair) == simdjson::SUCCESS) {
    if (pair.at(0).get(when) == simdjson::SUCCESS && pair.at(1).get(what) == simdjson::SUCCESS)
      return add(out, text_of(when), text_of(what));
  } else if (entry.get(object) == simdjson::SUCCESS) {
    bool has_when = false, has_what = false;
    for (const char* key : {"at", "date", "month", "day", "time"})
      has_when = has_when || object[key].get(when) == simdjson::SUCCESS;
    for (const char* key : {"value", "followers", "subscribers", "count"})
      has_what = has_what || object[key].get(what) == simdjson::SUCCESS;
    if (has_when && has_what) return add(out, text_of(when), text_of(what));
  }
  return fail(ErrorKind::invalid, "entry " + std::to_string(out.size() + 1) + " is no date with a value");
}

Status read_json(std::string_view text, History& out) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS)
    return fail(ErrorKind::invalid, "is no valid JSON");
  dom::array entries;
  dom::object object;
  if (root.get(entries) == simdjson::SUCCESS) {
    for (const dom::element entry : entries) CDX_TRY(add_entry(out, entry));
  } else if (root.get(object) == simdjson::SUCCESS) {
    for (const auto& [when, what] : object) CDX_TRY(add(out, when, text_of(what)));
  }
  return {};
}

Status read_plain(std::string_view text, History& out) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.size(), text.find_first_of(";|"));
    const std::string_view entry = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    if (entry.empty()) continue;
    const std::size_t sign = entry.find_last_of(":=");
    if (sign == std::string_view::npos)
      return fail(ErrorKind::invalid, "'" + std::string(entry.substr(0, 40)) + "' is no date with a value");
    CDX_TRY(add(out, entry.substr(0, sign), entry.substr(sign + 1)));
  }
  return {};
}

}  // namespace

Result<History> read_history(std::string_view text) {
  return guard("history", ErrorKind::invalid, [&]() -> Result<History> {
    History out;
    const bool json = text.starts_with('[') || text.starts_with('{');
    CDX_TRY(json ? read_json(text, out) : read_plain(text, out));
    return out;
  });
}

}  // namespace cdx::normalize
