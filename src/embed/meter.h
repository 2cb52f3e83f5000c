// What every twin counts about its work. Part of the embed room.
#pragma once

#include <chrono>

#include "embed/embed.h"

namespace cdx {

// Measures one call of embed(); counts texts and time when the call has succeeded.
class EmbedMeter {
 public:
  EmbedMeter() : start_(std::chrono::steady_clock::now()) {}
  // `long_texts`: how many did not fit the model's input and were split.
  void done(std::size_t texts, std::size_t long_texts, TextRole role) const;
  // After each batch: tokens computed, padding included.
  static void batch_done(std::size_t tokens, TextRole role);

 private:
  std::chrono::steady_clock::time_point start_;
};

// Scales the row to length 1; false when it has no direction (zero or not finite).
bool make_unit(std::span<float> row);

}  // namespace cdx
