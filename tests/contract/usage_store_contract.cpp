#include "contract/usage_store_contract.h"

#include <atomic>
#include <bit>
#include <limits>
#include <ostream>
#include <thread>

namespace cdx {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Ids = std::vector<std::uint64_t>;
constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

void PrintTo(const UsageStoreTwin& twin, std::ostream* out) { *out << twin.name; }

std::unique_ptr<UsageStore> UsageStoreContract::open_another() {
  auto opened = GetParam().open(folder_.path().string());
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? *std::move(opened) : nullptr;
}

void UsageStoreContract::reopen() {
  store_.reset();
  store_ = open_another();
  ASSERT_TRUE(store_);
}

Time UsageStoreContract::at(int second) { return Time(seconds(1'700'000'000 + second)); }

LoggedQuestion UsageStoreContract::question(std::uint64_t id, int second, std::size_t shown) {
  LoggedQuestion question;
  question.id = {id};
  question.kind = "search";
  question.words = id * 3;
  question.profile = "läuft 🎬 " + std::to_string(id);
  question.feature_names = {"keyword", "semantic", ""};
  question.at = at(second);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto number = static_cast<float>(i);
    question.shown.push_back({{id + i}, 1.0 / static_cast<double>(i + 1), {number, -number, 0.1F}});
  }
  return question;
}

LoggedChoice UsageStoreContract::choice(std::uint64_t question, std::uint64_t creator, int second) {
  return {{question}, {creator}, "click", at(second)};
}

AuditEntry UsageStoreContract::entry(int number) {
  const auto text = std::to_string(number);
  return {at(-number), "cli", "profile.switch", "subject " + text, R"({"to":")" + text + "\"}"};
}

NamedProfile UsageStoreContract::profile(const std::string& kind, const std::string& name, int number) {
  const auto text = std::to_string(number);
  return {name, kind, R"({"alpha":)" + text + "}", R"({"judged":)" + text + "}", at(number)};
}

void UsageStoreContract::log(const std::vector<LoggedQuestion>& questions) {
  const auto done = store().log_questions(call_, questions);
  EXPECT_TRUE(done) << done.error().message;
}

void UsageStoreContract::log(const std::vector<LoggedChoice>& choices) {
  const auto done = store().log_choices(call_, choices);
  EXPECT_TRUE(done) << done.error().message;
}

Ids UsageStoreContract::ids(Time since, std::size_t max) {
  const auto found = store().questions(call_, since, max);
  EXPECT_TRUE(found) << found.error().message;
  Ids all;
  for (const auto& one : *found) all.push_back(one.id.value);
  return all;
}

std::vector<LoggedChoice> UsageStoreContract::choices(std::vector<QuestionId> of) {
  auto found = store().choices(call_, of);
  EXPECT_TRUE(found) << found.error().message;
  return found ? *std::move(found) : std::vector<LoggedChoice>();
}

TEST_P(UsageStoreContract, AnEmptyStoreKnowsNothing) {
  EXPECT_TRUE(store().questions(call_, Time::min(), 10)->empty());
  EXPECT_TRUE(choices({{1}}).empty());
  EXPECT_EQ(*store().forget_questions(call_, Time::max()), 0U);
  EXPECT_TRUE(store().audits(call_, 10)->empty());
  EXPECT_TRUE(store().profiles(call_, "ranking")->empty());
  EXPECT_EQ(*store().active_profile(call_, "ranking"), UsageStore::Active());
  EXPECT_TRUE(store().log_questions(call_, {}));
  EXPECT_TRUE(store().log_choices(call_, {}));
}

TEST_P(UsageStoreContract, GivesBackEveryFieldOfAQuestion) {
  auto full = question(highest, 0);
  full.words = highest;
  full.kind = std::string("a\0b", 3);
  full.at = Time::max();
  full.shown[0].score = -std::numeric_limits<double>::max();
  full.shown[0].features = {std::numeric_limits<float>::max(), std::numeric_limits<float>::infinity(), -0.0F};
  full.shown[1].features = {};
  full.first_seen = 1;
  full.count_seen = 1;
  LoggedQuestion empty;
  empty.at = Time::min();
  log({full, empty});
  const auto found = *store().questions(call_, Time::min(), 10);
  EXPECT_EQ(found, (std::vector{empty, full}));
}

TEST_P(UsageStoreContract, AFeatureMayBeUnknown) {
  auto one = question(1, 0, 1);
  one.shown[0].features[1] = std::numeric_limits<float>::quiet_NaN();
  log({one});
  const auto found = *store().questions(call_, Time::min(), 10);
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].shown[0].features.size(), 3U);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(found[0].shown[0].features[1]),
            std::bit_cast<std::uint32_t>(one.shown[0].features[1]));
}

