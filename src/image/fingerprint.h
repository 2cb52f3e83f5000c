// Fingerprint: what is remembered of a picture to know it again, also after it was scaled, packed harder,
// cropped by a tenth, marked or mirrored; and a descriptor of its colours and shapes for likeness.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "image/picture.h"

namespace cdx::image {

// Changes whenever equal pictures would give other values.
inline constexpr int fingerprint_version = 1;

// A small copy: 32 x 32 brightness and 16 x 16 of both colour differences (BT.601), whatever the picture's
// shape. All else is computed from it, so it is what to keep: 1,536 bytes.
struct Signature {
  static constexpr std::uint32_t side = 32, colour_side = 16;
  std::array<std::uint8_t, std::size_t{side} * side> luma{};
  std::array<std::uint8_t, std::size_t{colour_side} * colour_side> blue{}, red{};  // 128: none
  friend bool operator==(const Signature&, const Signature&) = default;
};
Signature signature(const Picture& picture);
Signature mirrored(const Signature& signature);

// 4 x 4 mean colours, row by row, red, green and blue: what a viewer shows blurred until a picture is there.
using MeanColours = std::array<std::uint8_t, 4 * 4 * 3>;
MeanColours mean_colours(const Signature& signature);

// 64 bits that stay much the same while a picture looks the same: which of the 8 x 8 lowest frequencies of
// the 32 x 32 brightness lie above their median (the DCT hash of Zauner, 2010, as Python's imagehash computes
// it).
using PerceptualHash = std::uint64_t;
PerceptualHash perceptual_hash(const Signature& signature);
int distance(PerceptualHash a, PerceptualHash b);  // bits that differ, 0 to 64

// Hashes of parts, for pictures that were cropped or marked. A part without structure has none: 0.
struct PartHashes {
  PerceptualHash whole = 0;
  std::array<PerceptualHash, 9> windows{};   // of nine tenths of each side, at nine places
  std::array<PerceptualHash, 4> quarters{};  // corner by corner
};
PartHashes part_hashes(const Signature& signature);

struct Fingerprint {
  Digest sha256{};  // of the file
  Signature signature;
  PerceptualHash hash = 0, mirrored_hash = 0;
};
Fingerprint fingerprint(std::string_view file_bytes, const Picture& picture);

// Colours and shapes as a unit vector: the cosine of two is their likeness. In the order of the vector: a
// colour layout (DCT of an 8 x 8 YCbCr grid, as MPEG-7's), colours of the middle, and edge directions in 16
// fields. No model, no weights; what it cannot see is meaning.
inline constexpr std::size_t descriptor_dimension = 27 + 48 + 144;
std::vector<float> descriptor(const Picture& picture);

}  // namespace cdx::image
