#include "source/detect.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cdx::source {
namespace {

struct Magic {
  std::string_view bytes;
  std::string_view advice;
};

using std::string_view_literals::operator""sv;

constexpr std::array<Magic, 16> refused = {{
    {"\x28\xB5\x2F\xFD"sv, "is compressed with zstd; unpack it first (zstd -d)"},
    {"BZh"sv, "is compressed with bzip2; unpack it first (bunzip2)"},
    {"\xFD"
     "7zXZ\0"sv,
     "is compressed with xz; unpack it first (unxz)"},
    {"7z\xBC\xAF\x27\x1C"sv, "is a 7-Zip archive; unpack it and import the files in it"},
    {"Rar!\x1A\x07"sv, "is a RAR archive; unpack it and import the files in it"},
    {"%PDF-"sv, "is a PDF document; export its table as CSV"},
    {"PAR1"sv, "is a Parquet file; export it as CSV or JSON lines"},
    {"SQLite format 3\0"sv, "is an SQLite database; export the table as CSV"},
    {"{\\rtf"sv, "is an RTF document; save its table as CSV"},
    {"\x89PNG\r\n"sv, "is a picture (PNG), not a table"},
    {"\xFF\xD8\xFF"sv, "is a picture (JPEG), not a table"},
    {"GIF8"sv, "is a picture (GIF), not a table"},
    {"\x7F"
     "ELF"sv,
     "is a program, not a table"},
    {"Obj\x01"sv, "is an Avro file; export it as CSV or JSON lines"},
    {"ORC"sv, "is an ORC file; export it as CSV or JSON lines"},
    {"ARROW1"sv, "is an Arrow file; export it as CSV or JSON lines"},
}};

constexpr std::string_view ole2 = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;

// Names of streams in OLE2 containers are UTF-16.
bool holds_utf16(std::string_view bytes, std::string_view word) {
  std::string wide;
  for (const char c : word) {
    wide.push_back(c);
    wide.push_back('\0');
  }
  return bytes.find(wide) != std::string_view::npos;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

}  // namespace

Result<Content> detect(std::string_view start) {
  if (start.starts_with("\x1F\x8B")) return Content::gzip;
  if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06")) return Content::zip;
  if (start.starts_with(ole2)) {
    if (holds_utf16(start, "EncryptedPackage") || holds_utf16(start, "EncryptionInfo"))
      return fail(ErrorKind::unsupported,
                  "is a workbook protected by a password; save it without one, as .xlsx or CSV");
    return fail(ErrorKind::unsupported, "is an old Excel workbook (.xls); save it as .xlsx or CSV");
  }
  // Old BIFF workbooks and dBASE have no container; a text never begins with these.
  if (start.starts_with("\x09\x08\x10\x00\x00\x06"sv) || start.starts_with("\x09\x04\x06\x00"sv))
    return fail(ErrorKind::unsupported, "is an old Excel workbook (.xls); save it as .xlsx or CSV");
  // An Arrow, Avro or ORC magic is plain letters: it counts only with a binary byte near it.
  for (const Magic& magic : refused) {
    const bool letters = magic.bytes == "ORC" || magic.bytes == "PAR1" || magic.bytes == "BZh";
    if (!start.starts_with(magic.bytes)) continue;
    if (letters && start.substr(0, 64).find_first_of("\0\x01\x02\x15"sv) == std::string_view::npos) continue;
    return fail(ErrorKind::unsupported, std::string(magic.advice));
  }
  return Content::text;
}

Result<TextKind> detect_text(std::string_view start) {
  const std::size_t first = start.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return TextKind::table;
  start.remove_prefix(first);
  if (start[0] == '<') {
    const bool markup = start.size() > 1 && (start[1] == '!' || start[1] == '?' || start[1] == '/' ||
                                             (lower(start[1]) >= 'a' && lower(start[1]) <= 'z'));
    if (starts_with_word(start, "<?xml") || starts_with_word(start, "<workbook"))
      return fail(ErrorKind::unsupported, "is an XML document; save the table as .xlsx, CSV or JSON");
    if (markup && start.find('>') != std::string_view::npos)
      return fail(ErrorKind::unsupported, "is an HTML page; save the table in it as .xlsx or CSV");
  }
  if (start[0] == '{' || start[0] == '[') {
    const std::size_t next = start.find_first_not_of(" \t\r\n", 1);
    const char inner = next == std::string_view::npos ? '\0' : start[next];
    // A header such as [name],[id] or a cell such as {x} is no JSON.
    if (start[0] == '{' && (inner == '"' || inner == '}')) return TextKind::json;
    if (start[0] == '[' && (inner == '{' || inner == ']' || inner == '\0')) return TextKind::json;
  }
  return TextKind::table;
}

}  // namespace cdx::source
