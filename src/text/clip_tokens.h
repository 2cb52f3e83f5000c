// CLIP's byte-pair tokens. Part of text/text.h.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx::text {

inline constexpr std::size_t clip_longest =
    77;  // tokens that CLIP's text tower reads, start and end included

struct ClipIds {
  std::vector<std::int32_t> ids;  // start, the text, end
  bool truncated = false;         // the text had more tokens than fit; what did not fit is not in `ids`
};

// A table of merges and how text is cut by it: as the SimpleTokenizer of openai/CLIP and open_clip, with the
// cleaning of `text/clip_clean.h` before. Immutable, so that any number of threads may share one.
class ClipTokens {
 public:
  // `merges`: the text of bpe_simple_vocab_16e6.txt, or of merges.txt as models are published with; of either
  // the first 48,894 merges count. `place` names the file in errors. `corrupt` when it is no such table.
  static Result<ClipTokens> parse(std::string_view merges, const std::string& place);
  ClipTokens(ClipTokens&&) noexcept;
  ClipTokens& operator=(ClipTokens&&) noexcept;
  ~ClipTokens();

  // At most `longest` (3 or more) tokens. Bytes that are not UTF-8 are read as U+FFFD.
  ClipIds encode(std::string_view text, std::size_t longest = clip_longest) const;

  // The piece of an id as vocab.json writes it ("cat</w>"); what the table is checked against.
  std::string_view piece(std::int32_t id) const;
  std::size_t size() const;  // 49,408
  std::int32_t start() const;
  std::int32_t end() const;

 private:
  struct Table;
  explicit ClipTokens(std::unique_ptr<const Table> table);
  std::unique_ptr<const Table> table_;
};

}  // namespace cdx::text
