#include "search/candidates.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx {
namespace {

// Five creators of two kinds in a space of two dimensions; the last has no vector.
std::unique_ptr<SearchBackend> five() {
  auto backend = make_embedded_backend(creator_schema(2)).value();
  IndexBatch batch;
  const std::vector<std::vector<float>> vectors = {{1, 0}, {0.6F, 0.8F}, {0, 1}, {-1, 0}, {}};
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    Profile profile;
    profile.creator.id = CreatorId{i + 1};
    profile.creator.quality = 0.1 * static_cast<double>(i);
    Account account;
    account.platform = Platform::youtube;
    account.bio = {{i % 2 == 0 ? "yoga and running" : "bread and butter", 0}};
    account.followers = {{static_cast<std::int64_t>(1000 * (i + 1)), 0}};
    profile.creator.total_followers = account.followers->value;
    profile.accounts.push_back(account);
    std::map<std::string, std::vector<float>> own;
    if (!vectors[i].empty()) own["youtube_bio"] = vectors[i];
    batch.upserts.push_back(to_document(profile, own, Time{}));
  }
  batch.reached = Revision{5};
  EXPECT_TRUE(backend->apply({}, batch));
  return backend;
}

CandidateQuestion asking(const SearchView& view) {
  CandidateQuestion out;
  out.vectors.assign(view.schema().vectors.size(), {1, 0});
  out.second_look = false;
  return out;
}

const Candidate* find(const Candidates& all, std::uint64_t id) {
  for (const auto& one : all.found)
    if (one.id.value == id) return &one;
  return nullptr;
}

TEST(Candidates, HaveTheirPartsAndCosinesUnscaledAlsoBelowZero) {
  const auto backend = five();
  const auto view = backend->view();
  auto question = asking(*view);
  question.words = "yoga";
  question.contrasts.assign(1, std::vector<std::vector<float>>(view->schema().vectors.size(), {0, 1}));
  const auto found = gather_candidates({}, *view, {}, question);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->matching, 5U);
  EXPECT_FALSE(found->cut);
  EXPECT_EQ(found->found.front().id.value, 1U);
  ASSERT_NE(find(*found, 4), nullptr);
  EXPECT_NEAR(find(*found, 4)->cosine, -1, 0.02);
  EXPECT_EQ(find(*found, 4)->semantic, 0);
  EXPECT_NEAR(find(*found, 2)->contrasts[0], 0.8, 0.02);
  ASSERT_NE(find(*found, 5), nullptr);  // by its words
  EXPECT_TRUE(std::isnan(find(*found, 5)->cosine));
  EXPECT_GT(find(*found, 5)->keyword, 0);
}

TEST(Candidates, AreAtMostSoManyAndSayThatThereAreMore) {
  const auto backend = five();
  const auto view = backend->view();
  auto question = asking(*view);
  question.max = 2;
  const auto found = gather_candidates({}, *view, {}, question);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->found.size(), 2U);
  EXPECT_TRUE(found->cut);
  EXPECT_EQ(found->found[0].id.value, 1U);
  EXPECT_EQ(found->found[1].id.value, 2U);
}

TEST(Candidates, WithoutAnyQuestionAreAllThatPassByQuality) {
  const auto backend = five();
  CandidateQuestion question;
  question.filter = Filter::number_in("followers", 2000, std::nullopt);
  const auto found = gather_candidates({}, *backend->view(), {}, question);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->matching, 4U);
  ASSERT_EQ(found->found.size(), 4U);
  EXPECT_EQ(found->found.front().id.value, 5U);
}

TEST(Candidates, RefuseWhatDoesNotFit) {
  const auto backend = five();
  const auto view = backend->view();
  auto question = asking(*view);
  question.max = 0;
  EXPECT_EQ(gather_candidates({}, *view, {}, question).error().kind, ErrorKind::invalid);
  question = asking(*view);
  question.vectors.pop_back();
  EXPECT_EQ(gather_candidates({}, *view, {}, question).error().kind, ErrorKind::invalid);
  question = asking(*view);
  question.filter = Filter::keyword_in("shoe_size", {"44"});
  EXPECT_EQ(gather_candidates({}, *view, {}, question).error().kind, ErrorKind::invalid);
  question = asking(*view);
  question.words = std::string(5000, 'x');
  EXPECT_EQ(gather_candidates({}, *view, {}, question).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace cdx
