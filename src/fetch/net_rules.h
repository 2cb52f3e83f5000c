// Which URLs and addresses may be asked. Part of fetch/fetch.h.
//
// Sources: RFC 6890 and the IANA special-purpose address registries (what is not global), RFC 6052 and 8215
// (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 4291 (mapped addresses).
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx::fetch {

struct NetRules {
  bool allow_http = false;         // besides https
  bool allow_ip_literals = false;  // hosts written as addresses
  std::vector<std::uint16_t> ports = {80, 443};
  // Networks that may be asked although they are not public, such as "127.0.0.0/8" in tests or an own bucket.
  std::vector<std::string> allowed_networks = {};
};

// What a URL is asked as: scheme and host in lower case, default port, fragment and credentials gone, path
// normalised as RFC 3986 says. Equal canonical forms are the same file.
struct Target {
  std::string url;   // canonical
  std::string host;  // without brackets
  std::uint16_t port = 0;
  bool https = false;
};

// `invalid` with the reason, which never repeats credentials.
Result<Target> parse_target(std::string_view url, const NetRules& rules);
// A redirect's Location, absolute or relative to `from`; a lower scheme is refused.
Result<Target> follow(const Target& from, std::string_view location, const NetRules& rules);

// The networks of NetRules::allowed_networks, parsed once. `invalid` naming one that is none.
class AddressGuard {
 public:
  static Result<AddressGuard> make(const NetRules& rules);
  // Why this address may not be connected to; empty when it may.
  std::string refusal(const sockaddr* address) const;

 private:
  struct Network {
    std::uint8_t bytes[16];  // IPv4 as ::ffff:a.b.c.d
    unsigned bits;
  };
  std::vector<Network> allowed_;
};

}  // namespace cdx::fetch