TEST_P(UsageStoreContract, RefusesQuestionsThatBreakARuleAndKeepsNoneOfTheCall) {
  const auto refuse = [&](const LoggedQuestion& bad, const std::string& word) {
    const auto refused = store().log_questions(call_, std::vector{question(1, 0), bad, question(3, 0)});
    ASSERT_FALSE(refused) << word;
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
    EXPECT_NE(refused.error().message.find(bad.id.text()), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find(word), std::string::npos) << refused.error().message;
  };
  refuse(question(2, 0, max_shown_creators + 1), "1001");
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    auto one = question(2, 0);
    one.shown[1].score = bad;
    refuse(one, "not a finite number");
  }
  auto one = question(2, 0);
  one.shown[1].features.pop_back();
  refuse(one, "2 features for 3 names");
  auto unseen = question(2, 0);
  unseen.first_seen = 1;
  unseen.count_seen = static_cast<std::uint32_t>(unseen.shown.size());
  refuse(unseen, "not among");
  unseen.first_seen = std::numeric_limits<std::uint32_t>::max();
  refuse(unseen, "not among");
  EXPECT_EQ(ids(Time::min()), Ids{});
  log({question(2, 0, max_shown_creators)});
  EXPECT_EQ(store().questions(call_, Time::min(), 1)->at(0).shown.size(), max_shown_creators);
}

TEST_P(UsageStoreContract, GivesQuestionsOldestFirstAndEqualTimesInTheOrderAsked) {
  log({question(5, 20), question(9, 10), question(highest, 10)});
  log({question(1, 10), question(2, 30)});
  EXPECT_EQ(ids(at(0)), (Ids{9, highest, 1, 5, 2}));
  EXPECT_EQ(ids(at(20)), (Ids{5, 2})) << "at the time itself is in";
  EXPECT_EQ(ids(at(20) + milliseconds(1)), Ids{2});
  EXPECT_EQ(ids(at(31)), Ids{});
  EXPECT_EQ(ids(at(0), 0), Ids{});
}

TEST_P(UsageStoreContract, APageEndsWithAWholeMillisecondSoThatNothingIsMissed) {
  for (std::uint64_t i = 0; i < 30; ++i) log({question(i, static_cast<int>(i / 7), 0)});
  EXPECT_EQ(ids(at(0), 1).size(), 7U);
  for (const std::size_t max : {1U, 6U, 7U, 8U, 100U}) {
    Ids all;
    for (Time since = Time::min();;) {
      const auto page = *store().questions(call_, since, max);
      for (const auto& one : page) all.push_back(one.id.value);
      if (page.size() < max) break;
      since = page.back().at + milliseconds(1);
    }
    ASSERT_EQ(all.size(), 30U) << max;
    for (std::uint64_t i = 0; i < 30; ++i) EXPECT_EQ(all[i], i);
  }
}

TEST_P(UsageStoreContract, AnEqualIdReplacesTheQuestionAndKeepsItsChoices) {
  log({question(1, 10)});
  log({choice(1, 7)});
  auto later = question(1, 50, 3);
  later.kind = "match";
  log({question(2, 20), later});
  EXPECT_EQ(*store().questions(call_, Time::min(), 10), (std::vector{question(2, 20), later}));
  EXPECT_EQ(choices({{1}}), std::vector{choice(1, 7)});
  EXPECT_EQ(*store().forget_questions(call_, at(15)), 0U) << "it is as old as it says last";
  log({question(3, 1), question(3, 2)});
  EXPECT_EQ(store().questions(call_, Time::min(), 1)->at(0).at, at(2)) << "in one call as well";
}

