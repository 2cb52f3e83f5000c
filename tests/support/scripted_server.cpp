#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace cdx::test {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool fill(int socket, std::string& buffer) {
  char bytes[16'384];
  const auto size = ::recv(socket, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(size));
  return true;
}

// The next request of the connection; absent when it ended.
std::optional<SeenRequest> read_request(int socket, std::string& buffer) {
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
    if (!fill(socket, buffer)) return {};
  SeenRequest out;
  std::string_view head = std::string_view(buffer).substr(0, end + 2);
  const auto first = head.substr(0, head.find("\r\n"));
  out.method = first.substr(0, first.find(' '));
  const auto target = first.substr(std::min(first.size(), out.method.size() + 1));
  out.target = target.substr(0, target.find(' '));
  head.remove_prefix(first.size() + 2);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    out.headers[lower(line.substr(0, colon))] = value;
  }
  const auto length = out.headers.find("content-length");
  const std::size_t size = length == out.headers.end() ? 0 : std::stoul(length->second);
  while (buffer.size() < end + 4 + size)
    if (!fill(socket, buffer)) return {};
  out.body = buffer.substr(end + 4, size);
  buffer.erase(0, end + 4 + size);
  return out;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &at, sizeof generic);
  socklen_t size = sizeof generic;
  if (::bind(listener_, &generic, sizeof generic) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, &generic, &size) != 0)
    throw std::runtime_error("the scripted server cannot listen");
  std::memcpy(&at, &generic, sizeof at);
  port_ = ntohs(at.sin_port);
  accepting_ = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  changed_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

std::string ScriptedServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<SeenRequest> ScriptedServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void ScriptedServer::wait_until_seen(std::size_t requests) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(20), [&] { return seen_.size() >= requests; });
}

void ScriptedServer::accept() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (socket < 0 || stopping_) {
      if (socket >= 0) ::close(socket);
      return;
    }
    open_.insert(socket);
    threads_.emplace_back([this, socket, number = threads_.size()] { serve(socket, number); });
  }
}

void ScriptedServer::serve(int socket, std::size_t number) {
  std::string buffer;
  while (auto request = read_request(socket, buffer)) {
    request->connection = number;
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(*request);
    }
    changed_.notify_all();
    if (!answer(socket, script_(*request))) break;
  }
  const std::lock_guard lock(mutex_);
  open_.erase(socket);
  ::close(socket);
}

// False: the connection is to be closed.
bool ScriptedServer::answer(int socket, const ScriptedReply& reply) {
  if (reply.hang) pause(std::chrono::hours(1));
  if (reply.hang || reply.hang_up) return false;
  if (!reply.raw.empty()) return send_all(socket, reply.raw) && false;
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) +
                     " Scripted\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  return send_all(socket, head + "\r\n") && send_slowly(socket, reply);
}

bool ScriptedServer::send_slowly(int socket, const ScriptedReply& reply) {
  const auto whole = std::string_view(reply.body).substr(0, reply.cut_after);
  const auto step = reply.drip_bytes == 0 ? whole.size() : reply.drip_bytes;
  for (std::size_t at = 0; at < whole.size(); at += step) {
    if (at > 0) pause(reply.drip_pause);
    if (!send_all(socket, whole.substr(at, step))) return false;
  }
  return whole.size() == reply.body.size();
}

void ScriptedServer::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return stopping_; });
}

}  // namespace cdx::test
