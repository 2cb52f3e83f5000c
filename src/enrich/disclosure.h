// Which posts say that they were paid for, and by whom. Part of enrich/enrich.h.
//
// Read are the words a creator chose: marks ("#ad", "Werbung |", "Publi:"), sentences ("sponsored by …"),
// affiliate links and discount codes, gifts; in some twenty languages (data/disclosures.tsv). What is
// quoted, denied ("not sponsored", "unbezahlt"), asked, taught or joked about is no disclosure. A post that
// discloses nothing may still have been paid for: absence is never evidence. docs/enrichment.md, section
// "Sponsored posts", has the rules and how they were measured.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace cdx::enrich {

struct Disclosure {
  CollaborationKind kind = CollaborationKind::paid;  // the strongest that is said
  double confidence = 0;                             // [0,1]; at least 0.6, what lies below is not said
  std::vector<std::string> brands;                   // as written, without "@"; empty: the post names nobody
  std::vector<Evidence> evidence;                    // field "title" or "description"; at most 4
};
// `own`: the creator's handles, folded, which are no brands. Absent: the post discloses nothing.
std::optional<Disclosure> find_disclosure(std::string_view title, std::string_view description,
                                          std::span<const std::string> own = {});

// What brands are compared by: letters and digits, folded, without "official", a country and the like at
// its end: "@Nike_Official", "nike" and "Nike" are one.
std::string brand_key(std::string_view name);

// Fills creator.collaborations (newest first, at most 30, posts that name nobody under the empty brand) and
// sponsored_share (of the newest 50 posts an account; absent without posts).
void find_collaborations(Creator& creator, const Profile& profile);

}  // namespace cdx::enrich
