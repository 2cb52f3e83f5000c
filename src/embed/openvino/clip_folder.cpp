#include "embed/openvino/clip_folder.h"

#include <zlib.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/file.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t longest_settings = std::size_t{1} << 20;  // bytes
constexpr std::size_t longest_table = std::size_t{16}
                                      << 20;  // bytes, unpacked; the known one has 3.2 million

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<std::string> unpack_gzip(const std::string& packed, const std::string& place) {
  z_stream stream{};
  constexpr int with_gzip_header = 16 + MAX_WBITS;
  if (inflateInit2(&stream, with_gzip_header) != Z_OK)
    return fail(ErrorKind::unavailable, place + ": out of memory");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() < longest_table) {
    const std::size_t before = out.size();
    out.resize(std::min(longest_table, before + (std::size_t{1} << 20)));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (state == Z_OK && out.size() == before) state = Z_BUF_ERROR;  // the end is missing
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END)
    return fail(ErrorKind::corrupt, place + ": is no whole gzip file of at most 16 MB");
  return out;
}

Result<std::string> read_merges(ClipFolder& out) {
  out.merges_path = out.path("merges.txt");
  if (exists(out.merges_path)) return read_file(out.merges_path, longest_table);
  out.merges_path = out.path("bpe_simple_vocab_16e6.txt.gz");
  if (!exists(out.merges_path))
    return fail(ErrorKind::not_found,
                out.folder + ": holds neither merges.txt nor bpe_simple_vocab_16e6.txt.gz");
  CDX_TRY_LET(const std::string packed, read_file(out.merges_path, longest_table));
  return unpack_gzip(packed, out.merges_path);
}

// One of config.json's two parts; `key` names it.
Status read_part(const json& config, const std::string& place, const char* key, std::size_t& heads,
                 ClipSettings& out) {
  const auto part = config.find(key);
  if (part == config.end() || !part->is_object()) return {};
  const auto wrong = [&](const char* name, const std::string& why, ErrorKind kind = ErrorKind::corrupt) {
    return fail(kind, place + ": \"" + key + "." + name + "\" " + why);
  };
  if (const auto found = part->find("num_attention_heads"); found != part->end()) {
    if (!found->is_number_unsigned() || found->get<std::size_t>() < 1 || found->get<std::size_t>() > 1024)
      return wrong("num_attention_heads", "must be from 1 to 1024");
    heads = found->get<std::size_t>();
  }
  if (const auto found = part->find("hidden_act"); found != part->end()) {
    const std::string act = found->is_string() ? found->get<std::string>() : "";
    if (act != "quick_gelu" && act != "gelu")
      return wrong("hidden_act", "is \"" + act + "\"; quick_gelu and gelu are known", ErrorKind::unsupported);
    out.quick_gelu = act == "quick_gelu";
  }
  if (const auto found = part->find("layer_norm_eps"); found != part->end()) {
    if (!found->is_number() || !(found->get<double>() > 0 && found->get<double>() < 1))
      return wrong("layer_norm_eps", "must be from 0 to 1");
    out.norm_epsilon = found->get<double>();
  }
  return {};
}

Result<ClipSettings> read_settings(const std::string& place) {
  ClipSettings out;
  if (!exists(place)) return out;
  CDX_TRY_LET(const std::string text, read_file(place, longest_settings));
  const json config = json::parse(text, nullptr, false);
  if (!config.is_object()) return fail(ErrorKind::corrupt, place + ": is no JSON object");
  const auto type = config.find("model_type");
  if (type != config.end() && *type != "clip")
    return fail(ErrorKind::unsupported,
                place + ": \"model_type\" is " + type->dump() + "; only clip can be read");
  CDX_TRY(read_part(config, place, "vision_config", out.vision_heads, out));
  const bool vision_gelu = out.quick_gelu;
  CDX_TRY(read_part(config, place, "text_config", out.text_heads, out));
  if (vision_gelu != out.quick_gelu)
    return fail(ErrorKind::unsupported, place + ": \"hidden_act\" differs between the towers");
  return out;
}

