#include <gtest/gtest.h>

#include "support/match_world.h"

namespace cdx {
namespace {

const Time now = *parse_time("2026-06-01");

Collaboration work(std::string brand, CollaborationKind kind, std::optional<int> days,
                   double confidence = 1) {
  Collaboration out;
  out.name = brand;
  out.brand = std::move(brand);
  out.kind = kind;
  out.posts = 1;
  out.confidence = confidence;
  if (days) out.last = now - std::chrono::hours(24 * *days);
  return out;
}

Brief brief_of(std::string brand, std::vector<std::string> competitors) {
  Brief out;
  out.brand_name = std::move(brand);
  out.competitors = std::move(competitors);
  return out;
}

MatchPart part_of(const Brief& brief, std::vector<Collaboration> works) {
  Creator creator;
  creator.sponsored_share = 0.2;
  creator.collaborations = std::move(works);
  auto wanted = read_wanted(brief);
  wanted.now = now;
  return history_part(wanted, creator);
}

TEST(HistoryPart, ACompetitorCountsLessTheLongerAgoItWas) {
  const auto brief = brief_of("Asana", {"Flexa Sports"});
  const auto at = [&](int days) {
    return *part_of(brief, {work("flexasports", CollaborationKind::paid, days)}).value;
  };
  EXPECT_DOUBLE_EQ(at(0), 0);
  EXPECT_DOUBLE_EQ(at(90), 0);
  EXPECT_NEAR(at(200), 0.5 - 0.5 * 165 / 275, 1e-9);
  EXPECT_DOUBLE_EQ(at(-3), 0);  // a post dated in the future
  EXPECT_FALSE(part_of(brief, {work("flexasports", CollaborationKind::paid, 365)}).value);
}

TEST(HistoryPart, TellsTheBrandFromItsCompetitors) {
  const auto brief = brief_of("Asana", {"Flexa", "asana"});  // nobody competes with itself
  EXPECT_DOUBLE_EQ(*part_of(brief, {work("asana", CollaborationKind::paid, 10)}).value, 1);
  EXPECT_DOUBLE_EQ(*part_of(brief, {work("flexa", CollaborationKind::affiliate, 10)}).value, 0.15);
  EXPECT_DOUBLE_EQ(*part_of(brief, {work("flexa", CollaborationKind::gifted, 10)}).value, 0.35);
  EXPECT_DOUBLE_EQ(*part_of(brief, {work("flexa", CollaborationKind::paid, {})}).value, 0.25);
  EXPECT_NEAR(*part_of(brief, {work("flexa", CollaborationKind::paid, 1, 0.6)}).value, 0.2, 1e-9);
  const auto both =
      part_of(brief, {work("asana", CollaborationKind::paid, 10), work("flexa", CollaborationKind::paid, 1)});
  EXPECT_DOUBLE_EQ(*both.value, 0.5);
  EXPECT_EQ(
      both.reason,
      "paid work for flexa, a competitor, yesterday; paid work for asana, the brand itself, 10 days ago");
}

TEST(HistoryPart, NothingDisclosedIsNotKnownAndWeighsNothing) {
  const auto brief = brief_of("Asana", {"Flexa"});
  const auto none =
      part_of(brief, {work("", CollaborationKind::paid, 1), work("flex", CollaborationKind::paid, 1)});
  EXPECT_FALSE(none.value);
  EXPECT_EQ(none.reason, "its posts disclose no work for the brand or its competitors");
  EXPECT_EQ(history_part(read_wanted(brief), {}).reason,
            "no posts are known that could disclose work for brands");
  EXPECT_EQ(part_of({}, {work("", CollaborationKind::paid, 1)}).reason, "the brief names no brand");
}

TEST(HistoryPart, RanksAConflictedCreatorBehindAnEqualOne) {
  test::World world;
  const test::Made made{"fitness/yoga", "yoga mat practice", "BR", "pt", Platform::tiktok, 500, 0.1, 1.0, {}};
  const auto first = world.add(made), second = world.add(made);
  auto brief = test::yoga_brief();
  brief.competitors = {"Flexa"};
  const auto ranked = [&] {
    const auto answer = world.matcher->match({}, brief);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer->hits;
  };
  const auto before = ranked();
  ASSERT_EQ(before.size(), 2U);
  EXPECT_DOUBLE_EQ(before[0].score, before[1].score);
  const auto leader = before[0].id;
  auto creator = world.store->creators({}, std::span(&leader, 1)).value().front();
  creator.sponsored_share = 0.5;
  creator.collaborations = {work("flexa", CollaborationKind::paid, 5)};
  ChangeSet changes;
  changes.based_on = world.store->revision({}).value();
  changes.creators = {creator};
  ASSERT_TRUE(world.store->commit({}, changes));
  world.index({});  // another generation: what was ranked before is no longer remembered
  world.add({"cars", "cars", "", "", Platform::x, 1, {}, {}, {}});
  const auto after = ranked();
  EXPECT_EQ(after[1].id, leader);
  EXPECT_EQ(after[0].id, leader == first ? second : first);
  EXPECT_LT(after[1].score, before[0].score);
  double sum = 0;
  for (const auto& part : after[1].parts) sum += part.contribution;
  EXPECT_NEAR(sum, after[1].score, 1e-6);
}

}  // namespace
}  // namespace cdx
