// embedding_manifest.jsonl in the data folder: which models have made vectors of pictures, and which is in
// use. One line an event, appended whole and synced, never rewritten (docs/pictures.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "embed/embed.h"
#include "search/schema.h"

namespace cdx::app {

struct EmbeddingEvent {
  // "use": an index began with it. "embed": every picture has its vector. "switch", "rollback": the index was
  // replaced by one with it. "compare": it was compared with another.
  std::string event;
  std::string model;  // how it is opened: "layout", "clip:FOLDER", "none"
  std::string name, weights_sha256;
  std::uint32_t preprocessing = 0;  // of the model; the picture's own is part of the space's name
  std::size_t dimension = 0;
  bool reads_words = false;
  std::string space;        // PictureSpace::name
  std::uint64_t count = 0;  // pictures that had a vector
  std::string checksum;     // VectorSum of the vectors (pipeline/picture_vectors.h); empty: not computed
  Time at = {};
  friend bool operator==(const EmbeddingEvent&, const EmbeddingEvent&) = default;
};

EmbeddingEvent event_of(std::string event, std::string model, const ModelCard& card,
                        const PictureSpace& space, Time at);

std::string to_line(const EmbeddingEvent& event);  // one JSON object and "\n"
// `invalid` with the reason.
Result<EmbeddingEvent> parse_event(std::string_view line);

// Oldest first; none where there is no file. `unreadable` counts lines that say nothing, as one that was cut
// short by a crash.
struct EmbeddingHistory {
  std::vector<EmbeddingEvent> events;
  std::size_t unreadable = 0;
  // Of the last use, switch or rollback; null: none.
  const EmbeddingEvent* in_use() const;
  // The last of them that put another space in use than the present one: where a rollback goes.
  const EmbeddingEvent* before() const;
};
Result<EmbeddingHistory> read_embedding_history(const std::string& path);
// Durable on return. A last line that was cut short is ended first, so that this one stands alone.
Status append_embedding_event(const std::string& path, const EmbeddingEvent& event);

}  // namespace cdx::app
