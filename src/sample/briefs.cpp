#include "sample/briefs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sample/data_file.h"
#include "sample/presence.h"
#include "sample/sample.h"

namespace cdx::embedded {
std::string_view sample_briefs();
}

namespace cdx {
namespace {

using namespace sample;

constexpr std::string_view file = "briefs.txt";
constexpr std::array<std::int64_t, 12> round_numbers = {
    1000, 2500, 5000, 10'000, 25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 10'000'000};
constexpr double campaign_creators = 10,
                 dear = 3;  // a brief's budget in shares, and how many of them are dear

// What decides a person's grade.
struct Truth {
  Person person;
  std::vector<AccountId> accounts;
  std::int64_t followers = 0;
  std::optional<double> price;  // the lowest asked
};

std::vector<Truth> truths(const Recipe& recipe, const Calendar& calendar) {
  std::vector<Truth> out;
  for (std::uint64_t index = 0; index < recipe.count; ++index) {
    Truth one{make_person(recipe, index), {}, 0, {}};
    for (std::size_t platform = 0; platform < sample_platforms; ++platform) {
      if (!one.person.on(platform)) continue;
      const auto account = make_presence(recipe, calendar, one.person, platform);
      one.accounts.push_back(account_id(static_cast<Platform>(platform), account.user_id));
      one.followers += account.followers;
      if (account.price_usd) one.price = std::min<double>(one.price.value_or(1e12), *account.price_usd);
    }
    out.push_back(std::move(one));
  }
  return out;
}

// What a brief means, beside its words.
struct Meant {
  std::uint16_t subject = 0;
  const Country* country = nullptr;
  std::string language;
};

std::optional<int> grade_of(const SampleBrief& asked, const Meant& meant, const World& world,
                            const Truth& truth) {
  const auto& person = truth.person;
  const auto& brief = asked.brief;
  if (person.kind == Kind::agency) return {};
  if (brief.min_followers && truth.followers < *brief.min_followers) return {};
  if (brief.max_followers && truth.followers > *brief.max_followers) return {};
  if (!brief.platforms.empty() &&
      !person.on(static_cast<std::size_t>(*parse_platform(brief.platforms.front()))))
    return {};
  int value = 0;
  if (person.subject == meant.subject)
    value = 3;
  else if (person.second == meant.subject || world.truth[person.subject] == world.truth[meant.subject])
    value = 2;
  else if (world.niche_of[person.subject] == world.niche_of[meant.subject])
    value = 1;
  if (value == 0) return {};
  const auto less = [&] { value = std::max(1, value - 1); };
  if (meant.country != nullptr && person.country != meant.country) less();
  if (person.curve == Curve::inorganic) less();
  if (truth.price && *truth.price > dear * *brief.total_budget_usd / campaign_creators) less();
  const bool foreign = !meant.language.empty() && person.tongue->language != meant.language;
  const bool genuine = person.kind == Kind::genuine || person.kind == Kind::namesake;
  if (foreign || !genuine || (truth.price && *truth.price > *brief.total_budget_usd)) value = 1;
  return value;
}

class BriefMaker {
 public:
  BriefMaker(const Recipe& recipe, const std::vector<Truth>& all, std::vector<DataSection> sections)
      : recipe_(recipe), world_(*recipe.world), all_(all), sections_(std::move(sections)) {}

  Result<SampleBrief> make(Rng& rng, Meant& meant) const {
    const auto& truth = pick(rng);
    const auto& person = truth.person;
    meant = {person.subject, nullptr, {}};
    const double kind = rng.unit();
    const auto* audience = kind < 0.30   ? "audience_place_tongue"
                           : kind < 0.60 ? "audience_place"
                           : kind < 0.80 ? "audience_tongue"
                                         : "audience_interest";
    if (kind < 0.60) meant.country = person.country;
    if (kind < 0.30 || (kind >= 0.60 && kind < 0.80)) meant.language = person.tongue->language;
    if (kind >= 0.30 && kind < 0.60) meant.language = main_language(*person.country);
    SampleBrief out;
    auto& brief = out.brief;
    const auto& niche = world_.niches[world_.niche_of[person.subject]];
    brand_ = fmt::format("{} {}", rng.pick(world_.brand_first), rng.pick(niche.brand_words));
    brief.brand_name = brand_;
    CDX_TRY_LET(brief.product_name, say(rng, "name", person));
    CDX_TRY_LET(brief.product_description, say(rng, "description", person));
    CDX_TRY_LET(brief.target_audience, say(rng, audience, person));
    CDX_TRY_LET(brief.campaign_goal, say(rng, "goal", person));
    for (int i = rng.between(0, 2); i > 0; --i) {
      CDX_TRY_LET(auto use, say(rng, "use", person));
      brief.key_use_cases.push_back(std::move(use));
    }
    if (rng.chance(0.7)) brief.product_niche = niche.label;
    if (rng.chance(0.15)) brief.platforms = {std::string(name(static_cast<Platform>(person.main)))};
    set_figures(rng, truth, brief);
    return out;
  }

 private:
  // Somebody genuine, so that the brief has an answer.
  const Truth& pick(Rng& rng) const {
    for (int i = 0; i < 100; ++i) {
      const auto& one = rng.pick(all_);
      if (one.person.kind == Kind::genuine && one.person.curve != Curve::inorganic) return one;
    }
    return all_.front();
  }

  // An audience named by its country is taken to speak the country's most spoken tongue.
  std::string main_language(const Country& country) const {
    const auto best = std::max_element(country.tongues.begin(), country.tongues.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return best == country.tongues.end() ? std::string() : world_.tongues[best->first].language;
  }

  void set_figures(Rng& rng, const Truth& truth, Brief& brief) const {
    if (rng.chance(0.6)) {
      for (const auto number : round_numbers)
        if (number * 3 <= truth.followers) brief.min_followers = number;
      for (const auto number : round_numbers)
        if (!brief.max_followers && number >= truth.followers * 3 && rng.chance(0.7))
          brief.max_followers = number;
    }
    // About what ten creators of this size ask for.
    const double fair = truth.price.value_or(0.012 * static_cast<double>(truth.followers) + 50);
    brief.total_budget_usd =
        std::max(500.0, std::round(fair * rng.within(0.8, 2.5) * campaign_creators / 500) * 500);
  }

  Result<std::string> say(Rng& rng, std::string_view section, const Person& person) const {
    const auto found = std::find_if(sections_.begin(), sections_.end(),
                                    [&](const DataSection& one) { return one.name == section; });
    if (found == sections_.end()) return data_error(file, 0, fmt::format("section [{}] is missing", section));
    CDX_TRY_LET(const auto* texts, need(file, *found, "text"));
    return filled(rng, rng.pick(texts->values), person);
  }

  Result<std::string> filled(Rng& rng, std::string_view text, const Person& person) const {
    std::string out;
    while (!text.empty()) {
      const auto open = std::min(text.find('{'), text.size());
      out += text.substr(0, open);
      text.remove_prefix(open);
      if (text.empty()) break;
      const auto close = text.find('}');
      if (close == std::string_view::npos)
        return data_error(file, 0, fmt::format("\"{}\" has an open slot", text));
      CDX_TRY_LET(const auto word, slot(rng, text.substr(1, close - 1), person));
      out += word;
      text.remove_prefix(close + 1);
    }
    return out;
  }

  Result<std::string> slot(Rng& rng, std::string_view name, const Person& person) const {
    const auto& english = world_.tongues.front();
    if (name == "niche") return world_.niches[world_.niche_of[person.subject]].called;
    if (name == "country") return person.country->label;
    if (name == "adjective") return person.country->adjective;
    if (name == "language") return person.tongue->label;
    if (name == "brand") return brand_;
    const auto key = english.book.key(name);
    if (key == Phrasebook::no_key || !english.book.speaks(key, person.subject))
      return data_error(file, 0, fmt::format("unknown slot \"{}\"", name));
    Speech speech;
    speech.subject = person.subject;
    speech.second = person.subject;
    std::string out;
    english.book.say(out, rng, speech, key);
    return out;
  }

  const Recipe& recipe_;
  const World& world_;
  const std::vector<Truth>& all_;
  std::vector<DataSection> sections_;
  mutable std::string brand_;
};

Status check(std::uint64_t creators) {
  if (creators >= 1 && creators <= sample_creators_limit) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{} creators asked for; 1 to {} are possible", creators, sample_creators_limit));
}

}  // namespace

Result<std::vector<SampleBrief>> sample_briefs(std::uint64_t creators, std::uint64_t seed,
                                               std::size_t count) {
  CDX_TRY(check(creators));
  CDX_TRY_LET(const auto world, load_world());
  CDX_TRY_LET(auto sections, read_data(file, embedded::sample_briefs()));
  const Recipe recipe{&world, seed, creators};
  const Calendar calendar(*parse_time("2026-01-01"));  // no date decides a grade
  const auto all = truths(recipe, calendar);
  const BriefMaker maker(recipe, all, std::move(sections));
  Rng rng(seed, creators, Stream::briefs);
  std::vector<SampleBrief> out;
  std::set<std::string> made;
  for (std::size_t tries = 0; out.size() < count && tries < 10 * count + 100; ++tries) {
    Meant meant;
    CDX_TRY_LET(auto one, maker.make(rng, meant));
    if (!made.insert(one.brief.product_description + one.brief.target_audience).second) continue;
    bool answered = false;
    for (const auto& truth : all)
      if (const auto grade = grade_of(one, meant, world, truth)) {
        for (const auto account : truth.accounts) one.grades[account] = *grade;
        answered = answered || *grade == 3;
      }
    if (!answered) continue;
    one.id = fmt::format("b{:03}", out.size() + 1);
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::map<AccountId, std::string>> sample_niches(std::uint64_t creators, std::uint64_t seed) {
  CDX_TRY(check(creators));
  CDX_TRY_LET(const auto world, load_world());
  const Recipe recipe{&world, seed, creators};
  const Calendar calendar(*parse_time("2026-01-01"));
  std::map<AccountId, std::string> out;
  for (const auto& truth : truths(recipe, calendar))
    if (truth.person.kind != Kind::agency)
      for (const auto account : truth.accounts) out[account] = world.truth[truth.person.subject];
  return out;
}

}  // namespace cdx
