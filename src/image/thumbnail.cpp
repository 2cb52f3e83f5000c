#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include <algorithm>

#include "base/assert.h"
#include "image/clip_input.h"
#include "image/resize.h"

namespace cdx::image {
namespace {

struct State {
  jpeg_error_mgr errors;
  std::jmp_buf escape;
};

[[noreturn]] void give_up(j_common_ptr info) { std::longjmp(reinterpret_cast<State*>(info->err)->escape, 1); }

class Encoder {
 public:
  Encoder() {
    info_.err = jpeg_std_error(&state_.errors);
    state_.errors.error_exit = give_up;
  }
  ~Encoder() {
    jpeg_destroy_compress(&info_);
    std::free(bytes_);
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  bool encode(const Picture& picture, int quality) {
    if (setjmp(state_.escape) != 0) return false;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &bytes_, &size_);
    info_.image_width = picture.width;
    info_.image_height = picture.height;
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.optimize_coding = TRUE;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      JSAMPROW rows[1] = {const_cast<JSAMPROW>(picture.row(info_.next_scanline))};
      jpeg_write_scanlines(&info_, rows, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }
  std::string bytes() const { return std::string(reinterpret_cast<const char*>(bytes_), size_); }

 private:
  State state_{};
  jpeg_compress_struct info_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

Result<std::string> encode_jpeg(const Picture& picture, int quality) {
  CDX_ASSERT(!picture.empty());
  Encoder encoder;
  if (!encoder.encode(picture, quality)) return fail(ErrorKind::internal, "a JPEG could not be written");
  return encoder.bytes();
}

Result<std::string> thumbnail(const Picture& picture, std::uint32_t side, int quality) {
  CDX_ASSERT(!picture.empty() && side > 0);
  const std::uint64_t longer = std::max(picture.width, picture.height);
  if (longer <= side) return encode_jpeg(picture, quality);
  const auto scaled = [&](std::uint32_t length) {
    return std::max(1U, static_cast<std::uint32_t>((std::uint64_t{length} * side + longer / 2) / longer));
  };
  return encode_jpeg(resize(picture, scaled(picture.width), scaled(picture.height), Filter::bicubic),
                     quality);
}

}  // namespace cdx::image
