#include "enrich/chat/chat_annotator.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/metrics.h"
#include "enrich/chat/chat_world.h"

namespace cdx::enrich::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Misdeed = cdx::test::Misdeed;

const std::vector<Profile>& three() {
  static const std::vector<Profile> all{
      creator("yoga teacher", {"morning flow", "learn to breathe"}, "first"),
      creator("vegan recipes from Goa", {}, "second"),
      creator("investing for students", {"what I learn"}, "third")};
  return all;
}

TEST(ChatAnnotator, JudgesSeveralCreatorsInOneRequest) {
  ChatWorld world;
  const auto answers = world.ask(three());
  ASSERT_TRUE(answers) << answers.error().message;
  ASSERT_EQ(answers->size(), 3U);
  EXPECT_EQ(said(*(*answers)[0]),
            "niche fitness, style educational, language en, secondary_niche fitness/yoga");
  EXPECT_EQ(said(*(*answers)[1]),
            "niche food, language en, secondary_niche food/vegan, secondary_niche food/cooking");
  EXPECT_EQ(said(*(*answers)[2]),
            "niche finance, style educational, language en, secondary_niche finance/investing");
  EXPECT_EQ((*answers)[1]->judgements[0].evidence, (std::vector<Evidence>{{"bio", "vegan"}}));
  ASSERT_EQ(world.asked(), 1U);
  const auto seen = world.model.seen()[0];
  EXPECT_EQ(seen.headers.at("authorization"), std::string("Bearer ") + ChatWorld::secret);
  const auto body = json::parse(seen.body);
  EXPECT_EQ(body.at("model"), "small-model");
  EXPECT_EQ(body.at("temperature"), 0);
  EXPECT_EQ(body.at("response_format").at("type"), "json_schema");
  EXPECT_EQ(body.at("response_format").at("json_schema").at("strict"), true);
  EXPECT_EQ(body.at("messages").size(), 2U);
}

TEST(ChatAnnotator, SendsOnlyTextsAndNothingPrivate) {
  ChatWorld world;
  ASSERT_TRUE(
      world.ask({creator("yoga with Ana, mail ana@example.com, +351 912 345 678, linktr.ee/ana, @bob")}));
  const auto sent = world.model.all_text();
  for (const char* secret : {"ana@example", "912", "linktr", "@bob", "Private-Name", "1784140", "48213",
                             "ana.dances", "cr_", "instagram"})
    EXPECT_EQ(sent.find(secret), std::string::npos) << secret;
  EXPECT_NE(sent.find("yoga with Ana"), std::string::npos);
}

TEST(ChatAnnotator, AsksNothingForACreatorWithoutText) {
  ChatWorld world;
  const auto answers = world.ask({creator("")});
  ASSERT_TRUE(answers);
  EXPECT_TRUE((*answers)[0]->judgements.empty());
  EXPECT_EQ((*answers)[0]->summary, "");
  EXPECT_EQ(world.asked(), 0U);
  EXPECT_TRUE(world.ask({})->empty());
}

TEST(ChatAnnotator, ShortensWhatIsSentToTheFormTheEndpointTakes) {
  ChatWorld world;
  world.options.format = AnswerFormat::json_object;
  world.options.temperature = std::nullopt;
  world.options.limit_field = "max_completion_tokens";
  world.options.batch = 2;
  ASSERT_TRUE(world.ask(three()));
  ASSERT_EQ(world.asked(), 2U);
  const auto body = json::parse(world.model.seen()[0].body);
  EXPECT_EQ(body.at("response_format"), (json{{"type", "json_object"}}));
  EXPECT_FALSE(body.contains("temperature"));
  EXPECT_TRUE(body.contains("max_completion_tokens"));
  EXPECT_FALSE(body.contains("max_tokens"));
}

// One faulty answer costs one repair try, which is told the fault and asked for the faulty creators only.
TEST(ChatAnnotator, RepairsAFaultyAnswerOnce) {
  const std::vector<std::pair<Misdeed, const char*>> faults{
      {Misdeed::bad_json, "not JSON"},
      {Misdeed::chatty, "not JSON"},
      {Misdeed::empty_answer, "not JSON"},
      {Misdeed::missing_field, "creator 1: creator.niche is missing"},
      {Misdeed::extra_field, "mood"},
      {Misdeed::missing_creator, "creator 1: missing"},
      {Misdeed::wrong_number, "creator 1: missing"},
      {Misdeed::wrong_enum, "underwater basket weaving"},
      {Misdeed::wrong_type, "secondary_niches must be a list"},
      {Misdeed::confidence_above_one, "between 0 and 1"},
      {Misdeed::short_summary, "summary has 2 words"},
      {Misdeed::summary_with_link, "without links"}};
  for (const auto& [fault, told] : faults) {
    SCOPED_TRACE(told);
    ChatWorld world;
    world.model.play({fault});
    const auto answers = world.ask(three());
    ASSERT_TRUE(answers) << answers.error().message;
    for (const auto& one : *answers) EXPECT_TRUE(one) << one.error().message;
    ASSERT_EQ(world.asked(), 2U);
    const auto messages = json::parse(world.model.seen()[1].body).at("messages");
    ASSERT_EQ(messages.size(), 4U);
    const auto repair = messages[3].at("content").get<std::string>();
    EXPECT_NE(repair.find(told), std::string::npos) << repair;
  }
}

