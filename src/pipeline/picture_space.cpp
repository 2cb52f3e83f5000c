#include "pipeline/picture_space.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"

namespace cdx {
namespace {

constexpr std::size_t crops_at_once = 32;  // a call is looked at between batches

// Lower-case letters, digits and hyphens: a name that may stand in a path and in a query.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out += (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') ? low : '-';
  }
  return out;
}

// `made_by`: what beside the model decides the values.
PictureSpace space_of(const ModelCard& card, bool reads_words, std::string_view made_by) {
  PictureSpace out;
  out.name = fmt::format("{}-{:016x}", plain(card.name),
                         hash64(fmt::format("{:016x}|{}|{}", card.space(), card.dimension, made_by)));
  out.id = picture_space_id(out.name);
  out.dimension = card.dimension;
  out.reads_words = reads_words;
  return out;
}

Status check_crop(const image::Picture& crop, std::size_t number) {
  const auto side = image::clip_side;
  if (crop.width == side && crop.height == side && crop.rgb.size() == std::size_t{3} * side * side) return {};
  return fail(ErrorKind::invalid, fmt::format("crop {} is {} x {} with {} bytes, not {} x {} of 3 bytes",
                                              number, crop.width, crop.height, crop.rgb.size(), side, side));
}

class LayoutReader final : public PictureReader {
 public:
  LayoutReader() {
    card_.name = "layout";
    card_.dimension = image::descriptor_dimension;
    card_.preprocessing = image::fingerprint_version;
    space_ = space_of(card_, false, fmt::format("crop {}", image::clip_preprocessing_version));
  }

  const PictureSpace& space() const override { return space_; }
  const ModelCard& model() const override { return card_; }

  Result<Matrix> read_pictures(const Call& call, std::span<const image::Picture> crops) override {
    Matrix out{card_.dimension, {}};
    out.values.reserve(crops.size() * card_.dimension);
    for (std::size_t i = 0; i < crops.size(); ++i) {
      CDX_TRY(call.check());
      CDX_TRY(check_crop(crops[i], i));
      const auto row = image::descriptor(crops[i]);
      out.values.insert(out.values.end(), row.begin(), row.end());
    }
    return out;
  }

  Result<Matrix> read_texts(const Call&, std::span<const std::string_view>) override {
    return fail(
        ErrorKind::unsupported,
        "words cannot be compared with pictures by colours and shapes alone; `creatordex model pull "
        "clip-vit-base-patch32` and `creatordex model switch clip-vit-base-patch32` bring a model that "
        "reads both; likeness by example works without");
  }

 private:
  ModelCard card_;
  PictureSpace space_;
};

class ClipReader final : public PictureReader {
 public:
  explicit ClipReader(PictureEmbedder& model)
      : model_(model),
        space_(
            space_of(model.model(), true, fmt::format("clip input {}", image::clip_preprocessing_version))) {}

  const PictureSpace& space() const override { return space_; }
  const ModelCard& model() const override { return model_.model(); }

  // The planes of one batch are held at a time: 600 KB each.
  Result<Matrix> read_pictures(const Call& call, std::span<const image::Picture> crops) override {
    Matrix out{space_.dimension, {}};
    for (std::size_t begin = 0; begin < crops.size(); begin += crops_at_once) {
      CDX_TRY(call.check());
      const auto batch = crops.subspan(begin, std::min(crops_at_once, crops.size() - begin));
      std::vector<std::vector<float>> planes;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        CDX_TRY(check_crop(batch[i], begin + i));
        planes.push_back(image::clip_planes(batch[i]));
      }
      const std::vector<PictureInput> inputs(planes.begin(), planes.end());
      CDX_TRY_LET(const auto rows, model_.embed_pictures(call, inputs));
      out.values.insert(out.values.end(), rows.values.begin(), rows.values.end());
    }
    return out;
  }

  Result<Matrix> read_texts(const Call& call, std::span<const std::string_view> texts) override {
    return model_.embed_texts(call, texts, TextRole::query);
  }

 private:
  PictureEmbedder& model_;
  PictureSpace space_;
};

}  // namespace

std::unique_ptr<PictureReader> make_layout_reader() { return std::make_unique<LayoutReader>(); }

Result<std::unique_ptr<PictureReader>> make_clip_reader(PictureEmbedder& model) {
  if (model.picture_side() != image::clip_side)
    return fail(ErrorKind::unsupported,
                fmt::format("{} reads pictures of {} x {}; only {} x {} are kept", model.model().name,
                            model.picture_side(), model.picture_side(), image::clip_side, image::clip_side));
  return std::make_unique<ClipReader>(model);
}

}  // namespace cdx
