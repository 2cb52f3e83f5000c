// The settings that lie beside a sentence model's weights. Part of the OpenVino twin.
#pragma once

#include <string>

#include "base/result.h"

namespace cdx {

struct BertSettings {
  std::size_t hidden = 0;
  std::size_t layers = 0;
  std::size_t heads = 0;
  std::size_t positions = 0;  // longest input that the weights allow
  double norm_epsilon = 1e-12;
  bool gelu_by_tanh = false;
};

struct ModelFolder {
  std::string folder;
  std::string name;  // the folder's own name
  BertSettings bert;
  std::size_t longest_input = 0;  // what the model was made for, never above bert.positions
  bool onnx = false;              // model.onnx instead of model.safetensors

  std::string path(const std::string& file) const { return folder + "/" + file; }
  std::string weights_path() const { return path(onnx ? "model.onnx" : "model.safetensors"); }
};

// Reads config.json and, where they exist, the sentence-transformers settings. `unsupported` for what would
// silently give other vectors: a cased vocabulary, another pooling, another architecture.
Result<ModelFolder> read_model_folder(const std::string& folder);

}  // namespace cdx
