// An HTTP server on loopback whose every answer is a script's: late, slow, cut short, hanging, or no HTTP.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cdx::test {

struct SeenRequest {
  std::string method, target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::size_t connection = 0;  // which connection it came on, from 0
};

struct ScriptedReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::size_t cut_after = std::numeric_limits<std::size_t>::max();  // body bytes sent before it hangs up
  std::size_t drip_bytes = 0;  // 0: all at once; else so many at a time, with pauses
  std::chrono::milliseconds drip_pause{20};
  bool hang = false;     // takes the request and never answers
  bool hang_up = false;  // takes the request and closes
  std::string raw = {};       // sent as it is instead of an answer; then closed
};

// Answers come from one thread for each connection; `script` must be thread-safe.
class ScriptedServer {
 public:
  using Script = std::function<ScriptedReply(const SeenRequest&)>;
  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path) const;
  std::vector<SeenRequest> seen() const;
  void wait_until_seen(std::size_t requests) const;  // at most 20 s

 private:
  void accept();
  void serve(int socket, std::size_t number);
  bool answer(int socket, const ScriptedReply& reply);
  bool send_slowly(int socket, const ScriptedReply& reply);
  void pause(std::chrono::milliseconds time);

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  std::set<int> open_;
  std::vector<SeenRequest> seen_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace cdx::test
