// Cells read as values. Private to the normalize room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/ids.h"

namespace cdx::normalize {

std::string_view trimmed(std::string_view text);  // without white space at the ends, no-break spaces included
// Empty, "N/A", "-", "null", "#VALUE!" and their kin: the cell says that there is no value.
bool placeholder(std::string_view trimmed_text);

// `invalid` with the reason alone.
Result<std::int64_t> read_count(std::string_view text);  // 0 to 10^13, rounded
Result<double> read_amount(std::string_view text);       // a number of at least 0
Result<double> read_price(std::string_view text);  // as an amount; other currencies than dollars are refused

std::optional<bool> read_flag(std::string_view text);
// RFC 3339, a missing offset read as UTC, "2022-08", "2022/08/31", and seconds or milliseconds since 1970.
std::optional<Time> read_time(std::string_view text);

std::string read_country(std::string_view text);   // ISO 3166-1 alpha-2; empty: not known
std::string read_language(std::string_view text);  // ISO 639-1; empty: not known
// "a|b", "a; b" and "a, b"; empty parts and repetitions left out.
std::vector<std::string> read_list(std::string_view text);
std::vector<std::string> read_links(
    std::string_view text);  // parted by blanks, bars or commas; only addresses

// "cristiano" of "@cristiano"; empty when the text is no handle.
std::string_view read_handle(std::string_view text);
bool looks_like_handle(std::string_view text);  // of letters, digits, dots, hyphens and underscores alone
bool looks_like_platform_id(std::string_view text);  // digits only, or a YouTube channel id

struct ProfileUrl {
  Platform platform = Platform::other;
  std::string handle;   // empty: not in the address
  std::string user_id;  // of youtube.com/channel/UC…
};
// Absent unless the address is on a known platform.
std::optional<ProfileUrl> read_profile_url(std::string_view url);
bool looks_like_url(std::string_view text);

}  // namespace cdx::normalize
