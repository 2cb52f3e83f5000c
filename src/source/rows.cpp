#include "source/rows.h"

#include <algorithm>

#include "text/encoding.h"

namespace cdx::source {
namespace {

Row bad(std::string_view body, std::string reason, std::string column = {}) {
  return Row{Row::Kind::bad, body, std::move(column), std::move(reason)};
}

// What makes the bytes of a row unusable; empty when nothing does.
std::string_view fault_of_bytes(std::string_view bytes) {
  if (bytes.find('\0') != std::string_view::npos) return "holds a zero byte";
  if (!text::valid_utf8(bytes)) return "holds bytes that are not UTF-8";
  return {};
}

class DelimitedRows final : public RowReader {
 public:
  DelimitedRows(ByteFile& file, DelimitedLayout layout, std::size_t record_bytes)
      : file_(file), layout_(std::move(layout)), limit_(record_bytes) {}

  Result<Row> next(Position& at) override {
    if (at.byte >= file_.size()) return Row{};
    ++at.row;
    CDX_TRY_LET(std::string_view seen, file_.view(at.byte, limit_ + 2));
    seen = seen.substr(0, limit_ + 2);
    const bool whole = at.byte + seen.size() >= file_.size();
    const char sign = layout_.dialect.cr_rows ? '\r' : '\n';
    // Every open quote costs a look over a whole record; past some of them quotes may no longer cross lines.
    const bool careful = at.faults >= most_faults;
    if (careful)
      seen = seen.substr(0, std::min(seen.size(), seen.find(sign, 0) + (seen.find(sign) == npos ? 0 : 1)));
    const text::RowSpan span = text::find_row(seen, layout_.dialect);
    const bool ended = span.next > 0 && seen[span.next - 1] == sign;
    if (span.fault != text::RowFault::none) return broken(at, seen, span, ended, whole);
    if (!ended && !(whole && span.next == seen.size())) return too_long(at, seen);
    if (span.size > limit_) return too_long(at, seen);
    at.byte += span.next;
    return judge(seen.substr(0, span.size));
  }

 private:
  static constexpr std::size_t npos = std::string_view::npos;
  static constexpr std::uint64_t most_faults = 64;

  Result<Row> broken(Position& at, std::string_view seen, const text::RowSpan& span, bool ended, bool whole) {
    ++at.faults;
    Row row = bad(seen.substr(0, span.size),
                  span.fault == text::RowFault::open_quote
                      ? (whole ? "a quote is opened and never closed"
                               : "a quote is opened and not closed within the longest record")
                      : "text follows a closing quote");
    if (ended || whole) {
      at.byte += span.next;
      return row;
    }
    return too_long(at, seen);
  }
  Result<Row> too_long(Position& at, std::string_view seen) {
    kept_.assign(seen.substr(0, 1000));  // the window moves on while the end is looked for
    CDX_TRY_LET(at.byte, behind_line(file_, at.byte, layout_.dialect.cr_rows ? '\r' : '\n'));
    return bad(kept_, "is longer than " + std::to_string(limit_) + " bytes");
  }
  Row judge(std::string_view body) {
    if (text::split_row(body, layout_.dialect, cells_) != text::RowFault::none)
      return bad(body, "cannot be split into cells");
    std::size_t filled = 0, last = 0;
    for (std::size_t i = 0; i < cells_.values.size(); ++i) {
      if (cells_.values[i].find_first_not_of(" \t\r\n") == npos) continue;
      ++filled;
      last = i + 1;
    }
    if (filled == 0) return Row{Row::Kind::blank, body, {}, {}};
    if (const std::string_view fault = fault_of_bytes(body); !fault.empty()) return bad_bytes(body, fault);
    const std::size_t width = layout_.columns.size();
    if (last > width)
      return bad(body, "has " + std::to_string(last) + " cells under " + std::to_string(width) +
                           (width == 1 ? " column" : " columns"));
    if (cells_.values.size() == 1 && width > 2)
      return bad(body, "has a single cell under " + std::to_string(width) + " columns");
    return Row{Row::Kind::record, body, {}, {}};
  }
  Row bad_bytes(std::string_view body, std::string_view fault) const {
    for (std::size_t i = 0; i < cells_.values.size() && i < layout_.columns.size(); ++i)
      if (!fault_of_bytes(cells_.values[i]).empty()) return bad(body, std::string(fault), layout_.columns[i]);
    return bad(body, std::string(fault));
  }

  ByteFile& file_;
  DelimitedLayout layout_;
  std::size_t limit_;
  text::Cells cells_;
  std::string kept_;
};

class JsonLines final : public RowReader {
 public:
  JsonLines(ByteFile& file, char first, char last, std::size_t record_bytes)
      : file_(file), first_(first), last_(last), limit_(record_bytes) {}

  Result<Row> next(Position& at) override {
    if (at.byte >= file_.size()) return Row{};
    ++at.row;
    CDX_TRY_LET(const Line line, line_at(file_, at.byte, '\n', limit_));
    if (!line.complete) {
      kept_.assign(line.text.substr(0, 1000));
      CDX_TRY_LET(at.byte, behind_line(file_, at.byte, '\n'));
      return bad(kept_, "is longer than " + std::to_string(limit_) + " bytes");
    }
    at.byte += std::min<std::uint64_t>(line.text.size() + 1, file_.size() - at.byte);
    std::string_view body = line.text;
    while (!body.empty() && (body.back() == ' ' || body.back() == '\r' || body.back() == '\t'))
      body.remove_suffix(1);
    while (!body.empty() && (body.front() == ' ' || body.front() == '\t')) body.remove_prefix(1);
    if (body.empty() || body == "[]") return Row{Row::Kind::blank, body, {}, {}};
    if (const std::string_view fault = fault_of_bytes(body); !fault.empty())
      return bad(body, std::string(fault));
    if (body.front() != first_ || body.back() != last_) return bad(body, "is not a JSON object on one line");
    return Row{Row::Kind::record, body, {}, {}};
  }

