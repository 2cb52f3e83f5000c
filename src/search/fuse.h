// The formula of search.h over the columns a backend brought. Private to the search room; pure.
#pragma once

#include <span>
#include <vector>

#include "search/search.h"

namespace cdx {

struct Fused {
  std::vector<double> scores;    // one a candidate, in [0,1]; less what is not wanted
  std::vector<double> keyword;   // in [0,1]
  std::vector<double> semantic;  // in [0,1]; NaN where the creator has no vector that was asked for
  std::vector<double> quality;
  std::vector<double> picture;  // in [0,1]; 0 where it has none; empty: no pictures were asked for
  double picture_weight = 0;
  std::vector<double> unwanted;  // in [0,1]; empty: nothing is unwanted
  std::vector<double> wanted;    // the scores before the second look; empty: there was none
  std::vector<double> second;    // what it gave, in [0,1]; NaN where it did not look
  double second_weight = 0;
};

// Mean of a candidate's cosines over the fields of texts it has, weighted; NaN where it has none.
double mean_cosine(const std::vector<std::vector<float>>& similarities, const Schema& schema,
                   const RankingWeights& weights, std::size_t i);

// `text`: the query has words or a vector to rank by; without, the score is the quality alone.
Fused fuse(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights, SearchMode mode,
           bool text);

// The value of a cosine with a picture question: straight lines through -1 -> 0, low -> 0.05, high -> 0.95 (1
// where high is 1), 1 -> 1, with low and high of the weights. Strictly rising, so that no two cosines become
// equal.
double picture_scale(double cosine, bool of_words, const RankingWeights& weights);

// Mixes the pictures' values into the scores (search.h). `alone`: there is nothing else to rank by.
void add_pictures(Fused& fused, const Retrieved& retrieved, std::size_t field,
                  const PictureQuestion& question, const RankingWeights& weights, bool alone);

// Takes from every score its share of what is not wanted (in [0,1], one a candidate).
void take_unwanted(Fused& fused, std::vector<double> share);

// score += (1 - score) * weight * value for the candidates of `order` (best first), which are then put in
// their new order: by score, then id. No score falls, so those behind them stay behind.
void add_second_look(Fused& fused, const std::vector<double>& values, double weight,
                     const Retrieved& retrieved, std::span<std::size_t> order);

// The most that a candidate with neither words nor name could reach, `nearest` being its best cosine.
double best_left_out(double nearest, const RankingWeights& weights, SearchMode mode);

// The same for one that has no vector of its texts either: all of those were looked at.
double best_without_text(const RankingWeights& weights, SearchMode mode);

// What of a score is left to words, meaning and quality.
inline double text_share(const PictureQuestion* question, bool alone) {
  return question == nullptr ? 1 : alone ? 0 : 1 - question->weight;
}

// The parts of one candidate's score; value * weight adds up to scores[i] within 1e-6.
std::vector<ScorePart> score_parts(const Retrieved& retrieved, const Schema& schema,
                                   const RankingWeights& weights, SearchMode mode, bool text,
                                   const Fused& fused, std::size_t i);

}  // namespace cdx
