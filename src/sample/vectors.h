// Ready-made vectors: a mixture of Gaussians on the sphere, one cluster a subject, near the cluster of its
// niche.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sample/presence.h"

namespace cdx::sample {

inline constexpr std::size_t vector_dimension = 384;
inline constexpr std::size_t npy_header_size = 128;

class Clusters {
 public:
  Clusters(const World& world, std::uint64_t seed);
  // Appends a unit row: the bio speaks of the first subject, the content also of the second.
  void append_row(std::vector<float>& out, const Recipe& recipe, const Person& person, std::size_t platform,
                  bool content) const;

 private:
  std::vector<float> centres_;  // one unit row a subject
};

// "youtube_bio", as the search room names its vector fields.
std::string vector_field_name(std::size_t platform, bool content);
// Header of an NPY file, version 1, of little-endian float32 in rows.
std::string npy_header(std::uint64_t rows);

}  // namespace cdx::sample
