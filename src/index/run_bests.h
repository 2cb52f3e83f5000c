// The runs of the names in short: for every 64 neighbours, the best place one of their rows has when rows are
// ordered by a number field, highest first. With it the best of many completions are found without looking at
// the others.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/section.h"

namespace cdx::engine {

inline constexpr std::size_t runs_per_best = 64;

// What a row weighs by a number field; absent: nothing.
double weight_of(double number);

// `run_rows`: of each run in order. `numbers`: by row. Places are by weight, descending, then by row.
Status write_run_bests(std::span<const std::uint32_t> run_rows, std::span<const double> numbers,
                       SectionWriter& out, const std::string& name);

}  // namespace cdx::engine
