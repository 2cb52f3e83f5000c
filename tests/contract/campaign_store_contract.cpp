#include "contract/campaign_store_contract.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <ostream>
#include <stop_token>
#include <thread>
#include <tuple>

namespace cdx {

using std::chrono::seconds;
constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

void PrintTo(const CampaignStoreTwin& twin, std::ostream* out) { *out << twin.name; }

std::unique_ptr<CampaignStore> CampaignStoreContract::open_another() {
  auto opened = GetParam().open(folder_.path().string());
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? *std::move(opened) : nullptr;
}

void CampaignStoreContract::reopen() {
  store_.reset();
  store_ = open_another();
  ASSERT_TRUE(store_);
}

Time CampaignStoreContract::at(int second) { return Time(seconds(1'700'000'000 + second)); }

Campaign CampaignStoreContract::campaign(std::uint64_t number) {
  const auto text = std::to_string(number);
  Campaign campaign;
  campaign.id = {number};
  campaign.brief.product_name = "Product " + text;
  campaign.brief.brand_name = "Größe 🎬 \xd8\xb3 " + text;
  campaign.brief.product_description = std::string("zero \0 byte ", 12) + text;
  campaign.brief.target_audience = "parents " + text;
  campaign.brief.key_use_cases = {"", "use " + text, "use"};
  campaign.brief.campaign_goal = "awareness " + text;
  campaign.brief.product_niche = "fitness";
  campaign.brief.total_budget_usd = 0.1 * static_cast<double>(number);
  campaign.brief.min_followers = static_cast<std::int64_t>(number);
  campaign.brief.max_engagement = 0.25;
  campaign.brief.platforms = {"youtube", "tiktok"};
  campaign.brief.countries = {"AT"};
  campaign.brief.languages = {"de", "en"};
  campaign.created_at = at(static_cast<int>(number % 1'000));
  campaign.updated_at = at(static_cast<int>(number % 1'000) + 1);
  return campaign;
}

MatchScore CampaignStoreContract::score(std::uint64_t campaign, std::uint64_t creator, double match,
                                        int second) {
  return {{campaign}, {creator}, match, 0.1, 0.2, 0.3, 0.4, "balanced", 3, "m", at(second)};
}

void CampaignStoreContract::put(const Campaign& campaign) {
  const auto done = store().put_campaign(call_, campaign);
  EXPECT_TRUE(done) << done.error().message;
}

void CampaignStoreContract::put(const std::vector<MatchScore>& scores) {
  const auto done = store().put_scores(call_, scores);
  EXPECT_TRUE(done) << done.error().message;
}

std::vector<MatchScore> CampaignStoreContract::scores(std::uint64_t campaign, std::size_t skip,
                                                      std::size_t max) {
  auto page = store().scores(call_, {campaign}, skip, max);
  EXPECT_TRUE(page) << page.error().message;
  return page ? std::move(page->scores) : std::vector<MatchScore>();
}

std::size_t CampaignStoreContract::total(std::uint64_t campaign) {
  const auto page = store().scores(call_, {campaign}, 0, 0);
  EXPECT_TRUE(page) << page.error().message;
  return page ? page->total : 0;
}

std::vector<MatchScore> CampaignStoreContract::history(std::uint64_t campaign, std::uint64_t creator) {
  auto former = store().score_history(call_, {campaign}, {creator});
  EXPECT_TRUE(former) << former.error().message;
  return former ? *std::move(former) : std::vector<MatchScore>();
}

TEST_P(CampaignStoreContract, AnEmptyStoreKnowsNothing) {
  EXPECT_EQ(*store().campaign(call_, {1}), std::nullopt);
  EXPECT_TRUE(store().campaigns(call_, 0, 10)->empty());
  EXPECT_TRUE(scores(1).empty());
  EXPECT_EQ(total(1), 0U);
  EXPECT_TRUE(history(1, 1).empty());
  EXPECT_TRUE(store().remove_campaign(call_, {1}));
  EXPECT_TRUE(store().put_scores(call_, {}));
}

TEST_P(CampaignStoreContract, GivesBackEveryFieldOfACampaign) {
  auto full = campaign(highest);
  full.brief.max_followers = std::numeric_limits<std::int64_t>::max();
  full.brief.min_followers = std::numeric_limits<std::int64_t>::min();
  full.brief.min_engagement = std::numeric_limits<double>::denorm_min();
  full.brief.total_budget_usd = std::numeric_limits<double>::max();
  full.created_at = Time::min();
  full.updated_at = Time::max();
  Campaign empty;
  put(full);
  put(empty);
  EXPECT_EQ(*store().campaign(call_, full.id), full);
  EXPECT_EQ(*store().campaign(call_, empty.id), empty);
  EXPECT_EQ(*store().campaign(call_, {7}), std::nullopt);
}

TEST_P(CampaignStoreContract, ALaterBriefReplacesButTheBirthdayStays) {
  put(campaign(1));
  put({score(1, 1, 0.5)});
  auto later = campaign(1);
  later.brief = campaign(2).brief;
  later.created_at = at(500);
  later.updated_at = at(600);
  put(later);
  const auto kept = *store().campaign(call_, {1});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->brief, later.brief);
  EXPECT_EQ(kept->updated_at, at(600));
  EXPECT_EQ(kept->created_at, campaign(1).created_at);
  EXPECT_EQ(total(1), 1U) << "a new brief takes no scores away";
}

TEST_P(CampaignStoreContract, RefusesBriefsWithNumbersThatAreNone) {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto infinite = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinite, -infinite}) {
    std::array campaigns = {campaign(1), campaign(1), campaign(1)};
    campaigns[0].brief.total_budget_usd = bad;
    campaigns[1].brief.min_engagement = bad;
    campaigns[2].brief.max_engagement = bad;
    for (const auto& one : campaigns) {
      const auto refused = store().put_campaign(call_, one);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
      EXPECT_NE(refused.error().message.find(one.id.text()), std::string::npos) << refused.error().message;
    }
  }
  EXPECT_EQ(*store().campaign(call_, {1}), std::nullopt);
}

TEST_P(CampaignStoreContract, ListsTheNewestCampaignsFirstAndEqualOnesById) {
  for (const std::uint64_t number : {highest, std::uint64_t{5}, std::uint64_t{9}, highest - 1}) {
    auto one = campaign(number);
    one.created_at = at(number == 9 ? 99 : 1);
    put(one);
  }
  const auto ids = [&](std::size_t skip, std::size_t max) {
    std::vector<std::uint64_t> found;
    const auto page = store().campaigns(call_, skip, max);
    for (const auto& one : *page) found.push_back(one.id.value);
    return found;
  };
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(ids(0, 10), (Ids{9, 5, highest - 1, highest}));
  EXPECT_EQ(ids(1, 2), (Ids{5, highest - 1}));
  EXPECT_EQ(ids(3, std::numeric_limits<std::size_t>::max()), Ids{highest});
  EXPECT_EQ(ids(4, 10), Ids{});
  EXPECT_EQ(ids(std::numeric_limits<std::size_t>::max(), 10), Ids{});
  EXPECT_EQ(ids(0, 0), Ids{});
}

TEST_P(CampaignStoreContract, GivesBackEveryFieldOfAScore) {
  put(campaign(1));
  auto one = score(1, highest, std::numeric_limits<double>::max());
  one.niche = std::numeric_limits<double>::denorm_min();
  one.audience = -std::numeric_limits<double>::max();
  one.engagement = 0.1 + 0.2;
  one.budget = -0.0;
  one.profile = std::string("a\0b 🎯", 8);
  one.formula = std::numeric_limits<std::uint32_t>::max();
  one.model = "";
  one.at = Time::min();
  put({one});
  EXPECT_EQ(scores(1), std::vector{one});
}

TEST_P(CampaignStoreContract, OrdersScoresByMatchAndThenByCreator) {
  put(campaign(1));
  put(campaign(2));
  put({score(1, highest, 0.5), score(1, 3, 0.5), score(1, 2, 0.9), score(1, highest - 1, 0.5),
       score(1, 1, -0.5), score(1, 4, 0), score(1, 5, -0.0), score(2, 9, 0.7)});
  using Ids = std::vector<std::uint64_t>;
  const auto ids = [&](std::size_t skip, std::size_t max) {
    Ids found;
    for (const auto& one : scores(1, skip, max)) found.push_back(one.creator.value);
    return found;
  };
  EXPECT_EQ(ids(0, 100), (Ids{2, 3, highest - 1, highest, 4, 5, 1}));
  EXPECT_EQ(ids(2, 3), (Ids{highest - 1, highest, 4}));
  EXPECT_EQ(ids(6, std::numeric_limits<std::size_t>::max()), Ids{1});
  EXPECT_EQ(ids(7, 5), Ids{});
  EXPECT_EQ(ids(std::numeric_limits<std::size_t>::max(), 5), Ids{});
  EXPECT_EQ(store().scores(call_, {1}, 100, 5)->total, 7U) << "counted also beyond the end";
  EXPECT_EQ(total(2), 1U);
}

TEST_P(CampaignStoreContract, WhatAScoreReplacesGoesToTheHistoryInOrder) {
  put(campaign(1));
  const auto first = score(1, 7, 0.5, 30), second = score(1, 7, 0.6, 10), third = score(1, 7, 0.5, 20);
  put({first});
  EXPECT_TRUE(history(1, 7).empty());
  put({second});
  put({third});
  EXPECT_EQ(scores(1), std::vector{third});
  EXPECT_EQ(history(1, 7), (std::vector{first, second})) << "in the order replaced, whatever their times";
  EXPECT_TRUE(history(1, 8).empty());
  EXPECT_TRUE(history(2, 7).empty());
}

TEST_P(CampaignStoreContract, AScoreThatDiffersOnlyInTimeMakesNoHistory) {
  put(campaign(1));
  put({score(1, 7, 0.5, 1)});
  put({score(1, 7, 0.5, 2)});
  EXPECT_EQ(scores(1), std::vector{score(1, 7, 0.5, 2)}) << "but it replaces";
  put({score(1, 7, 0.5, 1)});
  EXPECT_EQ(scores(1)[0].at, at(1)) << "an earlier one as well";
  EXPECT_TRUE(history(1, 7).empty());
}

TEST_P(CampaignStoreContract, EveryOtherFieldMakesHistory) {
  put(campaign(1));
  std::vector<MatchScore> versions(9, score(1, 7, 0.5));
  versions[1].match = std::nextafter(0.5, 1);
  versions[2].niche = 0;
  versions[3].audience = 0;
  versions[4].engagement = 0;
  versions[5].budget = 0;
  versions[6].profile = "seed-004";
  versions[7].formula = 4;
  versions[8].model = "";
  for (const auto& version : versions) put({version});
  EXPECT_EQ(scores(1), std::vector{versions.back()});
  versions.pop_back();
  EXPECT_EQ(history(1, 7), versions);
}

TEST_P(CampaignStoreContract, OfEqualScoresInOneCallTheLastCountsSoThatRepeatingIsSafe) {
  put(campaign(1));
  const std::vector twice = {score(1, 7, 0.1), score(1, 8, 0.3), score(1, 7, 0.2)};
  put(twice);
  put(twice);
  EXPECT_EQ(scores(1), (std::vector{score(1, 8, 0.3), score(1, 7, 0.2)}));
  EXPECT_TRUE(history(1, 7).empty());
}

TEST_P(CampaignStoreContract, ScoresOfAnUnknownCampaignAreNotFoundAndNothingIsWritten) {
  put(campaign(1));
  put(campaign(3));
  put({score(1, 7, 0.1)});
  const auto failed = store().put_scores(
      call_, std::vector{score(1, 7, 0.9), score(3, 1, 0.5), score(2, 1, 0.5), score(1, 9, 0.9)});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::not_found);
  EXPECT_NE(failed.error().message.find(CampaignId{2}.text()), std::string::npos) << failed.error().message;
  EXPECT_EQ(scores(1), std::vector{score(1, 7, 0.1)});
  EXPECT_TRUE(history(1, 7).empty());
  EXPECT_EQ(total(3), 0U);
}

TEST_P(CampaignStoreContract, RefusesScoresThatAreNoNumbersAndWritesNothing) {
  put(campaign(1));
  double MatchScore::*const parts[] = {&MatchScore::match, &MatchScore::niche, &MatchScore::audience,
                                       &MatchScore::engagement, &MatchScore::budget};
  for (const auto part : parts) {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity()}) {
      auto one = score(1, 8, 0.5);
      one.*part = bad;
      const auto refused = store().put_scores(call_, std::vector{score(1, 7, 0.5), one});
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
      EXPECT_NE(refused.error().message.find(one.creator.text()), std::string::npos);
    }
  }
  EXPECT_EQ(total(1), 0U);
}

TEST_P(CampaignStoreContract, AWholeRankingSendsTheOthersToTheHistory) {
  put(campaign(1));
  put(campaign(2));
  put({score(1, 7, 0.5), score(1, 8, 0.4), score(1, highest, 0.3), score(2, 8, 0.9)});
  const auto replace = [&](std::uint64_t id, const std::vector<MatchScore>& ranking) {
    return store().replace_scores(call_, {id}, ranking);
  };
  ASSERT_TRUE(replace(1, {score(1, 9, 0.8), score(1, 7, 0.6)}));
  EXPECT_EQ(scores(1), (std::vector{score(1, 9, 0.8), score(1, 7, 0.6)}));
  EXPECT_EQ(history(1, 7), std::vector{score(1, 7, 0.5)});
  EXPECT_EQ(history(1, 8), std::vector{score(1, 8, 0.4)});
  EXPECT_EQ(history(1, highest), std::vector{score(1, highest, 0.3)});
  EXPECT_EQ(scores(2), std::vector{score(2, 8, 0.9)}) << "another campaign's stay";
  ASSERT_TRUE(replace(1, {score(1, 9, 0.8), score(1, 7, 0.6)}));
  EXPECT_EQ(history(1, 8).size(), 1U) << "repeating is safe";
  ASSERT_TRUE(replace(1, {score(1, 8, 0.4)}));
  EXPECT_EQ(scores(1), std::vector{score(1, 8, 0.4)}) << "back again";
  EXPECT_EQ(history(1, 8).size(), 1U);
  EXPECT_EQ(history(1, 7), (std::vector{score(1, 7, 0.5), score(1, 7, 0.6)}));
  ASSERT_TRUE(replace(1, {}));
  EXPECT_EQ(total(1), 0U);
  EXPECT_EQ(history(1, 8).size(), 2U);
}

TEST_P(CampaignStoreContract, AWholeRankingIsWrittenWhollyOrNot) {
  put(campaign(1));
  put({score(1, 7, 0.5)});
  auto bad = score(1, 9, 0.5);
  bad.budget = std::numeric_limits<double>::quiet_NaN();
  const std::vector ranking = {score(1, 8, 0.5), bad};
  EXPECT_EQ(store().replace_scores(call_, {1}, ranking).error().kind, ErrorKind::invalid);
  const std::vector foreign = {score(1, 8, 0.5), score(2, 8, 0.5)};
  EXPECT_EQ(store().replace_scores(call_, {1}, foreign).error().kind, ErrorKind::invalid);
  EXPECT_EQ(store().replace_scores(call_, {3}, {}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(scores(1), std::vector{score(1, 7, 0.5)});
  EXPECT_TRUE(history(1, 7).empty());
}

TEST_P(CampaignStoreContract, ARemovedCampaignTakesItsScoresAndHistoryAlong) {
  for (const std::uint64_t number : {1U, 2U}) {
    put(campaign(number));
    put({score(number, 7, 0.1), score(number, 8, 0.1)});
    put({score(number, 7, 0.2)});
  }
  ASSERT_TRUE(store().remove_campaign(call_, {1}));
  ASSERT_TRUE(store().remove_campaign(call_, {1})) << "an absent one is no error";
  EXPECT_EQ(*store().campaign(call_, {1}), std::nullopt);
  EXPECT_EQ(total(1), 0U);
  EXPECT_EQ(store().put_scores(call_, std::vector{score(1, 7, 0.5)}).error().kind, ErrorKind::not_found);
  put(campaign(1));
  EXPECT_EQ(total(1), 0U) << "a new campaign with an old id begins empty";
  EXPECT_TRUE(history(1, 7).empty());
  EXPECT_EQ(total(2), 2U);
  EXPECT_EQ(history(2, 7).size(), 1U);
}

TEST_P(CampaignStoreContract, HoldsAHundredThousandScoresOfOneCampaign) {
  constexpr std::uint64_t many = 100'000;
  put(campaign(1));
  std::vector<MatchScore> all;
  for (std::uint64_t i = 0; i < many; ++i) {
    // The order of creators is not the order of matches, and there are many ties.
    const auto match = static_cast<double>((i * 7'919) % 5'000) / 5'000;
    all.push_back(score(1, i * 0x9E37'79B9'7F4A'7C15U, match));
  }
  put(all);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tuple(-a.match, a.creator) < std::tuple(-b.match, b.creator);
  });
  EXPECT_EQ(total(1), many);
  std::vector<MatchScore> read;
  for (std::size_t skip = 0; skip < many; skip += 30'000) {
    const auto page = scores(1, skip, 30'000);
    read.insert(read.end(), page.begin(), page.end());
  }
  EXPECT_TRUE(read == all);
  for (auto& one : all) one.profile = "another";
  put(all);
  EXPECT_EQ(total(1), many);
  EXPECT_EQ(history(1, all.front().creator.value).size(), 1U);
  EXPECT_EQ(history(1, all.back().creator.value).size(), 1U);
  ASSERT_TRUE(store().remove_campaign(call_, {1}));
  EXPECT_EQ(total(1), 0U);
}

TEST_P(CampaignStoreContract, ManyMayWriteAtOnceAndLoseNothing) {
  const auto other = GetParam().durable ? open_another() : nullptr;
  put(campaign(1));
  constexpr int rounds = 20, writers = 4;
  std::atomic<int> failures = 0;
  const auto run = [&](CampaignStore& store, std::uint64_t writer) {
    for (int round = 0; round < rounds; ++round) {
      // One creator of its own, and one that all of them write.
      const auto match = static_cast<double>(writer) + static_cast<double>(round) / rounds;
      const std::vector both = {score(1, writer, match), score(1, 99, match)};
      if (!store.put_scores(Call{}, both)) ++failures;
      if (!store.put_campaign(Call{}, campaign(100 + writer))) ++failures;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] { run(other && writer % 2 == 1 ? *other : store(), writer); });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(total(1), writers + 1U);
  for (std::uint64_t writer = 0; writer < writers; ++writer)
    EXPECT_EQ(history(1, writer).size(), rounds - 1U);
  EXPECT_EQ(history(1, 99).size(), rounds * writers - 1U) << "every replacement left its trace";
  EXPECT_EQ(store().campaigns(call_, 0, 100)->size(), writers + 1U);
}

TEST_P(CampaignStoreContract, HeedsTheCall) {
  put(campaign(1));
  std::stop_source source;
  source.request_stop();
  const Call stopped{.stop = source.get_token()};
  const Call late{.deadline = std::chrono::steady_clock::now() - seconds(1)};
  for (const auto& [call, kind] :
       {std::pair(stopped, ErrorKind::cancelled), std::pair(late, ErrorKind::timed_out)}) {
    EXPECT_EQ(store().put_campaign(call, campaign(2)).error().kind, kind);
    EXPECT_EQ(store().put_scores(call, std::vector{score(1, 1, 0.5)}).error().kind, kind);
    EXPECT_EQ(store().remove_campaign(call, {1}).error().kind, kind);
    EXPECT_EQ(store().campaign(call, {1}).error().kind, kind);
    EXPECT_EQ(store().campaigns(call, 0, 1).error().kind, kind);
    EXPECT_EQ(store().scores(call, {1}, 0, 1).error().kind, kind);
    EXPECT_EQ(store().score_history(call, {1}, {1}).error().kind, kind);
  }
  EXPECT_EQ(store().campaigns(call_, 0, 10)->size(), 1U);
  EXPECT_EQ(total(1), 0U);
}

TEST_P(CampaignStoreContract, AnotherHandleAndReopeningFindEverything) {
  put(campaign(1));
  put({score(1, 7, 0.1)});
  put({score(1, 7, 0.2)});
  if (!GetParam().durable) {
    reopen();
    EXPECT_TRUE(store().campaigns(call_, 0, 10)->empty());
    return;
  }
  const auto other = open_another();
  ASSERT_TRUE(other);
  EXPECT_EQ(*other->campaign(call_, {1}), campaign(1));
  ASSERT_TRUE(other->put_scores(call_, std::vector{score(1, 7, 0.3)}));
  EXPECT_EQ(scores(1), std::vector{score(1, 7, 0.3)});
  reopen();
  EXPECT_EQ(*store().campaign(call_, {1}), campaign(1));
  EXPECT_EQ(scores(1), std::vector{score(1, 7, 0.3)});
  EXPECT_EQ(history(1, 7), (std::vector{score(1, 7, 0.1), score(1, 7, 0.2)}));
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(CampaignStoreContract);

}  // namespace cdx
