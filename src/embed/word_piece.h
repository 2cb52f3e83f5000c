// WordPiece: words become the longest pieces that a BERT vocabulary knows. Part of the embed room.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace cdx {

using PieceId = std::int32_t;

// A vocabulary and how text is cut by it. Immutable, so that any number of threads may share one.
class WordPiece {
 public:
  // One piece a line, its number is its id; a piece beginning with ## continues a word. `place` names the
  // file in errors. `corrupt` when a special piece is missing or the text is no vocabulary.
  static Result<WordPiece> parse(std::string_view vocabulary, const std::string& place);

  // The ids of the whole text, without [CLS] and [SEP]. A special piece written out in the text ("[MASK]",
  // anywhere, in capitals) is that piece, as in the reference; a word of more than 100 code points is [UNK].
  std::vector<PieceId> encode(std::string_view text) const;

  // Whether the piece is the inner part of a word.
  bool continues(PieceId id) const { return continues_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return continues_.size(); }
  PieceId pad() const { return special_[0].id; }
  PieceId cls() const { return special_[2].id; }
  PieceId sep() const { return special_[3].id; }

 private:
  struct Special {
    std::string_view text;
    PieceId id = -1;
  };
  using Lookup = std::unordered_map<std::string_view, PieceId>;  // keys point into *text_

  const Special* special_at(std::string_view text) const;
  void encode_plain(std::string_view text, std::vector<PieceId>& out) const;
  void encode_word(std::string_view word, std::vector<PieceId>& out) const;
  void add(std::string_view line);
  PieceId unknown() const { return special_[1].id; }

  std::unique_ptr<const std::string> text_;  // at a stable address, also when the vocabulary is moved
  Lookup first_, inner_;
  std::size_t longest_ = 0;  // bytes of the longest piece
  std::vector<bool> continues_;
  std::array<Special, 5> special_{Special{"[PAD]"}, Special{"[UNK]"}, Special{"[CLS]"}, Special{"[SEP]"},
                                  Special{"[MASK]"}};
};

// Cuts ids into runs of at most `longest`. A run after the first begins at the start of a word, unless one
// word is longer than a run. No ids give one empty run.
std::vector<std::span<const PieceId>> split_windows(std::span<const PieceId> ids, std::size_t longest,
                                                    const WordPiece& pieces);

}  // namespace cdx
