// From a Query to the question a backend understands. Private to the search room.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "search/search.h"

namespace cdx {

// What is not wanted, said in words: weighed, not struck out.
struct Unwanted {
  std::size_t chip = 0;  // in understood.chips
  std::string text;      // to embed
  std::vector<Retrieval::Word> words;
};

struct SearchPlan {
  Understood understood;
  Retrieval retrieval;  // without vectors of texts, which need the embedder
  std::string meaning;  // text to embed; empty: none
  std::vector<Unwanted> unwanted;
  std::set<std::string, std::less<>> terms;  // analysed terms of the query, for marking
  std::size_t word_count = 0;                // distinct words asked for, without synonyms
  bool has_text = false;                     // something is left to rank by
  bool in_vain = false;  // there is text, but neither a word nor a condition in it: nothing can be found
  std::string synonyms;  // version of the synonyms that were applied, and what they added, in words
  std::string synonyms_note;
};

// `invalid`, `conflict` or `unsupported` (search.h), beginning with the JSON pointer of the wrong field.
Result<SearchPlan> plan_search(const Query& query, const Schema& schema, const SearcherOptions& options);

// The weights that hold for a question of so many words (see search.h).
RankingWeights weights_for(const RankingWeights& weights, SearchMode mode, std::size_t words);

// Words of a text as a backend wants them: analysed, function words left out where others remain, equal ones
// joined.
std::vector<Retrieval::Word> words_of(std::string_view text);

// Unit mean of unit rows of one length; empty when there are none or they cancel out.
std::vector<float> unit_mean(const std::vector<std::vector<float>>& rows);
// Unit mean of a creator's vectors of one kind ("_bio", "_content"); empty when it has none.
std::vector<float> mean_of_kind(const Schema& schema, const std::vector<std::vector<float>>& own,
                                std::string_view ending);

// The query vectors of "creators like this one": its mean bio for every bio field, its mean content for every
// content field; a kind it lacks is not asked for. Empty when it has none.
std::vector<std::vector<float>> likeness(const Schema& schema, const std::vector<std::vector<float>>& own);

}  // namespace cdx
