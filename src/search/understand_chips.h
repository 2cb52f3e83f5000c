// Chips in canonical form: equal meaning gives an equal id and filter. Inside understand only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search/understand.h"
#include "vocab/vocab.h"

namespace cdx::understanding {

// Bounds as read; an absent bound is open to that side.
struct Range {
  std::optional<double> low, high;
  bool low_open = false, high_open = false;  // the bound itself does not count
};

Chip platform_chip(std::vector<Platform> platforms);
Chip followers_chip(const Range& range);
Chip engagement_chip(const Range& range);  // fractions
Chip price_chip(const Range& range);
Chip growth_chip(const Range& range);
// Emerging creators; one whose history is too short to tell is not left out, and the label says so.
Chip emerging_chip();
Chip emerging_figure_chip(const Range& range);
Chip credibility_chip(const Range& range);
Chip posts_chip(const Range& range);  // a week
Chip views_chip(const Range& range);  // a follower
Chip country_chip(const std::vector<const vocab::Country*>& countries, std::string_view city = {});
Chip language_chip(const std::vector<const vocab::Language*>& languages);
Chip niche_chip(const vocab::Niche& niche);
Chip style_chip(const vocab::Style& style);
Chip band_chip(const std::vector<vocab::Band>& bands);
Chip verified_chip();
enum class Activity { week, month, dormant };
Chip activity_chip(Activity activity);

// What must not be: a chip turned round, words that must not occur, a niche with the words that named it.
Chip negated(Chip chip);
Chip excluded_words(std::string_view words);
Chip excluded_niche(const vocab::Niche& niche, std::string_view words);

}  // namespace cdx::understanding
