// Derives what is known of a creator from its accounts, content and figures: niche, style, language, country,
// summary, totals, engagement, growth, quality, each with its evidence.
//
//   engagement = sum(followers * rate) / sum(followers), rate as stated, else (likes + comments + shares) /
//   followers growth     = (sum of last / sum of first)^(30 / days) - 1 over follower snapshots of one
//   definition, 14 to 45 days apart quality    = 0.4 e/(e + 0.03) + 0.25 * 2^(-days since post / 30) + 0.2
//   log10(followers / 100) / 5 + 0.15 (g / 0.2 + 0.5),
//                each part cut to [0,1]; the weight of what is not known is shared by the others
//
// Promises: pure and deterministic: equal profile, snapshots and `now` give an equal Creator. Uncertain
// values stay empty. A derived value expires with the strictest of its inputs. Never: I/O, protected traits
// (health, religion, politics, ethnicity, orientation), guesses presented as facts.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/model.h"

namespace cdx::enrich {

// Version of the rules below together with vocab::version(); stored with every derived creator.
std::uint32_t rules_version();

// Fills the derived fields of profile.creator (id, links and revision are kept). `snapshots` are those of its
// accounts. primary_niche is a key of the top level; sub-niches ("fitness/yoga") are among the secondary
// ones.
Creator derive(const Profile& profile, std::span<const MetricSnapshot> snapshots, Time now);

struct QualityPart {
  std::string_view name;
  double value = 0;   // in [0,1]
  double weight = 0;  // after sharing out; quality is the sum of value * weight
};
std::vector<QualityPart> quality_parts(const Creator& creator, Time now);

// ISO 639-1 by script, function words and letters; empty when the text is too short or mixed to say.
std::string detect_language(std::string_view text);

struct NicheGuess {
  std::string key;
  double score = 0;  // share of all evidence, in [0,1]; of a sub-niche, its part of that share
  std::vector<Evidence> evidence;
};
// Best first, sub-niches included; empty when nothing speaks for any niche. Categories given by the source
// count most, then words of name and bio, then those of titles and captions; a word of several niches counts
// less.
std::vector<NicheGuess> guess_niches(const Profile& profile);

}  // namespace cdx::enrich
