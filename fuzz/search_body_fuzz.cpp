// Any bytes as the body of a search: it is refused with a place and a reason, or gives a query that keeps
// every promise of the docs, whose filter the schema takes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "search/schema.h"
#include "serve/query_body.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

std::size_t depth(const cdx::Filter& filter) {
  std::size_t deepest = 0;
  for (const auto& child : filter.children) deepest = std::max(deepest, depth(child));
  return deepest + 1;
}

std::size_t conditions(const cdx::Filter& filter) {
  std::size_t sum = 1;
  for (const auto& child : filter.children) sum += conditions(child);
  return sum;
}

void check_faults(const cdx::serve::Faults& faults) {
  for (const auto& fault : faults.list()) {
    require(fault.pointer.empty() || fault.pointer.front() == '/');
    require(!fault.code.empty() && !fault.detail.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const cdx::Schema schema = cdx::creator_schema(1);
  static const cdx::RankingWeights weights;
  const std::string_view body(reinterpret_cast<const char*>(data), size);

  cdx::serve::Faults faults;
  const auto query = cdx::serve::read_search_body(body, {schema, weights}, faults);
  check_faults(faults);
  if (faults.none()) {
    require(query.limit >= 1 && query.limit <= 100);
    require(query.text.size() <= 4'000 && query.facets.size() <= 16 && query.sort.size() <= 4);
    require(!query.min_score || (*query.min_score >= 0 && *query.min_score <= 1));
    // A condition that something is absent, {"exists": false}, is written as two.
    require(depth(query.filter) <= 17 && conditions(query.filter) <= 400);
    require(cdx::validate(query.filter, schema).has_value());
  }

  cdx::serve::Faults alias_faults;
  const auto alias = cdx::serve::read_alias_body(body, alias_faults);
  check_faults(alias_faults);
  require(!alias_faults.none() || (alias.limit >= 1 && alias.limit <= 100));
  return 0;
}
