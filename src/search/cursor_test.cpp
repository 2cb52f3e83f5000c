#include "search/cursor.h"

#include <gtest/gtest.h>

namespace cdx {
namespace {

TEST(Cursor, ReadsBackWhatWasWrittenAndNothingElse) {
  const CursorPosition position{7, 0xfedcba9876543210, 40};
  const auto text = write_cursor(position, "key");
  const auto read = read_cursor(text, "key");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->generation, position.generation);
  EXPECT_EQ(read->question, position.question);
  EXPECT_EQ(read->offset, position.offset);
  EXPECT_FALSE(read_cursor(text, "another key"));
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto forged = text;
    forged[i] = forged[i] == '0' ? '1' : '0';
    EXPECT_FALSE(read_cursor(forged, "key")) << i;
  }
  for (const auto* bad : {"", "x", "0000"}) EXPECT_FALSE(read_cursor(bad, "key"));
}

class NumberedView final : public SearchView {
 public:
  explicit NumberedView(std::uint64_t generation) : generation_(generation) {}
  const Schema& schema() const override { return schema_; }
  std::uint64_t generation() const override { return generation_; }
  Revision revision() const override { return {}; }
  std::size_t size() const override { return 0; }
  Result<Retrieved> retrieve(const Call&, const Retrieval&) const override { return Retrieved{}; }
  Result<std::vector<std::vector<WordPart>>> word_parts(const Call&, const Retrieval&,
                                                        std::span<const std::uint64_t>) const override {
    return std::vector<std::vector<WordPart>>{};
  }
  std::vector<std::vector<float>> vectors_of(std::uint64_t) const override { return {}; }
  std::vector<Completion> complete(std::string_view, std::string_view, std::size_t) const override {
    return {};
  }

 private:
  Schema schema_;
  std::uint64_t generation_;
};

TEST(PinnedViews, KeepTheNewestForATime) {
  ManualClock clock{Time{}};
  PinnedViews pinned(clock, std::chrono::minutes{10}, 2);
  for (std::uint64_t generation = 1; generation <= 3; ++generation)
    pinned.pin(std::make_shared<NumberedView>(generation));
  EXPECT_EQ(pinned.find(1), nullptr);  // one too many
  EXPECT_NE(pinned.find(2), nullptr);
  clock.advance(std::chrono::minutes{9});
  EXPECT_NE(pinned.find(2), nullptr);  // use keeps it alive
  clock.advance(std::chrono::minutes{9});
  EXPECT_NE(pinned.find(2), nullptr);
  EXPECT_EQ(pinned.find(3), nullptr);  // too long unused
}

}  // namespace
}  // namespace cdx
