#include "resolve/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text/text.h"

namespace cdx::resolve {
namespace {

// Words that announce a handle of another platform in a bio: "IG: @ana", "tiktok @ana".
struct Announcement {
  std::string_view word;
  Platform platform;
};
constexpr std::array announcements = std::to_array<Announcement>({
    {"ig", Platform::instagram},
    {"insta", Platform::instagram},
    {"instagram", Platform::instagram},
    {"yt", Platform::youtube},
    {"youtube", Platform::youtube},
    {"tiktok", Platform::tiktok},
    {"tt", Platform::tiktok},
    {"twitter", Platform::x},
    {"x", Platform::x},
    {"twitch", Platform::twitch},
});

void add(std::vector<ProfileAddress>& out, std::optional<ProfileAddress> address) {
  if (address && std::find(out.begin(), out.end(), *address) == out.end()) out.push_back(*std::move(address));
}

// Addresses written inside a text: every word that contains a known host.
void add_addresses(std::vector<ProfileAddress>& out, std::string_view words) {
  while (!words.empty()) {
    const auto end = std::min(words.find_first_of(" \n\t\r|,;()<>\"'"), words.size());
    add(out, profile_address(words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

// The text between an announcement and its "@" may hold blanks and marks only.
std::string_view announcing_word(std::string_view before) {
  while (!before.empty() && (before.back() == ' ' || before.back() == ':' || before.back() == '-' ||
                             before.back() == '/' || before.back() == '|'))
    before.remove_suffix(1);
  std::size_t begin = before.size();
  while (begin > 0 && ((before[begin - 1] | 0x20) >= 'a' && (before[begin - 1] | 0x20) <= 'z')) --begin;
  return before.substr(begin);
}

void add_announced(std::vector<ProfileAddress>& out, std::string_view bio) {
  for (auto at = bio.find('@'); at != std::string_view::npos; at = bio.find('@', at + 1)) {
    const auto word = text::fold(announcing_word(bio.substr(0, at)));
    const auto known = std::find_if(announcements.begin(), announcements.end(),
                                    [&](const Announcement& one) { return one.word == word; });
    if (known == announcements.end()) continue;
    add(out,
        profile_address(fmt::format(
            "{}/{}",
            known->platform == Platform::twitch ? "twitch.tv" : fmt::format("{}.com", name(known->platform)),
            bio.substr(at, std::min<std::size_t>(bio.size() - at, 80)))));
  }
}

bool is(const ProfileAddress& address, const Account& account) {
  if (address.platform != account.platform) return false;
  return address.handle == account.user_id ||
         (account.handle && address.handle == text::fold(account.handle->value));
}

bool links_to(const Account& from, const Account& to) {
  const auto declared = declared_profiles(from);
  return std::any_of(declared.begin(), declared.end(),
                     [&](const ProfileAddress& address) { return is(address, to); });
}

std::string shown(const Account& account) {
  return fmt::format("{} @{}", name(account.platform), value_or(account.handle, account.user_id));
}

constexpr std::string_view declared_kind = "declared";

bool share_declared_key(std::span<const BlockKey> keys, std::span<const BlockKey> others) {
  return std::any_of(keys.begin(), keys.end(), [&](const BlockKey& key) {
    return key.kind == declared_kind && std::find(others.begin(), others.end(), key) != others.end();
  });
}

std::optional<Link> compare(const Account& account, std::span<const BlockKey> keys,
                            const Candidate& candidate) {
  const auto& other = candidate.account;
  if (share_declared_key(keys, candidate.keys))
    return Link{account.id, "declared_key", fmt::format("the source declares it one with {}", shown(other)),
                1};
  const bool there = links_to(account, other), back = links_to(other, account);
  if (there && back)
    return Link{account.id, "reciprocal_link",
                fmt::format("{} and {} link to each other", shown(account), shown(other)), 0.99};
  if ((!there && !back) || account.platform == other.platform) return {};
  const auto one_way = there ? fmt::format("{} links to {}", shown(account), shown(other))
                             : fmt::format("{} links to {}", shown(other), shown(account));
  const auto handle = text::squash(value_or<std::string>(account.handle, ""));
  if (!handle.empty() && handle == text::squash(value_or<std::string>(other.handle, "")))
    return Link{account.id, "link_and_handle", one_way + " and their handles are equal", 0.97};
  const auto name = text::fold(value_or<std::string>(account.name, ""));
  if (text::length(name) >= 5 && name == text::fold(value_or<std::string>(other.name, "")))
    return Link{account.id, "link_and_name", one_way + " and their names are equal", 0.95};
  return {};
}

BlockKey key_of(const ProfileAddress& address) {
  return {"profile", fmt::format("{}/{}", name(address.platform), address.handle)};
}

}  // namespace

std::vector<ProfileAddress> declared_profiles(const Account& account) {
  std::vector<ProfileAddress> out;
  if (account.links)
    for (const auto& link : account.links->value) add(out, profile_address(link));
  if (account.website) add(out, profile_address(account.website->value));
  if (account.bio) {
    add_addresses(out, account.bio->value);
    add_announced(out, account.bio->value);
  }
  std::erase_if(out, [&](const ProfileAddress& address) { return is(address, account); });
  return out;
}

std::vector<BlockKey> block_keys(const Account& account, std::string_view declared_key) {
  std::vector<BlockKey> out;
  if (!declared_key.empty()) out.push_back({std::string(declared_kind), std::string(declared_key)});
  if (account.handle) out.push_back(key_of({account.platform, text::fold(account.handle->value)}));
  if (!account.handle || text::fold(account.handle->value) != account.user_id)
    out.push_back(key_of({account.platform, account.user_id}));
  for (const auto& address : declared_profiles(account)) out.push_back(key_of(address));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<Decision> decide(const Account& account, std::span<const BlockKey> keys,
                               std::span<const Candidate> candidates) {
  std::optional<Decision> best;
  for (const auto& candidate : candidates) {
    if (candidate.account.id == account.id) continue;
    auto link = compare(account, keys, candidate);
    if (!link) continue;
    const bool better = !best || link->score > best->link.score ||
                        (link->score == best->link.score && candidate.creator < best->creator);
    if (better) best = Decision{candidate.creator, *std::move(link)};
  }
  return best;
}

}  // namespace cdx::resolve
