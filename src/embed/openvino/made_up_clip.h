// For tests: CLIP's weights as functions of their names and places, so that 600 MB need not be kept. The same
// as `weight` in tools/golden/make_clip_golden.py.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cdx {

struct MadeUpClip {
  std::size_t vision_hidden = 768, vision_layers = 12, side = 224, patch = 32;
  std::size_t text_hidden = 512, text_layers = 12;
  std::size_t pieces = 49'408, positions = 77, dimension = 512;
};

struct MadeUpTensor {
  std::string name;
  std::vector<std::size_t> shape;
};
std::vector<MadeUpTensor> tensors_of(const MadeUpClip& clip);

// In [-1, 1): FNV-1a of the name is the seed, splitmix64 the generator, its upper 24 bits the number.
std::vector<float> made_up_uniform(const std::string& name, std::size_t count);
std::vector<float> made_up_weight(const MadeUpTensor& tensor);

// Writes model.safetensors into `folder`; `leave_out` names a tensor that is not written.
void write_made_up_clip(const MadeUpClip& clip, const std::string& folder, const std::string& leave_out = {});

}  // namespace cdx
