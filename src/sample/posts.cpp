// What an account posted lately.
#include <algorithm>

#include "sample/presence.h"

namespace cdx::sample {
namespace {

constexpr std::size_t youtube = 0, instagram = 1, tiktok = 2, x = 3;

// Lower-cases ASCII and Latin-1 letters; other scripts have no case worth changing.
void lower(std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 'A' && byte <= 'Z') text[i] = static_cast<char>(byte + 0x20U);
    if (byte == 0xC3 && i + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[i + 1]);
      if (next >= 0x80 && next <= 0x9E && next != 0x97) text[i + 1] = static_cast<char>(next + 0x20U);
    }
  }
}

// Capitals as many English video titles have them: every word but the small ones.
void title_case(std::string& text) {
  constexpr std::array<std::string_view, 16> small = {"a",   "an", "the", "of", "to", "in",   "on", "for",
                                                      "and", "or", "at",  "by", "vs", "with", "is", "my"};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 0 && text[i - 1] != ' ') continue;
    const auto word = std::string_view(text).substr(i, text.find(' ', i) - i);
    if (i == 0 || std::find(small.begin(), small.end(), word) == small.end()) capitalise(text, i);
  }
}

void add_emoji(std::string& text, Rng& rng, const Speech& speech) {
  const auto ends = [&](const std::string& emoji) { return text.ends_with(emoji); };
  if (std::none_of(speech.emoji.begin(), speech.emoji.end(), ends)) text += ' ' + rng.pick(speech.emoji);
}

void add_hashtags(std::string& out, Rng& rng, const Person& person, const Speech& speech, int count) {
  std::vector<std::string> tags;
  for (int i = 0; i < count; ++i) {
    std::string tag = "#";
    person.tongue->book.say(tag, rng, speech, person.tongue->tag);
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  for (const auto& tag : tags) {
    if (!out.empty()) out += ' ';
    out += tag;
  }
}

std::string_view post_type(Rng& rng, std::size_t platform) {
  const auto roll = rng.unit();
  if (platform == youtube) return roll < 0.7 ? "video" : "short";
  if (platform == tiktok) return roll < 0.95 ? "short" : "video";
  if (platform == x) return "post";
  return roll < 0.45 ? "post" : roll < 0.9 ? "short" : "story";
}

std::string make_id(Rng& rng, std::size_t platform, std::uint64_t index, int number, int days_ago) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (platform == tiktok || platform == x) {
    // Rising with time; the low digits keep the posts of different accounts apart.
    std::uint64_t id = 1'000 + static_cast<std::uint64_t>(oldest_day - days_ago);
    id = id * 10'000'000 + index;
    id = id * 100 + static_cast<std::uint64_t>(number);
    return std::to_string(id * 1'000'000 + rng.below(1'000'000));
  }
  std::string id(11, 'A');
  for (auto& letter : id) letter = alphabet[rng.below(alphabet.size())];
  return id;
}

std::string make_url(std::size_t platform, std::string_view handle, const Post& post) {
  switch (platform) {
    case youtube:
      return (post.type == "short" ? "https://www.youtube.com/shorts/" : "https://www.youtube.com/watch?v=") +
             post.id;
    case instagram:
      return "https://www.instagram.com/p/" + post.id + '/';
    case tiktok:
      return "https://www.tiktok.com/@" + std::string(handle) + "/video/" + post.id;
    default:
      return "https://x.com/" + std::string(handle) + "/status/" + post.id;
  }
}

void add_video_text(Rng& rng, const Person& person, const Speech& speech, Style style, Post& post) {
  const auto& tongue = *person.tongue;
  tongue.book.say(post.title, rng, speech, tongue.titles[static_cast<std::size_t>(style)]);
  if (tongue.language == "en" && person.index % 2 == 0) title_case(post.title);
  if (rng.chance(0.15)) add_emoji(post.title, rng, speech);
  if (post.type == "short") {
    add_hashtags(post.title, rng, person, speech, rng.between(0, 2));
    return;
  }
  if (rng.chance(0.15)) add_hashtags(post.title, rng, person, speech, 1);
  if (!rng.chance(0.8)) return;
  tongue.book.say(post.description, rng, speech, tongue.describe);
  if (rng.chance(0.4)) add_hashtags(post.description, rng, person, speech, rng.between(1, 3));
}

void add_caption(Rng& rng, const Person& person, const Speech& speech, std::size_t platform, Style style,
                 Post& post) {
  const auto& tongue = *person.tongue;
  auto& text = post.title;
  const auto at = static_cast<std::size_t>(style);
  if (tongue.book.speaks(tongue.post, speech.subject) && rng.chance(0.22)) {
    tongue.book.say(text, rng, speech, tongue.post);
  } else {
    tongue.book.say(text, rng, speech, rng.chance(0.7) ? tongue.captions[at] : tongue.titles[at]);
  }
  if (platform != x && rng.chance(0.18)) {
    std::string closer;
    tongue.book.say(closer, rng, speech, tongue.closer);
    capitalise(closer, 0);
    const bool ended =
        text.ends_with('.') || text.ends_with('?') || text.ends_with('!') || text.ends_with("…");
    if (text.find(closer) == std::string::npos)
      text += (ended ? " " : tongue.code == "hi" ? "। " : ". ") + closer;
  }
  capitalise(text, 0);
  if (person.lower_case) lower(text);
  if (rng.chance(0.25) && !text.ends_with("👇")) add_emoji(text, rng, speech);
  const int tags = platform == x        ? rng.between(-2, 1)
                   : platform == tiktok ? rng.between(1, 4)
                                        : rng.between(0, 6);
  if (tags <= 0) return;
  if (platform == instagram && rng.chance(0.4)) {
    std::string list;
    add_hashtags(list, rng, person, speech, tags);
    text += "\n\n" + list;
  } else {
    add_hashtags(text, rng, person, speech, tags);
  }
}

