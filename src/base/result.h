// Result<T>: a value, or an Error whose kind tells the caller what to do next.
// The world (rows, servers, disks) fails by value; our own broken assumptions stop the program
// (base/assert.h).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace cdx {

// Chosen by what the caller does next, not by which part spoke.
enum class ErrorKind {
  invalid,       // the input is wrong: quarantine, HTTP 400
  not_found,     // HTTP 404
  conflict,      // somebody else was faster: reload and retry
  unauthorized,  // stop the source, HTTP 401
  rate_limited,  // wait as told
  unavailable,   // back off and retry
  timed_out,     // back off and retry
  cancelled,     // unwind quietly
  corrupt,       // stop and raise the alarm
  unsupported,   // take another path
  internal,      // a bug elsewhere, HTTP 500
};

std::string_view name(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;  // for people: names the place and the reason
  std::optional<std::chrono::milliseconds> wait = {};
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

}  // namespace cdx

#define CDX_CAT_INNER(a, b) a##b
#define CDX_CAT(a, b) CDX_CAT_INNER(a, b)

// Returns the error of `expr` to the caller, if it has one.
#define CDX_TRY(expr)                                                         \
  do {                                                                        \
    auto cdx_try_result = (expr);                                             \
    if (!cdx_try_result) {                                                    \
      return tl::unexpected<::cdx::Error>(std::move(cdx_try_result).error()); \
    }                                                                         \
  } while (false)

// Declares `decl` from the value of `expr`, or returns its error. Plain C++; use it inside braces only.
#define CDX_TRY_LET(decl, ...) CDX_TRY_LET_AT(CDX_CAT(cdx_try_, __LINE__), decl, __VA_ARGS__)
#define CDX_TRY_LET_AT(result, decl, ...)                                      \
  auto result = (__VA_ARGS__);                                                 \
  if (!result) return tl::unexpected<::cdx::Error>(std::move(result).error()); \
  decl = *std::move(result)
