// The whole walk with 1,536 columns from an endpoint: files in, creators found by meaning; and what is left
// of it when the endpoint is gone.
#include <gtest/gtest.h>

#include "embed/remote/remote_embedder.h"
#include "store/memory/memory_store.h"
#include "support/fake_model_server.h"
#include "support/sample_set.h"

namespace cdx {
namespace {

using namespace std::chrono_literals;
using test::FakeModel;
using test::Misdeed;

constexpr std::size_t dimension = 1'536;

// The endpoint's own vectors, without the way there and back.
class Mirror final : public EmbeddingProvider {
 public:
  explicit Mirror(const FakeModel& model) : model_(model) {
    card_.name = "mirror";
    card_.dimension = dimension;
  }
  const ModelCard& model() const override { return card_; }
  Result<Matrix> embed(const Call&, std::span<const std::string_view> texts, TextRole) override {
    Matrix out{dimension, std::vector<float>(texts.size() * dimension)};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto vector = model_.vector_of(std::string(texts[i]));
      for (std::size_t j = 0; j < dimension; ++j) out.row(i)[j] = static_cast<float>(vector[j] / 3);
    }
    return out;
  }

 private:
  const FakeModel& model_;
  ModelCard card_;
};

struct World {
  FakeModel model{dimension};
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<SearchBackend> backend = *make_embedded_backend(creator_schema(dimension));
  ManualClock clock{*parse_time("2026-06-01")};
  Call call;

  World() { test::import_sample(*store, clock, 120, 7); }
  std::unique_ptr<EmbeddingProvider> remote(
      const std::function<void(RemoteEmbedderOptions&)>& change = {}) const {
    RemoteEmbedderOptions options;
    options.url = model.embeddings_url();
    options.model = "text-embedding-3-small";
    options.dimension = dimension;
    options.query_timeout = 20s;  // a loaded machine is no failing endpoint
    options.retry.wait = [](const Call& one, std::chrono::milliseconds) { return one.check(); };
    if (change) change(options);
    return *open_remote_embedder(*http::open_http_client({}), options);
  }
  void index(EmbeddingProvider& embedder, SearchBackend& into) const {
    Follower follower(*store, into, &embedder, clock);
    const auto done = follower.catch_up(call);
    ASSERT_TRUE(done) << done.error().message;
  }
};

Query asking(const std::string& text) {
  Query query;
  query.text = text;
  query.limit = 20;
  return query;
}

TEST(RemoteWalk, FindsByMeaningAsIfTheModelWereHere) {
  World world;
  world.model.play({Misdeed::server_error, Misdeed::rate_limited, Misdeed::wrong_count});  // daily weather
  const auto remote = world.remote();
  world.index(*remote, *world.backend);
  const auto asked = world.model.seen().size();
  EXPECT_GT(asked, 1U);
  Mirror mirror(world.model);
  const auto near = *make_embedded_backend(creator_schema(dimension));
  world.index(mirror, *near);
  const Searcher far_searcher(*world.backend, *world.store, remote.get(), world.clock);
  const Searcher near_searcher(*near, *world.store, &mirror, world.clock);
  std::size_t found = 0;
  for (const auto* text :
       {"yoga and home workout", "vegan cooking", "honest gadget reviews", "travel in brazil"}) {
    const auto far = far_searcher.search(world.call, asking(text));
    const auto local = near_searcher.search(world.call, asking(text));
    ASSERT_TRUE(far) << far.error().message;
    ASSERT_TRUE(local) << local.error().message;
    EXPECT_TRUE(far->degraded.empty());
    found += far->hits.size();
    ASSERT_EQ(far->hits.size(), local->hits.size()) << text;
    for (std::size_t i = 0; i < far->hits.size(); ++i)
      EXPECT_NEAR(far->hits[i].score, local->hits[i].score, 1e-4) << text << " " << i;
  }
  EXPECT_GT(found, 10U);
  EXPECT_EQ(world.model.seen().size(), asked + 4);  // one request a search
}

TEST(RemoteWalk, AnEndpointThatIsGoneLeavesTheWords) {
  World world;
  const auto remote = world.remote([](RemoteEmbedderOptions& options) { options.query_pause = 1h; });
  world.index(*remote, *world.backend);
  world.model.always(Misdeed::server_error);
  const Searcher searcher(*world.backend, *world.store, remote.get(), world.clock);
  const auto before = world.model.seen().size();
  for (int i = 0; i < 3; ++i) {
    const auto answer = searcher.search(world.call, asking("fitness creators"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_FALSE(answer->hits.empty());
    EXPECT_EQ(answer->degraded.size(), 1U);
  }
  EXPECT_EQ(world.model.seen().size(), before + 1);
}

TEST(RemoteWalk, SearchesStayHereWhereTheOperatorSaysSo) {
  World world;
  const auto remote = world.remote([](RemoteEmbedderOptions& options) { options.queries = false; });
  world.index(*remote, *world.backend);
  const auto before = world.model.seen().size();
  const Searcher searcher(*world.backend, *world.store, remote.get(), world.clock);
  const auto answer = searcher.search(world.call, asking("fitness creators"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_FALSE(answer->hits.empty());
  EXPECT_EQ(world.model.seen().size(), before);
}

}  // namespace
}  // namespace cdx
