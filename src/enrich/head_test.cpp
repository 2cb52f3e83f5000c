#include "enrich/head.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

constexpr std::uint64_t space = 77;
constexpr std::size_t dimension = 4;

Profile profile_of(const std::string& bio) {
  Profile profile;
  Account account;
  account.origin({});
  account.bio = Sourced<std::string>{bio, 0};
  profile.accounts.push_back(std::move(account));
  return profile;
}

// Two niches told apart by invented words and by the first two numbers of a vector.
struct School {
  std::vector<Profile> profiles;
  std::vector<std::vector<float>> meanings;
  std::vector<HeadExample> examples;

  School() {
    for (int i = 0; i < 40; ++i) {
      profiles.push_back(profile_of(i % 2 == 0 ? "zorbel quimp" : "wexal drome"));
      meanings.push_back(i % 2 == 0 ? std::vector<float>{1, 0, 0, 0} : std::vector<float>{0, 1, 0, 0});
    }
    for (std::size_t i = 0; i < profiles.size(); ++i)
      examples.push_back({&profiles[i], meanings[i], i % 2 == 0 ? "pets" : "cars", 1});
  }
};

HeadOptions options() {
  HeadOptions out;
  out.space = space;
  out.dimension = dimension;
  out.rounds = 150;  // few examples need many
  return out;
}

NicheHead trained() {
  const School school;
  auto head = train_head({}, school.examples, options());
  EXPECT_TRUE(head) << head.error().message;
  return std::move(*head);
}

std::string best(const NicheHead& head, const Profile& profile, std::span<const float> meaning = {},
                 std::uint64_t from = space) {
  return head.predict(profile, guess_niches(profile), meaning, from).front().key;
}

TEST(NicheHead, LearnsFromWordsAndFromMeaning) {
  const auto head = trained();
  EXPECT_EQ(best(head, profile_of("all about zorbel")), "pets");
  EXPECT_EQ(best(head, profile_of("all about drome")), "cars");
  const std::vector<float> pets = {1, 0, 0, 0}, cars = {0, 1, 0, 0};
  EXPECT_EQ(best(head, profile_of("unheard of"), pets), "pets");
  EXPECT_EQ(best(head, profile_of("unheard of"), cars), "cars");
}

TEST(NicheHead, DoesNotReadAVectorOfAnotherSpaceOrSize) {
  const auto head = trained();
  const auto profile = profile_of("all about zorbel");
  const std::vector<float> cars = {0, 9, 0, 0}, longer = {0, 9, 0, 0, 0};
  const auto plain = head.predict(profile, {}, {}, 0);
  for (const auto& [vector, from] :
       {std::pair{cars, std::uint64_t{78}}, std::pair{cars, std::uint64_t{0}}, std::pair{longer, space}}) {
    const auto seen = head.predict(profile, {}, vector, from);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      EXPECT_EQ(seen[i].key, plain[i].key);
      EXPECT_DOUBLE_EQ(seen[i].probability, plain[i].probability);
    }
  }
}

TEST(NicheHead, DoesNotReadTheMeaningOfABareNameBesideACategory) {
  const auto head = trained();
  auto profile = profile_of("");
  const std::vector<float> cars = {0, 1, 0, 0};
  EXPECT_TRUE(head.reads(profile, cars, space)) << "there is nothing else to go by";
  profile.accounts[0].categories = Sourced<std::vector<std::string>>{{"Pets"}, 0};
  EXPECT_FALSE(head.reads(profile, cars, space));
  profile.accounts[0].bio = Sourced<std::string>{"all about drome", 0};
  EXPECT_TRUE(head.reads(profile, cars, space));
}

