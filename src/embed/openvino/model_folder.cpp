#include "embed/openvino/model_folder.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/file.h"

namespace cdx {
namespace {

using nlohmann::json;

constexpr std::size_t longest_settings = std::size_t{1} << 20;  // bytes

// One settings file, with errors that name it.
class Settings {
 public:
  static Result<Settings> read(const std::string& path) {
    CDX_TRY_LET(const std::string text, read_file(path, longest_settings));
    json values = json::parse(text, nullptr, false);
    if (!values.is_object()) return fail(ErrorKind::corrupt, path + ": is no JSON object");
    return Settings(path, std::move(values));
  }
  // An empty object when the file is absent.
  static Result<Settings> read_if_there(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return read(path);
    return Settings(path, json::object());
  }

  Result<std::size_t> size(const char* key, std::size_t least, std::size_t most) const {
    const auto found = values_.find(key);
    if (found == values_.end() || !found->is_number_unsigned()) return wrong(key, "must be a whole number");
    const auto value = found->get<std::size_t>();
    if (value < least || value > most)
      return wrong(key, "must be from " + std::to_string(least) + " to " + std::to_string(most));
    return value;
  }
  std::string text(const char* key, const char* otherwise) const {
    const auto found = values_.find(key);
    return found != values_.end() && found->is_string() ? found->get<std::string>() : std::string(otherwise);
  }
  bool flag(const char* key, bool otherwise) const {
    const auto found = values_.find(key);
    return found != values_.end() && found->is_boolean() ? found->get<bool>() : otherwise;
  }
  double number(const char* key, double otherwise) const {
    const auto found = values_.find(key);
    return found != values_.end() && found->is_number() ? found->get<double>() : otherwise;
  }
  bool has(const char* key) const { return values_.contains(key); }
  tl::unexpected<Error> wrong(const char* key, const std::string& why) const {
    return fail(ErrorKind::corrupt, path_ + ": \"" + key + "\" " + why);
  }
  tl::unexpected<Error> unsupported(const char* key, const std::string& why) const {
    return fail(ErrorKind::unsupported, path_ + ": \"" + key + "\" " + why);
  }

 private:
  Settings(std::string path, json values) : path_(std::move(path)), values_(std::move(values)) {}

  std::string path_;
  json values_;
};

Result<BertSettings> read_bert(const Settings& config) {
  BertSettings out;
  if (config.text("model_type", "") != "bert")
    return config.unsupported("model_type",
                              "is \"" + config.text("model_type", "") + "\"; only bert can be read");
  if (config.text("position_embedding_type", "absolute") != "absolute")
    return config.unsupported("position_embedding_type", "must be absolute");
  const std::string act = config.text("hidden_act", "gelu");
  out.gelu_by_tanh = act == "gelu_new" || act == "gelu_pytorch_tanh";
  if (act != "gelu" && !out.gelu_by_tanh)
    return config.unsupported("hidden_act", "is \"" + act + "\", not a gelu");
  CDX_TRY_LET(out.hidden, config.size("hidden_size", 1, 16384));
  CDX_TRY_LET(out.layers, config.size("num_hidden_layers", 1, 256));
  CDX_TRY_LET(out.heads, config.size("num_attention_heads", 1, 1024));
  CDX_TRY_LET(out.positions, config.size("max_position_embeddings", 4, 65536));
  if (out.hidden % out.heads != 0) return config.wrong("num_attention_heads", "must divide hidden_size");
  out.norm_epsilon = config.number("layer_norm_eps", 1e-12);
  if (!(out.norm_epsilon >= 0 && out.norm_epsilon < 1))
    return config.wrong("layer_norm_eps", "must be from 0 to 1");
  return out;
}

Status check_tokenizer(const ModelFolder& model) {
  CDX_TRY_LET(const Settings tokenizer, Settings::read_if_there(model.path("tokenizer_config.json")));
  if (!tokenizer.flag("do_lower_case", true))
    return tokenizer.unsupported("do_lower_case", "is false; only uncased vocabularies can be read");
  if (!tokenizer.flag("strip_accents", true))
    return tokenizer.unsupported("strip_accents", "is false; only vocabularies without accents can be read");
  CDX_TRY_LET(const Settings pooling, Settings::read_if_there(model.path("1_Pooling/config.json")));
  if (!pooling.flag("pooling_mode_mean_tokens", true))
    return pooling.unsupported("pooling_mode_mean_tokens", "is false; only the mean over tokens is computed");
  return {};
}

}  // namespace

Result<ModelFolder> read_model_folder(const std::string& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored))
    return fail(ErrorKind::not_found, folder + ": no such folder; a model folder was expected");
  ModelFolder out;
  out.folder = folder;
  out.name = std::filesystem::weakly_canonical(folder, ignored).filename().string();
  out.onnx = !std::filesystem::exists(out.weights_path(), ignored);
  if (out.onnx && !std::filesystem::exists(out.weights_path(), ignored))
    return fail(ErrorKind::not_found, folder + ": holds neither model.safetensors nor model.onnx");

  CDX_TRY_LET(const Settings config, Settings::read(out.path("config.json")));
  CDX_TRY_LET(out.bert, read_bert(config));
  CDX_TRY(check_tokenizer(out));
  out.longest_input = out.bert.positions;
  CDX_TRY_LET(const Settings sentence, Settings::read_if_there(out.path("sentence_bert_config.json")));
  if (sentence.has("max_seq_length")) {
    CDX_TRY_LET(out.longest_input, sentence.size("max_seq_length", 4, out.bert.positions));
  }
  return out;
}

}  // namespace cdx
