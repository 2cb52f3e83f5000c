// The rows of one term and what they hold of it (a code each), block by block.
#pragma once

#include "inverted/bits.h"
#include "inverted/view.h"

namespace cdx::inverted {

// How many rows hold a term.
std::uint32_t rows_with(const View& view, std::uint32_t term);

class PostingList {
 public:
  PostingList() = default;  // no rows
  PostingList(const View& view, std::uint32_t term);

  std::uint32_t size() const { return size_; }
  std::size_t blocks() const { return (size_ + block_rows - 1) / block_rows; }
  std::size_t size_of(std::size_t block) const {
    return std::min<std::size_t>(block_rows, size_ - block * block_rows);
  }
  // No row of the block is above this (the last row, where there are several blocks).
  std::uint32_t last(std::size_t block) const { return skips_.empty() ? only_.last : skips_[block].last; }
  // The row the block's first is above; all bits set for none.
  std::uint32_t before(std::size_t block) const { return block == 0 ? ~0U : last(block - 1); }
  // The first block, from `from` on, that may hold a row of at least `row`; blocks() for none.
  std::size_t block_of(std::uint32_t row, std::size_t from) const;
  // The largest tf' of the block under the statistics expected when it was written. Lists of a few rows have
  // none: their rows must be looked at.
  bool bounded() const { return size_ > tiny_rows; }
  float bound(std::size_t block) const { return bound_value(skip(block).bound); }

  // Gives the rows, ascending and in range, and how many; none where the bytes are damaged. Room for 128.
  std::size_t read_rows(std::size_t block, std::uint32_t* out) const;
  // The codes of as many rows; out of range where damaged.
  void read_codes(std::size_t block, std::uint32_t* out) const;
  std::uint32_t code(std::size_t block, std::size_t i) const;

 private:
  const Skip& skip(std::size_t block) const { return skips_.empty() ? only_ : skips_[block]; }
  void open_block(std::size_t place);
  void open_blocks(std::size_t place);
  std::span<const std::byte> bytes_of(std::size_t block) const;
  std::span<const std::byte> codes_of(std::size_t block) const;
  // visit(place in the block, code) for the codes that are too large for the others' bits.
  template <class Visit>
  void for_each_exception(std::size_t block, const Visit& visit) const;

  std::uint32_t size_ = 0;
  std::uint32_t rows_ = 0;  // of the segment
  bool single_ = false;
  std::uint32_t row_ = 0, code_ = 0;  // of a single
  Skip only_;                         // where there is one block
  std::span<const Skip> skips_;
  std::size_t data_ = 0;  // where blocks begin
  Section postings_;
};

}  // namespace cdx::inverted
