#include "serve/routes.h"

#include <iterator>

namespace cdx::serve {

const std::vector<Route>& routes() {
  static const auto table = [] {
    std::vector<Route> out;
    for (auto part : {search_routes(), match_routes(), picture_routes(), service_routes()})
      std::move(part.begin(), part.end(), std::back_inserter(out));
    return out;
  }();
  return table;
}

namespace {

// The next part of a path, which begins with "/"; takes it off.
std::string_view next_part(std::string_view& path) {
  path.remove_prefix(1);
  const auto part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& in_path) {
  in_path.clear();
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const auto wanted = next_part(pattern);
    auto given = http::percent_decoded(next_part(path));
    if (!given) return false;
    if (wanted.starts_with('{') && !given->empty())
      in_path.push_back(*std::move(given));
    else if (wanted != *given)
      return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

Matched match(std::string_view method, std::string_view path) {
  Matched out;
  std::vector<std::string> in_path;
  for (const auto& route : routes()) {
    if (!fits(route.path, path, in_path)) continue;
    if (!out.allowed.empty()) out.allowed += ", ";
    out.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    if (method != route.method && !(method == "HEAD" && route.method == "GET")) continue;
    out.route = &route;
    out.in_path = std::move(in_path);
    return out;
  }
  return out;
}

}  // namespace cdx::serve
