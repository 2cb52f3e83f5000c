#include "search/rerank.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "search/fuse.h"
#include "search/schema.h"

namespace cdx {
namespace {

Document with_vector(std::uint64_t id, std::vector<float> vector) {
  const auto schema = creator_schema(2);
  Document out{id, {}, {}, {}, {}};
  out.texts.resize(schema.texts.size());
  out.keywords.resize(schema.keywords.size());
  out.numbers.assign(schema.numbers.size(), no_number);
  out.vectors.resize(schema.vectors.size());
  out.vectors[0] = std::move(vector);
  return out;
}

TEST(FeedbackReranker, PrefersWhatIsLikeTheBest) {
  const auto backend = *make_embedded_backend(creator_schema(2));
  IndexBatch batch;
  for (std::uint64_t id = 1; id <= 5; ++id) batch.upserts.push_back(with_vector(id, {1, 0}));
  batch.upserts.push_back(with_vector(6, {0, 1}));
  batch.upserts.push_back(with_vector(7, {0.8F, 0.6F}));
  batch.upserts.push_back(with_vector(8, {}));
  ASSERT_TRUE(backend->apply(Call{}, batch));
  const std::vector<std::uint64_t> documents{1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<double> scores(8, 0.5);
  const auto view = backend->view();
  const auto values = feedback_reranker()->rerank(Call{}, {*view, "x", documents, scores});
  ASSERT_TRUE(values);
  constexpr double rounding = 1e-3;  // an index may keep vectors in few bits
  EXPECT_NEAR((*values)[0], 1, rounding);
  EXPECT_NEAR((*values)[5], 0, rounding);
  EXPECT_NEAR((*values)[6], (0.8 - 0.3) / 0.6, rounding);
  EXPECT_NEAR((*values)[7], (5 + 0.5 / 0.6) / 7,
              rounding);  // the mean: not knowing does not count against it
}

TEST(FeedbackReranker, StopsWhenItsTimeIsUp) {
  const auto backend = *make_embedded_backend(creator_schema(2));
  const std::vector<std::uint64_t> documents{1};
  const std::vector<double> scores{0.5};
  const auto view = backend->view();
  const auto late = feedback_reranker()->rerank(Call::within(std::chrono::milliseconds{-1}),
                                                {*view, "x", documents, scores});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::timed_out);
}

TEST(SecondLook, OnlyReordersTheBestAndLowersNoScore) {
  Fused fused;
  fused.scores = {0.9, 0.8, 0.7, 0.6};
  Retrieved retrieved;
  retrieved.documents = {1, 2, 3, 4};
  std::vector<std::size_t> order{0, 1, 2, 3};
  const auto before = fused.scores;
  add_second_look(fused, {0, 0, 1}, 0.5, retrieved, std::span(order).first(3));
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 2, 1, 3}));
  EXPECT_NEAR(fused.scores[2], 0.85, 1e-12);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_GE(fused.scores[i], before[i]);
}

}  // namespace
}  // namespace cdx
