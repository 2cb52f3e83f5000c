// What an index in a folder promises, against a disk that does its worst.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "index/index.h"
#include "index/made_up.h"
#include "index/manifest.h"
#include "index/reference.h"
#include "support/simulated_disk.h"

namespace cdx::engine {
namespace {

constexpr auto folder = "index";

// Small enough that a few batches make flushes and merges; no threads, so that a seed is one story.
IndexOptions small() {
  IndexOptions out;
  out.flush_documents = 12;
  out.background = false;
  out.graph_from = 24;
  return out;
}

Result<std::unique_ptr<Index>> open(Disk& disk) {
  return open_index(disk, folder, MadeUp::schema(), small());
}

// Every document found, with what was written: candidates of an empty question are all documents.
void expect_holds(const Index& index, const Reference& reference, MadeUp& made, int questions = 3) {
  const auto snapshot = index.snapshot();
  ASSERT_EQ(snapshot->size(), reference.documents().size());
  for (int i = 0; i < questions; ++i) {
    auto retrieval = i == 0 ? Retrieval{} : made.retrieval();
    if (i == 0)
      retrieval.number_fields = {"followers", "rate"}, retrieval.facet_fields = {"country", "niche"};
    const auto got = snapshot->retrieve(Call{}, retrieval);
    ASSERT_TRUE(got) << got.error().message;
    const auto want = reference.retrieve(retrieval);
    EXPECT_EQ(got->documents, want.documents) << got->plan;
    ASSERT_EQ(got->bm25.size(), want.bm25.size());
    for (std::size_t d = 0; d < want.bm25.size(); ++d)
      EXPECT_NEAR(got->bm25[d], want.bm25[d], 1e-5 * (1 + want.bm25[d]));
    for (const auto& [name, facet] : want.facets) EXPECT_EQ(got->facets.at(name).values, facet.values);
  }
}

bool same_documents(const Index& index, const Reference& reference) {
  const auto got = index.snapshot()->retrieve(Call{}, Retrieval{});
  return got && got->documents == reference.retrieve(Retrieval{}).documents;
}

// A story of batches with their outcomes: what was acknowledged is in `sure`; what failed may be there or
// not.
struct Story {
  Reference sure{MadeUp::schema()};
  std::optional<IndexBatch> open;  // the last batch, when its outcome is not known
  std::uint64_t revision = 0;

