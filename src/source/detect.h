// What a file is, from its first bytes. Private to the source room.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::source {

enum class Content { text, gzip, zip };

// `unsupported` names what it is and what to do. Looks at content only, never at the file's name.
Result<Content> detect(std::string_view start);

// Whether text (UTF-8, after its mark) is a page or document of markup, or JSON.
enum class TextKind { table, json };
Result<TextKind> detect_text(std::string_view start);

}  // namespace cdx::source
