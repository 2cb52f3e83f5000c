#include "serve/problem.h"

#include <algorithm>
#include <chrono>

#include "base/json_text.h"

namespace cdx::serve {
namespace {

constexpr ProblemType types[] = {
    {400, "invalid-request", "Invalid request"},
    {401, "unauthorized", "Not signed in"},
    {403, "forbidden", "Not allowed here"},
    {404, "not-found", "Not found"},
    {405, "method-not-allowed", "Method not allowed"},
    {408, "request-timeout", "The request did not arrive in time"},
    {410, "cursor-expired", "The cursor has expired"},
    {413, "content-too-large", "Content too large"},
    {415, "unsupported-media-type", "Unsupported media type"},
    {421, "misdirected-request", "Unknown host name"},
    {429, "quota-exceeded", "Too many requests"},
    {431, "headers-too-large", "Headers too large"},
    {500, "internal-error", "Internal error"},
    {501, "not-implemented", "Not implemented"},
    {503, "unavailable", "Temporarily unavailable"},
    {504, "deadline-exceeded", "The answer took too long"},
    {505, "version-not-supported", "HTTP version not supported"},
};

// "/limit: must be…" is a pointer and a reason.
Fault fault_of(std::string_view message) {
  const auto colon = message.find(": ");
  if (!message.starts_with('/') || colon == std::string_view::npos || message.find(' ') < colon)
    return {"", "invalid", std::string(message)};
  const auto pointer = message.substr(0, colon);
  return {std::string(pointer), pointer == "/cursor" ? "invalid_cursor" : "invalid",
          std::string(message.substr(colon + 2))};
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return 400;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 410;
    case ErrorKind::unauthorized:
      return 401;
    case ErrorKind::rate_limited:
      return 429;
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return 503;
    case ErrorKind::timed_out:
      return 504;
    case ErrorKind::unsupported:
      return 501;
    case ErrorKind::corrupt:
    case ErrorKind::internal:
      return 500;
  }
  return 500;
}

}  // namespace

std::span<const ProblemType> problem_types() { return types; }

const ProblemType& problem_type(int status) {
  const auto find = [](int wanted) {
    return std::find_if(std::begin(types), std::end(types),
                        [&](const auto& type) { return type.status == wanted; });
  };
  const auto found = find(status);
  return found == std::end(types) ? *find(500) : *found;
}

http::Response problem_response(const Problem& problem) {
  const auto& type = problem_type(problem.status);
  JsonWriter out;
  out.object([&] {
    out.key("type").value("https://creatordex.dev/problems/" + std::string(type.slug));
    out.key("title").value(type.title);
    out.key("status").value(type.status);
    out.key("detail").value(problem.detail);
    out.key("instance").value(problem.instance);
    if (!problem.faults.empty())
      out.key("errors").array([&] {
        for (const auto& fault : problem.faults)
          out.object([&] {
            out.key("pointer").value(fault.pointer);
            out.key("code").value(fault.code);
            out.key("detail").value(fault.detail);
          });
      });
    out.key("request_id").value(problem.request_id);
  });
  http::Response response{type.status, "application/problem+json", {}, out.take()};
  if (problem.retry_after)
    response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after->count()));
  return response;
}

Problem problem_of(const Error& error, std::string_view instance, std::string_view request_id) {
  Problem out{status_of(error.kind), {}, instance, request_id, {}, {}};
  switch (out.status) {
    case 400: {
      auto fault = fault_of(error.message);
      out.detail = fault.pointer.empty() ? fault.detail : fault.pointer + ": " + fault.detail;
      out.faults.push_back(std::move(fault));
      break;
    }
    case 410: {
      auto fault = fault_of(error.message);
      fault.code = "cursor_expired";
      out.detail = fault.detail;
      out.faults.push_back(std::move(fault));
      break;
    }
    case 401:
    case 404:
    case 429:
      out.detail = error.message;
      break;
    case 501:
      out.detail = "This installation cannot do that: " + error.message;
      break;
    case 503:
      out.detail = "The server cannot answer at the moment. Try again shortly.";
      break;
    case 504:
      out.detail = "The answer was not ready within the time allowed. Ask for less, or try again.";
      break;
    default:
      out.detail = "The server met a condition it did not expect. Please report the request_id.";
  }
  if (out.status == 503 || out.status == 429) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(error.wait.value_or(std::chrono::seconds(1)));
    out.retry_after = std::max(wait, std::chrono::seconds(1));
  }
  return out;
}

}  // namespace cdx::serve
