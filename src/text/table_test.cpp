#include "text/table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cdx::text {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> rows(std::string_view text, const Dialect& dialect,
                      std::vector<RowFault>* faults = nullptr) {
  std::vector<Row> out;
  Cells cells;
  while (!text.empty()) {
    const RowSpan span = find_row(text, dialect);
    if (span.fault == RowFault::none) {
      EXPECT_EQ(split_row(text.substr(0, span.size), dialect, cells), RowFault::none);
      out.emplace_back(cells.values.begin(), cells.values.end());
    }
    if (faults != nullptr) faults->push_back(span.fault);
    EXPECT_GT(span.next, 0U);
    text.remove_prefix(span.next);
  }
  return out;
}

TEST(Table, SplitsQuotedCellsWithDelimitersNewlinesAndDoubledQuotes) {
  EXPECT_EQ(rows("a,b,c\r\n1,\"x, y\",\"ha \"\"ha\"\" ha\"\n\"two\nlines\",,\n", {}),
            (std::vector<Row>{{"a", "b", "c"}, {"1", "x, y", "ha \"ha\" ha"}, {"two\nlines", "", ""}}));
}

TEST(Table, KeepsTheLastRowWithoutALineEnd) {
  EXPECT_EQ(rows("a,b\n1,\"2\"", {}), (std::vector<Row>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(rows("a\r\n\r\nb\r", {}), (std::vector<Row>{{"a"}, {""}, {"b"}}));
}

TEST(Table, ReadsRowsThatEndAtCarriageReturns) {
  const Dialect dialect{',', '"', '"', true};
  EXPECT_EQ(rows("a,b\r1,\"2\r3\"\r", dialect), (std::vector<Row>{{"a", "b"}, {"1", "2\r3"}}));
}

TEST(Table, ReadsEscapedQuotes) {
  const Dialect dialect{';', '\'', '\\', false};
  EXPECT_EQ(rows("'a\\'b';'c\\\\';'d;e'\n", dialect), (std::vector<Row>{{"a'b", "c\\", "d;e"}}));
}

TEST(Table, LeavesQuotesInsidePlainCellsAlone) {
  EXPECT_EQ(rows("5\" disk,say \"hi\"\n", {}), (std::vector<Row>{{"5\" disk", "say \"hi\""}}));
  EXPECT_EQ(rows("x, \"6,000\" ,y\n", {}), (std::vector<Row>{{"x", "6,000", "y"}}));
}

TEST(Table, ReadsUnescapedQuotesInsideQuotesOnOneLine) {
  EXPECT_EQ(rows("\"the \"best\" one\",2\n", {}), (std::vector<Row>{{"the \"best\" one", "2"}}));
}

TEST(Table, GoesOnAfterTheLineOfAnOpenQuote) {
  std::vector<RowFault> faults;
  EXPECT_EQ(rows("a,b\n\"open,1\nc,d\ne,f\n", {}, &faults),
            (std::vector<Row>{{"a", "b"}, {"c", "d"}, {"e", "f"}}));
  EXPECT_EQ(faults[1], RowFault::open_quote);
  faults.clear();
  EXPECT_EQ(rows("\"open,1\n\"c\"d,2\ne,f\n", {}, &faults), (std::vector<Row>{{"e", "f"}}));
  EXPECT_EQ(faults[0], RowFault::stray_quote);
}

TEST(Table, AgreesOnEveryShortText) {
  // All texts of up to seven signs: the row that find_row sees is the row that split_row splits.
  const std::string signs = "a,\"\n ";
  for (std::size_t length = 1; length <= 7; ++length) {
    std::vector<std::size_t> pick(length, 0);
    for (;;) {
      std::string text;
      for (const std::size_t p : pick) text.push_back(signs[p]);
      rows(text, {});
      std::size_t i = 0;
      while (i < length && ++pick[i] == signs.size()) pick[i++] = 0;
      if (i == length) break;
    }
  }
}

}  // namespace
}  // namespace cdx::text
