// RemoteEmbedder: vectors from any OpenAI-style /v1/embeddings endpoint, in whatever dimension it has.
//
// Promises: what comes back is checked (count, order, dimension, finite, direction) and scaled to length 1;
// passages are retried with growing waits, heeding Retry-After; a query is asked once, with a short limit,
// and while the endpoint fails further queries fail at once, so that search goes on by words. A long text is
// split at words into windows and pooled, weighted by their bytes. Sent: the texts, the model's name, the
// key. Errors beside those of embed.h: `unauthorized`, `rate_limited` (with its wait), `invalid` (the
// endpoint refuses, or has another dimension). Never: a key in a message or a log.
#pragma once

#include "embed/embed.h"
#include "io/http/http_client.h"

namespace cdx {

struct RemoteEmbedderOptions {
  std::string url;    // "https://api.example.com/v1/embeddings"
  std::string model;  // as the endpoint calls it
  std::string version =
      {};  // the operator's mark of weights that the endpoint does not tell; part of the space
  std::size_t dimension = 0;                           // of the endpoint's vectors, 2 to 65536
  bool ask_dimension = false;                          // tell the endpoint to shorten its vectors to that
  std::string api_key = {};                            // secret; empty: none is sent
  std::string query_prefix = {}, passage_prefix = {};  // for models that want "query: " and "passage: "
  bool queries = true;               // false: texts of searches stay here, and such calls are `unsupported`
  std::size_t window_bytes = 8'000;  // what fits any model of 8,191 tokens, whatever the language
  std::size_t batch_texts = 128;     // of one request
  std::size_t batch_bytes = 256 * 1024;
  std::chrono::milliseconds query_timeout{3'000};
  std::chrono::milliseconds query_pause{5'000};  // after a failed query, before the next is tried
  double usd_per_million_tokens = 0;             // for the cost counter
  http::RetryOptions retry = {};
};

// `invalid` for an URL that a client refuses, no model or a dimension outside its bounds. Asks nothing yet.
Result<std::unique_ptr<EmbeddingProvider>> open_remote_embedder(std::unique_ptr<http::HttpClient> client,
                                                                const RemoteEmbedderOptions& options);

}  // namespace cdx
