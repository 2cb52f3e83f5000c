// A few thousand creators made of a small vocabulary, in a store and in an index over it; and random
// questions to them.
#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "embed/hashing/hashing_embedder.h"
#include "pipeline/commit.h"
#include "pipeline/follower.h"
#include "search/search.h"
#include "store/memory/memory_store.h"

namespace cdx {

class MadeCreators {
 public:
  static constexpr std::size_t dimension = 32, creators = 2'000;

  explicit MadeCreators(IndexOptions index = {})
      : backend(*make_embedded_backend(creator_schema(dimension), index)) {
    std::vector<AccountUpdate> updates;
    for (std::size_t i = 0; i < creators; ++i) updates.push_back({account(i), {}, {}});
    EXPECT_TRUE(commit_accounts(call, *store, clock, updates, {}));
    follow();
    SearcherOptions options;
    options.rerank_budget = std::chrono::seconds{10};  // a slow machine is no reason for another order
    searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock, options);
  }

  // The index takes over what the store has.
  void follow() const {
    Follower follower(*store, *backend, embedder.get(), clock);
    EXPECT_TRUE(follower.catch_up(call));
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
  std::unique_ptr<SearchBackend> backend;
  std::unique_ptr<Searcher> searcher;

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

 private:
  static constexpr std::string_view vocabulary[] = {
      "gym",  "fitness", "yoga", "crypto", "news",   "ai",      "music",  "dance",  "travel",  "vegan",
      "food", "games",   "tech", "photo",  "berlin", "finance", "stocks", "robots", "science", "art"};
  static constexpr std::string_view countries[] = {"DE", "BR", "IN", "US", ""};
};

}  // namespace cdx
