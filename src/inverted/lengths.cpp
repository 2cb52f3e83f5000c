#include "inverted/lengths.h"

#include <algorithm>
#include <string>

namespace cdx::inverted {

template <class T>
void Lengths::gather_as(const std::uint32_t* rows, std::size_t count, float* out) const {
  const std::size_t first = rows[0], span = rows[count - 1] - first + std::size_t{1};
  // Rows close together: the stretch is looked at once. Far apart: only the places needed are touched.
  if (span * sizeof(T) / section_block_bytes <= count) {
    const auto all = section_.part_of<T>(first, span);
    if (all.empty()) return static_cast<void>(std::fill_n(out, count, 0.0F));
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(all[rows[i] - first]);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(section_.value<T>(rows[i]));
}

void Lengths::gather(const std::uint32_t* rows, std::size_t count, float* out) const {
  if (count == 0) return;
  if (width_ == 1) return gather_as<std::uint8_t>(rows, count, out);
  if (width_ == 2) return gather_as<std::uint16_t>(rows, count, out);
  gather_as<std::uint32_t>(rows, count, out);
}

namespace {
template <class T>
Status write_as(const std::vector<std::uint32_t>& lengths, SectionWriter& out) {
  std::vector<T> narrow(lengths.size());
  std::transform(lengths.begin(), lengths.end(), narrow.begin(),
                 [](std::uint32_t length) { return static_cast<T>(length); });
  return out.write_all(std::span<const T>(narrow));
}
}  // namespace

Status write_lengths(const std::vector<std::uint32_t>& lengths, std::uint32_t width_bytes, SectionWriter& out,
                     const std::string& name) {
  CDX_TRY(out.begin(name));
  if (width_bytes == 1) return write_as<std::uint8_t>(lengths, out);
  if (width_bytes == 2) return write_as<std::uint16_t>(lengths, out);
  return write_as<std::uint32_t>(lengths, out);
}

}  // namespace cdx::inverted
