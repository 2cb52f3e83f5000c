// A full disk: the commit that does not fit fails as a whole, reading goes on, and room makes everything well
// again.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "store/sqlite/batches.h"
#include "store/sqlite/sqlite_store.h"
#include "support/scratch.h"

namespace cdx {
namespace {

constexpr int skipped = 77;

// Every complaint, a line each; empty when all is well. Runs on a file system of 3 MiB.
std::string fill_and_free(const std::string& folder) {
  std::string complaints;
  const auto expect = [&](bool fine, const std::string& what) {
    if (!fine) complaints += what + "\n";
  };
  const auto path = folder + "/dex.db";
  const auto ballast = folder + "/ballast";
  std::ofstream(ballast) << std::string(std::size_t{1} << 20U, 'b');
  const Call call;
  int batches = 0;
  const auto accounts = [&] { return static_cast<std::uint64_t>(batches) * crash::accounts_per_batch; };
  {
    auto opened = open_sqlite_store({.path = path, .readers = 1});
    if (!opened) return opened.error().message;
    auto& store = **opened;
    Result<Revision> last = Revision{};
    while (batches < 10'000 && (last = store.commit(call, crash::change_batch(batches)))) ++batches;
    expect(batches > 3 && batches < 10'000, "the disk was not filled: " + std::to_string(batches));
    expect(!last && last.error().kind == ErrorKind::unavailable, "a full disk is `unavailable`");
    expect(!last && last.error().message.find(path) != std::string::npos, "the path is named");
    const auto again = store.commit(call, crash::change_batch(batches));
    expect(!again && again.error().kind == ErrorKind::unavailable, "it stays full");
    const auto raw =
        store.append_raw(call, std::vector<RawRecord>(1, {"s", "k", "l", std::string(3'000'000, 'r'), {}}));
    expect(!raw && raw.error().kind == ErrorKind::unavailable, "the raw log does not fit either");
    const auto counts = store.counts(call);
    expect(counts && counts->accounts == accounts() && counts->raw == 0,
           "reading goes on and sees whole commits");
    std::filesystem::remove(ballast);
    const auto after = store.commit(call, crash::change_batch(batches));
    expect(after.has_value(), after ? "" : "with room it works again: " + after.error().message);
    if (after) ++batches;
  }
  const auto reopened = open_sqlite_store({.path = path, .readers = 1});
  if (!reopened) return complaints + reopened.error().message;
  const auto counts = (*reopened)->counts(call);
  expect(counts && counts->accounts == accounts(), "everything is there after reopening");
  return complaints;
}

// As above for the scores of a campaign, each batch of which leaves history, and for the log of questions.
std::string fill_with_scores(const std::string& folder) {
  std::string complaints;
  const auto expect = [&](bool fine, const std::string& what) {
    if (!fine) complaints += what + "\n";
  };
  const auto path = folder + "/dex.db";
  const auto ballast = folder + "/ballast";
  std::ofstream(ballast) << std::string(std::size_t{1} << 20U, 'b');
  const Call call;
  const auto campaign = crash::campaign();
  int batches = 0;
  const auto whole = [&](const CampaignStore& store, const std::string& when) {
    const auto page = store.scores(call, campaign.id, 0, 100);
    expect(page && page->scores == crash::scores(batches - 1), when + ": the last whole batch is there");
    const auto history = store.score_history(call, campaign.id, crash::scores(0).back().creator);
    expect(history && history->size() + 1 == static_cast<std::size_t>(batches), when + ": with its history");
  };
  const SqliteStoreOptions options{.path = path, .readers = 1};
  {
    auto campaigns = open_sqlite_campaign_store(options);
    auto usage = open_sqlite_usage_store(options);
    if (!campaigns || !usage) return "cannot open";
    auto& store = **campaigns;
    if (!store.put_campaign(call, campaign)) return "cannot begin";
    Status last;
    while (batches < 100'000 && (last = store.put_scores(call, crash::scores(batches)))) ++batches;
    expect(batches > 3 && batches < 100'000, "the disk was not filled: " + std::to_string(batches));
    expect(!last && last.error().kind == ErrorKind::unavailable, "a full disk is `unavailable`");
    expect(!last && last.error().message.find(path) != std::string::npos, "the path is named");
    std::vector<LoggedQuestion> questions;
    for (int i = 0; i < 20'000; ++i) questions.push_back(crash::questions(i)[0]);
    const auto logged = (*usage)->log_questions(call, questions);
    expect(!logged && logged.error().kind == ErrorKind::unavailable, "the questions do not fit either");
    expect((*usage)->questions(call, Time::min(), 1)->empty(), "none of them is there");
    whole(store, "full");
    std::filesystem::remove(ballast);
    const auto after = store.put_scores(call, crash::scores(batches));
    expect(after.has_value(), after ? "" : "with room it works again: " + after.error().message);
    if (after) ++batches;
    expect((*usage)->log_questions(call, crash::questions(0)).has_value(), "and so do questions");
  }
  const auto reopened = open_sqlite_campaign_store(options);
  if (!reopened) return complaints + reopened.error().message;
  whole(**reopened, "reopened");
  return complaints;
}

// Mounts a small file system that only this process sees; it goes with the process.
bool mount_small_disk(const std::string& folder) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("none", folder.c_str(), "tmpfs", 0, "size=3m") == 0;
}

// `scenario` gives its complaints; it has the small disk to itself.
void run_on_small_disk(std::string (*scenario)(const std::string& folder)) {
  const test::Scratch folder;
  std::array<int, 2> pipe = {};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (!mount_small_disk(folder.path().string())) ::_exit(skipped);
    const auto complaints = scenario(folder.path().string());
    const auto written = ::write(pipe[1], complaints.data(), complaints.size());
    ::_exit(complaints.empty() && written == 0 ? 0 : 1);
  }
  ::close(pipe[1]);
  std::string complaints;
  std::array<char, 4096> buffer = {};
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    complaints.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == skipped) {
    GTEST_SKIP()
        << "NOT TESTED: a full disk. It needs the right to mount a small tmpfs (root or user namespaces).";
  }
  EXPECT_EQ(complaints, "");
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(DiskFull, FailsWholeCommitsReadsOnAndRecovers) { run_on_small_disk(fill_and_free); }
TEST(DiskFull, FailsWholePutsOfScoresAndQuestionsAndRecovers) { run_on_small_disk(fill_with_scores); }

}  // namespace
}  // namespace cdx
