// kill -9 at random moments: what was acknowledged is there, nothing is there by halves, and the next start
// just works.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <sstream>
#include <thread>

#include "io/sqlite.h"
#include "store/sqlite/batches.h"
#include "store/sqlite/sqlite_store.h"
#include "support/scratch.h"

namespace cdx {
namespace {

constexpr int kills = 200;

struct Acknowledged {
  int raw = -1, committed = -1, scored = -1, chosen = -1;  // last batch of each
};

class CrashTest : public testing::Test {
 protected:
  // Runs the committer until it has acknowledged `lines` and `delay` has passed, kills it, and reads all it
  // had said.
  Acknowledged run_and_kill(std::ptrdiff_t lines, std::chrono::microseconds delay) {
    std::array<int, 2> pipe = {};
    EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const auto child = ::fork();
    EXPECT_GE(child, 0);
    if (child == 0) {
      ::dup2(pipe[1], STDOUT_FILENO);
      ::execl(CDX_COMMITTER, CDX_COMMITTER, path_.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(pipe[1]);
    std::string said;
    const auto listen = [&] {
      std::array<char, 4096> buffer = {};
      const auto got = ::read(pipe[0], buffer.data(), buffer.size());
      if (got > 0) said.append(buffer.data(), static_cast<std::size_t>(got));
      return got > 0;
    };
    while (std::count(said.begin(), said.end(), '\n') < lines && listen()) {
    }
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
    while (listen()) {
    }
    ::close(pipe[0]);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the committer ended by itself with " << WEXITSTATUS(status);
    return parse(said);
  }

  static Acknowledged parse(const std::string& said) {
    Acknowledged acknowledged;
    std::istringstream lines(said);
    std::string word;
    for (int batch = 0; lines >> word >> batch;) {
      (word == "raw"      ? acknowledged.raw
       : word == "commit" ? acknowledged.committed
       : word == "scores" ? acknowledged.scored
                          : acknowledged.chosen) = batch;
    }
    return acknowledged;
  }

  // The number of whole batches found.
  int check(const Acknowledged& acknowledged) {
    const auto opened = open_sqlite_store({.path = path_, .readers = 1});
    EXPECT_TRUE(opened) << opened.error().message;
    if (!opened) return 0;
    const auto& store = **opened;
    const Call call;
    const auto last = store.checkpoint(call, "batch");
    const auto counts = store.counts(call);
    EXPECT_TRUE(last && counts);
    const int batches = *last ? std::stoi(**last) + 1 : 0;
    EXPECT_GE(batches, acknowledged.committed + 1);
    const auto rows = static_cast<std::uint64_t>(batches) * crash::accounts_per_batch;
    EXPECT_EQ(counts->accounts, rows);
    EXPECT_EQ(counts->creators, rows);
    EXPECT_EQ(counts->items, rows);
    EXPECT_EQ(counts->snapshots, rows);
    EXPECT_EQ(counts->pictures, rows);
    EXPECT_EQ(store.revision(call)->value, rows);
    EXPECT_EQ(counts->raw % crash::raw_per_batch, 0U);
    EXPECT_GE(counts->raw, static_cast<std::uint64_t>(acknowledged.raw + 1) * crash::raw_per_batch);
    if (batches > 0) check_batch(store, batches - 1);
    if (acknowledged.committed >= 0) check_batch(store, acknowledged.committed);
    check_scores(acknowledged.scored, batches - 1);
    check_questions(acknowledged.chosen, batches - 1);
    return batches;
  }

  // A batch may be missing where it was killed between the commit and the scores; none is there by halves.
  void check_scores(int acknowledged, int last) {
    const auto opened = open_sqlite_campaign_store({.path = path_, .readers = 1});
    ASSERT_TRUE(opened) << opened.error().message;
    const auto page = (*opened)->scores({}, crash::campaign().id, 0, 1000);
    ASSERT_TRUE(page) << page.error().message;
    if (page->scores.empty()) {
      EXPECT_LT(acknowledged, 0) << "acknowledged scores are gone";
      return;
    }
    ASSERT_EQ(page->scores.size(), std::size_t{crash::scored_per_batch});
    const auto batch = static_cast<int>(page->scores[0].match);
    EXPECT_GE(batch, acknowledged);
    EXPECT_LE(batch, last);
    const auto expected = crash::scores(batch);
    EXPECT_EQ(page->scores, expected);
    const auto first = (*opened)->score_history({}, crash::campaign().id, expected.front().creator);
    const auto other = (*opened)->score_history({}, crash::campaign().id, expected.back().creator);
    ASSERT_TRUE(first && other);
    ASSERT_EQ(first->size(), other->size());
    for (std::size_t i = 1; i < first->size(); ++i) EXPECT_LT((*first)[i - 1].match, (*first)[i].match);
    EXPECT_TRUE(first->empty() || first->back().match < batch);
  }

  void check_questions(int acknowledged, int last) {
    const auto opened = open_sqlite_usage_store({.path = path_, .readers = 1});
    ASSERT_TRUE(opened) << opened.error().message;
    const auto found = (*opened)->questions({}, Time::min(), 1'000'000);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->size() % crash::questions_per_batch, 0U);
    EXPECT_LE(found->size(), static_cast<std::size_t>(last + 1) * crash::questions_per_batch);
    if (acknowledged < 0) return;
    const auto expected = crash::questions(acknowledged);
    const auto wanted = crash::choices(acknowledged);
    EXPECT_EQ((*opened)->questions({}, expected[0].at, 1)->at(0), expected[0]);
    std::vector<QuestionId> ids;
    for (const auto& question : expected) ids.push_back(question.id);
    EXPECT_EQ(*(*opened)->choices({}, ids), wanted) << "acknowledged choices are gone";
  }

  static void check_batch(const Store& store, int batch) {
    const auto expected = crash::change_batch(batch);
    std::vector<CreatorId> ids;
    for (const auto& creator : expected.creators) ids.push_back(creator.id);
    const auto profiles = store.profiles({}, ids, 5);
    ASSERT_TRUE(profiles) << profiles.error().message;
    ASSERT_EQ(profiles->size(), ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto& profile = (*profiles)[i];
      ASSERT_EQ(profile.accounts.size(), 1U);
      EXPECT_EQ(profile.accounts[0], expected.accounts[i].account);
      EXPECT_EQ(profile.items.size(), 1U);
      EXPECT_EQ(profile.creator.total_followers, batch);
    }
    const auto sharing = store.accounts_sharing({}, expected.accounts[0].keys, 1000);
    ASSERT_TRUE(sharing);
    EXPECT_EQ(sharing->size(), ids.size());
  }

  void check_integrity() {
    const auto database = SqliteDatabase::open(path_, {});
    ASSERT_TRUE(database);
    const auto verdict = (*database)->prepare("PRAGMA integrity_check");
    ASSERT_TRUE(verdict && const_cast<SqliteStatement&>(*verdict).step());
    EXPECT_EQ(verdict->text(0), "ok");
  }

  test::Scratch folder_;
  std::string path_ = folder_.file("dex.db");
};

TEST_F(CrashTest, KillingTheWriterLosesNothingAcknowledgedAndNeedsNoRepair) {
  std::mt19937 random(20);  // NOLINT: moments vary with the machine anyway
  // Every fourth is killed while it starts, the others at any moment of a batch.
  std::uniform_int_distribution<int> lines(1, 20), delay(0, 8'000), starting(0, 20'000);
  int batches = 0;
  for (int kill = 0; kill < kills; ++kill) {
    const bool early = kill % 4 == 0;
    const auto acknowledged = early ? run_and_kill(0, std::chrono::microseconds(starting(random)))
                                    : run_and_kill(lines(random), std::chrono::microseconds(delay(random)));
    const int found = check(acknowledged);
    EXPECT_GE(found, batches) << "batches of earlier runs are gone";
    batches = found;
    if (kill % 25 == 0) check_integrity();
    ASSERT_FALSE(HasFailure()) << "after kill " << kill;
  }
  check_integrity();
  EXPECT_GT(batches, kills);
}

}  // namespace
}  // namespace cdx
