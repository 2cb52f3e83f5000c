#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>

#include "image/codecs.h"

namespace cdx::image {
namespace {

Drawn paint(std::string_view bytes, Canvas& canvas) {
  switch (canvas.about().format) {
    case Format::jpeg:
      return paint_jpeg(bytes, canvas);
    case Format::png:
      return paint_png(bytes, canvas);
    case Format::webp:
      return paint_webp(bytes, canvas);
    case Format::gif:
      return paint_gif(bytes, canvas);
    case Format::heif:
    case Format::avif:
      return paint_heif(bytes, canvas);
    case Format::unknown:
      return fault(Outcome::unsupported, "the first bytes are those of no known picture format");
    default:
      return fault(Outcome::unsupported,
                   fmt::format("{} files are not decoded", name(canvas.about().format)));
  }
}

Drawn check_and_paint(std::string_view bytes, Canvas& canvas) {
  const auto& options = canvas.options();
  if (bytes.empty()) return fault(Outcome::broken, "the file is empty");
  canvas.about().format = sniff(bytes);
  if (bytes.size() > options.max_bytes)
    return fault(Outcome::refused,
                 fmt::format("the file has {} bytes; at most {} are read", bytes.size(), options.max_bytes));
  try {
    return paint(bytes, canvas);
  } catch (const std::bad_alloc&) {
    return fault(Outcome::refused, "decoding it takes more memory than is allowed");
  } catch (const std::exception& error) {
    return fault(Outcome::broken, error.what());
  }
}

// Libraries put file contents and line ends into what they say.
std::string one_line(std::string text) {
  constexpr std::size_t longest = 200;
  text.resize(std::min(text.size(), longest));
  for (char& c : text)
    if (c < ' ' || c > '~') c = ' ';
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

class InProcessDecoder final : public Decoder {
 public:
  Result<Decoded> decode(const Call& call, std::string_view bytes, const DecodeOptions& options) override {
    CDX_TRY(call.check());
    Call within = call;
    within.deadline = std::min(call.deadline, std::chrono::steady_clock::now() + options.time);
    Decoded out;
    const Reserve reserve = [&](std::uint64_t size) {
      out.picture.rgb.resize(size);
      return out.picture.rgb.data();
    };
    decode_into(within, bytes, options, reserve, out.about, out.picture.width, out.picture.height);
    if (out.about.outcome != Outcome::ok) {
      CDX_TRY(call.check());  // then it was the caller's time that ran out, not the picture's
      out.picture = {};
    }
    if (!options.keep_pixels) out.picture = {};
    return out;
  }
};

}  // namespace

void decode_into(const Call& call, std::string_view bytes, const DecodeOptions& options,
                 const Reserve& reserve, Inspection& about, std::uint32_t& width, std::uint32_t& height) {
  Canvas canvas(call, options, about, reserve);
  const auto drawn = check_and_paint(bytes, canvas);
  if (drawn) {
    about.outcome = Outcome::ok;
    width = canvas.width();
    height = canvas.height();
  } else {
    about.outcome = drawn.error().outcome;
    about.reason = one_line(drawn.error().reason);
    width = height = 0;
  }
}

std::unique_ptr<Decoder> make_in_process_decoder() { return std::make_unique<InProcessDecoder>(); }

Result<Picture> decode_picture(const Call& call, Decoder& decoder, std::string_view bytes,
                               const DecodeOptions& options) {
  CDX_TRY_LET(auto decoded, decoder.decode(call, bytes, options));
  const auto& about = decoded.about;
  if (about.outcome == Outcome::ok) return std::move(decoded.picture);
  return fail(about.outcome == Outcome::unsupported ? ErrorKind::unsupported : ErrorKind::invalid,
              fmt::format("{} picture {}: {}", name(about.format), name(about.outcome), about.reason));
}

std::string_view name(Outcome outcome) {
  constexpr std::array<std::string_view, 4> names{"ok", "refused", "broken", "unsupported"};
  return names[static_cast<std::size_t>(outcome)];
}

}  // namespace cdx::image
