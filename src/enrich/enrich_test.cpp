#include "enrich/enrich.h"

#include <gtest/gtest.h>

#include <fstream>

#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

template <class T>
Field<T> known(T value) {
  return Sourced<T>{std::move(value), 0};
}

Account account_on(Platform platform, std::string handle) {
  Account account;
  account.platform = platform;
  account.user_id = handle;
  account.id = account_id(platform, handle);
  account.handle = known(std::move(handle));
  account.origin({});
  return account;
}

Profile profile_of(std::string name, std::string bio, std::vector<std::string> titles = {}) {
  Profile profile;
  auto account = account_on(Platform::youtube, "handle");
  account.name = known(std::move(name));
  account.bio = known(std::move(bio));
  for (auto& title : titles) {
    ContentItem item;
    item.account = account.id;
    item.title = std::move(title);
    profile.items.push_back(std::move(item));
  }
  profile.accounts.push_back(std::move(account));
  return profile;
}

std::vector<std::string> split(const std::string& text, const std::string& mark) {
  std::vector<std::string> out;
  for (std::size_t begin = 0;;) {
    const auto end = text.find(mark, begin);
    out.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return out;
    begin = end + mark.size();
  }
}

std::vector<std::vector<std::string>> cases(const std::string& name, std::size_t columns) {
  std::vector<std::vector<std::string>> out;
  std::ifstream in(std::string(CDX_SOURCE_DIR) + "/src/enrich/cases/" + name);
  EXPECT_TRUE(in) << name;
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("# ") || line.empty()) continue;
    out.push_back(split(line, "\t"));
    EXPECT_EQ(out.back().size(), columns) << line;
  }
  return out;
}

TEST(Vocabulary, IsStoredFolded) {
  const auto folded = [](const std::string& name) { EXPECT_EQ(text::fold(name), name); };
  for (const auto& niche : vocab::niches()) {
    for (const auto& name : niche.synonyms) folded(name);
    for (const auto& name : niche.words) folded(name);
    EXPECT_EQ(vocab::find_niche(text::fold(niche.label)), &niche) << niche.label;
  }
  for (const auto& country : vocab::countries())
    for (const auto* names : {&country.names, &country.adjectives, &country.cities})
      for (const auto& name : *names) folded(name);
  for (const auto& language : vocab::languages())
    for (const auto& name : language.names) folded(name);
  for (const auto& style : vocab::styles())
    for (const auto& name : style.words) folded(name);
}

TEST(Niches, AreGuessedAsTheCasesSay) {
  for (const auto& row : cases("niches.tsv", 4)) {
    auto titles = row[2].empty() ? std::vector<std::string>() : split(row[2], " | ");
    const auto creator = derive(profile_of(row[0], row[1], std::move(titles)));
    EXPECT_EQ(creator.primary_niche, row[3] == "-" ? "" : row[3]) << row[0] << ": " << row[1];
    EXPECT_EQ(judgement(creator, "niche") == nullptr, creator.primary_niche.empty()) << row[0];
  }
}

TEST(Niches, TakeTheWordOfTheSourcesCategory) {
  auto profile = profile_of("Cristiano", "");
  profile.accounts[0].categories = known(std::vector<std::string>{"Sports with a ball|Lifestyle"});
  const auto creator = derive(profile);
  EXPECT_EQ(creator.primary_niche, "sports");
  const auto* niche = judgement(creator, "niche");
  ASSERT_TRUE(niche && !niche->evidence.empty());
  EXPECT_EQ(niche->evidence[0], (Evidence{"category", "Sports with a ball"}));
  EXPECT_GT(niche->confidence, 0.5);
  EXPECT_LE(niche->confidence, 1);
}

TEST(Niches, NameSubNichesAmongTheSecondary) {
  const auto creator = derive(profile_of("Yoga with Eva", "Yoga teacher. Vinyasa yoga and pranayama"));
  EXPECT_EQ(creator.primary_niche, "fitness");
  ASSERT_FALSE(creator.secondary_niches.empty());
  EXPECT_EQ(creator.secondary_niches[0], "fitness/yoga");
}