TEST(ChatAnnotator, SetsAsideWhoStaysFaultyAndNobodyElse) {
  for (const auto fault : {Misdeed::wrong_enum, Misdeed::missing_field, Misdeed::short_summary}) {
    ChatWorld world;
    world.model.always(fault);  // spoils the first creator of every request
    const auto answers = world.ask(three());
    ASSERT_TRUE(answers) << answers.error().message;
    ASSERT_FALSE((*answers)[0]);
    EXPECT_EQ((*answers)[0].error().kind, ErrorKind::invalid);
    EXPECT_TRUE((*answers)[1]) << (*answers)[1].error().message;
    EXPECT_TRUE((*answers)[2]) << (*answers)[2].error().message;
    EXPECT_EQ(world.asked(), 3U);  // together, the repair try, alone
  }
}

TEST(ChatAnnotator, AWholeAnswerThatStaysUnreadableIsAskedForOneByOne) {
  ChatWorld world;
  world.model.play({Misdeed::bad_json, Misdeed::chatty});
  const auto answers = world.ask(three());
  ASSERT_TRUE(answers);
  for (const auto& one : *answers) EXPECT_TRUE(one);
  EXPECT_EQ(world.asked(), 5U);
  ChatWorld hopeless;
  hopeless.model.always(Misdeed::bad_json);
  const auto none = hopeless.ask(three());
  ASSERT_TRUE(none) << none.error().message;
  for (const auto& one : *none) EXPECT_EQ(one.error().kind, ErrorKind::invalid);
  EXPECT_EQ(hopeless.asked(), 5U);  // two for all, one for each: bounded
}

TEST(ChatAnnotator, TakesJsonOutOfAFence) {
  ChatWorld world;
  world.model.always(Misdeed::fenced);
  ASSERT_TRUE((*world.ask(three()))[0]);
  EXPECT_EQ(world.asked(), 1U);
}

TEST(ChatAnnotator, EvidenceThatNobodyWroteIsDroppedWithWhatItWasToProve) {
  ChatWorld world;
  world.model.always(Misdeed::made_up_evidence);
  const auto answers = world.ask(three());
  ASSERT_TRUE(answers);
  EXPECT_EQ(said(*(*answers)[0]), "style educational, language en, secondary_niche fitness/yoga");
}

TEST(ChatAnnotator, ARefusalConcernsOnlyWhomItIsAbout) {
  ChatWorld world;
  world.model.refuse_word("vegan");
  const auto answers = world.ask(three());
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_TRUE((*answers)[0]);
  ASSERT_FALSE((*answers)[1]);
  EXPECT_EQ((*answers)[1].error().kind, ErrorKind::invalid);
  EXPECT_NE((*answers)[1].error().message.find("refused"), std::string::npos);
  EXPECT_TRUE((*answers)[2]);
  EXPECT_EQ(world.asked(), 4U);
}

TEST(ChatAnnotator, AContentFilterIsARefusal) {
  ChatWorld world;
  world.model.play({Misdeed::filtered, Misdeed::none, Misdeed::filtered, Misdeed::none});
  const auto answers = world.ask(three());
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_TRUE((*answers)[0]);
  EXPECT_EQ((*answers)[1].error().kind, ErrorKind::invalid);
  EXPECT_TRUE((*answers)[2]);
}

TEST(ChatAnnotator, ACutAnswerIsAskedForInHalves) {
  ChatWorld world;
  world.model.play({Misdeed::cut_answer, Misdeed::none, Misdeed::cut_answer});
  const auto answers = world.ask(three());
  ASSERT_TRUE(answers);
  for (const auto& one : *answers) EXPECT_TRUE(one);
  EXPECT_EQ(world.asked(), 5U);  // 3, then 1, then 2, then 1 and 1
}

TEST(ChatAnnotator, WaitsOutBadWeather) {
  for (const auto misdeed : {Misdeed::server_error, Misdeed::rate_limited, Misdeed::hang_up,
                             Misdeed::truncated_body, Misdeed::bad_envelope}) {
    ChatWorld world;
    world.model.play({misdeed});
    const auto answers = world.ask(three());
    ASSERT_TRUE(answers) << answers.error().message;
    for (const auto& one : *answers) EXPECT_TRUE(one);
    EXPECT_GE(world.asked(), 2U);
    if (misdeed == Misdeed::rate_limited) {
      ASSERT_EQ(world.waits.size(), 1U);
      EXPECT_EQ(world.waits[0], 1s);
    }
  }
}

