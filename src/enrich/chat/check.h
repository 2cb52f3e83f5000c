// Is what a model answered what it was asked for? Private to enrich/chat.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/chat/terms.h"

namespace cdx::enrich::chat {

struct Checked {
  std::map<std::size_t, Annotation> good;     // by number
  std::map<std::size_t, std::string> faults;  // of each number that is not good: what to tell the model
  bool readable = true;                       // false: the whole was not the JSON that was asked for
};

// Every number asked is in one of the two; `read` is whom the model was told of, those asked for included.
// Good is what has exactly the fields of the schema, keys of the terms, confidences in [0,1], a known
// language and a summary of 12 to 28 words in the model's own words, without links, addresses, handles and
// numbers to call. Of that, phrases that do not stand in the creator's own text are dropped (case of ASCII
// letters aside; kept as the creator wrote them), then judgements without a phrase, then those below
// `least_confidence`. JSON in a markdown fence is taken out of it; anything else around it is a fault.
Checked check_answer(const ChatTerms& terms, double least_confidence, std::string_view content,
                     std::span<const Asked> asked, std::span<const Asked> read);

}  // namespace cdx::enrich::chat
