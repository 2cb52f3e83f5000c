// Finding a picture again among many, and which of many are the same.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "image/compare.h"
#include "image/hash_index.h"

namespace cdx::image {

// Which pictures are compared at all: those whose hashes differ in at most so many bits of 64.
struct DuplicateOptions {
  int whole = 12;   // one whole picture with another
  int window = 12;  // a whole picture with nine tenths of the other
  int quarter = 8;  // a corner with the same corner
  bool mirrored = true;
};

// Known pictures. Memory: 1.7 KB a picture. Reading from many threads is safe while nobody adds.
class PictureIndex {
 public:
  struct Match {
    std::uint32_t picture = 0;  // in the order of adding, from 0
    Comparison comparison;
  };

  explicit PictureIndex(DuplicateOptions options = {}) : options_(options) {}
  void add(const Fingerprint& fingerprint);
  std::size_t size() const { return known_.size(); }

  // Every known picture that is the same as this one, surest first. Errors: `cancelled`, `timed_out`.
  Result<std::vector<Match>> find(const Call& call, const Fingerprint& fingerprint) const;

 private:
  // Numbers of the pictures worth comparing, ascending.
  std::vector<std::uint32_t> candidates(const Signature& signature) const;

  DuplicateOptions options_;
  std::vector<Fingerprint> known_;
  HashIndex whole_, windows_;
  std::vector<std::uint32_t> owner_of_whole_;
  std::array<HashIndex, 4> quarters_;
  std::array<std::vector<std::uint32_t>, 4> owner_of_quarter_;
  std::vector<std::uint32_t> owner_of_window_;
};

// Pictures that are one, directly or through others, with what says so.
struct DuplicateGroup {
  struct Link {
    std::uint32_t first = 0, second = 0;
    Comparison comparison;
  };
  std::vector<std::uint32_t> pictures;  // ascending
  std::vector<Link> links;
};

// All groups of two or more, in the order of their first pictures.
Result<std::vector<DuplicateGroup>> duplicates(const Call& call, std::span<const Fingerprint> pictures,
                                               const DuplicateOptions& options = {});
// Those groups whose pictures belong to more than one owner; `owner_of` has an entry a picture.
std::vector<DuplicateGroup> across_owners(std::vector<DuplicateGroup> groups,
                                          std::span<const std::uint64_t> owner_of);

}  // namespace cdx::image
