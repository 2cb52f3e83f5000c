#include "inverted/codes.h"

#include <algorithm>
#include <numeric>

#include "inverted/inverted.h"
#include "inverted/layout.h"

namespace cdx::inverted {
namespace {
constexpr std::uint32_t small_counts = 64;
}

Codes::Codes() : simple_(most_fields * small_counts, nothing) {}

std::uint32_t Codes::add(std::span<const std::uint32_t> parts, std::uint64_t times) {
  if (parts.size() == 1 && part_count(parts[0]) < small_counts) {
    auto& number = simple_[part_field(parts[0]) * small_counts + part_count(parts[0])];
    if (number == nothing) number = add_new(parts);
    all_[number].times += times;
    return number;
  }
  std::string key(reinterpret_cast<const char*>(parts.data()), parts.size_bytes());
  const auto found = others_.find(key);
  const auto number = found != others_.end() ? found->second : add_new(parts);
  if (found == others_.end()) others_.emplace(std::move(key), number);
  all_[number].times += times;
  return number;
}

std::uint32_t Codes::add_new(std::span<const std::uint32_t> parts) {
  all_.push_back({parts_.size(), parts.size(), 0});
  parts_.insert(parts_.end(), parts.begin(), parts.end());
  return static_cast<std::uint32_t>(all_.size() - 1);
}

std::vector<std::uint32_t> Codes::order() const {
  std::vector<std::uint32_t> out(all_.size());
  std::iota(out.begin(), out.end(), 0U);
  std::sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (all_[a].times != all_[b].times) return all_[a].times > all_[b].times;
    const auto x = parts(a), y = parts(b);
    return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
  });
  return out;
}

std::vector<std::uint32_t> Codes::rank() const {
  std::vector<std::uint32_t> out(all_.size());
  const auto by_rank = order();
  for (std::uint32_t i = 0; i < by_rank.size(); ++i) out[by_rank[i]] = i;
  return out;
}

Status Codes::write(SectionWriter& out, std::string_view prefix) const {
  std::vector<std::uint32_t> ends, parts_by_rank;
  for (const auto number : order()) {
    const auto one = parts(number);
    parts_by_rank.insert(parts_by_rank.end(), one.begin(), one.end());
    ends.push_back(static_cast<std::uint32_t>(parts_by_rank.size()));
  }
  CDX_TRY(out.add(std::string(prefix) + "code_ends", ends));
  return out.add(std::string(prefix) + "code_parts", parts_by_rank);
}

}  // namespace cdx::inverted
