#include "search/schema.h"

#include <gtest/gtest.h>

#include <cmath>

#include "search/backend.h"
#include "search/understand.h"

namespace cdx {
namespace {

Profile profile(std::uint64_t id) {
  Profile out;
  out.creator.id = CreatorId{id};
  return out;
}

double number(const Document& document, std::string_view field) {
  const auto schema = creator_schema(2);
  for (std::size_t i = 0; i < schema.numbers.size(); ++i)
    if (schema.numbers[i].name == field) return document.numbers[i];
  ADD_FAILURE() << "no field " << field;
  return 0;
}

TEST(CreatorSchema, DocumentsHaveOnePartAField) {
  const auto schema = creator_schema(2);
  const auto document = to_document(profile(1), {}, {});
  EXPECT_EQ(document.texts.size(), schema.texts.size());
  EXPECT_EQ(document.keywords.size(), schema.keywords.size());
  EXPECT_EQ(document.numbers.size(), schema.numbers.size());
  EXPECT_EQ(document.vectors.size(), schema.vectors.size());
}

TEST(CreatorSchema, FiguresAreNumbersAndUnknownOnesStayUnknown) {
  auto known = profile(1);
  known.creator.emerging = 0.5;
  known.creator.credibility = Credibility{0.7, 0.6, 0.8};
  known.creator.views_per_follower = 1.5;
  known.creator.posts_per_week = 3;
  known.creator.growth_trend = -0.1;
  known.creator.growth_rate_30d = 0.2;
  known.creator.quality = 0.9;
  known.creator.risks = {"gambling", "crypto"};
  known.creator.sponsored_share = 0.25;
  Collaboration named, unnamed, again;
  named.brand = "nike";
  again.brand = "nike";
  known.creator.collaborations = {named, unnamed, again};
  const auto document = to_document(known, {}, {});
  EXPECT_EQ(number(document, "sponsored_share"), 0.25);
  EXPECT_EQ(number(document, "emerging"), 0.5);
  EXPECT_EQ(number(document, "credibility"), 0.7);
  EXPECT_EQ(number(document, "views_per_follower"), 1.5);
  EXPECT_EQ(number(document, "posts_per_week"), 3);
  EXPECT_EQ(number(document, "growth_trend"), -0.1);
  EXPECT_EQ(number(document, "growth_rate_30d"), 0.2);
  EXPECT_EQ(number(document, "quality"), 0.9);
  const auto keywords = creator_schema(2).keywords;
  for (std::size_t i = 0; i < keywords.size(); ++i)
    if (keywords[i].name == "risk") {
      EXPECT_EQ(document.keywords[i], known.creator.risks);
    } else if (keywords[i].name == "brand") {
      EXPECT_EQ(document.keywords[i], std::vector<std::string>{"nike"});
    }
  const auto unknown = to_document(profile(2), {}, {});
  for (const auto* field :
       {"emerging", "credibility", "views_per_follower", "posts_per_week", "growth_trend", "sponsored_share"})
    EXPECT_TRUE(std::isnan(number(unknown, field))) << field;
}

// The chip of "emerging creators" against a real index: who emerges and who may, not who surely does not.
TEST(EmergingChip, KeepsThoseWhoseGrowthIsNotKnown) {
  const auto backend = *make_embedded_backend(creator_schema(2));
  IndexBatch batch;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    auto one = profile(id);
    if (id == 1) one.creator.emerging = emerging_enough;
    if (id == 2) one.creator.emerging = emerging_enough - 0.01;
    batch.upserts.push_back(to_document(one, {}, {}));
  }
  batch.reached = Revision{1};
  ASSERT_TRUE(backend->apply({}, batch));
  const auto found = [&](std::string_view text) {
    const auto understood = understand(text);
    EXPECT_EQ(understood.chips.size(), 1U) << text;
    Retrieval retrieval;
    retrieval.filter = understood.chips.at(0).filter;
    EXPECT_TRUE(validate(retrieval.filter, creator_schema(2)));
    return backend->view()->retrieve({}, retrieval)->documents;
  };
  EXPECT_EQ(found("emerging creators"), (std::vector<std::uint64_t>{1, 3}));
  EXPECT_EQ(found("emerging:>=0.4 creators"), (std::vector<std::uint64_t>{1}));
  EXPECT_NE(understand("emerging creators").chips.at(0).label.find("not known"), std::string::npos)
      << "the label says that it is a preference";
}

}  // namespace
}  // namespace cdx
