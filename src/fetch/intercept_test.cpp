#include "fetch/intercept_test.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

namespace {

std::mutex mutex;
std::vector<std::string> connects;
std::function<std::vector<std::string>(const std::string&)> resolver;

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string shown(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace

namespace cdx::fetch::test {

std::vector<std::string> take_connects() {
  const std::scoped_lock lock(mutex);
  return std::exchange(connects, {});
}

void set_resolver(std::function<std::vector<std::string>(const std::string&)> resolve) {
  const std::scoped_lock lock(mutex);
  resolver = std::move(resolve);
}

}  // namespace cdx::fetch::test

extern "C" int connect(int socket, const sockaddr* address, socklen_t size) {
  static auto* const real_connect = real<int(int, const sockaddr*, socklen_t)>("connect");
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
    return real_connect(socket, address, size);
  const auto to = shown(address);
  {
    const std::scoped_lock lock(mutex);
    connects.push_back(to);
  }
  if (to.starts_with("127.")) return real_connect(socket, address, size);
  errno = ECONNREFUSED;
  return -1;
}

extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** out) {
  static auto* const real_resolve =
      real<int(const char*, const char*, const addrinfo*, addrinfo**)>("getaddrinfo");
  std::vector<std::string> answers;
  in6_addr scratch{};
  if (host != nullptr &&
      (inet_pton(AF_INET, host, &scratch) == 1 || inet_pton(AF_INET6, host, &scratch) == 1)) {
    answers = {host};
  } else if (host != nullptr) {
    const std::scoped_lock lock(mutex);
    if (resolver) answers = resolver(host);
  }
  *out = nullptr;
  addrinfo** end = out;
  addrinfo numeric = hints == nullptr ? addrinfo{} : *hints;
  numeric.ai_flags = AI_NUMERICHOST;
  numeric.ai_family = AF_UNSPEC;
  for (const auto& answer : answers) {
    if (real_resolve(answer.c_str(), service, &numeric, end) != 0) continue;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return *out == nullptr ? EAI_NONAME : 0;
}
