// The vectors of pictures as a whole: which are kept, what they sum up to, and how two spaces compare. Part
// of pipeline/pipeline.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/call.h"
#include "embed/embed.h"
#include "store/store.h"

namespace cdx {

// Every picture that a creator's account shows, each once, ascending.
Result<std::vector<Digest>> all_pictures(const Call& call, const Store& store);

// Of the pictures that have a vector in this space.
struct VectorSum {
  std::size_t count = 0;
  // SHA-256, in hex, of the SHA-256s of each vector in ascending order of its key: of the key's 8 bytes and
  // the values' 4 each, least significant first. The same vectors give the same sum on every machine.
  std::string checksum;
};
Result<VectorSum> sum_vectors(const Call& call, const Store& store, std::uint64_t space,
                              std::span<const Digest> pictures);

// How alike two spaces see the same pictures; row i of both is picture i.
struct SpaceComparison {
  std::size_t pictures = 0;
  double overlap =
      0;  // mean share of the 10 nearest of a picture that are the 10 nearest in the other as well
  double rank_correlation =
      0;                 // mean over pictures of Spearman's rho of all likenesses with it; equal ranks meet
  double by_chance = 0;  // the overlap that two unrelated spaces would have
};
// At least 12 pictures; looks at every pair.
Result<SpaceComparison> compare_spaces(const Call& call, const Matrix& one, const Matrix& other);

}  // namespace cdx
