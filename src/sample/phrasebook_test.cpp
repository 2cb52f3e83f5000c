#include "sample/phrasebook.h"

#include <gtest/gtest.h>

#include "sample/data_file.h"

namespace cdx::sample {
namespace {

const Subjects subjects = {"fitness/yoga", "fitness/running", "food/baking"};

std::string error_of(std::string_view text) {
  const auto book = Phrasebook::parse("test.txt", text, subjects);
  return book ? "" : book.error().message;
}

std::string say(const Phrasebook& book, std::string_view key, std::uint16_t subject, bool female = false) {
  Rng rng(1, 2, Stream::bio);
  Speech speech;
  speech.subject = subject;
  speech.second = 2;
  speech.female = female;
  speech[Word::city] = "Lisboa";
  std::string out;
  book.say(out, rng, speech, book.key(key));
  return out;
}

TEST(Phrasebook, SpeaksTheMostSpecificSection) {
  const auto book =
      Phrasebook::parse("test.txt", "[fitness/yoga]\nx: one\n[*]\nx: three\n[fitness]\nx: two\n", subjects);
  ASSERT_TRUE(book) << book.error().message;
  EXPECT_EQ(say(*book, "x", 0), "one");
  EXPECT_EQ(say(*book, "x", 1), "two");
  EXPECT_EQ(say(*book, "x", 2), "three");
}

TEST(Phrasebook, FillsSlotsWordsGendersAndSecondSubjects) {
  const auto book = Phrasebook::parse(
      "test.txt", "[*]\nx: {Thing} in {city}, {she:her|his} {thing2}\nthing: élan\n[food]\nthing: bread\n",
      subjects);
  ASSERT_TRUE(book) << book.error().message;
  EXPECT_EQ(say(*book, "x", 0, true), "Élan in Lisboa, her bread");
  EXPECT_EQ(say(*book, "x", 0, false), "Élan in Lisboa, his bread");
}

TEST(Phrasebook, SaysTwoDifferentThingsInOnePhraseAndTurnsYoursIntoMine) {
  const auto book = Phrasebook::parse(
      "test.txt",
      "[mine]\nwords: your > my\n[*]\nx: {a} {a}\na: p; q\ny: I {task:mine}\ntask: fix your car\n", subjects);
  ASSERT_TRUE(book) << book.error().message;
  const auto both = say(*book, "x", 0);
  EXPECT_TRUE(both == "p q" || both == "q p") << both;
  EXPECT_EQ(say(*book, "y", 0), "I fix my car");
}

TEST(Phrasebook, TakesSlotsInsideChoices) {
  const auto book = Phrasebook::parse("test.txt", "[*]\nx: {in {city}|at {city}}!\n", subjects);
  ASSERT_TRUE(book) << book.error().message;
  EXPECT_EQ(say(*book, "x", 0).substr(2), " Lisboa!");
}

TEST(Phrasebook, RefusesWhatItCannotSayAndNamesThePlace) {
  EXPECT_EQ(error_of("[*]\nx: {nothing}\n"), "sample data test.txt, line 2: unknown slot {nothing}");
  EXPECT_EQ(error_of("[*]\nx: {open\n"), "sample data test.txt, line 2: a { without its }");
  EXPECT_EQ(error_of("[*]\n\nx: {she:a}\n"), "sample data test.txt, line 3: {she:…|…} takes two forms");
  EXPECT_EQ(error_of("[tennis]\nx: a\n"), "sample data test.txt, line 1: unknown subject [tennis]");
  EXPECT_EQ(error_of("x: a\n"), "sample data test.txt, line 1: text before the first [section]");
  EXPECT_EQ(error_of("[*]\n- a\n"),
            "sample data test.txt, line 2: a line with a dash needs a `key:` line above it");
  EXPECT_EQ(error_of("[*]\nx:\n"), "sample data test.txt, line 2: \"x\" has no values");
}

TEST(Phrasebook, RefusesSlotsThatContainThemselvesEvenOverSections) {
  EXPECT_NE(error_of("[*]\na: {b}\nb: x\n[food]\nb: {a}\n").find("can contain itself"), std::string::npos);
}

TEST(DataFile, SplitsListsAndKeepsDashedLinesWhole) {
  const auto sections = read_data("t", "# note\n[s]\nk: a; b ;; c\n- d; e\r\nl: f");
  ASSERT_TRUE(sections) << sections.error().message;
  const auto* k = sections->front().find("k");
  ASSERT_NE(k, nullptr);
  EXPECT_EQ(k->values, (std::vector<std::string_view>{"a", "b", "c", "d; e"}));
  EXPECT_EQ(sections->front().find("l")->line, 5);
}

TEST(ShortNumber, IsWrittenAsPeopleDo) {
  const auto text = [](double value) {
    std::string out;
    append_short_number(out, value);
    return out;
  };
  EXPECT_EQ(text(1000), "1K");
  EXPECT_EQ(text(12'400), "12.4K");
  EXPECT_EQ(text(250'000), "250K");
  EXPECT_EQ(text(999'900), "1M");
  EXPECT_EQ(text(3'500'000), "3.5M");
}

TEST(PowerOfTwo, AgreesWithTheLibraryWithinRounding) {
  EXPECT_NEAR(power_of_two(10), 1024, 1e-9);
  EXPECT_NEAR(power_of_two(0.5), 1.4142135623730951, 1e-12);
  EXPECT_NEAR(power_of_two(-3.25), 0.10511205190671433, 1e-13);
}

}  // namespace
}  // namespace cdx::sample
