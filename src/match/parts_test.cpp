#include "match/parts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cdx {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Brief brief_for(std::string niche, std::string audience) {
  Brief out;
  out.product_niche = std::move(niche);
  out.target_audience = std::move(audience);
  return out;
}

Creator creator_of(std::string niche, std::string country, std::string language) {
  Creator out;
  out.primary_niche = std::move(niche);
  out.country = std::move(country);
  out.language = std::move(language);
  return out;
}

TEST(NichePart, IsFullForTheSameLessForKinAndNothingForStrangers) {
  const auto brief = brief_for("Fitness", "");
  const auto wanted = read_wanted(brief);
  ASSERT_EQ(wanted.niche, "fitness");
  const auto of = [&](std::string niche) {
    return *niche_part(wanted, creator_of(std::move(niche), "", "")).value;
  };
  EXPECT_DOUBLE_EQ(of("fitness"), 1);
  EXPECT_GT(of("fitness/yoga"), 0.8);
  EXPECT_GT(of("health"), of("cars"));
  EXPECT_DOUBLE_EQ(of("cars"), 0);
}

TEST(NichePart, ASecondaryNicheCountsFourFifths) {
  const auto brief = brief_for("fitness", "");
  auto creator = creator_of("cars", "", "");
  creator.secondary_niches = {"fitness"};
  const auto part = niche_part(read_wanted(brief), creator);
  EXPECT_DOUBLE_EQ(*part.value, 0.8);
  EXPECT_EQ(part.reason, "also makes Fitness, as asked");
}

TEST(NichePart, SaysWhenNothingIsKnown) {
  const auto none = brief_for("", ""), odd = brief_for("underwater weaving", ""),
             said = brief_for("fitness", "");
  EXPECT_EQ(niche_part(read_wanted(none), creator_of("fitness", "", "")).reason, "the brief names no niche");
  EXPECT_EQ(niche_part(read_wanted(odd), creator_of("fitness", "", "")).reason,
            "\"underwater weaving\" is not a niche of the taxonomy");
  EXPECT_EQ(niche_part(read_wanted(said), creator_of("", "", "")).reason, "the creator's niche is not known");
  for (const auto& brief : {none, odd})
    EXPECT_FALSE(niche_part(read_wanted(brief), creator_of("fitness", "", "")).value);
}

TEST(Wanted, ReadsPlacesTonguesAndInterestsFromTheAudience) {
  const auto brief = brief_for("", "gamers in Brazil who speak Portuguese");
  const auto wanted = read_wanted(brief);
  EXPECT_EQ(wanted.countries, std::vector<std::string>{"BR"});
  EXPECT_EQ(wanted.languages, std::vector<std::string>{"pt"});
  const auto place = brief_for("", "people in Germany");
  EXPECT_EQ(read_wanted(place).languages, std::vector<std::string>{"de"});  // spoken there
  const auto interest = brief_for("", "lovers of yoga");
  EXPECT_EQ(read_wanted(interest).audience_niches, std::vector<std::string>{"fitness/yoga"});
}

TEST(AudiencePart, IsTheWeightedMeanOfTheEvidenceThereIs) {
  const auto brief = brief_for("", "people in Brazil who speak Portuguese");
  const auto wanted = read_wanted(brief);
  const AudienceWeights w{0.4, 0.25, 0.1, 0.25};
  const auto both = audience_part(wanted, creator_of("", "BR", "pt"), 0.3, w);
  EXPECT_NEAR(*both.value, (0.4 * 1 + 0.25 * 1 + 0.25 * 0.5) / 0.9, 1e-12);
  const auto foreign = audience_part(wanted, creator_of("", "DE", "de"), -0.2, w);
  EXPECT_DOUBLE_EQ(*foreign.value, 0);
  const auto neighbour = audience_part(wanted, creator_of("", "PT", "pt"), {}, w);
  EXPECT_NEAR(*neighbour.value, (0.4 + 0.25 * 0.35) / 0.65, 1e-12);
  EXPECT_NE(neighbour.reason.find("not known: texts"), std::string::npos);
}

