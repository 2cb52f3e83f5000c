#include "index/name_search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "index/index.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

struct Channel {
  const char* name;
  const char* handle;
};

// Sixty names; those of the cases stand among look-alikes.
constexpr Channel channels[] = {
    {"Kurzgesagt – In a Nutshell", "kurzgesagt"},
    {"CodeWithHarry", "codewithharry"},
    {"NetworkChuck", "networkchuck"},
    {"StatQuest with Josh Starmer", "statquest"},
    {"Dr Jyoti Bala", "drjyotibala"},
    {"Sandeep Maheshwari", "sandeepmaheshwari"},
    {"Krish Naik", "krishnaik06"},
    {"AI Explained", "aiexplained-official"},
    {"AI News Daily", "ainewsdaily"},
    {"AI Jason", "aijasonz"},
    {"AI Foundations", "ai-foundations"},
    {"All About AI", "allaboutai"},
    {"The AI Advantage", "aiadvantage"},
    {"Matt Wolfe", "mreflow"},
    {"AI Coffee Break with Letitia", "aicoffeebreak"},
    {"World of AI", "intheworldofai"},
    {"Tech News Today", "technewstoday"},
    {"BBC News", "bbcnews"},
    {"Sky News", "skynews"},
    {"Fitness Blender", "fitnessblender"},
    {"Fitness Culture", "fitnessculture"},
    {"Yoga With Adriene", "yogawithadriene"},
    {"Code with Ania Kubów", "aniakubow"},
    {"Coding with Lewis", "codingwithlewis"},
    {"Harry Mack", "harrymack"},
    {"Josh Olin", "joshuaolin"},
    {"Josh tried coding", "joshtriedcoding"},
    {"David Bombal", "davidbombal"},
    {"Chuck Keith", "chuckkeith"},
    {"Network Direction", "networkdirection"},
    {"Dr. Mike", "doctormike"},
    {"Dr Pooja Bala", "drpoojabala"},
    {"Sandeep Bhatt", "sandeepbhatt"},
    {"Sandeep Seminars", "sandeepseminars"},
    {"Krish Ashok", "krishashok"},
    {"Nutshell Animations", "nutshellanimations"},
    {"3Blue1Brown", "3blue1brown"},
    {"Veritasium", "veritasium"},
    {"Mark Rober", "markrober"},
    {"MrBeast", "mrbeast"},
    {"MrBeast Gaming", "mrbeastgaming"},
    {"Marques Brownlee", "mkbhd"},
    {"Linus Tech Tips", "linustechtips"},
    {"Two Minute Papers", "twominutepapers"},
    {"Yannic Kilcher", "yannickilcher"},
    {"Lex Fridman", "lexfridman"},
    {"The Coding Train", "thecodingtrain"},
    {"freeCodeCamp.org", "freecodecamp"},
    {"Traversy Media", "traversymedia"},
    {"The Net Ninja", "netninja"},
    {"Fireship", "fireship"},
    {"sentdex", "sentdex"},
    {"Ali Abdaal", "aliabdaal"},
    {"Thomas Frank", "thomasfrank"},
    {"Peter McKinnon", "petermckinnon"},
    {"Gordon Ramsay", "gordonramsay"},
    {"Наука 2.0", "nauka20"},
    {"科学研究所", "kagaku"},
    {"José Andrés", "joseandres"},
    {"The Who", "thewho"},
};
static_assert(std::size(channels) == 60);

class NameSearchTest : public ::testing::Test {
 protected:
  NameSearchTest() {
    Schema schema;
    schema.texts = {{"name"}, {"handle"}};
    schema.name_fields = {0, 1};
    index_ = std::move(*make_index(schema));
    IndexBatch batch;
    for (std::size_t i = 0; i < std::size(channels); ++i) {
      Document document;
      document.id = i;
      document.texts = {channels[i].name, channels[i].handle};
      batch.upserts.push_back(document);
    }
    EXPECT_TRUE(index_->apply(Call{}, batch));
  }

  // Names by score, best first.
  std::vector<std::pair<float, std::string>> named(std::string_view question) const {
    Retrieval retrieval;
    retrieval.name_query = text::fold(question);
    const auto got = index_->snapshot()->retrieve(Call{}, retrieval);
    std::vector<std::pair<float, std::string>> out;
    for (std::size_t i = 0; i < got->documents.size(); ++i)
      if (got->name_match[i] > 0) out.emplace_back(got->name_match[i], channels[got->documents[i]].name);
    std::sort(out.rbegin(), out.rend());
    return out;
  }

