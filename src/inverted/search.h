// Finds the best rows of one question (block-max MaxScore over windows of rows; Turtle and Flood 1995, Ding
// and Suel 2011). In a stretch of rows each word has a bound. Words that cannot make a row good enough even
// together need not lead: a row is met in the lists of the other words, and where some word is needed by
// every good row, in the list of one such word alone. The words that do not lead are looked up.
#pragma once

#include <array>

#include "base/call.h"
#include "inverted/cursor.h"
#include "inverted/top.h"

namespace cdx::inverted {

class Search {
 public:
  Search(const View& view, std::span<const Word> words, const Scoring& scoring,
         std::span<const std::uint64_t> allowed, std::size_t k, float floor, bool count);
  Result<Best> run(const Call& call) &&;

 private:
  struct Stream {  // a word
    std::vector<Cursor> readings;
    std::uint64_t size = 0;  // postings
    double bound = 0;        // in the stretch at hand
  };

  void open_readings(const Word& word, Stream& stream);
  bool is_allowed(std::uint32_t row) const {
    return allowed_.empty() || (allowed_[row / 64] >> (row % 64) & 1U) != 0;
  }
  bool any_allowed(std::uint32_t low, std::uint32_t high) const;
  double limit() const { return count_ ? -1.0 : static_cast<double>(top_.limit()); }

  Status look_at_allowed(const Call& call);
  void score_rows(std::span<const std::uint32_t> rows);
  void prime(std::uint64_t allowed_rows);
  Status look_at_lists(const Call& call);
  std::uint32_t stretch_end(std::uint32_t low);
  bool plan(std::uint32_t low, std::uint32_t high);
  void walk(std::uint32_t low, std::uint32_t high);
  void finish(std::uint32_t row, double score, double rest);
  void sweep(std::uint32_t low, std::uint32_t high);
  void add_word(Stream& stream, std::uint32_t low, std::uint32_t high);
  void collect(std::uint32_t low);
  // The rows of the cursor's block at hand that lie in [low, high) and are allowed, with their scores.
  struct Some {
    const std::uint32_t* rows = nullptr;
    const float* scores = nullptr;
    std::size_t count = 0;
  };
  Some some_of(Cursor& cursor, std::uint32_t low, std::uint32_t high);

  const View& view_;
  Scorer scorer_;
  std::span<const std::uint64_t> allowed_;
  std::size_t k_;
  bool count_;
  Top top_;
  std::vector<Stream> streams_;
  std::uint64_t postings_ = 0;
  std::size_t seen_ = 0;
  bool exact_ = true;

  std::vector<std::uint32_t> leads_, others_;  // streams; the others by bound, the largest first
  // Of the rows met in the lists of those who lead, the part that is looked up in the others' lists.
  double look_up_rate() const {
    return static_cast<double>(looked_up_ + 32) / static_cast<double>(met_ + 64);
  }
  std::uint64_t met_ = 0, looked_up_ = 0;
  double rest_ = 0;  // bound of the others together
  std::uint32_t window_rows_ = 0;
  std::vector<double> sums_;            // of the rows of a window; zero between windows
  std::vector<std::uint32_t> touched_;  // rows of the window that have a sum
  std::size_t touched_count_ = 0;
  std::vector<float> bests_;  // the same over the readings of one word
  std::vector<std::uint32_t> touched_by_word_;
  struct Candidate {
    std::uint32_t row = 0;
    double score = 0;
  };
  std::vector<Candidate> candidates_;
  std::array<std::uint32_t, block_rows> some_rows_{}, some_codes_{};
  std::array<float, block_rows> some_scores_{};
};

}  // namespace cdx::inverted
