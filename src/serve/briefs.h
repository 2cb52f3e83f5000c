// Briefs and matches as JSON, for HTTP and the command line alike. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "match/match.h"
#include "serve/render.h"

namespace cdx::serve {

// A brief as an object of its own. `invalid` names `place`, the member and what is wrong with it.
Result<Brief> parse_brief(std::string_view json, std::string_view place);

std::string render_match(const MatchAnswer& answer, std::optional<QuestionId> question,
                         const Rendering& with);

}  // namespace cdx::serve
