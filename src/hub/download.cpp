#include "hub/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>
#include <system_error>

namespace cdx::hub {
namespace {

constexpr long slowest_bytes_per_second = 1'000;

class PartFile {
 public:
  explicit PartFile(const std::string& path)
      : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) {}
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile() {
    if (file_ >= 0) ::close(file_);
  }
  bool open() const { return file_ >= 0; }
  std::uint64_t size() const {
    struct stat about {};
    return ::fstat(file_, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
  }
  bool cut(std::uint64_t size) {
    return ::ftruncate(file_, static_cast<off_t>(size)) == 0 &&
           ::lseek(file_, static_cast<off_t>(size), SEEK_SET) >= 0;
  }
  bool append(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool keep() { return ::fsync(file_) == 0; }

 private:
  int file_;
};

// What curl's callbacks share; nothing may be thrown through C.
struct Transfer {
  CURL* easy = nullptr;
  const Call* call = nullptr;
  PartFile* part = nullptr;
  const std::function<void(std::uint64_t)>* grown = nullptr;
  std::uint64_t wanted = 0, size = 0;
  std::uint64_t range_start = 0;
  bool has_range = false, begun = false;
  bool too_long = false, wrong_range = false, disk_failed = false;
  int disk_error = 0;

  long status() const {
    long out = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &out);
    return out;
  }
  // Before the first byte: does it continue the part, or begin anew?
  bool begin() {
    begun = true;
    if (status() == 206) {
      wrong_range = !has_range || range_start != size;
      return !wrong_range;
    }
    size = 0;
    return part->cut(0) || failed();
  }
  bool failed() {
    disk_failed = true;
    disk_error = errno;
    return false;
  }
};

std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& at = *static_cast<Transfer*>(to);
  if (const long status = at.status(); status != 200 && status != 206) return count;  // an error's page
  if (!at.begun && !at.begin()) return 0;
  if (count > at.wanted - at.size) {
    at.too_long = true;
    return 0;
  }
  if (!at.part->append({bytes, count})) {
    at.failed();
    return 0;
  }
  at.size += count;
  if (*at.grown) (*at.grown)(at.size);
  return count;
}

// "Content-Range: bytes 100-199/200"; each answer of a chain of redirects begins anew.
std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& at = *static_cast<Transfer*>(to);
  const std::string_view line(bytes, count);
  if (line.starts_with("HTTP/")) at.has_range = false;
  constexpr std::string_view name = "content-range:";
  const bool is_range =
      line.size() > name.size() && std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
      });
  if (is_range) {
    const std::size_t digits = line.find_first_of("0123456789");
    if (digits != std::string_view::npos)
      at.has_range =
          std::from_chars(line.data() + digits, line.data() + line.size(), at.range_start).ec == std::errc{};
  }
  return count;
}

int on_progress(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(to)->call->check() ? 0 : 1;
}

void prepare(CURL* easy, const PullOptions& options, const std::string& url, Transfer& transfer) {
  curl_easy_reset(easy);
  const bool safe = options.base.starts_with("https:");
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, safe ? "https" : "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, safe ? "https" : "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(options.redirects));
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "creatordex");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, slowest_bytes_per_second);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_time.count()));
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (transfer.size > 0)
    curl_easy_setopt(easy, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(transfer.size));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
}

Attempt failed(ErrorKind kind, std::string message, bool may_pass = false, bool restart = false) {
  return {may_pass, restart, Error{kind, std::move(message)}};
}

// Why the transfer has not brought all bytes.
Attempt judge(const Transfer& at, CURLcode code, const std::string& url) {
  const long status = at.status();
  if (at.disk_failed)
    return failed(ErrorKind::unavailable, "cannot write: " + std::generic_category().message(at.disk_error));
  if (at.too_long) return failed(ErrorKind::corrupt, url + ": has more bytes than were pinned", false, true);
  if (at.wrong_range || code == CURLE_RANGE_ERROR || status == 416)
    return failed(ErrorKind::unavailable, url + ": does not go on where the part ends", true, true);
  if (status == 401 || status == 403)
    return failed(ErrorKind::unauthorized, fmt::format("{}: the server answered {}", url, status));
  if (status == 404 || status == 410)
    return failed(ErrorKind::not_found, fmt::format("{}: the server answered {}: no such file", url, status));
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return failed(ErrorKind::unauthorized, url + ": its certificate is not trusted");
  if (code == CURLE_TOO_MANY_REDIRECTS) return failed(ErrorKind::invalid, url + ": too many redirects");
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    return failed(ErrorKind::invalid, url + ": " + curl_easy_strerror(code));
  if (code != CURLE_OK) return failed(ErrorKind::unavailable, url + ": " + curl_easy_strerror(code), true);
  if (status != 200 && status != 206) {
    const bool may_pass = status == 408 || status == 425 || status == 429 || status >= 500;
    return failed(may_pass ? ErrorKind::unavailable : ErrorKind::invalid,
                  fmt::format("{}: the server answered {}", url, status), may_pass);
  }
  return failed(ErrorKind::unavailable,
                fmt::format("{}: ended after {} of {} bytes", url, at.size, at.wanted), true);
}

}  // namespace

Downloader::Downloader() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  easy_ = curl_easy_init();
}
Downloader::~Downloader() { curl_easy_cleanup(easy_); }

Result<void> Downloader::run(const Call& call, const PullOptions& options, const PinnedFile& file,
                             const std::string& path, const std::function<void(std::uint64_t)>& grown,
                             Attempt& attempt) {
  CDX_TRY(call.check());
  const std::string url = options.base + "/" + file.source;
  PartFile part(path);
  Transfer transfer;
  transfer.easy = easy_;
  transfer.call = &call;
  transfer.part = &part;
  transfer.grown = &grown;
  transfer.wanted = file.bytes;
  transfer.size = part.open() ? part.size() : 0;
  if (transfer.size > file.bytes) transfer.size = 0;
  if (easy_ == nullptr || !part.open() || !part.cut(transfer.size)) {
    attempt = failed(ErrorKind::unavailable, path + ": " + std::generic_category().message(errno));
    return tl::unexpected<Error>(attempt.error);
  }
  if (transfer.size == file.bytes) return {};
  prepare(easy_, options, url, transfer);
  const CURLcode code = curl_easy_perform(easy_);
  part.keep();
  if (transfer.size == file.bytes && !transfer.too_long) return {};
  CDX_TRY(call.check());
  attempt = judge(transfer, code, url);
  return tl::unexpected<Error>(attempt.error);
}

}  // namespace cdx::hub
