// Canvas: where a codec paints rows; turns them upright and lays them over white.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "image/decoder.h"

namespace cdx::image {

// Why there is no picture.
struct Fault {
  Outcome outcome = Outcome::broken;
  std::string reason;
};
using Drawn = tl::expected<void, Fault>;
[[nodiscard]] inline tl::unexpected<Fault> fault(Outcome outcome, std::string reason) {
  return tl::unexpected<Fault>(Fault{outcome, std::move(reason)});
}

// Room for that many bytes; null where there is none.
using Reserve = std::function<std::uint8_t*(std::uint64_t bytes)>;

class Canvas {
 public:
  Canvas(const Call& call, const DecodeOptions& options, Inspection& about, const Reserve& reserve)
      : call_(call), options_(options), about_(about), reserve_(reserve) {}

  const DecodeOptions& options() const { return options_; }
  Inspection& about() { return about_; }

  // The first thing a codec does once it has understood a header, before it allocates: notes the size, as it
  // lies in the file, and refuses what is too large. `bytes_a_pixel`: what the codec itself will hold.
  Drawn declare(std::uint64_t width, std::uint64_t height, std::uint8_t orientation, double bytes_a_pixel);
  // Makes room for rows of this size, which is the declared one or a scaled one.
  Drawn open(std::uint32_t width, std::uint32_t height);
  bool out_of_time() const { return !call_.check(); }

  void rgb_row(std::uint32_t y, const std::uint8_t* pixels);
  void rgba_row(std::uint32_t y, const std::uint8_t* pixels);  // straight alpha
  void rgba_row(std::uint32_t y, const std::uint8_t* pixels, std::uint32_t from_x, std::uint32_t count);
  void premultiplied_row(std::uint32_t y, const std::uint8_t* pixels);
  void cmyk_row(std::uint32_t y, const std::uint8_t* pixels);  // inverted, as Adobe writes them
  void paint_white();
  // All rows as they lie in the file, where they need no turning; null otherwise.
  std::uint8_t* upright_pixels() { return orientation_ == 1 ? pixels_ : nullptr; }

  std::uint32_t width() const { return orientation_ > 4 ? height_ : width_; }  // upright
  std::uint32_t height() const { return orientation_ > 4 ? width_ : height_; }

 private:
  template <class Convert>
  void paint(std::uint32_t y, std::uint32_t from_x, std::uint32_t count, const std::uint8_t* pixels,
             std::size_t channels, Convert&& convert);

  const Call& call_;
  const DecodeOptions& options_;
  Inspection& about_;
  const Reserve& reserve_;
  std::uint8_t* pixels_ = nullptr;
  std::uint32_t width_ = 0, height_ = 0;  // as the rows come
  std::uint8_t orientation_ = 1;
  std::ptrdiff_t origin_ = 0, step_x_ = 0, step_y_ = 0;  // in bytes
};

}  // namespace cdx::image
