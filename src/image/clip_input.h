// What CLIP's image tower reads, and small copies for people.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "image/picture.h"

namespace cdx::image {

// Mean and standard deviation of each channel of values in [0,1].
struct ClipNorm {
  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> deviation{0.26862954F, 0.26130258F, 0.27577711F};
};
inline constexpr std::uint32_t clip_side = 224;
// Changes whenever equal pictures would give other values; part of the name of what is kept of them.
inline constexpr int clip_preprocessing_version = 1;

// The preprocessing CLIP was published with (openai/CLIP, `_transform`): bicubic with antialias until the
// shorter side is 224, the middle 224 x 224, channels scaled by `norm`.
Picture clip_crop(const Picture& picture);
// 3 planes of 224 x 224: red, green, blue.
std::vector<float> clip_input(const Picture& picture, const ClipNorm& norm = {});
std::vector<float> clip_planes(const Picture& crop, const ClipNorm& norm = {});  // of a clip_crop

// A JPEG whose longer side is at most `side`; never enlarged. `internal` where the encoder fails.
Result<std::string> thumbnail(const Picture& picture, std::uint32_t side, int quality = 82);
Result<std::string> encode_jpeg(const Picture& picture, int quality);

}  // namespace cdx::image
