// Workbooks as spreadsheets write them: styles, dates, kinds of strings, prefixes, several sheets.
#include <nlohmann/json.hpp>

#include "import_support.h"
#include "support/zip_writer.h"

namespace cdx::test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  std::string refused;
  Rows rows;
  nlohmann::json layout;
};

Read read_rows(const std::filesystem::path& path, const std::string& sheet = {}) {
  Read out;
  FileSourceOptions options;
  options.path = path.string();
  options.header = false;
  options.sheet = sheet;
  const auto source = open_file_source(options);
  if (!source) {
    out.refused = source.error().message;
    return out;
  }
  out.layout = nlohmann::json::parse((*source)->card().layout);
  const auto page = (*source)->pull(Call{}, std::nullopt);
  EXPECT_TRUE(page.has_value());
  for (const RawRecord& record : page->records)
    out.rows.push_back(nlohmann::json::parse(record.body).get<std::vector<std::string>>());
  return out;
}

class Workbook : public testing::Test {
 protected:
  std::filesystem::path make(const ZipEntries& entries) {
    write_zip(scratch_.path() / "book.xlsx", entries);
    return scratch_.path() / "book.xlsx";
  }
  Scratch scratch_;
};

TEST_F(Workbook, KindsOfStringsReadAlike) {
  const std::string strings =
      "<sst><si><t>shared</t></si><si><r><t>ri</t></r><r><rPr/><t xml:space=\"preserve\">ch </t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>phonetic</t></rPh></si></sst>";
  const Read got = read_rows(
      make(workbook_parts("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
                          "<c r=\"C1\" t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is></c>"
                          "<c r=\"E1\" t=\"str\"><f>A1&amp;B1</f><v>formula &amp; \"quote\"</v></c></row>",
                          strings)));
  EXPECT_EQ(got.rows, (Rows{{"shared", "rich ", "inline", "", "formula & \"quote\""}}));
}

TEST_F(Workbook, NumbersDatesFlagsAndErrorsReadAsShown) {
  const std::string styles =
      "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd\\-mmm\\-yyyy\"/>"
      "<numFmt numFmtId=\"165\" formatCode=\"[Red]&quot;days&quot; 0.0\"/></numFmts><cellStyleXfs><xf "
      "numFmtId=\"14\"/>"
      "</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/><xf "
      "numFmtId=\"164\"/>"
      "<xf numFmtId=\"165\"/><xf numFmtId=\"22\"/><xf numFmtId=\"21\"/></cellXfs></styleSheet>";
  const Read got = read_rows(make(workbook_parts(
      "<row><c><v>1234567</v></c><c><v>0.30000000000000004</v></c><c s=\"1\"><v>44927</v></c><c "
      "s=\"2\"><v>0.048</v></c>"
      "<c s=\"3\"><v>44927</v></c><c s=\"4\"><v>3.5</v></c><c s=\"5\"><v>44927.5</v></c><c "
      "s=\"6\"><v>0.25</v></c>"
      "<c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c s=\"1\"><v>59</v></c><c s=\"1\"><v>61</v></c>"
      "<c><v>4.77E8</v></c></row>",
      {}, styles)));
  EXPECT_EQ(got.rows,
            (Rows{{"1234567", "0.3", "2023-01-01", "4.8%", "2023-01-01", "3.5", "2023-01-01T12:00:00Z",
                   "06:00:00", "TRUE", "#N/A", "1900-02-28", "1900-03-01", "477000000"}}));
}

TEST_F(Workbook, DatesCountFrom1904WhereTheWorkbookSaysSo) {
  const std::string styles = "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
  const Read got = read_rows(
      make(workbook_parts("<row><c s=\"1\"><v>0</v></c></row>", {}, styles, "<workbookPr date1904=\"1\"/>")));
  EXPECT_EQ(got.rows, (Rows{{"1904-01-01"}}));
}

TEST_F(Workbook, PrefixesAreNoMatter) {
  ZipEntries entries = workbook_parts("");
  entries.back().second =
      "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row><x:c "
      "t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c></x:row>"
      "</x:sheetData></x:worksheet>";
  EXPECT_EQ(read_rows(make(entries)).rows, (Rows{{"a"}}));
}

