#include "source/stage.h"

#include <unistd.h>

#include <algorithm>

#include "source/detect.h"
#include "source/gzip.h"
#include "source/workbook.h"

namespace cdx::source {
namespace {

constexpr std::size_t detect_bytes = 1'000'000;  // container names of OLE2 stand anywhere near the front
constexpr std::size_t sniff_bytes = 262'144;
constexpr std::size_t convert_bytes = 1'000'000;  // even, so that UTF-16 units stay whole

using text::Encoding;

bool is_utf16(Encoding encoding) { return encoding == Encoding::utf16_le || encoding == Encoding::utf16_be; }

// A piece must not end between the two halves of a surrogate pair.
std::size_t whole_units(std::string_view piece, Encoding encoding) {
  if (!is_utf16(encoding) || piece.size() < 2) return piece.size();
  const std::size_t even = piece.size() - piece.size() % 2;
  const auto high = static_cast<unsigned char>(piece[encoding == Encoding::utf16_le ? even - 1 : even - 2]);
  return high >= 0xD8 && high <= 0xDB ? even - 2 : even;
}

Result<ByteFile> convert(ByteFile& file, Encoding encoding, const FileSourceOptions& options) {
  CDX_TRY_LET(TemporaryFile out, TemporaryFile::make(options.temporary_dir, options.spool_bytes));
  CDX_TRY_LET(const std::string_view head, file.view(0, 4));
  std::uint64_t at = text::byte_order_mark(head, encoding);
  while (at < file.size()) {
    CDX_TRY_LET(const std::string_view seen, file.view(at, convert_bytes));
    std::string_view piece = seen.substr(0, convert_bytes);
    if (at + piece.size() < file.size()) piece = piece.substr(0, whole_units(piece, encoding));
    CDX_TRY(out.append(text::to_utf8(piece, encoding)));
    at += piece.size();
  }
  return out.finish();
}

Status check_binary(std::string_view sample) {
  const auto zeros = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\0'));
  if (zeros * 10 <= sample.size()) return {};
  return fail(ErrorKind::unsupported,
              "holds binary data (a zero byte at " + std::to_string(sample.find('\0')) + "), not a table");
}

// Western text has its accented letters one by one; Cyrillic, Greek, Chinese and Japanese encodings have runs
// of them.
bool runs_of_high_bytes(std::string_view sample) {
  std::size_t high = 0, beside = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const auto is_high = [&](std::size_t at) { return static_cast<unsigned char>(sample[at]) >= 0x80; };
    if (!is_high(i)) continue;
    ++high;
    beside += (i > 0 && is_high(i - 1)) || (i + 1 < sample.size() && is_high(i + 1)) ? 1U : 0U;
  }
  return high >= 20 && beside * 10 > high * 6;
}

Result<Encoding> find_encoding(std::string_view sample, const FileSourceOptions& options) {
  if (options.encoding) return *options.encoding;
  const Encoding encoding = text::sniff_encoding(sample);
  if (!is_utf16(encoding)) CDX_TRY(check_binary(sample));
  if (encoding != Encoding::windows1252 && encoding != Encoding::latin1) return encoding;
  const bool undefined = sample.find_first_of("\x81\x8D\x8F\x90\x9D") != std::string_view::npos;
  if (!undefined && !runs_of_high_bytes(sample)) return encoding;
  const auto* first =
      std::find_if(sample.begin(), sample.end(), [](char c) { return static_cast<signed char>(c) < 0; });
  return fail(
      ErrorKind::unsupported,
      "is in an encoding that is not known here: its letters (the first at byte " +
          std::to_string(first - sample.begin()) +
          ") make no utf-8, utf-16, latin-1 or windows-1252 text; convert it to UTF-8, or name its encoding");
}

Result<Staged> stage_text(ByteFile file, const FileSourceOptions& options) {
  Staged out;
  CDX_TRY_LET(const std::string_view sample, file.view(0, sniff_bytes));
  CDX_TRY_LET(out.encoding, find_encoding(sample.substr(0, sniff_bytes), options));
  if (out.encoding == Encoding::utf8) {
    out.begin = text::byte_order_mark(sample, Encoding::utf8);
    out.file = std::move(file);
  } else {
    CDX_TRY_LET(out.file, convert(file, out.encoding, options));
  }
  CDX_TRY_LET(const std::string_view start, out.file.view(out.begin, sniff_bytes));
  CDX_TRY_LET(const TextKind kind, detect_text(start.substr(0, sniff_bytes)));
  out.shape = kind == TextKind::json ? Shape::json : Shape::delimited;
  return out;
}

Result<Staged> stage_workbook(const ByteFile& file, const FileSourceOptions& options) {
  WorkbookOptions book;
  book.sheet = options.sheet;
  book.temporary_dir = options.temporary_dir;
  book.zip = {options.workbook_bytes, options.unpacking_ratio, options.workbook_entries};
  book.shared_strings = options.shared_strings;
  CDX_TRY_LET(WorkbookRows rows, read_workbook(file, book));
  Staged out;
  out.file = std::move(rows.lines);
  out.sheet = std::move(rows.sheet);
  out.shape = Shape::cells;
  return out;
}

Result<ByteFile> open_bytes(const FileSourceOptions& options) {
  if (options.bytes) {
    CDX_TRY_LET(TemporaryFile copy, TemporaryFile::make(options.temporary_dir, options.spool_bytes));
    CDX_TRY(copy.append(*options.bytes));
    return copy.finish();
  }
  if (options.path == "-") return spool(options.standard_input, options.temporary_dir, options.spool_bytes);
  CDX_TRY_LET(OpenedFile opened, open_path(options.path));
  if (opened.regular) return std::move(opened.file);
  return spool(opened.file.descriptor(), options.temporary_dir, options.spool_bytes);
}

}  // namespace

Result<Staged> stage(const FileSourceOptions& options) {
  CDX_TRY_LET(ByteFile file, open_bytes(options));
  for (int layers = 0;; ++layers) {
    if (file.size() == 0) return fail(ErrorKind::invalid, "is empty");
    CDX_TRY_LET(const std::string_view start, file.view(0, detect_bytes));
    CDX_TRY_LET(const Content content, detect(start));
    if (content == Content::zip) return stage_workbook(file, options);
    if (content == Content::text) return stage_text(std::move(file), options);
    if (layers > 0) return fail(ErrorKind::unsupported, "is packed twice; unpack it first");
    CDX_TRY_LET(file, unpack_gzip(file, options.temporary_dir, options.unpacking_ratio, options.spool_bytes));
  }
}

}  // namespace cdx::source
