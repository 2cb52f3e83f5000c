// The whole walk over the sample set: files in, creators found; and what must hold for every answer.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "embed/hashing/hashing_embedder.h"
#include "store/memory/memory_store.h"
#include "support/sample_set.h"

namespace cdx {
namespace {

constexpr std::size_t dimension = 256;

struct World {
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<EmbeddingProvider> embedder = *open_hashing_embedder({dimension});
  std::unique_ptr<SearchBackend> backend = *make_embedded_backend(creator_schema(dimension));
  ManualClock clock{*parse_time("2026-06-01")};
  Call call;
  std::unique_ptr<Searcher> searcher;

  World() {
    test::import_sample(*store, clock, 400, 7);
    test::catch_up(*store, *backend, embedder.get(), clock);
    searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock);
  }
};

World& world() {
  static World one;
  return one;
}

const std::vector<std::string>& questions() {
  static const std::vector<std::string> all{
      "fitness creators",
      "Fitness influencer with 50K+ followers",
      "tiktok dancers",
      "honest gadget reviews",
      "travel not food",
      "vegan cooking under 500k followers",
      "beauty in brazil",
      "emerging gaming channels",
      "yoga",
      "street photography in berlin",
      "",
      "micro influencers",
      "personal finance for students",
      "\"home workout\"",
      "zzzz qqqq xxxx",
      "verified musicians",
      "💪 gym",
      "science explained in spanish",
  };
  return all;
}

Query asked(std::string text) {
  Query query;
  query.text = std::move(text);
  query.limit = 100;
  query.min_score = 0;
  query.facets = {"platform", "niche", "country", "follower_band"};
  return query;
}

std::vector<Hit> all_pages(Query query, Answer* first = nullptr) {
  std::vector<Hit> out;
  for (int page = 0; page < 1'000; ++page) {
    auto answer = world().searcher->search(world().call, query);
    EXPECT_TRUE(answer) << answer.error().message;
    if (!answer) return out;
    if (page == 0 && first != nullptr) *first = *answer;
    EXPECT_EQ(answer->first_rank, out.size() + 1);
    for (auto& hit : answer->hits) out.push_back(std::move(hit));
    if (answer->next_cursor.empty()) return out;
    query.cursor = answer->next_cursor;
  }
  ADD_FAILURE() << "the pages do not end";
  return out;
}

std::vector<CreatorId> ids(const std::vector<Hit>& hits) {
  std::vector<CreatorId> out;
  for (const auto& hit : hits) out.push_back(hit.id);
  return out;
}

TEST(SearchWalk, PagesAddUpToTheTotalWhateverTheLimit) {
  for (const auto& text : questions()) {
    Answer answer;
    auto query = asked(text);
    const auto whole = ids(all_pages(query, &answer));
    EXPECT_EQ(whole.size(), answer.total) << text;
    EXPECT_EQ(std::set<CreatorId>(whole.begin(), whole.end()).size(), whole.size()) << text;
    for (const std::size_t limit : {7U, 33U}) {
      query.limit = limit;
      EXPECT_EQ(ids(all_pages(query)), whole) << text << " limit " << limit;
    }
  }
}

TEST(SearchWalk, EveryExplanationAddsUpToItsScore) {
  for (const auto mode : {SearchMode::hybrid, SearchMode::keyword, SearchMode::semantic, SearchMode::rrf})
    for (const auto& text : questions()) {
      auto query = asked(text);
      query.mode = mode;
      query.explain = true;
      const auto answer = world().searcher->search(world().call, query);
      ASSERT_TRUE(answer) << answer.error().message;
      for (const auto& hit : answer->hits) {
        double sum = 0;
        for (const auto& part : hit.parts) sum += part.value * part.weight;
        EXPECT_NEAR(sum, hit.score, 1e-6) << text;
        EXPECT_GE(hit.score, 0);
        EXPECT_LE(hit.score, 1 + 1e-9);
        EXPECT_FALSE(hit.why.empty());
      }
    }
}

TEST(SearchWalk, FacetsAreARecountOfTheHits) {
  for (const auto& text : questions()) {
    Answer answer;
    const auto hits = all_pages(asked(text), &answer);
    std::map<std::string, std::map<std::string, std::size_t>> counted;
    for (const auto& hit : hits) {
      std::set<std::string> platforms;
      for (const auto& account : hit.profile.accounts) platforms.emplace(name(account.platform));
      for (const auto& platform : platforms) ++counted["platform"][platform];
      if (!hit.profile.creator.country.empty()) ++counted["country"][hit.profile.creator.country];
    }
    for (const auto& [field, values] : answer.facets) {
      if (field != "platform" && field != "country") continue;
      std::map<std::string, std::size_t> shown;
      for (const auto& one : values) shown[one.value] = one.count;
      EXPECT_EQ(shown, counted[field]) << text << " " << field;
    }
  }
}

TEST(SearchWalk, AThresholdCutsAndChangesNoScore) {
  for (const auto& text : questions()) {
    std::map<CreatorId, double> all;
    auto query = asked(text);
    for (const auto& hit : all_pages(query)) all[hit.id] = hit.score;
    query.min_score = 0.3;
    const auto kept = all_pages(query);
    for (const auto& hit : kept) {
      EXPECT_GE(hit.score, 0.3);
      EXPECT_EQ(hit.score, all.at(hit.id)) << text;
    }
    EXPECT_EQ(kept.size(), static_cast<std::size_t>(std::count_if(
                               all.begin(), all.end(), [](const auto& one) { return one.second >= 0.3; })))
        << text;
  }
}

TEST(SearchWalk, WhatWasUnderstoodHoldsForEveryHit) {
  auto query = asked("tiktok dancers with 50k+ followers from brazil");
  const auto hits = all_pages(query);
  EXPECT_FALSE(hits.empty());
  for (const auto& hit : hits) {
    EXPECT_GE(hit.profile.creator.total_followers, 50'000);
    EXPECT_EQ(hit.profile.creator.country, "BR");
    EXPECT_TRUE(std::any_of(hit.profile.accounts.begin(), hit.profile.accounts.end(),
                            [](const Account& account) { return account.platform == Platform::tiktok; }));
  }
}

TEST(SearchWalk, EqualFiltersInOtherWordsGiveEqualAnswers) {
  const std::vector<std::vector<std::string>> groups{
      {"fitness creators with 50k+ followers", "fitness creators with at least 50,000 followers",
       "fitness creators followers >= 50k"},
      {"food creators on instagram", "instagram creators food"},
  };
  for (const auto& group : groups) {
    const auto first = ids(all_pages(asked(group.front())));
    EXPECT_FALSE(first.empty());
    for (const auto& text : group) EXPECT_EQ(ids(all_pages(asked(text))), first) << text;
  }
  auto typed = asked("fitness");
  typed.filter = Filter::none_of(
      Filter::any_of({Filter::none_of(Filter::number_in("followers", 50'000, {})),
                      Filter::none_of(Filter::keyword_in("platform", {"tiktok", "youtube"}))}));
  auto plain = asked("fitness");
  plain.filter = Filter::all_of({Filter::any_of({Filter::keyword_in("platform", {"youtube"}),
                                                 Filter::keyword_in("platform", {"tiktok"})}),
                                 Filter::number_in("followers", 50'000, {})});
  EXPECT_EQ(ids(all_pages(typed)), ids(all_pages(plain)));
}

TEST(SearchWalk, AnIgnoredChipIsGoneWithItsWords) {
  auto query = asked("fitness creators under 20k followers");
  const auto narrow = world().searcher->search(world().call, query);
  ASSERT_TRUE(narrow);
  ASSERT_EQ(narrow->understood.chips.size(), 1U);
  query.ignore = {narrow->understood.chips[0].id};
  const auto wide = world().searcher->search(world().call, query);
  ASSERT_TRUE(wide);
  EXPECT_TRUE(wide->understood.chips.empty());
  EXPECT_EQ(wide->understood.rest, narrow->understood.rest);
  EXPECT_GT(wide->total, narrow->total);
}

TEST(SearchWalk, NamesAndHandlesAreFoundWithATypo) {
  const auto page = world().store->changes(world().call, {}, 1'000);
  std::size_t tried = 0, first = 0;
  for (const auto& change : page->changes) {
    const CreatorId one[] = {change.creator};
    const auto creator = world().store->creators(world().call, one)->front();
    if (creator.handle.size() < 9 || tried == 40) continue;
    ++tried;
    auto handle = creator.handle;
    std::swap(handle[4], handle[5]);
    auto query = asked(handle);
    query.understand = false;
    query.limit = 3;
    const auto answer = world().searcher->search(world().call, query);
    ASSERT_TRUE(answer);
    for (const auto& hit : answer->hits)
      if (hit.id == creator.id) {
        ++first;
        break;
      }
  }
  EXPECT_EQ(tried, 40U);
  EXPECT_GE(first, 36U);  // impostors of the sample share some handles
}

TEST(SearchWalk, HighlightsHoldNoMarkupButMarks) {
  for (const auto& hit : all_pages(asked("fitness workout training")))
    for (auto [field, html] : hit.highlights) {
      for (const std::string_view mark : {"<mark>", "</mark>"})
        for (auto at = html.find(mark); at != std::string::npos; at = html.find(mark))
          html.erase(at, mark.size());
      EXPECT_EQ(html.find_first_of("<>"), std::string::npos) << field;
    }
}

TEST(SearchWalk, SimilarCreatorsLeaveOutTheirExample) {
  const auto hits = all_pages(asked("fitness"));
  ASSERT_FALSE(hits.empty());
  Query query;
  query.limit = 10;
  const auto answer = world().searcher->similar(world().call, hits.front().id, query);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->hits.size(), 10U);
  for (const auto& hit : answer->hits) EXPECT_NE(hit.id, hits.front().id);
  EXPECT_EQ(world().searcher->similar(world().call, CreatorId{1}, query).error().kind, ErrorKind::not_found);
}

TEST(SearchWalk, CursorsAreRefusedWithAReason) {
  auto query = asked("fitness");
  query.limit = 1;
  const auto answer = world().searcher->search(world().call, query);
  ASSERT_TRUE(answer);
  ASSERT_FALSE(answer->next_cursor.empty());
  query.cursor = answer->next_cursor;
  query.text = "food";
  EXPECT_EQ(world().searcher->search(world().call, query).error().kind, ErrorKind::invalid);
  query.cursor = "nonsense";
  EXPECT_EQ(world().searcher->search(world().call, query).error().message.substr(0, 8), "/cursor:");
  query.text = "fitness";
  query.cursor = answer->next_cursor;
  world().clock.advance(std::chrono::minutes{11});
  EXPECT_EQ(world().searcher->search(world().call, query).error().kind, ErrorKind::conflict);
}

TEST(SearchWalk, WrongQuestionsNameTheirField) {
  const auto refused = [](Query query) {
    return world().searcher->search(world().call, query).error().message;
  };
  Query query;
  query.limit = 0;
  EXPECT_EQ(refused(query).substr(0, 7), "/limit:");
  query = {};
  query.facets = {"platform", "colour"};
  EXPECT_EQ(refused(query).substr(0, 10), "/facets/1:");
  query = {};
  query.sort = {{"shoe_size", true}};
  EXPECT_EQ(refused(query).substr(0, 14), "/sort/0/field:");
  query = {};
  query.text.assign(5'000, 'a');
  EXPECT_EQ(refused(query).substr(0, 3), "/q:");
  query = {};
  query.filter = Filter::keyword_in("colour", {"red"});
  EXPECT_EQ(refused(query).substr(0, 8), "/filter:");
}

// An embedder that cannot: as when memory is short.
class BrokenEmbedder final : public EmbeddingProvider {
 public:
  const ModelCard& model() const override { return world().embedder->model(); }
  Result<Matrix> embed(const Call&, std::span<const std::string_view>, TextRole) override {
    return fail(ErrorKind::unavailable, "no memory");
  }
};

TEST(SearchWalk, IfEmbeddingFailsWordsAnswerAndSaySo) {
  BrokenEmbedder broken;
  for (EmbeddingProvider* embedder :
       {static_cast<EmbeddingProvider*>(&broken), static_cast<EmbeddingProvider*>(nullptr)}) {
    const Searcher searcher(*world().backend, *world().store, embedder, world().clock);
    for (const auto mode : {SearchMode::hybrid, SearchMode::semantic}) {
      auto query = asked("fitness training");
      query.mode = mode;
      const auto answer = searcher.search(world().call, query);
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_FALSE(answer->hits.empty());
      EXPECT_EQ(answer->degraded.size(), 1U);
    }
  }
}

TEST(SearchWalk, SuggestionsCompleteNamesNichesAndPlaces) {
  const auto kinds = [](std::string_view prefix) {
    std::set<std::string> out;
    const auto suggestions = world().searcher->suggest(world().call, prefix, 10);
    for (const auto& one : *suggestions) out.insert(one.kind);
    return out;
  };
  EXPECT_TRUE(kinds("fitn").contains("niche"));
  EXPECT_TRUE(kinds("braz").contains("place"));
  EXPECT_TRUE(kinds("an").contains("creator"));
  EXPECT_TRUE(world().searcher->suggest(world().call, "", 10)->empty());
  EXPECT_FALSE(world().searcher->suggest(world().call, "a", 0));
}

}  // namespace
}  // namespace cdx
