#include "pipeline/import.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "normalize/normalize.h"
#include "store/memory/memory_store.h"
#include "support/faulty_store.h"
#include "support/scratch.h"

namespace cdx {
namespace {

std::unique_ptr<Source> open(const std::string& path) {
  FileSourceOptions options;
  options.path = path;
  options.page_records = 50;
  options.terms.fetched_at = *parse_time("2026-06-01");
  options.choose_mapping = [](const TableHead& head) -> Result<std::string> {
    CDX_TRY_LET(const auto mapping, normalize::map_columns(head.columns, head.samples, {}));
    return normalize::to_json(mapping);
  };
  auto source = open_file_source(options);
  EXPECT_TRUE(source) << source.error().message;
  return *std::move(source);
}

class ImportSource : public testing::Test {
 protected:
  std::string csv(const std::string& name, int rows) const {
    std::string text = "platform,username,name,followers,bio\n";
    for (int i = 0; i < rows; ++i)
      text += fmt::format("tiktok,user{},Person {},{},\"bio, number {}\"\n", i, i, 1'000 + i, i);
    return folder_.write(name, text).string();
  }
  ImportReport run(Store& store, const std::string& path) {
    ImportReport report;
    const auto source = open(path);
    done_ = import_source(call_, *source, store, clock_, report, {});
    return report;
  }
  test::Scratch folder_;
  std::unique_ptr<Store> store_ = open_memory_store();
  ManualClock clock_{*parse_time("2026-06-02")};
  Call call_;
  Status done_;
};

TEST_F(ImportSource, TheSameFileTwiceChangesNothing) {
  const auto path = csv("twice.csv", 200);
  const auto first = run(*store_, path);
  ASSERT_TRUE(done_) << done_.error().message;
  EXPECT_EQ(first.imported, 200U);
  const auto revision = *store_->revision(call_);
  const auto second = run(*store_, path);
  EXPECT_EQ(second.unchanged, 200U);
  EXPECT_EQ(second.imported, 0U);
  EXPECT_EQ(*store_->revision(call_), revision);
}

TEST_F(ImportSource, BadRowsAreKeptAsideAndTheRestGoesIn) {
  const auto path = csv("bad.csv", 20);
  std::ofstream(path, std::ios::app) << "tiktok,,,12,no one\n";
  const auto report = run(*store_, path);
  ASSERT_TRUE(done_);
  EXPECT_EQ(report.rows, 21U);
  EXPECT_EQ(report.imported, 20U);
  EXPECT_EQ(report.quarantined, 1U);
  ASSERT_EQ(report.first_quarantined.size(), 1U);
  EXPECT_FALSE(report.first_quarantined[0].reason.empty());
  const auto aside = *store_->quarantine(call_, "", 10);
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_FALSE(aside[0].reason.empty());
  EXPECT_NE(aside[0].key.find("22"), std::string::npos) << aside[0].key;  // the header is row 1
}

TEST_F(ImportSource, WhateverFailsAnotherRunCompletesItAndDoublesNothing) {
  const auto path = csv("storm.csv", 500);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    store_ = open_memory_store();
    test::FaultyStore faulty(*store_, seed, 0.05);
    do run(faulty, path);
    while (!done_);
    const auto counts = *store_->counts(call_);
    EXPECT_EQ(counts.raw, 500U) << "seed " << seed;
    EXPECT_EQ(counts.accounts, 500U) << "seed " << seed;
    EXPECT_EQ(counts.creators, 500U) << "seed " << seed;
  }
}

TEST_F(ImportSource, RecordsKeptButNotCommittedAreTakenUpByTheNextRun) {
  const auto path = csv("left.csv", 10);
  const auto source = open(path);
  const auto page = source->pull(call_, {});
  ASSERT_TRUE(page);
  ASSERT_TRUE(store_->append_raw(call_, page->records));  // and then the power went
  const auto report = run(*store_, path);
  ASSERT_TRUE(done_);
  EXPECT_EQ(report.unchanged, 10U);
  EXPECT_EQ(store_->counts(call_)->accounts, 10U);
}

TEST_F(ImportSource, AStopIsQuick) {
  std::stop_source stop;
  stop.request_stop();
  call_.stop = stop.get_token();
  run(*store_, csv("stop.csv", 10));
  ASSERT_FALSE(done_);
  EXPECT_EQ(done_.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx
