// Campaign briefs over a sample set, with what every creator is worth to them, known because we made both.
//
// Promises: equal arguments give equal briefs and grades, on every machine; the creators are those that
// write_sample() writes with the same number and seed. Never: files, the network.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/model.h"

namespace cdx {

// Grades of accounts by the truth behind them, also where the account does not state it. From the subject: 3
// the very one, 2 a sibling under the same taxonomy key or the creator's second subject, 1 the same niche;
// then at most 1 for who does not speak the audience's language, is a fan, impostor or brand, or asks more
// than the whole budget; one less (never below 1) for another country than the audience's, for bought
// followers, and for who asks more than three tenths of the budget. Outside the brief's followers or
// platforms nobody has a grade.
struct SampleBrief {
  std::string id;  // "b001"
  Brief brief;
  std::map<AccountId, int> grades;
};

// `count` briefs, fewer where the set is too small for so many different ones; each has a creator of grade 3.
// `invalid` for a set beyond sample_creators_limit or without creators.
Result<std::vector<SampleBrief>> sample_briefs(std::uint64_t creators, std::uint64_t seed, std::size_t count);

// The primary niche of every account by the truth, a key of src/vocab; fans and impostors as those they copy.
// Agencies are left out. Errors as above.
Result<std::map<AccountId, std::string>> sample_niches(std::uint64_t creators, std::uint64_t seed);

}  // namespace cdx