  std::unique_ptr<Index> index_;
};

struct Case {
  const char* question;
  const char* name;
  float least;
};

TEST_F(NameSearchTest, FindsNamesAndHandlesAsPeopleTypeThem) {
  constexpr Case cases[] = {
      {"kurzgesagt nutshel", "Kurzgesagt – In a Nutshell", 0.9F},
      {"kurzgesagt", "Kurzgesagt – In a Nutshell", 1.0F},
      {"Kurzgesagt in a nutshell", "Kurzgesagt – In a Nutshell", 1.0F},
      {"kurzgesakt", "Kurzgesagt – In a Nutshell", 0.9F},
      {"code with hary", "CodeWithHarry", 0.9F},
      {"codewithharry", "CodeWithHarry", 1.0F},
      {"netwrok chuck", "NetworkChuck", 0.9F},
      {"network chuk", "NetworkChuck", 0.9F},
      {"statquest wiht josh", "StatQuest with Josh Starmer", 0.75F},
      {"josh starmer", "StatQuest with Josh Starmer", 0.65F},
      {"dr jyoti bala", "Dr Jyoti Bala", 1.0F},
      {"dr. joyti bala", "Dr Jyoti Bala", 0.9F},
      {"sandeep maheswari", "Sandeep Maheshwari", 0.9F},
      {"maheshwari sandeep", "Sandeep Maheshwari", 0.9F},
      {"krishnaik06", "Krish Naik", 1.0F},
      {"@krishnaik06", "Krish Naik", 1.0F},
      {"krish naik", "Krish Naik", 1.0F},
      {"mr beast", "MrBeast", 1.0F},
      {"mark rob", "Mark Rober", 0.75F},
      {"yannik kilcher", "Yannic Kilcher", 0.9F},
      {"jose andres", "José Andrés", 1.0F},
      {"наука 2.0", "Наука 2.0", 1.0F},
      {"科学研究", "科学研究所", 0.75F},
      {"the who", "The Who", 1.0F},
      {"freecodecamp", "freeCodeCamp.org", 1.0F},
  };
  for (const auto& [question, name, least] : cases) {
    const auto got = named(question);
    ASSERT_FALSE(got.empty()) << question;
    EXPECT_EQ(got.front().second, name) << question;
    EXPECT_GE(got.front().first, least) << question;
    if (got.size() < 2) continue;
    EXPECT_LT(got[1].first, got[0].first) << question << " also names " << got[1].second;
  }
}

TEST_F(NameSearchTest, TheNameWithoutMoreBeatsTheNameWithMore) {
  const auto got = named("mrbeast");
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].second, "MrBeast");
  EXPECT_LT(got[1].first, 0.85F);
  EXPECT_GT(got[1].first, 0.5F);
}

TEST_F(NameSearchTest, CommonWordsAloneNameNothing) {
  for (const auto& [score, name] : named("AI")) EXPECT_LT(score, 0.55F) << name;
  const auto news = named("AI news");
  ASSERT_EQ(news.size(), 1U);  // both words are in one name only, and are not all of it
  EXPECT_EQ(news[0].second, "AI News Daily");
  EXPECT_LT(news[0].first, 0.9F);
  for (const auto& [score, name] : named("fitness")) EXPECT_LT(score, 0.75F) << name;
  EXPECT_TRUE(named("the with").empty());
}

TEST_F(NameSearchTest, AWordMoreThanTheNameHasMeansAnotherName) {
  EXPECT_TRUE(named("mark rober engineering videos").empty());
  EXPECT_TRUE(named("machine learning tutorials for beginners").empty());
  EXPECT_TRUE(named("").empty());
  EXPECT_TRUE(named("!!! 🎬").empty());
  EXPECT_TRUE(named(std::string(5'000, 'a')).empty());
}

TEST_F(NameSearchTest, ShortWordsAndFirstLettersMustBeRight) {
  EXPECT_TRUE(named("teremy").empty());
  for (const auto& [score, name] : named("hark rober"))
    EXPECT_LT(score, 1) << name;  // eight letters and more
  EXPECT_TRUE(named("mke").empty());
  EXPECT_EQ(named("mibe").at(0).second, "Dr. Mike");  // four letters and more
}

}  // namespace
}  // namespace cdx::engine
