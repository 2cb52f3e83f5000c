// The rules of understand: each looks at one place of the sentence and says what it read there, or nothing.
// Inside understand only.
#pragma once

#include "search/understand_sentence.h"

namespace cdx::understanding {

// understand_fields.cpp: `followers:>50k`, `country:br`
Reading read_field(const Sentence& s, std::size_t i);

// understand_figures.cpp
Reading read_engagement(const Sentence& s, std::size_t i);
Reading read_price(const Sentence& s, std::size_t i);
Reading read_growth_figure(const Sentence& s, std::size_t i);
Reading read_followers(const Sentence& s, std::size_t i);

// understand_places.cpp
Reading read_place(const Sentence& s, std::size_t i);      // "from brazil", "in the US", "london based"
Reading read_adjective(const Sentence& s, std::size_t i);  // "brazilian", "UK"
Reading read_language(const Sentence& s, std::size_t i);   // "in spanish", "spanish-speaking"

// understand_kinds.cpp
Reading read_platform(const Sentence& s, std::size_t i);
Reading read_band(const Sentence& s, std::size_t i);
Reading read_verified(const Sentence& s, std::size_t i);
Reading read_activity(const Sentence& s, std::size_t i);
Reading read_growth(const Sentence& s, std::size_t i);
Reading read_style(const Sentence& s, std::size_t i);

// understand_negation.cpp: "not gaming", "without crypto", "-word", "not from india"
Reading read_negation(const Sentence& s, std::size_t i);

// Every rule but negation and fields, in their order. The first that reads something.
Reading read_condition(const Sentence& s, std::size_t i);

}  // namespace cdx::understanding
