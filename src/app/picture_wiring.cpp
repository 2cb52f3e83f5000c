#include "app/picture_wiring.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "app/wiring.h"
#include "base/log.h"
#ifdef CDX_WITH_OPENVINO
#include "embed/openvino/openvino_clip.h"
#endif

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view default_clip = "clip-vit-base-patch32";
constexpr std::string_view clip_prefix = "clip:";
constexpr std::size_t remembered_texts = 10'000;

bool has(const fs::path& folder, const char* file) {
  std::error_code error;
  return fs::exists(folder / file, error);
}

// Whole, as far as names tell: `model pull` gives a file its name when every byte of it is right.
bool is_clip(const fs::path& folder) {
  const bool weights = has(folder, "model.safetensors") ||
                       (has(folder, "vision_model.onnx") && has(folder, "text_model.onnx"));
  return weights && (has(folder, "merges.txt") || has(folder, "bpe_simple_vocab_16e6.txt.gz"));
}

fs::path models_folder(const Config& config) { return fs::path(config.text("data")) / "models"; }

// Folders of CLIP models in the data folder: the usual one first, the others by name.
std::vector<fs::path> installed_clips(const Config& config) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(models_folder(config), error))
    if (is_clip(entry.path())) out.push_back(entry.path());
  std::sort(out.begin(), out.end(), [](const fs::path& a, const fs::path& b) {
    const bool first = a.filename() == default_clip, second = b.filename() == default_clip;
    return first != second ? first : a < b;
  });
  return out;
}

tl::unexpected<Error> no_clip() {
  return fail(
      ErrorKind::not_found,
      fmt::format("no CLIP model is installed in the data folder; `creatordex model pull {}` fetches one",
                  default_clip));
}

#ifdef CDX_WITH_OPENVINO
std::vector<std::string> split_templates(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('|'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// The model's words as texts of an embedder, so that what caches those caches these.
class ClipTexts final : public EmbeddingProvider {
 public:
  explicit ClipTexts(PictureEmbedder& model) : model_(model) {}
  const ModelCard& model() const override { return model_.model(); }
  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    return model_.embed_texts(call, texts, role);
  }

 private:
  PictureEmbedder& model_;
};

// A CLIP reader, the model it borrows, and the words that were asked last.
class OwningClipReader final : public PictureReader {
 public:
  OwningClipReader(std::unique_ptr<PictureEmbedder> model, std::unique_ptr<PictureReader> reader)
      : model_(std::move(model)),
        reader_(std::move(reader)),
        texts_(*model_),
        remembered_(make_caching_embedder(texts_, remembered_texts)) {}
  const PictureSpace& space() const override { return reader_->space(); }
  const ModelCard& model() const override { return reader_->model(); }
  Result<Matrix> read_pictures(const Call& call, std::span<const image::Picture> crops) override {
    return reader_->read_pictures(call, crops);
  }
  Result<Matrix> read_texts(const Call& call, std::span<const std::string_view> texts) override {
    return remembered_->embed(call, texts, TextRole::query);
  }

 private:
  std::unique_ptr<PictureEmbedder> model_;  // before what borrows it
  std::unique_ptr<PictureReader> reader_;
  ClipTexts texts_;
  std::unique_ptr<EmbeddingProvider> remembered_;
};

Result<OpenedReader> open_clip(const Config& config, const std::string& folder) {
  OpenVinoClipOptions options;
  options.model_dir = folder;
  options.device = config.text("image_device");
  options.threads = static_cast<std::size_t>(config.whole("image_threads"));
  options.templates = split_templates(config.text("image_templates"));
  CDX_TRY_LET(auto model, open_openvino_clip(options));
  CDX_TRY_LET(auto reader, make_clip_reader(*model));
  return OpenedReader{std::string(clip_prefix) + folder,
                      std::make_shared<OwningClipReader>(std::move(model), std::move(reader))};
}
#else
Result<OpenedReader> open_clip(const Config&, const std::string&) {
  return fail(ErrorKind::unsupported,
              "this program was built without OpenVINO (CDX_WITH_OPENVINO), which CLIP needs");
}
#endif

class ConfiguredSpaces final : public PictureSpaces {
 public:
  explicit ConfiguredSpaces(const Config& config) : config_(config) {}

  Result<std::shared_ptr<PictureReader>> wanted(const Call& call) override {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto model, wanted_picture_model(config_));
    const std::lock_guard opening(opening_);
    return open(model);
  }

  Result<std::shared_ptr<PictureReader>> reader(const Call& call, std::string_view space) override {
    CDX_TRY(call.check());
    if (auto known = opened(space)) return known;
    const std::lock_guard opening(opening_);  // searches in spaces that are open do not wait for it
    if (auto known = opened(space)) return known;
    CDX_TRY_LET(const auto models, candidates(space));
    for (const auto& model : models) {
      const auto one = open(model);
      if (one && *one != nullptr && (*one)->space().name == space) return *one;
      if (!one)
        log::warning("a model of pictures cannot be opened",
                     {{"model", model}, {"reason", one.error().message}});
    }
    return fail(
        ErrorKind::not_found,
        fmt::format("nothing here makes vectors of the space {}: its model is not installed, or its weights "
                    "have changed; `creatordex model status` tells what there is",
                    space));
  }

 private:
  std::shared_ptr<PictureReader> opened(std::string_view space) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [model, reader] : readers_)
      if (reader != nullptr && reader->space().name == space) return reader;
    return nullptr;
  }

  // With opening_ held.
  Result<std::shared_ptr<PictureReader>> open(const std::string& model) {
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = readers_.find(model); known != readers_.end()) return known->second;
    }
    CDX_TRY_LET(auto one, open_picture_reader(config_, model));
    const std::lock_guard lock(mutex_);
    readers_[model] = one.reader;
    return one.reader;
  }

  // Models that may make this space: those the manifest names for it, then those installed under its name.
  Result<std::vector<std::string>> candidates(std::string_view space) const {
    CDX_TRY_LET(const auto history, read_embedding_history(embedding_manifest_file(config_)));
    std::vector<std::string> out;
    const auto add = [&](const std::string& model) {
      if (std::find(out.begin(), out.end(), model) == out.end()) out.push_back(model);
    };
    for (auto one = history.events.rbegin(); one != history.events.rend(); ++one)
      if (one->space == space) add(one->model);
    add("layout");  // costs nothing to ask
    if (const auto wanted = wanted_picture_model(config_)) add(*wanted);
    for (const auto& folder : installed_clips(config_))
      if (space.starts_with(folder.filename().string())) add(std::string(clip_prefix) + folder.string());
    return out;
  }

  Config config_;
  std::mutex opening_;
  mutable std::mutex mutex_;                                       // held for a look only
  std::map<std::string, std::shared_ptr<PictureReader>> readers_;  // by model
};

}  // namespace

