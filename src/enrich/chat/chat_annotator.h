// ChatAnnotator: any OpenAI-style /v1/chat/completions endpoint judges creators. Off unless configured.
//
// Promises: several creators share a request; what is sent is their texts without what is private
// (creator_text.h), and texts that give orders to a model are cut and sent alone; what comes back is checked
// against the schema and the vocabulary, and evidence must stand in that creator's own text, or what it was
// to prove is dropped; one repair try tells the model its faults, then that creator is `invalid`. A refusal
// or a cut answer for several is asked again for fewer. Errors that concern all: `unavailable`, `timed_out`,
// `rate_limited` (with its wait), `unauthorized`, `invalid` (the endpoint refuses the request), `cancelled`.
// Never: ids, handles, names of accounts, figures; a key in a message or a log; called while somebody
// searches.
#pragma once

#include <optional>

#include "base/time.h"
#include "enrich/annotate.h"
#include "enrich/chat/budget.h"
#include "io/http/http_client.h"

namespace cdx::enrich {

// The words a model may answer with: keys of the vocabulary.
struct ChatTerms {
  std::vector<std::string> niches;            // of the top level
  std::vector<std::string> secondary_niches;  // of both levels
  std::vector<std::string> styles;
  std::vector<std::string> risks;
};
ChatTerms vocabulary_terms();  // those in force

// How the endpoint is told what form the answer has; our own check is the same for all.
enum class AnswerFormat { json_schema, json_object, none };

struct ChatOptions {
  std::string url;           // "https://api.example.com/v1/chat/completions"
  std::string model;         // as the endpoint calls it
  std::string api_key = {};  // secret; empty: none is sent
  ChatTerms terms;
  AnswerFormat format = AnswerFormat::json_schema;
  std::size_t batch = 8;                  // creators of a request
  double least_confidence = 0.5;          // below: uncertain
  std::optional<double> temperature = 0;  // absent: the endpoint's own
  std::string limit_field =
      "max_tokens";  // newer models want "max_completion_tokens"; empty: no limit is told
  double usd_per_million_input = 0, usd_per_million_output = 0;
  http::RetryOptions retry = {};
};

// `ledger` (borrowed, may be null) is told of every request's cost at the clock's time. `invalid` for an URL
// that a client refuses, no model, no terms or a batch of nothing. Asks nothing yet.
Result<std::unique_ptr<Annotator>> open_chat_annotator(std::unique_ptr<http::HttpClient> client,
                                                       const ChatOptions& options, SpendLedger* ledger,
                                                       const Clock& clock);

}  // namespace cdx::enrich
