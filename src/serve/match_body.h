// Bodies of the match routes. Private to serve; pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "match/match.h"
#include "serve/faults.h"

namespace cdx::serve {

struct MatchBody {
  Brief brief;
  MatchOptions options;
  bool profile_named = false;  // otherwise the one in use
};
struct PlanBody {
  Brief brief;
  PlanOptions options;
  bool profile_named = false;
};
struct EventBody {
  QuestionId question;
  CreatorId creator;
  std::string action;
};

// What they give counts only when `faults` has none.
MatchBody read_match_body(std::string_view body, Faults& faults);
PlanBody read_plan_body(std::string_view body, Faults& faults);
SimilarQuestion read_similar_body(std::string_view body, const Schema& schema, Faults& faults);
EventBody read_event_body(std::string_view body, Faults& faults);
// The body of design 004's endpoint: a flat brief, engagement in per cent.
seed_004::Request read_seed_004_body(std::string_view body, Faults& faults);

}  // namespace cdx::serve