TEST(Derive, KeepsIdLinksAndRevisionAndIsDeterministic) {
  auto profile = profile_of("Ana", "Dancer from Rio", {"Samba choreography"});
  profile.creator.id = CreatorId{42};
  profile.creator.links = {Link{profile.accounts[0].id, "first_account", "", 1}};
  profile.creator.revision = Revision{7};
  profile.creator.primary_niche = "gaming";
  const auto creator = derive(profile);
  EXPECT_EQ(creator.id, CreatorId{42});
  EXPECT_EQ(creator.links, profile.creator.links);
  EXPECT_EQ(creator.revision, Revision{7});
  EXPECT_EQ(creator.primary_niche, "dance") << "what was derived before does not count";
  EXPECT_EQ(derive(profile), creator);
}

TEST(Derive, TakesTheCountryThatIsStated) {
  auto profile = profile_of("Ana", "I love Japan");
  EXPECT_EQ(derive(profile).country, "") << "a word in a bio is no statement of place";
  profile.accounts[0].city = known<std::string>("São Paulo");
  EXPECT_EQ(derive(profile).country, "BR");
  profile.accounts[0].country = known<std::string>("PT");
  EXPECT_EQ(derive(profile).country, "PT");
  profile.accounts[0].country = known<std::string>("??");
  EXPECT_EQ(derive(profile).country, "BR");
}

TEST(Style, NeedsMoreThanOneWord) {
  EXPECT_EQ(derive(profile_of("Ana", "Tutorials")).style, "");
  EXPECT_EQ(derive(profile_of("Learn Python", "Step by step tutorials and courses for beginners")).style,
            "educational");
  EXPECT_EQ(derive(profile_of("Daily Globe", "Breaking news and headlines", {"Latest news update"})).style,
            "news");
}

std::size_t word_count(const std::string& text) {
  std::size_t count = 0;
  for (const auto& word : split(text, " ")) count += word.empty() ? 0U : 1U;
  return count;
}

TEST(Summary, HasTwelveToTwentyEightWordsAndNoAddresses) {
  const std::vector<std::string> bios = {"",
                                         "hi",
                                         "Dancer from Rio. Contact: ana@example.com or +55 11 91234 5678",
                                         "https://example.com/a/b/c",
                                         "#dance #samba #rio",
                                         "\xF0\x9F\x94\xA5\xF0\x9F\x94\xA5\xF0\x9F\x94\xA5",
                                         "line one has words\nline two has others",
                                         std::string(5'000, 'a'),
                                         std::string("\xFF\xFE broken \x01 bytes here and there"),
                                         "I teach people how to cook simple meals at home with very few "
                                         "ingredients and very little time, every single day of the week!"};
  for (const auto& bio : bios)
    for (const auto* name :
         {"Ana Souza", "", "A very long name that goes on and on without any end in sight"}) {
      auto profile = profile_of(name, bio);
      profile.creator.total_followers = 182'000;
      const auto summary = derive(profile).summary;
      EXPECT_GE(word_count(summary), 12U) << summary;
      EXPECT_LE(word_count(summary), 28U) << summary;
      EXPECT_EQ(summary.find('@'), std::string::npos) << summary;
      EXPECT_EQ(summary.find("://"), std::string::npos) << summary;
      EXPECT_EQ(summary.find("91234"), std::string::npos) << summary;
      EXPECT_EQ(summary.back(), '.');
    }
  const auto empty = derive(Profile{}).summary;
  EXPECT_GE(word_count(empty), 12U) << empty;
}

TEST(Summary, SaysWhatIsKnown) {
  auto profile =
      profile_of("Ana Souza", "Dancer and choreographer from the heart of Rio. Classes every week!");
  profile.creator.total_followers = 182'000;
  profile.accounts[0].country = known<std::string>("BR");
  profile.accounts[0].language = known<std::string>("pt");
  EXPECT_EQ(derive(profile).summary,
            "Ana Souza makes dance content on YouTube in Portuguese from Brazil for 182k followers; own "
            "words: Dancer and choreographer "
            "from the heart of Rio.");
}

}  // namespace
}  // namespace cdx::enrich
