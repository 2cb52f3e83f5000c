// What CLIP's tokeniser does to a text before it looks for words. Part of the text room.
#pragma once

#include <string>
#include <string_view>

namespace cdx::text {

// open_clip's `_clean_lower`: ftfy.fix_text, html.unescape twice, white space to single blanks, lower case.
// Of ftfy 6.3 all steps but one: text that was once decoded in a wrong encoding ("Ã©") is left as it is;
// repairing it is for the import, which knows the file's encoding.
std::u32string clip_clean(std::string_view text);

}  // namespace cdx::text