TEST(NicheHead, GivesProbabilitiesOfAllClassesThatSumToOne) {
  const auto head = trained();
  double sum = 0, before = 1;
  for (const auto& one : head.predict(profile_of(""), {}, {}, 0)) {
    EXPECT_GE(one.probability, 0);
    EXPECT_LE(one.probability, before) << "best first";
    before = one.probability;
    sum += one.probability;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(NicheHead, TrainsTheSameBytesFromTheSameExamplesAndReadsThemBack) {
  const auto head = trained();
  EXPECT_EQ(trained().bytes(), head.bytes());
  const auto again = NicheHead::read(head.bytes());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->bytes(), head.bytes());
  EXPECT_EQ(again->hash(), head.hash());
  EXPECT_EQ(again->space(), space);
}

TEST(NicheHead, DamagedBytesAreRefusedWhereverTheyAreDamaged) {
  const auto bytes = trained().bytes();
  EXPECT_FALSE(NicheHead::read(""));
  for (std::size_t cut = 0; cut < bytes.size(); cut += 997) {
    EXPECT_EQ(NicheHead::read(bytes.substr(0, cut)).error().kind, ErrorKind::corrupt) << cut;
    auto flipped = bytes;
    flipped[cut] = static_cast<char>(flipped[cut] ^ 0x10);
    EXPECT_FALSE(NicheHead::read(flipped)) << cut;
  }
  EXPECT_FALSE(NicheHead::read(bytes + "x"));
}

TEST(NicheHead, TrainingSaysWhatIsWrongWithItsExamples) {
  School school;
  EXPECT_EQ(train_head({}, {}, options()).error().kind, ErrorKind::invalid);
  EXPECT_EQ(train_head({}, std::span(school.examples).first(1), options()).error().kind, ErrorKind::invalid);
  school.examples[0].niche = "fitness/yoga";
  EXPECT_NE(train_head({}, school.examples, options()).error().message.find("fitness/yoga"),
            std::string::npos);
  school.examples[0].niche = "pets";
  school.meanings[0].push_back(1);
  school.examples[0].meaning = school.meanings[0];
  EXPECT_NE(train_head({}, school.examples, options()).error().message.find("5 numbers instead of 4"),
            std::string::npos);
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  EXPECT_EQ(train_head(call, School().examples, options()).error().kind, ErrorKind::cancelled);
}

TEST(NicheHead, ExamplesThatSayNothingKeepItFromGuessing) {
  School school;
  for (int i = 0; i < 40; ++i) {
    school.profiles.push_back(profile_of("welcome subscribe"));
    school.meanings.push_back({0, 0, 1, 0});
  }
  school.examples.clear();
  for (std::size_t i = 0; i < school.profiles.size(); ++i)
    school.examples.push_back({&school.profiles[i], school.meanings[i],
                               i >= 40      ? ""
                               : i % 2 == 0 ? "pets"
                                            : "cars",
                               1});
  const auto head = train_head({}, school.examples, options());
  ASSERT_TRUE(head);
  EXPECT_LT(head->predict(profile_of("welcome subscribe"), {}, {}, 0).front().probability, 0.4);
  EXPECT_GT(head->predict(profile_of("zorbel quimp"), {}, {}, 0).front().probability, 0.6);
}

TEST(NicheHead, CalibrationIsReadBetweenItsPoints) {
  auto chosen = options();
  chosen.calibration_words = {{0.2F, 0.1F}, {0.6F, 0.5F}, {1.0F, 0.9F}};
  const School school;
  const auto head = train_head({}, school.examples, chosen);
  ASSERT_TRUE(head);
  EXPECT_NEAR(head->confidence(0.1, false), 0.1, 1e-6);
  EXPECT_NEAR(head->confidence(0.4, false), 0.3, 1e-6);
  EXPECT_NEAR(head->confidence(1.0, false), 0.9, 1e-6);
  EXPECT_DOUBLE_EQ(head->confidence(0.4, true), 0.4) << "no points: the probability itself";
  chosen.calibration_words = {{0.6F, 0.5F}, {0.2F, 0.9F}};
  EXPECT_EQ(train_head({}, school.examples, chosen).error().kind, ErrorKind::corrupt) << "must rise";
}

TEST(BuiltInHead, KnowsTheTaxonomyAndIsSmall) {
  const auto* head = built_in_head();
  ASSERT_NE(head, nullptr);
  EXPECT_LT(head->bytes().size(), 1'000'000U);
  for (const auto& niche : vocab::niches()) {
    if (!niche.parent.empty()) continue;
    const auto classes = head->classes();
    EXPECT_NE(std::find(classes.begin(), classes.end(), niche.key), classes.end())
        << niche.key << ": run `creatordex train niche --out src/enrich/data/niche_head.bin`";
  }
}

}  // namespace
}  // namespace cdx::enrich
