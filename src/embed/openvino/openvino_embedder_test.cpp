#include "embed/openvino/openvino_embedder.h"

#include <atomic>
#include <cmath>
#include <string>
#include <thread>

#include "base/metrics.h"
#include "embed/openvino/real_model.h"

namespace cdx {
namespace {

using Texts = std::vector<std::string_view>;

// The value of a counter for passages; 0 before it is first counted.
double metric(const std::string& name) {
  const std::string line = "\n" + name + "{role=\"passage\"} ";
  const std::string text = metrics::exposition();
  const std::size_t at = text.find(line);
  return at == std::string::npos ? 0 : std::stod(text.substr(at + line.size(), 40));
}

std::string repeated(std::string_view word, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += std::string(word) + " ";
  return out;
}

class OpenVinoEmbedder : public WithRealModel {};

TEST_F(OpenVinoEmbedder, CardNamesModelWeightsAndVocabulary) {
  const ModelCard& card = embedder().model();
  EXPECT_EQ(card.name, "all-minilm-l6-v2");
  EXPECT_EQ(card.weights_sha256, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db");
  EXPECT_EQ(card.vocabulary_sha256, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3");
  EXPECT_EQ(card.dimension, 384U);
  EXPECT_EQ(card.longest_input, 256U);
}

TEST_F(OpenVinoEmbedder, MeaningCountsMoreThanWords) {
  const Matrix out =
      embed({"a cook who shares plant based recipes", "vegan food blogger", "car repair workshop"});
  EXPECT_GT(cosine(out.row(0), out.row(1)), cosine(out.row(0), out.row(2)) + 0.2);
}

TEST_F(OpenVinoEmbedder, NoTextsGiveNoRows) { EXPECT_EQ(embed({}).rows(), 0U); }

TEST_F(OpenVinoEmbedder, ALongTextIsReadToItsEndAndCounted) {
  const std::string front = repeated("cooking", 400);
  const std::string both = repeated("cooking", 200) + repeated("football", 200);
  const double before = metric("creatordex_embed_long_texts_total");
  const double texts_before = metric("creatordex_embed_texts_total");
  const Matrix out = embed({front, both, "football", repeated("one", 254)});
  EXPECT_GT(cosine(out.row(1), out.row(2)), cosine(out.row(0), out.row(2)) + 0.1);
  EXPECT_EQ(metric("creatordex_embed_long_texts_total") - before, 2);
  EXPECT_EQ(metric("creatordex_embed_texts_total") - texts_before, 4);
}

TEST_F(OpenVinoEmbedder, ManyThreadsGetWhatOneGets) {
  const std::string words = repeated("running shoes", 60);
  const Texts texts{"yoga at dawn", "city bikes and trains", words, "", "🔥", "guitar lessons", "日本の料理"};
  const Matrix expected = embed(texts);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      const TextRole role = t % 2 == 0 ? TextRole::query : TextRole::passage;
      for (int round = 0; round < 5; ++round) {
        const auto out = embedder().embed({}, texts, role);
        for (std::size_t i = 0; i < expected.values.size(); ++i) {
          if (!out || std::abs(out->values[i] - expected.values[i]) > 1e-5F) wrong.fetch_add(1);
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST_F(OpenVinoEmbedder, AStoppedCallAndAPassedDeadlineGiveNothing) {
  std::stop_source stop;
  stop.request_stop();
  const Call stopped{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(embedder().embed(stopped, Texts{"a"}, TextRole::query).error().kind, ErrorKind::cancelled);
  const Call late = Call::within(std::chrono::milliseconds(-1));
  EXPECT_EQ(embedder().embed(late, Texts{"a"}, TextRole::query).error().kind, ErrorKind::timed_out);
}

TEST_F(OpenVinoEmbedder, StoppingInTheMiddleEndsTheCallBeforeItsLastBatch) {
  const std::string page = repeated("words", 250);
  const Texts texts(2000, page);  // a minute of work
  std::stop_source stop;
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  const double before = metric("creatordex_embed_tokens_total");
  Result<Matrix> out = Matrix{};
  std::jthread worker([&] { out = embedder().embed(call, texts, TextRole::passage); });
  while (metric("creatordex_embed_tokens_total") == before) std::this_thread::yield();
  // Another caller is served between two batches of the big one.
  EXPECT_TRUE(embedder().embed({}, Texts{"query"}, TextRole::query));
  stop.request_stop();
  worker.join();
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().kind, ErrorKind::cancelled);
}

TEST(OpenVinoOptions, BadOnesAreNamed) {
  OpenVinoOptions options;
  options.model_dir = real_model_dir();
  options.batch = 0;
  const auto out = open_openvino_embedder(options);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().kind, ErrorKind::invalid);
  EXPECT_NE(out.error().message.find("batch is 0"), std::string::npos) << out.error().message;
}

}  // namespace
}  // namespace cdx