TEST_P(UsageStoreContract, GivesChoicesByQuestionThenTimeCreatorAndAction) {
  log({question(1, 0), question(2, 0), question(highest, 0)});
  auto save = choice(1, 4, 5);
  save.action = std::string("save\0ü", 7);
  const std::vector expected = {choice(highest, 3), choice(1, 9, -1),     choice(1, 4, 5), save,
                                choice(1, 5, 5),    choice(1, highest, 5)};
  log({choice(1, highest, 5), choice(1, 5, 5), save, choice(2, 1), choice(1, 9, -1), choice(highest, 3),
       choice(1, 4, 5)});
  EXPECT_EQ(choices({{highest}, {77}, {1}}), expected);
  EXPECT_EQ(choices({{2}, {2}}).size(), 2U);
  EXPECT_EQ(choices({}), std::vector<LoggedChoice>());
}

TEST_P(UsageStoreContract, EqualChoicesAreKeptOnceSoThatRepeatingIsSafe) {
  log({question(1, 0)});
  const std::vector twice = {choice(1, 4), choice(1, 4), choice(1, 5)};
  log(twice);
  log(twice);
  EXPECT_EQ(choices({{1}}), (std::vector{choice(1, 4), choice(1, 5)}));
}

TEST_P(UsageStoreContract, AChoiceOfAnUnknownQuestionIsNotFoundAndNothingIsWritten) {
  log({question(1, 0)});
  const auto failed = store().log_choices(call_, std::vector{choice(1, 4), choice(2, 4), choice(1, 5)});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::not_found);
  EXPECT_NE(failed.error().message.find(QuestionId{2}.text()), std::string::npos) << failed.error().message;
  EXPECT_TRUE(choices({{1}, {2}}).empty());
}

