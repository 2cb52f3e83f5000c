#include "embed/remote/remote_embedder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>

#include "base/metrics.h"
#include "support/fake_model_server.h"

namespace cdx {
namespace {

using namespace std::chrono_literals;
using test::FakeModel;
using test::Misdeed;
using Texts = std::vector<std::string_view>;

constexpr std::size_t dimension = 1'536;
constexpr const char* secret = "sk-test-0123456789";

struct World {
  FakeModel model{dimension};
  std::vector<std::chrono::milliseconds> waits;
  RemoteEmbedderOptions options;

  World() {
    options.url = model.embeddings_url();
    options.model = "text-embedding-3-small";
    options.dimension = dimension;
    options.api_key = secret;
    options.query_timeout = 10s;  // a loaded machine is no failing endpoint
    options.retry.wait = [this](const Call& call, std::chrono::milliseconds time) {
      waits.push_back(time);
      return call.check();
    };
  }
  std::unique_ptr<EmbeddingProvider> open(http::ClientOptions client = {}) const {
    auto opened = open_remote_embedder(*http::open_http_client(client), options);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  std::size_t asked() const { return model.seen().size(); }
};

std::vector<double> unit(std::vector<double> vector) {
  const double squares = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
  for (double& value : vector) value /= std::sqrt(squares);
  return vector;
}

void expect_row(std::span<const float> row, const std::vector<double>& wanted) {
  ASSERT_EQ(row.size(), wanted.size());
  for (std::size_t i = 0; i < row.size(); ++i) EXPECT_NEAR(static_cast<double>(row[i]), wanted[i], 1e-6) << i;
}

TEST(RemoteEmbedder, GivesUnitRowsInTheOrderAskedWhateverOrderComes) {
  World world;
  const auto embedder = world.open();
  const Texts texts{"vegan recipes", "motorcycle repair", "", "yoga \xff for\nall", "🔥"};
  const auto out = embedder->embed({}, texts, TextRole::passage);
  ASSERT_TRUE(out) << out.error().message;
  ASSERT_EQ(out->rows(), texts.size());
  EXPECT_EQ(out->columns, dimension);
  const std::vector<std::string> sent{"vegan recipes", "motorcycle repair", " ", "yoga for all", "🔥"};
  for (std::size_t i = 0; i < texts.size(); ++i)
    expect_row(out->row(i), unit(world.model.vector_of(sent[i])));
  const auto seen = world.model.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].headers.at("authorization"), std::string("Bearer ") + secret);
  const auto body = nlohmann::json::parse(seen[0].body);
  EXPECT_EQ(body.at("model"), "text-embedding-3-small");
  EXPECT_EQ(body.at("input").get<std::vector<std::string>>(), sent);
  EXPECT_FALSE(body.contains("dimensions"));
}

TEST(RemoteEmbedder, AsksForADimensionWhereToldTo) {
  World world;
  world.options.ask_dimension = true;
  ASSERT_TRUE(world.open()->embed({}, Texts{"a"}, TextRole::passage));
  EXPECT_EQ(nlohmann::json::parse(world.model.seen()[0].body).at("dimensions"), dimension);
}

TEST(RemoteEmbedder, BatchesByCountAndByBytes) {
  World world;
  world.options.batch_texts = 10;
  world.options.batch_bytes = 100;
  std::vector<std::string> texts;
  for (int i = 0; i < 25; ++i) texts.push_back("text " + std::to_string(i));
  texts.emplace_back(150, 'x');  // alone larger than a batch
  texts.emplace_back(60, 'y');
  texts.emplace_back(60, 'z');
  const Texts views(texts.begin(), texts.end());
  const auto out = world.open()->embed({}, views, TextRole::passage);
  ASSERT_TRUE(out) << out.error().message;
  for (std::size_t i = 0; i < texts.size(); ++i)
    expect_row(out->row(i), unit(world.model.vector_of(texts[i])));
  std::vector<std::size_t> sizes;
  for (const auto& seen : world.model.seen())
    sizes.push_back(nlohmann::json::parse(seen.body).at("input").size());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{10, 10, 5, 1, 1, 1}));
  EXPECT_EQ(world.open()->embed({}, {}, TextRole::passage)->rows(), 0U);
  EXPECT_EQ(world.asked(), sizes.size());
}

TEST(RemoteEmbedder, SplitsAndPoolsLongTextsByTheirBytes) {
  World world;
  world.options.window_bytes = 64;
  std::string text(40, 'a');
  text += ' ' + std::string(40, 'b');
  const auto out = world.open()->embed({}, Texts{text}, TextRole::passage);
  ASSERT_TRUE(out) << out.error().message;
  const auto a = unit(world.model.vector_of(text.substr(0, 41)));
  const auto b = unit(world.model.vector_of(text.substr(41)));
  std::vector<double> sum(dimension);
  for (std::size_t i = 0; i < dimension; ++i) sum[i] = 41 * a[i] + 40 * b[i];
  expect_row(out->row(0), unit(sum));
}

