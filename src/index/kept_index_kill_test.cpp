// A writer killed at a thousand random points, on the real file system, with its threads.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include "index/index.h"
#include "index/made_up.h"
#include "index/reference.h"
#include "support/scratch.h"

namespace cdx::engine {
namespace {

IndexOptions options(bool background) {
  IndexOptions out;
  out.flush_documents = 100;
  out.graph_from = 150;
  out.background = background;
  return out;
}

// The batch that leads to a revision: the same in every process.
IndexBatch batch_to(std::uint64_t revision) {
  MadeUp made(revision, 300);
  auto out = made.batch(12);
  out.reached = Revision{revision};
  out.follows = Revision{revision - 1};
  return out;
}

// Applies batch after batch and tells each one acknowledged, until it is killed. The first word is where it
// begins.
[[noreturn]] void write_until_killed(const std::string& folder, int acknowledged) {
  auto index = open_index(posix_disk(), folder, MadeUp::schema(), options(true));
  if (!index) _exit(2);
  for (auto revision = (*index)->snapshot()->revision().value;;) {
    if (write(acknowledged, &revision, sizeof revision) != sizeof revision) _exit(3);
    if (!(*index)->apply(Call{}, batch_to(++revision))) _exit(4);
    if (revision % 97 == 0 && !(*index)->compact(Call{})) _exit(5);
  }
}

// What the writer told before it died, so long after its start, or after it began to write.
std::uint64_t kill_after(std::chrono::microseconds time, bool at_start, const std::string& folder,
                         std::uint64_t before) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const auto child = fork();
  if (child == 0) {
    close(ends[0]);
    write_until_killed(folder, ends[1]);
  }
  close(ends[1]);
  auto told = before;
  std::uint64_t revision = 0;
  if (!at_start && read(ends[0], &revision, sizeof revision) == sizeof revision) told = revision;
  std::this_thread::sleep_for(time);
  kill(child, SIGKILL);
  int how = 0;
  waitpid(child, &how, 0);
  EXPECT_TRUE(WIFSIGNALED(how)) << "the writer ended by itself: " << WEXITSTATUS(how);
  while (read(ends[0], &revision, sizeof revision) == sizeof revision) told = revision;
  close(ends[0]);
  return told;
}

TEST(KeptIndex, LosesNothingAcknowledgedWhenItIsKilledAThousandTimes) {
  const test::Scratch scratch;
  const auto folder = scratch.file("index");
  std::mt19937_64 random(1);
  Reference reference(MadeUp::schema());
  std::uint64_t revision = 0;
  for (int kills = 0; kills < 1'000 && !HasFailure(); ++kills) {
    SCOPED_TRACE(kills);
    const auto told =
        kill_after(std::chrono::microseconds(random() % 20'000), kills % 4 == 0, folder, revision);
    const auto index = open_index(posix_disk(), folder, MadeUp::schema(), options(false));
    ASSERT_TRUE(index) << index.error().message;
    const auto reached = (*index)->snapshot()->revision().value;
    ASSERT_GE(reached, told);
    while (revision < reached) reference.apply(batch_to(++revision));
    const auto got = (*index)->snapshot()->retrieve(Call{}, Retrieval{});
    ASSERT_TRUE(got);
    ASSERT_EQ(got->documents, reference.retrieve(Retrieval{}).documents);
    EXPECT_TRUE((*index)->health().faults.empty()) << (*index)->health().faults.front();
  }
  EXPECT_GT(revision, 1'000U);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(folder)) ++files;
  EXPECT_LT(files, 40U) << "the folder grows";
}

}  // namespace
}  // namespace cdx::engine
