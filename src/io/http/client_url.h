// Which addresses the HTTP client may speak to. Private to io/http.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::http {

// "https://host:port" (the port where it is written) when the URL is absolute, http or https, without user or
// password, and plain http only for loopback and `plain_hosts`. `invalid` otherwise; the message never holds
// more of the URL than its origin.
Result<std::string> allowed_origin(std::string_view url, std::span<const std::string> plain_hosts);

bool same_name(std::string_view a, std::string_view b);  // any ASCII case

}  // namespace cdx::http