 private:
  ByteFile& file_;
  char first_, last_;
  std::size_t limit_;
  std::string kept_;
};

// Walks one JSON value, also over several windows.
struct ValueScan {
  std::size_t depth = 0;
  bool in_string = false, escaped = false, started = false;

  // Number of bytes up to the value's end, or all of them when it goes on.
  std::size_t feed(std::string_view text, bool& done) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (in_string) {
        if (escaped) {
          escaped = false;
        } else if (c == '\\') {
          escaped = true;
        } else if (c == '"') {
          in_string = false;
        }
        if (in_string || depth > 0) continue;
        done = true;
        return i + 1;
      }
      if (c == '"') {
        in_string = started = true;
      } else if (c == '{' || c == '[') {
        started = true;
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) {  // the end of what surrounds a plain value
          done = true;
          return i;
        }
        if (--depth == 0) {
          done = true;
          return i + 1;
        }
      } else if (depth == 0 && started && (c == ',' || c == '\n')) {
        done = true;
        return i;
      } else if (depth == 0) {
        started = true;
      }
    }
    return text.size();
  }
};

class JsonValues final : public RowReader {
 public:
  JsonValues(ByteFile& file, bool in_array, std::size_t record_bytes)
      : file_(file), in_array_(in_array), limit_(record_bytes) {}

  Result<Row> next(Position& at) override {
    CDX_TRY_LET(const char first, skip_between(at));
    if (first == '\0' || (in_array_ && first == ']')) {
      const bool cut = in_array_ && first == '\0' && at.byte == file_.size();
      at.byte = file_.size() + 1;  // past the end: nothing more is to be told
      if (!cut) return Row{};
      ++at.row;
      return bad({}, "the array is never closed: the file seems cut");
    }
    ++at.row;
    CDX_TRY_LET(const std::string_view seen, file_.view(at.byte, limit_ + 1));
    const std::string_view window = seen.substr(0, limit_ + 1);
    ValueScan scan;
    bool done = false;
    const std::size_t size = scan.feed(window, done);
    if (!done || size > limit_) return unfinished(at, window, scan, done);
    if (size == 0) {  // a bracket that closes nothing
      at.byte += 1;
      return bad(window.substr(0, 1), "is not a JSON object");
    }
    at.byte += size;
    const std::string_view body = window.substr(0, size);
    if (const std::string_view fault = fault_of_bytes(body); !fault.empty())
      return bad(body, std::string(fault));
    if (first != '{') return bad(body, "is not a JSON object");
    return Row{Row::Kind::record, body, {}, {}};
  }

 private:
  // The next byte that is neither blank nor comma; zero at the end of the file.
  Result<char> skip_between(Position& at) {
    while (at.byte < file_.size()) {
      CDX_TRY_LET(const std::string_view seen, file_.view(at.byte, 1));
      const std::size_t found = seen.find_first_not_of(" \t\r\n,");
      if (found != std::string_view::npos) {
        at.byte += found;
        // A zero byte of the file is not the end; any other sign that is no value will do.
        return seen[found] == '\0' ? '?' : seen[found];
      }
      at.byte += seen.size();
    }
    return '\0';
  }
  Result<Row> unfinished(Position& at, std::string_view window, ValueScan scan, bool done) {
    kept_.assign(window.substr(0, 1000));
    std::uint64_t end = at.byte + window.size();
    while (!done && end < file_.size()) {
      CDX_TRY_LET(const std::string_view more, file_.view(end, 1));
      end += scan.feed(more, done);
    }
    at.byte = done ? end : file_.size() + 1;
    return bad(kept_, done ? "is longer than " + std::to_string(limit_) + " bytes"
                           : "is never closed: the file seems cut");
  }

  ByteFile& file_;
  bool in_array_;
  std::size_t limit_;
  std::string kept_;
};

}  // namespace

Result<Line> line_at(ByteFile& file, std::uint64_t at, char end, std::size_t limit) {
  CDX_TRY_LET(const std::string_view seen, file.view(at, limit + 1));
  const std::size_t found = seen.substr(0, limit + 1).find(end);
  if (found != std::string_view::npos) return Line{seen.substr(0, found), true};
  if (at + seen.size() >= file.size() && seen.size() <= limit) return Line{seen, true};
  return Line{seen.substr(0, limit), false};
}

Result<std::uint64_t> behind_line(ByteFile& file, std::uint64_t at, char end) {
  while (at < file.size()) {
    CDX_TRY_LET(const std::string_view seen, file.view(at, 1));
    const std::size_t found = seen.find(end);
    if (found != std::string_view::npos) return at + found + 1;
    at += seen.size();
  }
  return at;
}

std::unique_ptr<RowReader> delimited_rows(ByteFile& file, DelimitedLayout layout, std::size_t record_bytes) {
  return std::make_unique<DelimitedRows>(file, std::move(layout), record_bytes);
}
std::unique_ptr<RowReader> json_lines(ByteFile& file, char first, char last, std::size_t record_bytes) {
  return std::make_unique<JsonLines>(file, first, last, record_bytes);
}
std::unique_ptr<RowReader> json_values(ByteFile& file, bool in_array, std::size_t record_bytes) {
  return std::make_unique<JsonValues>(file, in_array, record_bytes);
}

}  // namespace cdx::source
