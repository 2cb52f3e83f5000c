// Every file of the table collections is read or refused with a reason that names the place.
#include <nlohmann/json.hpp>

#include <cstdio>

#include "import_support.h"
#include "text/table.h"

namespace cdx::test {
namespace {

using Table = std::vector<std::vector<std::string>>;

struct ReadTable {
  std::optional<Error> refused;
  std::vector<std::string> columns;
  Table rows;
  std::vector<BadRecord> bad;
  nlohmann::json layout;
};

ReadTable read_table(FileSourceOptions options) {
  ReadTable out;
  options.choose_mapping = [&out](const TableHead& head) -> Result<std::string> {
    out.columns = head.columns;
    return std::string();
  };
  auto source = open_file_source(options);
  if (!source) {
    out.refused = source.error();
    return out;
  }
  out.layout = nlohmann::json::parse((*source)->card().layout);
  text::Dialect dialect;
  if (out.layout["format"] == "csv") {
    const auto sign = [&](const char* key) { return out.layout[key].get<std::string>(); };
    dialect = {sign("delimiter")[0], sign("quote")[0], sign("escape")[0], out.layout.contains("cr_rows")};
  }
  std::optional<Cursor> at;
  do {
    auto page = (*source)->pull(Call{}, at);
    if (!page) {
      out.refused = page.error();
      return out;
    }
    for (const RawRecord& record : page->records) {
      if (out.layout["format"] == "csv") {
        text::Cells cells;
        EXPECT_EQ(text::split_row(record.body, dialect, cells), text::RowFault::none);
        out.rows.emplace_back(cells.values.begin(), cells.values.end());
      } else {
        out.rows.push_back(nlohmann::json::parse(record.body).get<std::vector<std::string>>());
      }
    }
    out.bad.insert(out.bad.end(), page->bad.begin(), page->bad.end());
    at = page->next;
  } while (at);
  return out;
}

ReadTable read_table(const std::filesystem::path& path) {
  FileSourceOptions options;
  options.path = path.string();
  return read_table(options);
}

TEST(Tables, CsvSpectrumReadsAsItsJsonSays) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/tables/csv_spectrum is missing: set CREATORDEX_SHARED";
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data / "tables/csv_spectrum/csvs")) {
    const std::string stem = entry.path().stem().string();
    // Its JSON holds another telephone number than its CSV.
    if (stem == "location_coordinates") continue;
    std::ifstream file(data / "tables/csv_spectrum/json" / (stem + ".json"));
    const auto expected = nlohmann::ordered_json::parse(file);
    const ReadTable got = read_table(entry.path());
    ASSERT_FALSE(got.refused.has_value()) << stem << ": " << got.refused->message;
    ASSERT_EQ(got.rows.size(), expected.size()) << stem;
    for (std::size_t row = 0; row < expected.size(); ++row) {
      std::size_t column = 0;
      for (const auto& [key, value] : expected[row].items()) {
        ASSERT_LT(column, got.columns.size()) << stem;
        EXPECT_EQ(got.columns[column], key) << stem;
        std::string wanted = value.get<std::string>();
        // The collection's "crlf" files have lost their carriage returns on the way through version control.
        std::erase(wanted, '\r');
        EXPECT_EQ(got.rows[row][column], wanted) << stem;
        ++column;
      }
    }
    ++compared;
  }
  EXPECT_EQ(compared, 11U);
}

