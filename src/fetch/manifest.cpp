#include "fetch/manifest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/json_text.h"
#include "io/file.h"

namespace cdx::fetch {
namespace {

Error broken(const std::string& path, std::string_view doing) {
  return {ErrorKind::unavailable, fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)), {}};
}

// Lines of a mapped file, and whether the last one was ended.
template <class Take>
bool each_line(std::string_view bytes, Take&& take) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return false;
    take(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

std::string to_line(const Attempt& attempt) {
  JsonWriter out;
  out.object([&] {
    out.key("url").value(attempt.url);
    out.key("final_url").value(attempt.final_url);
    out.key("status").value(attempt.status);
    out.key("http_status").value(attempt.http_status);
    out.key("error").value(attempt.error);
    out.key("bytes").value(attempt.bytes);
    out.key("content_type").value(attempt.content_type);
    out.key("sha256").value(attempt.sha256);
    out.key("file").value(attempt.file);
    out.key("etag").value(attempt.etag);
    out.key("last_modified").value(attempt.last_modified);
    out.key("latency_ms").value(attempt.latency_ms);
    out.key("attempt").value(attempt.attempt);
    out.key("at").value(format_time(attempt.at));
  });
  return out.take() + "\n";
}

Result<Attempt> parse_line(std::string_view line) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(line)).get(object) != simdjson::SUCCESS)
    return fail(ErrorKind::invalid, "the line is no JSON object");
  Attempt out;
  const auto text = [&](const char* key, std::string& into) {
    std::string_view value;
    if (object[key].get(value) == simdjson::SUCCESS) into = value;
  };
  text("url", out.url);
  text("final_url", out.final_url);
  text("status", out.status);
  text("error", out.error);
  text("content_type", out.content_type);
  text("sha256", out.sha256);
  text("file", out.file);
  text("etag", out.etag);
  text("last_modified", out.last_modified);
  std::int64_t number = 0;
  if (object["http_status"].get(number) == simdjson::SUCCESS) out.http_status = static_cast<int>(number);
  if (object["bytes"].get(number) == simdjson::SUCCESS && number >= 0)
    out.bytes = static_cast<std::uint64_t>(number);
  if (object["latency_ms"].get(number) == simdjson::SUCCESS) out.latency_ms = number;
  if (object["attempt"].get(number) == simdjson::SUCCESS) out.attempt = static_cast<int>(number);
  std::string at;
  text("at", at);
  if (const auto time = parse_time(at)) out.at = *time;
  if (out.url.empty() || out.status.empty())
    return fail(ErrorKind::invalid, "the line lacks \"url\" or \"status\"");
  return out;
}

Result<Manifest> Manifest::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return tl::unexpected<Error>(broken(path, "open"));
  Manifest out(file);
  CDX_TRY_LET(const auto mapped, MappedFile::open(path));
  const bool whole = each_line(mapped.bytes(), [&](std::string_view line) {
    if (const auto attempt = parse_line(line))
      out.take(*attempt);
    else
      ++out.unreadable_;
  });
  if (!whole) {
    ++out.unreadable_;
    if (::write(file, "\n", 1) != 1) return tl::unexpected<Error>(broken(path, "write to"));
  }
  return out;
}

Manifest::Manifest(Manifest&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      standings_(std::move(other.standings_)),
      unreadable_(other.unreadable_) {}

Manifest::~Manifest() {
  if (file_ >= 0) ::close(file_);
}

const Standing* Manifest::standing(std::string_view url) const {
  const auto at = standings_.find(std::string(url));
  return at == standings_.end() ? nullptr : &at->second;
}

void Manifest::take(const Attempt& attempt) {
  auto& standing = standings_[attempt.url];
  if (attempt.status == "ok") {
    standing = {true,         false, attempt.file, attempt.sha256, attempt.etag, attempt.last_modified,
                attempt.bytes};
  } else if (attempt.status == "dead") {
    standing.dead = true;
    standing.error = attempt.error;
  }
  // "retry" and "unchanged" leave what stood.
}

Status Manifest::append(const Attempt& attempt) {
  const auto line = to_line(attempt);
  for (std::string_view rest = line; !rest.empty();) {
    const auto written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return fail(ErrorKind::unavailable, fmt::format("cannot write the manifest: {}", std::strerror(errno)));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  take(attempt);
  return {};
}

}  // namespace cdx::fetch
