// HashIndex: perceptual hashes in one run of memory, searched by looking at each: 8 MB a million.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "image/fingerprint.h"

namespace cdx::image {

class HashIndex {
 public:
  struct Near {
    std::uint32_t item = 0;  // in the order of adding, from 0
    std::uint32_t distance = 0;
    friend bool operator==(const Near&, const Near&) = default;
  };

  void reserve(std::size_t count) { hashes_.reserve(count); }
  void add(PerceptualHash hash) { hashes_.push_back(hash); }
  std::size_t size() const { return hashes_.size(); }
  PerceptualHash operator[](std::size_t item) const { return hashes_[item]; }

  // All within `radius` bits, nearest first, equals in the order of adding. Safe beside other readers.
  std::vector<Near> near(PerceptualHash hash, int radius) const;

 private:
  std::vector<PerceptualHash> hashes_;
};

}  // namespace cdx::image
