// Folding and likeness of strings. Part of text/text.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cdx::text {

// For comparison, not display: NFKC, case folded, Latin, Greek and Cyrillic letters without diacritics; runs
// of white space and controls become one blank; no blank at the ends. Idempotent.
std::string fold(std::string_view text);

// fold() with everything but letters and digits removed: "Dr. Jyoti Bala" and "drjyotibala" are equal here.
std::string squash(std::string_view text);

// Number of edits (insert, delete, replace, swap of neighbours; optimal string alignment) between two UTF-8
// strings, or `limit + 1` when there are more than `limit`. O(limit * length).
std::size_t edits(std::string_view a, std::string_view b, std::size_t limit);

// The typos forgiven in a word of this many code points: 0 below 4, 1 from 4, 2 from 8.
std::size_t typos_forgiven(std::size_t length);

std::size_t length(std::string_view text);  // in code points
// The longest prefix of at most `bytes` bytes that does not cut a code point.
std::string_view clip(std::string_view text, std::size_t bytes);

}  // namespace cdx::text
