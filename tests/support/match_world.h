// A few hundred invented creators, indexed, for tests of the match room.
#pragma once

#include "embed/hashing/hashing_embedder.h"
#include "match/match.h"
#include "search/search.h"
#include "store/memory/memory_store.h"

namespace cdx::test {

struct Made {
  std::string niche, words, country, language;
  Platform platform = Platform::instagram;
  std::optional<std::int64_t> followers;
  std::optional<double> engagement, price, views;
};

// Fails as told, once armed.
class FaultyEmbedder final : public EmbeddingProvider {
 public:
  explicit FaultyEmbedder(EmbeddingProvider& inner) : inner_(inner) {}
  const ModelCard& model() const override { return inner_.model(); }
  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    ++calls;
    if (broken) return fail(ErrorKind::unavailable, "out of order");
    return inner_.embed(call, texts, role);
  }
  bool broken = false;
  int calls = 0;

 private:
  EmbeddingProvider& inner_;
};

class World {
 public:
  static constexpr std::size_t dimension = 256;

  World() {
    index({});
    searcher = std::make_unique<Searcher>(*backend, *store, &embedder, clock);
    matcher = std::make_unique<Matcher>(*searcher, *store, campaigns.get(), &embedder, clock);
  }

  CreatorId add(const Made& made, bool with_vector = true) {
    const auto number = ++count_;
    Account account;
    account.platform = made.platform;
    account.user_id = std::to_string(number);
    account.id = account_id(made.platform, account.user_id);
    account.origin({"test", clock.now(), {}, "test", "", 1});
    account.handle = {{"handle" + std::to_string(number), 0}};
    account.name = {{"Name" + std::to_string(number), 0}};
    account.bio = {{made.words, 0}};
    if (made.followers) account.followers = {{*made.followers, 0}};
    Creator creator;
    creator.id = creator_id(account.id);
    creator.links = {{account.id, "first_account", "", 1}};
    creator.name = "Name" + std::to_string(number);
    creator.handle = account.handle->value;
    creator.primary_niche = made.niche;
    creator.country = made.country;
    creator.language = made.language;
    creator.total_followers = made.followers.value_or(0);
    creator.engagement_rate = made.engagement;
    creator.price_usd = made.price;
    creator.views_per_follower = made.views;
    creator.quality = 0.5;
    ChangeSet changes;
    changes.based_on = store->revision({}).value();
    changes.accounts = {{account, creator.id, {}}};
    changes.creators = {creator};
    if (const auto done = store->commit({}, changes); !done) throw std::runtime_error(done.error().message);
    std::map<std::string, std::vector<float>> vectors;
    if (with_vector) {
      const std::string_view texts[] = {account.bio->value};
      const auto rows = hashing->embed({}, texts, TextRole::passage).value();
      vectors[vector_field(made.platform, false)] = {rows.row(0).begin(), rows.row(0).end()};
    }
    index({to_document({creator, {account}, {}}, vectors, clock.now())});
    return creator.id;
  }

  void index(std::vector<Document> documents) {
    IndexBatch batch;
    batch.upserts = std::move(documents);
    batch.reached = store->revision({}).value();
    if (const auto done = backend->apply({}, batch); !done) throw std::runtime_error(done.error().message);
  }

  std::unique_ptr<EmbeddingProvider> hashing = open_hashing_embedder({dimension}).value();
  FaultyEmbedder embedder{*hashing};
  ManualClock clock{*parse_time("2026-06-01")};
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<CampaignStore> campaigns = make_memory_campaign_store();
  std::unique_ptr<SearchBackend> backend = make_embedded_backend(creator_schema(dimension)).value();
  std::unique_ptr<Searcher> searcher;
  std::unique_ptr<Matcher> matcher;

 private:
  int count_ = 0;
};

inline Brief yoga_brief() {
  Brief out;
  out.product_name = "yoga mat";
  out.brand_name = "Namo";
  out.product_description = "A yoga mat of cork for home practice";
  out.target_audience = "women in Brazil who practise yoga";
  out.product_niche = "yoga";
  out.total_budget_usd = 10'000;
  return out;
}

}  // namespace cdx::test
