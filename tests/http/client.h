// A small HTTP client for tests: raw bytes out, answers in, so that tests can send what no library would.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cdx::test {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// One connection to 127.0.0.1. Every read gives up after 20 s, so that a broken server fails a test, not
// hangs it.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return socket_ >= 0; }
  bool send(std::string_view bytes);
  void close_sending();
  void reset();  // ends the connection with a reset
  // The next answer; absent when the connection ended or stalled. `head`: the answer to a HEAD request,
  // without body.
  std::optional<Reply> receive(bool head = false);
  bool at_end();  // waits until the server has closed; false when it sent more or stalled

  std::optional<Reply> ask(std::string_view method, std::string_view target, std::string_view body = {},
                           std::string_view more_headers = {});

 private:
  bool fill();

  int socket_ = -1;
  std::string buffer_;
};

std::string request_text(std::string_view method, std::string_view target, std::string_view body = {},
                         std::string_view more_headers = {});

}  // namespace cdx::test
