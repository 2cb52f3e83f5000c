#include "match/profile.h"

#include <gtest/gtest.h>

namespace cdx {
namespace {

std::string refused(std::string_view settings) {
  const auto profile = read_profile("mine", settings);
  if (profile) return "accepted";
  EXPECT_EQ(profile.error().kind, ErrorKind::invalid);
  return profile.error().message.substr(0, profile.error().message.find(':'));
}

TEST(Profile, TheBuiltInOnesAreFoundByName) {
  ASSERT_EQ(built_in_profiles().size(), 4U);
  for (const auto& one : built_in_profiles()) {
    EXPECT_EQ(built_in_profile(one.name)->formula, one.formula);
    EXPECT_EQ(one.version, match_formula_version);
  }
  EXPECT_EQ(built_in_profile("seed-003").error().kind, ErrorKind::not_found);
}

TEST(Profile, IsTheSameAfterWritingAndReading) {
  auto profile = *built_in_profile("balanced");
  profile.name = "mine";
  profile.match.niche = 0.31;
  profile.audience.content = 0;
  profile.ranking.alpha = 0.2;
  profile.ranking.vector_weights["tiktok_bio"] = 0.7;
  profile.campaign_creators = 4;
  const auto again = read_profile("mine", write_profile(profile));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(write_profile(*again), write_profile(profile));
  EXPECT_DOUBLE_EQ(again->match.niche, 0.31);
  EXPECT_DOUBLE_EQ(again->ranking.vector_weights.at("tiktok_bio"), 0.7);
}

TEST(Profile, WhatIsMissingStaysAsBuiltIn) {
  const auto profile = read_profile("mine", R"({"match": {"budget": 0.5}})");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->formula, MatchFormula::balanced);
  EXPECT_DOUBLE_EQ(profile->match.budget, 0.5);
  EXPECT_DOUBLE_EQ(profile->match.relevance, MatchWeights{}.relevance);
}

TEST(Profile, NamesTheMemberThatIsWrong) {
  EXPECT_EQ(refused("not json"), "");
  EXPECT_EQ(refused("[]"), "");
  EXPECT_EQ(refused(R"({"formula": 4})"), "/formula");
  EXPECT_EQ(refused(R"({"formula": "seed-9"})"), "/formula");
  EXPECT_EQ(refused(R"({"matches": {}})"), "/matches");
  EXPECT_EQ(refused(R"({"match": {"luck": 1}})"), "/match/luck");
  EXPECT_EQ(refused(R"({"match": {"niche": -1}})"), "/match/niche");
  EXPECT_EQ(refused(R"({"match": {"niche": "high"}})"), "/match/niche");
  EXPECT_EQ(refused(R"({"match": 1})"), "/match");
  EXPECT_EQ(
      refused(R"({"match": {"relevance": 0, "niche": 0, "audience": 0, "engagement": 0, "budget": 0, "history": 0}})"),
      "/match");
  EXPECT_EQ(refused(R"({"ranking": {"vector_weights": {"myspace_bio": 1}}})"),
            "/ranking/vector_weights/myspace_bio");
  EXPECT_EQ(refused(R"({"campaign_creators": 0})"), "/campaign_creators");
}

}  // namespace
}  // namespace cdx
