#include "embed/meter.h"

#include <cmath>

#include "base/metrics.h"

namespace cdx {
namespace {

metrics::Labels labels_of(TextRole role) { return {{"role", role == TextRole::query ? "query" : "passage"}}; }

}  // namespace

void EmbedMeter::batch_done(std::size_t tokens, TextRole role) {
  metrics::count("creatordex_embed_tokens_total", "Tokens computed for texts, padding included.",
                 labels_of(role), static_cast<double>(tokens));
}

void EmbedMeter::done(std::size_t texts, std::size_t long_texts, TextRole role) const {
  const metrics::Labels labels = labels_of(role);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  metrics::count("creatordex_embed_texts_total", "Texts turned into vectors.", labels,
                 static_cast<double>(texts));
  metrics::count("creatordex_embed_long_texts_total", "Texts longer than the model reads, split and pooled.",
                 labels, static_cast<double>(long_texts));
  metrics::observe_seconds("creatordex_embed_duration_seconds", "Time of one call of embed().", labels,
                           spent.count());
}

bool make_unit(std::span<float> row) {
  double squares = 0;
  for (const float value : row) squares += static_cast<double>(value) * static_cast<double>(value);
  if (!std::isfinite(squares) || squares <= 0) return false;
  const double scale = 1.0 / std::sqrt(squares);
  for (float& value : row) value = static_cast<float>(static_cast<double>(value) * scale);
  return true;
}

}  // namespace cdx