std::string embedding_manifest_file(const Config& config) {
  return (fs::path(config.text("data")) / "embedding_manifest.jsonl").string();
}

std::string pictures_folder(const Config& config) {
  return (fs::path(config.text("data")) / "pictures").string();
}

Result<OpenedReader> open_picture_reader(const Config& config, const std::string& model) {
  if (model == "none") return OpenedReader{model, nullptr};
  if (model == "layout") return OpenedReader{model, make_layout_reader()};
  if (model == "clip") {
    const auto installed = installed_clips(config);
    if (installed.empty()) return no_clip();
    return open_clip(config, installed.front().string());
  }
  if (model.starts_with(clip_prefix)) return open_clip(config, model.substr(clip_prefix.size()));
  const auto folder = models_folder(config) / model;
  if (model.find('/') == std::string::npos && is_clip(folder)) return open_clip(config, folder.string());
  return fail(
      ErrorKind::not_found,
      fmt::format("there is no model \"{}\" of pictures: layout, none, clip:FOLDER, or one that is installed "
                  "in {}; `creatordex model pull {}` fetches one",
                  model, models_folder(config).string(), default_clip));
}

Result<std::string> wanted_picture_model(const Config& config) {
  const auto& asked = config.text("image_model");
  if (asked != "auto") return asked;
  CDX_TRY_LET(const auto history, read_embedding_history(embedding_manifest_file(config)));
  if (const auto* last = history.in_use()) {
    const bool gone = std::string_view(last->model).starts_with(clip_prefix) &&
                      !is_clip(last->model.substr(clip_prefix.size()));
    if (!gone) return last->model;
  }
#ifdef CDX_WITH_OPENVINO
  if (!installed_clips(config).empty()) return "clip";
#endif
  return "layout";
}

Result<std::unique_ptr<PictureSpaces>> open_picture_spaces(const Config& config) {
  return std::make_unique<ConfiguredSpaces>(config);
}

Result<Pictures> open_pictures(const Config& config, Store& store, const Clock& clock, unsigned decoders) {
  Pictures out;
  const auto folder = pictures_folder(config);
  CDX_TRY_LET(out.decoder, open_decoder(decoders));
  image::PictureCacheOptions cache;
  cache.folder = folder + "/cache";
  CDX_TRY_LET(out.cache, image::PictureCache::open(cache));
  out.keeper = std::make_unique<PictureKeeper>(store, *out.decoder, *out.cache, folder, clock);
  CDX_TRY_LET(out.spaces, open_picture_spaces(config));
  return out;
}

}  // namespace cdx::app
