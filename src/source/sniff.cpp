#include "source/sniff.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "text/number.h"

namespace cdx::source {
namespace {

constexpr std::size_t most_sniffed = 200;  // rows
constexpr std::size_t most_broken = 20;
constexpr std::size_t most_preamble = 25;    // rows looked at for a header
constexpr std::size_t longest_header = 200;  // bytes of a cell
constexpr std::size_t most_columns = 16'384;

bool white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && white(text.front())) text.remove_prefix(1);
  while (!text.empty() && white(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t filled(const TextRow& row) {
  return static_cast<std::size_t>(
      std::count_if(row.begin(), row.end(), [](const std::string& cell) { return !trimmed(cell).empty(); }));
}

// The commonest width among rows with content.
std::size_t usual_width(const std::vector<TextRow>& rows, std::size_t* how_many = nullptr) {
  std::map<std::size_t, std::size_t> counts;
  for (const TextRow& row : rows)
    if (!blank(row)) ++counts[row.size()];
  std::size_t best = 0, best_count = 0;
  for (const auto& [width, count] : counts)
    if (count >= best_count) best = width, best_count = count;
  if (how_many != nullptr) *how_many = best_count;
  return best;
}

// [0,1]: how alike the rows are in this dialect, a little more for more columns; less for rows that cannot be
// split.
double likeness(std::string_view sample, bool whole, const text::Dialect& dialect) {
  const SampleRows split = split_sample(sample, whole, dialect, most_sniffed);
  std::size_t content = 0, broken = 0, alike = 0;
  for (const TextRow& row : split.rows) {
    broken += row.empty() ? 1U : 0U;
    content += row.empty() || blank(row) ? 0U : 1U;
  }
  const std::size_t width = usual_width(split.rows, &alike);
  if (width < 2 || content == 0) return 0;
  const double share = static_cast<double>(alike) / static_cast<double>(content + broken);
  return share + 0.02 * std::min(1.0, std::log2(static_cast<double>(width)) / 5) -
         0.2 * static_cast<double>(broken) / static_cast<double>(content + broken);
}

// Whether the sign opens and closes cells on a fair share of the lines; an apostrophe here and there does
// not.
bool quotes_cells(std::string_view sample, char quote, char delimiter) {
  const auto border = [delimiter](char c) { return c == delimiter || c == '\n' || c == '\r'; };
  std::size_t opened = 0, closed = 0, lines = 1;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    lines += sample[i] == '\n' ? 1U : 0U;
    if (sample[i] != quote) continue;
    opened += i == 0 || border(sample[i - 1]) ? 1U : 0U;
    closed += i + 1 == sample.size() || border(sample[i + 1]) ? 1U : 0U;
  }
  return std::min(opened, closed) * 5 >= lines;
}

// Spreadsheets put "sep=;" in front to say how the rest is written.
std::optional<char> told_delimiter(std::string_view sample, std::size_t& skip) {
  if (sample.size() < 6 || (sample[0] | 0x20) != 's' || (sample[1] | 0x20) != 'e' ||
      (sample[2] | 0x20) != 'p' || sample[3] != '=')
    return std::nullopt;
  std::size_t end = 5;
  if (sample[end] == '\r') ++end;
  if (end >= sample.size() || sample[end] != '\n') return std::nullopt;
  skip = end + 1;
  return sample[4];
}

std::size_t count_pairs(std::string_view sample, char first, char second) {
  const char pair[] = {first, second, 0};
  std::size_t count = 0;
  for (std::size_t at = sample.find(pair); at != std::string_view::npos; at = sample.find(pair, at + 2))
    ++count;
  return count;
}

bool plausible_date(std::string_view text) {
  // Digits with two of the same separators, or a time of day.
  std::size_t digits = 0, separators = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c == '-' || c == '/' || c == ':' || c == '.') {
      ++separators;
    } else if (c != 'T' && c != 'Z' && c != ' ' && c != '+') {
      return false;
    }
  }
  return digits >= 3 && separators >= 1;
}

// Numbers, dates, addresses and flags: what data has and headers have not.
bool typed(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.empty()) return false;
  if (text::parse_quantity(cell) || plausible_date(cell)) return true;
  if (cell.find("://") != std::string_view::npos || cell.find('@') != std::string_view::npos) return true;
  for (const std::string_view flag : {"true", "false", "TRUE", "FALSE", "True", "False"})
    if (cell == flag) return true;
  return false;
}

// Above 0: a header over the rows that follow; below: more data.
double header_votes(const std::vector<TextRow>& rows, std::size_t at) {
  const TextRow& header = rows[at];
  double votes = 0;
  for (std::size_t column = 0; column < header.size(); ++column) {
    const std::string_view cell = trimmed(header[column]);
    if (cell.empty()) continue;
    std::size_t values = 0, typed_values = 0, equal = 0;
    for (std::size_t i = at + 1; i < rows.size() && i < at + 50; ++i) {
      if (column >= rows[i].size()) continue;
      const std::string_view value = trimmed(rows[i][column]);
      if (value.empty()) continue;
      ++values;
      typed_values += typed(value) ? 1U : 0U;
      equal += value == cell ? 1U : 0U;
    }
    const bool typed_column = typed_values * 10 >= values * 6 && values > 0;
    if (typed(cell)) {
      votes -= typed_column || values == 0 ? 1 : 0.5;
    } else if (typed_column) {
      votes += 1;
    } else if (equal > 0) {
      votes -= 1;
    }
    if (cell.size() > longest_header) votes -= 1;
  }
  return votes;
}