TEST_F(Workbook, EmptyRowsKeepTheNumbersOfTheOthers) {
  const auto path = make(workbook_parts(
      "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"7\"><c r=\"A7\"><v>2</v></c></row>"));
  FileSourceOptions options;
  options.path = path.string();
  options.header = false;
  const auto source = open_file_source(options);
  ASSERT_TRUE(source.has_value());
  const auto page = (*source)->pull(Call{}, std::nullopt);
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page->records.size(), 2U);
  EXPECT_EQ(page->records[0].key, "row 3");
  EXPECT_EQ(page->records[1].key, "row 7");
  EXPECT_EQ(page->blank, 5U);
}

TEST_F(Workbook, TheFirstFilledSheetIsTakenAndNamed) {
  ZipEntries entries = workbook_parts("");
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  for (auto& [name, bytes] : entries) {
    if (name == "xl/workbook.xml")
      bytes =
          "<workbook xmlns:r=\"u\"><sheets><sheet name=\"Cover\" r:id=\"r1\"/><sheet name=\"Chart\" "
          "r:id=\"r8\"/>"
          "<sheet name=\"People\" r:id=\"r9\"/><sheet name=\"More\" r:id=\"r7\"/></sheets></workbook>";
    if (name == "xl/_rels/workbook.xml.rels")
      bytes = std::string(relations_begin) + "<Relationship Id=\"r1\" Type=\"" + type +
              "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r8\" Type=\"" + type +
              "chartsheet\" Target=\"chartsheets/sheet1.xml\"/><Relationship Id=\"r9\" Type=\"" + type +
              "worksheet\" Target=\"../xl/people.xml\"/><Relationship Id=\"r7\" Type=\"" + type +
              "worksheet\" Target=\"/xl/more.xml\"/></Relationships>";
  }
  const auto sheet = [](const char* value) {
    return std::string("<worksheet><sheetData><row><c><v>") + value +
           "</v></c></row></sheetData></worksheet>";
  };
  entries.emplace_back("xl/people.xml", sheet("1"));
  entries.emplace_back("xl/more.xml", sheet("2"));
  const auto path = make(entries);
  const Read first = read_rows(path);
  EXPECT_EQ(first.layout["sheet"], "People");
  EXPECT_EQ(first.rows, (Rows{{"1"}}));
  EXPECT_EQ(read_rows(path, "More").rows, (Rows{{"2"}}));
  EXPECT_NE(read_rows(path, "None").refused.find("'Cover', 'Chart', 'People', 'More'"), std::string::npos);
}

TEST_F(Workbook, AListOfCreatorsImports) {
  const auto cell = [](const std::string& text) {
    return "<c t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
  };
  const std::string styles = "<styleSheet><cellXfs><xf/><xf numFmtId=\"10\"/></cellXfs></styleSheet>";
  const Imported got = import_file(make(workbook_parts(
      "<row/><row>" + cell("Username") + cell("Followers") + cell("Engagement rate") + "</row><row>" +
          cell("@ana") + "<c><v>1200</v></c><c s=\"1\"><v>0.034</v></c></row><row>" + cell("@ben") +
          "<c><v>900</v></c></row>",
      {}, styles)));
  ASSERT_EQ(got.accounts.size(), 2U);
  EXPECT_EQ(got.accounts[0].account.handle->value, "ana");
  EXPECT_EQ(got.accounts[0].account.followers->value, 1200);
  EXPECT_DOUBLE_EQ(got.accounts[0].account.engagement_rate->value, 0.034);
}

TEST_F(Workbook, SheetJsWorkbooksReadAsTheirSheetsShow) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/tables/sheetjs is missing: set CREATORDEX_SHARED";
  const Read errors = read_rows(data / "tables/sheetjs/ErrorTypes.xlsx");
  const auto holds = [](const Read& read, const std::string& text) {
    for (const auto& row : read.rows)
      if (std::find(row.begin(), row.end(), text) != row.end()) return true;
    return false;
  };
  EXPECT_TRUE(holds(errors, "#DIV/0!"));
  EXPECT_TRUE(holds(errors, "#N/A"));
  const Read mixed = read_rows(data / "tables/sheetjs/text_and_numbers.xlsx");
  EXPECT_TRUE(mixed.refused.empty()) << mixed.refused;
  EXPECT_GT(mixed.rows.size(), 1U);
}

}  // namespace
}  // namespace cdx::test
