// From a Query to the question a backend understands. Private to the search room.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "search/search.h"

namespace cdx {

struct SearchPlan {
  Understood understood;
  Retrieval retrieval;                             // without vectors, which need the embedder
  std::string meaning;                             // text to embed; empty: none
  std::vector<std::vector<std::string>> excluded;  // groups of analysed terms that must not occur together
  std::vector<std::string> required;               // analysed terms that must occur (from phrases)
  std::set<std::string, std::less<>> terms;        // analysed terms of the query, for marking
  bool has_text = false;                           // something is left to rank by
};

// `invalid`, beginning with the JSON pointer of the wrong field.
Result<SearchPlan> plan_search(const Query& query, const Schema& schema, const SearcherOptions& options);

// Words of a text as a backend wants them: analysed, function words left out where others remain, equal ones
// joined.
std::vector<Retrieval::Word> words_of(std::string_view text);

// The query vectors of "creators like this one": its mean bio for every bio field, its mean content for every
// content field; a kind it lacks is not asked for. Empty when it has none.
std::vector<std::vector<float>> likeness(const Schema& schema, const std::vector<std::vector<float>>& own);

}  // namespace cdx