TEST_P(UsageStoreContract, ForgetsOldQuestionsWithTheirChoices) {
  // More than are forgotten in one step.
  constexpr std::uint64_t many = 1'700;
  std::vector<LoggedQuestion> questions;
  std::vector<LoggedChoice> all;
  for (std::uint64_t i = 0; i < many; ++i) {
    questions.push_back(question(i, static_cast<int>(i), 1));
    all.push_back(choice(i, i));
  }
  log(questions);
  log(all);
  EXPECT_EQ(*store().forget_questions(call_, at(0)), 0U);
  EXPECT_EQ(*store().forget_questions(call_, at(1'500)), 1'500U);
  EXPECT_EQ(*store().forget_questions(call_, at(1'500)), 0U);
  EXPECT_EQ(ids(Time::min()).size(), 200U);
  EXPECT_EQ(ids(Time::min(), 1), Ids{1'500}) << "the time itself stays";
  EXPECT_TRUE(choices({{0}, {1'499}}).empty());
  EXPECT_EQ(choices({{1'500}}).size(), 1U);
  EXPECT_EQ(store().log_choices(call_, std::vector{choice(3, 3)}).error().kind, ErrorKind::not_found);
  log({question(3, 5'000)});
  EXPECT_TRUE(choices({{3}}).empty()) << "a new question with an old id begins without choices";
  EXPECT_EQ(*store().forget_questions(call_, Time::max()), 201U);
}

TEST_P(UsageStoreContract, KeepsTheAuditInTheOrderAppendedTheLastFirst) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(store().audit(call_, entry(i)));
  ASSERT_TRUE(store().audit(call_, AuditEntry{}));
  ASSERT_TRUE(store().audit(call_, entry(0))) << "an equal one is another entry";
  EXPECT_EQ(*store().audits(call_, 3), (std::vector{entry(0), AuditEntry{}, entry(4)}));
  EXPECT_EQ(store().audits(call_, std::numeric_limits<std::size_t>::max())->size(), 7U);
  EXPECT_TRUE(store().audits(call_, 0)->empty());
}

TEST_P(UsageStoreContract, KeepsProfilesByKindAndNameWithTheirAudit) {
  ASSERT_TRUE(store().put_profile(call_, profile("ranking", "b"), entry(1)));
  ASSERT_TRUE(store().put_profile(call_, profile("ranking", "Ä"), entry(2)));
  ASSERT_TRUE(store().put_profile(call_, profile("match", "b"), entry(3)));
  ASSERT_TRUE(store().put_profile(call_, profile("ranking", "b", 7), entry(4)));
  EXPECT_EQ(*store().profiles(call_, "ranking"),
            (std::vector{profile("ranking", "b", 7), profile("ranking", "Ä")}));
  EXPECT_EQ(*store().profiles(call_, "match"), std::vector{profile("match", "b")});
  EXPECT_TRUE(store().profiles(call_, "")->empty());
  EXPECT_EQ(*store().audits(call_, 9), (std::vector{entry(4), entry(3), entry(2), entry(1)}));
  const auto refused = store().put_profile(call_, profile("ranking", ""), entry(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_EQ(store().audits(call_, 9)->size(), 4U) << "what was refused leaves no entry";
}

TEST_P(UsageStoreContract, SwitchesBetweenProfilesAndKnowsTheFormerOne) {
  using Active = UsageStore::Active;
  for (const auto* name : {"a", "b"}) {
    ASSERT_TRUE(store().put_profile(call_, profile("ranking", name), entry(0)));
  }
  EXPECT_EQ(*store().active_profile(call_, "ranking"), Active()) << "to put one is not to use it";
  ASSERT_TRUE(store().switch_profile(call_, "ranking", "a", entry(1)));
  EXPECT_EQ(*store().active_profile(call_, "ranking"), (Active{"a", ""}));
  ASSERT_TRUE(store().switch_profile(call_, "ranking", "b", entry(2)));
  EXPECT_EQ(*store().active_profile(call_, "ranking"), (Active{"b", "a"}));
  ASSERT_TRUE(store().switch_profile(call_, "ranking", "b", entry(3)));
  EXPECT_EQ(*store().active_profile(call_, "ranking"), (Active{"b", "a"})) << "repeating loses nothing";
  ASSERT_TRUE(store().switch_profile(call_, "ranking", "", entry(4)));
  EXPECT_EQ(*store().active_profile(call_, "ranking"), (Active{"", "b"}));
  EXPECT_EQ(*store().active_profile(call_, "match"), Active());
  EXPECT_EQ(*store().audits(call_, 4), (std::vector{entry(4), entry(3), entry(2), entry(1)}));
}

TEST_P(UsageStoreContract, ToSwitchToAnUnknownProfileIsNotFoundAndLeavesNoEntry) {
  ASSERT_TRUE(store().put_profile(call_, profile("ranking", "a"), entry(0)));
  ASSERT_TRUE(store().switch_profile(call_, "ranking", "a", entry(0)));
  for (const auto& [kind, name] : {std::pair("ranking", "b"), std::pair("match", "a")}) {
    const auto failed = store().switch_profile(call_, kind, name, entry(1));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::not_found);
    EXPECT_NE(failed.error().message.find(name), std::string::npos) << failed.error().message;
  }
  EXPECT_EQ(*store().active_profile(call_, "ranking"), (UsageStore::Active{"a", ""}));
  EXPECT_EQ(store().audits(call_, 9)->size(), 2U);
  EXPECT_TRUE(store().switch_profile(call_, "match", "", entry(2))) << "the built-in one is always there";
}

TEST_P(UsageStoreContract, ManyMayWriteAtOnceAndLoseNothing) {
  const auto other = GetParam().durable ? open_another() : nullptr;
  constexpr int rounds = 25, writers = 4;
  std::atomic<int> failures = 0;
  const auto run = [&](UsageStore& store, int writer) {
    for (int round = 0; round < rounds; ++round) {
      const auto id = static_cast<std::uint64_t>(writer * 1'000 + round);
      const auto name = std::to_string(writer);
      if (!store.log_questions(Call{}, std::vector{question(id, round)})) ++failures;
      if (!store.log_choices(Call{}, std::vector{choice(id, 1)})) ++failures;
      if (!store.put_profile(Call{}, profile("ranking", name, round), entry(round))) ++failures;
      if (!store.switch_profile(Call{}, "ranking", name, entry(round))) ++failures;
      if (!store.forget_questions(Call{}, at(-1))) ++failures;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] { run(other && writer % 2 == 1 ? *other : store(), writer); });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(ids(Time::min()).size(), static_cast<std::size_t>(rounds * writers));
  EXPECT_EQ(choices({{0}, {1'024}, {3'024}}).size(), 3U);
  EXPECT_EQ(store().audits(call_, 10'000)->size(), 2U * rounds * writers);
  const auto active = *store().active_profile(call_, "ranking");
  EXPECT_NE(active.name, active.previous);
}

TEST_P(UsageStoreContract, HeedsTheCall) {
  log({question(1, 0)});
  std::stop_source source;
  source.request_stop();
  const Call stopped{.stop = source.get_token()};
  const Call late{.deadline = std::chrono::steady_clock::now() - seconds(1)};
  for (const auto& [call, kind] :
       {std::pair(stopped, ErrorKind::cancelled), std::pair(late, ErrorKind::timed_out)}) {
    EXPECT_EQ(store().log_questions(call, std::vector{question(2, 0)}).error().kind, kind);
    EXPECT_EQ(store().log_choices(call, std::vector{choice(1, 1)}).error().kind, kind);
    EXPECT_EQ(store().questions(call, Time::min(), 1).error().kind, kind);
    EXPECT_EQ(store().choices(call, std::vector<QuestionId>{{1}}).error().kind, kind);
    EXPECT_EQ(store().forget_questions(call, Time::max()).error().kind, kind);
    EXPECT_EQ(store().audit(call, entry(1)).error().kind, kind);
    EXPECT_EQ(store().audits(call, 1).error().kind, kind);
    EXPECT_EQ(store().put_profile(call, profile("ranking", "a"), entry(1)).error().kind, kind);
    EXPECT_EQ(store().profiles(call, "ranking").error().kind, kind);
    EXPECT_EQ(store().active_profile(call, "ranking").error().kind, kind);
    EXPECT_EQ(store().switch_profile(call, "ranking", "", entry(1)).error().kind, kind);
  }
  EXPECT_EQ(ids(Time::min()), Ids{1});
  EXPECT_TRUE(choices({{1}}).empty());
  EXPECT_TRUE(store().audits(call_, 9)->empty());
}

TEST_P(UsageStoreContract, AnotherHandleAndReopeningFindEverything) {
  log({question(1, 0)});
  log({choice(1, 2)});
  ASSERT_TRUE(store().put_profile(call_, profile("ranking", "a"), entry(1)));
  ASSERT_TRUE(store().switch_profile(call_, "ranking", "a", entry(2)));
  if (!GetParam().durable) {
    reopen();
    EXPECT_EQ(ids(Time::min()), Ids{});
    return;
  }
  const auto other = open_another();
  ASSERT_TRUE(other);
  EXPECT_EQ(*other->questions(call_, Time::min(), 9), std::vector{question(1, 0)});
  ASSERT_TRUE(other->log_questions(call_, std::vector{question(2, 1)}));
  EXPECT_EQ(ids(Time::min()), (Ids{1, 2}));
  reopen();
  EXPECT_EQ(*store().questions(call_, Time::min(), 9), (std::vector{question(1, 0), question(2, 1)}));
  EXPECT_EQ(choices({{1}}), std::vector{choice(1, 2)});
  EXPECT_EQ(*store().profiles(call_, "ranking"), std::vector{profile("ranking", "a")});
  EXPECT_EQ(*store().active_profile(call_, "ranking"), (UsageStore::Active{"a", ""}));
  EXPECT_EQ(*store().audits(call_, 9), (std::vector{entry(2), entry(1)}));
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UsageStoreContract);

}  // namespace cdx
