// Candidates to columns.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "index/segment.h"
#include "index/vector_search.h"
#include "index/word_search.h"
#include "model/model.h"

namespace cdx::engine {

// The candidates of one segment, rows ascending, with their places among all candidates.
struct SegmentCandidates {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> places;
};

// Orders the chosen rows (by segment, ascending) of all segments by document id into `documents`.
std::vector<SegmentCandidates> place_candidates(const SegmentViews& segments,
                                                std::span<const std::vector<std::uint32_t>> chosen,
                                                std::vector<std::uint64_t>& documents);

std::vector<float> gather_scores(std::span<const SegmentCandidates> candidates, std::size_t size,
                                 std::span<const RowScores> scores);  // 0 where a row has none
std::vector<float> gather_words(const SegmentViews& segments, std::span<const SegmentCandidates> candidates,
                                std::size_t size, const Statistics& statistics, const WordPlan& plan);
std::vector<float> gather_similarities(const SegmentViews& segments,
                                       std::span<const SegmentCandidates> candidates, std::size_t size,
                                       std::size_t field, std::span<const float> vector);
std::vector<double> gather_numbers(const SegmentViews& segments,
                                   std::span<const SegmentCandidates> candidates, std::size_t size,
                                   std::size_t field);
// The dictionary holds the values that occur among the candidates, sorted.
Retrieved::Facet gather_facet(const SegmentViews& segments, std::span<const SegmentCandidates> candidates,
                              std::size_t size, std::size_t field);

}  // namespace cdx::engine
