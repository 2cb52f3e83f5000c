// The worked examples of docs/scoring.md, recomputed; the document must show what comes out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <span>
#include <sstream>

#include "match/optimise.h"
#include "support/match_world.h"

namespace cdx {
namespace {

const std::string& document() {
  static const std::string text = [] {
    std::ifstream in(std::string(CDX_SOURCE_DIR) + "/docs/scoring.md");
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }();
  return text;
}
bool shows(const std::string& text) { return document().find(text) != std::string::npos; }

TEST(ScoringDocument, ShowsTheMatchExampleAsItIsComputed) {
  Brief brief;
  brief.product_niche = "fitness";
  brief.target_audience = "people in Brazil who speak Portuguese";
  brief.total_budget_usd = 10'000;
  Creator creator;
  creator.primary_niche = "fitness/yoga";
  creator.country = "BR";
  creator.language = "pt";
  creator.engagement_rate = 0.04;
  creator.price_usd = 800;
  Candidate candidate;
  candidate.score = 0.62;
  const auto scored =
      score_creator(*built_in_profile("balanced"), read_wanted(brief), creator, candidate, 0.36);
  ASSERT_EQ(scored.parts.size(), 6U);
  EXPECT_EQ(scored.parts.back().name, "history");
  EXPECT_FALSE(scored.parts.back().value);
  for (const auto& part : std::span(scored.parts).first(5))
    EXPECT_TRUE(
        shows(fmt::format("| {:.4f} | {:.2f} | {:.4f} |", *part.value, part.weight, part.contribution)))
        << part.name
        << fmt::format(": {:.4f} | {:.2f} | {:.4f}", *part.value, part.weight, part.contribution);
  EXPECT_TRUE(shows(fmt::format("| score | | | | {:.4f} |", scored.score))) << scored.score;
}

TEST(ScoringDocument, ShowsTheHistoryExampleAsItIsComputed) {
  Brief brief;
  brief.brand_name = "Asana";
  brief.competitors = {"Flexa"};
  auto wanted = read_wanted(brief);
  wanted.now = *parse_time("2026-06-01");
  Creator creator;
  creator.sponsored_share = 0.1;
  Collaboration work{"flexa", "Flexa", CollaborationKind::affiliate, 1, {}, {}, 0.9, {}, {}};
  work.last = wanted.now - std::chrono::hours(24 * 200);
  creator.collaborations = {work};
  const auto part = history_part(wanted, creator);
  EXPECT_TRUE(shows(fmt::format("0.5 - {:.4f} / 2 = {:.4f}", (0.5 - *part.value) * 2, *part.value)))
      << *part.value;
}

TEST(ScoringDocument, ShowsThePlanExampleAsItIsComputed) {
  ReachProblem problem;
  problem.items = {{1, 1000, {0, 0, 0}}, {1, 900, {0, 0, 1}}};
  const ReachWeights weights;
  problem.weights = {weights.niche, weights.platform, weights.country};
  problem.pool_factor = weights.pool_factor;
  const double reach = reach_of(problem, reach_pools(problem), {0, 1});
  EXPECT_NEAR(reach, 1690, 1e-6);
  EXPECT_TRUE(shows("= 1,690 people, 210 fewer than 1,900"));
}

TEST(ScoringDocument, ShowsTheLookAlikeExampleAsItIsComputed) {
  test::World world;
  std::vector<CreatorId> ids;
  for (const std::size_t axis :
       {std::size_t{0}, std::size_t{1}, std::size_t{0}, std::size_t{1}, std::size_t{0}}) {
    const auto id = world.add({"", "words", "", "", Platform::x, 10, {}, {}, {}}, false);
    std::vector<float> vector(test::World::dimension, 0.0F);
    vector[axis] = 1;
    world.index({to_document(world.store->profiles({}, std::span(&id, 1), 0).value().front(),
                             {{"x_bio", vector}}, world.clock.now())});
    ids.push_back(id);
  }
  SimilarQuestion question;
  question.examples = {ids[0], ids[1]};
  question.counter_examples = {ids[2]};
  const auto answer = world.matcher->similar({}, question);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->hits.size(), 2U);
  EXPECT_EQ(answer->hits[0].id, ids[3]);
  EXPECT_NEAR(answer->hits[0].cosine, 0.958, 0.005);
  EXPECT_NEAR(answer->hits[1].cosine, 0.287, 0.005);
  EXPECT_TRUE(shows("has the cosine 0.958, one at (1, 0) has 0.287"));
}

}  // namespace
}  // namespace cdx
