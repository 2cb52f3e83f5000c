#include "normalize/values.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "text/fold.h"
#include "text/number.h"
#include "vocab/vocab.h"

namespace cdx::normalize {
namespace {

constexpr double largest_count = 1e13;
constexpr std::size_t longest_handle = 100;
constexpr std::size_t shown_bytes = 40;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == y; });
}

std::string quoted(std::string_view text) {
  const std::string_view shown = text::clip(text, shown_bytes);
  return "'" + std::string(shown) + (shown.size() < text.size() ? "…'" : "'");
}

tl::unexpected<Error> refuse(std::string_view text, std::string_view why) {
  return fail(ErrorKind::invalid, quoted(text) + " " + std::string(why));
}

Result<text::FoundNumber> read_number(std::string_view text) {
  const auto found = text::parse_quantity(text);
  if (!found) return refuse(text, "is not a number");
  if (found->value < 0) return refuse(text, "is below zero");
  return *found;
}

// Splits at any of `signs`, each part trimmed; empty and repeated parts are left out.
std::vector<std::string> split(std::string_view text, std::string_view signs) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.size(), text.find_first_of(signs));
    const std::string_view part = trimmed(text.substr(0, end));
    if (!placeholder(part) && std::find(out.begin(), out.end(), part) == out.end()) out.emplace_back(part);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

struct HostPlatform {
  std::string_view host;
  Platform platform;
};
constexpr std::array<HostPlatform, 7> hosts = {{{"youtube.com", Platform::youtube},
                                                {"youtu.be", Platform::youtube},
                                                {"instagram.com", Platform::instagram},
                                                {"tiktok.com", Platform::tiktok},
                                                {"twitter.com", Platform::x},
                                                {"x.com", Platform::x},
                                                {"twitch.tv", Platform::twitch}}};

}  // namespace

std::string_view trimmed(std::string_view text) {
  for (;;) {
    if (!text.empty() && (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r'))) {
      text.remove_prefix(1);
    } else if (!text.empty() && (text.back() == ' ' || (text.back() >= '\t' && text.back() <= '\r'))) {
      text.remove_suffix(1);
    } else if (text.starts_with("\xC2\xA0")) {
      text.remove_prefix(2);
    } else if (text.ends_with("\xC2\xA0")) {
      text.remove_suffix(2);
    } else {
      return text;
    }
  }
}

bool placeholder(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() > 9) return false;
  static constexpr std::array<std::string_view, 12> words = {
      "n/a", "na", "-", "--", "null", "none", "nan", "?", "\\n", "undefined", "\xE2\x80\x93", "\xE2\x80\x94"};
  if (std::any_of(words.begin(), words.end(),
                  [&](std::string_view word) { return equal_ignoring_case(text, word); }))
    return true;
  // Errors of spreadsheets in any language: "#VALOR!", "#NAME?", "#N/A".
  return text.front() == '#' &&
         (text.back() == '!' || text.back() == '?' || equal_ignoring_case(text, "#n/a"));
}

Result<std::int64_t> read_count(std::string_view text) {
  CDX_TRY_LET(const text::FoundNumber found, read_number(text));
  if (found.percent) return refuse(text, "is a percentage, not a count");
  if (found.value > largest_count) return refuse(text, "is too large for a count");
  return static_cast<std::int64_t>(std::llround(found.value));
}

Result<double> read_amount(std::string_view text) {
  CDX_TRY_LET(const text::FoundNumber found, read_number(text));
  if (found.value > largest_count) return refuse(text, "is too large");
  return found.value;
}

Result<double> read_price(std::string_view text) {
  for (const std::string_view sign : {"\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xB9", "EUR", "GBP",
                                      "INR", "JPY", "BRL", "R$", "Rs"})
    if (text.find(sign) != std::string_view::npos) return refuse(text, "is not in US dollars");
  CDX_TRY_LET(const text::FoundNumber found, read_number(text));
  if (found.percent || found.value > largest_count) return refuse(text, "is not a price");
  return found.value;
}

std::optional<bool> read_flag(std::string_view text) {
  for (const std::string_view yes :
       {"true", "yes", "y", "1", "t", "verified", "partnered", "\xE2\x9C\x93", "\xE2\x9C\x94", "x"})
    if (equal_ignoring_case(text, yes)) return true;
  for (const std::string_view no : {"false", "no", "n", "0", "f", "not verified", "unverified"})
    if (equal_ignoring_case(text, no)) return false;
  return std::nullopt;
}

