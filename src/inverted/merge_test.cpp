#include <gtest/gtest.h>

#include <cstring>

#include "inverted/reference.h"

namespace cdx::inverted {
namespace {

std::vector<std::string> section_names(std::size_t fields) {
  std::vector<std::string> out{"meta",
                               "term_heads",
                               "term_places",
                               "postings",
                               "code_ends",
                               "code_parts",
                               "positions",
                               "position_places",
                               "forward",
                               "forward_bases",
                               "terms.bytes",
                               "terms.bases",
                               "terms.offsets",
                               "surfaces.bytes",
                               "surfaces.bases",
                               "surfaces.offsets",
                               "surface_terms",
                               "surface_rows",
                               "surface_steps.shared",
                               "surface_steps.next"};
  for (std::size_t field = 0; field < fields; ++field) out.push_back("lengths." + std::to_string(field));
  return out;
}

std::string bytes_of(const Sections& sections, const std::string& name) {
  const auto section = sections.section(name);
  const auto bytes = section.part(0, section.size());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void expect_equal(const MemorySections& a, const MemorySections& b, std::size_t fields) {
  for (const auto& name : section_names(fields)) {
    ASSERT_EQ(a.has(name), b.has(name)) << name;
    ASSERT_EQ(bytes_of(a, name), bytes_of(b, name)) << name;
  }
}

// Deals rows to parts at random, lets some die, and merges: the sections must be those of a fresh build of
// the living, byte by byte.
void check_merge(std::uint64_t seed, std::size_t rows, std::size_t parts, double dying, const Stem& stem) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  MadeUp made_up(seed, 300);
  const auto fields = 1 + made_up.below(3);
  std::vector<std::vector<Texts>> of_part(parts);
  std::vector<std::vector<std::uint32_t>> targets(parts);
  std::vector<Texts> living;
  const bool in_turn = made_up.chance(0.3);  // the parts do not interleave
  for (std::size_t row = 0; row < rows; ++row) {
    const auto part = in_turn ? row * parts / rows : made_up.below(parts);
    auto texts = made_up.texts(fields);
    const bool lives = !made_up.chance(dying);
    targets[part].push_back(lives ? static_cast<std::uint32_t>(living.size()) : nothing);
    if (lives) living.push_back(texts);
    of_part[part].push_back(std::move(texts));
  }
  std::vector<MemorySections> kept(parts);
  std::vector<Inverted> opened;
  for (std::size_t p = 0; p < parts; ++p) {
    build(of_part[p], fields, made_up.scoring(fields), stem, kept[p]);
    opened.push_back(*Inverted::open(kept[p], ""));
  }
  std::vector<Part> all;
  for (std::size_t p = 0; p < parts; ++p) all.push_back({&opened[p], targets[p]});
  const auto expected = made_up.scoring(fields);
  MemorySections merged, fresh;
  ASSERT_TRUE(merge(Call{}, all, living.size(), expected, merged, ""));
  build(living, fields, expected, stem, fresh);
  expect_equal(merged, fresh, fields);
}

TEST(Merge, GivesTheBytesOfAFreshBuild) {
  for (std::uint64_t seed = 1; seed <= 80; ++seed)
    check_merge(seed, 1 + seed * 7, 1 + seed % 5, seed % 3 == 0 ? 0 : 0.4,
                seed % 2 == 0 ? cut_ending : as_written);
  check_merge(1'000, 6'000, 3, 0.2, cut_ending);
}

TEST(Merge, OfTheDeadIsEmpty) { check_merge(2'000, 100, 3, 1, cut_ending); }

TEST(Merge, TakesPartsWithoutSections) {
  const Inverted none;
  MemorySections kept, merged, fresh;
  const Scoring scoring{1.2, {{}}};
  build({{{"a", "b"}}}, 1, scoring, as_written, kept);
  const auto some = *Inverted::open(kept, "");
  const std::vector<std::uint32_t> target{0};
  const std::vector<Part> parts{{&none, {}}, {&some, target}};
  ASSERT_TRUE(merge(Call{}, parts, 1, scoring, merged, ""));
  expect_equal(merged, kept, 1);
  const std::vector<Part> nobody{{&none, {}}};
  ASSERT_TRUE(merge(Call{}, nobody, 0, scoring, fresh, ""));
  EXPECT_EQ(Inverted::open(fresh, "")->rows(), 0U);
}

TEST(Merge, StopsWhenToldTo) {
  MemorySections kept, merged;
  const Scoring scoring{1.2, {{}}};
  build({{{"a", "b"}}}, 1, scoring, as_written, kept);
  const auto some = *Inverted::open(kept, "");
  const std::vector<std::uint32_t> target{0};
  const std::vector<Part> parts{{&some, target}};
  std::stop_source stop;
  stop.request_stop();
  const auto got = merge(Call{.stop = stop.get_token()}, parts, 1, scoring, merged, "");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx::inverted
