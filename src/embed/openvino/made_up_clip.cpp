#include "embed/openvino/made_up_clip.h"

#include <cmath>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace cdx {
namespace {

std::uint64_t fnv1a(const std::string& text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

std::uint64_t splitmix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111eb;
  return x ^ (x >> 31U);
}

std::size_t product(const std::vector<std::size_t>& sides, std::size_t from = 0) {
  std::size_t out = 1;
  for (std::size_t i = from; i < sides.size(); ++i) out *= sides[i];
  return out;
}

void add_tower(std::vector<MadeUpTensor>& out, const std::string& prefix, std::size_t hidden,
               std::size_t layers) {
  const auto pair = [&](const std::string& name, std::vector<std::size_t> shape) {
    out.push_back({name + ".weight", shape});
    out.push_back({name + ".bias", {shape[0]}});
  };
  for (std::size_t layer = 0; layer < layers; ++layer) {
    const std::string at = prefix + "encoder.layers." + std::to_string(layer) + ".";
    for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"})
      pair(at + "self_attn." + part, {hidden, hidden});
    pair(at + "layer_norm1", {hidden});
    pair(at + "layer_norm2", {hidden});
    pair(at + "mlp.fc1", {4 * hidden, hidden});
    pair(at + "mlp.fc2", {hidden, 4 * hidden});
  }
}

}  // namespace

std::vector<MadeUpTensor> tensors_of(const MadeUpClip& clip) {
  const std::string vision = "vision_model.", text = "text_model.";
  const std::size_t across = clip.side / clip.patch;
  std::vector<MadeUpTensor> out{
      {vision + "embeddings.class_embedding", {clip.vision_hidden}},
      {vision + "embeddings.patch_embedding.weight", {clip.vision_hidden, 3, clip.patch, clip.patch}},
      {vision + "embeddings.position_embedding.weight", {across * across + 1, clip.vision_hidden}},
      {text + "embeddings.token_embedding.weight", {clip.pieces, clip.text_hidden}},
      {text + "embeddings.position_embedding.weight", {clip.positions, clip.text_hidden}},
      {"visual_projection.weight", {clip.dimension, clip.vision_hidden}},
      {"text_projection.weight", {clip.dimension, clip.text_hidden}}};
  for (const auto& [name, hidden] : {std::pair{vision + "pre_layrnorm", clip.vision_hidden},
                                     std::pair{vision + "post_layernorm", clip.vision_hidden},
                                     std::pair{text + "final_layer_norm", clip.text_hidden}}) {
    out.push_back({name + ".weight", {hidden}});
    out.push_back({name + ".bias", {hidden}});
  }
  add_tower(out, vision, clip.vision_hidden, clip.vision_layers);
  add_tower(out, text, clip.text_hidden, clip.text_layers);
  return out;
}

std::vector<float> made_up_uniform(const std::string& name, std::size_t count) {
  std::vector<float> out(count);
  const std::uint64_t seed = fnv1a(name);
  for (std::size_t i = 0; i < count; ++i) {
    const auto top = static_cast<std::uint32_t>(splitmix(seed + (i + 1) * 0x9e3779b97f4a7c15) >> 40U);
    out[i] = static_cast<float>(top) * 0x1p-23F - 1.0F;
  }
  return out;
}

std::vector<float> made_up_weight(const MadeUpTensor& tensor) {
  float base = 0, scale = 0.5F;
  if (tensor.name.ends_with(".bias")) {
    scale = 0.1F;
  } else if (tensor.name.find("norm") != std::string::npos) {
    base = 1;
  } else if (tensor.shape.size() >= 2) {
    scale = static_cast<float>(std::sqrt(3 / static_cast<double>(product(tensor.shape, 1))));
  }
  std::vector<float> out = made_up_uniform(tensor.name, product(tensor.shape));
  for (float& value : out) value = base + scale * value;
  return out;
}

void write_made_up_clip(const MadeUpClip& clip, const std::string& folder, const std::string& leave_out) {
  std::vector<MadeUpTensor> tensors = tensors_of(clip);
  std::erase_if(tensors, [&](const MadeUpTensor& tensor) { return tensor.name == leave_out; });
  nlohmann::json header = nlohmann::json::object();
  std::size_t at = 0;
  for (const MadeUpTensor& tensor : tensors) {
    const std::size_t end = at + product(tensor.shape) * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  const std::string text = header.dump();
  std::ofstream out(folder + "/model.safetensors", std::ios::binary);
  const std::uint64_t length = text.size();
  out.write(reinterpret_cast<const char*>(&length), sizeof length);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  for (const MadeUpTensor& tensor : tensors) {
    const std::vector<float> values = made_up_weight(tensor);
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(float)));
  }
  out.flush();
  if (!out) throw std::runtime_error("cannot write " + folder + "/model.safetensors");
}

}  // namespace cdx
