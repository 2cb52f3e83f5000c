// The one table of what the API answers: it routes, and /openapi.json is written from it. Private to serve.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/http/http_message.h"

namespace cdx::serve {

class Api;

// One request on its way through a handler.
struct Exchange {
  const http::Request& request;
  std::string_view id;               // of the request
  std::vector<std::string> in_path;  // values of {…}, decoded
};
using RouteHandler = http::Response (Api::*)(const Exchange&) const;

struct Parameter {
  std::string_view name;
  std::string_view place;   // "path" or "query"
  std::string_view schema;  // JSON Schema
  std::string_view description;
  std::string_view example = {};  // JSON
};
struct Example {
  std::string_view name;
  std::string_view body;  // JSON
};
struct Route {
  std::string_view method = {};
  std::string_view path = {};       // parts in {} take any text without "/"
  std::string_view operation = {};  // operationId
  std::string_view summary = {};
  RouteHandler handler = nullptr;
  std::string_view answer = {};             // name in components.schemas; empty: none is named
  std::string_view media_type = {};         // of the answer
  std::vector<int> errors = {};             // besides 400, 405, 421, 431, 500, 503
  std::string_view body = {};               // schema of the request's body; empty: takes none
  std::vector<Example> examples = {};       // of the body
  std::string_view form = {};               // schema of a multipart/form-data body; empty: none is taken
  std::vector<Example> form_examples = {};  // its fields; a "file" is sent as a file of that content
  std::string_view raw_body = {};           // a type of body taken beside those two: "application/x-ndjson"
  std::vector<Parameter> parameters = {};
  int success = 200;    // 204: without a body
  bool quick = false;   // answered without waiting for a worker
  bool writes = false;  // takes data in: refused unless configured
};

// The table, and its parts, each in a file of its own.
const std::vector<Route>& routes();
std::vector<Route> search_routes();
std::vector<Route> match_routes();
std::vector<Route> picture_routes();
std::vector<Route> service_routes();

inline constexpr std::string_view json_type = "application/json", text_type = "text/plain";
inline constexpr std::string_view creator_id_schema =
    R"({"type":"string","pattern":"^cr_[0-9a-hjkmnp-tv-z]{13}$"})";

struct Matched {
  const Route* route = nullptr;  // absent: the path has no such method, or is not known
  std::vector<std::string> in_path;
  std::string allowed;  // methods of the path, for Allow; empty: the path is not known
};
// HEAD is answered by GET's route.
Matched match(std::string_view method, std::string_view path);

std::string openapi_document(std::string_view version);

}  // namespace cdx::serve
