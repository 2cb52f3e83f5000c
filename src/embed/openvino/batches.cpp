#include "embed/openvino/batches.h"

#include <algorithm>

namespace cdx {

std::vector<std::vector<Window>> plan_batches(std::vector<Window> windows, std::size_t most,
                                              std::size_t most_tokens) {
  std::stable_sort(windows.begin(), windows.end(),
                   [](const Window& a, const Window& b) { return a.tokens() < b.tokens(); });
  std::vector<std::vector<Window>> out;
  for (const Window& window : windows) {
    // The windows come from short to long, so the newest one decides the padded length.
    const bool fits =
        !out.empty() && out.back().size() < most && (out.back().size() + 1) * window.tokens() <= most_tokens;
    if (!fits) out.emplace_back();
    out.back().push_back(window);
  }
  return out;
}

BatchInput lay_out(std::span<const Window> batch, const WordPiece& pieces) {
  BatchInput out;
  out.rows = batch.size();
  for (const Window& window : batch) out.tokens = std::max(out.tokens, window.tokens());
  out.ids.assign(out.rows * out.tokens, pieces.pad());
  out.mask.assign(out.rows * out.tokens, 0.0F);
  for (std::size_t row = 0; row < out.rows; ++row) {
    const Window& window = batch[row];
    const auto at = static_cast<std::ptrdiff_t>(row * out.tokens);
    auto next = out.ids.begin() + at;
    *next++ = pieces.cls();
    next = std::copy(window.ids.begin(), window.ids.end(), next);
    *next = pieces.sep();
    std::fill_n(out.mask.begin() + at, window.tokens(), 1.0F);
  }
  return out;
}

}  // namespace cdx
