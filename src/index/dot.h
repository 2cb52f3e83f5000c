// Dot products of one query with many rows, with the widest vector unit of the machine at hand, chosen at run
// time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cdx::engine {

// out[i] = query · row slots[i] of `rows`, which is row-major with the query's dimension. The same row gives
// the same bits whichever rows stand beside it.
void dot_rows(std::span<const float> query, const float* rows, std::span<const std::uint32_t> slots,
              std::span<float> out);

// For tests: the instruction sets this machine can run, and a choice among them (empty: the best).
std::vector<std::string> dot_targets();
void choose_dot_target(const std::string& name);

}  // namespace cdx::engine