std::optional<Time> read_time(std::string_view text) {
  if (const auto time = parse_time(text)) return time;
  if (text.size() >= 16 && text.size() <= 32) {
    if (const auto time = parse_time(std::string(text) + "Z")) return time;
  }
  if (!text.empty() && std::all_of(text.begin(), text.end(), digit)) {
    const double number = text::parse_number(text).value_or(0);
    if (text.size() == 10) return Time(std::chrono::seconds(static_cast<std::int64_t>(number)));
    if (text.size() == 13) return Time(std::chrono::milliseconds(static_cast<std::int64_t>(number)));
    return std::nullopt;
  }
  std::string date(text.substr(0, 10));
  std::replace(date.begin(), date.end(), '/', '-');
  if (date.size() == 7) date += "-01";
  return text.size() <= 10 ? parse_time(date) : std::nullopt;
}

std::string read_country(std::string_view text) {
  const vocab::Country* country = vocab::find_country(text::fold(text));
  return country == nullptr ? std::string() : country->code;
}

std::string read_language(std::string_view text) {
  const std::string folded = text::fold(text);
  const vocab::Language* language = vocab::find_language(folded);
  if (language == nullptr)
    language = vocab::language(std::string_view(folded).substr(0, folded.find_first_of("-_")));
  return language == nullptr ? std::string() : language->code;
}

std::vector<std::string> read_list(std::string_view text) {
  // A comma may be part of a name ("Film, TV & Radio") where a stronger sign parts the list.
  return split(text, text.find_first_of("|;") != std::string_view::npos ? "|;" : ",");
}

std::vector<std::string> read_links(std::string_view text) {
  std::vector<std::string> out = split(text, " \t\r\n|,");
  std::erase_if(out, [](const std::string& part) { return !looks_like_url(part); });
  return out;
}

std::string_view read_handle(std::string_view text) {
  if (text.starts_with('@')) text.remove_prefix(1);
  const bool blank = text.find_first_of(" \t\r\n") != std::string_view::npos ||
                     text.find("\xE3\x85\xA4") != std::string_view::npos;  // an invisible Hangul filler
  return blank || text.size() > longest_handle || looks_like_url(text) ? std::string_view() : text;
}

bool looks_like_handle(std::string_view text) {
  if (text.starts_with('@')) text.remove_prefix(1);
  if (text.empty() || text.size() > 50) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return letter(c) || digit(c) || c == '.' || c == '_' || c == '-'; });
}

bool looks_like_platform_id(std::string_view text) {
  if (text.size() == 24 && text.starts_with("UC")) return true;
  return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

bool looks_like_url(std::string_view text) {
  if (text.find_first_of(" \t\r\n\"<>") != std::string_view::npos) return false;
  if (text.starts_with("http://") || text.starts_with("https://")) return text.size() > 10;
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && text.substr(0, slash).find('.') != std::string_view::npos &&
         letter(text.front()) && text.find("..") == std::string_view::npos;
}

std::optional<ProfileUrl> read_profile_url(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos)
    url.remove_prefix(scheme + 3);
  const std::size_t slash = std::min(url.size(), url.find('/'));
  std::string host(url.substr(0, slash));
  std::transform(host.begin(), host.end(), host.begin(), lower);
  for (const std::string_view prefix : {"www.", "m.", "mobile."})
    if (host.starts_with(prefix)) host.erase(0, prefix.size());
  const auto* known =
      std::find_if(hosts.begin(), hosts.end(), [&](const HostPlatform& h) { return h.host == host; });
  if (known == hosts.end()) return std::nullopt;
  ProfileUrl out{known->platform, {}, {}};
  std::string_view path = url.substr(std::min(url.size(), slash + 1));
  path = path.substr(0, path.find_first_of("?#"));
  const std::string_view first = path.substr(0, path.find('/'));
  const std::string_view rest = path.substr(std::min(path.size(), first.size() + 1));
  const std::string_view second = rest.substr(0, rest.find('/'));
  if (out.platform == Platform::youtube && first == "channel") {
    out.user_id = second;
  } else if (out.platform == Platform::youtube && (first == "c" || first == "user")) {
    out.handle = second;
  } else if (first.starts_with('@')) {
    out.handle = first.substr(1);
  } else if (second.empty() && looks_like_handle(first) && known->host != "youtu.be" &&
             out.platform != Platform::tiktok) {
    out.handle = first;
  }
  return out;
}

}  // namespace cdx::normalize
