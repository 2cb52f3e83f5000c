#include "fetch/net_rules.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

namespace cdx::fetch {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

struct Special {
  const char* network;
  const char* what;
};
// Everything of IPv4 that is not global unicast.
constexpr Special special_v4[] = {{"0.0.0.0/8", "this network"},
                                  {"10.0.0.0/8", "private"},
                                  {"100.64.0.0/10", "shared by a carrier"},
                                  {"127.0.0.0/8", "this machine"},
                                  {"169.254.0.0/16", "link-local"},
                                  {"172.16.0.0/12", "private"},
                                  {"192.0.0.0/24", "reserved"},
                                  {"192.0.2.0/24", "documentation"},
                                  {"192.88.99.0/24", "6to4 relay"},
                                  {"192.168.0.0/16", "private"},
                                  {"198.18.0.0/15", "benchmarking"},
                                  {"198.51.100.0/24", "documentation"},
                                  {"203.0.113.0/24", "documentation"},
                                  {"224.0.0.0/4", "multicast"},
                                  {"240.0.0.0/4", "reserved"}};
// Of IPv6 only 2000::/3 is global unicast; these parts of it lead elsewhere.
constexpr Special special_v6[] = {{"2001::/23", "IETF protocols and Teredo"},
                                  {"2001:db8::/32", "documentation"},
                                  {"2002::/16", "6to4"},
                                  {"3fff::/20", "documentation"}};

bool is_v4(const Bytes& bytes) {
  static constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::memcmp(bytes.data(), mapped, sizeof mapped) == 0;
}

Bytes from_v4(const in_addr& address) {
  Bytes out{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0};
  std::memcpy(out.data() + 12, &address, 4);
  return out;
}

std::optional<Bytes> parse_address(const std::string& text) {
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return from_v4(v4);
  Bytes out{};
  if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  return std::nullopt;
}

struct Prefix {
  Bytes bytes{};
  unsigned bits = 0;
};

std::optional<Prefix> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(std::string(text.substr(0, slash)));
  if (!address) return std::nullopt;
  const unsigned widest = is_v4(*address) ? 32 : 128;
  unsigned bits = widest;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > widest) return std::nullopt;
  }
  return Prefix{*address, widest == 32 ? bits + 96 : bits};
}

bool within(const Bytes& address, const std::uint8_t* network, unsigned bits) {
  const unsigned whole = bits / 8, rest = bits % 8;
  if (std::memcmp(address.data(), network, whole) != 0) return false;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
  return ((address[whole] ^ network[whole]) & mask) == 0;
}

std::string special(const Bytes& address) {
  const auto look_up = [&](std::span<const Special> table) -> std::string {
    for (const auto& one : table)
      if (const auto prefix = parse_network(one.network); within(address, prefix->bytes.data(), prefix->bits))
        return fmt::format("is in {} ({})", one.network, one.what);
    return {};
  };
  if (is_v4(address)) return look_up(special_v4);
  if ((address[0] & 0xe0U) != 0x20) return "is not a global IPv6 address";
  return look_up(special_v6);
}

std::optional<Bytes> bytes_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    return from_v4(v4.sin_addr);
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof v6);
  Bytes out{};
  std::memcpy(out.data(), &v6.sin6_addr, out.size());
  return out;
}

std::string shown(const Bytes& bytes) {
  char text[INET6_ADDRSTRLEN] = {};
  if (is_v4(bytes))
    inet_ntop(AF_INET, bytes.data() + 12, text, sizeof text);
  else
    inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

struct CloseUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, CloseUrl>;

std::string part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK || text == nullptr) return {};
  std::string out = text;
  curl_free(text);
  return out;
}

Result<Target> checked(const Url& url, const NetRules& rules) {
  Target out;
  const auto scheme = part(url, CURLUPART_SCHEME);
  if (scheme != "https" && !(scheme == "http" && rules.allow_http))
    return fail(ErrorKind::invalid, fmt::format("the scheme {} is not allowed", scheme));
  if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
    return fail(ErrorKind::invalid, "the URL carries credentials");
  if (!part(url, CURLUPART_ZONEID).empty())
    return fail(ErrorKind::invalid, "the host names a network interface");
  out.https = scheme == "https";
  out.host = part(url, CURLUPART_HOST);
  std::transform(out.host.begin(), out.host.end(), out.host.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  curl_url_set(url.get(), CURLUPART_HOST, out.host.c_str(), 0);
  if (out.host.size() > 2 && out.host.front() == '[') out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host.empty()) return fail(ErrorKind::invalid, "the URL has no host");
  const auto port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (std::find(rules.ports.begin(), rules.ports.end(), out.port) == rules.ports.end())
    return fail(ErrorKind::invalid, fmt::format("port {} is not allowed", port));
  if (const auto literal = parse_address(out.host)) {
    CDX_TRY_LET(const auto guard, AddressGuard::make(rules));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    std::memcpy(&address.sin6_addr, literal->data(), literal->size());
    const auto refusal = guard.refusal(reinterpret_cast<const sockaddr*>(&address));
    if (!refusal.empty()) return fail(ErrorKind::invalid, refusal);
    if (!rules.allow_ip_literals && special(*literal).empty())
      return fail(ErrorKind::invalid, "the host is an address, not a name");
  }
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  out.url = part(url, CURLUPART_URL, CURLU_NO_DEFAULT_PORT);
  return out;
}

}  // namespace

Result<Target> parse_target(std::string_view text, const NetRules& rules) {
  if (text.find('\0') != std::string_view::npos) return fail(ErrorKind::invalid, "the URL holds a zero byte");
  const Url url(curl_url());
  const auto code = curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(),
                                 CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return fail(ErrorKind::invalid, fmt::format("no URL: {}", curl_url_strerror(code)));
  return checked(url, rules);
}

Result<Target> follow(const Target& from, std::string_view location, const NetRules& rules) {
  const Url url(curl_url());
  auto code = curl_url_set(url.get(), CURLUPART_URL, from.url.c_str(), 0);
  if (code == CURLUE_OK)
    code = curl_url_set(url.get(), CURLUPART_URL, std::string(location).c_str(),
                        CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK)
    return fail(ErrorKind::invalid, fmt::format("redirected to no URL: {}", curl_url_strerror(code)));
  auto target = checked(url, rules);
  if (!target) return fail(ErrorKind::invalid, "redirected to where it must not: " + target.error().message);
  if (from.https && !target->https) return fail(ErrorKind::invalid, "redirected from https to http");
  return target;
}

Result<AddressGuard> AddressGuard::make(const NetRules& rules) {
  AddressGuard out;
  for (const auto& text : rules.allowed_networks) {
    const auto prefix = parse_network(text);
    if (!prefix)
      return fail(ErrorKind::invalid, fmt::format("\"{}\" is no network such as 10.1.0.0/16", text));
    Network network{};
    std::copy(prefix->bytes.begin(), prefix->bytes.end(), network.bytes);
    network.bits = prefix->bits;
    out.allowed_.push_back(network);
  }
  return out;
}

std::string AddressGuard::refusal(const sockaddr* address) const {
  const auto bytes = bytes_of(address);
  if (!bytes) return "the address is neither IPv4 nor IPv6";
  for (const auto& network : allowed_)
    if (within(*bytes, network.bytes, network.bits)) return {};
  const auto why = special(*bytes);
  return why.empty() ? std::string() : fmt::format("the address {} {}", shown(*bytes), why);
}

}  // namespace cdx::fetch
