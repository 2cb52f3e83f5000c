#include "pipeline/follower.h"

#include <gtest/gtest.h>

#include "embed/hashing/hashing_embedder.h"
#include "pipeline/commit.h"
#include "pipeline/embed_missing.h"
#include "store/memory/memory_store.h"
#include "support/faulty_store.h"

namespace cdx {
namespace {

AccountUpdate update(int number, const std::string& bio) {
  AccountUpdate out;
  out.account.platform = Platform::tiktok;
  out.account.user_id = "user" + std::to_string(number);
  out.account.id = account_id(Platform::tiktok, out.account.user_id);
  Provenance terms;
  terms.fetched_at = Time{std::chrono::hours{1'000 + number}};
  const auto origin = out.account.origin(terms);
  out.account.handle = {{out.account.user_id, origin}};
  out.account.bio = {{bio, origin}};
  ContentItem item;
  item.id = content_id(Platform::tiktok, out.account.user_id);
  item.account = out.account.id;
  item.title = "post of " + out.account.user_id + " on " + bio;
  out.items.push_back(item);
  return out;
}

struct Parts {
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<EmbeddingProvider> embedder = *open_hashing_embedder({64});
  std::unique_ptr<SearchBackend> backend = *make_embedded_backend(creator_schema(64));
  SystemClock clock;
  Call call;
};

// Everything the index says about every document, for comparing two of them.
std::string contents(const SearchBackend& backend) {
  const auto view = backend.view();
  Retrieval everything;
  everything.facet_fields = {"platform", "follower_band"};
  everything.number_fields = {"quality"};
  const auto found = view->retrieve({}, everything);
  std::string out;
  for (const auto document : found->documents) {
    out += std::to_string(document);
    for (const auto& vector : view->vectors_of(document))
      for (const float x : vector) out += "," + std::to_string(x);
    out += "\n";
  }
  return out;
}

TEST(Follower, WordsAreSearchableBeforeMeaningIs) {
  Parts parts;
  ASSERT_TRUE(
      commit_accounts(parts.call, *parts.store, parts.clock, {update(1, "samba"), update(2, "chess")}, {}));
  Follower follower(*parts.store, *parts.backend, parts.embedder.get(), parts.clock);
  ASSERT_TRUE(*follower.step(parts.call));
  EXPECT_EQ(parts.backend->view()->size(), 2U);
  EXPECT_EQ(follower.progress().passages, 4U);
  EXPECT_EQ(follower.progress().passages_done, 0U);
  ASSERT_TRUE(follower.catch_up(parts.call));
  EXPECT_EQ(follower.progress().passages_done, 4U);
  EXPECT_TRUE(follower.progress().caught_up);
}

TEST(Follower, AQuietSystemEmbedsNothing) {
  Parts parts;
  ASSERT_TRUE(commit_accounts(parts.call, *parts.store, parts.clock, {update(1, "samba")}, {}));
  Follower follower(*parts.store, *parts.backend, parts.embedder.get(), parts.clock);
  ASSERT_TRUE(follower.catch_up(parts.call));
  const auto generation = parts.backend->view()->generation();
  EXPECT_FALSE(*follower.step(parts.call));
  EXPECT_EQ(parts.backend->view()->generation(), generation);
}

TEST(Follower, KeptVectorsMakeARebuildFree) {
  Parts parts;
  ASSERT_TRUE(
      commit_accounts(parts.call, *parts.store, parts.clock, {update(1, "samba"), update(2, "chess")}, {}));
  EmbedProgress last;
  ASSERT_TRUE(
      embed_missing(parts.call, *parts.store, *parts.embedder, {}, [&](const auto& now) { last = now; }));
  EXPECT_EQ(last.embedded, 4U);
  Follower follower(*parts.store, *parts.backend, parts.embedder.get(), parts.clock);
  ASSERT_TRUE(*follower.step(parts.call));
  EXPECT_EQ(follower.progress().passages_done, 4U);  // in the first step: nothing was left to embed
  ASSERT_TRUE(
      embed_missing(parts.call, *parts.store, *parts.embedder, {}, [&](const auto& now) { last = now; }));
  EXPECT_EQ(last.embedded, 0U);
}

TEST(Follower, WhateverFailsAndRepeatsTheIndexEqualsThatOfACalmRun) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Parts calm, storm;
    test::FaultyStore faulty(*storm.store, seed, 0.2);
    Follower at_storm(faulty, *storm.backend, storm.embedder.get(), storm.clock,
                      {.change_batch = 3, .embed_batch = 4});
    for (int round = 0; round < 4; ++round) {
      std::vector<AccountUpdate> updates;
      for (int i = 0; i < 10; ++i)
        updates.push_back(update(i * (round + 1) % 13 + 100 * round, "bio " + std::to_string(round)));
      ASSERT_TRUE(commit_accounts(calm.call, *calm.store, calm.clock, updates, {}));
      while (!commit_accounts(storm.call, faulty, storm.clock, updates, {})) {
      }
      for (int i = 0; i < 5; ++i) (void)at_storm.step(storm.call);
    }
    Follower at_calm(*calm.store, *calm.backend, calm.embedder.get(), calm.clock);
    ASSERT_TRUE(at_calm.catch_up(calm.call));
    for (;;) {
      const auto worked = at_storm.step(storm.call);
      if (worked && !*worked) break;
    }
    EXPECT_EQ(contents(*storm.backend), contents(*calm.backend)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace cdx
