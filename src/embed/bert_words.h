// How BERT (uncased) splits text into words before it looks for word pieces. Part of the embed room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdx {

// One word as the vocabulary knows it: lower case, without accents and controls; never empty, no white space.
struct BertWord {
  std::string text;  // UTF-8
  std::size_t code_points = 0;
};

// Cleans, spaces out ideographs, strips accents, lowers and splits at blanks and punctuation. Takes any
// bytes: what is not UTF-8 is dropped, as the reference drops U+FFFD.
std::vector<BertWord> bert_words(std::string_view text);

}  // namespace cdx
