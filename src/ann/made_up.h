// Made-up fields for the tests of this room: clustered unit rows, exact answers, and what a part of them is
// worth.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "ann/ann.h"

namespace cdx::ann {

using Rows = std::vector<std::vector<float>>;

// Unit rows around centres; the same seed draws the same centres, another `stream` other rows around them.
Rows clustered(std::size_t count, std::size_t dimension, std::uint64_t seed, std::uint64_t stream = 0,
               std::size_t clusters = 30);

Source source_of(const Rows& rows, std::vector<std::uint32_t> owners, std::size_t documents);
Source source_of(const Rows& rows);  // row i is document i

// Options with a graph from the second row on.
Options with_graph(std::size_t degree = 24, std::size_t window = 60);

std::vector<std::uint64_t> bits_of(const std::set<std::uint32_t>& documents, std::size_t count);

// The exact best documents, best first.
std::vector<Neighbour> exact(const Rows& rows, const std::vector<std::uint32_t>& owners,
                             const std::vector<float>& question, std::size_t k,
                             const std::vector<std::uint64_t>& allowed = {});

// The part of `wanted` that was found; a document as similar as the last wanted counts as well.
double recall(const std::vector<Neighbour>& found, const std::vector<Neighbour>& wanted);

Answer ask(const Field& field, const std::vector<float>& vector, std::size_t k,
           const std::vector<std::uint64_t>& allowed = {}, std::size_t effort = 0);

}  // namespace cdx::ann
