// What a creator is about: niche, style, language, country, summary, risks, each with its evidence.
//
//   annotate.h    the seam to what judges a creator: rules and a trained head here, a language model
//   elsewhere disclosure.h  which posts say that they were paid for, and by whom
//
// Promises: pure and deterministic: an equal profile gives an equal Creator. Uncertain values stay empty.
// Never: I/O, protected traits (health, religion, ethnicity, orientation), guesses presented as facts.
#pragma once

#include <string_view>
#include <vector>

#include "enrich/annotate.h"
#include "enrich/disclosure.h"
#include "model/model.h"

namespace cdx::enrich {

// Version of the rules below together with vocab::version(); part of what is stored with every derived
// creator.
std::uint32_t rules_version();

// Fills name, handle, picture, niches, style, language, country, summary and collaborations of
// profile.creator by quick rules; everything else is kept, figures too, which the summary speaks of.
// primary_niche is a key of the top level; sub-niches ("fitness/yoga") are among the secondary ones.
Creator derive(const Profile& profile);

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