TEST(AudiencePart, SaysWhatIsNotKnownAndHasNoValueWithoutEvidence) {
  const auto brief = brief_for("", "people in Brazil");
  const auto nothing = audience_part(read_wanted(brief), creator_of("", "", ""), nan, {});
  EXPECT_FALSE(nothing.value);
  EXPECT_EQ(nothing.reason, "not known: language, country, texts");
  const auto silent = brief_for("", "");
  const auto unasked = audience_part(read_wanted(silent), creator_of("", "BR", "pt"), 0.5, {});
  EXPECT_FALSE(unasked.value);
  EXPECT_EQ(unasked.reason, "the brief names no audience");
}

TEST(EngagementGrade, PassesThroughTheDesignsStepsAndIsContinuous) {
  const std::pair<double, double> points[] = {{0.01, 0.5}, {0.02, 0.6}, {0.03, 0.7},
                                              {0.05, 0.8}, {0.07, 0.9}, {0.1, 1}};
  for (const auto& [rate, grade] : points) {
    EXPECT_NEAR(engagement_grade(rate), grade, 1e-12);
    EXPECT_NEAR(engagement_grade(rate - 1e-9), grade, 1e-6);
    EXPECT_NEAR(engagement_grade(rate + 1e-9), grade, 1e-6);
  }
  EXPECT_DOUBLE_EQ(engagement_grade(0), 0.3);
  EXPECT_DOUBLE_EQ(engagement_grade(-1), 0.3);
  EXPECT_DOUBLE_EQ(engagement_grade(5), 1);
  EXPECT_NEAR(engagement_grade(0.04), 0.75, 1e-12);
}

TEST(EngagementPart, BelievesTheFollowersAsFarAsTheyAreCredible) {
  Creator creator;
  EXPECT_FALSE(engagement_part(creator).value);
  creator.engagement_rate = nan;
  EXPECT_FALSE(engagement_part(creator).value);
  creator.engagement_rate = 0.05;
  EXPECT_NEAR(*engagement_part(creator).value, 0.8, 1e-12);
  creator.credibility = Credibility{0.25, 0, 1};
  EXPECT_NEAR(*engagement_part(creator).value, 0.8 * 0.625, 1e-12);
}

TEST(BudgetGrade, PassesThroughTheDesignsStepsAndNeverFalls) {
  for (const auto& [ratio, grade] :
       {std::pair(0.4, 0.4), {0.6, 0.6}, {0.8, 0.8}, {1.0, 0.9}, {1.5, 1.0}, {9.0, 1.0}, {0.0, 0.0}})
    EXPECT_NEAR(budget_grade(ratio), grade, 1e-12);
  double last = -1;
  for (double ratio = 0; ratio < 2; ratio += 0.01) {
    EXPECT_GE(budget_grade(ratio), last);
    last = budget_grade(ratio);
  }
}

TEST(BudgetPart, IsUnknownWithoutBudgetOrPrice) {
  Brief brief;
  Creator creator;
  EXPECT_EQ(budget_part(brief, creator, 10).reason, "the brief names no budget");
  brief.total_budget_usd = 1000;
  EXPECT_EQ(budget_part(brief, creator, 10).reason, "the price is not known");
  creator.price_usd = 100;
  EXPECT_NEAR(*budget_part(brief, creator, 10).value, 0.9, 1e-12);
  brief.total_budget_usd = 0;
  EXPECT_FALSE(budget_part(brief, creator, 10).value);
}

