#include "match/seed_004.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cdx::seed_004 {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The design's table, written out a second time so that a slip in one of them shows.
struct NicheCase {
  const char *campaign, *creator;
  double score;
};
class NichePair : public testing::TestWithParam<NicheCase> {};
TEST_P(NichePair, HasTheScoreOfTheDesign) {
  const auto& one = GetParam();
  EXPECT_DOUBLE_EQ(niche_match(one.campaign, one.creator), one.score);
}
INSTANTIATE_TEST_SUITE_P(
    Table, NichePair,
    testing::Values(NicheCase{"fitness", "health", 90}, NicheCase{"fitness", "sports", 85},
                    NicheCase{"fitness", "nutrition", 80}, NicheCase{"technology", "gadgets", 90},
                    NicheCase{"technology", "gaming", 80}, NicheCase{"technology", "software", 85},
                    NicheCase{"beauty", "fashion", 85}, NicheCase{"beauty", "cosmetics", 95},
                    NicheCase{"beauty", "lifestyle", 75}, NicheCase{"food", "cooking", 95},
                    NicheCase{"food", "nutrition", 85}, NicheCase{"food", "lifestyle", 70},
                    NicheCase{"travel", "lifestyle", 80}, NicheCase{"travel", "adventure", 90},
                    NicheCase{"travel", "photography", 75}, NicheCase{"fashion", "beauty", 85},
                    NicheCase{"fashion", "lifestyle", 80}, NicheCase{"fashion", "luxury", 75}));
INSTANTIATE_TEST_SUITE_P(
    Others, NichePair,
    testing::Values(NicheCase{"", "fitness", 75}, NicheCase{"", "", 75}, NicheCase{"fitness", "", 40},
                    NicheCase{"Fitness", "fitNESS", 100}, NicheCase{"FITNESS", "Health", 90},
                    NicheCase{"underwater weaving", "underwater weaving", 100},
                    NicheCase{"underwater weaving", "fitness", 40}, NicheCase{"fitness", "weaving", 40},
                    // One direction only.
                    NicheCase{"health", "fitness", 40}, NicheCase{"gaming", "technology", 40},
                    NicheCase{"lifestyle", "beauty", 40}, NicheCase{"cooking", "food", 40},
                    // A key of the table with a partner of another key.
                    NicheCase{"fitness", "gadgets", 40}, NicheCase{"travel", "luxury", 40}));

TEST(NicheKey, TheMostSpecificWordThatTheTableKnowsDecides) {
  EXPECT_DOUBLE_EQ(niche_match_of_key("food", "food/cooking"), 95);
  EXPECT_DOUBLE_EQ(niche_match_of_key("fitness", "health/nutrition"), 80);
  EXPECT_DOUBLE_EQ(niche_match_of_key("fitness", "fitness/yoga"), 100);
  EXPECT_DOUBLE_EQ(niche_match_of_key("fitness", "health/mental_health"), 90);
  EXPECT_DOUBLE_EQ(niche_match_of_key("fitness/yoga", "fitness/yoga"), 100);
  EXPECT_DOUBLE_EQ(niche_match_of_key("fitness", "cars/motorcycles"), 40);
  EXPECT_DOUBLE_EQ(niche_match_of_key("fitness", ""), 40);
  EXPECT_DOUBLE_EQ(niche_match_of_key("", "fitness/yoga"), 75);
}

