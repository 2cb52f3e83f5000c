// Whether two pictures are one: decided on their signatures, pixel by pixel, after laying one over the other.
#pragma once

#include <cstdint>

#include "image/fingerprint.h"

namespace cdx::image {

enum class Sameness : std::uint8_t {
  different,
  near,      // scaled, packed anew, cropped a little, marked
  mirrored,  // and left and right exchanged
  exact,     // the same bytes
};

// A rectangle in shares of the sides of a picture.
struct Part {
  double x = 0, y = 0, width = 1, height = 1;
};

struct Comparison {
  Sameness sameness = Sameness::different;
  // Share of the edges of both that agree once aligned, in [0,1]; same from same_edges on.
  double edges = 0;
  // The part of the first picture that the second shows, in shares of its sides; or the other way round.
  Part part;
  bool first_contains_second = true;
};
inline constexpr double same_edges = 0.72;

Comparison compare(const Fingerprint& a, const Fingerprint& b);
// One orientation alone: never mirrored, never exact.
Comparison compare(const Signature& a, const Signature& b);

}  // namespace cdx::image
