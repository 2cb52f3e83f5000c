// Any bytes as text: ids stay inside the vocabulary, and windows cover them all, in order, within their
// length. The first byte chooses the window's length.
#include <cstdint>
#include <cstdlib>

#include "embed/word_piece.h"

namespace {

const cdx::WordPiece& pieces() {
  static const cdx::WordPiece parsed =
      cdx::WordPiece::parse(
          "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##a\nb\n##b\nab\n##ba\n!\n[\n]\n日\nэ\n##э\nᄀ\n##ᅡ\n",
          "built in")
          .value();
  return parsed;
}

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t longest = 1 + data[0] % 16U;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<cdx::PieceId> ids = pieces().encode(text);
  require(ids.size() <= 3 * text.size());  // a Hangul syllable becomes at most three letters
  for (const cdx::PieceId id : ids) require(id >= 0 && static_cast<std::size_t>(id) < pieces().size());
  std::size_t covered = 0;
  for (const auto run : cdx::split_windows(ids, longest, pieces())) {
    require(run.data() == ids.data() + covered && run.size() <= longest);
    covered += run.size();
  }
  require(covered == ids.size());
  return 0;
}
