// Writes the lists of the terms, one after the other: rows and codes (section `postings`), and where in the
// fields the words stand (section `positions`).
#pragma once

#include <vector>

#include "base/section.h"
#include "inverted/inverted.h"
#include "inverted/layout.h"

namespace cdx::inverted {

struct Posting {
  std::uint32_t row = 0;
  std::uint32_t code = 0;
};

// Bytes on their way to a section, in pieces.
class Stream {
 public:
  explicit Stream(SectionWriter& out) : out_(out) {}
  std::vector<std::byte>& bytes() { return bytes_; }
  std::uint64_t at() const { return written_ + bytes_.size(); }
  void align(std::size_t to) {
    while (at() % to != 0) bytes_.push_back(std::byte{0});
  }
  Status relieve() { return bytes_.size() < (std::size_t{1} << 20U) ? Status{} : flush(); }
  Status flush();

 private:
  SectionWriter& out_;
  std::vector<std::byte> bytes_;
  std::uint64_t written_ = 0;
};

// The lengths of all rows and what is expected of a question, from which bounds are worked out.
class Bounds {
 public:
  // lengths[field][row]; codes by final number, each with its parts.
  Bounds(const Scoring& expected, const std::vector<std::vector<std::uint32_t>>& lengths,
         std::vector<std::vector<std::uint32_t>> codes);
  double tf(const Posting& posting) const;

 private:
  const std::vector<std::vector<std::uint32_t>>& lengths_;
  std::vector<std::vector<std::uint32_t>> codes_;
  struct Field {
    double weight = 0, base = 0, slope = 0;
    std::vector<double> by_length;  // what one occurrence counts in short texts
    double occurrence(std::uint32_t length) const {
      return length < by_length.size() ? by_length[length] : weight / (base + slope * length);
    }
  };
  std::vector<Field> fields_;
};

// How far places are shifted so that 32 bits are enough for so many words in texts and so many terms.
std::uint32_t place_shift_for(std::uint64_t words, std::uint64_t terms);

class ListWriter {
 public:
  ListWriter(SectionWriter& out, const Bounds& bounds, std::uint32_t place_shift)
      : stream_(out), bounds_(bounds), shift_(place_shift) {}
  // The rows of the next term, ascending; at least one.
  Status add(std::span<const Posting> postings);
  // Ends the section and writes what is kept of each term.
  Status finish(SectionWriter& out, std::string_view prefix);

 private:
  // Packs one block behind the others of its term.
  Skip pack(std::span<const Posting> postings, std::uint32_t before, bool exceptions);
  void pack_codes(Skip& skip, bool exceptions);
  std::uint16_t add_tiny(std::span<const Posting> postings);  // gives the head
  void add_block(std::span<const Posting> postings);
  void add_blocks(std::span<const Posting> postings);

  Stream stream_;
  const Bounds& bounds_;
  std::uint32_t shift_;
  std::vector<std::uint16_t> heads_;
  std::vector<std::uint32_t> places_;
  std::vector<std::byte> blocks_;
  std::vector<std::uint32_t> gaps_, codes_;
};

class PositionWriter {
 public:
  PositionWriter(SectionWriter& out, std::uint32_t place_shift) : stream_(out), shift_(place_shift) {}
  // Of the next posting of the term at hand: for each field that holds the word, the first position and the
  // distances from each to the next.
  void add(std::span<const std::uint32_t> values);
  Status end_term();
  Result<std::vector<std::uint32_t>> finish();  // places, one a term

 private:
  void end_block();

  Stream stream_;
  std::uint32_t shift_;
  std::vector<std::uint32_t> places_;
  std::vector<std::uint32_t> ends_;  // of the blocks of the term at hand
  std::vector<std::byte> blocks_;
  std::vector<std::uint32_t> values_;  // of the block at hand
  std::size_t postings_ = 0;           // of the term at hand
  std::size_t all_values_ = 0;         // the same
  std::uint32_t first_value_ = 0;
};

}  // namespace cdx::inverted
