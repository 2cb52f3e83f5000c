// Pulls pages of raw records from outside: the Source seam, and its twin for files.
//
// Promises: records are verbatim and in the order of the source; a cursor continues exactly behind its page,
// also in another process; what cannot be read as a record comes as a BadRecord with place and reason, never
// silently lost. A file that is no table of records is refused when opened, with a reason that names what it
// is and what to do. Memory is bounded by the limits in the options, whatever the file says about itself.
// Never: decides what a column means (the caller does, by `choose_mapping`), writes to the file, keeps the
// records.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "model/model.h"
#include "text/encoding.h"

namespace cdx {

struct Cursor {
  std::string value;  // opaque; kept as a checkpoint
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

struct BadRecord {
  std::string source;
  std::string key;     // place: "row 17"
  std::string column;  // empty: the whole record
  std::string reason;
  std::string body;  // at most 64 KiB of it, well-formed UTF-8
};

struct Page {
  std::vector<RawRecord> records;
  std::vector<BadRecord> bad;
  std::size_t blank = 0;         // rows without any content, skipped
  std::optional<Cursor> next;    // absent: finished for now
  std::uint64_t bytes_done = 0;  // of bytes_total, for progress
  std::uint64_t bytes_total = 0;
};

struct SourceCard {
  std::string name;                                    // as in Provenance::source
  Provenance terms;                                    // of every record
  std::optional<std::chrono::milliseconds> pace = {};  // least time between two pulls
  std::string layout;                                  // of every record; empty where records differ
};

class Source {
 public:
  virtual ~Source() = default;
  virtual const SourceCard& card() const = 0;
  // The page behind `after`, or the first. Repeating a call gives the same page. `conflict` when the source
  // is no longer what the cursor was made for (begin again without it), `invalid` for a cursor that is none.
  virtual Result<Page> pull(const Call&, const std::optional<Cursor>& after) = 0;
};

// What is known of a table before its records are read.
struct TableHead {
  std::string path;                  // as given
  std::string format;                // "csv", "xlsx" or "json"
  std::vector<std::string> columns;  // header names, or c1 to cn; keys of the first objects for JSON
  std::vector<std::vector<std::string>> samples;  // the first rows, each as wide as `columns`
};

struct FileSourceOptions {
  std::string path;           // "-": standard input
  int standard_input = 0;     // the descriptor that "-" stands for
  // The file itself, where it lies in memory: `path` is then its name, for messages, and nothing is opened.
  std::optional<std::string_view> bytes = {};
  Provenance terms;           // an empty source becomes "file:NAME"
  std::string temporary_dir;  // for unpacked or converted copies, unlinked at once; empty: the system's

  // Absent: found out from the content.
  std::optional<char> delimiter = {};
  std::optional<char> quote = {};
  std::optional<text::Encoding> encoding = {};
  std::optional<bool> header = {};
  std::string sheet;  // of a workbook; empty: the first that is not empty

  // Gives the JSON object that each record's layout carries as "mapping"; its error refuses the file.
  std::function<Result<std::string>(const TableHead&)> choose_mapping = {};

  std::size_t page_records = 1'000;
  std::size_t page_bytes = 4'000'000;
  std::size_t record_bytes = 1'000'000;
  std::size_t sample_rows = 200;
  std::uint64_t spool_bytes = 16'000'000'000;  // of a standard input, an unpacked or a converted file
  std::uint64_t workbook_bytes = 100'000'000;  // unpacked
  std::uint64_t unpacking_ratio = 100;         // for entries over 1 MB
  std::size_t workbook_entries = 1'000;
  std::size_t shared_strings = 1'000'000;
};

// CSV, TSV and other delimited text, XLSX, JSON lines and JSON arrays, plain or in gzip. `not_found`,
// `unauthorized` or `unavailable` when the file cannot be opened or copied; `unsupported` for what is no such
// file; `invalid` for one that is broken or over a limit.
Result<std::unique_ptr<Source>> open_file_source(const FileSourceOptions& options);

// Files as given and all files below the folders given, hidden ones left out, each once; folders in the order
// of their bytes. "-" stays. `not_found` names the first path that does not exist.
Result<std::vector<std::string>> expand_paths(std::span<const std::string> paths);

}  // namespace cdx
