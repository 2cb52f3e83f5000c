#include "pipeline/enricher.h"

#include <gtest/gtest.h>

#include <set>

#include "embed/hashing/hashing_embedder.h"
#include "pipeline/commit.h"
#include "store/memory/memory_store.h"
#include "support/faulty_store.h"

namespace cdx {
namespace {

using std::chrono::hours;

AccountUpdate update(int number, const std::string& bio) {
  AccountUpdate out;
  out.account.platform = Platform::tiktok;
  out.account.user_id = "user" + std::to_string(number);
  out.account.id = account_id(Platform::tiktok, out.account.user_id);
  const auto origin = out.account.origin({});
  out.account.handle = {{out.account.user_id, origin}};
  out.account.bio = {{bio, origin}};
  return out;
}

// Says the bio's first word is the niche; refuses bios that say so, and everything while told to.
class FirstWordAnnotator final : public enrich::Annotator {
 public:
  std::string version() const override { return version_; }
  std::size_t batch() const override { return 3; }
  Result<std::vector<Result<enrich::Annotation>>> annotate(
      const Call&, std::span<const enrich::AnnotatorInput> inputs) override {
    if (down) return fail(ErrorKind::unavailable, "down");
    EXPECT_LE(inputs.size(), batch());
    std::vector<Result<enrich::Annotation>> out;
    for (const auto& input : inputs) {
      ++asked;
      if (!input.meaning.empty()) ++with_meaning;
      const auto bio = value_or(input.profile->accounts[0].bio, std::string());
      if (bio.starts_with("refuse")) {
        out.emplace_back(tl::unexpected<Error>({ErrorKind::invalid, "not a person", {}}));
        continue;
      }
      enrich::Annotation annotation;
      annotation.judgements = {{"niche", bio.substr(0, bio.find(' ')), 0.9, {{"bio", bio}}}};
      out.emplace_back(std::move(annotation));
    }
    return out;
  }
  std::string version_ = "first word 1";
  bool down = false;
  int asked = 0, with_meaning = 0;
};

struct Parts {
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<EmbeddingProvider> embedder = *open_hashing_embedder({64});
  ManualClock clock{Time{hours{400'000}}};
  FirstWordAnnotator annotator;
  Call call;

  void commit(const std::vector<AccountUpdate>& updates) {
    ASSERT_TRUE(commit_accounts(call, *store, clock, updates, {}));
  }
  Enricher enricher(EnricherOptions options = {}) {
    return Enricher(*store, annotator, embedder.get(), clock, options);
  }
  Creator creator(int number) {
    const auto id = creator_id(account_id(Platform::tiktok, "user" + std::to_string(number)));
    const auto found = store->creators(call, {&id, 1});
    EXPECT_TRUE(found && found->size() == 1);
    return found->front();
  }
};

constexpr const char* dance = "dance samba rio carnival choreography classes for everybody who loves to move";
constexpr const char* dance_more =
    "dance samba rio carnival choreography classes for everybody who loves to sing";
constexpr const char* chess =
    "chess openings endgames tactics puzzles grandmaster analysis every single evening";

TEST(Enricher, JudgesWhoWasNeverJudgedAndThenRests) {
  Parts parts;
  parts.commit({update(1, dance), update(2, chess)});
  auto enricher = parts.enricher();
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 2);
  EXPECT_EQ(parts.annotator.with_meaning, 2);
  EXPECT_EQ(parts.creator(1).primary_niche, "dance");
  EXPECT_EQ(parts.creator(1).judged.by, "first word 1");
  EXPECT_EQ(parts.creator(2).primary_niche, "chess");
}

TEST(Enricher, AQuietSystemJudgesNobody) {
  Parts parts;
  parts.commit({update(1, dance), update(2, chess)});
  auto enricher = parts.enricher();
  ASSERT_TRUE(enricher.catch_up(parts.call));
  const auto revision = *parts.store->revision(parts.call);
  for (int day = 0; day < 400; ++day) {  // with everybody's age looked at each day
    parts.clock.advance(hours{24});
    ASSERT_TRUE(enricher.catch_up(parts.call));
  }
  EXPECT_EQ(parts.annotator.asked, 2);
  EXPECT_EQ(*parts.store->revision(parts.call), revision);
  auto again = parts.enricher();  // a restart neither
  ASSERT_TRUE(again.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 2);
}

TEST(Enricher, DriftIsJudgedAgainALittleChangeOnlyWithAge) {
  Parts parts;
  parts.commit({update(1, dance), update(2, dance)});
  auto enricher = parts.enricher({.drift = 0.3});
  ASSERT_TRUE(enricher.catch_up(parts.call));
  parts.commit({update(1, dance_more), update(2, chess)});
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 3);
  EXPECT_EQ(parts.creator(1).primary_niche, "dance");
  EXPECT_EQ(parts.creator(2).primary_niche, "chess");
  parts.clock.advance(hours{24 * 91});
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 4) << "what changed a little is judged again after its time";
}

TEST(Enricher, WithoutVectorsChangesWaitForTheirPatience) {
  Parts parts;
  parts.commit({update(1, dance)});
  Enricher enricher(*parts.store, parts.annotator, nullptr, parts.clock);
  ASSERT_TRUE(enricher.catch_up(parts.call));
  parts.commit({update(1, chess)});
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 1);
  parts.clock.advance(hours{24 * 8});
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 2);
  EXPECT_EQ(parts.creator(1).primary_niche, "chess");
}

