#include "search/negation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "search/fuse.h"

namespace cdx {
namespace {

using Vector = std::vector<float>;

// A unit vector so far from "news" (0 degrees) towards "crypto" (90 degrees).
Vector towards_crypto(double degrees) {
  const double angle = degrees * 3.14159265358979 / 180;
  return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

class WeighUnwanted : public ::testing::Test {
 protected:
  WeighUnwanted() {
    add(1, "AI News", "news about models, every day", 20);
    add(2, "Coin Talk", "prices and charts, every day", 80);  // never says the word
    add(3, "Crypto Daily", "crypto news", 70);
    add(4, "AI Weekly", "news about models, chips, robots, law, research, games and once about crypto", 25);
    IndexBatch batch;
    batch.upserts = std::move(documents_);
    EXPECT_TRUE(backend_->apply(Call{}, batch));
    plan_.unwanted = {{0, "crypto", words_of("crypto")}};
    plan_.retrieval.vectors = everywhere(towards_crypto(0));
    plan_.retrieval.contrasts = {everywhere(towards_crypto(90))};
    plan_.retrieval.number_fields = {"quality"};
  }

  Objections weigh() {
    const auto view = backend_->view();
    retrieved_ = *view->retrieve(Call{}, plan_.retrieval);
    return *weigh_unwanted(Call{}, *view, plan_, retrieved_, RankingWeights());
  }

  SearchPlan plan_;
  Retrieved retrieved_;
  std::unique_ptr<SearchBackend> backend_ = *make_embedded_backend(creator_schema(2));

 private:
  static std::vector<Vector> everywhere(const Vector& one) {
    return std::vector<Vector>(creator_schema(2).vectors.size(), one);
  }
  void add(std::uint64_t id, std::string name, std::string bio, double degrees) {
    const auto schema = creator_schema(2);
    Document out{id, {}, {}, {}, {}};
    out.texts.resize(schema.texts.size());
    out.texts[0] = std::move(name);
    out.texts[4] = std::move(bio);
    out.keywords.resize(schema.keywords.size());
    out.numbers.assign(schema.numbers.size(), no_number);
    out.vectors.resize(schema.vectors.size());
    out.vectors[0] = towards_crypto(degrees);
    documents_.push_back(std::move(out));
  }
  std::vector<Document> documents_;
};

TEST_F(WeighUnwanted, WhoIsAboutItWeighsFarMoreThanWhoMentionsIt) {
  const auto objections = weigh();
  ASSERT_EQ(retrieved_.documents, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(objections.share[0], 0);
  EXPECT_NEAR(objections.share[1], 0.8, 1e-3);  // by meaning alone
  EXPECT_EQ(objections.each[0][1].words, 0);
  EXPECT_GT(objections.share[2], 0.95);  // meaning, words and name
  EXPECT_TRUE(objections.each[0][2].named);
  EXPECT_FALSE(objections.each[0][3].named);
  EXPECT_LT(objections.share[3], 0.7);
  EXPECT_LT(objections.share[3], objections.share[1]);
}

TEST_F(WeighUnwanted, WithoutVectorsWordsAloneWeigh) {
  plan_.retrieval.vectors.clear();
  plan_.retrieval.contrasts.clear();
  const auto objections = weigh();
  EXPECT_EQ(objections.share[1], 0);
  EXPECT_GT(objections.share[2], 0.9);
  EXPECT_FALSE(objections.each[0][2].compared);
}

TEST_F(WeighUnwanted, PartsOfTheWordsWeighHalf) {
  const auto whole = weigh().each[0][2].words;
  plan_.unwanted = {{0, "crypto gambling", words_of("crypto gambling")}};
  const auto half = weigh().each[0][2];
  EXPECT_LT(half.words, whole);
  EXPECT_FALSE(half.named);
}

TEST_F(WeighUnwanted, NothingUnwantedIsNoObjection) {
  plan_.unwanted.clear();
  EXPECT_TRUE(weigh().share.empty());
}

TEST_F(WeighUnwanted, ThePartsStillAddUpToTheScore) {
  const auto objections = weigh();
  const auto schema = creator_schema(2);
  auto fused = fuse(retrieved_, schema, RankingWeights(), SearchMode::hybrid, true);
  take_unwanted(fused, objections.share);
  std::vector<std::size_t> order{0, 1, 2, 3};
  add_second_look(fused, {0.2, 1, 0.5, 0}, 0.3, retrieved_, std::span(order).first(3));
  for (std::size_t i = 0; i < 4; ++i) {
    double sum = 0;
    for (const auto& part :
         score_parts(retrieved_, schema, RankingWeights(), SearchMode::hybrid, true, fused, i))
      sum += part.value * part.weight;
    EXPECT_NEAR(sum, fused.scores[i], 1e-6);
    EXPECT_LE(fused.scores[i], 1);
  }
}

}  // namespace
}  // namespace cdx