TEST(Tables, EveryFileIsReadOrRefusedWithAReason) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/tables is missing: set CREATORDEX_SHARED";
  const auto files = expand_paths(std::vector<std::string>{(data / "tables").string()});
  ASSERT_TRUE(files.has_value());
  EXPECT_GT(files->size(), 500U);
  const bool show = std::getenv("CREATORDEX_SHOW_TABLES") != nullptr;
  for (const std::string& path : *files) {
    const Imported result = import_file(path);
    if (result.refused) {
      EXPECT_EQ(result.refused->message.rfind(path, 0), 0U) << "names the file: " << result.refused->message;
      EXPECT_GT(result.refused->message.size(), path.size() + 5);
      EXPECT_TRUE(result.refused->kind == ErrorKind::unsupported ||
                  result.refused->kind == ErrorKind::invalid);
    } else {
      EXPECT_EQ(result.accounts.size() + result.quarantined(), result.rows) << path;
    }
    if (!show) continue;
    if (result.refused) {
      std::printf("REFUSED %s\n", result.refused->message.c_str());
      continue;
    }
    std::printf("READ %s rows=%zu blank=%zu imported=%zu layout=%s\n", path.c_str(), result.rows,
                result.blank, result.accounts.size(), result.layout.substr(0, 260).c_str());
    for (const auto& [reason, count] : result.reasons) std::printf("     %zu x %s\n", count, reason.c_str());
  }
}

struct Refusal {
  const char* file;
  const char* word;
};

TEST(Tables, OtherFormatsAreNamedWhateverTheirExtension) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/tables is missing: set CREATORDEX_SHARED";
  const Refusal cases[] = {
      {"messytables_horror/simple.xls", "old Excel workbook"},
      {"messytables_horror/simple.ods", "OpenDocument"},
      {"messytables_horror/simple.zip", "zip archive"},
      {"messytables_horror/html.html", "HTML page"},
      {"messytables_horror/rowcolspan.html", "HTML page"},
      {"messytables_horror/simple.unknown", "empty"},
      {"messytables_horror/characters.csv", "encoding that is not known"},
      {"duckdb_csv/encodings/shift_jis.csv", "encoding that is not known"},
      {"sheetjs/RkNumber.xlsb", "binary workbook"},
      {"sheetjs/password_2002_128_enhrsa.xls", "Excel workbook"},
      {"duckdb_csv/line_too_long.csv.gz", "100 times"},
  };
  for (const Refusal& refusal : cases) {
    const ReadTable got = read_table(data / "tables" / refusal.file);
    ASSERT_TRUE(got.refused.has_value()) << refusal.file;
    EXPECT_NE(got.refused->message.find(refusal.word), std::string::npos) << got.refused->message;
  }
}

struct Shape {
  const char* file;
  std::size_t columns, rows;
  const char* first_column;
};

TEST(Tables, DialectsEncodingsAndHeadersAreFoundOut) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/tables is missing: set CREATORDEX_SHARED";
  const Shape cases[] = {
      {"messytables_horror/simple.csv", 3, 6, "date"},
      {"messytables_horror/simple.ssv", 3, 6, "date"},
      {"messytables_horror/simple.psv", 6, 28, "Year"},
      {"messytables_horror/example.tsv", 17, 140, "hour"},
      {"messytables_horror/skip_initials.csv", 2, 2, "field1"},
      {"messytables_horror/null.csv", 4, 10, "c1"},
      {"messytables_horror/utf-16le_encoded.csv", 19, 0, "Organisation_code"},
      {"messytables_horror/spanish_chars.csv", 8, 0, "GF_ID"},
      {"messytables_horror/sparse_with_column_errors.csv", 4, 0, "LP"},
      {"messytables_horror/mixedGLB.csv", 19, 0, "Year"},
      {"messytables_horror/simple.xlsx", 3, 6, "date"},
      {"messytables_horror/excel_pasting.csv", 9, 0, "c1"},
  };
  for (const Shape& shape : cases) {
    const ReadTable got = read_table(data / "tables" / shape.file);
    ASSERT_FALSE(got.refused.has_value()) << shape.file << ": " << got.refused->message;
    EXPECT_EQ(got.columns.size(), shape.columns) << shape.file;
    EXPECT_EQ(got.columns[0], shape.first_column) << shape.file;
    if (shape.rows > 0) {
      EXPECT_EQ(got.rows.size(), shape.rows) << shape.file;
    } else {
      EXPECT_GT(got.rows.size(), 5U) << shape.file;
    }
  }
}

}  // namespace
}  // namespace cdx::test
