#include "http/api_world.h"

#include <gtest/gtest.h>

#include "embed/hashing/hashing_embedder.h"
#include "search/schema.h"
#include "store/memory/memory_store.h"

namespace cdx::test {
namespace {

constexpr std::size_t dimension = 64;
constexpr std::size_t creators = 30;
constexpr Time start{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};

template <class T>
T must(Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return *std::move(result);
}

Profile creator_of(std::size_t number) {
  const bool dancer = number % 3 == 0;
  const auto handle = number == 0 ? "anadances" : "creator" + std::to_string(number);
  Profile profile;
  Account account;
  account.platform = number % 2 == 0 ? Platform::tiktok : Platform::youtube;
  account.id = account_id(account.platform, handle);
  account.user_id = handle;
  const auto origin =
      account.origin({"file:test.csv", start, start + std::chrono::days(30), "consent", "CC0-1.0", 1});
  account.handle = Sourced<std::string>{handle, origin};
  account.name =
      Sourced<std::string>{number == 0 ? "Ana Souza" : "Creator Number " + std::to_string(number), origin};
  account.bio =
      Sourced<std::string>{dancer ? "I dance samba <every> day" : "I cook slow food at home", origin};
  account.followers = Sourced<std::int64_t>{static_cast<std::int64_t>(1'000 + number * 500), origin};
  auto& creator = profile.creator;
  creator.id = creator_id(account.id);
  creator.name = account.name->value;
  creator.handle = handle;
  creator.primary_niche = dancer ? "dance" : "food";
  creator.country = dancer ? "BR" : "DE";
  creator.language = dancer ? "pt" : "de";
  creator.total_followers = account.followers->value;
  creator.engagement_rate = 0.01 * static_cast<double>(number);
  creator.last_post_at = start - std::chrono::days(number);
  creator.quality = 0.5;
  creator.links = {{account.id, "first_account", "the first account of this creator", 1.0}};
  ContentItem item;
  item.id = content_id(account.platform, handle + "/1");
  item.account = account.id;
  item.title = dancer ? "Dancing in the street" : "Bread at home";
  item.url = "https://videos.example/" + handle;
  item.published_at = creator.last_post_at;
  item.views = 100;
  item.origin = account.origins[0];
  profile.items = {item};
  profile.accounts = {account};
  return profile;
}

}  // namespace

ApiWorld::ApiWorld(ServeOptions options) : clock(start), store(open_memory_store()) {
  embedder = must(open_hashing_embedder({.dimension = dimension}));
  backend = must(make_embedded_backend(creator_schema(dimension)));
  fill();
  SearcherOptions searching;
  searching.min_score = 0;
  searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock, searching);
  campaigns = make_memory_campaign_store();
  usage = make_memory_usage_store();
  matcher = std::make_unique<Matcher>(*searcher, *store, campaigns.get(), embedder.get(), clock);
  ServiceState service;
  service.figures = [this](const Call& call) -> Result<ServiceFigures> {
    CDX_TRY_LET(const auto counts, store->counts(call));
    return ServiceFigures{counts.creators, backend->view()->size(), 3, 4, "hashing", true};
  };
  service.ready = [this] { return ready.load(); };
  static constexpr std::string_view html = "<!doctype html><title>creatordex</title>";
  static constexpr std::string_view script = "console.log(1)";
  std::vector<PageFile> page{{"/index.html", html, ""}, {"/assets/index-3f2a.js", script, ""}};
  options.http.port = 0;
  options.version = "1.2.3";
  server = must(Server::open({*searcher, *store, clock, std::move(service), std::move(page), matcher.get(),
                              campaigns.get(), usage.get()},
                             std::move(options)));
}

void ApiWorld::fill() {
  ChangeSet changes;
  IndexBatch batch;
  for (std::size_t i = 0; i < creators; ++i) {
    auto profile = creator_of(i);
    const auto& account = profile.accounts[0];
    ids.push_back(profile.creator.id);
    const std::string_view texts[] = {account.bio->value};
    const auto row = must(embedder->embed({}, texts, TextRole::passage));
    batch.upserts.push_back(to_document(
        profile,
        {{vector_field(account.platform, false), std::vector<float>(row.row(0).begin(), row.row(0).end())}},
        clock.now()));
    for (int day = 0; day < 3; ++day)
      changes.snapshots.push_back({account.id, Metric::followers, clock.now() - std::chrono::days(3 - day),
                                   static_cast<double>(900 + day), 1, account.origins[0]});
    changes.items.push_back(profile.items[0]);
    changes.accounts.push_back({account, profile.creator.id, {}});
    changes.creators.push_back(profile.creator);
  }
  batch.reached = must(store->commit({}, changes));
  const auto applied = backend->apply({}, batch);
  EXPECT_TRUE(applied) << applied.error().message;
}

}  // namespace cdx::test
