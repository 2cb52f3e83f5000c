// Four lanes of 32 bits, as the compilers offer them. They are in the baseline of every machine we build for,
// so nothing is chosen at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cdx::inverted {

using Numbers4 = std::uint32_t __attribute__((vector_size(16)));
using Floats4 = float __attribute__((vector_size(16)));

template <class Vector>
inline Vector load4(const void* from) {
  Vector out;
  std::memcpy(&out, from, sizeof out);
  return out;
}
template <class Vector>
inline void store4(const Vector& value, void* to) {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace cdx::inverted
