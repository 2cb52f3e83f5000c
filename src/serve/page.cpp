#include "serve/page.h"

#include <algorithm>

#include "base/hash.h"

namespace cdx::serve {
namespace {

// No outside host, no inline code; pictures of creators are shown as initials until a proxy for them exists.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

constexpr const char* a_year = "public, max-age=31536000, immutable";

}  // namespace

bool etag_matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    auto one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag || one == "*") return true;
  }
  return false;
}

namespace {

// A path that only the page's own script could mean: no file name, and nothing that looks like climbing
// about.
bool is_view(std::string_view path) {
  if (path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos) return false;
  if (path.find("/.") != std::string_view::npos || path.find('\\') != std::string_view::npos) return false;
  return std::none_of(path.begin(), path.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::string_view media_type_of(std::string_view path) {
  const std::pair<std::string_view, std::string_view> known[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"}};
  for (const auto& [ending, type] : known)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

Result<Page> Page::of(const std::vector<PageFile>& files) {
  Page page;
  for (const auto& file : files) {
    if (!file.path.starts_with('/'))
      return fail(ErrorKind::invalid, "page file '" + file.path + "': no leading '/'");
    File entry{file.bytes, file.media_type.empty() ? std::string(media_type_of(file.path)) : file.media_type,
               '"' + hex(sha256(file.bytes)).substr(0, 32) + '"', file.path.starts_with("/assets/")};
    if (!page.files_.emplace(file.path, std::move(entry)).second)
      return fail(ErrorKind::invalid, "page file '" + file.path + "' is given twice");
  }
  return page;
}

std::optional<http::Response> Page::answer(const http::Request& request) const {
  const auto path = http::percent_decoded(request.path);
  if (!path || !path->starts_with('/')) return {};
  auto found = files_.find(*path);
  if (found == files_.end() && is_view(*path)) found = files_.find("/index.html");
  if (found == files_.end()) return {};
  const auto& file = found->second;
  http::Response response{200, file.media_type, {}, {}};
  response.headers = {{"ETag", file.etag},
                      {"Cache-Control", file.lasting ? a_year : "no-cache"},
                      {"Content-Security-Policy", page_policy},
                      {"Cross-Origin-Opener-Policy", "same-origin"}};
  if (etag_matches(request.header("if-none-match"), file.etag)) {
    response.status = 304;
    response.media_type.clear();
  } else {
    response.body = file.bytes;
  }
  return response;
}

}  // namespace cdx::serve
