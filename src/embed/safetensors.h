// Safetensors: a table of named tensors before their bytes. Part of the embed room.
//
// Promises: every tensor handed out lies inside the bytes given and has exactly the size of its shape and
// type, whatever the header says. Never copies the tensors: the bytes must outlive the reader.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx {

struct TensorView {
  std::string type;  // as the format names it: "F32", "F16", "BF16", "I64", ...
  std::vector<std::size_t> shape;
  std::string_view bytes;  // row-major, little-endian, of any alignment
};

class Safetensors {
 public:
  // `corrupt` with `place` (the file) and what is wrong.
  static Result<Safetensors> parse(std::string_view bytes, std::string place);

  bool has(std::string_view name) const { return tensors_.contains(name); }
  // `corrupt` when it is absent or has another shape.
  Result<TensorView> get(std::string_view name, const std::vector<std::size_t>& shape) const;
  // `corrupt` when it is absent.
  Result<TensorView> get(std::string_view name) const;
  std::size_t size() const { return tensors_.size(); }

 private:
  std::string place_;
  std::map<std::string, TensorView, std::less<>> tensors_;
};

}  // namespace cdx
