// What the graphs of transformers have in common: constants, weights by name, layers. Inside this folder
// only.
#pragma once

#include <openvino/op/ops.hpp>
#include <string>
#include <vector>

#include "embed/safetensors.h"

namespace cdx::graph {

namespace op = ov::op;
using Out = ov::Output<ov::Node>;

template <class Node, class... Inputs>
Out make(Inputs&&... inputs) {
  return std::make_shared<Node>(std::forward<Inputs>(inputs)...)->output(0);
}
Out whole_numbers(const std::vector<std::int64_t>& values);
Out whole_number(std::int64_t value);
inline std::int64_t whole(std::size_t value) { return static_cast<std::int64_t>(value); }

// Layers whose weights lie in a file under a common prefix. Borrows the file's bytes.
class Layers {
 public:
  Layers(const Safetensors& weights, std::string prefix, double norm_epsilon)
      : weights_(weights), prefix_(std::move(prefix)), norm_epsilon_(static_cast<float>(norm_epsilon)) {}

  // As floats of 32 bits. `unsupported` for what is no float, `corrupt` for another shape.
  Result<Out> tensor(const std::string& name, const std::vector<std::size_t>& shape) const {
    return any_tensor(prefix_ + name, shape);
  }
  // Of exactly this name.
  Result<Out> any_tensor(const std::string& name, const std::vector<std::size_t>& shape) const;
  Result<TensorView> view(const std::string& name) const { return weights_.get(prefix_ + name); }

  Result<Out> norm(const Out& x, const std::string& name, std::size_t hidden) const;
  Result<Out> dense(const Out& x, const std::string& name, std::size_t from, std::size_t to) const;
  // rows x tokens x hidden, projected, to rows x heads x tokens x part; and back without a projection.
  Result<Out> heads_of(const Out& x, const std::string& name, std::size_t hidden, std::size_t heads) const;
  static Out joined(const Out& heads, std::size_t hidden);

 private:
  const Safetensors& weights_;
  std::string prefix_;
  float norm_epsilon_;
};

}  // namespace cdx::graph
