// Decoder: the seam between bytes of strangers and pixels.
//
// Twins: InProcessDecoder (here: tests, fuzzing, and inside the workers), SandboxedDecoder (sandbox/: the one
// to use). Thread-safe. What is wrong with a picture is no error but its Inspection: an Error means that
// nothing was found out.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/result.h"
#include "image/picture.h"

namespace cdx::image {

struct DecodeOptions {
  std::uint64_t max_bytes = 10 << 20;      // of the file
  std::uint64_t max_pixels = 50'000'000;   // as the header declares them, before anything is allocated
  std::uint64_t memory_bytes = 512 << 20;  // of one decoding
  std::chrono::milliseconds time{5'000};   // of one decoding
  // How small a picture may come: a JPEG is decoded at a half, a quarter or an eighth where its shorter side
  // stays at least this long, and never below smallest_scaled_side. 0: full size.
  std::uint32_t shortest_side = 0;
  bool keep_pixels = true;  // false: decode, say how it went, bring no pixels
};
inline constexpr std::uint32_t smallest_scaled_side = 448;

enum class Outcome : std::uint8_t {
  ok,           // there is a picture
  refused,      // it would cost more than is allowed: bytes, pixels, memory, time
  broken,       // damaged, cut short, or not what its first bytes claim
  unsupported,  // a format or a variant that is not decoded
};
std::string_view name(Outcome outcome);

// What became of one file.
struct Inspection {
  Outcome outcome = Outcome::broken;
  Format format = Format::unknown;
  std::uint32_t width = 0, height = 0;  // as declared, upright; 0 where no header was understood
  std::uint32_t frames = 0;             // 1 where there is only one; counted, not decoded
  std::string reason;                   // empty when ok
};

struct Decoded {
  Inspection about;
  Picture picture;  // of the first frame, upright, over white; empty unless ok
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Errors: `cancelled` and `timed_out` by the Call, `unavailable` where no decoding is possible at present.
  virtual Result<Decoded> decode(const Call& call, std::string_view bytes, const DecodeOptions& options) = 0;
};

// Decodes in the calling process. Not for bytes of strangers in a service: a fault in a library is a fault of
// the process, and the memory limit is only an estimate made from the header.
std::unique_ptr<Decoder> make_in_process_decoder();

// For those who have no use for anything but pixels: `invalid` for what is broken or refused, `unsupported`.
Result<Picture> decode_picture(const Call& call, Decoder& decoder, std::string_view bytes,
                               const DecodeOptions& options = {});

}  // namespace cdx::image
