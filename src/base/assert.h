// CDX_ASSERT: a broken assumption of ours stops the program, in release builds too; the work is leased again.
#pragma once

namespace cdx {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

#define CDX_ASSERT(condition)                          \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::cdx::assertion_failed(#condition, __FILE__, __LINE__))
