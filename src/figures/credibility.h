// How believable a creator's followers are, from what is public. Part of figures/figures.h.
//
//   value = (low + high) / 2, low = sum of known weight * part, high = low + weight of what is not known
//
// so that what is not known could still be all bad or all good (the bounds of Manski, "Anatomy of the
// selection problem", 1989), and the less is known, the wider the band and the nearer the value to a half.
// Promises: a part that is not known is not among the parts and never guessed. Never: a verdict on a person.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/model.h"

namespace cdx::figures {

// Probabilities that accounts are fake, as a FakeModel gave them (fake_model.h); may lack any.
using FakeChances = std::map<AccountId, double>;

struct CredibilityPart {
  std::string_view
      name;           // "engagement", "comments", "following", "posts", "spikes", "age", "profile", "model"
  double value = 0;   // [0,1]; 1: as usual for believable accounts
  double weight = 0;  // of all there could be known: the weights of a creator add up to at most 1
  std::string words;  // for people
};

// What is known, in the order of the names above. Accounts weigh by their followers; an account that does not
// tell takes its share off the weight.
std::vector<CredibilityPart> credibility_parts(const Profile& profile,
                                               std::span<const MetricSnapshot> snapshots, Time now,
                                               const FakeChances& fakes = {});
std::vector<CredibilityPart> credibility_parts(const Profile& profile,
                                               std::span<const MetricSnapshot> snapshots,
                                               std::span<const Spike> spikes, Time now,
                                               const FakeChances& fakes);

// Absent where less than a tenth of the weight is known.
std::optional<Credibility> credibility(std::span<const CredibilityPart> parts);

// Engagement rates that are usual at this number of followers; absent for platforms nothing is known of.
struct Usual {
  double low = 0, high = 1;
  double certainty = 1;  // share of the part's weight that the platform's figures deserve
};
std::optional<Usual> usual_engagement(Platform platform, double followers);

}  // namespace cdx::figures
