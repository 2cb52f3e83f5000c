// Decides which accounts are one creator, with evidence. Pure and deterministic; thread-safe.
//
// The rules are few and strict: a creator's own published links decide. Two accounts are one creator when
//   declared_key      the source itself declares them one creator                                probability
//   1 reciprocal_link   each publishes a link to the other                                        probability
//   0.99 link_and_handle   one links to the other and their handles are equal when squashed probability 0.97
//   link_and_name     one links to the other and their names are equal when folded (5+ letters) probability
//   0.95
// Accounts of one platform are joined by reciprocal links only. An equal handle or name without a link joins
// nothing: impersonators and fans have those too. Every decision names its rule and its evidence, and can be
// undone. Never: I/O, look-ups by e-mail or face, joins without evidence.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/model.h"

namespace cdx::resolve {

// A profile page somebody links to: "https://www.tiktok.com/@ana.dances?x=1" is tiktok, "ana.dances".
struct ProfileAddress {
  Platform platform = Platform::other;
  std::string handle;  // folded, without "@"; for channel addresses without a handle, the channel id
  friend bool operator==(const ProfileAddress&, const ProfileAddress&) = default;
};
std::optional<ProfileAddress> profile_address(std::string_view url);

// Profiles the account publishes in links, website and bio (addresses there, and forms such as "IG: @ana");
// not itself.
std::vector<ProfileAddress> declared_profiles(const Account& account);

// The account's own profile and those it declares, so that both ends of a link share a key. `declared_key` is
// the source's own key for the creator, if it gives one, with the source's name in it.
std::vector<BlockKey> block_keys(const Account& account, std::string_view declared_key = {});

struct Candidate {
  Account account;
  CreatorId creator;
  std::vector<BlockKey> keys;
};
// The creator among the candidates' that the account belongs to, and why; absent: none, it is a creator of
// its own. The best probability wins, ties by the smaller creator id.
struct Decision {
  CreatorId creator;
  Link link;
};
std::optional<Decision> decide(const Account& account, std::span<const BlockKey> keys,
                               std::span<const Candidate> candidates);

}  // namespace cdx::resolve
