#include <algorithm>
#include <array>

#include "resolve/resolve.h"
#include "text/text.h"

namespace cdx::resolve {
namespace {

struct Host {
  std::string_view name;
  Platform platform;
};
constexpr std::array hosts = std::to_array<Host>({
    {"youtube.com", Platform::youtube},
    {"instagram.com", Platform::instagram},
    {"tiktok.com", Platform::tiktok},
    {"twitter.com", Platform::x},
    {"x.com", Platform::x},
    {"twitch.tv", Platform::twitch},
});

// First path parts of these sites that are not somebody's profile.
constexpr std::array not_profiles = std::to_array<std::string_view>(
    {"p",       "reel",  "reels",     "explore", "watch",  "playlist", "shorts", "results",
     "hashtag", "i",     "intent",    "share",   "search", "tag",      "tags",   "video",
     "videos",  "about", "directory", "home",    "login",  "stories",  "tv",     "embed"});

std::string_view drop_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

bool handle_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

std::string_view take_handle(std::string_view path) {
  std::size_t end = 0;
  while (end < path.size() && handle_char(path[end])) ++end;
  auto handle = path.substr(0, end);
  while (handle.ends_with('.')) handle.remove_suffix(1);  // the full stop of a sentence
  return handle;
}

std::optional<ProfileAddress> address_on(Platform platform, std::string_view path) {
  if (platform == Platform::youtube) {
    if (path.starts_with("channel/")) {
      const auto id = take_handle(path.substr(8));
      if (id.empty()) return {};
      return ProfileAddress{platform, std::string(id)};  // channel ids keep their case
    }
    path = drop_prefix(drop_prefix(path, "c/"), "user/");
  }
  const bool marked = path.starts_with('@');
  if (marked) path.remove_prefix(1);
  const auto handle = take_handle(path);
  auto folded = text::fold(handle);
  if (folded.size() < 2) return {};
  if (!marked && std::find(not_profiles.begin(), not_profiles.end(), folded) != not_profiles.end()) return {};
  return ProfileAddress{platform, std::move(folded)};
}

}  // namespace

std::optional<ProfileAddress> profile_address(std::string_view url) {
  auto rest = drop_prefix(drop_prefix(url, "https://"), "http://");
  for (const auto* prefix : {"www.", "m.", "mobile."}) rest = drop_prefix(rest, prefix);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return {};
  const auto host_name = text::fold(rest.substr(0, slash));
  const auto host =
      std::find_if(hosts.begin(), hosts.end(), [&](const Host& one) { return one.name == host_name; });
  if (host == hosts.end()) return {};
  return address_on(host->platform, rest.substr(slash + 1));
}

}  // namespace cdx::resolve