TEST(AudienceMatch, AddsForEngagementAndFollowersStrictlyAbove) {
  EXPECT_DOUBLE_EQ(audience_match("", 9.0, 1'000'000), 50);
  EXPECT_DOUBLE_EQ(audience_match("women", 5.0, 100'000), 43);
  EXPECT_DOUBLE_EQ(audience_match("women", std::nextafter(5.0, 9.0), 100'000), 53);
  EXPECT_DOUBLE_EQ(audience_match("women", 5.0, 100'001), 48);
  EXPECT_DOUBLE_EQ(audience_match("women", 5.1, 100'001), 58);
  EXPECT_DOUBLE_EQ(audience_match("women", std::nullopt, std::nullopt), 43);
  EXPECT_DOUBLE_EQ(audience_match("women", std::nullopt, 100'001), 48);
  EXPECT_DOUBLE_EQ(audience_match("women", nan, 5), 43);
  EXPECT_DOUBLE_EQ(audience_match(" ", 0.0, 0), 43);  // a blank is truthy in the design
}

struct Step {
  double at, score, below;
};
class Engagement : public testing::TestWithParam<Step> {};
TEST_P(Engagement, StepsAtTheBoundItself) {
  const auto& [at, score, below] = GetParam();
  EXPECT_DOUBLE_EQ(engagement_score(at), score);
  EXPECT_DOUBLE_EQ(engagement_score(std::nextafter(at, 1e9)), score);
  EXPECT_DOUBLE_EQ(engagement_score(std::nextafter(at, -1e9)), below);
}
INSTANTIATE_TEST_SUITE_P(Bounds, Engagement,
                         testing::Values(Step{10, 100, 90}, Step{7, 90, 80}, Step{5, 80, 70}, Step{3, 70, 60},
                                         Step{2, 60, 50}, Step{1, 50, 40}));
TEST(Engagement, IsTheLowestWhereUnknownOrBroken) {
  EXPECT_DOUBLE_EQ(engagement_score(std::nullopt), 40);
  EXPECT_DOUBLE_EQ(engagement_score(0.0), 40);
  EXPECT_DOUBLE_EQ(engagement_score(-3.0), 40);
  EXPECT_DOUBLE_EQ(engagement_score(nan), 40);
  EXPECT_DOUBLE_EQ(engagement_score(1e300), 100);
}

class Budget : public testing::TestWithParam<Step> {};
TEST_P(Budget, StepsAtTheBoundItself) {
  const auto& [ratio, score, below] = GetParam();
  // A rate of 1 and a budget of 10 r give the ratio r; the neighbours lie one part in a million away.
  EXPECT_DOUBLE_EQ(budget_fit(10 * ratio, 1.0), score);
  EXPECT_DOUBLE_EQ(budget_fit(10 * ratio * (1 + 1e-6), 1.0), score);
  EXPECT_DOUBLE_EQ(budget_fit(10 * ratio * (1 - 1e-6), 1.0), below);
}
INSTANTIATE_TEST_SUITE_P(Bounds, Budget,
                         testing::Values(Step{1.5, 100, 90}, Step{1.0, 90, 80}, Step{0.8, 80, 60},
                                         Step{0.6, 60, 40}, Step{0.4, 40, 20}));
TEST(Budget, IsFiftyWhereEitherIsMissingOrNothing) {
  EXPECT_DOUBLE_EQ(budget_fit(std::nullopt, 100.0), 50);
  EXPECT_DOUBLE_EQ(budget_fit(1000.0, std::nullopt), 50);
  EXPECT_DOUBLE_EQ(budget_fit(0.0, 100.0), 50);
  EXPECT_DOUBLE_EQ(budget_fit(1000.0, 0.0), 50);
  EXPECT_DOUBLE_EQ(budget_fit(nan, 100.0), 50);
  EXPECT_DOUBLE_EQ(budget_fit(1000.0, nan), 50);
  EXPECT_DOUBLE_EQ(budget_fit(-1000.0, 100.0), 20);
  EXPECT_DOUBLE_EQ(budget_fit(1.0, 1e12), 20);
}

TEST(MatchScore, IsHeldBetweenZeroAndHundredAndSaysSo) {
  EXPECT_DOUBLE_EQ(match_score(0.8731).value, 87.31);
  EXPECT_FALSE(match_score(0.8731).clamped);
  EXPECT_DOUBLE_EQ(match_score(0).value, 0);
  EXPECT_FALSE(match_score(0).clamped);
  EXPECT_FALSE(match_score(1).clamped);
  EXPECT_DOUBLE_EQ(match_score(-0.2).value, 0);
  EXPECT_TRUE(match_score(-0.2).clamped);
  EXPECT_DOUBLE_EQ(match_score(1.0000001).value, 100);
  EXPECT_TRUE(match_score(1.0000001).clamped);
  EXPECT_DOUBLE_EQ(match_score(nan).value, 0);
  EXPECT_TRUE(match_score(nan).clamped);
}

TEST(CampaignText, HasTheLinesOfTheDesign) {
  Brief brief;
  brief.product_name = "Glow";
  brief.brand_name = "Lumen";
  brief.key_use_cases = {"morning", "travel"};
  brief.product_niche = "beauty";
  EXPECT_EQ(campaign_text(brief),
            "Product: Glow\n    Brand: Lumen\n    Description: \n    Target Audience: \n"
            "    Key Use Cases: morning, travel\n    Campaign Goal: \n    Product Niche: beauty");
  EXPECT_EQ(campaign_text({}),
            "Product: \n    Brand: \n    Description: \n    Target Audience: \n    Key Use Cases: \n"
            "    Campaign Goal: \n    Product Niche:");
}

Profile somebody() {
  Profile out;
  out.creator.id = CreatorId{7};
  out.creator.name = "Ana";
  out.creator.handle = "anadances";
  out.creator.primary_niche = "fitness/yoga";
  out.creator.total_followers = 182'400;
  out.creator.engagement_rate = 0.0512;
  out.creator.price_usd = 99.5;
  out.creator.country = "BR";
  out.creator.language = "pt";
  Account small, large;
  small.platform = Platform::tiktok;
  small.followers = {{400, 0}};
  large.platform = Platform::instagram;
  large.followers = {{182'000, 0}};
  large.bio = {{"Yoga in the park", 0}};
  large.name = {{"Ana dances", 0}};
  out.accounts = {small, large};
  return out;
}

TEST(CreatorText, HasTheLinesOfTheDesign) {
  EXPECT_EQ(creator_text(somebody()),
            "Name: Ana\n    Platform: instagram\n    Niche: fitness/yoga\n    Bio: Yoga in the park\n"
            "    Channel: Ana dances\n    Followers: 182400\n    Engagement: 5.12\n    Country: BR\n"
            "    Language: pt");
}

TEST(Describe, GivesTheStringsOfTheDesign) {
  Brief brief;
  brief.product_niche = "Fitness";
  brief.target_audience = "runners";
  brief.total_budget_usd = 1000;
  const auto out = describe(brief, somebody(), 0.87306);
  EXPECT_EQ(out.influencer_name, "Ana (@anadances)");
  EXPECT_EQ(out.platform, "instagram");
  EXPECT_EQ(out.match_score, "87.31%");
  EXPECT_EQ(out.engagement, "5.1%");
  EXPECT_EQ(out.collaboration_rate, "$100");  // "%.0f" rounds half to even: 99.5 gives 100
  EXPECT_EQ(out.followers, "182K");
  EXPECT_EQ(out.followers_count_numeric, 182'400);
  EXPECT_EQ(out.detailed_scores.niche_match, "100.00%");
  EXPECT_EQ(out.detailed_scores.audience_match, "58.00%");
  EXPECT_EQ(out.detailed_scores.engagement_score, "80.00%");
  EXPECT_EQ(out.detailed_scores.budget_fit, "90.00%");
  EXPECT_FALSE(out.profile_image);
}

TEST(Describe, OfACreatorOfWhomNothingIsKnownIsWholeAndHonest) {
  const auto out = describe({}, {}, -0.01);
  EXPECT_EQ(out.influencer_name, "");
  EXPECT_EQ(out.match_score, "0.00%");
  EXPECT_TRUE(out.clamped);
  EXPECT_EQ(out.engagement, "");
  EXPECT_EQ(out.collaboration_rate, "");
  EXPECT_EQ(out.followers, "");
  EXPECT_EQ(out.detailed_scores.niche_match, "75.00%");
  EXPECT_EQ(out.detailed_scores.audience_match, "50.00%");
  EXPECT_EQ(out.detailed_scores.engagement_score, "40.00%");
  EXPECT_EQ(out.detailed_scores.budget_fit, "50.00%");
}

TEST(ShortCount, NeverRoundsUp) {
  EXPECT_EQ(short_count(0), "0");
  EXPECT_EQ(short_count(999), "999");
  EXPECT_EQ(short_count(1000), "1K");
  EXPECT_EQ(short_count(1999), "1.9K");
  EXPECT_EQ(short_count(999'999), "999K");
  EXPECT_EQ(short_count(1'250'000), "1.2M");
  EXPECT_EQ(short_count(2'000'000'000), "2B");
}

}  // namespace
}  // namespace cdx::seed_004
