#include "source/workbook.h"

#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "base/json_text.h"
#include "source/workbook_styles.h"
#include "source/xml_reader.h"

namespace cdx::source {
namespace {

constexpr std::size_t most_rows = 1'048'576;  // of Excel itself
constexpr std::size_t most_columns = 16'384;
constexpr std::size_t largest_index_part = 8'000'000;  // workbook.xml and relations
constexpr std::size_t longest_cell = 1'000'000;        // Excel itself stops at 32,767 characters
constexpr std::uint64_t staged_ratio = 3;              // of JSON lines to the allowed unpacked bytes

struct Relation {
  std::string type;    // last segment of its URI
  std::string target;  // path in the archive
};
using Relations = std::map<std::string, Relation, std::less<>>;

std::string last_segment(std::string_view uri) { return std::string(uri.substr(uri.rfind('/') + 1)); }

// A target is relative to the folder of its part, or absolute.
std::string resolve(std::string_view folder, std::string_view target) {
  if (!target.empty() && target[0] == '/') return std::string(target.substr(1));
  std::string base(folder);
  while (target.starts_with("../") || target.starts_with("./")) {
    if (target.starts_with("../"))
      base.resize(base.empty() || base.rfind('/') == std::string::npos ? 0 : base.rfind('/'));
    target.remove_prefix(target.find('/') + 1);
  }
  return base.empty() ? std::string(target) : base + "/" + std::string(target);
}

class RelationHandler final : public XmlHandler {
 public:
  explicit RelationHandler(std::string folder) : folder_(std::move(folder)) {}
  Status begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "Relationship" && attributes.get("TargetMode") != "External")
      relations[std::string(attributes.get("Id"))] = {last_segment(attributes.get("Type")),
                                                      resolve(folder_, attributes.get("Target"))};
    return {};
  }
  Status end(std::string_view) override { return {}; }
  Status text(std::string_view) override { return {}; }

  Relations relations;

 private:
  std::string folder_;
};

struct SheetEntry {
  std::string name, relation;
};

class BookHandler final : public XmlHandler {
 public:
  Status begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "workbookPr") {
      const std::string_view flag = attributes.get("date1904");
      dates_from_1904 = flag == "1" || flag == "true";
    } else if (element == "sheet") {
      sheets.push_back({std::string(attributes.get("name")), std::string(attributes.get("id", true))});
    }
    return {};
  }
  Status end(std::string_view) override { return {}; }
  Status text(std::string_view) override { return {}; }

  std::vector<SheetEntry> sheets;
  bool dates_from_1904 = false;
};

Status parse_part(ZipFile& zip, const std::string& part, XmlHandler& handler) {
  CDX_TRY_LET(const std::string bytes, zip.read(part, largest_index_part));
  XmlReader reader(handler, part);
  CDX_TRY(reader.feed(bytes));
  return reader.finish();
}

// All strings in one block: a million small strings of their own would cost more than their text.
struct SharedStrings {
  std::string text;
  std::vector<std::size_t> ends;

  std::optional<std::string_view> at(std::size_t index) const {
    if (index >= ends.size()) return std::nullopt;
    const std::size_t begin = index == 0 ? 0 : ends[index - 1];
    return std::string_view(text).substr(begin, ends[index] - begin);
  }
};

class StringHandler final : public XmlHandler {
 public:
  explicit StringHandler(std::size_t limit) : limit_(limit) {}
  Status begin(std::string_view element, const XmlAttributes&) override {
    if (element == "rPh") ++phonetic_;
    in_text_ = element == "t" && phonetic_ == 0;
    return {};
  }
  Status end(std::string_view element) override {
    if (element == "rPh") --phonetic_;
    if (element == "t") in_text_ = false;
    if (element != "si") return {};
    if (strings.ends.size() >= limit_)
      return fail(ErrorKind::invalid,
                  "has more than the allowed " + std::to_string(limit_) + " shared strings");
    strings.ends.push_back(strings.text.size());
    return {};
  }
  Status text(std::string_view text) override {
    if (in_text_) strings.text += text;
    return {};
  }

  SharedStrings strings;

 private:
  std::size_t limit_;
  int phonetic_ = 0;
  bool in_text_ = false;
};

// "AB12" is column 27 (from 0).
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0, i = 0;
  for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && column <= most_columns; ++i)
    column = column * 26 + static_cast<std::size_t>(reference[i] - 'A' + 1);
  if (i == 0 || column > most_columns) return std::nullopt;
  return column - 1;
}

