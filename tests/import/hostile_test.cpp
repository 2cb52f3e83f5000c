// Files made to harm: none may crash, hang or take much memory; each is read or refused with its reason.
#include <sys/resource.h>

#include <nlohmann/json.hpp>
#include <random>

#include "import_support.h"
#include "support/zip_writer.h"

#if defined(__has_feature)
#define CDX_HAS_FEATURE(name) __has_feature(name)
#else
#define CDX_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || CDX_HAS_FEATURE(address_sanitizer) || \
    CDX_HAS_FEATURE(thread_sanitizer)
#define CDX_SANITIZED 1  // shadow memory counts as resident
#endif

namespace cdx::test {
namespace {

class Hostile : public testing::Test {
 protected:
  void TearDown() override {
#if !defined(CDX_SANITIZED)
    struct rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    EXPECT_LT(usage.ru_maxrss, 512 * 1024) << "kilobytes, the highest of the whole run";
#endif
  }
  std::string refusal(const std::filesystem::path& path, FileSourceOptions options = {}) {
    const Imported result = import_file(path, {}, &options);
    EXPECT_TRUE(result.refused.has_value()) << path;
    return result.refused ? result.refused->message : std::string();
  }
  std::filesystem::path workbook(const std::string& name, const ZipEntries& entries) {
    write_zip(scratch_.path() / name, entries);
    return scratch_.path() / name;
  }
  Scratch scratch_;
};

TEST_F(Hostile, SizeBombsAreRefused) {
  const auto path = scratch_.path() / "bomb.xlsx";
  write_zip(path, workbook_parts("<row><c><v>1</v></c></row>"), std::string(1'000'000, ' '), 1'000);
  EXPECT_LT(std::filesystem::file_size(path), 2'000'000U);
  EXPECT_NE(refusal(path).find("100 times its size: xl/worksheets/sheet1.xml"), std::string::npos);
  FileSourceOptions options;
  options.unpacking_ratio = 1'000'000;
  EXPECT_NE(refusal(path, options).find("more than the allowed 100000000 bytes"), std::string::npos);
}

TEST_F(Hostile, WorkbooksOverTheUnpackedLimitAreRefused) {
  std::mt19937 random(7);
  std::string data;
  for (int i = 0; i < 60'000; ++i) data += "<row><c><v>" + std::to_string(random()) + "</v></c></row>";
  FileSourceOptions options;
  options.workbook_bytes = 1'000'000;
  EXPECT_NE(refusal(workbook("big.xlsx", workbook_parts(data)), options)
                .find("more than the allowed 1000000 bytes"),
            std::string::npos);
}

TEST_F(Hostile, ArchivesOfManyEntriesAreRefused) {
  ZipEntries entries = workbook_parts("<row><c><v>1</v></c></row>");
  for (int i = 0; i < 50'000; ++i) entries.emplace_back("junk/" + std::to_string(i), "");
  EXPECT_NE(refusal(workbook("many.xlsx", entries)).find("at most 1000"), std::string::npos);
}

TEST_F(Hostile, EntityExpansionIsRefused) {
  ZipEntries entries = workbook_parts("");
  entries.back().second =
      "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;&a;&a;&a;&a;&a;\">"
      "<!ENTITY c SYSTEM \"file:///etc/hostname\">]><worksheet><sheetData><row><c "
      "t=\"inlineStr\"><is><t>&b;&c;</t></is>"
      "</c></row></sheetData></worksheet>";
  EXPECT_NE(refusal(workbook("entities.xlsx", entries)).find("document type declaration"), std::string::npos);
}

TEST_F(Hostile, SharedStringsAreBounded) {
  std::string strings = "<sst>";
  for (int i = 0; i < 1'000'001; ++i) strings += "<si><t/></si>";
  strings += "</sst>";
  FileSourceOptions options;
  options.unpacking_ratio = 100'000;
  const std::string cells = "<row><c t=\"s\"><v>0</v></c></row>";
  EXPECT_NE(refusal(workbook("strings.xlsx", workbook_parts(cells, strings)), options)
                .find("1000000 shared strings"),
            std::string::npos);
}

TEST_F(Hostile, OneLongStringUsedOftenIsBounded) {
  const std::string strings = "<sst><si><t>" + std::string(900'000, 'a') + "</t></si></sst>";
  std::string data;
  for (int i = 0; i < 1'000; ++i) data += "<row><c t=\"s\"><v>0</v></c></row>";
  FileSourceOptions options;
  options.unpacking_ratio = 100'000;
  EXPECT_NE(
      refusal(workbook("long.xlsx", workbook_parts(data, strings)), options).find("more than the allowed"),
      std::string::npos);
}

TEST_F(Hostile, ImpossiblePlacesAreRefused) {
  for (const char* data :
       {"<row r=\"4000000000\"><c><v>1</v></c></row>", "<row r=\"2\"/><row r=\"1\"/>",
        "<row><c r=\"ZZZZZZ1\"><v>1</v></c></row>", "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"/></row>"})
    EXPECT_NE(refusal(workbook("places.xlsx", workbook_parts(data))).find("impossible"), std::string::npos)
        << data;
  EXPECT_NE(refusal(workbook("index.xlsx", workbook_parts("<row><c t=\"s\"><v>9</v></c></row>")))
                .find("shared string"),
            std::string::npos);
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "<row>";
  EXPECT_NE(refusal(workbook("deep.xlsx", workbook_parts(deep))).find("sheet1.xml line 1"),
            std::string::npos);
}

TEST_F(Hostile, BrokenWorkbooksNeverCrash) {
  const auto good =
      workbook("good.xlsx", workbook_parts("<row><c t=\"inlineStr\"><is><t>name</t></is></c></row>"
                                           "<row><c><v>12</v></c></row>"));
  std::ifstream file(good, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  std::mt19937 random(11);
  for (int round = 0; round < 1'500; ++round) {
    std::string broken = bytes;
    for (int i = 0; i < 1 + round % 5; ++i) broken[random() % broken.size()] = static_cast<char>(random());
    if (round % 3 == 0) broken.resize(random() % broken.size());
    const Imported result = import_file(scratch_.write("broken.xlsx", broken));
    if (result.refused) {
      EXPECT_GT(result.refused->message.size(), 10U);
    }
  }
}

TEST_F(Hostile, ALongRowIsQuarantinedAndTheRestIsRead) {
  std::string text = "handle,followers\nana,1\n";
  text += std::string(2'000'000, 'x') + ",5\nben,2\n";
  const Imported result = import_file(scratch_.write("long.csv", text));
  ASSERT_FALSE(result.refused.has_value()) << result.refused->message;
  EXPECT_EQ(result.accounts.size(), 2U);
  EXPECT_EQ(result.reasons, (std::map<std::string, std::size_t>{{"is longer than 1000000 bytes", 1}}));
}

TEST_F(Hostile, AnOpenQuoteLosesOneLine) {
  const Imported result =
      import_file(scratch_.write("quote.csv", "handle,followers\nana,1\n\"ben,2\ncia,3\ndan,4\n"));
  ASSERT_FALSE(result.refused.has_value());
  EXPECT_EQ(result.accounts.size(), 3U);
  EXPECT_EQ(result.reasons.size(), 1U);
}

TEST_F(Hostile, OpenQuotesOnEveryLineTakeNoQuadraticTime) {
  std::string text = "handle,followers\n";
  for (int i = 0; i < 200'000; ++i) text += "\"\"\"user" + std::to_string(i) + "\"\",1\n";
  const Imported result = import_file(scratch_.write("quotes.csv", text));
  ASSERT_FALSE(result.refused.has_value());
  EXPECT_EQ(result.accounts.size() + result.quarantined(), result.rows);
}

TEST_F(Hostile, Utf16WithAnOddByteIsRead) {
  std::string bytes = "\xFF\xFE";
  for (const char c : std::string("handle,followers\nana,12\nben,13\n")) bytes += {c, '\0'};
  const Imported result = import_file(scratch_.write("odd.csv", bytes + "x"));
  ASSERT_FALSE(result.refused.has_value());
  EXPECT_EQ(result.accounts.size(), 2U + 1U) << "the stray byte makes a last row of its own";
}

TEST_F(Hostile, ZeroBytesAreNamed) {
  std::string text = "handle,followers\nana,1\nb";
  text += '\0';
  text += "en,2\ncia,3\n";
  const Imported some = import_file(scratch_.write("zero.csv", text));
  ASSERT_FALSE(some.refused.has_value());
  EXPECT_EQ(some.accounts.size(), 2U);
  EXPECT_EQ(some.reasons.begin()->first, "handle: holds a zero byte");
  EXPECT_NE(refusal(scratch_.write("zeros.csv", std::string(5'000, '\0'))).find("binary"), std::string::npos);
}

TEST_F(Hostile, CarriageReturnsAloneEndRows) {
  const Imported result = import_file(scratch_.write("mac.csv", "handle,followers\rana,1\rben,2\r"));
  ASSERT_FALSE(result.refused.has_value());
  EXPECT_EQ(result.accounts.size(), 2U);
}

TEST_F(Hostile, DeclaredUtf8WithOtherBytesIsQuarantinedByRow) {
  const Imported result =
      import_file(scratch_.write("mixed.csv", "\xEF\xBB\xBFhandle,bio\nana,caf\xE9\nben,ol\xC3\xA9\n"));
  ASSERT_FALSE(result.refused.has_value());
  EXPECT_EQ(result.accounts.size(), 1U);
  EXPECT_EQ(result.reasons.begin()->first, "bio: holds bytes that are not UTF-8");
}

TEST_F(Hostile, CutAndNestedGzipFilesAreRefused) {
  // gzip of "handle,followers\nana,1\n" made by the deflate of stored blocks.
  const auto gzip = [](const std::string& text) {
    std::string out("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);
    const auto size = static_cast<unsigned>(text.size());
    out += '\x01';
    for (const unsigned value : {size, ~size & 0xFFFFU}) {
      out += static_cast<char>(value & 0xFF);
      out += static_cast<char>(value >> 8);
    }
    unsigned crc = 0xFFFFFFFFU;
    for (const char c : text) {
      crc ^= static_cast<unsigned char>(c);
      for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    out += text;
    for (const unsigned value : {~crc, size})
      for (int i = 0; i < 4; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
    return out;
  };
  const std::string packed = gzip("handle,followers\nana,1\n");
  const Imported good = import_file(scratch_.write("good.csv.gz", packed));
  ASSERT_FALSE(good.refused.has_value()) << good.refused->message;
  EXPECT_EQ(good.accounts.size(), 1U);
  EXPECT_NE(refusal(scratch_.write("cut.csv.gz", packed.substr(0, packed.size() - 12))).find("gzip"),
            std::string::npos);
  EXPECT_NE(refusal(scratch_.write("twice.csv.gz", gzip(packed))).find("packed twice"), std::string::npos);
}

TEST_F(Hostile, DeepAndCutJsonIsQuarantined) {
  std::string deep = R"([{"handle":"ana"},{"handle":"ben","x":)" + std::string(100'000, '[') +
                     std::string(100'000, ']') + R"(},{"handle":"cia"},{"handle":"dan)";
  const Imported result = import_file(scratch_.write("deep.json", deep));
  ASSERT_FALSE(result.refused.has_value());
  EXPECT_EQ(result.accounts.size(), 2U);
  EXPECT_EQ(result.quarantined(), 2U);
}

TEST_F(Hostile, AnyBytesAtAllAreReadOrRefused) {
  std::mt19937 random(3);
  const std::string pieces[] = {
      ",", "\"", "\n", "\r",     std::string(1, '\0'), "a", "1", ";", "\t", "\xFF", "{",
      "}", "[",  "]",  "handle", "\xEF\xBB\xBF"};
  for (int round = 0; round < 1'500; ++round) {
    std::string text;
    for (std::size_t i = random() % 200; i > 0; --i) text += pieces[random() % std::size(pieces)];
    const Imported result = import_file(scratch_.write(round % 2 == 0 ? "any.csv" : "any.json", text));
    if (!result.refused) {
      EXPECT_EQ(result.accounts.size() + result.quarantined(), result.rows);
    }
  }
}

TEST_F(Hostile, MissingFilesAndFoldersAreNamed) {
  EXPECT_NE(refusal(scratch_.path() / "none.csv").find("No such file"), std::string::npos);
  EXPECT_NE(refusal(scratch_.path()).find("is a folder"), std::string::npos);
}

}  // namespace
}  // namespace cdx::test
