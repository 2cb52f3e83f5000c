#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "ann/made_up.h"

namespace cdx::ann {
namespace {

constexpr std::size_t dimension = 64;

struct Segment {
  Rows rows;
  std::vector<std::uint32_t> owners;
  MemorySections sections;
  Field field;
  std::vector<std::uint32_t> target;
};

std::unique_ptr<Segment> segment(std::size_t count, std::uint64_t stream, bool many_rows = false) {
  auto out = std::make_unique<Segment>();
  out->rows = clustered(count, dimension, 1, stream);
  for (std::uint32_t i = 0; i < count; ++i) out->owners.push_back(many_rows ? i / 3 : i);
  const auto documents = out->owners.back() + 1;
  EXPECT_TRUE(
      write_field({}, source_of(out->rows, out->owners, documents), with_graph(), out->sections, "v."));
  auto field = Field::open(out->sections, "v.");
  EXPECT_TRUE(field);
  out->field = *std::move(field);
  out->target.assign(documents, nobody);
  return out;
}

struct Merged {
  Rows rows;
  std::vector<std::uint32_t> owners;
  MemorySections sections;
  Field field;
};

// Documents keep their order, part after part, but for those in `gone`.
std::unique_ptr<Merged> merge(const std::vector<Segment*>& segments, double gone, std::uint64_t seed = 1) {
  auto out = std::make_unique<Merged>();
  std::mt19937_64 random(seed);
  std::uint32_t next = 0;
  std::vector<Part> parts;
  for (auto* one : segments) {
    for (auto& target : one->target)
      target = std::uniform_real_distribution<double>()(random) < gone ? nobody : next++;
    for (std::size_t i = 0; i < one->rows.size(); ++i)
      if (one->target[one->owners[i]] != nobody) {
        out->rows.push_back(one->rows[i]);
        out->owners.push_back(one->target[one->owners[i]]);
      }
    parts.push_back({&one->field, one->target});
  }
  EXPECT_TRUE(merge_fields({}, parts, next, with_graph(), out->sections, "v."));
  auto field = Field::open(out->sections, "v.");
  EXPECT_TRUE(field);
  out->field = *std::move(field);
  return out;
}

double mean_recall(const Field& field, const Merged& truth) {
  double sum = 0;
  const auto questions = clustered(80, dimension, 1, 99);
  for (const auto& question : questions) {
    const auto answer = ask(field, question, 10);
    EXPECT_EQ(answer.best.size(), 10U);
    EXPECT_EQ(answer.way, Answer::Way::graph);
    sum += recall(answer.best, exact(truth.rows, truth.owners, question, 10));
  }
  return sum / static_cast<double>(questions.size());
}

double fresh_recall(const Merged& merged) {
  MemorySections sections;
  EXPECT_TRUE(write_field({}, source_of(merged.rows, merged.owners, merged.owners.back() + 1), with_graph(),
                          sections, "v."));
  auto field = Field::open(sections, "v.");
  EXPECT_TRUE(field);
  return mean_recall(*field, merged);
}

class EveryDeletion : public testing::TestWithParam<double> {};

TEST_P(EveryDeletion, KeepsTheRecallOfAFreshBuild) {
  auto large = segment(8000, 0), middle = segment(3000, 1), small = segment(200, 2);
  const auto merged = merge({small.get(), large.get(), middle.get()}, GetParam());
  ASSERT_EQ(merged->field.rows(), merged->rows.size());
  EXPECT_TRUE(merged->field.has_graph());
  EXPECT_GE(mean_recall(merged->field, *merged), fresh_recall(*merged) - 0.01);
}

INSTANTIATE_TEST_SUITE_P(Gone, EveryDeletion, testing::Values(0.0, 0.1, 0.25, 0.6));

TEST(Merge, GivesEachRowToItsNewDocument) {
  auto first = segment(4500, 0, true), second = segment(6000, 1, true);
  const auto merged = merge({first.get(), second.get()}, 0.2);
  ASSERT_EQ(merged->field.rows(), merged->rows.size());
  for (std::size_t i = 0; i < merged->rows.size(); ++i) {
    EXPECT_EQ(merged->field.owner(i), merged->owners[i]);
    std::vector<float> row(dimension);
    merged->field.copy_row(i, row.data());
    for (std::size_t j = 0; j < dimension; ++j) EXPECT_NEAR(row[j], merged->rows[i][j], 1e-4);
  }
  EXPECT_GE(mean_recall(merged->field, *merged), 0.985);
}

TEST(Merge, OfEqualPartsCodesAnew) {
  auto one = segment(1500, 0), two = segment(1500, 1), three = segment(1500, 2);
  const auto merged = merge({one.get(), two.get(), three.get()}, 0.05);
  EXPECT_GE(mean_recall(merged->field, *merged), fresh_recall(*merged) - 0.01);
}

TEST(Merge, AgainAndAgainWearsNothingOut) {
  auto base = segment(3000, 0);
  auto merged = merge({base.get()}, 0.1);
  for (std::uint64_t round = 0; round < 6; ++round) {
    Segment last;
    last.rows = merged->rows;
    last.owners = merged->owners;
    last.field = merged->field;
    last.target.assign(merged->owners.back() + 1, nobody);
    auto more = segment(300, 10 + round);
    auto next = merge({&last, more.get()}, 0.1, round);
    merged.swap(next);
  }
  EXPECT_GE(mean_recall(merged->field, *merged), fresh_recall(*merged) - 0.01);
}

TEST(Merge, OfNothingLeavesNoField) {
  auto one = segment(500, 0);
  const auto merged = merge({one.get()}, 1.1);
  EXPECT_EQ(merged->field.rows(), 0U);
  const Field none;
  MemorySections sections;
  EXPECT_TRUE(merge_fields({}, std::vector<Part>{{&none, {}}}, 0, {}, sections, "v."));
  EXPECT_FALSE(sections.has("v.meta"));
}

TEST(Merge, RefusesRowsThatDoNotFitTogether) {
  auto one = segment(500, 0);
  const auto rows = clustered(300, 32, 1);
  MemorySections sections, out, other;
  ASSERT_TRUE(write_field({}, source_of(rows), with_graph(), sections, "v."));
  auto narrow = Field::open(sections, "v.");
  ASSERT_TRUE(narrow);
  std::vector<std::uint32_t> target(500);
  for (std::uint32_t i = 0; i < 500; ++i) target[i] = i;
  const std::vector<Part> parts{{&one->field, target}, {&*narrow, target}};
  const auto status = merge_fields({}, parts, 500, with_graph(), out, "v.");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::invalid);
  const auto range = merge_fields({}, std::vector<Part>{{&one->field, target}}, 499, {}, other, "v.");
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().kind, ErrorKind::invalid);
}

TEST(Merge, StopsWhenAsked) {
  auto one = segment(3000, 0);
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  MemorySections out;
  const auto status = merge_fields(call, std::vector<Part>{{&one->field, one->target}}, 3000, {}, out, "v.");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx::ann
