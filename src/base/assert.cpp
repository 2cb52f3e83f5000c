#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace cdx {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "creatordex: broken assumption: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace cdx
