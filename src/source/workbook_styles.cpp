#include "source/workbook_styles.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <map>

#include "source/xml_reader.h"

namespace cdx::source {
namespace {

constexpr std::size_t most_styles = 100'000;

int to_int(std::string_view text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Formats known by number alone (ECMA-376, 18.8.30), with those of East Asian editions.
CellStyle style_of_number(int id) {
  if (id == 9 || id == 10) return CellStyle::percent;
  if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58))
    return CellStyle::date;
  return CellStyle::plain;
}

class StyleHandler final : public XmlHandler {
 public:
  Status begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "numFmt") {
      formats_[to_int(attributes.get("numFmtId"), -1)] = style_of_format(attributes.get("formatCode"));
    } else if (element == "cellXfs") {
      in_cells_ = true;
    } else if (element == "xf" && in_cells_) {
      const int id = to_int(attributes.get("numFmtId"), 0);
      const auto own = formats_.find(id);
      styles.push_back(own != formats_.end() ? own->second : style_of_number(id));
    }
    if (styles.size() > most_styles || formats_.size() > most_styles)
      return fail(ErrorKind::invalid, "has too many styles");
    return {};
  }
  Status end(std::string_view element) override {
    if (element == "cellXfs") in_cells_ = false;
    return {};
  }
  Status text(std::string_view) override { return {}; }

  std::vector<CellStyle> styles;

 private:
  std::map<int, CellStyle> formats_;
  bool in_cells_ = false;
};

void append_padded(std::string& out, long value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

// Days since 1900 (with its false leap day) or 1904, and the time as a fraction of a day.
std::string format_serial(double serial, bool from_1904) {
  double days = std::floor(serial);
  auto seconds = static_cast<long>(std::llround((serial - days) * 86'400));
  if (seconds == 86'400) {
    days += 1;
    seconds = 0;
  }
  std::string out;
  if (days >= 1 || from_1904) {
    const int shift = from_1904 ? 24'107 : (days < 60 ? 25'568 : 25'569);  // to days since 1970
    const std::chrono::sys_days day{std::chrono::days(static_cast<int>(days) - shift)};
    const std::chrono::year_month_day date(day);
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, static_cast<long>(static_cast<unsigned>(date.month())), 2);
    out += '-';
    append_padded(out, static_cast<long>(static_cast<unsigned>(date.day())), 2);
    if (seconds == 0) return out;
    out += 'T';
  }
  append_padded(out, seconds / 3600, 2);
  out += ':';
  append_padded(out, seconds / 60 % 60, 2);
  out += ':';
  append_padded(out, seconds % 60, 2);
  if (out.size() > 8) out += 'Z';
  return out;
}

// Fifteen digits, as the spreadsheet shows them: 0.1 + 0.2 is "0.3".
std::string format_plain(double value) {
  char buffer[40];
  const bool whole = std::floor(value) == value && std::fabs(value) < 1e15;
  const auto result =
      whole ? std::to_chars(buffer, buffer + sizeof buffer, static_cast<long long>(value))
            : std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 15);
  return std::string(buffer, result.ptr);
}

}  // namespace

CellStyle style_of_format(std::string_view code) {
  char quoted = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (quoted != 0) {
      if (c == quoted) quoted = 0;
      continue;
    }
    switch (c) {
      case '"':
        quoted = '"';
        break;
      case '[': {
        // "[h]:mm" is a time; "[Red]" and "[$-409]" are not.
        const char inner = i + 1 < code.size() ? code[i + 1] : '\0';
        const char after = i + 2 < code.size() ? code[i + 2] : '\0';
        if ((inner == 'h' || inner == 'm' || inner == 's' || inner == 'H') &&
            (after == ']' || after == inner))
          return CellStyle::date;
        quoted = ']';
        break;
      }
      case '\\':
      case '_':
      case '*':
        ++i;
        break;
      case '%':
        return CellStyle::percent;
      case ';':
        return CellStyle::plain;  // the form for positive numbers decides
      case 'y':
      case 'Y':
      case 'd':
      case 'D':
      case 'm':
      case 'M':
      case 'h':
      case 'H':
      case 's':
      case 'S':
        return CellStyle::date;
      case 'G':
      case 'g':
        if (code.substr(i, 7) == "General" || code.substr(i, 7) == "GENERAL") i += 6;
        break;
      default:
        break;
    }
  }
  return CellStyle::plain;
}

Result<std::vector<CellStyle>> read_styles(ZipFile& zip, const std::string& part) {
  StyleHandler handler;
  XmlReader reader(handler, part);
  CDX_TRY(zip.stream(part, [&](std::string_view piece) { return reader.feed(piece); }));
  CDX_TRY(reader.finish());
  return std::move(handler.styles);
}

std::string format_cell(std::string_view text, CellStyle style, bool dates_from_1904) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::string(text);
  if (style == CellStyle::percent) return format_plain(value * 100) + "%";
  // Serials past the year 9999 are numbers with a wrong style.
  if (style == CellStyle::date && value >= 0 && value < 2'958'466)
    return format_serial(value, dates_from_1904);
  return format_plain(value);
}

}  // namespace cdx::source
