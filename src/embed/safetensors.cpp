#include "embed/safetensors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace cdx {
namespace {

using nlohmann::json;

constexpr std::size_t longest_header = std::size_t{4} << 20;  // bytes; a model of 100 layers needs 200 KB

std::optional<std::size_t> bytes_of(std::string_view type) {
  struct Known {
    std::string_view name;
    std::size_t bytes;
  };
  static constexpr std::array<Known, 13> known{{{"F64", 8},
                                                {"F32", 4},
                                                {"F16", 2},
                                                {"BF16", 2},
                                                {"I64", 8},
                                                {"I32", 4},
                                                {"I16", 2},
                                                {"I8", 1},
                                                {"U64", 8},
                                                {"U32", 4},
                                                {"U16", 2},
                                                {"U8", 1},
                                                {"BOOL", 1}}};
  const auto* found =
      std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.name == type; });
  if (found == known.end()) return std::nullopt;
  return found->bytes;
}

bool is_list_of_sizes(const json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_number_unsigned(); });
}

// The number of bytes of a tensor, or absent when it does not fit the machine.
std::optional<std::size_t> total_bytes(const std::vector<std::size_t>& shape, std::size_t item) {
  std::size_t total = item;
  for (const std::size_t side : shape) {
    if (__builtin_mul_overflow(total, side, &total)) return std::nullopt;
  }
  return total;
}

// One entry of the header; the text of the problem when it is wrong.
tl::expected<TensorView, std::string> read_entry(const json& entry, std::string_view data) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets"))
    return tl::unexpected<std::string>("lacks dtype, shape or data_offsets");
  const json& type = entry["dtype"];
  const json& offsets = entry["data_offsets"];
  if (!type.is_string() || !bytes_of(type.get_ref<const std::string&>()))
    return tl::unexpected<std::string>("has an unknown dtype");
  if (!is_list_of_sizes(entry["shape"]))
    return tl::unexpected<std::string>("has a shape that is no list of sizes");
  if (!is_list_of_sizes(offsets) || offsets.size() != 2)
    return tl::unexpected<std::string>("has data_offsets that are no two positions");

  TensorView out{type.get<std::string>(), entry["shape"].get<std::vector<std::size_t>>(), {}};
  const auto begin = offsets[0].get<std::size_t>();
  const auto end = offsets[1].get<std::size_t>();
  if (begin > end || end > data.size()) {
    return tl::unexpected<std::string>("lies at bytes " + std::to_string(begin) + " to " +
                                       std::to_string(end) + " of " + std::to_string(data.size()) +
                                       "; is the file whole?");
  }
  if (total_bytes(out.shape, *bytes_of(out.type)) != end - begin)
    return tl::unexpected<std::string>("has a shape that does not match its bytes");
  out.bytes = data.substr(begin, end - begin);
  return out;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return out;
}

}  // namespace

Result<Safetensors> Safetensors::parse(std::string_view bytes, std::string place) {
  const auto corrupt = [&](const std::string& why) { return fail(ErrorKind::corrupt, place + ": " + why); };
  if (bytes.size() < 8) return corrupt("too short for a safetensors file");
  const std::uint64_t length = little_endian(bytes);
  if (length > longest_header || length > bytes.size() - 8)
    return corrupt("its header claims " + std::to_string(length) +
                   " bytes; is this a safetensors file, and whole?");
  const json header = json::parse(bytes.substr(8, length), nullptr, false);
  if (!header.is_object()) return corrupt("its header is no JSON object");

  const std::string_view data = bytes.substr(8 + length);
  Safetensors out;
  std::size_t used = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    auto tensor = read_entry(entry, data);
    if (!tensor) return corrupt("tensor \"" + name.substr(0, 100) + "\" " + tensor.error());
    used =
        std::max(used, static_cast<std::size_t>(tensor->bytes.data() - data.data()) + tensor->bytes.size());
    out.tensors_.emplace(name, *std::move(tensor));
  }
  if (used != data.size())
    return corrupt(std::to_string(data.size() - used) + " bytes at its end belong to no tensor");
  out.place_ = std::move(place);
  return out;
}

Result<TensorView> Safetensors::get(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end())
    return fail(ErrorKind::corrupt, place_ + ": tensor \"" + std::string(name) + "\" is missing");
  return found->second;
}

Result<TensorView> Safetensors::get(std::string_view name, const std::vector<std::size_t>& shape) const {
  CDX_TRY_LET(TensorView tensor, get(name));
  if (tensor.shape == shape) return tensor;
  const auto written = [](const std::vector<std::size_t>& sides) {
    std::string text = "[";
    for (const std::size_t side : sides) text += (text.size() > 1 ? ", " : "") + std::to_string(side);
    return text + "]";
  };
  return fail(ErrorKind::corrupt, place_ + ": tensor \"" + std::string(name) + "\" has shape " +
                                      written(tensor.shape) + " instead of " + written(shape));
}

}  // namespace cdx
