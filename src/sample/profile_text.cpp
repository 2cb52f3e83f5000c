// Names, bios and links of an account.
#include <algorithm>

#include "sample/presence.h"
#include "text/text.h"

namespace cdx::sample {
namespace {

constexpr std::array<std::size_t, sample_platforms> longest_bio = {900, 150, 80, 160};
constexpr std::array<std::string_view, sample_platforms> platform_marks = {"YouTube", "IG", "TikTok", "X"};

// Links to the person's other accounts, and how the bio names one of them.
void add_own_links(Rng& rng, const Person& person, Presence& out, SpeechTexts& texts) {
  if (person.linking == Linking::none) return;
  if (person.linking == Linking::from_main && out.platform != person.main) return;
  for (std::size_t i = 0; i < sample_platforms; ++i) {
    if (i == out.platform || !person.on(i)) continue;
    out.links.push_back(profile_url(i, person.handles[i]));
    if (texts.other.empty() || rng.chance(0.3))
      texts.other = std::string(platform_marks[i]) + (rng.chance(0.7) ? " @" : ": @") + person.handles[i];
  }
}

void add_agency_links(const Recipe& recipe, const Person& agency, Presence& out, SpeechTexts& texts) {
  const auto first = agency.index - agency.index % agency_every;
  for (auto i = first; i < agency.index; ++i) {
    if (!managed(recipe, i)) continue;
    const Person member = make_person(recipe, i);
    out.links.push_back(profile_url(member.main, member.handles[member.main]));
    if (out.links.size() > 4) continue;
    texts.list += (texts.list.empty() ? "@" : ", @") + member.handles[member.main];
  }
  if (texts.list.empty()) texts.list = "many";
}

// 182,345 followers are told as "100K".
void append_rounded_down(std::string& out, std::int64_t followers) {
  std::int64_t step = 1;
  while (step * 10 <= followers) step *= 10;
  const auto told = followers / step >= 5 ? 5 * step : followers / step >= 2 ? followers / step * step : step;
  if (told < 1000) {
    out += std::to_string(told);
  } else {
    append_short_number(out, static_cast<double>(told));
  }
}

// The lines of a bio in the order people write them; each is there or not.
std::vector<std::string> bio_lines(Rng& rng, const Person& person, const Speech& speech,
                                   std::size_t platform) {
  const auto& tongue = *person.tongue;
  std::vector<std::string> lines;
  const auto say = [&](std::uint32_t key, double probability) {
    if (!rng.chance(probability)) return;
    std::string line;
    tongue.book.say(line, rng, speech, key);
    if (!line.empty()) lines.push_back(std::move(line));
  };
  const bool brief = platform == 2;  // TikTok leaves room for two lines
  const bool real = person.kind == Kind::genuine || person.kind == Kind::namesake;
  say(person.kind == Kind::brand    ? tongue.brand_bio
      : person.kind == Kind::agency ? tongue.agency_bio
      : person.kind == Kind::fan    ? tongue.fan_bio
      : platform == 0               ? tongue.youtube_bio
                                    : tongue.bio,
      1);
  if (real && person.second != person.subject) say(tongue.second, brief ? 0.3 : 0.65);
  if (real) say(tongue.brag, brief ? 0.2 : 0.45);
  say(tongue.pinned, brief ? 0.25 : 0.5);
  if (!speech.words[static_cast<std::size_t>(Word::other)].empty()) say(tongue.find_me, brief ? 0.4 : 0.6);
  if (!speech.words[static_cast<std::size_t>(Word::manager)].empty()) say(tongue.managed, 0.8);
  if (real) say(tongue.business, brief ? 0.25 : 0.42);
  if (real && lines.size() > 1 && !brief && rng.chance(0.15)) std::swap(lines.front(), lines[1]);
  return lines;
}

std::string join_lines(Rng& rng, std::vector<std::string> lines, std::size_t platform) {
  constexpr std::array<std::string_view, 4> inline_joints = {" | ", " · ", ". ", " / "};
  std::string_view joint = "\n";
  if (platform == 3 || (platform != 0 && rng.chance(0.2))) joint = rng.pick(inline_joints);
  std::string out;
  for (auto& line : lines) {
    const bool ends = out.empty() || out.ends_with('.') || out.ends_with('!') || out.ends_with("।");
    const auto between = out.empty() ? "" : joint == ". " && ends ? " " : joint;
    // A line that no longer fits is left out rather than cut, unless it is the only one.
    if (!out.empty() && text::length(out) + text::length(line) + between.size() > longest_bio[platform])
      continue;
    out += between;
    out += line;
  }
  return out;
}

std::string display_name(const Recipe& recipe, const Person& person, const Speech& speech,
                         std::size_t platform) {
  if (person.kind == Kind::brand || person.kind == Kind::agency) return person.first;
  Rng rng(recipe.seed, person.index, Stream::bio, 100 + (person.kind == Kind::fan ? 0 : 1));
  Rng own(recipe.seed, person.index, Stream::bio, 200 + platform);
  std::string name;
  if (person.kind == Kind::fan) {
    person.tongue->book.say(name, rng, speech, person.tongue->fan_display);
  } else if (own.chance(0.25)) {
    name = person.first + ' ' + person.last;
  } else {
    person.tongue->book.say(name, rng, speech, person.tongue->display);
  }
  return name;
}

}  // namespace

void add_profile_text(const Recipe& recipe, const Calendar& calendar, const Person& person, Presence& out) {
  // An impostor shows the name and bio of the idol, word for word; a fan speaks about it.
  const bool copies = person.kind == Kind::impostor;
  const bool about_another = copies || person.kind == Kind::fan;
  const Person idol = about_another ? make_person(recipe, person.about) : Person{};
  const Person& voice = copies ? idol : person;
  SpeechTexts texts;
  auto speech = speech_of(recipe, calendar, voice, out.platform, texts);
  Rng rng(recipe.seed, voice.index, Stream::bio, out.platform);
  if (person.kind == Kind::agency) {
    add_agency_links(recipe, person, out, texts);
  } else if (person.kind == Kind::fan) {
    texts.about = idol.first + ' ' + idol.last;
    if (rng.chance(0.5)) out.links.push_back(profile_url(idol.main, idol.handles[idol.main]));
  } else {
    Presence original;  // an impostor does not link to the idol, but rolls the same numbers
    original.platform = out.platform;
    add_own_links(rng, voice, copies ? original : out, texts);
  }
  if (voice.kind == Kind::genuine && managed(recipe, voice.index)) {
    const Person agency = make_person(recipe, agency_of(voice.index));
    texts.manager = "@" + agency.handles[agency.main];
  }
  Presence figures;
  figures.platform = out.platform;
  add_figures(recipe, voice, figures);
  append_rounded_down(texts.followers, figures.followers);
  speech[Word::k] = texts.followers;
  speech[Word::other] = texts.other;
  speech[Word::about] = texts.about;
  speech[Word::manager] = texts.manager;
  speech[Word::list] = texts.list;
  out.name = display_name(recipe, voice, speech, out.platform);
  if (rng.chance(0.97)) out.bio = join_lines(rng, bio_lines(rng, voice, speech, out.platform), out.platform);
  if (!about_another && rng.chance(person.kind == Kind::genuine ? 0.3 : 0.8)) {
    out.website = "https://" + texts.site;
    out.links.push_back(out.website);
  }
}

}  // namespace cdx::sample
