// Character references of HTML. Part of the text room.
#pragma once

#include <string>
#include <string_view>

namespace cdx::text {

// As html.unescape of Python's library (the HTML standard's "numeric" and "named character reference"
// states): a reference may lack its semicolon where HTML allows it. What is no reference stays as it is.
std::u32string unescape_html(std::u32string_view text);

// The stricter reading that ftfy 6.3 uses before the above: the semicolon is needed, and names of small
// letters are also known in capitals ("&EACUTE;"), standing for the capital letter.
std::u32string unescape_html_strictly(std::u32string_view text);

}  // namespace cdx::text
