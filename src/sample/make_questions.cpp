// Fills the templates of data/queries.txt from creators that are in the set.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "sample/data_file.h"
#include "sample/question.h"

namespace cdx::embedded {
std::string_view sample_queries();
}

namespace cdx::sample {
namespace {

constexpr std::string_view file = "queries.txt";
constexpr std::array<std::string_view, sample_platforms> platform_words = {"YouTube", "Instagram", "TikTok",
                                                                           "X"};
constexpr std::array<std::int64_t, 9> round_numbers = {1000,    5000,    10'000,    50'000,   100'000,
                                                       250'000, 500'000, 1'000'000, 5'000'000};

using Fill = std::map<std::string, std::string, std::less<>>;

Result<std::string> filled(std::string_view text, const Fill& fill) {
  std::string out;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = text.find('}');
    const auto found = close == std::string_view::npos ? fill.end() : fill.find(text.substr(1, close - 1));
    if (found == fill.end()) return data_error(file, 0, fmt::format("unknown slot in \"{}\"", text));
    out += found->second;
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string short_number(std::int64_t value) {
  std::string out;
  append_short_number(out, static_cast<double>(value));
  if (out.ends_with('K')) out.back() = 'k';
  return out;
}

// One edit inside a word of four letters or more, never in its first letter.
std::string with_typo(Rng& rng, std::string text) {
  std::vector<std::size_t> places;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    run = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ? run + 1 : 0;
    if (run >= 3 && i + 1 < text.size() && text[i + 1] >= 'a' && text[i + 1] <= 'z') places.push_back(i);
  }
  if (places.empty()) return text;
  const auto at = rng.pick(places);
  switch (text[at] == text[at + 1] ? 1 + rng.below(2) : rng.below(3)) {
    case 0:
      std::swap(text[at], text[at + 1]);
      break;
    case 1:
      text.erase(at, 1);
      break;
    default:
      text.insert(at, 1, text[at] == 'e' ? 'a' : 'e');
      break;
  }
  return text;
}

Person pick_genuine(const Recipe& recipe, Rng& rng) {
  for (int i = 0; i < 50; ++i) {
    const auto index = rng.below(recipe.count);
    if (kind_of(recipe, index) == Kind::genuine) return make_person(recipe, index);
  }
  return make_person(recipe, 0);
}

// A person whom somebody resembles, where chance finds one: such names are the hard ones.
Person pick_imitated(const Recipe& recipe, Rng& rng) {
  for (int i = 0; i < 40; ++i) {
    const auto index = rng.below(recipe.count);
    const auto kind = kind_of(recipe, index);
    if (kind == Kind::fan || kind == Kind::impostor || kind == Kind::namesake)
      return make_person(recipe, make_person(recipe, index).about);
  }
  return pick_genuine(recipe, rng);
}

void set_bounds(const Recipe& recipe, std::string_view kind, const Person& person, Question& out) {
  const auto total = total_followers(recipe, person);
  if (kind != "followers_under")
    for (const auto number : round_numbers)
      if (number <= total) out.low = number;
  if (kind == "followers_over") return;
  const auto* const above =
      std::find_if(round_numbers.begin(), round_numbers.end(), [&](auto number) { return number > total; });
  out.high = above == round_numbers.end() ? 100'000'000 : *above;
}

void set_conditions(const Recipe& recipe, Rng& rng, const Person& person, Question& out) {
  const auto& world = *recipe.world;
  const auto& kind = out.kind;
  for (std::size_t i = 0; i < style_names.size(); ++i)
    if (kind == style_names[i]) out.style = static_cast<Style>(i);
  if (kind.ends_with("_country")) out.country = person.country;
  if (kind == "language") out.language = person.tongue->language;
  if (kind == "platform") out.platform = person.main;
  if (kind == "foreign") out.tongue = person.tongue;
  if (kind == "negation") {
    const auto& niche = world.niches[world.niche_of[person.subject]];
    out.not_subject = static_cast<std::uint16_t>(niche.first_subject + rng.below(niche.subjects));
  }
  if (kind.starts_with("followers_")) set_bounds(recipe, kind, person, out);
  if (kind.starts_with("name") || kind.starts_with("handle")) {
    out.person = person.index;
    out.plain_name = person.plain_name;
  }
}

Fill words_for(const World& world, Rng& rng, const Person& person, const Question& question) {
  const auto& english = world.tongues.front();
  const auto say = [&](const Tongue& tongue, std::string_view key, std::uint16_t subject) {
    Speech speech;
    speech.subject = subject;
    std::string out;
    tongue.book.say(out, rng, speech, tongue.book.key(key));
    return out;
  };
  Fill fill;
  fill["topic"] = say(question.kind == "foreign" ? *person.tongue : english, "topic", person.subject);
  fill["people"] = say(english, "people", person.subject);
  fill["niche"] = world.niches[world.niche_of[person.subject]].called;
  fill["country"] = person.country->label;
  fill["adjective"] = person.country->adjective;
  fill["language"] = person.tongue->label;
  fill["platform"] = platform_words[person.main];
  fill["low"] = short_number(question.low);
  fill["high"] = short_number(question.high);
  if (question.not_subject) fill["not"] = say(english, "topic", *question.not_subject);
  const bool typo = question.kind.ends_with("_typo");
  fill["name"] = typo ? with_typo(rng, person.plain_name) : person.plain_name;
  fill["handle"] = typo ? with_typo(rng, person.handles[person.main]) : person.handles[person.main];
  return fill;
}

Result<Question> make_question(const Recipe& recipe, Rng& rng, std::string_view kind,
                               const DataEntry& texts) {
  Question out;
  out.kind = kind;
  const bool by_name = kind.starts_with("name") || kind.starts_with("handle");
  const auto text = rng.pick(texts.values);
  // Style, language and negation are asked of somebody who meets the condition, so that an answer exists.
  Person person = by_name ? pick_imitated(recipe, rng) : pick_genuine(recipe, rng);
  const auto fits = [&] {
    if (kind == "language") return person.tongue->language != "en";
    if (kind == "foreign") return person.tongue->language != "en" && person.tongue->code != "hi_latin";
    const auto* const style = std::find(style_names.begin(), style_names.end(), kind);
    return style == style_names.end() || person.style == static_cast<Style>(style - style_names.begin());
  };
  for (int i = 0; i < 60 && !fits(); ++i) person = pick_genuine(recipe, rng);
  set_conditions(recipe, rng, person, out);
  const bool broad = kind.starts_with("niche") || kind == "negation" || text.find("{niche}") != text.npos;
  if (!by_name && broad) out.niche = recipe.world->niche_of[person.subject];
  if (!by_name && !broad) out.subject = person.subject;
  CDX_TRY_LET(out.text, filled(text, words_for(*recipe.world, rng, person, out)));
  return out;
}

}  // namespace

Result<std::vector<Question>> make_questions(const Recipe& recipe) {
  CDX_TRY_LET(const auto sections, read_data(file, embedded::sample_queries()));
  std::vector<Question> questions;
  std::set<std::string> asked;
  Rng rng(recipe.seed, recipe.count, Stream::queries);
  for (const auto& section : sections) {
    CDX_TRY_LET(const auto* count, need(file, section, "count"));
    CDX_TRY_LET(const auto* texts, need(file, section, "text"));
    int wanted = 0;
    const auto digits = count->values.front();
    std::from_chars(digits.data(), digits.data() + digits.size(), wanted);
    // In a tiny set the same question comes up again; then there are fewer.
    for (int tries = 0; recipe.count > 0 && wanted > 0 && tries < 40; ++tries) {
      CDX_TRY_LET(auto question, make_question(recipe, rng, section.name, *texts));
      if (!asked.insert(question.text).second) continue;
      question.id = fmt::format("q{:03}", questions.size() + 1);
      questions.push_back(std::move(question));
      --wanted;
    }
  }
  return questions;
}

}  // namespace cdx::sample
