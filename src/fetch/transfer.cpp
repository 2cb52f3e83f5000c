#include "fetch/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>

namespace cdx::fetch {

struct Transfer::State {
  const FetchOptions& options;
  const AddressGuard& guard;
  const Sniff& sniff;
  State(const FetchOptions& the_options, const AddressGuard& the_guard, const Sniff& the_sniff)
      : options(the_options), guard(the_guard), sniff(the_sniff) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  CURL* easy = curl_easy_init();
  curl_slist* headers = nullptr;
  bool conditional = false;
  std::string body, ending, refused;  // refused: why the guard or the sniffer said no
  bool sniffed = false;
  std::string location, etag, last_modified, content_type, retry_after;

  ~State() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
  }
  bool is_redirect() const {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 300 && status < 400;
  }
};

namespace {

constexpr std::size_t enough_to_sniff = 16;
constexpr std::size_t longest_header = 2'000;  // of those that are kept

bool is_header(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
         });
}

std::string trimmed(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return std::string(text.substr(0, longest_header));
}

bool may_pass(long status) { return status == 408 || status == 425 || status == 429 || status >= 500; }

// Faults of the way there, which may be gone next time.
bool may_pass(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

}  // namespace

// Called by curl with State as its pointer; nothing may be thrown through C.
struct TransferCallbacks {
  static std::size_t write(char* bytes, std::size_t, std::size_t size, void* to) {
    auto& state = *static_cast<Transfer::State*>(to);
    if (state.is_redirect()) return size;  // its body is of no interest
    if (state.body.size() + size > state.options.max_bytes) {
      state.refused = fmt::format("larger than {} bytes", state.options.max_bytes);
      return 0;
    }
    state.body.append(bytes, size);
    if (state.sniffed || state.body.size() < enough_to_sniff) return size;
    return accept(state) ? size : 0;
  }

  static bool accept(Transfer::State& state) {
    state.sniffed = true;
    state.ending = state.sniff ? state.sniff(state.body) : "bin";
    if (state.ending.empty()) state.refused = "not a file of a wanted kind, by its first bytes";
    return !state.ending.empty();
  }

  static std::size_t header(char* bytes, std::size_t, std::size_t size, void* to) {
    auto& state = *static_cast<Transfer::State*>(to);
    const std::string_view line(bytes, size);
    const auto keep = [&](std::string_view name, std::string& into) {
      if (is_header(line, name)) into = trimmed(line.substr(name.size() + 1));
    };
    keep("location", state.location);
    keep("etag", state.etag);
    keep("last-modified", state.last_modified);
    keep("content-type", state.content_type);
    keep("retry-after", state.retry_after);
    return size;
  }

  // Here the address that was resolved is checked, and here the socket to it is made: nothing lies between.
  static curl_socket_t socket(void* to, curlsocktype purpose, curl_sockaddr* address) {
    auto& state = *static_cast<Transfer::State*>(to);
    const auto why = purpose == CURLSOCKTYPE_IPCXN ? state.guard.refusal(&address->addr)
                                                   : std::string("only outgoing connections are made");
    if (!why.empty()) {
      state.refused = why;
      return CURL_SOCKET_BAD;
    }
    state.refused.clear();  // another address of this host was refused before
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }
};

Transfer::Transfer(const FetchOptions& options, const AddressGuard& guard, const Sniff& sniff)
    : state_(new State(options, guard, sniff)) {}
Transfer::~Transfer() = default;
void* Transfer::handle() const { return state_->easy; }
const std::string& Transfer::ending() const { return state_->ending; }
std::string Transfer::take_body() { return std::move(state_->body); }

void Transfer::prepare(const Target& target, const Standing* known) {
  auto& state = *state_;
  auto* easy = state.easy;
  const auto& options = state.options;
  curl_easy_reset(easy);
  curl_slist_free_all(state.headers);
  state.headers = nullptr;
  for (auto* text : {&state.body, &state.ending, &state.refused, &state.location, &state.etag,
                     &state.last_modified, &state.content_type, &state.retry_after})
    text->clear();
  state.sniffed = false;
  state.conditional = known != nullptr && (!known->etag.empty() || !known->last_modified.empty());
  const auto add = [&](const std::string& line) {
    state.headers = curl_slist_append(state.headers, line.c_str());
  };
  if (state.conditional && !known->etag.empty()) add("If-None-Match: " + known->etag);
  if (state.conditional && !known->last_modified.empty()) add("If-Modified-Since: " + known->last_modified);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, state.headers);
  curl_easy_setopt(easy, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, options.net.allow_http ? "http,https" : "https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // also none from the environment
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_time.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options.slowest_bytes_per_second));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 3L);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.max_bytes));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &TransferCallbacks::write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &state);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &TransferCallbacks::header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &state);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &TransferCallbacks::socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &state);
}

Outcome Transfer::outcome(int code) const {
  auto& state = *state_;
  Outcome out;
  long status = 0;
  curl_easy_getinfo(state.easy, CURLINFO_RESPONSE_CODE, &status);
  out.http_status = static_cast<int>(status);
  out.content_type = state.content_type;
  out.etag = state.etag;
  out.last_modified = state.last_modified;
  if (!state.refused.empty()) {
    out.error = state.refused;
    return out;
  }
  if (code == CURLE_FILESIZE_EXCEEDED) {
    out.error = fmt::format("larger than {} bytes", state.options.max_bytes);
    return out;
  }
  if (code != CURLE_OK) {
    out.error = curl_easy_strerror(static_cast<CURLcode>(code));
    out.host_failed = may_pass(static_cast<CURLcode>(code));
    out.kind = out.host_failed ? Outcome::Kind::retry : Outcome::Kind::dead;
    return out;
  }
  if (status == 304 && state.conditional) {
    out.kind = Outcome::Kind::unchanged;
  } else if (state.is_redirect() && !state.location.empty()) {
    out.kind = Outcome::Kind::redirect;
    out.location = state.location;
  } else if (status == 200) {
    if (state.body.empty()) {
      out.error = "the file is empty";
    } else if (!state.sniffed && !TransferCallbacks::accept(state)) {
      out.error = state.refused;
    } else {
      out.kind = Outcome::Kind::ok;
    }
  } else {
    out.error = fmt::format("the server answered {}", status);
    out.kind = may_pass(status) ? Outcome::Kind::retry : Outcome::Kind::dead;
    out.host_failed = status >= 500 || status == 429;
    int seconds = 0;
    const auto& asked = state.retry_after;
    if (std::from_chars(asked.data(), asked.data() + asked.size(), seconds).ec == std::errc{} && seconds > 0)
      out.wait = std::chrono::seconds(std::min(seconds, 3'600));
  }
  return out;
}

}  // namespace cdx::fetch