  bool tell(Index& index, MadeUp& made) {
    auto batch = made.batch(6);
    batch.reached = Revision{revision + 1};
    if (const auto done = index.apply(Call{}, batch); !done) {
      EXPECT_THAT(done.error().kind, ::testing::AnyOf(ErrorKind::unavailable, ErrorKind::corrupt))
          << done.error().message;
      open = std::move(batch);
      return false;
    }
    ++revision;
    sure.apply(batch);
    return true;
  }
  // After a start: settles what became of the open batch.
  void settle(const Index& index) {
    const auto at = index.snapshot()->revision().value;
    ASSERT_GE(at, revision);
    ASSERT_LE(at, revision + (open ? 1 : 0));
    if (at > revision) {
      sure.apply(*open);
      revision = at;
    }
    open.reset();
    EXPECT_TRUE(same_documents(index, sure));
  }
};

std::size_t bytes_on(const SimulatedDisk& disk) {
  std::size_t out = 0;
  for (const auto& path : disk.files()) out += disk.bytes(path).size();
  return out;
}

TEST(KeptIndex, IsTheSameAfterEveryStart) {
  for (std::uint64_t seed = 1; seed <= 6 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    MadeUp made(seed);
    SimulatedDisk disk(seed);
    Reference reference(MadeUp::schema());
    auto index = open(disk);
    ASSERT_TRUE(index) << index.error().message;
    for (int step = 0; step < 60 && !::testing::Test::HasFailure(); ++step) {
      auto batch = made.batch(8);
      batch.reached = Revision{static_cast<std::uint64_t>(step) + 1};
      ASSERT_TRUE((*index)->apply(Call{}, batch));
      reference.apply(batch);
      if (made.chance(0.1)) {
        ASSERT_TRUE((*index)->flush(Call{}));
      }
      if (made.chance(0.05)) {
        ASSERT_TRUE((*index)->compact(Call{}));
      }
      if (made.chance(0.2)) {
        index->reset();
        index = open(disk);
        ASSERT_TRUE(index) << index.error().message;
        EXPECT_EQ((*index)->snapshot()->revision(), batch.reached);
      }
      expect_holds(**index, reference, made);
    }
    EXPECT_THAT((*index)->health().faults, ::testing::IsEmpty());
  }
}

TEST(KeptIndex, CompactLeavesOneSegmentWithoutTheDead) {
  MadeUp made(3);
  SimulatedDisk disk;
  Reference reference(MadeUp::schema());
  const auto index = std::move(*open(disk));
  for (int i = 0; i < 30; ++i) {
    const auto batch = made.batch(8);
    ASSERT_TRUE(index->apply(Call{}, batch));
    reference.apply(batch);
  }
  ASSERT_TRUE(index->compact(Call{}));
  EXPECT_EQ(index->health().segments, 1U);
  EXPECT_EQ(index->health().in_memory, 0U);
  expect_holds(*index, reference, made, 10);
  const auto files = disk.files();
  EXPECT_EQ(std::count_if(files.begin(), files.end(),
                          [](const auto& path) { return path.find("segment-") != std::string::npos; }),
            1);
}

// The most segments after a flush while batches come, by the number of rows from which there are graphs.
std::size_t most_segments(std::size_t graph_from) {
  MadeUp made(5);
  SimulatedDisk disk;
  auto options = small();
  options.graph_from = graph_from;
  const auto index = std::move(*open_index(disk, folder, MadeUp::schema(), options));
  Reference reference(MadeUp::schema());
  std::size_t most = 0;
  for (int i = 0; i < 400; ++i) {
    const auto batch = made.batch(8);
    EXPECT_TRUE(index->apply(Call{}, batch));
    reference.apply(batch);
    const auto health = index->health();
    if (i >= 100 && health.in_memory == 0) most = std::max(most, health.segments);
  }
  expect_holds(*index, reference, made, 10);
  return most;
}

TEST(KeptIndex, FoldsATenthIntoTheLargestSegmentWhereThereAreGraphs) {
  // A flush is more than a tenth of all here.
  EXPECT_EQ(most_segments(2), 1U);
  EXPECT_GT(most_segments(1'000'000), 1U);
}

TEST(KeptIndex, TidiesUpWhenNothingHappens) {
  MadeUp made(8);
  SimulatedDisk disk;
  Reference reference(MadeUp::schema());
  auto options = small();
  options.background = true;
  options.tidy_after = std::chrono::milliseconds(1);
  const auto index = std::move(*open_index(disk, folder, MadeUp::schema(), options));
  for (int i = 0; i < 40; ++i) {
    const auto batch = made.batch(8);
    ASSERT_TRUE(index->apply(Call{}, batch));
    reference.apply(batch);
  }
  // Less than a twentieth may go on waiting outside the largest segment, each document in one of its own at
  // most.
  const auto tidy = [&] {
    const auto health = index->health();
    return health.in_memory * 20 < health.documents && health.segments <= 2 + health.documents / 20;
  };
  for (int i = 0; i < 1'000 && !tidy(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(tidy());
  expect_holds(*index, reference, made, 10);
}

TEST(KeptIndex, LosesNothingAcknowledgedWhenThePowerFails) {
  constexpr std::uint64_t points = 500;
  std::size_t replayed = 0;
  for (std::uint64_t seed = 0; seed < points && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    MadeUp made(seed % 20);  // some stories, each cut at many places
    SimulatedDisk disk(seed);
    Story story;
    disk.stop_after(5 + (seed * 37) % 700);
    {
      const auto index = open(disk);
      for (int i = 0; index && i < 60; ++i)
        if (!story.tell(**index, made)) break;
    }
    auto after = disk.lose_power(seed);
    const auto index = open(*after);
    ASSERT_TRUE(index) << index.error().message;
    story.settle(**index);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(story.tell(**index, made));
    expect_holds(**index, story.sure, made);
    replayed += story.revision > 3;
  }
  EXPECT_GT(replayed, points / 2);  // the stories did get somewhere
}

TEST(KeptIndex, StartsAgainHoweverOftenItsStartIsCutShort) {
  for (std::uint64_t seed = 0; seed < 200 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    MadeUp made(seed % 10);
    auto disk = std::make_unique<SimulatedDisk>(seed);
    Story story;
    disk->stop_after(50 + (seed * 31) % 600);
    {
      const auto index = open(*disk);
      for (int i = 0; index && i < 60; ++i)
        if (!story.tell(**index, made)) break;
    }
    std::size_t size = 0;
    for (std::uint64_t depth = 0; depth < 3; ++depth) {
      disk = disk->lose_power(seed * 3 + depth);
      if (depth == 0) size = bytes_on(*disk);
      disk->stop_after(3 + (seed * 7 + depth * 11) % 40);
      static_cast<void>(open(*disk));
    }
    disk = disk->lose_power(seed);
    const auto index = open(*disk);
    ASSERT_TRUE(index) << index.error().message;
    story.settle(**index);
    EXPECT_LE(bytes_on(*disk), size + 64 * 1024) << "recovery makes the folder grow";
    expect_holds(**index, story.sure, made);
  }
}

TEST(KeptIndex, ADiskFaultAtAnyCallIsAnErrorOrASuccessAndLosesNothing) {
  constexpr std::uint64_t calls = 500;
  const auto faults = {Fault::no_space, Fault::io_error, Fault::short_write, Fault::sync_fails};
  for (const auto fault : faults)
    for (std::uint64_t number = 0; number < calls && !::testing::Test::HasFailure(); ++number) {
      SCOPED_TRACE(::testing::Message() << "fault " << static_cast<int>(fault) << " at call " << number);
      MadeUp made(number % 7);
      SimulatedDisk disk(number);
      disk.fail_call(number, fault);
      Story story;
      auto index = open(disk);
      if (!index) index = open(disk);  // the fault hit the start: the next one finds a sound disk
      ASSERT_TRUE(index) << index.error().message;
      for (int i = 0; i < 25; ++i) {
        if (story.tell(**index, made)) continue;
        // The batch that failed is brought again, as whoever follows the store does.
        ASSERT_TRUE((*index)->apply(Call{}, *story.open));
        story.sure.apply(*story.open);
        story.open.reset();
        ++story.revision;
      }
      EXPECT_TRUE(same_documents(**index, story.sure));
      index->reset();
      const auto after = number % 2 == 0 ? disk.lose_power(number) : disk.end_process();
      const auto again = open(*after);
      ASSERT_TRUE(again) << again.error().message;
      story.settle(**again);
    }
}

TEST(KeptIndex, NeverServesADamagedByteAndNamesItsPlace) {
  MadeUp made(5, 400);
  SimulatedDisk disk;
  Reference reference(MadeUp::schema());
  {
    const auto index = std::move(*open(disk));
    for (int i = 0; i < 60; ++i) {
      const auto batch = made.batch(40);
      ASSERT_TRUE(index->apply(Call{}, batch));
      reference.apply(batch);
    }
    ASSERT_TRUE(index->flush(Call{}));
  }
  std::size_t incomplete = 0, told = 0;
  const auto files = disk.files();
  for (std::size_t round = 0; round < 2'000 && !::testing::Test::HasFailure(); ++round) {
    const auto damaged = disk.end_process();
    const auto& path = files[round % files.size()];
    const auto size = damaged->bytes(path).size();
    const auto block = (round / files.size()) % ((size + 4095) / 4096);
    const auto where = std::min(size - 1, block * 4096 + (round * 131) % 4096);
    damaged->flip_byte(path, where);
    SCOPED_TRACE(::testing::Message() << path << " at " << where);
    const auto index = open(*damaged);
    ASSERT_TRUE(index) << index.error().message;
    for (int i = 0; i < 2; ++i) {
      auto retrieval = made.retrieval();
      if (i == 0)
        retrieval = {}, retrieval.number_fields = {"followers"}, retrieval.facet_fields = {"country"};
      const auto got = (*index)->snapshot()->retrieve(Call{}, retrieval);
      ASSERT_TRUE(got) << got.error().message;
      for (const auto document : got->documents) EXPECT_TRUE(reference.documents().contains(document));
      if (i > 0) continue;
      for (std::size_t d = 0; d < got->documents.size(); ++d) {
        const auto number = reference.documents().at(got->documents[d]).numbers[0];
        const auto have = got->numbers.at("followers")[d];
        EXPECT_TRUE(have == number || (std::isnan(have) && std::isnan(number)));
      }
    }
    const auto health = (*index)->health();
    incomplete += health.incomplete ? 1U : 0U;
    for (const auto& fault : health.faults) told += fault.find(path) != std::string::npos;
  }
  EXPECT_GT(incomplete, 500U);
  EXPECT_GT(told, 1'000U);
}

TEST(KeptIndex, LeavesStrangeFilesAloneAndSetsHalfOnesAside) {
  MadeUp made(9);
  SimulatedDisk disk;
  Story story;
  {
    const auto index = std::move(*open(disk));
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(story.tell(*index, made));
  }
  disk.put("index/notes.txt", std::vector<std::byte>(10));
  disk.put("index/segment-9999", std::vector<std::byte>(5000));
  disk.put("index/segment-abc", std::vector<std::byte>(10));
  disk.put("index/log-000000", std::vector<std::byte>(3));
  const auto index = open(disk);
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_TRUE(same_documents(**index, story.sure));
  ASSERT_TRUE((*index)->flush(Call{}));
  const auto files = disk.files();
  EXPECT_THAT(files, ::testing::Contains("index/notes.txt"));
  EXPECT_THAT(files, ::testing::Contains("index/segment-abc"));
}

TEST(KeptIndex, AReaderBesideTheOwnerSeesWhatWasAcknowledgedAndWritesNothing) {
  MadeUp made(6);
  SimulatedDisk disk;
  Story story;
  const auto owner = std::move(*open(disk));
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(story.tell(*owner, made));
  const auto before = disk.files();
  auto options = small();
  options.read_only = true;
  const auto reader = open_index(disk, folder, MadeUp::schema(), options);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(same_documents(**reader, story.sure));
  EXPECT_EQ((*reader)->snapshot()->revision(), owner->snapshot()->revision());
  for (int i = 0; i < 25; ++i) ASSERT_TRUE((*reader)->apply(Call{}, made.batch(6)));
  EXPECT_EQ(disk.files(), before);
  EXPECT_TRUE(same_documents(*owner, story.sure));
}

TEST(KeptIndex, StartsAnewForAnotherSchemaAndRefusesANewerManifest) {
  MadeUp made(2);
  SimulatedDisk disk;
  {
    const auto index = std::move(*open(disk));
    ASSERT_TRUE(index->apply(Call{}, made.batch(9)));
    ASSERT_TRUE(index->flush(Call{}));
  }
  auto other = MadeUp::schema();
  other.vectors[0].dimension = 13;
  {
    const auto index = open_index(disk, folder, other, small());
    ASSERT_TRUE(index) << index.error().message;
    EXPECT_EQ((*index)->snapshot()->size(), 0U);
    EXPECT_EQ((*index)->snapshot()->revision(), Revision{});
    EXPECT_FALSE((*index)->health().faults.empty());
  }
  const std::string newer = "creatordex index 99\n";
  const auto bytes = std::as_bytes(std::span(newer));
  disk.put("index/manifest", {bytes.begin(), bytes.end()});
  const auto refused = open(disk);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(refused.error().message, ::testing::HasSubstr("newer program"));
}

// The index is a shadow of the store: a program that reads another format builds it anew.
// Vectors of another space of the same dimension would be compared with what they have nothing to do with.
TEST(KeptIndex, StartsAnewForAnotherSpaceAndTellsWhichItWasWrittenFor) {
  const std::vector<VectorField> fields{{"bio", 12}, {"picture", 7, "one"}};
  SimulatedDisk disk;
  auto other = MadeUp(3, 60, fields).own_schema();
  other.vectors[1] = {"picture", 9, "two"};
  EXPECT_FALSE(schema_to_continue(disk, "nowhere", other).value());
  {
    MadeUp made(3, 60, fields);
    const auto index = std::move(*open_index(disk, folder, made.own_schema(), small()));
    ASSERT_TRUE(index->apply(Call{}, made.batch(9)));
    ASSERT_TRUE(index->flush(Call{}));
    ASSERT_GT(index->snapshot()->size(), 0U);
  }
  const auto kept = schema_to_continue(disk, folder, other).value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->vectors, fields);
  EXPECT_GT(open_index(disk, folder, *kept, small()).value()->snapshot()->size(), 0U);
  auto alone = other;
  alone.vectors.pop_back();
  EXPECT_EQ(schema_to_continue(disk, folder, alone).value().value().vectors, fields);
  auto another = other;  // differs in more than the space
  another.vectors[0].dimension = 13;
  EXPECT_FALSE(schema_to_continue(disk, folder, another).value());

  other.vectors[1].dimension = 7;
  const auto index = open_index(disk, folder, other, small()).value();
  EXPECT_EQ(index->snapshot()->size(), 0U);
  EXPECT_EQ(schema_to_continue(disk, folder, alone).value().value().vectors.back().space, "two");
  for (const auto* bad : {"two words", "a\nsegment 1", "caf\xc3\xa9"}) {
    other.vectors[1].space = bad;
    const auto refused = open_index(disk, folder, other, small());
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  }
}

TEST(KeptIndex, StartsAnewAfterAnOlderFormat) {
  MadeUp made(2);
  SimulatedDisk disk;
  {
    const auto index = std::move(*open(disk));
    ASSERT_TRUE(index->apply(Call{}, made.batch(9)));
    ASSERT_TRUE(index->flush(Call{}));
  }
  const auto before = std::move(*disk.list(folder));
  const auto mapped = disk.map("index/manifest");
  ASSERT_TRUE(mapped);
  const auto bytes = (*mapped)->bytes();
  auto manifest = parse_manifest({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->layout, index_format_version());
  ASSERT_FALSE(manifest->segments.empty());
  manifest->layout -= 1;
  const auto text = print(*manifest);
  const auto older = std::as_bytes(std::span(text));
  disk.put("index/manifest", {older.begin(), older.end()});
  IndexOptions beside = small();
  beside.read_only = true;
  const auto reader = open_index(disk, folder, MadeUp::schema(), beside);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ((*reader)->snapshot()->size(), 0U);
  const auto index = open(disk);
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ((*index)->snapshot()->size(), 0U);
  EXPECT_EQ((*index)->snapshot()->revision(), Revision{});
  ASSERT_EQ((*index)->health().faults.size(), 1U);
  EXPECT_THAT((*index)->health().faults[0], ::testing::HasSubstr("older format"));
  IndexBatch again;
  again.upserts.push_back(made.document());
  ASSERT_TRUE((*index)->apply(Call{}, again));
  ASSERT_TRUE((*index)->flush(Call{}));
  EXPECT_GT((*index)->snapshot()->size(), 0U);
  // What the older program wrote takes no room any more.
  const auto after = std::move(*disk.list(folder));
  for (const auto& name : before)
    if (name.starts_with("segment-")) {
      EXPECT_THAT(after, ::testing::Not(::testing::Contains(name)));
    }
}

TEST(KeptIndex, ABatchThatContinuesFromElsewhereIsAConflict) {
  MadeUp made(4);
  SimulatedDisk disk;
  const auto index = std::move(*open(disk));
  auto batch = made.batch(3);
  batch.reached = Revision{5};
  batch.follows = Revision{};
  ASSERT_TRUE(index->apply(Call{}, batch));
  const auto status = index->apply(Call{}, batch);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace cdx::engine
