// Writes zip archives and small workbooks for tests, honest and hostile ones.
#pragma once

#include <gtest/gtest.h>
#include <minizip/zip.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cdx::test {

using ZipEntries = std::vector<std::pair<std::string, std::string>>;

// `padding` follows the bytes of the last entry `times` times, so that a bomb costs the test no memory.
inline void write_zip(const std::filesystem::path& path, const ZipEntries& entries,
                      const std::string& padding = {}, int times = 0) {
  zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  ASSERT_NE(zip, nullptr);
  for (const auto& [name, bytes] : entries) {
    const zip_fileinfo about = {};
    ASSERT_EQ(
        zipOpenNewFileInZip64(zip, name.c_str(), &about, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 6, 0),
        ZIP_OK);
    ASSERT_EQ(zipWriteInFileInZip(zip, bytes.data(), static_cast<unsigned>(bytes.size())), ZIP_OK);
    for (int i = 0; name == entries.back().first && i < times; ++i)
      ASSERT_EQ(zipWriteInFileInZip(zip, padding.data(), static_cast<unsigned>(padding.size())), ZIP_OK);
    ASSERT_EQ(zipCloseFileInZip(zip), ZIP_OK);
  }
  ASSERT_EQ(zipClose(zip, nullptr), ZIP_OK);
}

inline constexpr const char* relations_begin =
    R"(<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)";

// The parts around one sheet; `sheet_data` is what stands inside <sheetData>.
inline ZipEntries workbook_parts(const std::string& sheet_data, const std::string& shared_strings = {},
                                 const std::string& styles = {},
                                 const std::string& workbook_properties = {}) {
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  ZipEntries out;
  out.emplace_back("_rels/.rels", std::string(relations_begin) + R"(<Relationship Id="r1" Type=")" + type +
                                      R"(officeDocument" Target="xl/workbook.xml"/></Relationships>)");
  out.emplace_back("xl/workbook.xml",
                   R"(<workbook xmlns:r="u">)" + workbook_properties +
                       R"(<sheets><sheet name="List" sheetId="1" r:id="r1"/></sheets></workbook>)");
  std::string relations = std::string(relations_begin) + R"(<Relationship Id="r1" Type=")" + type +
                          R"(worksheet" Target="worksheets/sheet1.xml"/>)";
  if (!shared_strings.empty()) {
    relations +=
        R"(<Relationship Id="r2" Type=")" + type + R"(sharedStrings" Target="/xl/sharedStrings.xml"/>)";
    out.emplace_back("xl/sharedStrings.xml", shared_strings);
  }
  if (!styles.empty()) {
    relations += R"(<Relationship Id="r3" Type=")" + type + R"(styles" Target="styles.xml"/>)";
    out.emplace_back("xl/styles.xml", styles);
  }
  out.emplace_back("xl/_rels/workbook.xml.rels", relations + "</Relationships>");
  out.emplace_back("xl/worksheets/sheet1.xml",
                   "<worksheet><sheetData>" + sheet_data + "</sheetData></worksheet>");
  return out;
}

}  // namespace cdx::test
