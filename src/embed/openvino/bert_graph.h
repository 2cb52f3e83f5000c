// From weights to a network whose answer is the sum of the token vectors of each text. Part of the OpenVino
// twin.
//
// Both functions give a model with inputs input_ids (i32, texts x tokens) and attention_mask (f32, the same
// shape; 1 for a token, 0 for padding), and one output: f32, texts x hidden, the sum over the unmasked
// vectors of the last layer. They may throw what OpenVINO throws; call them inside guard().
#pragma once

#include <memory>
#include <openvino/core/model.hpp>
#include <openvino/runtime/core.hpp>

#include "embed/openvino/model_folder.h"
#include "embed/safetensors.h"

namespace cdx {

// `corrupt` when a tensor is missing or has the wrong shape. Copies the weights.
Result<std::shared_ptr<ov::Model>> build_bert(const BertSettings& settings, std::size_t pieces,
                                              const Safetensors& weights);

// `unsupported` when the file's inputs or outputs are not those of a sentence encoder.
Result<std::shared_ptr<ov::Model>> read_onnx_bert(ov::Core& core, const ModelFolder& folder);

}  // namespace cdx