std::optional<std::size_t> to_size(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const SharedStrings& strings, const std::vector<CellStyle>& styles, bool from_1904,
               TemporaryFile& out)
      : strings_(strings), styles_(styles), from_1904_(from_1904), out_(out) {}

  Status begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "row") return begin_row(attributes);
    if (element == "c") return begin_cell(attributes);
    if (element == "rPh") ++phonetic_;
    if (in_cell_ && (element == "v" || (element == "t" && phonetic_ == 0))) in_text_ = true;
    return {};
  }
  Status end(std::string_view element) override {
    if (element == "row") return end_row();
    if (element == "c") return end_cell();
    if (element == "rPh") --phonetic_;
    if (element == "v" || element == "t") in_text_ = false;
    return {};
  }
  Status text(std::string_view text) override {
    if (!in_text_) return {};
    value_ += text;
    return value_.size() <= longest_cell ? Status()
                                         : fail(ErrorKind::invalid, "has a cell of over 1,000,000 bytes");
  }

  bool found_content = false;

 private:
  Status begin_row(const XmlAttributes& attributes) {
    const std::string_view reference = attributes.get("r");
    const std::size_t number = reference.empty() ? row_ + 1 : to_size(reference).value_or(0);
    if (number <= row_ || number > most_rows)
      return fail(ErrorKind::invalid,
                  "has a row with the impossible number '" + std::string(reference) + "'");
    for (; row_ + 1 < number; ++row_) CDX_TRY(out_.append("[]\n"));
    row_ = number;
    column_ = 0;
    line_ = "[";
    filled_ = false;
    return {};
  }
  Status end_row() {
    if (!filled_) return out_.append("[]\n");
    found_content = true;
    line_ += "]\n";
    return out_.append(line_);
  }
  Status begin_cell(const XmlAttributes& attributes) {
    const std::string_view reference = attributes.get("r");
    next_column_ = reference.empty() ? column_ : column_of(reference).value_or(most_columns);
    if (next_column_ >= most_columns || next_column_ < column_)
      return fail(ErrorKind::invalid, "has a cell at the impossible place '" + std::string(reference) + "'");
    type_ = attributes.get("t");
    style_ = to_size(attributes.get("s")).value_or(0);
    value_.clear();
    in_cell_ = true;
    return {};
  }
  Status end_cell() {
    in_cell_ = false;
    if (value_.empty()) return {};
    CDX_TRY_LET(const std::string text, cell_text());
    if (text.empty()) return {};
    for (; column_ < next_column_; ++column_) line_ += column_ == 0 ? "\"\"" : ",\"\"";
    if (column_ > 0) line_ += ',';
    append_json_string(line_, text);
    ++column_;
    filled_ = true;
    return {};
  }
  Result<std::string> cell_text() const {
    if (type_ == "s") {
      const auto index = to_size(value_);
      const auto found = index ? strings_.at(*index) : std::nullopt;
      if (!found) return fail(ErrorKind::invalid, "names the missing shared string '" + value_ + "'");
      return std::string(*found);
    }
    if (type_ == "b") return std::string(value_ == "0" || value_ == "false" ? "FALSE" : "TRUE");
    if (type_.empty() || type_ == "n")
      return format_cell(value_, style_ < styles_.size() ? styles_[style_] : CellStyle::plain, from_1904_);
    return value_;  // "str", "inlineStr", "e" and "d" are text as they stand
  }

  const SharedStrings& strings_;
  const std::vector<CellStyle>& styles_;
  bool from_1904_;
  TemporaryFile& out_;
  std::size_t row_ = 0, column_ = 0, next_column_ = 0, style_ = 0;
  std::string type_, value_, line_;
  int phonetic_ = 0;
  bool in_cell_ = false, in_text_ = false, filled_ = false;
};

struct Book {
  std::vector<SheetEntry> sheets;
  Relations relations;
  SharedStrings strings;
  std::vector<CellStyle> styles;
  bool dates_from_1904 = false;
};

