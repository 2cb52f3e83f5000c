#include "normalize/layout.h"

#include <simdjson.h>

#include "base/guard.h"

namespace cdx::normalize {
namespace {

namespace dom = simdjson::dom;

tl::unexpected<Error> broken(std::string_view what) {
  return fail(ErrorKind::corrupt, "a record's layout cannot be read: " + std::string(what));
}

std::string_view text_at(const dom::object& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

Unit parse_unit(std::string_view name) {
  if (name == "fraction") return Unit::fraction;
  if (name == "percent") return Unit::percent;
  if (name == "interactions") return Unit::interactions;
  return Unit::plain;
}

Status read_dialect(const dom::object& object, text::Dialect& dialect) {
  const std::string_view delimiter = text_at(object, "delimiter"), quote = text_at(object, "quote"),
                         escape = text_at(object, "escape");
  if (delimiter.size() != 1 || quote.size() > 1 || escape.size() > 1)
    return broken("delimiter, quote or escape");
  dialect.delimiter = delimiter[0];
  dialect.quote = quote.empty() ? '\0' : quote[0];
  dialect.escape = escape.empty() ? dialect.quote : escape[0];
  bool cr_rows = false;
  dialect.cr_rows = object["cr_rows"].get(cr_rows) == simdjson::SUCCESS && cr_rows;
  return {};
}

Status read_mapping(const dom::object& mapping, Layout& out) {
  if (const auto platform = parse_platform(text_at(mapping, "platform"))) out.platform = *platform;
  bool told = false;
  out.platform_told = mapping["platform_told"].get(told) == simdjson::SUCCESS && told;
  dom::array fields;
  if (mapping["fields"].get(fields) != simdjson::SUCCESS) return broken("mapping");
  for (const dom::element entry : fields) {
    std::string_view name;
    std::uint64_t column = 0;
    if (entry.at(0).get(name) != simdjson::SUCCESS || entry.at(1).get(column) != simdjson::SUCCESS)
      return broken("mapping");
    const auto field = find_field(name);
    if (!field || column >= out.columns.size()) return broken("field '" + std::string(name) + "'");
    std::string_view unit;
    const bool has_unit = entry.at(2).get(unit) == simdjson::SUCCESS;
    out.bounds.push_back(
        {*field, static_cast<std::size_t>(column), has_unit ? parse_unit(unit) : Unit::plain});
    const FieldId id = *field;
    out.identifies |=
        id == FieldId::user_id || id == FieldId::handle || id == FieldId::name || id == FieldId::account_url;
  }
  return {};
}

Result<Layout> parse(std::string_view json) {
  Layout out;
  if (json.empty()) return out;
  dom::parser parser;
  dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
    return broken("it is no JSON object");
  const std::string_view format = text_at(object, "format");
  if (format != "csv" && format != "xlsx" && format != "json")
    return broken("format '" + std::string(format) + "'");
  out.format = format == "csv"    ? Layout::Format::delimited
               : format == "xlsx" ? Layout::Format::cells
                                  : Layout::Format::json;
  if (out.format == Layout::Format::delimited) CDX_TRY(read_dialect(object, out.dialect));
  dom::array columns;
  if (object["columns"].get(columns) == simdjson::SUCCESS) {
    for (const dom::element column : columns) {
      std::string_view name;
      if (column.get(name) != simdjson::SUCCESS) return broken("columns");
      out.places.try_emplace(std::string(name), out.columns.size());
      out.columns.emplace_back(name);
    }
  }
  dom::object mapping;
  if (object["mapping"].get(mapping) == simdjson::SUCCESS) CDX_TRY(read_mapping(mapping, out));
  return out;
}

}  // namespace

Result<Layout> parse_layout(std::string_view json) {
  return guard("a record's layout", ErrorKind::corrupt, [&] { return parse(json); });
}

}  // namespace cdx::normalize
