// How a table is written and what heads it, from its first rows. Private to the source room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/table.h"

namespace cdx::source {

using TextRow = std::vector<std::string>;

struct DialectHints {
  std::optional<char> delimiter, quote;
  std::string extension;  // ".tsv" speaks for tabs where the content leaves it open
};

struct SniffedDialect {
  text::Dialect dialect;
  bool table = true;           // false: no delimiter parts the rows alike
  std::size_t skip_bytes = 0;  // a first line such as "sep=;", which spreadsheets write
};
// `whole`: the sample is all there is; otherwise its last row may be cut.
SniffedDialect sniff_dialect(std::string_view sample, bool whole, const DialectHints& hints);

// Rows of a sample with the place where each ends; rows that cannot be split are empty.
struct SampleRows {
  std::vector<TextRow> rows;
  std::vector<std::size_t> ends;
};
SampleRows split_sample(std::string_view sample, bool whole, const text::Dialect& dialect, std::size_t most);

struct SniffedHeader {
  std::vector<std::string> columns;  // trimmed, inner white space one blank; c1 to cn where a name is missing
  std::size_t first_data = 0;        // number of rows before the data: preamble and header
};
SniffedHeader sniff_header(const std::vector<TextRow>& rows, std::optional<bool> has_header);

bool blank(const TextRow& row);

}  // namespace cdx::source
