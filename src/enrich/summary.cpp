#include <algorithm>
#include <array>
#include <cmath>

#include "enrich/parts.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr std::size_t fewest_words = 12;
constexpr std::size_t most_words = 28;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(" \n\t\r", begin), text.size());
    if (end > begin) out.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) {
    if (i > 0) out += ' ';
    out += words[i];
  }
  return out;
}

bool has_letters(std::string_view word) { return !text::squash(word).empty(); }

// Addresses, links, tags and numbers to call have no place in a summary.
bool belongs(std::string_view word) {
  if (word.find("://") != std::string_view::npos || word.find("www.") != std::string_view::npos) return false;
  if (word.find('@') != std::string_view::npos || word.starts_with('#') || !has_letters(word)) return false;
  const auto digits = std::count_if(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits < 5 && word.size() <= 40;
}

// The first clause of a bio that says something: three words or more, up to a stop or line break.
std::string clause(std::string_view bio, std::size_t most) {
  std::vector<std::string> words;
  const auto finish = [&] {
    if (words.size() >= 3) return true;
    words.clear();
    return false;
  };
  for (std::size_t begin = 0; begin < bio.size() && begin < 600;) {
    const auto end = std::min(bio.find_first_of(" \n\t\r|", begin), bio.size());
    auto word = bio.substr(begin, end - begin);
    const bool line_ends = end < bio.size() && bio[end] != ' ' && bio[end] != '\t';
    const bool stops = !word.empty() && (word.back() == '.' || word.back() == '!' || word.back() == '?');
    while (!word.empty() && std::string_view(".!?,;:\"()").find(word.back()) != std::string_view::npos)
      word.remove_suffix(1);
    while (!word.empty() && std::string_view("\"(").find(word.front()) != std::string_view::npos)
      word.remove_prefix(1);
    if (belongs(word)) words.emplace_back(word);
    begin = end + 1;
    if ((stops || line_ends) && finish()) break;
  }
  return words.size() >= 3 ? joined(words, most) : std::string();
}

std::string short_count(std::int64_t count) {
  const auto cut = [](double value, const char* unit) {
    auto text = std::to_string(std::llround(value * 10));
    const auto tenth = text.back();
    text.pop_back();
    return (text.empty() ? "0" : text) + (tenth == '0' ? "" : std::string(".") + tenth) + unit;
  };
  const auto value = static_cast<double>(count);
  if (count >= 999'950) return cut(value / 1e6, " million");
  if (count >= 1'000) return cut(value / 1e3, "k");
  return std::to_string(count);
}

std::string shown(Platform platform) {
  constexpr std::array<std::string_view, platform_count> names = {"YouTube", "Instagram", "TikTok",
                                                                  "X",       "Twitch",    "other platforms"};
  return std::string(names[static_cast<std::size_t>(platform)]);
}

std::string platforms_of(const Profile& profile) {
  std::vector<std::string> names;
  for (const auto& account : profile.accounts)
    if (account.platform == Platform::other)
      continue;
    else if (auto name = shown(account.platform); std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

std::string subject(const Creator& creator) {
  const auto name = joined(words_of(creator.name), 5);
  return name.empty() ? "This creator" : std::string(text::clip(name, 80));
}

std::string facts(const Creator& creator, const Profile& profile) {
  std::string out = subject(creator);
  const auto* niche = vocab::niche(creator.primary_niche);
  const auto platforms = platforms_of(profile);
  out += niche ? " makes " + text::fold(niche->label) + " content" : std::string(" publishes");
  if (!platforms.empty()) out += " on " + platforms;
  if (const auto* language = vocab::language(creator.language)) out += " in " + language->label;
  if (const auto* country = vocab::country(creator.country)) out += " from " + country->label;
  if (creator.total_followers > 0) out += " for " + short_count(creator.total_followers) + " followers";
  return out;
}

std::string list_of(const std::vector<std::string>& parts, std::string_view last_joint) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i)
    out += (i == 0                  ? std::string()
            : i + 1 == parts.size() ? std::string(last_joint)
                                    : std::string(", ")) +
           parts[i];
  return out;
}

// What would be said here if it were known.
std::string unknowns(const Creator& creator) {
  std::vector<std::string> missing;
  if (creator.primary_niche.empty()) missing.emplace_back("subject");
  if (creator.language.empty()) missing.emplace_back("language");
  if (creator.country.empty()) missing.emplace_back("country");
  if (creator.total_followers == 0) missing.emplace_back("audience");
  if (!creator.last_post_at) missing.emplace_back("last post");
  if (!creator.engagement_rate) missing.emplace_back("engagement");
  if (missing.empty()) return "all from what the sources state";
  return list_of(missing, " and ") + (missing.size() == 1 ? " is" : " are") +
         " not known from the sources so far";
}

std::vector<std::string> further_facts(const Creator& creator) {
  std::vector<std::string> out;
  if (creator.engagement_rate) {
    auto percent = std::to_string(std::llround(*creator.engagement_rate * 1000));
    if (percent.size() == 1) percent.insert(0, 1, '0');
    percent.insert(percent.size() - 1, 1, '.');
    out.push_back("engagement is about " + percent + " percent");
  }
  if (creator.last_post_at)
    out.push_back("the last known post dates from " + format_date(*creator.last_post_at));
  if (creator.verified) out.emplace_back("the account is verified");
  return out;
}

}  // namespace

std::string summarise(const Creator& creator, const Profile& profile) {
  std::string out = facts(creator, profile);
  const auto room = [&] { return most_words - std::min(most_words, words_of(out).size()); };
  const auto* account = main_account(profile);
  const auto bio = account ? value_or(account->bio, std::string()) : std::string();
  if (room() >= 6)
    if (const auto words = clause(bio, std::min<std::size_t>(room() - 2, 14)); !words.empty())
      out += "; own words: " + words;
  for (const auto& fact : further_facts(creator))
    if (words_of(out).size() < fewest_words && words_of(fact).size() <= room()) out += "; " + fact;
  if (words_of(out).size() < fewest_words) out += "; " + unknowns(creator);
  return joined(words_of(out), most_words) + ".";
}

}  // namespace cdx::enrich