TEST(ChatAnnotator, WhatConcernsAllIsTheErrorOfAll) {
  const std::vector<std::pair<Misdeed, ErrorKind>> cases{
      {Misdeed::server_error, ErrorKind::unavailable},
      {Misdeed::hang_up, ErrorKind::unavailable},
      {Misdeed::truncated_body, ErrorKind::unavailable},
      {Misdeed::bad_envelope, ErrorKind::unavailable},
      {Misdeed::rate_limited_long, ErrorKind::rate_limited},
      {Misdeed::unauthorized, ErrorKind::unauthorized},
      {Misdeed::hang, ErrorKind::timed_out},
      {Misdeed::drip, ErrorKind::timed_out}};
  for (const auto& [misdeed, kind] : cases) {
    SCOPED_TRACE(static_cast<int>(misdeed));
    ChatWorld world;
    if (kind == ErrorKind::timed_out) world.client.request_timeout = 150ms;
    world.model.always(misdeed);
    const auto answers = world.ask(three());
    ASSERT_FALSE(answers);
    EXPECT_EQ(answers.error().kind, kind) << answers.error().message;
    EXPECT_EQ(answers.error().message.find(ChatWorld::secret), std::string::npos) << answers.error().message;
    if (misdeed == Misdeed::rate_limited_long) {
      EXPECT_EQ(answers.error().wait, 3'600'000ms);
    }
  }
}

TEST(ChatAnnotator, StopsWhenAsked) {
  ChatWorld world;
  world.model.always(Misdeed::hang);
  std::stop_source stop;
  std::jthread asks([&] {
    world.model.wait_until_seen(1);
    stop.request_stop();
  });
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(world.ask(three(), call).error().kind, ErrorKind::cancelled);
}

TEST(ChatAnnotator, WritesDownWhatItSpends) {
  ChatWorld world;
  world.options.usd_per_million_input = 1e6;
  world.options.usd_per_million_output = 2e6;
  world.model.play({Misdeed::wrong_enum, Misdeed::none, Misdeed::unauthorized, Misdeed::no_usage});
  ASSERT_TRUE(world.ask(three()));
  const auto first = *world.ledger->of_day({}, world.clock.now());
  EXPECT_EQ(first.requests, 2U);
  EXPECT_GT(first.tokens, 1'000U);
  EXPECT_NEAR(first.usd, static_cast<double>(first.tokens) + 200, 0.5);  // output counts twice
  ASSERT_FALSE(world.ask(three()));
  EXPECT_EQ(world.ledger->of_day({}, world.clock.now())->requests, 3U);
  ASSERT_TRUE(world.ask(three()));
  EXPECT_GT(world.ledger->of_day({}, world.clock.now())->tokens, first.tokens + 500);  // estimated from bytes
  const auto text = metrics::exposition();
  for (const char* name :
       {"creatordex_annotate_requests_total{outcome=\"ok\"}",
        "creatordex_annotate_requests_total{outcome=\"unauthorized\"}",
        "creatordex_annotate_tokens_total{direction=\"in\"}", "creatordex_annotate_cost_usd_total",
        "creatordex_annotate_creators_total{outcome=\"judged\"}",
        "creatordex_annotate_faults_total{fault=\"schema\"}"})
    EXPECT_NE(text.find(name), std::string::npos) << name;
  EXPECT_EQ(text.find(ChatWorld::secret), std::string::npos);
}

TEST(ChatAnnotator, VersionNamesWhatDecidesAnswers) {
  ChatWorld world;
  const auto base = world.open()->version();
  EXPECT_TRUE(base.starts_with("chat:small-model@127.0.0.1:")) << base;
  EXPECT_EQ(world.open()->version(), base);
  EXPECT_EQ(base.find(ChatWorld::secret), std::string::npos);
  world.options.terms.risks.emplace_back("boredom");
  EXPECT_NE(world.open()->version(), base);
  ChatWorld other;
  other.options.url = world.options.url;
  EXPECT_EQ(other.open()->version(), base);
  other.options.least_confidence = 0.6;
  EXPECT_NE(other.open()->version(), base);
}

TEST(ChatAnnotator, RefusesWrongOptions) {
  ChatWorld world;
  const auto kind = [&](const std::function<void(ChatOptions&)>& change) {
    auto options = world.options;
    change(options);
    auto opened = open_chat_annotator(*http::open_http_client({}), options, nullptr, world.clock);
    return opened ? std::string("fine") : std::string(name(opened.error().kind));
  };
  EXPECT_EQ(kind([](auto&) {}), "fine");
  EXPECT_EQ(kind([](auto& options) { options.url = "chat"; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.model.clear(); }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.terms = {}; }), "invalid");
  EXPECT_EQ(kind([](auto& options) { options.batch = 0; }), "invalid");
}

TEST(ChatAnnotator, TheVocabularyGivesItsTerms) {
  const auto terms = vocabulary_terms();
  EXPECT_GE(terms.niches.size(), 24U);
  EXPECT_GT(terms.secondary_niches.size(), terms.niches.size());
  EXPECT_LT(terms.secondary_niches.size() + terms.niches.size() + terms.styles.size() + terms.risks.size(),
            500U);
  EXPECT_NE(std::find(terms.risks.begin(), terms.risks.end(), "gambling"), terms.risks.end());
}

}  // namespace
}  // namespace cdx::enrich::test
