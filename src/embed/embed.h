// Texts become unit vectors, each in a named space. Equal texts give equal vectors.
//
// Twins: OpenVinoEmbedder (embed/openvino), HashingEmbedder (embed/hashing), RemoteEmbedder (embed/remote,
// with errors of its own). CachingEmbedder decorates any of them. Promises: every call may come from any
// thread and blocks until done; rows come in input order; a call is all or nothing; a text longer than the
// model reads is split and pooled, never silently cut (counted in creatordex_embed_long_texts_total). Errors:
// `unavailable` (out of memory, runtime failure), `cancelled`, `timed_out`. Never: network on behalf of a
// caller that did not configure a remote twin.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"

namespace cdx {

// Row-major rows x columns floats.
struct Matrix {
  std::size_t columns = 0;
  std::vector<float> values;
  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  std::span<const float> row(std::size_t i) const { return {values.data() + i * columns, columns}; }
  std::span<float> row(std::size_t i) { return {values.data() + i * columns, columns}; }
};

// Everything that decides a vector's meaning; its hash is part of every kept vector's key.
struct ModelCard {
  std::string name;               // "all-minilm-l6-v2"
  std::string weights_sha256;     // empty for twins without weights
  std::string vocabulary_sha256;  // empty for twins without a vocabulary
  std::size_t dimension = 0;
  std::size_t longest_input = 0;    // tokens; 0: no limit
  std::uint32_t preprocessing = 1;  // version of tokeniser, chunking and pooling
  // Hash of all of the above; the same on every machine and in every release.
  std::uint64_t space() const;
};

enum class TextRole { passage, query };

class EmbeddingProvider {
 public:
  virtual ~EmbeddingProvider() = default;
  virtual const ModelCard& model() const = 0;
  // One unit row per text. An empty text (no token) gives the model's vector for the empty string.
  virtual Result<Matrix> embed(const Call&, std::span<const std::string_view> texts, TextRole role) = 0;
};

// Remembers the `capacity` query vectors last asked for (of texts up to 4 KiB); passages go straight through.
// Counts creatordex_embed_cache_total by outcome. Borrows `inner`.
std::unique_ptr<EmbeddingProvider> make_caching_embedder(EmbeddingProvider& inner, std::size_t capacity);

}  // namespace cdx
