// From CLIP's weights to the networks of its two towers. Part of the OpenVino twin.
//
// Vision: input pixel_values (f32, pictures x 3 x side x side). Text: input_ids (i32, texts x tokens), ends
// (i32, texts: the place of the end token). Both: one output, f32, rows x dimension, not scaled. They may
// throw what OpenVINO throws; call them inside guard(). The network is that of Radford et al. 2021 as
// transformers' modeling_clip.py writes it down.
#pragma once

#include <memory>
#include <openvino/core/model.hpp>
#include <openvino/runtime/core.hpp>

#include "embed/openvino/clip_folder.h"

namespace cdx {

// `corrupt` when a tensor is missing or has the wrong shape. They copy the weights.
Result<std::shared_ptr<ov::Model>> build_clip_vision(const ClipShape& shape, const Safetensors& weights);
Result<std::shared_ptr<ov::Model>> build_clip_text(const ClipShape& shape, const Safetensors& weights);

// The pair as exporters write it: pixel_values to image_embeds; input_ids (and attention_mask) to
// text_embeds. The text tower finds its end token by itself and takes input_ids as i32. `unsupported` for
// other inputs or outputs.
Result<std::shared_ptr<ov::Model>> read_clip_vision_onnx(ov::Core& core, const std::string& path);
Result<std::shared_ptr<ov::Model>> read_clip_text_onnx(ov::Core& core, const std::string& path);

}  // namespace cdx