bool distinct(const TextRow& row) {
  std::set<std::string_view> seen;
  for (const std::string& cell : row)
    if (!trimmed(cell).empty() && !seen.insert(trimmed(cell)).second) return false;
  return true;
}

std::string tidy(std::string_view cell) {
  std::string out;
  for (const char c : trimmed(cell)) {
    const char plain = white(c) ? ' ' : c;
    if (plain != ' ' || out.back() != ' ') out.push_back(plain);
  }
  return out;
}

// The first row as full as a row of data usually is; rows above it are a preamble.
std::optional<std::size_t> header_candidate(const std::vector<TextRow>& rows) {
  std::vector<std::size_t> sizes;
  for (const TextRow& row : rows)
    if (!blank(row)) sizes.push_back(filled(row));
  if (sizes.empty()) return std::nullopt;
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
  const std::size_t usual = sizes[sizes.size() / 2];
  for (std::size_t i = 0; i < rows.size() && i < most_preamble; ++i)
    if (!blank(rows[i]) && filled(rows[i]) * 2 > usual) return i;
  return std::nullopt;
}

}  // namespace

bool blank(const TextRow& row) { return filled(row) == 0; }

SampleRows split_sample(std::string_view sample, bool whole, const text::Dialect& dialect, std::size_t most) {
  SampleRows out;
  text::Cells cells;
  std::size_t at = 0, broken = 0;
  // Each open quote is a walk to the sample's end: after a few of them the dialect is known to be wrong.
  while (at < sample.size() && out.rows.size() < most && broken <= most_broken) {
    const std::string_view rest = sample.substr(at);
    text::RowSpan span = text::find_row(rest, dialect);
    const bool cut = !whole && at + span.next >= sample.size();
    if (cut && !out.rows.empty()) break;
    out.rows.emplace_back();
    if (span.fault == text::RowFault::none &&
        text::split_row(rest.substr(0, span.size), dialect, cells) == text::RowFault::none) {
      const std::size_t width = std::min(cells.values.size(), most_columns);
      out.rows.back().assign(cells.values.begin(), cells.values.begin() + static_cast<std::ptrdiff_t>(width));
    }
    broken += out.rows.back().empty() ? 1U : 0U;
    at += span.next;
    out.ends.push_back(at);
  }
  return out;
}

SniffedDialect sniff_dialect(std::string_view sample, bool whole, const DialectHints& hints) {
  SniffedDialect out;
  text::Dialect dialect;
  dialect.cr_rows =
      sample.find('\n') == std::string_view::npos && sample.find('\r') != std::string_view::npos;
  std::optional<char> told = hints.delimiter;
  if (const auto written = told_delimiter(sample, out.skip_bytes); written && !told) told = written;
  sample.remove_prefix(out.skip_bytes);
  static constexpr std::array<char, 8> delimiters = {',', '\t', ';', '|', '^', '~', '\x1F', '\x01'};
  const char usual = hints.extension == ".tsv" || hints.extension == ".tab" ? '\t'
                     : hints.extension == ".psv"                            ? '|'
                     : hints.extension == ".ssv"                            ? ';'
                                                                            : ',';
  double best = -1;
  for (const char delimiter : delimiters) {
    if (told && delimiter != delimiters[0]) break;
    dialect.delimiter = told.value_or(delimiter);
    for (const char quote : {'"', '\''}) {
      dialect.quote = hints.quote.value_or(quote);
      const bool used = quotes_cells(sample, dialect.quote, dialect.delimiter);
      if (quote == '\'' && (hints.quote || !used)) continue;
      const std::size_t escaped = count_pairs(sample, '\\', dialect.quote);
      const bool mostly_escaped = escaped > count_pairs(sample, dialect.quote, dialect.quote);
      for (const char escape : {dialect.quote, '\\'}) {
        if (escape != dialect.quote && escaped == 0) continue;
        dialect.escape = escape;
        const double score = likeness(sample, whole, dialect) + (dialect.delimiter == usual ? 0.05 : 0) +
                             (used ? 0.01 : 0) + (escape != dialect.quote && mostly_escaped ? 0.005 : 0);
        if (score > best + 1e-9) best = score, out.dialect = dialect;
      }
    }
  }
  out.table = told || best >= 0.4;
  if (!out.table) {
    // One column, in which a comma is only a comma.
    out.dialect.delimiter = usual;
    out.dialect.quote = hints.quote.value_or('"');
    out.dialect.escape = out.dialect.quote;
  }
  return out;
}

SniffedHeader sniff_header(const std::vector<TextRow>& rows, std::optional<bool> has_header) {
  SniffedHeader out;
  std::optional<std::size_t> header = has_header == false ? std::nullopt : header_candidate(rows);
  if (header && !has_header) {
    const double votes = header_votes(rows, *header);
    if (votes < 0 || (votes == 0 && !distinct(rows[*header]))) header.reset();
  }
  std::size_t alike = 0;
  std::size_t width = usual_width(rows, &alike);
  if (header) {
    // Only where most rows say so does a table have more columns than names.
    if (alike * 2 <= rows.size() - *header) width = 0;
    out.first_data = *header + 1;
    for (const std::string& cell : rows[*header]) out.columns.push_back(tidy(cell));
    width = std::max(width, out.columns.size());
  }
  while (out.columns.size() < width) out.columns.emplace_back();
  for (std::size_t i = 0; i < out.columns.size(); ++i)
    if (out.columns[i].empty()) out.columns[i] = "c" + std::to_string(i + 1);
  return out;
}

}  // namespace cdx::source
