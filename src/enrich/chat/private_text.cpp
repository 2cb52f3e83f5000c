#include "enrich/chat/private_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "text/text.h"

namespace cdx::enrich::chat {
namespace {

constexpr std::size_t phone_digits = 7;   // in neighbouring words that hold nothing but numbers
constexpr std::size_t number_digits = 6;  // in one run: ids, codes
constexpr std::int32_t replacement = 0xFFFD;

// After these words, and a colon or an arrow, comes a handle.
constexpr auto platforms = std::to_array<std::string_view>(
    {"ig",       "insta",  "instagram", "tiktok",   "tt",        "yt",     "youtube",  "snap",
     "snapchat", "sc",     "twitter",   "x",        "telegram",  "tg",     "whatsapp", "wa",
     "discord",  "twitch", "fb",        "facebook", "kik",       "line",   "wechat",   "vk",
     "skype",    "email",  "mail",      "phone",    "tel",       "call",   "text",     "contact",
     "mobile",   "cell",   "threads",   "bluesky",  "pinterest", "paypal", "venmo",    "cashapp"});
constexpr auto mail_hosts =
    std::to_array<std::string_view>({"gmail", "hotmail", "outlook", "yahoo", "icloud", "protonmail", "proton",
                                     "gmx", "aol", "yandex", "live"});
constexpr auto spelt_at = std::to_array<std::string_view>({"(at)", "[at]", "{at}", "<at>"});
constexpr auto arrows =
    std::to_array<std::string_view>({":", "-", "–", "—", "→", "➡", "👉", "=", ">", "»", "@"});

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_invisible(std::int32_t code) {
  return code == 0xAD || code == 0x200B || code == 0x200E || code == 0x200F ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE0FFF) || code == replacement;
}

// The value of a decimal digit of the scripts that telephone numbers are written in; -1 for anything else.
int digit(std::int32_t code) {
  for (const std::int32_t zero : {0x30, 0x660, 0x6F0, 0x966, 0xFF10})
    if (code >= zero && code <= zero + 9) return code - zero;
  return -1;
}

// A digit's keycap and the variation selector.
bool is_keycap(std::int32_t code) { return code == 0x20E3 || code == 0xFE0F; }

struct Digits {
  std::size_t all = 0, longest_run = 0;
  bool nothing_else = true;  // but what telephone numbers are written with
};

Digits digits_of(std::string_view word) {
  Digits out;
  std::size_t run = 0;
  for (std::size_t at = 0; at < word.size();) {
    const auto code = text::next_code_point(word, at);
    if (digit(code) >= 0) {
      ++out.all;
      out.longest_run = std::max(out.longest_run, ++run);
    } else if (!is_keycap(code)) {
      run = 0;
      if (code > 0x7F || std::string_view("+-()./").find(static_cast<char>(code)) == std::string_view::npos)
        out.nothing_else = false;
    }
  }
  if (word.empty()) out.nothing_else = false;
  return out;
}

bool is_label_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_letter(char c) { return is_label_char(c) && !(c >= '0' && c <= '9') && c != '-' && c != '_'; }

// Somewhere "label.tld", the label of two or more characters and the top level of letters.
bool names_a_host(std::string_view word) {
  for (auto dot = word.find('.'); dot != std::string_view::npos; dot = word.find('.', dot + 1)) {
    const bool label = dot >= 2 && is_label_char(word[dot - 1]) && is_label_char(word[dot - 2]);
    const bool top = dot + 2 < word.size() && is_letter(word[dot + 1]) && is_letter(word[dot + 2]);
    if (label && top) return true;
  }
  return false;
}

bool is_address(std::string_view word) {
  return word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos ||
         word.find("＠") != std::string_view::npos || text::fold(word).starts_with("www") ||
         names_a_host(word);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(" \n", begin), text.size());
    if (end > begin) out.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

struct Marks {
  const std::vector<std::string>& words;
  std::vector<bool> gone;
  void take(std::size_t i) {
    if (i < gone.size()) gone[i] = true;
  }
};

void mark_words(Marks& marks, const std::set<std::string>& handles) {
  for (std::size_t i = 0; i < marks.words.size(); ++i) {
    const auto& word = marks.words[i];
    if (is_address(word) || handles.contains(text::squash(word)) ||
        digits_of(word).longest_run >= number_digits)
      marks.take(i);
  }
}

// "IG: ana.dances", "snap - ana", "insta 👉 ana"
void mark_after_platforms(Marks& marks) {
  const auto& words = marks.words;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool colon = words[i].ends_with(':');
    if (!is_one_of(platforms, text::squash(words[i]))) continue;
    if (colon)
      marks.take(i + 1);
    else if (is_one_of(arrows, words[i + 1]))
      marks.take(i + 2);
  }
  for (std::size_t i = 0; i < words.size(); ++i) {  // "ig:ana"
    const auto colon = words[i].find(':');
    if (colon == std::string::npos || colon + 1 >= words[i].size()) continue;
    if (is_one_of(platforms, text::squash(words[i].substr(0, colon)))) marks.take(i);
  }
}

// "ana (at) gmail dot com", "ana at gmail"
void mark_spelt_mail(Marks& marks) {
  const auto& words = marks.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto folded = text::fold(words[i]);
    const bool inside = std::any_of(spelt_at.begin(), spelt_at.end(), [&](std::string_view at) {
      return folded.find(at) != std::string::npos;
    });
    const bool plain = folded == "at" && i + 1 < words.size() &&
                       is_one_of(mail_hosts, text::squash(words[i + 1].substr(0, words[i + 1].find('.'))));
    if (!inside && !plain) continue;
    marks.take(i);
    if (i > 0) marks.take(i - 1);
    marks.take(i + 1);
    for (auto j = i + 2; j + 1 < words.size() && text::squash(words[j]) == "dot"; j += 2) {
      marks.take(j);
      marks.take(j + 1);
    }
  }
}

// Neighbouring words of nothing but numbers, with enough digits together.
void mark_phones(Marks& marks) {
  const auto& words = marks.words;
  for (std::size_t begin = 0; begin < words.size();) {
    std::size_t end = begin, all = 0;
    for (; end < words.size(); ++end) {
      const auto digits = digits_of(words[end]);
      if (!digits.nothing_else) break;
      all += digits.all;
    }
    if (all >= phone_digits)
      for (auto i = begin; i < end; ++i) marks.take(i);
    begin = std::max(end, begin + 1);
  }
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto code = text::next_code_point(text, at);
    if (is_invisible(code)) continue;
    if (code == '\n' || code == 0x2028 || code == 0x2029)
      out += '\n';
    else if (code <= 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0x3000)
      out += ' ';
    else
      out += text.substr(begin, at - begin);
  }
  return out;
}

std::string without_private(std::string_view text, const std::set<std::string>& handles) {
  const auto words = words_of(visible(text));
  Marks marks{words, std::vector<bool>(words.size(), false)};
  mark_words(marks, handles);
  mark_after_platforms(marks);
  mark_spelt_mail(marks);
  mark_phones(marks);
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (marks.gone[i] && out.ends_with(removed)) continue;
    if (!out.empty()) out += ' ';
    out += marks.gone[i] ? removed : std::string_view(words[i]);
  }
  return out == removed ? std::string() : out;
}

}  // namespace cdx::enrich::chat
