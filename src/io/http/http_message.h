// What an HTTP server hands to its handler and takes back. Part of io/http/http_server.h; no foreign type
// shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"

namespace cdx::http {

using HeaderView = std::pair<std::string_view, std::string_view>;

// Everything is borrowed from the connection and lives until the handler returns. Bytes are as sent: nothing
// is decoded.
struct Request {
  std::string_view method;  // "GET", or whatever token the client sent
  std::string_view path;    // up to the "?", percent-encoded; begins with "/" or is "*"
  std::string_view query;   // after the "?", percent-encoded
  std::string_view host;    // of the Host header, or of a target in absolute form
  std::string_view body;
  std::vector<HeaderView> headers;  // in the order sent
  std::string_view peer;            // address of the client
  Call call;  // the request's deadline; stopped when the peer is gone or the server gives up

  // The first header of this name, any case; absent: empty.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string media_type;  // empty: no Content-Type
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // for HEAD the server sends its length only
};

std::string_view reason_phrase(int status);

// The head of a response up to and with the empty line. Control characters in header values become blanks, so
// that no value can start a line of its own. `date` is an HTTP date.
std::string response_head(const Response& response, bool keep_alive, std::string_view date);
std::string http_date(std::int64_t unix_seconds);

bool equal_ignoring_case(std::string_view a, std::string_view b);

// Decodes %XX; "+" is a blank where `form` is set. Absent when an escape is cut or not hexadecimal.
std::optional<std::string> percent_decoded(std::string_view text, bool form = false);
// "a=1&b=x%20y" in order. Absent when a name or value does not decode.
std::optional<std::vector<std::pair<std::string, std::string>>> query_fields(std::string_view query);

}  // namespace cdx::http
