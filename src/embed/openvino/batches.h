// Which parts of which texts are computed together. Part of the OpenVino twin.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "embed/word_piece.h"

namespace cdx {

// One run of a text's pieces, short enough for the model.
struct Window {
  std::size_t text = 0;  // number of the text in the call
  std::span<const PieceId> ids;
  std::size_t tokens() const { return ids.size() + 2; }  // with [CLS] and [SEP]
};

// Windows of like length together, so that little is padded: each batch has at most `most` windows, and at
// most `most_tokens` tokens after padding unless it is a single window. Every window is in exactly one batch.
std::vector<std::vector<Window>> plan_batches(std::vector<Window> windows, std::size_t most,
                                              std::size_t most_tokens);

// The two inputs of the network for one batch, padded at the end to the longest window; row-major.
struct BatchInput {
  std::size_t rows = 0;
  std::size_t tokens = 0;
  std::vector<std::int32_t> ids;
  std::vector<float> mask;
};
BatchInput lay_out(std::span<const Window> batch, const WordPiece& pieces);

}  // namespace cdx
