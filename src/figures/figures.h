// The figures of one creator: reach, engagement, rhythm, growth, spikes, credibility, quality.
//
//   definitions.h  what each figure means, as data    spikes.h       sudden steps in follower histories
//   credibility.h  its parts, value and band          fake_model.h   the seam to a model of fake accounts
//
// docs/scoring.md writes each formula as it is computed, with an example that a test recomputes.
// Promises: pure and deterministic. What is not known stays absent and is never guessed. Never: I/O, words
// about a person.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "figures/credibility.h"
#include "figures/definitions.h"
#include "figures/fake_evaluation.h"
#include "figures/fake_model.h"
#include "figures/labelled_accounts.h"
#include "figures/spikes.h"
#include "model/model.h"

namespace cdx::figures {

// Raised with every change of a formula; part of what is stored with every derived creator.
std::uint32_t rules_version();

// Writes every figure of `creator` (and expires_at, the strictest of all inputs') from its accounts, items
// and snapshots; what is not known becomes absent. `fakes`: what a model says of its accounts, if one is in
// use.
void measure(Creator& creator, const Profile& profile, std::span<const MetricSnapshot> snapshots, Time now,
             const FakeChances& fakes = {});

struct QualityPart {
  std::string_view name;
  double value = 0;   // in [0,1]
  double weight = 0;  // after sharing out; quality is the sum of value * weight
};
std::vector<QualityPart> quality_parts(const Creator& creator, Time now);

}  // namespace cdx::figures
