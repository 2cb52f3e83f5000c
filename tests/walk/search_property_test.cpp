// What must hold for any question: pages add up to the total without doubles or gaps, the order is the same
// for every limit, facets are what a recount gives, parts add up to scores.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "embed/hashing/hashing_embedder.h"
#include "pipeline/commit.h"
#include "pipeline/follower.h"
#include "search/search.h"
#include "store/memory/memory_store.h"

namespace cdx {
namespace {

constexpr std::size_t dimension = 32, creators = 2'000, questions = 10'000;
constexpr std::string_view vocabulary[] = {
    "gym",  "fitness", "yoga", "crypto", "news",   "ai",      "music",  "dance",  "travel",  "vegan",
    "food", "games",   "tech", "photo",  "berlin", "finance", "stocks", "robots", "science", "art"};
constexpr std::string_view countries[] = {"DE", "BR", "IN", "US", ""};

class Made {
 public:
  Made() {
    std::vector<AccountUpdate> updates;
    for (std::size_t i = 0; i < creators; ++i) updates.push_back({account(i), {}, {}});
    EXPECT_TRUE(commit_accounts(call, *store, clock, updates, {}));
    Follower follower(*store, *backend, embedder.get(), clock);
    EXPECT_TRUE(follower.catch_up(call));
    SearcherOptions options;
    options.rerank_budget = std::chrono::seconds{10};  // a slow machine is no reason for another order
    searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock, options);
  }

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); }
  std::string words(std::size_t most) {
    std::string out;
    for (auto n = 1 + below(most); n > 0; --n)
      out += (out.empty() ? "" : " ") + std::string(vocabulary[below(std::size(vocabulary))]);
    return out;
  }
  Query question() {
    Query out;
    out.highlight = false;
    out.text = below(8) == 0 ? "" : words(3);
    if (below(4) == 0) out.text += " but not " + words(1);
    if (below(6) == 0) out.text += " -" + words(1);
    if (below(8) == 0) out.text += " \"" + words(2) + "\"";
    if (below(2) == 0) out.filter = Filter::keyword_in("country", {std::string(countries[below(4)])});
    if (below(4) == 0) out.filter = Filter::number_in("followers", {}, static_cast<double>(below(5'000)));
    if (below(4) == 0) out.sort = {{below(2) == 0 ? "followers" : "name", below(2) == 0}};
    if (below(3) == 0) out.mode = static_cast<SearchMode>(below(4));
    if (below(3) == 0) out.min_score = 0.3 * static_cast<double>(below(3));
    out.facets = {"country"};
    return out;
  }

  std::mt19937_64 random{20'261'121};
  Call call;
  ManualClock clock{*parse_time("2026-06-01")};
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<EmbeddingProvider> embedder = *open_hashing_embedder({dimension});
  std::unique_ptr<SearchBackend> backend = *make_embedded_backend(creator_schema(dimension));
  std::unique_ptr<Searcher> searcher;

 private:
  Account account(std::size_t i) {
    Account out;
    out.platform = Platform::youtube;
    out.user_id = "user" + std::to_string(i);
    out.id = account_id(out.platform, out.user_id);
    Provenance terms;
    terms.source = "made up";
    terms.basis = "test";
    const auto origin = out.origin(terms);
    out.name = {{words(2), origin}};
    out.bio = {{words(6), origin}};
    out.followers = {{static_cast<std::int64_t>(below(10'000)), origin}};
    if (const auto country = countries[below(5)]; !country.empty())
      out.country = {{std::string(country), origin}};
    return out;
  }
};

// All pages of a question; counts the requests made.
std::vector<Hit> pages(const Made& made, Query query, std::size_t& asked, Answer& first) {
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
  Made made;
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
