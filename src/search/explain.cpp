#include "search/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

// The words of a text, as written, whose terms are wanted; each once, at most `most`.
std::vector<std::string> words_in(std::string_view words, const Terms& terms, std::size_t most) {
  std::vector<std::string> out;
  Terms seen;
  for (const auto& token : text::analyse(words)) {
    if (out.size() == most) break;
    if (!terms.contains(token.term) || !seen.insert(token.term).second) continue;
    out.emplace_back(text::fold(words.substr(token.begin, token.end - token.begin)));
  }
  return out;
}

// The fields that the words matched in, the strongest first.
std::vector<std::string> strongest_fields(const std::vector<WordPart>& words) {
  std::vector<std::pair<double, std::string>> sums;
  for (const auto& part : words) {
    auto known =
        std::find_if(sums.begin(), sums.end(), [&](const auto& sum) { return sum.second == part.field; });
    if (known == sums.end())
      sums.emplace_back(part.score, part.field);
    else
      known->first += part.score;
  }
  std::sort(sums.begin(), sums.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::string> out;
  for (auto& sum : sums) out.push_back(std::move(sum.second));
  return out;
}

std::string bio_reason(const Profile& profile, const Terms& terms) {
  for (const auto& account : profile.accounts) {
    if (!account.bio) continue;
    const auto words = words_in(account.bio->value, terms, 4);
    if (!words.empty()) return fmt::format("bio speaks of {}", fmt::join(words, ", "));
  }
  return {};
}

std::string name_reason(const Profile& profile, const Terms& terms) {
  for (const auto& account : profile.accounts) {
    if (!account.name) continue;
    const auto words = words_in(account.name->value, terms, 3);
    if (!words.empty()) return fmt::format("name has {}", fmt::join(words, ", "));
  }
  return {};
}

std::string niche_reason(const Profile& profile) {
  const auto* niche = vocab::niche(profile.creator.primary_niche);
  return niche == nullptr ? std::string() : fmt::format("niche is {}", niche->label);
}

std::string content_reason(const Profile& profile, const Terms& terms) {
  const auto count = matching_items(profile, terms);
  if (count == 0) return {};
  std::vector<std::string> words;
  for (const auto& item : profile.items) {
    words = words_in(item.title, terms, 2);
    if (!words.empty()) break;
  }
  return fmt::format("{} of the {} newest posts on {}", count, profile.items.size(),
                     words.empty() ? "the subject" : fmt::format("{}", fmt::join(words, ", ")));
}

std::string meaning_reason(const Hit& hit) {
  for (const auto& part : hit.parts) {
    if (part.name != "semantic" || part.value < 0.35 || part.weight <= 0) continue;
    const auto best = std::max_element(part.details.begin(), part.details.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best == part.details.end()) continue;
    const bool content = best->first.ends_with("_content");
    return content ? "posts are close in meaning" : "bio is close in meaning";
  }
  return {};
}

std::string named_reason(const Hit& hit) {
  for (const auto& part : hit.parts)
    for (const auto& [detail, value] : part.details)
      if (detail == "name match" && value >= 0.6)
        return value >= 0.999 ? "exactly this name" : "the name fits";
  return {};
}

std::string figures_reason(const Creator& creator) {
  if (creator.engagement_rate && *creator.engagement_rate >= 0.05) return "strong engagement";
  // Followers that came in one sudden step are no growth to speak of.
  if (creator.growth_rate_30d && *creator.growth_rate_30d >= 0.05 && creator.spikes.empty())
    return "growing fast";
  return {};
}

}  // namespace

std::size_t matching_items(const Profile& profile, const Terms& terms) {
  return static_cast<std::size_t>(
      std::count_if(profile.items.begin(), profile.items.end(), [&](const ContentItem& item) {
        return !words_in(item.title, terms, 1).empty() || !words_in(item.description, terms, 1).empty();
      }));
}

std::string why(const Hit& hit, const std::vector<WordPart>& words, const Terms& terms,
                std::string pictures) {
  std::vector<std::string> reasons;
  const auto add = [&](std::string reason) {
    if (!reason.empty() && reasons.size() < 3) reasons.push_back(std::move(reason));
  };
  add(std::move(pictures));
  add(named_reason(hit));
  for (const auto& field : strongest_fields(words)) {
    if (field == "bio") add(bio_reason(hit.profile, terms));
    if (field == "content") add(content_reason(hit.profile, terms));
    if (field == "niche") add(niche_reason(hit.profile));
    if (field == "name" && reasons.empty()) add(name_reason(hit.profile, terms));
  }
  add(meaning_reason(hit));
  add(figures_reason(hit.profile.creator));
  if (reasons.empty()) add(niche_reason(hit.profile));
  if (reasons.empty()) reasons.emplace_back("passes the filters");
  return fmt::format("{}", fmt::join(reasons, "; "));
}

std::vector<std::pair<std::string, std::string>> highlights(const Profile& profile, const Terms& terms) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&](std::string_view field, std::string_view words) {
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.first == field; });
    if (known) return;
    auto marked = text::highlight(words, terms);
    if (!marked.empty()) out.emplace_back(field, std::move(marked));
  };
  for (const auto& account : profile.accounts) {
    if (account.name) add("name", account.name->value);
    if (account.handle) add("handle", account.handle->value);
    if (account.bio) add("bio", account.bio->value);
  }
  for (const auto& item : profile.items) add("content", item.title);
  add("summary", profile.creator.summary);
  return out;
}

}  // namespace cdx
