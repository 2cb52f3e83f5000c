// The HTTP API and the web page over search, as docs/api.md says.
//
// Promises: every input is checked before it is used: unknown fields, wrong types and values out of range are
// refused with problem+json (RFC 9457) and a pointer to the wrong place. Every answer carries X-Request-Id.
// /openapi.json is generated from the table that routes. Logs and metrics never hold query text, ids or
// addresses. Where it listens on a loopback address only, requests under a foreign host name are refused (DNS
// rebinding), and forms of other sites' pages everywhere. Errors of open(): those of http::HttpServer::open,
// and `invalid` for page files that contradict one another. Never: writes to the creators in the store where
// no IntakeDesk was given (campaigns and usage it does keep), calls to other hosts, TLS (a proxy's work).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/time.h"
#include "io/http/http_server.h"
#include "match/match.h"
#include "search/search.h"
#include "serve/pictures.h"
#include "store/store.h"

namespace cdx {

// One file of the page, embedded in the program: the bytes live as long as the program.
struct PageFile {
  std::string path;  // as in the URL: "/index.html", "/assets/index-3f2a.js"
  std::string_view bytes;
  std::string media_type;  // empty: by the ending of the path
};

// What GET /v1/status shows.
struct ServiceFigures {
  std::uint64_t creators = 0;
  std::uint64_t indexed = 0;
  std::uint64_t embedded_done = 0, embedded_total = 0;
  std::string model;  // empty: none installed
  bool model_ready = false;
  std::uint64_t pictures = 0, pictures_done = 0;  // of accounts; those that can be found
  std::string picture_space;                      // of the index; empty: it holds no pictures
  bool picture_words = false;                     // words reach into it
  bool takes_data = false;                        // filled in by the server
};

// Asked from many threads at a time.
struct ServiceState {
  std::function<Result<ServiceFigures>(const Call&)> figures;
  std::function<bool()> ready;  // the index answers; must be quick
};

// Borrowed, but for `service` and `page`.
struct ServerParts {
  const Searcher& searcher;
  const Store& store;
  const Clock& clock;
  ServiceState service;
  std::vector<PageFile> page;          // empty: no page; "/index.html" answers every path of the page
  Matcher* matcher = nullptr;          // null: no briefs, plans and look-alikes of several
  CampaignStore* campaigns = nullptr;  // null: campaigns are not kept
  UsageStore* usage = nullptr;         // null: nothing is logged
  PictureDesk* pictures = nullptr;     // null: no pictures are shown or searched
  IntakeDesk* intake = nullptr;        // null: clients may not write
};

struct ServeOptions {
  http::ServerOptions http;
  std::string version = "0";
  // Host names accepted besides localhost, 127.0.0.1 and [::1], any port. Listening on other than loopback
  // with none named accepts every name.
  std::vector<std::string> hosts;
  RankingWeights weights;  // the searcher's: what a request's "fusion" leaves out is taken from here
  bool log_usage = true;   // what was shown and chosen; never the words
  std::size_t log_candidates = 100;  // of a question, shown or not
  std::chrono::hours keep_usage{24 * 30};
  std::size_t items_shown = 20;                   // newest content of each account in a creator's own page
  std::size_t upload_bytes = 32 << 20;            // of a body of /upload and /ingest
  std::size_t picture_question_bytes = 16 << 20;  // of a body of /v1/images/search
  std::chrono::seconds upload_time{120};          // for such a body to arrive, and then to be taken in
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> open(ServerParts parts, ServeOptions options);
  ~Server();
  std::uint16_t port() const;
  void stop();  // lets running requests finish within options.http.drain

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cdx
