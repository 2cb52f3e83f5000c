// The rules of store.h that need no state, held the same way by every twin.
#pragma once

#include <string>

#include "store/store.h"

namespace cdx {

inline constexpr std::size_t quarantine_body_bytes = 64U * 1024;
inline constexpr std::size_t picture_signature_bytes = 64U * 1024;

Status check(const ChangeSet& changes);
Status check_page(std::size_t max);

Status check(const Campaign& campaign);
Status check(std::span<const MatchScore> scores);
Status check(CampaignId campaign, std::span<const MatchScore> scores);  // all of this campaign
Status check(std::span<const LoggedQuestion> questions);
Status check(const NamedProfile& profile);

// The scores in ascending order of campaign and creator, of equal ones the last.
std::vector<const MatchScore*> scores_in_order(std::span<const MatchScore> scores);
bool same_but_for_time(const MatchScore& a, const MatchScore& b);

// Two entries with the same identity are one.
std::string quarantine_identity(const Quarantined& entry);

// The creators a commit touches, in ascending order, each once. Creators of items are for the twin to add,
// which knows the accounts that are not in the set.
struct Touched {
  CreatorId id;
  const Creator* upserted = nullptr;
  bool removed = false;
};
std::vector<Touched> touched_creators(const ChangeSet& changes, std::vector<CreatorId> creators_of_items);

// Pictures in the order of Profile::pictures: of one time they keep theirs, which is by SHA-256.
bool newer_picture(const KnownPicture& a, const KnownPicture& b);
// Sorts, keeps max_profile_pictures, drops the signatures.
void keep_newest(std::vector<KnownPicture>& pictures);

// The accounts of a set in ascending order of id, of equal ones the last.
std::vector<const AccountChange*> accounts_in_order(const ChangeSet& changes);

}  // namespace cdx
