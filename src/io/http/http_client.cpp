#include "io/http/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>
#include <stop_token>

#include "base/assert.h"
#include "io/http/client_url.h"

namespace cdx::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct MultiFree {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct EasyFree {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// One transfer at a time; its connections live in `multi` and outlive the transfer.
struct Line {
  std::unique_ptr<CURLM, MultiFree> multi{curl_multi_init()};
  std::unique_ptr<CURL, EasyFree> easy{curl_easy_init()};
  bool whole() const { return multi != nullptr && easy != nullptr; }
};

enum class Excess { none, headers, body };

// What libcurl's callbacks fill.
struct Arrival {
  HttpResponse response;
  std::size_t header_bytes = 0;
  Excess excess = Excess::none;
  const ClientOptions& options;
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// libcurl stops the transfer when a callback takes less than it was given.
std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& arrival = *static_cast<Arrival*>(to);
  const std::string_view line(bytes, size * count);
  arrival.header_bytes += line.size();
  if (arrival.header_bytes > arrival.options.header_bytes) {
    arrival.excess = Excess::headers;
    return 0;
  }
  if (line.starts_with("HTTP/")) arrival.response.headers.clear();  // an interim answer came before
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && !line.starts_with("HTTP/"))
    arrival.response.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return line.size();
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& arrival = *static_cast<Arrival*>(to);
  const auto length = size * count;
  if (length > arrival.options.body_bytes - arrival.response.body.size()) {
    arrival.excess = Excess::body;
    return 0;
  }
  arrival.response.body.append(bytes, length);
  return length;
}

Error failed(const std::string& place, CURLcode code, const Arrival& arrival) {
  const auto why = [&](ErrorKind kind, std::string reason) {
    return Error{kind, place + ": " + std::move(reason), {}};
  };
  if (arrival.excess == Excess::headers)
    return why(ErrorKind::invalid, "the answer's headers have more than " +
                                       std::to_string(arrival.options.header_bytes) + " bytes");
  if (arrival.excess == Excess::body)
    return why(ErrorKind::invalid,
               "the answer has more than " + std::to_string(arrival.options.body_bytes) + " bytes");
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return why(ErrorKind::timed_out, "no whole answer in time");
    case CURLE_UNSUPPORTED_PROTOCOL:  // of the answer: the URL was looked at before
      return why(ErrorKind::unavailable, "the answer is not HTTP");
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CACERT_BADFILE:
      return why(ErrorKind::invalid, curl_easy_strerror(code));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return why(ErrorKind::unauthorized, "the server's certificate is not trusted");
    default:  // names, connections, early ends, what is not HTTP
      return why(ErrorKind::unavailable, curl_easy_strerror(code));
  }
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

Status check_request(const std::string& place, const HttpRequest& request) {
  if (!is_token(request.method)) return fail(ErrorKind::invalid, place + ": the method is no token");
  for (const auto& [name, value] : request.headers) {
    const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) != 0x7f;
    });
    if (!is_token(name) || !plain)
      return fail(ErrorKind::invalid, place + ": the header " +
                                          (is_token(name) ? name : std::string("name")) +
                                          " has characters that no header may have");
  }
  return {};
}

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(const ClientOptions& options) : options_(options) {}

  Result<HttpResponse> send(const Call& call, const HttpRequest& request) override {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto place, allowed_origin(request.url, options_.plain_http_hosts));
    CDX_TRY(check_request(place, request));
    auto line = take_line();
    if (!line.whole()) return fail(ErrorKind::unavailable, place + ": out of memory");
    Arrival arrival{{}, 0, Excess::none, options_};
    const auto headers = set_up(line, call, request, arrival);
    const auto code = transfer(line, call);
    long status = 0;
    curl_easy_getinfo(line.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(line.easy.get());  // borrows nothing any more
    keep_line(std::move(line));
    CDX_TRY(call.check());
    if (code != CURLE_OK) return tl::unexpected<Error>(failed(place, code, arrival));
    arrival.response.status = static_cast<int>(status);
    return std::move(arrival.response);
  }

 private:
  using Headers = std::unique_ptr<curl_slist, ListFree>;

  Line take_line() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return {};
    Line line = std::move(idle_.back());
    idle_.pop_back();
    return line;
  }

  void keep_line(Line line) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < options_.idle_connections) idle_.push_back(std::move(line));
  }

  static Headers headers_of(const HttpRequest& request) {
    Headers list;
    const auto add = [&](const std::string& text) {
      auto* grown = curl_slist_append(list.get(), text.c_str());
      CDX_ASSERT(grown != nullptr);
      (void)list.release();
      list.reset(grown);
    };
    add("Expect:");  // no waiting for a 100 before the body
    for (const auto& [name, value] : request.headers) add(value.empty() ? name + ";" : name + ": " + value);
    return list;
  }

  milliseconds limit_of(const Call& call) const {
    if (call.deadline == steady_clock::time_point::max()) return options_.request_timeout;
    const auto left = std::chrono::ceil<milliseconds>(call.deadline - steady_clock::now());
    return std::clamp(left, milliseconds(1), options_.request_timeout);
  }

  // The list must outlive the transfer, as must request and arrival.
  Headers set_up(Line& line, const Call& call, const HttpRequest& request, Arrival& arrival) {
    CURL* easy = line.easy.get();
    auto headers = headers_of(request);
    const auto set = [easy](CURLoption option, auto value) {
      const auto code = curl_easy_setopt(easy, option, value);
      CDX_ASSERT(code == CURLE_OK || code == CURLE_OUT_OF_MEMORY);
    };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a stuck name server must not hold up a deadline
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_USERAGENT, "creatordex");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit_of(call).count()));
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, &arrival);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, &arrival);
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" || !request.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.c_str());
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    return headers;
  }

  // Until the transfer has ended or the Call is stopped, which wakes the wait.
  static CURLcode transfer(Line& line, const Call& call) {
    CURLM* multi = line.multi.get();
    if (curl_multi_add_handle(multi, line.easy.get()) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    const std::stop_callback wake(call.stop, [multi] { curl_multi_wakeup(multi); });
    CURLcode code = CURLE_OK;
    for (int running = 1; running > 0;) {
      if (call.stop.stop_requested()) {
        code = CURLE_ABORTED_BY_CALLBACK;
        break;
      }
      auto state = curl_multi_perform(multi, &running);
      if (state == CURLM_OK && running > 0) state = curl_multi_poll(multi, nullptr, 0, 1'000, nullptr);
      if (state != CURLM_OK) {
        code = CURLE_OUT_OF_MEMORY;
        break;
      }
    }
    int waiting = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &waiting))
      if (message->msg == CURLMSG_DONE) code = message->data.result;
    curl_multi_remove_handle(multi, line.easy.get());
    return code;
  }

  ClientOptions options_;
  std::mutex mutex_;
  std::vector<Line> idle_;
};

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [other, value] : headers)
    if (same_name(other, name)) return value;
  return {};
}

Result<std::unique_ptr<HttpClient>> open_http_client(const ClientOptions& options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK)
    return fail(ErrorKind::unavailable, std::string("HTTP client: ") + curl_easy_strerror(started));
  return std::make_unique<CurlClient>(options);
}

}  // namespace cdx::http
