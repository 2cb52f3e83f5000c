#include "enrich/enrich.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "enrich/disclosure.h"
#include "enrich/parts.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr std::uint32_t rules = 2;  // raised with every change of a rule in this room

constexpr double least_share = 0.34;     // of all evidence, for a primary niche
constexpr double least_margin = 1.25;    // over the second
constexpr double secondary_share = 0.3;  // of the primary's
constexpr std::size_t most_secondary = 5;
constexpr std::size_t most_evidence = 8;

void name_it(Creator& creator, const Profile& profile) {
  const auto* account = main_account(profile);
  if (!account) return;
  const auto first_of = [&](Field<std::string> Account::*field) {
    if (const auto value = value_or(account->*field, std::string()); !value.empty()) return value;
    for (const auto& other : profile.accounts)
      if (auto value = value_or(other.*field, std::string()); !value.empty()) return value;
    return std::string();
  };
  creator.handle = first_of(&Account::handle);
  creator.name = first_of(&Account::name);
  if (creator.name.empty()) creator.name = creator.handle;
  creator.image_url = first_of(&Account::image_url);
}

// The value most followers' worth of accounts agree on; the first seen of equals.
std::string most_backed(const Profile& profile, std::string (*read)(const Account&)) {
  std::map<std::string, double> votes;
  std::string best;
  for (const auto& account : profile.accounts) {
    auto value = read(account);
    if (value.empty()) continue;
    votes[value] +=
        1 + static_cast<double>(std::max(value_or(account.followers, std::int64_t{0}), std::int64_t{0}));
    if (best.empty() || votes[value] > votes[best]) best = std::move(value);
  }
  return best;
}

// One chance word decides nothing: a category, a phrase of several words, or two different words do.
bool well_founded(const NicheGuess& guess) {
  std::set<std::string> words;
  for (const auto& evidence : guess.evidence) {
    if (evidence.field == "category") return true;
    if (text::tokens(evidence.phrase).size() > 1) return true;
    words.insert(text::fold(evidence.phrase));
  }
  return words.size() > 1;
}

void place_niches(Creator& creator, const Profile& profile) {
  creator.primary_niche.clear();
  creator.secondary_niches.clear();
  std::erase_if(creator.judgements, [](const Judgement& one) { return one.subject == "niche"; });
  const auto guesses = guess_niches(profile);
  std::vector<const NicheGuess*> top, sub;
  for (const auto& guess : guesses) (guess.key.find('/') == std::string::npos ? top : sub).push_back(&guess);
  if (top.empty()) return;
  const double second = top.size() > 1 ? top[1]->score : 0;
  if (top[0]->score < least_share || top[0]->score < second * least_margin || !well_founded(*top[0])) return;
  creator.primary_niche = top[0]->key;
  auto evidence = top[0]->evidence;
  if (evidence.size() > most_evidence) evidence.resize(most_evidence);
  creator.judgements.push_back({"niche", top[0]->key, top[0]->score, std::move(evidence)});
  const auto counts = [&](const NicheGuess& guess) { return guess.score >= secondary_share * top[0]->score; };
  for (const auto* guess : sub)
    if (counts(*guess) && guess->key.starts_with(top[0]->key + "/"))
      creator.secondary_niches.push_back(guess->key);
  for (std::size_t i = 1; i < top.size(); ++i)
    if (counts(*top[i])) creator.secondary_niches.push_back(top[i]->key);
  if (creator.secondary_niches.size() > most_secondary) creator.secondary_niches.resize(most_secondary);
}

}  // namespace

const Account* main_account(const Profile& profile) {
  const Account* best = nullptr;
  for (const auto& account : profile.accounts)
    if (!best || value_or(account.followers, std::int64_t{-1}) > value_or(best->followers, std::int64_t{-1}))
      best = &account;
  return best;
}

std::uint32_t rules_version() { return vocab::version() * 31 + rules; }

std::string stated_country(const Profile& profile) {
  return most_backed(profile, [](const Account& account) {
    auto code = value_or(account.country, std::string());
    if (vocab::country(code)) return code;
    const auto city = vocab::find_city(text::fold(value_or(account.city, std::string())));
    return city ? city->country->code : std::string();
  });
}

std::string stated_language(const Profile& profile) {
  return most_backed(profile,
                     [](const Account& account) { return value_or(account.language, std::string()); });
}

std::string content_language(const Profile& profile) {
  constexpr std::size_t enough = 8'000;  // bytes; more text does not change the answer
  std::string text;
  for (const auto& account : profile.accounts) text += value_or(account.bio, std::string()) + "\n";
  for (const auto& item : profile.items) {
    if (text.size() > enough) break;
    text += item.title + "\n" + item.description + "\n";
  }
  return detect_language(text);
}

Creator derive(const Profile& profile) {
  Creator creator = profile.creator;
  name_it(creator, profile);
  creator.country = stated_country(profile);
  const auto stated = stated_language(profile);
  if (!stated.empty()) creator.language = stated;
  find_collaborations(creator, profile);
  if (!creator.judged.by.empty()) return creator;  // an annotator knew better
  place_niches(creator, profile);
  creator.style = guess_style(profile);
  if (stated.empty()) creator.language = content_language(profile);
  creator.summary = summarise(creator, profile);
  return creator;
}

}  // namespace cdx::enrich
