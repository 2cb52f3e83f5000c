#include "text/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace cdx::text {
namespace {

constexpr std::size_t longest_number = 64;  // bytes; whatever is longer is prose

bool digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Blanks in numbers: ASCII white space, no-break (U+00A0), narrow no-break (U+202F) and thin space (U+2009).
std::size_t blank_at(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  if (text.starts_with("\xE2\x80\xAF") || text.starts_with("\xE2\x80\x89")) return 3;
  return 0;
}
void skip_blanks(std::string_view& text) {
  while (const std::size_t size = blank_at(text)) text.remove_prefix(size);
}

bool take(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(text[i]) != word[i]) return false;
  text.remove_prefix(word.size());
  return true;
}

bool take_currency(std::string_view& text) {
  static constexpr std::array<std::string_view, 14> signs = {
      "us$", "$",   "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xB9", "usd",
      "eur", "gbp", "inr",          "jpy",      "brl",      "r$",           "rs."};
  for (const std::string_view sign : signs)
    if (take(text, sign)) return true;
  return false;
}

// The scale words, longest first where one begins another.
double take_scale(std::string_view& text) {
  static constexpr std::array<std::pair<std::string_view, double>, 21> scales = {{
      {"thousand", 1e3},  {"millions", 1e6}, {"million", 1e6}, {"billions", 1e9}, {"billion", 1e9},
      {"trillion", 1e12}, {"crores", 1e7},   {"crore", 1e7},   {"lakhs", 1e5},    {"lakh", 1e5},
      {"lacs", 1e5},      {"lac", 1e5},      {"mio", 1e6},     {"mln", 1e6},      {"bn", 1e9},
      {"cr", 1e7},        {"tn", 1e12},      {"mm", 1e6},      {"k", 1e3},        {"m", 1e6},
      {"b", 1e9},
  }};
  for (const auto& [word, factor] : scales)
    if (take(text, word)) return factor;
  return 1;
}

// Digits with their separators as written: "1,234.5" gives parts {1, 234, 5} parted by ",.".
struct Mantissa {
  std::string digits;      // of all parts, joined
  std::string separators;  // one character before each part but the first; a blank stands for any blank
  std::array<std::size_t, longest_number> sizes{};
  std::size_t parts = 0;
};

bool take_mantissa(std::string_view& text, Mantissa& out) {
  for (;;) {
    std::size_t size = 0;
    while (size < text.size() && digit(text[size])) ++size;
    const bool leading_point = out.parts == 0 && size == 0 && text.size() > 1 && text[0] == '.';
    if (size == 0 && !leading_point) return false;
    out.digits.append(text.substr(0, size));
    out.sizes[out.parts++] = size;
    text.remove_prefix(size);
    if (text.empty()) return true;
    const std::size_t blank = blank_at(text);
    const bool parted = text[0] == ',' || text[0] == '.' || text[0] == '\'' || blank > 0;
    const std::size_t skip = blank > 0 ? blank : 1;
    if (!parted || text.size() <= skip || !digit(text[skip])) return true;
    out.separators.push_back(blank > 0 ? ' ' : text[0]);
    text.remove_prefix(skip);
  }
}

// Groups of thousands: one to three digits, then groups of three; Indian grouping has twos before the last
// three.
bool grouped(const Mantissa& m, std::size_t groups) {
  if (m.sizes[0] == 0 || m.sizes[0] > 3) return false;
  for (std::size_t i = 1; i + 1 < groups; ++i)
    if (m.sizes[i] != 3 && m.sizes[i] != 2) return false;
  return m.sizes[groups - 1] == 3;
}

// Number of digits after the decimal sign, or nothing when the separators make no number.
std::optional<std::size_t> decimals(const Mantissa& m) {
  if (m.parts == 1) return 0;
  const char last = m.separators.back();
  const std::size_t tail = m.sizes[m.parts - 1];
  const bool uniform = m.separators.find_first_not_of(last) == std::string::npos;
  if (uniform && m.parts == 2) {
    if (last == '.') return tail;
    if (last != ',') return grouped(m, 2) ? std::optional<std::size_t>(0) : std::nullopt;
    const bool thousands = grouped(m, 2) && m.digits[0] != '0';
    return thousands ? 0 : tail;
  }
  if (uniform) return grouped(m, m.parts) ? std::optional<std::size_t>(0) : std::nullopt;
  if (last != '.' && last != ',') return std::nullopt;
  const std::string_view before = std::string_view(m.separators).substr(0, m.separators.size() - 1);
  if (before.find_first_not_of(before[0]) != std::string_view::npos || before[0] == last) return std::nullopt;
  return grouped(m, m.parts - 1) ? std::optional<std::size_t>(tail) : std::nullopt;
}

std::optional<double> take_decimal(std::string_view& text) {
  Mantissa m;
  if (!take_mantissa(text, m)) return std::nullopt;
  const auto fraction = decimals(m);
  if (!fraction) return std::nullopt;
  std::string plain = m.digits;
  plain.insert(plain.size() - *fraction, 1, '.');
  if (plain.front() == '.') plain.insert(0, 1, '0');
  if (plain.back() == '.') plain.pop_back();
  if (text.size() >= 2 && lower(text[0]) == 'e') {
    std::size_t size = text[1] == '+' || text[1] == '-' ? 2 : 1;
    const std::size_t sign = size;
    while (size < text.size() && digit(text[size])) ++size;
    if (size > sign) {
      plain.push_back('e');
      plain.append(text.substr(text[1] == '+' ? 2 : 1, size - (text[1] == '+' ? 2 : 1)));
      text.remove_prefix(size);
    }
  }
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error != std::errc() || end != plain.data() + plain.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

// Plain whole numbers are nearly all that tables hold.
bool take_whole(std::string_view text, double& value) {
  if (text.empty() || text.size() > 15) return false;
  double sum = 0;
  for (const char c : text) {
    if (!digit(c)) return false;
    sum = sum * 10 + (c - '0');
  }
  value = sum;
  return true;
}

bool take_sign(std::string_view& text, bool& negative) {
  if (take(text, "-") || take(text, "\xE2\x88\x92")) {
    negative = true;
    return true;
  }
  return take(text, "+");
}

}  // namespace

std::optional<FoundNumber> parse_quantity(std::string_view text) {
  FoundNumber found;
  if (take_whole(text, found.value)) return found;
  skip_blanks(text);
  if (text.empty() || text.size() > longest_number) return std::nullopt;
  bool negative = false;
  bool signed_already = take_sign(text, negative);
  if (!text.empty() && !digit(text[0]) && take_currency(text)) {
    found.money = true;
    skip_blanks(text);
    if (!signed_already) signed_already = take_sign(text, negative);
  }
  const auto value = take_decimal(text);
  if (!value) return std::nullopt;
  skip_blanks(text);
  const double scale = text.empty() ? 1 : take_scale(text);
  skip_blanks(text);
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);  // "50K+"
  if (take(text, "%")) {
    found.percent = true;
  } else if (!found.money && take_currency(text)) {
    found.money = true;
  }
  skip_blanks(text);
  if (!text.empty()) return std::nullopt;
  found.value = *value * scale / (found.percent ? 100 : 1) * (negative ? -1 : 1);
  if (!std::isfinite(found.value)) return std::nullopt;
  return found;
}

std::optional<double> parse_number(std::string_view text) {
  const auto found = parse_quantity(text);
  return found ? std::optional<double>(found->value) : std::nullopt;
}

}  // namespace cdx::text
