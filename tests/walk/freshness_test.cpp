// A bio that changes while a service runs: when the match of a kept brief shows it, and what that costs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "embed/hashing/hashing_embedder.h"
#include "match/match.h"
#include "store/memory/memory_store.h"
#include "support/sample_set.h"

namespace cdx {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t dimension = 256;
constexpr std::string_view new_bio = "yoga on a cork mat, home practice for beginners";

// Counts how often a text was embedded as a passage.
class Counting final : public EmbeddingProvider {
 public:
  explicit Counting(EmbeddingProvider& inner) : inner_(inner) {}
  const ModelCard& model() const override { return inner_.model(); }
  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    for (const auto text : texts)
      if (role == TextRole::passage && text.find(new_bio) != std::string_view::npos) ++times;
    return inner_.embed(call, texts, role);
  }
  std::atomic<int> times = 0;

 private:
  EmbeddingProvider& inner_;
};

std::string line(std::string_view bio) {
  return fmt::format(
      R"({{"platform":"tiktok","user_id":"t900","handle":"changes","name":"Changes","bio":"{}","followers":90000}})",
      bio);
}

Brief cork_brief() {
  Brief out;
  out.product_name = "cork yoga mat";
  out.product_description = "yoga on a cork mat, home practice";
  return out;
}

struct Service {
  ManualClock clock{*parse_time("2026-06-01")};
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<CampaignStore> campaigns = make_memory_campaign_store();
  std::unique_ptr<EmbeddingProvider> hashing = *open_hashing_embedder({dimension});
  Counting embedder{*hashing};
  std::unique_ptr<SearchBackend> backend = *make_embedded_backend(creator_schema(dimension));
  Searcher searcher{*backend, *store, &embedder, clock};
  Matcher matcher{searcher, *store, campaigns.get(), &embedder, clock};
  std::jthread follower;  // last: ends first

  Service() {
    test::import_sample(*store, clock, 300, 9);
    test::import_line(*store, clock, line("cars and engines, every weekend"));
    test::catch_up(*store, *backend, &embedder, clock);
    follower = std::jthread(
        [this](std::stop_token stop) { Follower(*store, *backend, &embedder, clock).run(stop); });
  }
  MatchAnswer match() {
    MatchOptions options;
    options.campaign = CampaignId{5};
    options.limit = 100;
    const auto answer = matcher.match({}, cork_brief(), options);
    if (!answer) throw std::runtime_error(answer.error().message);
    return *answer;
  }
};

const MatchHit* changed(const MatchAnswer& answer) {
  for (const auto& hit : answer.hits)
    if (hit.profile.creator.handle == "changes") return &hit;
  return nullptr;
}

TEST(Freshness, AMatchShowsAChangedBioAndItIsEmbeddedOnce) {
  Service service;
  const auto before = service.match();
  std::set<CreatorId> ranked_before;
  const auto kept_before = service.matcher.matches({}, CampaignId{5}, 0, 1000);
  ASSERT_TRUE(kept_before);
  for (const auto& score : kept_before->scores) ranked_before.insert(score.creator);
  const auto* was = changed(before);
  const double old_score = was == nullptr ? 0 : was->score;
  EXPECT_TRUE(service.match().remembered);

  service.clock.advance(std::chrono::minutes(1));
  test::import_line(*service.store, service.clock, line(new_bio));  // durable: the watch starts
  const auto start = Steady::now();
  double by_words_ms = -1, by_meaning_ms = -1;
  const auto elapsed = [&] {
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
  };
  MatchAnswer answer;
  while (by_meaning_ms < 0 && elapsed() < 60'000) {
    answer = service.match();
    const auto* hit = changed(answer);
    if (hit != nullptr && hit->score > old_score + 0.05 && by_words_ms < 0) by_words_ms = elapsed();
    if (hit != nullptr && hit == answer.hits.data() && service.embedder.times > 0) by_meaning_ms = elapsed();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_GE(by_words_ms, 0) << "the change never showed";
  ASSERT_GE(by_meaning_ms, 0) << "the creator never came first";
  EXPECT_LE(by_words_ms, by_meaning_ms);
  std::cout << fmt::format(
      "a changed bio shows in a match after {:.0f} ms, with its vector after {:.0f} ms\n", by_words_ms,
      by_meaning_ms);
  EXPECT_EQ(service.embedder.times, 1);
  const auto id = answer.hits.front().id;
  const auto kept = service.matcher.matches({}, CampaignId{5}, 0, 1);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->scores.front().creator, id);
  const auto history = service.campaigns->score_history({}, CampaignId{5}, id);
  EXPECT_EQ(history->empty(), !ranked_before.contains(id));
}

}  // namespace
}  // namespace cdx
