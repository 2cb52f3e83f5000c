// The figures of one creator: reach, engagement, rhythm, growth, spikes, credibility, quality.
//
//   engagement = sum(followers * rate) / sum(followers), rate as stated, else (likes + comments + shares) /
//   followers
//   growth     = (sum of last / sum of first)^(30 / days) - 1 over follower snapshots of one definition,
//                14 to 45 days apart
//   quality    = 0.4 e/(e + 0.03) + 0.25 * 2^(-days since post / 30) + 0.2 log10(followers / 100) / 5 +
//                0.15 (g / 0.2 + 0.5), each part cut to [0,1]; the weight of what is not known is shared by
//                the others
//
// Promises: pure and deterministic. What is not known stays absent and is never guessed. Never: I/O, words.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/model.h"

namespace cdx::figures {

// Raised with every change of a formula; part of what is stored with every derived creator.
std::uint32_t rules_version();

// Writes every figure of `creator` (and expires_at, the strictest of all inputs') from its accounts, items
// and snapshots; what is not known becomes absent.
void measure(Creator& creator, const Profile& profile, std::span<const MetricSnapshot> snapshots, Time now);

struct QualityPart {
  std::string_view name;
  double value = 0;   // in [0,1]
  double weight = 0;  // after sharing out; quality is the sum of value * weight
};
std::vector<QualityPart> quality_parts(const Creator& creator, Time now);

}  // namespace cdx::figures
