// Errors as application/problem+json (RFC 9457), one type a status. Private to serve.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/http/http_message.h"
#include "serve/faults.h"

namespace cdx::serve {

struct ProblemType {
  int status;
  std::string_view slug;  // the end of its URI
  std::string_view title;
};
std::span<const ProblemType> problem_types();
const ProblemType& problem_type(int status);  // of 500 where the status has none

struct Problem {
  int status = 500;
  std::string detail;
  std::string_view instance;  // the request's path
  std::string_view request_id;
  std::vector<Fault> faults = {};
  std::optional<std::chrono::seconds> retry_after = {};
};
http::Response problem_response(const Problem& problem);

// What an Error means to a client. Faults of kind `invalid` carry the pointer their message begins with.
// Messages of our own faults (corrupt, internal…) stay in the log; the client gets the request id.
Problem problem_of(const Error& error, std::string_view instance, std::string_view request_id);

}  // namespace cdx::serve
