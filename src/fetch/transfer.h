// One download at a time over one curl handle, reused. Inside the fetch room only.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "fetch/fetch.h"

namespace cdx::fetch {

// How one request ended.
struct Outcome {
  enum class Kind : std::uint8_t { ok, unchanged, redirect, retry, dead };
  Kind kind = Kind::dead;
  std::string error;
  int http_status = 0;
  std::string location;               // of a redirect
  std::chrono::milliseconds wait{0};  // as the server asked
  bool host_failed = false;           // the host's fault, not the file's
  std::string content_type, etag, last_modified;
};

class Transfer {
 public:
  Transfer(const FetchOptions& options, const AddressGuard& guard, const Sniff& sniff);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Makes the handle ready to ask for `target`; conditional where `known` has something to compare with.
  void prepare(const Target& target, const Standing* known);
  void* handle() const;  // CURL*
  // After the transfer ended with this CURLcode.
  Outcome outcome(int code) const;
  std::string take_body();
  const std::string& ending() const;  // of the file, by its first bytes

 private:
  friend struct TransferCallbacks;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdx::fetch
