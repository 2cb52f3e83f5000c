// The sections that a build and a merge write alike.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "inverted/codes.h"
#include "inverted/list_writer.h"

namespace cdx::inverted {

using FieldLengths = std::vector<std::vector<std::uint32_t>>;  // [field][row]

// Sections `lengths.N`; gives what `meta` says of the fields.
Result<std::vector<FieldMeta>> write_all_lengths(const FieldLengths& lengths, const Scoring& expected,
                                                 SectionWriter& out, std::string_view prefix);

// The distinct surfaces of each row: sections `forward` and `forward_bases`.
class ForwardWriter {
 public:
  explicit ForwardWriter(SectionWriter& out) : stream_(out) {}
  Status add(std::span<const std::uint32_t> surfaces);  // of the next row, ascending
  Status finish(SectionWriter& out, std::string_view prefix);

 private:
  Stream stream_;
  std::vector<std::byte> row_;
  std::vector<std::uint64_t> bases_;
  std::size_t rows_ = 0;
};

struct Words {
  std::vector<std::string_view> terms, surfaces;  // sorted
  std::vector<std::uint32_t> surface_terms;       // one a surface
  std::vector<std::uint32_t> surface_rows;        // the same
};
// The dictionaries and what is kept of each surface; sets their numbers and flags in `meta`.
Status write_words(const Words& words, Meta& meta, SectionWriter& out, std::string_view prefix);

Status write_meta(const Meta& meta, const std::vector<FieldMeta>& fields, SectionWriter& out,
                  std::string_view prefix);

// The parts of every code, by final number.
std::vector<std::vector<std::uint32_t>> parts_by_rank(const Codes& codes,
                                                      const std::vector<std::uint32_t>& ranks);

}  // namespace cdx::inverted
