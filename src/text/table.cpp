#include "text/table.h"

#include <cstring>

namespace cdx::text {
namespace {

std::size_t find(std::string_view text, char c, std::size_t from) {
  if (from >= text.size()) return text.size();
  const void* at = std::memchr(text.data() + from, c, text.size() - from);
  return at == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

char row_sign(const Dialect& dialect) { return dialect.cr_rows ? '\r' : '\n'; }

// The span of the line that begins the text; `end` is where its line end stands, or the text's size.
RowSpan line_until(std::string_view text, const Dialect& dialect, std::size_t end) {
  RowSpan span{end, end < text.size() ? end + 1 : end, RowFault::none};
  if (!dialect.cr_rows && span.size > 0 && text[span.size - 1] == '\r') --span.size;
  return span;
}

// Walks the cells of one row. `Sink` gets begin(), text(view) for each piece of a cell, and end().
template <class Sink>
struct Walker {
  std::string_view text;
  const Dialect& dialect;
  Sink& sink;
  std::size_t at = 0;
  bool crossed_line = false;

  bool row_ends_at(std::size_t i) const {
    if (i >= text.size()) return true;
    if (text[i] == row_sign(dialect)) return true;
    return !dialect.cr_rows && text[i] == '\r' && (i + 1 == text.size() || text[i + 1] == '\n');
  }
  std::size_t after_blanks(std::size_t i) const {
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t') && text[i] != dialect.delimiter) ++i;
    return i;
  }
  bool closes(std::size_t after_quote) const {
    const std::size_t i = after_blanks(after_quote);
    return row_ends_at(i) || text[i] == dialect.delimiter;
  }

  // `at` stands behind the opening quote; afterwards on the delimiter or the row's end.
  RowFault quoted() {
    bool stray = false;
    std::size_t from = at;
    for (;; ++at) {
      if (at >= text.size()) return stray ? RowFault::stray_quote : RowFault::open_quote;
      const char c = text[at];
      if (c == row_sign(dialect)) {
        if (stray) return RowFault::stray_quote;
        crossed_line = true;
      }
      const bool more = at + 1 < text.size();
      if (c == dialect.escape && more && (text[at + 1] == dialect.quote || text[at + 1] == dialect.escape)) {
        sink.text(text.substr(from, at - from));
        from = ++at;  // the escaped character itself
        continue;
      }
      if (c != dialect.quote) continue;
      if (closes(at + 1)) break;
      // A quote that closes nothing after a line was crossed: more likely an earlier quote was left open.
      if (crossed_line) return RowFault::stray_quote;
      stray = true;
    }
    sink.text(text.substr(from, at - from));
    at = after_blanks(at + 1);
    return RowFault::none;
  }

  RowFault row() {
    for (;;) {
      sink.begin();
      const std::size_t start = after_blanks(at);
      if (dialect.quote != 0 && start < text.size() && text[start] == dialect.quote) {
        at = start + 1;
        const RowFault fault = quoted();
        if (fault != RowFault::none) return fault;
      } else {
        std::size_t end = at;
        while (!row_ends_at(end) && text[end] != dialect.delimiter) ++end;
        sink.text(text.substr(at, end - at));
        at = end;
      }
      sink.end();
      if (row_ends_at(at)) return RowFault::none;
      ++at;
    }
  }
};

struct NoSink {
  void begin() {}
  void text(std::string_view) {}
  void end() {}
};

struct CellSink {
  Cells& cells;
  std::string_view piece;
  std::size_t pieces = 0, stored = 0;

  void begin() {
    pieces = 0;
    stored = cells.store.size();
  }
  void text(std::string_view text) {
    // One piece needs no copy; from the second on, all of them are joined in the store.
    if (pieces == 1) cells.store += piece;
    if (pieces > 0) cells.store += text;
    piece = text;
    ++pieces;
  }
  void end() { cells.values.push_back(pieces == 1 ? piece : std::string_view(cells.store).substr(stored)); }
};

}  // namespace

RowSpan find_row(std::string_view text, const Dialect& dialect) {
  const std::size_t line = find(text, row_sign(dialect), 0);
  if (dialect.quote == 0 || find(text.substr(0, line), dialect.quote, 0) == line)
    return line_until(text, dialect, line);
  NoSink sink;
  Walker<NoSink> walker{text, dialect, sink};
  RowSpan span;
  const RowFault fault = walker.row();
  span = line_until(text, dialect, fault == RowFault::none ? find(text, row_sign(dialect), walker.at) : line);
  span.fault = fault;
  return span;
}

RowFault split_row(std::string_view row, const Dialect& dialect, Cells& cells) {
  cells.values.clear();
  cells.store.clear();
  cells.store.reserve(row.size());  // never grows past it, so that views into it stay good
  if (dialect.quote == 0 || find(row, dialect.quote, 0) == row.size()) {
    for (std::size_t at = 0;;) {
      const std::size_t end = find(row, dialect.delimiter, at);
      cells.values.push_back(row.substr(at, end - at));
      if (end == row.size()) return RowFault::none;
      at = end + 1;
    }
  }
  CellSink sink{cells, {}};
  Walker<CellSink> walker{row, dialect, sink};
  const RowFault fault = walker.row();
  return fault == RowFault::none && walker.at < row.size() ? RowFault::stray_quote : fault;
}

}  // namespace cdx::text
