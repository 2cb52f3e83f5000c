#include "search/synonyms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/scratch.h"

namespace cdx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Terms = std::vector<std::string>;

Synonyms rules(std::string_view text) {
  auto out = Synonyms::read(text, "test", false);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out ? *std::move(out) : Synonyms();
}

TEST(Synonyms, EquivalentWordsStandForEachOther) {
  const auto some = rules("gym, sport, boxing");
  const auto found = some.in("the Gym");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].terms, ElementsAre("gym"));
  EXPECT_THAT(found[0].others, ElementsAre(Terms{"box"}, Terms{"sport"}));  // terms are stems
  EXPECT_THAT(some.in("boxing"), SizeIs(1));
}

TEST(Synonyms, AnArrowGoesOneWay) {
  const auto some = rules("yt => youtube");
  EXPECT_THAT(some.in("yt"), SizeIs(1));
  EXPECT_THAT(some.in("youtube"), IsEmpty());
}

TEST(Synonyms, TheLongestPlaceCounts) {
  const auto found = rules("car => auto\nself driving car => autonomous").in("self driving car news");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].terms, SizeIs(3));
}

TEST(Synonyms, TheVersionIsOfTheMeaningNotOfTheWriting) {
  const auto version = rules("a1, b1\nc1 => d1").version();
  EXPECT_EQ(rules("# why\n\n c1=>d1 # so\n b1 ,a1\n").version(), version);
  EXPECT_NE(rules("a1, b1\nd1 => c1").version(), version);
  EXPECT_NE(rules("").version(), version);
}

TEST(Synonyms, WhatIsWrongIsNamedByLineAndReason) {
  const auto refused = [](std::string_view text) {
    const auto out = Synonyms::read(text, "mine.txt", false);
    EXPECT_FALSE(out);
    return out ? std::string() : out.error().message;
  };
  EXPECT_THAT(refused("a, b\ngym"), HasSubstr("mine.txt:2: has one word alone"));
  EXPECT_THAT(refused("a => b => c"), HasSubstr("mine.txt:1: has more than one \"=>\""));
  EXPECT_THAT(refused("a,,b"), HasSubstr("nothing where a word should be"));
  EXPECT_THAT(refused("=> b"), HasSubstr("nothing where a word should be"));
  EXPECT_THAT(refused("!!, b"), HasSubstr("no letter or digit"));
  EXPECT_THAT(refused("one two three four five => b"), HasSubstr("longer than 4 words"));
}

TEST(Synonyms, TheBuiltInOnesCanBeRead) {
  const auto with = Synonyms::read("", "none"), without = Synonyms::read("builtin off", "none");
  ASSERT_TRUE(with && without);
  EXPECT_GT(with->rules(), 20U);
  EXPECT_EQ(without->rules(), 0U);
  EXPECT_EQ(with->describe().size(), with->rules());
}

TEST(SynonymBook, FollowsItsFileAndKeepsWhatWasRight) {
  const test::Scratch folder;
  const auto path = folder.path() / "synonyms.txt";
  const auto write = [&](std::string_view text) { std::ofstream(path) << text; };
  const auto book = open_synonyms(path.string());
  ASSERT_TRUE(book);
  const auto before = (*book)->current()->version();
  write("builtin off\nqqq => zzz, yyy\n");
  const auto after = (*book)->current();
  EXPECT_EQ(after->rules(), 1U);
  EXPECT_NE(after->version(), before);
  write("this line is alone\n");
  EXPECT_EQ((*book)->current()->version(), after->version());
  EXPECT_FALSE(open_synonyms(path.string()));
  std::filesystem::remove(path);
  EXPECT_EQ((*book)->current()->version(), before);
}

}  // namespace
}  // namespace cdx
