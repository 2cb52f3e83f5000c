// guard(): where a twin's foreign library may throw, its exceptions end here and become an Error.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "base/result.h"

namespace cdx {

// `work` returns a Result; whatever it throws becomes `kind`, with `place` before the library's own words.
template <class Work>
auto guard(std::string_view place, ErrorKind kind, Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::unavailable, std::string(place) + ": out of memory");
  } catch (const std::exception& error) {
    return fail(kind, std::string(place) + ": " + error.what());
  } catch (...) {
    return fail(kind, std::string(place) + ": unknown exception");
  }
}

}  // namespace cdx
