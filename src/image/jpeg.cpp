// JPEG through libjpeg-turbo's own interface: rows instead of whole pictures, markers, and a scan limit.
#include <csetjmp>
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>
// In this order: jerror.h needs what jpeglib.h declares.
#include <jerror.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "image/codecs.h"
#include "image/exif.h"

namespace cdx::image {
namespace {

// A progressive file may send any number of scans over all pixels; encoders send about ten.
constexpr int most_scans = 100;

// libjpeg reports by calling back and leaves by longjmp; nothing with a destructor may live between.
struct State {
  jpeg_error_mgr errors;  // first: libjpeg hands back its address
  jpeg_progress_mgr progress;
  jpeg_source_mgr source;
  std::jmp_buf escape;
  Canvas* canvas;
  char message[JMSG_LENGTH_MAX];
  bool ended;      // the bytes ran out
  bool cut_short;  // and something was still missing
  bool too_long, too_many_scans;
};

State& state_of(j_common_ptr info) { return *reinterpret_cast<State*>(info->err); }

[[noreturn]] void give_up(j_common_ptr info) {
  auto& state = state_of(info);
  info->err->format_message(info, state.message);
  std::longjmp(state.escape, 1);
}

void hear(j_common_ptr info, int level) {
  auto& state = state_of(info);
  // Warnings about damage are borne, as every viewer does, unless the file has ended: then pixels are
  // missing.
  if (level < 0 && state.ended) state.cut_short = true;
}

void no_output(j_common_ptr) {}

void watch(j_common_ptr info) {
  auto& state = state_of(info);
  if (info->is_decompressor != 0 && reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > most_scans)
    state.too_many_scans = true;
  if (state.canvas->out_of_time()) state.too_long = true;
  if (state.too_many_scans || state.too_long) std::longjmp(state.escape, 1);
}

void nothing(j_decompress_ptr) {}

// The data is over: an end marker is put there, once, and noted.
boolean pretend_end(j_decompress_ptr info) {
  static const JOCTET end[2] = {0xFF, JPEG_EOI};
  state_of(reinterpret_cast<j_common_ptr>(info)).ended = true;
  info->src->next_input_byte = end;
  info->src->bytes_in_buffer = sizeof end;
  return TRUE;
}

void skip(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  auto& source = *info->src;
  const auto bytes = static_cast<std::size_t>(count);
  if (bytes > source.bytes_in_buffer) {
    pretend_end(info);
    return;
  }
  source.next_input_byte += bytes;
  source.bytes_in_buffer -= bytes;
}

std::uint8_t orientation(const jpeg_decompress_struct& info) {
  for (auto marker = info.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.substr(0, 4) == "Exif") return exif_orientation(data);
  }
  return 1;
}

class Jpeg {
 public:
  Jpeg(std::string_view bytes, Canvas& canvas) : canvas_(canvas) {
    info_.err = jpeg_std_error(&state_.errors);
    state_.canvas = &canvas;
    state_.errors.error_exit = give_up;
    state_.errors.emit_message = hear;
    state_.errors.output_message = no_output;
    state_.progress.progress_monitor = watch;
    state_.source.next_input_byte = reinterpret_cast<const JOCTET*>(bytes.data());
    state_.source.bytes_in_buffer = bytes.size();
    state_.source.init_source = nothing;
    state_.source.fill_input_buffer = pretend_end;
    state_.source.skip_input_data = skip;
    state_.source.resync_to_restart = jpeg_resync_to_restart;
    state_.source.term_source = nothing;
  }
  ~Jpeg() {
    if (created_) jpeg_destroy_decompress(&info_);
  }
  Jpeg(const Jpeg&) = delete;
  Jpeg& operator=(const Jpeg&) = delete;

