// Pictures and texts become unit vectors of one space, so that either finds the other.
//
// Twin: OpenVinoClip (embed/openvino). Promises as in embed/embed.h: every call may come from any thread and
// blocks until done; rows come in input order; a call is all or nothing; deadline and stop are looked at
// before every batch. One difference: such models read few tokens, and parts of a text cannot be pooled, so
// that a longer text is cut; it is counted (creatordex_clip_truncated_texts_total). Errors: `unavailable`
// (out of memory, runtime failure), `cancelled`, `timed_out`, `corrupt` (weights that give no direction).
#pragma once

#include "embed/embed.h"

namespace cdx {

// Three planes of side x side floats: red, green, blue, scaled as the model wants them (image/clip_input.h).
using PictureInput = std::span<const float>;

class PictureEmbedder {
 public:
  virtual ~PictureEmbedder() = default;
  // One space for both towers; `longest_input` is in tokens.
  virtual const ModelCard& model() const = 0;
  virtual std::size_t picture_side() const = 0;  // 224
  // `invalid` when an input has not 3 * side * side values; all values must be finite.
  virtual Result<Matrix> embed_pictures(const Call&, std::span<const PictureInput> pictures) = 0;
  // Each row is the direction of the mean over the prompt templates that the twin was opened with.
  virtual Result<Matrix> embed_texts(const Call&, std::span<const std::string_view> texts, TextRole role) = 0;
};

}  // namespace cdx
