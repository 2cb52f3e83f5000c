// What lies in a CLIP model's folder. Part of the OpenVino twin.
#pragma once

#include <string>

#include "base/result.h"
#include "embed/safetensors.h"
#include "text/clip_tokens.h"

namespace cdx {

struct ClipTower {
  std::size_t hidden = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t wide = 0;  // of the middle of each layer's feed-forward part
};

// What config.json says beyond the shapes; all of it may be absent.
struct ClipSettings {
  std::size_t vision_heads = 0,
              text_heads = 0;  // 0: one for each 64 columns, as in all published CLIP models
  double norm_epsilon = 1e-5;
  bool quick_gelu = true;  // x * sigmoid(1.702 x) instead of the exact one
};

struct ClipShape {
  ClipTower vision, text;
  std::size_t side = 0, patch = 0;        // pixels of the picture's and of a patch's side
  std::size_t pieces = 0, positions = 0;  // of the text tower
  std::size_t dimension = 0;              // of the common space
  ClipSettings settings;
};

struct ClipFolder {
  std::string folder, name;
  bool onnx = false;
  std::string merges;       // the table's text
  std::string merges_path;  // where it was read
  ClipSettings settings;

  std::string path(const std::string& file) const { return folder + "/" + file; }
};

// `not_found`, `corrupt` and `unsupported` name the file.
Result<ClipFolder> read_clip_folder(const std::string& folder);

// Sizes from the shapes of the tensors. `corrupt` when they contradict each other; `unsupported` for a square
// picture that patches do not fill.
Result<ClipShape> read_clip_shape(const Safetensors& weights, const ClipSettings& settings);

}  // namespace cdx
