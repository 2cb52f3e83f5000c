#include "source/head.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/guard.h"
#include "base/json_text.h"
#include "source/sniff.h"

namespace cdx::source {
namespace {

constexpr std::size_t sample_bytes = 262'144;
constexpr std::size_t most_keys = 1'000;

std::string extension_of(const std::string& path) {
  std::filesystem::path name(path);
  if (name.extension() == ".gz") name = name.stem();
  std::string out = name.extension().string();
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// Names that promise a table, so that a single column is believed.
bool table_extension(const std::string& extension) {
  static constexpr std::array<std::string_view, 9> known = {".csv", ".tsv", ".tab", ".psv", ".ssv",
                                                            ".txt", ".tbl", ".dat", ""};
  return std::find(known.begin(), known.end(), extension) != known.end();
}

void take_samples(Head& head, const std::vector<TextRow>& rows, std::size_t from, std::size_t most) {
  for (std::size_t i = from; i < rows.size() && head.table.samples.size() < most; ++i) {
    if (blank(rows[i])) continue;
    head.table.samples.push_back(rows[i]);
    head.table.samples.back().resize(head.table.columns.size());
  }
}

Result<Head> delimited_head(Staged& staged, const FileSourceOptions& options) {
  CDX_TRY_LET(const std::string_view seen, staged.file.view(staged.begin, sample_bytes));
  std::string_view sample = seen.substr(0, sample_bytes);
  const bool whole = staged.begin + sample.size() >= staged.file.size();
  const std::string extension = extension_of(options.path);
  const SniffedDialect sniffed = sniff_dialect(sample, whole, {options.delimiter, options.quote, extension});
  if (!sniffed.table && !table_extension(extension))
    return fail(ErrorKind::unsupported, "is text without a table: no delimiter parts its lines alike");
  sample.remove_prefix(sniffed.skip_bytes);
  const SampleRows split = split_sample(sample, whole, sniffed.dialect, options.sample_rows);
  const SniffedHeader header = sniff_header(split.rows, options.header);
  Head head;
  head.dialect = sniffed.dialect;
  head.table.format = "csv";
  head.table.columns = header.columns;
  take_samples(head, split.rows, header.first_data, options.sample_rows);
  head.first = {staged.begin + sniffed.skip_bytes, sniffed.skip_bytes > 0 ? 1U : 0U, 0};
  if (header.first_data > 0) {
    head.first.byte += split.ends[header.first_data - 1];
    head.first.row += header.first_data;
  }
  head.rows = delimited_rows(staged.file, {head.dialect, head.table.columns}, options.record_bytes);
  return head;
}

// Strings as they are, other scalars as written; objects and arrays are empty.
std::string scalar_text(const simdjson::dom::element& value) {
  if (value.is_string()) return std::string(value.get_string().value_unsafe());
  if (value.is_object() || value.is_array() || value.is_null()) return {};
  return simdjson::minify(value);
}

Result<TextRow> cells_of(simdjson::dom::parser& parser, std::string_view line) {
  return guard("cannot read a row", ErrorKind::invalid, [&]() -> Result<TextRow> {
    TextRow row;
    for (const simdjson::dom::element cell : parser.parse(line.data(), line.size()).get_array())
      row.push_back(scalar_text(cell));
    return row;
  });
}

Result<Head> cells_head(Staged& staged, const FileSourceOptions& options) {
  Head head;
  head.table.format = "xlsx";
  std::vector<TextRow> rows;
  std::vector<std::uint64_t> ends;
  simdjson::dom::parser parser;
  for (std::uint64_t at = 0; at < staged.file.size() && rows.size() < options.sample_rows;) {
    CDX_TRY_LET(const Line line, line_at(staged.file, at, '\n', options.record_bytes));
    rows.emplace_back();
    if (line.complete) {
      CDX_TRY_LET(rows.back(), cells_of(parser, line.text));
    }
    CDX_TRY_LET(at, behind_line(staged.file, at, '\n'));
    ends.push_back(at);
  }
  const SniffedHeader header = sniff_header(rows, options.header);
  head.table.columns = header.columns;
  take_samples(head, rows, header.first_data, options.sample_rows);
  if (header.first_data > 0) head.first = {ends[header.first_data - 1], header.first_data, 0};
  head.rows = json_lines(staged.file, '[', ']', options.record_bytes);
  return head;
}

// Where records begin inside an answer such as {"data": [{…}, {…}]}; absent when the object is a record
// itself.
std::optional<std::size_t> inside_envelope(std::string_view sample) {
  static constexpr std::array<std::string_view, 6> names = {"\"data\"",     "\"results\"",  "\"records\"",
                                                            "\"creators\"", "\"accounts\"", "\"channels\""};
  const std::size_t open = sample.find('[');
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t inner = sample.find_first_not_of(" \t\r\n", open + 1);
  if (inner == std::string_view::npos || (sample[inner] != '{' && sample[inner] != ']')) return std::nullopt;
  std::size_t end = sample.find_last_not_of(" \t\r\n:", open == 0 ? 0 : open - 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view before = sample.substr(0, end + 1);
  // Only at the first level: no other object may have begun.
  if (std::count(before.begin(), before.end(), '{') != 1) return std::nullopt;
  for (const std::string_view name : names)
    if (before.ends_with(name)) return open + 1;
  return std::nullopt;
}

bool first_line_is_an_object(simdjson::dom::parser& parser, std::string_view sample) {
  const std::string_view line = sample.substr(0, sample.find('\n'));
  return line.size() < sample.size() && parser.parse(line.data(), line.size()).is_object();
}

// Keys of the first objects in the order of their first appearance, with what they hold.
Status sample_objects(Head& head, simdjson::dom::parser& parser, std::size_t most) {
  std::map<std::string, std::size_t, std::less<>> places;
  Position at = head.first;
  for (std::size_t seen = 0; seen < most; ++seen) {
    CDX_TRY_LET(const Row row, head.rows->next(at));
    if (row.kind == Row::Kind::end) break;
    simdjson::dom::object object;
    if (row.kind != Row::Kind::record ||
        parser.parse(row.body.data(), row.body.size()).get(object) != simdjson::SUCCESS)
      continue;
    std::vector<std::string>& sample = head.table.samples.emplace_back();
    for (const auto& [key, value] : object) {
      if (places.size() >= most_keys) break;
      const std::size_t place = places.try_emplace(std::string(key), places.size()).first->second;
      if (place >= head.table.columns.size()) head.table.columns.emplace_back(key);
      if (place >= sample.size()) sample.resize(place + 1);
      sample[place] = scalar_text(value);
    }
  }
  for (auto& sample : head.table.samples) sample.resize(head.table.columns.size());
  return {};
}

Result<Head> json_head(Staged& staged, const FileSourceOptions& options) {
  CDX_TRY_LET(const std::string_view seen, staged.file.view(staged.begin, sample_bytes));
  const std::string_view sample = seen.substr(0, sample_bytes);
  Head head;
  head.table.format = "json";
  head.first.byte = staged.begin;
  simdjson::dom::parser parser;
  const std::size_t start = sample.find_first_not_of(" \t\r\n\f\v");
  const std::string_view content = sample.substr(start);
  const auto envelope = inside_envelope(content);
  if (content[0] == '[' || envelope) {
    head.first.byte += start + envelope.value_or(1);
    head.rows = json_values(staged.file, true, options.record_bytes);
  } else if (first_line_is_an_object(parser, content)) {
    head.rows = json_lines(staged.file, '{', '}', options.record_bytes);
  } else {
    head.rows = json_values(staged.file, false, options.record_bytes);
  }
  CDX_TRY(sample_objects(head, parser, options.sample_rows));
  return head;
}

}  // namespace

Result<Head> read_head(Staged& staged, const FileSourceOptions& options) {
  return guard("cannot be read", ErrorKind::internal, [&]() -> Result<Head> {
    auto head = staged.shape == Shape::json    ? json_head(staged, options)
                : staged.shape == Shape::cells ? cells_head(staged, options)
                                               : delimited_head(staged, options);
    if (head) head->table.path = options.path;
    return head;
  });
}

std::string layout_json(const Head& head, const Staged& staged, const std::string& mapping) {
  JsonWriter json;
  json.object([&] {
    json.key("format").value(head.table.format);
    if (head.table.format == "csv") {
      const text::Dialect& dialect = head.dialect;
      json.key("delimiter").value(std::string(1, dialect.delimiter));
      json.key("quote").value(dialect.quote == 0 ? std::string() : std::string(1, dialect.quote));
      json.key("escape").value(dialect.quote == 0 ? std::string() : std::string(1, dialect.escape));
      if (dialect.cr_rows) json.key("cr_rows").value(true);
      json.key("encoding").value(text::name(staged.encoding));
    }
    if (!staged.sheet.empty()) json.key("sheet").value(staged.sheet);
    json.key("columns").array([&] {
      for (const std::string& column : head.table.columns) json.value(column);
    });
    if (!mapping.empty()) json.key("mapping").raw(mapping);
  });
  return json.take();
}

}  // namespace cdx::source
