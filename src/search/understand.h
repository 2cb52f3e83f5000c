// Plain language to filters: "tiktok dancers from brazil with over 5% engagement" becomes three conditions
// and the word "dancers". Part of search/search.h. Pure; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace cdx {

// One thing that was understood; a person may remove it.
struct Chip {
  std::string id;     // stable for equal meaning: "followers>=50000", "platform=tiktok", "not:niche=gaming"
  std::string label;  // for people: "followers ≥ 50k", "platform: TikTok", "not: gaming"
  std::string field;  // of the schema; "words" for words that must not occur
  Filter filter;      // Kind::everything for chips on words
  std::vector<std::string>
      excluded_terms;         // analysed terms that must not occur in name, niche, summary, bio or content
  std::string excluded_text;  // what is not wanted, in the user's words; empty: nothing
  // "not X" said in words: creators about X go, one that mentions it stays. `filter` and `excluded_terms` are
  // then evidence to be weighed, not conditions. False for "-X", which strikes out whoever has the words.
  bool soft = false;
  std::string effect;              // what it did, for people; written by the searcher
  std::size_t begin = 0, end = 0;  // bytes of the text it was read from
};

struct Understood {
  std::string rest;         // the words left to search by, blanks tidied, in the user's writing
  std::string meaning;      // the same with words for places and languages kept: texts speak of them too
  std::vector<Chip> chips;  // in order of the text
  std::vector<std::string> phrases;  // "quoted" words: no typos forgiven, must occur
};

// Chips whose id is in `ignore` are dropped together with their words.
Understood understand(std::string_view text, std::span<const std::string> ignore = {});

}  // namespace cdx