// What an archive without a readable workbook is, and what to do.
Error not_a_workbook(const ZipFile& zip) {
  const auto ends_with = [](std::string_view end) {
    return [end](std::string_view name) { return name.ends_with(end); };
  };
  if (zip.any(ends_with("workbook.bin")))
    return {ErrorKind::unsupported, "is a binary workbook (.xlsb); save it as .xlsx or CSV"};
  if (zip.has("mimetype") && zip.has("content.xml"))
    return {ErrorKind::unsupported, "is an OpenDocument file (.ods or kin); save it as .xlsx or CSV"};
  if (zip.has("word/document.xml"))
    return {ErrorKind::unsupported, "is a text document (.docx), not a table"};
  if (zip.any(ends_with(".iwa")))
    return {ErrorKind::unsupported, "is an Apple Numbers document; export it as .xlsx or CSV"};
  return {ErrorKind::unsupported,
          "is a zip archive without a workbook; unpack it and import the files in it"};
}

Result<Relations> relations_of(ZipFile& zip, const std::string& part) {
  const std::size_t slash = part.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : part.substr(0, slash);
  const std::string file = slash == std::string::npos ? part : part.substr(slash + 1);
  const std::string path = (folder.empty() ? "" : folder + "/") + "_rels/" + file + ".rels";
  RelationHandler handler(folder);
  if (zip.has(path)) CDX_TRY(parse_part(zip, path, handler));
  return std::move(handler.relations);
}

Result<Book> read_book(ZipFile& zip, const WorkbookOptions& options) {
  std::string part = "xl/workbook.xml";
  CDX_TRY_LET(const Relations roots, relations_of(zip, ""));
  for (const auto& [id, relation] : roots)
    if (relation.type == "officeDocument") part = relation.target;
  if (!zip.has(part) || !part.ends_with(".xml") || zip.has("word/document.xml"))
    return tl::unexpected<Error>(not_a_workbook(zip));
  Book book;
  BookHandler handler;
  CDX_TRY(parse_part(zip, part, handler));
  book.sheets = std::move(handler.sheets);
  book.dates_from_1904 = handler.dates_from_1904;
  CDX_TRY_LET(book.relations, relations_of(zip, part));
  for (const auto& [id, relation] : book.relations) {
    if (!zip.has(relation.target)) continue;
    if (relation.type == "styles") {
      CDX_TRY_LET(book.styles, read_styles(zip, relation.target));
    } else if (relation.type == "sharedStrings") {
      StringHandler strings(options.shared_strings);
      XmlReader reader(strings, relation.target);
      CDX_TRY(zip.stream(relation.target, [&](std::string_view piece) { return reader.feed(piece); }));
      CDX_TRY(reader.finish());
      book.strings = std::move(strings.strings);
    }
  }
  return book;
}

// Nothing when the sheet has no content.
Result<std::optional<ByteFile>> read_sheet(ZipFile& zip, const Book& book, const std::string& part,
                                           const WorkbookOptions& options) {
  CDX_TRY_LET(TemporaryFile out,
              TemporaryFile::make(options.temporary_dir, options.zip.unpacked_bytes * staged_ratio));
  SheetHandler handler(book.strings, book.styles, book.dates_from_1904, out);
  XmlReader reader(handler, part);
  CDX_TRY(zip.stream(part, [&](std::string_view piece) { return reader.feed(piece); }));
  CDX_TRY(reader.finish());
  if (!handler.found_content) return std::optional<ByteFile>();
  CDX_TRY_LET(ByteFile lines, out.finish());
  return std::optional<ByteFile>(std::move(lines));
}

}  // namespace

Result<WorkbookRows> read_workbook(const ByteFile& file, const WorkbookOptions& options) {
  CDX_TRY_LET(ZipFile zip, ZipFile::open(file, options.zip));
  CDX_TRY_LET(const Book book, read_book(zip, options));
  std::string names;
  for (const SheetEntry& sheet : book.sheets) {
    names += (names.empty() ? "'" : ", '") + sheet.name + "'";
    const auto relation = book.relations.find(sheet.relation);
    if (relation == book.relations.end() || relation->second.type != "worksheet") continue;
    if (!options.sheet.empty() && options.sheet != sheet.name) continue;
    CDX_TRY_LET(std::optional<ByteFile> lines, read_sheet(zip, book, relation->second.target, options));
    if (lines) return WorkbookRows{std::move(*lines), sheet.name};
  }
  if (!options.sheet.empty())
    return fail(ErrorKind::invalid, "has no filled sheet '" + options.sheet + "'; its sheets are " + names);
  return fail(ErrorKind::invalid, "is a workbook without any filled sheet");
}

}  // namespace cdx::source