TEST(SizeGrade, RunsFromAThousandToTenMillion) {
  EXPECT_DOUBLE_EQ(size_grade(0), 0);
  EXPECT_DOUBLE_EQ(size_grade(-5), 0);
  EXPECT_DOUBLE_EQ(size_grade(1000), 0);
  EXPECT_NEAR(size_grade(100'000), 0.5, 1e-12);
  EXPECT_DOUBLE_EQ(size_grade(10'000'000), 1);
  EXPECT_DOUBLE_EQ(size_grade(90'000'000), 1);
}

Candidate candidate_of(double fused, double keyword, double semantic, double quality, double cosine) {
  Candidate out;
  out.score = fused;
  out.keyword = keyword;
  out.semantic = semantic;
  out.quality = quality;
  out.cosine = cosine;
  return out;
}

TEST(ScoreCreator, ThePartsThatAreKnownShareTheWeightOfTheOthers) {
  const auto brief = brief_for("fitness", "");
  auto profile = *built_in_profile("balanced");
  profile.match = {0.5, 0.2, 0.2, 0.05, 0.05};
  const auto scored = score_creator(profile, read_wanted(brief), creator_of("cars", "", ""),
                                    candidate_of(0.6, 0.5, 0.7, 0.1, 0.4), {});
  // Only relevance and niche are known: 0.5 and 0.2 of 0.7.
  EXPECT_NEAR(scored.score, 0.6 * 0.5 / 0.7, 1e-12);
  EXPECT_DOUBLE_EQ(part_value(scored, "audience"), 0.5);
  EXPECT_DOUBLE_EQ(part_value(scored, "niche"), 0);
}

TEST(ScoreCreator, Seed001IsTheDesignsSum) {
  const Brief brief;
  auto profile = *built_in_profile("seed-001");
  profile.ranking.alpha = 0.5;
  profile.ranking.beta = 0.3;
  profile.ranking.gamma = 0.2;
  const auto wanted = read_wanted(brief);
  EXPECT_NEAR(score_creator(profile, wanted, {}, candidate_of(0, 0.8, 0.4, 0.1, 0.2), {}).score,
              0.5 * 0.8 + 0.3 * 0.4 + 0.2 * 0.1, 1e-12);
  EXPECT_NEAR(score_creator(profile, wanted, {}, candidate_of(0, 0.8, nan, 0.1, nan), {}).score,
              0.5 * 0.8 + 0.2 * 0.1, 1e-12);
}

TEST(ScoreCreator, Seed002WeighsEngagementSizeAndLikeness) {
  const Brief brief;
  const auto profile = *built_in_profile("seed-002");
  Creator creator;
  creator.engagement_rate = 0.05;
  creator.total_followers = 100'000;
  EXPECT_NEAR(score_creator(profile, read_wanted(brief), creator, candidate_of(0, 0, 0.6, 0, 0.4), {}).score,
              0.3 * 0.8 + 0.2 * 0.5 + 0.5 * 0.6, 1e-12);
  EXPECT_NEAR(score_creator(profile, read_wanted(brief), {}, candidate_of(0, 0, nan, 0, nan), {}).score, 0,
              1e-12);
}

TEST(ScoreCreator, Seed004IsLikenessAloneAndItsPartsWeighNothing) {
  const auto brief = brief_for("fitness", "runners");
  const auto profile = *built_in_profile("seed-004");
  auto creator = creator_of("health", "", "");
  creator.engagement_rate = 0.06;
  creator.total_followers = 200'000;
  const auto scored =
      score_creator(profile, read_wanted(brief), creator, candidate_of(0.9, 0.9, 0.9, 0.9, 0.42), {});
  EXPECT_DOUBLE_EQ(scored.score, 0.42);
  EXPECT_FALSE(scored.clamped);
  EXPECT_DOUBLE_EQ(part_value(scored, "niche"), 0.9);
  EXPECT_DOUBLE_EQ(part_value(scored, "audience"), 0.58);
  EXPECT_DOUBLE_EQ(part_value(scored, "engagement"), 0.8);
  EXPECT_DOUBLE_EQ(part_value(scored, "budget"), 0.5);
  for (const auto& part : scored.parts)
    EXPECT_EQ(part.weight, part.name == "similarity" ? 1 : 0) << part.name;
  const auto below = score_creator(profile, read_wanted(brief), creator, candidate_of(0, 0, 0, 0, -0.3), {});
  EXPECT_DOUBLE_EQ(below.score, 0);
  EXPECT_TRUE(below.clamped);
  EXPECT_DOUBLE_EQ(below.order, -0.3);  // below zero the order goes on
}

}  // namespace
}  // namespace cdx
