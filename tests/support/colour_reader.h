// A space of pictures that words reach into, for tests of whatever asks one: a picture is its mean colour,
// and of words only the colours red, green and blue are understood.
#pragma once

#include <atomic>
#include <cmath>
#include <functional>
#include <string>

#include "pipeline/picture_space.h"

namespace cdx::test {

class ColourReader final : public PictureReader {
 public:
  explicit ColourReader(std::string name = "colours-1", bool reads_words = true) {
    space_ = {std::move(name), 0, 4, reads_words};
    space_.id = picture_space_id(space_.name);
    card_.name = "colours";
    card_.dimension = space_.dimension;
  }
  const PictureSpace& space() const override { return space_; }
  const ModelCard& model() const override { return card_; }

  Result<Matrix> read_pictures(const Call& call, std::span<const image::Picture> crops) override {
    CDX_TRY(call.check());
    Matrix out{space_.dimension, {}};
    for (const auto& crop : crops) {
      double sums[3] = {};
      for (std::size_t i = 0; i < crop.rgb.size(); ++i) sums[i % 3] += crop.rgb[i];
      append(out, {sums[0], sums[1], sums[2], 1});
    }
    pictures_read += crops.size();
    return out;
  }
  Result<Matrix> read_texts(const Call& call, std::span<const std::string_view> texts) override {
    CDX_TRY(call.check());
    if (before_texts) before_texts(texts.size());
    if (failure) return tl::unexpected<Error>(*failure);
    Matrix out{space_.dimension, {}};
    for (const auto text : texts) {
      if (text.find("broken") != std::string_view::npos) return fail(ErrorKind::unavailable, "a broken text");
      const auto has = [&](const char* word) {
        return text.find(word) == std::string_view::npos ? 0.0 : 1.0;
      };
      append(out, {has("red"), has("green"), has("blue"), 0.001});
    }
    texts_read += texts.size();
    ++text_calls;
    return out;
  }

  std::atomic<std::size_t> texts_read{0}, text_calls{0}, pictures_read{0};
  std::function<void(std::size_t texts)> before_texts;
  std::optional<Error> failure;

 private:
  static void append(Matrix& out, const std::array<double, 4>& values) {
    double square = 0;
    for (const double value : values) square += value * value;
    for (const double value : values) out.values.push_back(static_cast<float>(value / std::sqrt(square)));
  }

  PictureSpace space_;
  ModelCard card_;
};

// One reader, under its own name.
class OneSpace final : public PictureSpaces {
 public:
  explicit OneSpace(std::shared_ptr<PictureReader> reader) : reader_(std::move(reader)) {}
  Result<std::shared_ptr<PictureReader>> wanted(const Call&) override { return reader_; }
  Result<std::shared_ptr<PictureReader>> reader(const Call&, std::string_view space) override {
    if (space == reader_->space().name) return reader_;
    return fail(ErrorKind::not_found, "nothing here makes vectors of " + std::string(space) + "; there is " +
                                          reader_->space().name);
  }

 private:
  std::shared_ptr<PictureReader> reader_;
};

}  // namespace cdx::test
