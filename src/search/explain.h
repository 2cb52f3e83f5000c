// Why a creator is in the answer: one sentence, marked text, and the words behind the keyword score.
// Private to the search room; pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "search/search.h"

namespace cdx {

using Terms = std::set<std::string, std::less<>>;

// Items whose title or description has one of the terms.
std::size_t matching_items(const Profile& profile, const Terms& terms);

// "bio speaks of marathon training; 3 of 5 posts on running; strong engagement". Never empty. `pictures`:
// what there is to say of them, first; empty: nothing.
std::string why(const Hit& hit, const std::vector<WordPart>& words, const Terms& terms,
                std::string pictures = {});

std::vector<std::pair<std::string, std::string>> highlights(const Profile& profile, const Terms& terms);

}  // namespace cdx