// What only fans, brands and agencies post; empty: this time they post like everybody.
std::uint32_t special_post(Rng& rng, const Person& person) {
  const auto& tongue = *person.tongue;
  switch (person.kind) {
    case Kind::fan:
      return rng.chance(0.75) ? tongue.fan_post : Phrasebook::no_key;
    case Kind::brand:
      return rng.chance(0.45) ? tongue.brand_post : Phrasebook::no_key;
    case Kind::agency:
      return rng.chance(0.85) ? tongue.agency_post : Phrasebook::no_key;
    default:
      return Phrasebook::no_key;
  }
}

void add_text(Rng& rng, const Person& person, const Speech& speech, std::size_t platform, Style style,
              Post& post) {
  post.title.clear();
  post.description.clear();
  if (const auto key = special_post(rng, person); key != Phrasebook::no_key) {
    person.tongue->book.say(post.title, rng, speech, key);
    if (platform != x) add_hashtags(post.title, rng, person, speech, rng.between(0, 3));
  } else if (platform == youtube) {
    add_video_text(rng, person, speech, style, post);
  } else {
    add_caption(rng, person, speech, platform, style, post);
  }
}

void add_counts(Rng& rng, const Presence& account, bool hit, Post& post) {
  const double luck = power_of_two(0.9 * rng.normal() - 0.25) * (hit ? 14.0 : 1.0);
  post.views = static_cast<std::int64_t>(account.average_views * luck + 1);
  post.likes = static_cast<std::int64_t>(account.average_likes * luck * (0.8 + 0.4 * rng.unit()));
  post.comments = static_cast<std::int64_t>(account.average_comments * luck * (0.7 + 0.6 * rng.unit()));
  post.likes = std::min(post.likes, post.views);
  post.comments = std::min(post.comments, post.views);
}

Style pick_style(Rng& rng, const World& world, const Person& person) {
  if (rng.chance(0.72)) return person.style;
  const auto& weights = world.niches[world.niche_of[person.subject]].style_weights;
  std::uint32_t total = 0;
  for (const auto weight : weights) total += weight;
  auto at = rng.below(total);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (at < weights[i]) return static_cast<Style>(i);
    at -= weights[i];
  }
  return person.style;
}

// How a title begins, numbers aside: two posts of one account should not begin alike.
std::string_view opening(std::string_view title) {
  while (!title.empty() && title.front() >= ' ' && title.front() <= '?') title.remove_prefix(1);
  return title.substr(0, 16);
}

}  // namespace

void add_posts(const Recipe& recipe, const Calendar& calendar, const Person& person, Presence& out) {
  const auto& world = *recipe.world;
  Rng rng(recipe.seed, person.index, Stream::posts, out.platform);
  SpeechTexts texts;
  auto speech = speech_of(recipe, calendar, person, out.platform, texts);
  if (person.kind == Kind::fan) {
    const Person idol = make_person(recipe, person.about);
    texts.about = idol.first + ' ' + idol.last;
    speech[Word::about] = texts.about;
  }
  append_short_number(texts.followers, std::max(1000.0, static_cast<double>(out.followers)));
  speech[Word::k] = texts.followers;
  const int count = rng.between(6, 12);
  const int pace = rng.between(1, 5);
  const int hit =
      person.curve == Curve::viral && out.platform == person.main ? rng.between(0, count - 1) : -1;
  Moment at = out.last_post;
  out.posts.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    Post post;
    post.type = post_type(rng, out.platform);
    post.at = at;
    post.id = make_id(rng, out.platform, person.index, i, at.days_ago);
    post.url = make_url(out.platform, out.handle, post);
    const bool aside = person.second != person.subject && rng.chance(0.24);
    speech.subject = aside ? person.second : person.subject;
    speech.emoji = world.emoji[speech.subject];
    const auto style = pick_style(rng, world, person);
    const auto repeated = [&](const Post& other) { return opening(other.title) == opening(post.title); };
    for (int tries = 0; tries < 6; ++tries) {
      add_text(rng, person, speech, out.platform, style, post);
      if (std::none_of(out.posts.begin(), out.posts.end(), repeated)) break;
    }
    add_counts(rng, out, i == hit, post);
    out.posts.push_back(std::move(post));
    at = {at.days_ago + rng.between(1, pace * 2), rng.between(6 * 60, 23 * 60)};
  }
  out.created_days_ago = std::max(out.created_days_ago, at.days_ago + 1);
}

}  // namespace cdx::sample
