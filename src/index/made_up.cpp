#include "index/made_up.h"

#include <algorithm>
#include <array>
#include <limits>

#include "text/text.h"

namespace cdx::engine {
namespace {

constexpr auto vocabulary = std::to_array<const char*>(
    {"run",   "running", "runs",     "runner", "fitness", "fitnes",   "witness", "coding", "code",    "codes",
     "harry", "network", "networks", "chuck",  "science", "sciences", "silence", "the",    "with",    "a",
     "ai",    "news",    "nova",     "tech",   "teach",   "beach",    "München", "café",   "Ёлка",    "наука",
     "科学",  "日本",    "مرحبا",    "हिन्दी",  "🎬",       "don't",    "x",       "42",     "#AITools"});
constexpr auto countries = std::to_array<const char*>({"US", "IN", "BR", "DE", ""});
constexpr auto numbers = std::to_array<double>(
    {0.0, -0.0, 1, 2, 3, 4, 5, -7, 1e300, -1e300, 5e-324, std::numeric_limits<double>::infinity()});

}  // namespace

Schema MadeUp::schema() {
  Schema out;
  out.texts = {{"name", 3, 0.3}, {"handle", 2, 0.0}, {"bio", 1, 0.75}, {"content", 0.5, 1.0}};
  out.keywords = {{"country"}, {"niche"}};
  out.numbers = {{"followers"}, {"rate"}};
  out.vectors = {{"bio", 12}, {"content", 7}};
  out.name_fields = {0, 1};
  return out;
}

std::string MadeUp::word() { return vocabulary[below(vocabulary.size())]; }

std::string MadeUp::value() {
  return chance(0.1) ? "rare" + std::to_string(below(40)) : countries[below(countries.size())];
}

std::string MadeUp::typo(std::string word) {
  if (word.empty()) return word;
  const auto at = below(word.size());
  switch (below(4)) {
    case 0:
      word.erase(at, 1);
      break;
    case 1:
      word.insert(at, 1, static_cast<char>('a' + below(26)));
      break;
    case 2:
      word[at] = static_cast<char>('a' + below(26));
      break;
    default:
      if (at > 0) std::swap(word[at], word[at - 1]);
  }
  return word;
}

std::string MadeUp::words(std::size_t most) {
  std::string out;
  for (auto n = below(most + 1); n > 0; --n) out += (out.empty() ? "" : chance(0.1) ? "" : " ") + word();
  return out;
}

std::vector<float> MadeUp::vector(std::size_t dimension) {
  std::vector<float> out(dimension, 0);
  std::vector<std::size_t> places(dimension);
  for (std::size_t i = 0; i < dimension; ++i) places[i] = i;
  std::shuffle(places.begin(), places.end(), random_);
  for (std::size_t i = 0; i < 4; ++i) out[places[i]] = chance(0.5) ? 0.5F : -0.5F;
  return out;
}

std::vector<float> MadeUp::rows(std::size_t dimension, std::size_t most) {
  std::vector<float> out;
  for (auto n = 1 + below(most); n > 0; --n) {
    const auto one = vector(dimension);
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

std::vector<std::vector<float>> MadeUp::asked(double likely) {
  std::vector<std::vector<float>> out;
  for (const auto& field : fields_)
    out.push_back(chance(likely) ? vector(field.dimension) : std::vector<float>());
  return out;
}

Schema MadeUp::own_schema() const {
  auto out = schema();
  out.vectors = fields_;
  return out;
}

std::uint64_t MadeUp::id() {
  const auto small = below(ids_);
  if (small == 0) return 0;
  return small == 1 ? std::numeric_limits<std::uint64_t>::max() : small * 0x1234567890ABCDULL;
}

Document MadeUp::document() {
  Document out;
  out.id = id();
  out.texts = {words(4), chance(0.5) ? words(1) : "", chance(0.7) ? words(12) : "",
               chance(0.2) ? words(40) : ""};
  out.keywords.resize(2);
  for (auto& list : out.keywords)
    for (auto n = below(4); n > 0; --n) list.push_back(value());
  for (int i = 0; i < 2; ++i) out.numbers.push_back(chance(0.2) ? no_number : numbers[below(numbers.size())]);
  // The first field is held by most, with one row; the others by some, mostly with several.
  for (std::size_t f = 0; f < fields_.size(); ++f)
    out.vectors.push_back(chance(f == 0 ? 0.7 : 0.3) ? rows(fields_[f].dimension, f == 0 ? 1 : 4)
                                                     : std::vector<float>());
  return out;
}

IndexBatch MadeUp::batch(std::size_t most_upserts) {
  IndexBatch out;
  for (auto n = below(most_upserts + 1); n > 0; --n) out.upserts.push_back(document());
  for (auto n = below(4); n > 0; --n) out.removals.push_back(id());
  return out;
}

Filter MadeUp::phrase() {
  std::vector<std::string> terms;
  for (auto n = 1 + below(2); n > 0; --n)
    for (const auto& token : text::analyse(word())) terms.push_back(token.term);
  if (terms.empty()) terms.emplace_back("code");
  return Filter::phrase_in(chance(0.6) ? "" : chance(0.5) ? "name" : "bio", std::move(terms));
}

Filter MadeUp::filter(std::size_t depth) {
  const auto kind = below(depth == 0 ? 5 : 8);
  const auto group = [&] {
    std::vector<Filter> children;
    for (auto n = below(4); n > 0; --n) children.push_back(filter(depth - 1));
    return children;
  };
  switch (kind) {
    case 0:
      return chance(0.3) ? Filter{} : Filter::has(chance(0.5) ? "niche" : "rate");
    case 1: {
      std::vector<std::string> values;
      for (auto n = below(4); n > 0; --n) values.push_back(value());
      return Filter::keyword_in(chance(0.5) ? "country" : "niche", values);
    }
    case 2:
    case 3: {
      std::optional<double> low, high;
      if (chance(0.7)) low = numbers[below(numbers.size())];
      if (chance(0.7)) high = numbers[below(numbers.size())];
      return Filter::number_in(chance(0.5) ? "followers" : "rate", low, high, chance(0.5), chance(0.5));
    }
    case 4:
      return phrase();
    case 5:
      return Filter::all_of(group());
    case 6:
      return Filter::any_of(group());
    default:
      return Filter::none_of(filter(depth - 1));
  }
}

Filter MadeUp::rewritten(const Filter& filter) {
  auto out = filter;
  for (auto& child : out.children) child = rewritten(child);
  const bool group = out.kind == Filter::Kind::all || out.kind == Filter::Kind::any;
  if (group) {
    std::shuffle(out.children.begin(), out.children.end(), random_);
    if (!out.children.empty() && chance(0.3)) out.children.push_back(out.children.front());
    if (out.children.size() > 1 && chance(0.3)) {  // (a b c) is ((a b) c)
      auto inner = out;
      inner.children.pop_back();
      out.children = {inner, out.children.back()};
    }
    if (chance(0.5)) {  // De Morgan
      for (auto& child : out.children) child = Filter::none_of(child);
      const bool all = out.kind == Filter::Kind::all;
      out = Filter::none_of(all ? Filter::any_of(out.children) : Filter::all_of(out.children));
    }
  } else if (out.kind == Filter::Kind::keyword && chance(0.5)) {
    std::shuffle(out.values.begin(), out.values.end(), random_);
    std::vector<Filter> each;
    for (const auto& value : out.values) each.push_back(Filter::keyword_in(out.field, {value}));
    out = Filter::any_of(each);
  } else if (out.kind == Filter::Kind::range && chance(0.5)) {
    const auto low = Filter::number_in(out.field, out.low, {}, out.low_open);
    const auto high = Filter::number_in(out.field, {}, out.high, false, out.high_open);
    out = Filter::all_of({high, low});
  } else if (out.kind == Filter::Kind::range && out.low && chance(0.5)) {  // not below, and there
    const auto below_low = Filter::number_in(out.field, {}, out.low, false, !out.low_open);
    const auto high = Filter::number_in(out.field, {}, out.high, false, out.high_open);
    out = Filter::all_of({Filter::none_of(below_low), high, Filter::has(out.field)});
  }
  return chance(0.2) ? Filter::none_of(Filter::none_of(out)) : out;
}

Retrieval MadeUp::retrieval() {
  Retrieval out;
  if (chance(0.7))
    for (auto n = below(5); n > 0; --n) {
      const auto written = text::fold(chance(0.3) ? typo(word()) : word());
      for (const auto& token : text::tokens(written))
        out.words.push_back({text::stem(token.term), chance(0.9) ? token.term : "",
                             chance(0.1) ? 0 : 0.5 + static_cast<double>(below(3))});
      if (out.words.empty() || !chance(0.2)) continue;
      for (const auto& token : text::analyse(words(3)))
        out.words.back().also.push_back({token.term, chance(0.5) ? 0.5 : 1});
    }
  if (chance(0.6)) out.name_query = text::fold(chance(0.5) ? typo(words(3)) : words(3));
  if (chance(0.4)) out.vectors = asked(0.6);
  if (chance(0.3))
    for (auto n = 1 + below(2); n > 0; --n) out.contrasts.push_back(asked(0.6));
  if (chance(0.6)) out.filter = filter(3);
  if (chance(0.5)) out.facet_fields = {"country", "niche"};
  if (chance(0.5)) out.number_fields = {"rate", "followers"};
  if (chance(0.4)) out.word_depth = below(8);
  if (chance(0.4)) out.vector_depth = below(8);
  return out;
}

}  // namespace cdx::engine
