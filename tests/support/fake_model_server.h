// A language model of our own on loopback: speaks /v1/embeddings and /v1/chat/completions well enough to be
// believed, reads what it is sent, and misbehaves by script.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "support/scripted_server.h"

namespace cdx::test {

enum class Misdeed {
  none,
  // of the endpoint
  hang,
  drip,  // a byte now and then, without end
  hang_up,
  truncated_body,
  server_error,
  rate_limited,       // 429, Retry-After: 1
  rate_limited_long,  // 429, Retry-After: 3600
  unauthorized,       // repeats the key it was sent
  bad_envelope,       // 200, but not what the protocol says
  // of embeddings
  wrong_count,
  wrong_dimension,
  twice_the_same_index,
  not_finite,
  zero_vector,
  // of chats
  bad_json,
  fenced,  // good JSON in a markdown fence
  chatty,  // good JSON with words around it
  empty_answer,
  refusal,
  filtered,    // 400 of a content filter
  cut_answer,  // ran out of tokens
  missing_field,
  extra_field,
  missing_creator,
  wrong_number,
  wrong_enum,
  wrong_type,
  confidence_above_one,
  short_summary,
  summary_with_link,
  made_up_evidence,
  no_usage,
  obeys,   // does what any text that it is sent tells it to
  echoes,  // repeats the texts it was sent
};

class FakeModel {
 public:
  explicit FakeModel(std::size_t dimension = 1'536);

  // The next requests, in this order, are answered like that; those after as `always` says.
  void play(std::deque<Misdeed> script);
  void always(Misdeed misdeed);
  // Refuses every chat that holds this word, as a model's policy would.
  void refuse_word(std::string word);

  std::string embeddings_url() const { return server_.url("/v1/embeddings"); }
  std::string chat_url() const { return server_.url("/v1/chat/completions"); }
  std::vector<SeenRequest> seen() const { return server_.seen(); }
  void wait_until_seen(std::size_t requests) const { server_.wait_until_seen(requests); }
  std::string all_text() const;  // of every request: target, headers and body

  // What the model answers for one text, before anybody normalises it.
  std::vector<double> vector_of(const std::string& text) const;

 private:
  ScriptedReply answer(const SeenRequest& request);
  ScriptedReply embeddings(const SeenRequest& request, Misdeed misdeed) const;
  ScriptedReply chat(const SeenRequest& request, Misdeed misdeed) const;
  Misdeed next();

  std::size_t dimension_;
  mutable std::mutex mutex_;
  std::deque<Misdeed> script_;
  Misdeed always_ = Misdeed::none;
  std::string refused_word_;
  ScriptedServer server_;  // last: its threads use the rest
};

}  // namespace cdx::test
