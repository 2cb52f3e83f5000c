// Texts as an endpoint can take them. Private to embed/remote.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cdx::remote {

// Valid UTF-8 without control characters and what is no character, the ends trimmed; a text without anything
// left becomes one blank, because endpoints refuse the empty string.
std::string cleaned(std::string_view text);

// The text in windows of at most `most` bytes (at least 16), cut after blanks where there are any, never
// inside a code point. At least one.
std::vector<std::string_view> windows_of(std::string_view text, std::size_t most);

}  // namespace cdx::remote