TEST(RemoteEmbedder, PutsTheModelsPrefixesBeforeTexts) {
  World world;
  const auto plain = world.open()->model().space();
  world.options.query_prefix = "query: ";
  world.options.passage_prefix = "passage: ";
  const auto embedder = world.open();
  EXPECT_NE(embedder->model().space(), plain);
  expect_row(embedder->embed({}, Texts{"yoga"}, TextRole::query)->row(0),
             unit(world.model.vector_of("query: yoga")));
  expect_row(embedder->embed({}, Texts{"yoga"}, TextRole::passage)->row(0),
             unit(world.model.vector_of("passage: yoga")));
}

TEST(RemoteEmbedder, ModelHostAndDimensionMakeTheSpace) {
  World world;
  const auto base = world.open()->model();
  EXPECT_EQ(base.dimension, dimension);
  EXPECT_NE(base.name.find("text-embedding-3-small@127.0.0.1:"), std::string::npos) << base.name;
  EXPECT_EQ(base.name.find(secret), std::string::npos);
  EXPECT_EQ(world.open()->model().space(), base.space());
  world.options.api_key = "another";
  EXPECT_EQ(world.open()->model().space(), base.space());
  World other;
  EXPECT_NE(other.open()->model().space(), base.space());  // another host
  world.options.dimension = 512;
  EXPECT_NE(world.open()->model().space(), base.space());
  world.options.dimension = dimension;
  world.options.version = "b";
  EXPECT_NE(world.open()->model().space(), base.space());
  world.options.version.clear();
  world.options.model = "text-embedding-3-large";
  EXPECT_NE(world.open()->model().space(), base.space());
}

struct Weather {
  Misdeed misdeed;
  ErrorKind kind;
  std::size_t asked;  // in all, when it stays like that
};

// What passes is waited out; what stays is an error of the right kind.
TEST(RemoteEmbedder, BearsBadWeather) {
  const std::vector<Weather> all{{Misdeed::server_error, ErrorKind::unavailable, 4},
                                 {Misdeed::hang_up, ErrorKind::unavailable, 4},
                                 {Misdeed::truncated_body, ErrorKind::unavailable, 4},
                                 {Misdeed::rate_limited, ErrorKind::rate_limited, 4},
                                 {Misdeed::bad_envelope, ErrorKind::unavailable, 3},
                                 {Misdeed::wrong_count, ErrorKind::unavailable, 3},
                                 {Misdeed::not_finite, ErrorKind::unavailable, 3},
                                 {Misdeed::twice_the_same_index, ErrorKind::unavailable, 3},
                                 {Misdeed::hang, ErrorKind::timed_out, 4},
                                 {Misdeed::drip, ErrorKind::timed_out, 4}};
  for (const auto& one : all) {
    SCOPED_TRACE(static_cast<int>(one.misdeed));
    World world;
    const bool slow = one.misdeed == Misdeed::hang || one.misdeed == Misdeed::drip;
    const auto embedder = world.open({.request_timeout = slow ? 200ms : 20'000ms});
    world.model.always(one.misdeed);
    const auto bad = embedder->embed({}, Texts{"a", "b"}, TextRole::passage);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, one.kind) << bad.error().message;
    EXPECT_GE(world.asked(), one.asked);  // libcurl itself may repeat on a connection that died
    world.model.always(Misdeed::none);
    if (slow) continue;  // the same limit would be a wall-clock claim about the answer that is good
    world.model.play({one.misdeed, one.misdeed});
    const auto good = embedder->embed({}, Texts{"a", "b"}, TextRole::passage);
    ASSERT_TRUE(good) << good.error().message;
    expect_row(good->row(1), unit(world.model.vector_of("b")));
  }
}

TEST(RemoteEmbedder, GivesUpAtOnceOnWhatStaysWrong) {
  const std::vector<Weather> all{{Misdeed::unauthorized, ErrorKind::unauthorized, 1},
                                 {Misdeed::wrong_dimension, ErrorKind::invalid, 1},
                                 {Misdeed::zero_vector, ErrorKind::unavailable, 1},
                                 {Misdeed::rate_limited_long, ErrorKind::rate_limited, 1}};
  for (const auto& one : all) {
    SCOPED_TRACE(static_cast<int>(one.misdeed));
    World world;
    world.model.always(one.misdeed);
    const auto bad = world.open()->embed({}, Texts{"a"}, TextRole::passage);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, one.kind) << bad.error().message;
    EXPECT_EQ(world.asked(), one.asked);
    EXPECT_EQ(bad.error().message.find(secret), std::string::npos) << bad.error().message;
    if (one.misdeed == Misdeed::rate_limited_long) {
      EXPECT_EQ(bad.error().wait, 3'600'000ms);
    }
    if (one.misdeed == Misdeed::wrong_dimension) {
      EXPECT_NE(bad.error().message.find("1535 columns"), std::string::npos) << bad.error().message;
    }
  }
}