TEST(Enricher, ANewVersionLooksAtEverybodyAgain) {
  Parts parts;
  parts.commit({update(1, dance), update(2, chess)});
  auto enricher = parts.enricher();
  ASSERT_TRUE(enricher.catch_up(parts.call));
  parts.annotator.version_ = "first word 2";
  auto newer = parts.enricher();
  ASSERT_TRUE(newer.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 4);
  EXPECT_EQ(parts.creator(1).judged.by, "first word 2");
}

TEST(Enricher, NewFiguresDoNotUndoWhatWasJudged) {
  Parts parts;
  parts.commit({update(1, dance)});
  auto enricher = parts.enricher();
  ASSERT_TRUE(enricher.catch_up(parts.call));
  auto more = update(1, dance);
  more.account.followers = {{5'000, 0}};
  parts.commit({more});
  EXPECT_EQ(parts.creator(1).total_followers, 5'000);
  EXPECT_EQ(parts.creator(1).judged.by, "first word 1");
  EXPECT_EQ(parts.creator(1).primary_niche, "dance");
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.annotator.asked, 1);
}

TEST(Enricher, WhomTheAnnotatorRefusesGoesToQuarantineAndHoldsNobodyUp) {
  Parts parts;
  parts.commit({update(1, dance), update(2, "refuse me"), update(3, chess)});
  auto enricher = parts.enricher();
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(enricher.progress().judged, 2U);
  EXPECT_EQ(enricher.progress().failed, 1U);
  const auto quarantine = parts.store->quarantine(parts.call, "enrich", 10);
  ASSERT_TRUE(quarantine && quarantine->size() == 1);
  EXPECT_EQ(quarantine->front().key, parts.creator(2).id.text());
  EXPECT_EQ(quarantine->front().reason, "not a person");
  EXPECT_TRUE(parts.creator(2).judged.by.empty());
}

TEST(Enricher, AnOutageLosesNobody) {
  Parts parts;
  parts.commit({update(1, dance)});
  auto enricher = parts.enricher();
  parts.annotator.down = true;
  EXPECT_EQ(enricher.step(parts.call).error().kind, ErrorKind::unavailable);
  parts.annotator.down = false;
  ASSERT_TRUE(enricher.catch_up(parts.call));
  EXPECT_EQ(parts.creator(1).primary_niche, "dance");
}

TEST(Enricher, WhateverFailsAndRepeatsEverybodyIsJudgedInTheEnd) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Parts parts;
    test::FaultyStore faulty(*parts.store, seed, 0.25);
    std::vector<AccountUpdate> updates;
    for (int i = 0; i < 40; ++i) updates.push_back(update(i, i % 2 == 0 ? dance : chess));
    parts.commit(updates);
    Enricher enricher(faulty, parts.annotator, parts.embedder.get(), parts.clock, {.change_batch = 7});
    while (!enricher.catch_up(parts.call)) {
    }
    for (int i = 0; i < 40; ++i)
      EXPECT_EQ(parts.creator(i).primary_niche, i % 2 == 0 ? "dance" : "chess") << "seed " << seed;
  }
}

}  // namespace
}  // namespace cdx
