#include "source/gzip.h"

#include <zlib.h>

#include <algorithm>

namespace cdx::source {
namespace {

constexpr std::uint64_t small_file = 1'000'000;

struct Inflater {
  z_stream stream = {};
  bool ready = false;

  Inflater() {
    stream.zalloc = nullptr;
    stream.zfree = nullptr;
    stream.opaque = nullptr;
    ready = inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK;  // 16: gzip members only
  }
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

}  // namespace

Result<ByteFile> unpack_gzip(const ByteFile& packed, const std::string& temporary_dir, std::uint64_t ratio,
                             std::uint64_t limit) {
  CDX_TRY_LET(TemporaryFile out, TemporaryFile::make(temporary_dir, limit));
  Inflater inflater;
  if (!inflater.ready) return fail(ErrorKind::unavailable, "cannot be unpacked: out of memory");
  z_stream& stream = inflater.stream;
  std::string input(1 << 16, '\0'), output(1 << 16, '\0');
  std::uint64_t at = 0;
  bool member_ended = false;
  for (;;) {
    CDX_TRY_LET(const std::size_t got, packed.read(at, input.data(), input.size()));
    at += got;
    if (got == 0) break;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(got);
    while (stream.avail_in > 0) {
      if (member_ended) {
        // Padding behind the last member is allowed, and ignored, by gzip itself.
        if (*stream.next_in != 0x1F) return out.finish();
        inflateReset(&stream);
        member_ended = false;
      }
      stream.next_out = reinterpret_cast<Bytef*>(output.data());
      stream.avail_out = static_cast<uInt>(output.size());
      const int state = inflate(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
        return fail(ErrorKind::invalid,
                    "is a broken gzip file (near byte " + std::to_string(at - stream.avail_in) + ")");
      CDX_TRY(out.append(std::string_view(output).substr(0, output.size() - stream.avail_out)));
      if (out.size() > std::max(small_file, packed.size() * ratio))
        return fail(ErrorKind::invalid, "unpacks to more than " + std::to_string(ratio) +
                                            " times its size; unpack it yourself if you trust it");
      member_ended = state == Z_STREAM_END;
    }
  }
  if (!member_ended) return fail(ErrorKind::invalid, "is a cut gzip file");
  return out.finish();
}

}  // namespace cdx::source