  Drawn paint() {
    if (!read_header()) return what_went_wrong();
    if (info_.num_components != 1 && info_.num_components != 3 && info_.num_components != 4)
      return fault(Outcome::unsupported,
                   "a JPEG of " + std::to_string(info_.num_components) + " colour components");
    // A progressive file is held as coefficients of 16 bits until it ends.
    const double held = info_.progressive_mode != 0 ? 2.0 * sampled_components() : 0.0;
    CDX_DRAW(canvas_.declare(info_.image_width, info_.image_height, orientation(info_), held));
    canvas_.about().frames = 1;
    choose_output();
    if (!start()) return what_went_wrong();
    CDX_DRAW(canvas_.open(info_.output_width, info_.output_height));
    std::vector<std::uint8_t> row(std::size_t{info_.output_width} *
                                  static_cast<unsigned>(info_.output_components));
    while (info_.output_scanline < info_.output_height) {
      const auto y = info_.output_scanline;
      if (canvas_.out_of_time()) return fault(Outcome::refused, "decoding it takes too long");
      if (!read_row(row.data())) return what_went_wrong();
      if (info_.out_color_space == JCS_CMYK)
        canvas_.cmyk_row(y, row.data());
      else
        canvas_.rgb_row(y, row.data());
    }
    if (state_.cut_short) return fault(Outcome::broken, "the file is cut short");
    return {};
  }

 private:
  // Each of these is a place that libjpeg may jump back to; true: it did not.
  bool read_header() {
    if (setjmp(state_.escape) != 0) return false;
    jpeg_create_decompress(&info_);
    created_ = true;
    info_.progress = &state_.progress;
    info_.src = &state_.source;
    constexpr unsigned whole = 0xFFFF;
    jpeg_save_markers(&info_, JPEG_APP0 + 1, whole);
    return jpeg_read_header(&info_, TRUE) == JPEG_HEADER_OK;
  }
  bool start() {
    if (setjmp(state_.escape) != 0) return false;
    return jpeg_start_decompress(&info_) != FALSE;
  }
  bool read_row(std::uint8_t* row) {
    if (setjmp(state_.escape) != 0) return false;
    JSAMPROW rows[1] = {row};
    return jpeg_read_scanlines(&info_, rows, 1) == 1;
  }

  // Components, those of lower resolution by their share.
  double sampled_components() const {
    double sum = 0;
    for (int c = 0; c < info_.num_components; ++c)
      sum += static_cast<double>(info_.comp_info[c].h_samp_factor * info_.comp_info[c].v_samp_factor) /
             static_cast<double>(std::max(1, info_.max_h_samp_factor * info_.max_v_samp_factor));
    return sum;
  }

  void choose_output() {
    const bool four = info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
    info_.out_color_space = four ? JCS_CMYK : JCS_RGB;
    info_.dct_method = JDCT_ISLOW;
    const auto wanted = canvas_.options().shortest_side;
    if (wanted == 0) return;
    const auto least = std::max(wanted, smallest_scaled_side);
    const auto side = std::min(info_.image_width, info_.image_height);
    info_.scale_denom = 8;
    for (const unsigned eighths : {1U, 2U, 4U, 8U}) {
      info_.scale_num = eighths;
      if (std::uint64_t{side} * eighths >= std::uint64_t{least} * 8) return;
    }
  }

  tl::unexpected<Fault> what_went_wrong() const {
    if (state_.too_long) return fault(Outcome::refused, "decoding it takes too long");
    if (state_.too_many_scans)
      return fault(Outcome::refused, "it has more than " + std::to_string(most_scans) + " scans");
    if (state_.ended) return fault(Outcome::broken, "the file is cut short");
    switch (state_.errors.msg_code) {
      case JERR_OUT_OF_MEMORY:
        return fault(Outcome::refused, "decoding it takes more memory than is allowed");
      case JERR_SOF_UNSUPPORTED:
      case JERR_ARITH_NOTIMPL:
      case JERR_BAD_PRECISION:
      case JERR_CONVERSION_NOTIMPL:
        return fault(Outcome::unsupported, state_.message);
      default:
        return fault(Outcome::broken, state_.message[0] != '\0' ? state_.message : "the header is damaged");
    }
  }

  Canvas& canvas_;
  State state_{};
  jpeg_decompress_struct info_{};
  bool created_ = false;
};

}  // namespace

Drawn paint_jpeg(std::string_view bytes, Canvas& canvas) { return Jpeg(bytes, canvas).paint(); }

}  // namespace cdx::image
