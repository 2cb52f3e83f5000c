// What must hold for any question: pages add up to the total without doubles or gaps, the order is the same
// for every limit, facets are what a recount gives, parts add up to scores.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "walk/made_creators.h"

namespace cdx {
namespace {

constexpr std::size_t questions = 10'000;

// All pages of a question; counts the requests made.
std::vector<Hit> pages(const MadeCreators& made, Query query, std::size_t& asked, Answer& first) {
  std::vector<Hit> out;
  for (;;) {
    auto answer = made.searcher->search(made.call, query);
    ++asked;
    EXPECT_TRUE(answer) << query.text << ": " << (answer ? "" : answer.error().message);
    if (!answer) return out;
    EXPECT_EQ(answer->first_rank, out.size() + 1);
    for (auto& hit : answer->hits) out.push_back(std::move(hit));
    if (first.plan.empty()) first = *answer;
    if (answer->next_cursor.empty()) return out;
    query.cursor = answer->next_cursor;
  }
}

void expect_recount(const std::vector<Hit>& hits, const Answer& answer) {
  std::map<std::string, std::size_t> counted, said;
  for (const auto& hit : hits)
    if (!hit.profile.creator.country.empty()) ++counted[hit.profile.creator.country];
  for (const auto& one : answer.facets.at(0).second)
    if (!one.value.empty()) said[one.value] = one.count;
  EXPECT_EQ(said, counted);
}

void expect_sums(const std::vector<Hit>& hits) {
  for (const auto& hit : hits) {
    double sum = 0;
    for (const auto& part : hit.parts) sum += part.value * part.weight;
    EXPECT_NEAR(sum, hit.score, 1e-6);
  }
}

TEST(SearchProperty, HoldsForTenThousandQuestions) {
  MadeCreators made;
  std::size_t asked = 0, found = 0, empty = 0, understood = 0, paged = 0;
  for (std::size_t number = 0; number < questions && !::testing::Test::HasFailure(); ++number) {
    auto query = made.question();
    SCOPED_TRACE(query.text + " | " + describe(query.filter));
    query.limit = 100;
    Answer first, other;
    if (number % 25 != 0) {  // most questions: all of it when it is short, else its first page
      const auto glance = made.searcher->search(made.call, query);
      ASSERT_TRUE(glance) << glance.error().message;
      expect_sums(glance->hits);
      EXPECT_EQ(glance->hits.size(), std::min(glance->total, query.limit));
      if (glance->total > 250) continue;
    }
    const auto whole = pages(made, query, asked, first);
    expect_sums(whole);
    expect_recount(whole, first);
    std::set<CreatorId> distinct;
    for (const auto& hit : whole) distinct.insert(hit.id);
    EXPECT_EQ(whole.size(), first.total);
    EXPECT_EQ(distinct.size(), whole.size());
    found += whole.size();
    if (whole.empty()) ++empty;
    if (!first.understood.chips.empty()) ++understood;
    if (whole.size() > 1) ++paged;
    query.limit = 20 + made.below(80);
    const auto again = pages(made, query, asked, other);
    ASSERT_EQ(again.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(again[i].id, whole[i].id) << "limit " << query.limit;
      EXPECT_EQ(again[i].score, whole[i].score) << "limit " << query.limit;
    }
  }
  EXPECT_GT(found, 50'000U);  // the questions did reach what they are for
  EXPECT_GT(empty, 50U);
  EXPECT_GT(understood, 500U);
  EXPECT_GT(paged, 1'000U);
}

}  // namespace
}  // namespace cdx
