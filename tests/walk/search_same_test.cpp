// Same snapshot, same question: the same answer, byte for byte, from any number of threads, and for any limit
// the beginning of the same list with the same totals and counts.
#include <fmt/format.h>

#include <atomic>
#include <bit>
#include <thread>

#include "walk/made_creators.h"

namespace cdx {
namespace {

constexpr std::size_t limits[] = {1, 3, 10, 50, 100};
constexpr std::size_t thread_counts[] = {1, 2, 4, 8};
constexpr std::size_t times = 1'000;  // each question is asked, over all numbers of threads and limits

std::string bits(double value) { return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value)); }

// A hit with all that a client can see of it; numbers bit for bit.
std::string serialise(const Hit& hit) {
  auto out = fmt::format("{} {} why={}\n", hit.id.text(), bits(hit.score), hit.why);
  for (const auto& part : hit.parts) {
    out += fmt::format("  {} {} {}\n", part.name, bits(part.value), bits(part.weight));
    for (const auto& [name, value] : part.details) out += fmt::format("    {} {}\n", name, bits(value));
  }
  for (const auto& [field, html] : hit.highlights) out += fmt::format("  {}: {}\n", field, html);
  const auto& creator = hit.profile.creator;
  out += fmt::format("  {} {} {} {}\n", creator.name, creator.country, creator.total_followers,
                     bits(creator.quality));
  for (const auto& account : hit.profile.accounts) out += "  " + account.id.text() + "\n";
  return out;
}

// What must not depend on the limit.
std::string serialise_rest(const Answer& answer) {
  auto out = fmt::format("total {} {} generation {} revision {} synonyms {}\nplan {}\n", answer.total,
                         answer.total_is_lower_bound, answer.generation, answer.revision.value,
                         answer.synonyms, answer.plan);
  for (const auto& [field, counts] : answer.facets)
    for (const auto& one : counts) out += fmt::format("{}={}: {}\n", field, one.value, one.count);
  for (const auto& chip : answer.understood.chips) out += chip.id + " " + chip.label + "\n";
  for (const auto& phrase : answer.understood.phrases) out += "\"" + phrase + "\"\n";
  for (const auto& note : answer.degraded) out += note + "\n";
  return out + answer.understood.rest;
}

struct Seen {
  std::vector<std::string> hits;
  std::string rest, cursor;
  friend bool operator==(const Seen&, const Seen&) = default;
};

Seen see(const MadeCreators& made, Query query, std::size_t limit) {
  query.limit = limit;
  const auto answer = made.searcher->search(made.call, query);
  EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
  if (!answer) return {};
  Seen out{{}, serialise_rest(*answer), answer->next_cursor};
  for (const auto& hit : answer->hits) out.hits.push_back(serialise(hit));
  return out;
}

std::vector<Query> questions() {
  const auto with = [](const char* text, auto&& change) {
    Query out;
    out.text = text;
    out.explain = true;
    out.facets = {"country", "follower_band"};
    change(out);
    return out;
  };
  return {
      with("fitness yoga", [](Query&) {}),
      with("ai news but not crypto", [](Query& q) { q.min_score = 0.0; }),
      with("fitnes danse", [](Query& q) { q.mode = SearchMode::keyword; }),  // misspelt
      with("berlin food", [](Query& q) { q.mode = SearchMode::semantic; }),
      with("music travel science", [](Query& q) { q.mode = SearchMode::rrf; }),
      with("\"ai music\" -games",
           [](Query& q) {
             q.sort = {{"followers", true}};
           }),
      with("",
           [](Query& q) {
             q.filter = Filter::keyword_in("country", {"DE", "IN"});
           }),
      with("tech", [](Query& q) { q.filter = Filter::number_in("followers", 2'000.0, {}); }),
  };
}

// Segments of several sizes, with graphs in the larger ones, rows replaced in each, and creators removed.
class Churned : public MadeCreators {
 public:
  Churned() : MadeCreators(options()) {
    for (const std::size_t count : {300U, 40U, 7U, 1U}) {
      std::vector<AccountUpdate> updates;
      for (std::size_t i = 0; i < count; ++i) {
        auto one = account(below(creators));
        one.origins.front().fetched_at = *parse_time("2026-05-01");
        updates.push_back({std::move(one), {}, {}});
      }
      EXPECT_TRUE(commit_accounts(call, *store, clock, updates, {}));
      follow();
    }
    ChangeSet gone;
    gone.based_on = *store->revision(call);
    for (std::size_t i = 0; i < creators; i += 17)
      gone.removed.push_back(creator_id(account_id(Platform::youtube, "user" + std::to_string(i))));
    EXPECT_TRUE(store->commit(call, gone));
    follow();
  }

 private:
  static IndexOptions options() {
    IndexOptions out;
    out.segment_documents = 600;
    out.graph_from = 200;
    out.background = false;  // nothing is to change behind the questions
    out.tidy_after = std::chrono::hours{24};
    return out;
  }
};

// One thread's share of the asking; false at the first answer that differs.
bool ask_and_compare(const MadeCreators& made, const Query& query, const std::vector<Seen>& expected,
                     std::size_t first, std::size_t step, std::size_t end) {
  for (auto i = first; i < end; i += step) {
    const auto which = i % std::size(limits);
    if (see(made, query, limits[which]) != expected[which]) return false;
  }
  return true;
}

TEST(SearchSame, GivesTheSameBytesFromAnyThreadAndForAnyLimit) {
  const Churned made;
  const auto health = made.backend->health();
  EXPECT_GT(health.segments, 2U);
  EXPECT_LT(health.documents, MadeCreators::creators);
  std::size_t longest = 0;
  for (const auto& query : questions()) {
    SCOPED_TRACE(query.text);
    std::vector<Seen> expected;
    for (const auto limit : limits) expected.push_back(see(made, query, limit));
    const auto& all = expected.back();
    longest = std::max(longest, all.hits.size());
    for (std::size_t i = 0; i < std::size(limits); ++i) {
      EXPECT_EQ(expected[i].rest, all.rest) << "limit " << limits[i];
      ASSERT_EQ(expected[i].hits.size(), std::min(limits[i], all.hits.size()));
      for (std::size_t k = 0; k < expected[i].hits.size(); ++k)
        EXPECT_EQ(expected[i].hits[k], all.hits[k]) << "limit " << limits[i];
    }
    for (const auto threads : thread_counts) {
      std::atomic<std::size_t> same{0};
      {
        std::vector<std::jthread> asking;
        for (std::size_t t = 0; t < threads; ++t)
          asking.emplace_back([&, t] {
            if (ask_and_compare(made, query, expected, t, threads, times / std::size(thread_counts))) ++same;
          });
      }
      EXPECT_EQ(same, threads) << "some of " << threads << " threads got another answer";
    }
  }
  EXPECT_EQ(longest, limits[std::size(limits) - 1]);  // the longest lists were full
}

TEST(SearchSame, WordsInQuotesAreTakenAsTheyAreWritten) {
  const MadeCreators made;
  Query query;
  query.mode = SearchMode::keyword;
  query.text = "photoo finanse";
  const auto forgiven = made.searcher->search(made.call, query);
  ASSERT_TRUE(forgiven);
  EXPECT_GT(forgiven->total, 0U);
  query.text = "\"photoo finanse\"";
  const auto exact = made.searcher->search(made.call, query);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->total, 0U);
  query.text = "\"photo finance\"";
  const auto right = made.searcher->search(made.call, query);
  ASSERT_TRUE(right);
  EXPECT_GT(right->total, 0U);
}

}  // namespace
}  // namespace cdx