TEST(RemoteEmbedder, HeedsRetryAfter) {
  World world;
  world.model.play({Misdeed::rate_limited});
  ASSERT_TRUE(world.open()->embed({}, Texts{"a"}, TextRole::passage));
  ASSERT_EQ(world.waits.size(), 1U);
  EXPECT_EQ(world.waits[0], 1s);
}

TEST(RemoteEmbedder, AFailedQueryIsNotRepeatedAndTheNextOnesWaitForNobody) {
  World world;
  world.options.query_pause = 1h;
  world.model.always(Misdeed::server_error);
  const auto embedder = world.open();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(embedder->embed({}, Texts{"a"}, TextRole::query).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(world.asked(), 1U);
  EXPECT_TRUE(world.waits.empty());
  world.model.always(Misdeed::none);
  EXPECT_TRUE(embedder->embed({}, Texts{"a"}, TextRole::passage));  // passages are not held up
  World quick;
  quick.options.query_pause = 0ms;
  quick.model.play({Misdeed::hang_up, Misdeed::hang_up});
  const auto other = quick.open();
  EXPECT_FALSE(other->embed({}, Texts{"a"}, TextRole::query));
  quick.model.play({});
  EXPECT_TRUE(other->embed({}, Texts{"a"}, TextRole::query));
}

TEST(RemoteEmbedder, QueriesHaveAShortLimit) {
  World world;
  world.options.query_timeout = 100ms;
  world.model.always(Misdeed::hang);
  EXPECT_EQ(world.open()->embed({}, Texts{"a"}, TextRole::query).error().kind, ErrorKind::timed_out);
}

TEST(RemoteEmbedder, KeepsQueriesHereWhereToldTo) {
  World world;
  world.options.queries = false;
  EXPECT_EQ(world.open()->embed({}, Texts{"a"}, TextRole::query).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(world.asked(), 0U);
}

TEST(RemoteEmbedder, StopsWhenAsked) {
  World world;
  world.model.always(Misdeed::hang);
  std::stop_source stop;
  std::jthread asks([&] {
    world.model.wait_until_seen(1);
    stop.request_stop();
  });
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(world.open()->embed(call, Texts{"a"}, TextRole::passage).error().kind, ErrorKind::cancelled);
}

TEST(RemoteEmbedder, CountsRequestsTokensAndCost) {
  World world;
  world.options.usd_per_million_tokens = 1e6;  // a dollar a token
  world.model.play({Misdeed::none, Misdeed::unauthorized});
  const auto embedder = world.open();
  ASSERT_TRUE(embedder->embed({}, Texts{"some words to count"}, TextRole::passage));
  EXPECT_FALSE(embedder->embed({}, Texts{"a"}, TextRole::passage));
  const auto text = metrics::exposition();
  EXPECT_NE(text.find("creatordex_embed_requests_total{outcome=\"ok\"}"), std::string::npos);
  EXPECT_NE(text.find("creatordex_embed_requests_total{outcome=\"unauthorized\"}"), std::string::npos);
  const auto cost = text.find("\ncreatordex_embed_cost_usd_total ");
  ASSERT_NE(cost, std::string::npos);
  EXPECT_GE(std::stod(text.substr(cost + 33)), 10);
  EXPECT_EQ(text.find(secret), std::string::npos);
}

TEST(RemoteEmbedder, RefusesWrongOptions) {
  const auto kind = [](const std::function<void(RemoteEmbedderOptions&)>& change) {
    RemoteEmbedderOptions options;
    options.url = "https://api.example/v1/embeddings";
    options.model = "m";
    options.dimension = 8;
    change(options);
    auto opened = open_remote_embedder(*http::open_http_client({}), options);
    return opened ? std::string("fine") : std::string(name(opened.error().kind));
  };
  EXPECT_EQ(kind([](auto&) {}), "fine");
  EXPECT_EQ(kind([](auto& options) { options.url = "api.example"; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.url = "https://me:pw@api.example/"; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.model.clear(); }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.dimension = 0; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.dimension = 100'000; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.window_bytes = 3; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.batch_texts = 0; }), "invalid");
}

}  // namespace
}  // namespace cdx