// A vocabulary beside the table must be the table's own: another would silently give other tokens.
Status check_vocabulary(const ClipFolder& folder, const text::ClipTokens& tokens) {
  const std::string place = folder.path("vocab.json");
  if (!exists(place)) return {};
  CDX_TRY_LET(const std::string bytes, read_file(place, longest_table));
  const json vocabulary = json::parse(bytes, nullptr, false);
  if (!vocabulary.is_object() || vocabulary.size() != tokens.size())
    return fail(ErrorKind::corrupt,
                place + ": is no vocabulary of " + std::to_string(tokens.size()) + " pieces");
  for (std::int32_t id = 0; id < tokens.start(); ++id) {
    const auto found = vocabulary.find(std::string(tokens.piece(id)));
    if (found == vocabulary.end() || *found != id)
      return fail(ErrorKind::corrupt, place + ": \"" + std::string(tokens.piece(id)) + "\" is not piece " +
                                          std::to_string(id) + " as in " + folder.merges_path);
  }
  return {};
}

Result<std::size_t> side(const Safetensors& weights, const std::string& name, std::size_t rank,
                         std::size_t axis) {
  CDX_TRY_LET(const TensorView view, weights.get(name));
  if (view.shape.size() == rank && view.shape[axis] > 0 && view.shape[axis] <= (std::size_t{1} << 24))
    return view.shape[axis];
  return fail(ErrorKind::corrupt,
              "tensor \"" + name + "\" is not of " + std::to_string(rank) + " dimensions");
}

Status read_tower(const Safetensors& weights, const std::string& prefix, std::size_t heads, ClipTower& out) {
  while (out.layers < 256 &&
         weights.has(prefix + "encoder.layers." + std::to_string(out.layers) + ".layer_norm1.weight"))
    ++out.layers;
  CDX_TRY_LET(out.wide, side(weights, prefix + "encoder.layers.0.mlp.fc1.weight", 2, 0));
  out.heads = heads > 0 ? heads : out.hidden / 64;
  if (out.heads == 0 || out.hidden % out.heads != 0)
    return fail(ErrorKind::corrupt, prefix + ": " + std::to_string(out.hidden) +
                                        " columns cannot be split into " + std::to_string(out.heads) +
                                        " heads");
  return {};
}

}  // namespace

Result<ClipFolder> read_clip_folder(const std::string& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    return fail(ErrorKind::not_found, folder + ": no such folder; a CLIP model's folder was expected");
  ClipFolder out;
  out.folder = folder;
  out.name = fs::weakly_canonical(folder, ignored).filename().string();
  out.onnx = !exists(out.path("model.safetensors"));
  if (out.onnx && !(exists(out.path("vision_model.onnx")) && exists(out.path("text_model.onnx"))))
    return fail(ErrorKind::not_found, folder +
                                          ": holds neither model.safetensors nor vision_model.onnx with "
                                          "text_model.onnx");
  CDX_TRY_LET(out.settings, read_settings(out.path("config.json")));
  CDX_TRY_LET(out.merges, read_merges(out));
  CDX_TRY_LET(const auto tokens, text::ClipTokens::parse(out.merges, out.merges_path));
  CDX_TRY(check_vocabulary(out, tokens));
  return out;
}

Result<ClipShape> read_clip_shape(const Safetensors& weights, const ClipSettings& settings) {
  ClipShape out;
  out.settings = settings;
  const std::string vision = "vision_model.", text = "text_model.";
  CDX_TRY_LET(out.vision.hidden, side(weights, vision + "embeddings.patch_embedding.weight", 4, 0));
  CDX_TRY_LET(out.patch, side(weights, vision + "embeddings.patch_embedding.weight", 4, 2));
  CDX_TRY_LET(const std::size_t places, side(weights, vision + "embeddings.position_embedding.weight", 2, 0));
  const auto across = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(places - 1))));
  if (across == 0 || across * across + 1 != places)
    return fail(ErrorKind::unsupported,
                "vision_model: " + std::to_string(places - 1) + " patches are no square");
  out.side = across * out.patch;
  CDX_TRY_LET(out.pieces, side(weights, text + "embeddings.token_embedding.weight", 2, 0));
  CDX_TRY_LET(out.text.hidden, side(weights, text + "embeddings.token_embedding.weight", 2, 1));
  CDX_TRY_LET(out.positions, side(weights, text + "embeddings.position_embedding.weight", 2, 0));
  CDX_TRY_LET(out.dimension, side(weights, "visual_projection.weight", 2, 0));
  CDX_TRY(read_tower(weights, vision, settings.vision_heads, out.vision));
  CDX_TRY(read_tower(weights, text, settings.text_heads, out.text));
  return out;
}

}  // namespace cdx
