// Safe HTML: text from strangers becomes markup only here. Part of text/text.h.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace cdx::text {

std::string escape_html(std::string_view text);

// The text escaped, with <mark> around every word whose analysed term is in `terms`, shortened to about
// `width` bytes around the densest group of matches (an ellipsis shows a cut). Empty when nothing matches.
std::string highlight(std::string_view text, const std::set<std::string, std::less<>>& terms,
                      std::size_t width = 240);

}  // namespace cdx::text
