// manifest.jsonl: what was tried, one line an attempt; the last line of a URL says how it stands. Part of
// fetch/fetch.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/time.h"

namespace cdx::fetch {

struct Attempt {
  std::string url;        // as asked, canonical
  std::string final_url;  // after redirects
  std::string status;     // "ok", "unchanged", "retry", "dead"
  int http_status = 0;    // 0: none came
  std::string error;      // why not; empty for ok and unchanged
  std::uint64_t bytes = 0;
  std::string content_type;  // as the server says
  std::string sha256;        // of the file, hex
  std::string file;          // relative to the folder
  std::string etag, last_modified;
  std::int64_t latency_ms = 0;
  int attempt = 1;  // of this run
  Time at = {};
};

std::string to_line(const Attempt& attempt);  // one JSON object and "\n"
// `invalid` with the reason for a line that is no attempt.
Result<Attempt> parse_line(std::string_view line);

// How a URL stands after its last line.
struct Standing {
  bool done = false, dead = false;
  std::string file, sha256, etag, last_modified;
  std::uint64_t bytes = 0;
  std::string error = {};  // why it is dead
};

// Appends lines whole; reads what earlier runs wrote. A last line that was cut short by a crash is ended, so
// that the next one begins anew; lines that cannot be read are counted and left alone.
class Manifest {
 public:
  static Result<Manifest> open(const std::string& path);
  Manifest(Manifest&& other) noexcept;
  Manifest& operator=(Manifest&&) = delete;
  Manifest(const Manifest&) = delete;
  Manifest& operator=(const Manifest&) = delete;
  ~Manifest();

  const Standing* standing(std::string_view url) const;  // null: never tried
  const std::unordered_map<std::string, Standing>& all() const { return standings_; }
  std::size_t unreadable() const { return unreadable_; }
  Status append(const Attempt& attempt);

 private:
  explicit Manifest(int file) : file_(file) {}
  void take(const Attempt& attempt);

  int file_ = -1;
  std::unordered_map<std::string, Standing> standings_;
  std::size_t unreadable_ = 0;
};

}  // namespace cdx::fetch
