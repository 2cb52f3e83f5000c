// Request bodies and query strings become search queries. Private to serve; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/model.h"
#include "search/search.h"
#include "serve/faults.h"
#include "serve/json_tree.h"
#include "serve/object_reader.h"

namespace cdx::serve {

// What is checked against and filled in from.
struct QueryRules {
  const Schema& schema;           // of the searcher: which fields there are
  const RankingWeights& weights;  // where a request's fusion leaves some out
};

struct FilterLimits {
  std::size_t depth = 16;
  std::size_t nodes = 200;
  std::size_t values = 200;  // of one list
};

// The body of POST /v1/creators/search. The query counts only when `faults` has none.
Query read_search_body(std::string_view body, const QueryRules& rules, Faults& faults);
// The fields of such a body from an object that may have others; refusing those is the caller's.
Query read_search_fields(ObjectReader& reader, const QueryRules& rules, Faults& faults);
// The body of the alias POST /search.
Query read_alias_body(std::string_view body, Faults& faults);
Filter read_filter(const Json& json, std::string_view pointer, const Schema& schema, Faults& faults,
                   FilterLimits limits = {});

// The parameters after the "?" by name; unknown and repeated ones are faults.
class Parameters {
 public:
  Parameters(std::string_view query, Faults& faults);
  std::optional<std::string> text(std::string_view name, std::size_t longest);
  std::optional<std::size_t> whole(std::string_view name, std::size_t low, std::size_t high);
  std::optional<bool> flag(std::string_view name);
  void refuse_others();  // call last

 private:
  Faults& faults_;
  std::vector<std::pair<std::string, std::string>> given_;
  std::vector<std::string_view> known_;
};

}  // namespace cdx::serve
