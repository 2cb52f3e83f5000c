#include "io/http/client_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "io/http/http_client.h"

namespace cdx::http {
namespace {

struct Free {
  void operator()(CURLU* one) const { curl_url_cleanup(one); }
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// A part of the URL as libcurl itself will read it; absent: empty.
std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

// libcurl resolves "localhost" to loopback by itself.
bool is_loopback(const std::string& host) {
  if (same_name(host, "localhost") || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

Result<std::string> allowed_origin(std::string_view url, std::span<const std::string> plain_hosts) {
  const std::unique_ptr<CURLU, Free> parsed(curl_url());
  const bool control = std::any_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
  if (parsed == nullptr) return fail(ErrorKind::unavailable, "URL: out of memory");
  if (control || curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
    return fail(ErrorKind::invalid, "URL: not an absolute http or https address");
  const auto scheme = part(parsed.get(), CURLUPART_SCHEME);
  const auto host = part(parsed.get(), CURLUPART_HOST);
  const auto port = part(parsed.get(), CURLUPART_PORT);
  if ((scheme != "http" && scheme != "https") || host.empty())
    return fail(ErrorKind::invalid, "URL: not an absolute http or https address");
  auto origin = scheme + "://" + host + (port.empty() ? "" : ":" + port);
  if (!part(parsed.get(), CURLUPART_USER).empty() || !part(parsed.get(), CURLUPART_PASSWORD).empty())
    return fail(ErrorKind::invalid, origin + ": user and password do not belong in an URL");
  const bool named = std::any_of(plain_hosts.begin(), plain_hosts.end(),
                                 [&](const std::string& one) { return same_name(one, host); });
  if (scheme == "http" && !is_loopback(host) && !named)
    return fail(ErrorKind::invalid, origin + ": plain http is for this machine only; use https");
  return origin;
}

Status check_url(std::string_view url, const ClientOptions& options) {
  CDX_TRY(allowed_origin(url, options.plain_http_hosts));
  return {};
}

std::string host_of(std::string_view url) {
  const std::unique_ptr<CURLU, Free> parsed(curl_url());
  if (parsed == nullptr ||
      curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
    return {};
  return part(parsed.get(), CURLUPART_HOST);
}

Result<std::string> origin_of(std::string_view url) {
  const auto host = host_of(url);  // which hosts may be spoken to without TLS is the client's business
  return allowed_origin(url, std::span(&host, 1));
}

}  // namespace cdx::http
