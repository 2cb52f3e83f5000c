// Requests per CPU-second of the server's side: GET /livez, and a search answer of 20 hits rendered and sent.
// The load comes from a forked process, so that only the server's CPU counts. One JSON line a figure.
// Usage: http_bench [seconds] [connections]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "io/http/http_server.h"
#include "serve/render.h"

namespace {

using namespace cdx;
using Clock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Answer twenty_hits() {
  Answer answer;
  answer.total = 1'000;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Account account;
    account.id = AccountId{i};
    account.handle = Sourced<std::string>{"creator" + std::to_string(i),
                                          account.origin({"file:a.csv", {}, {}, "", "", 1})};
    account.followers = Sourced<std::int64_t>{182'000, 0};
    Hit hit;
    hit.id = CreatorId{i};
    hit.score = 0.71;
    hit.parts = {{"keyword", 0.6, 0.45, {}}, {"semantic", 0.8, 0.5, {}}, {"quality", 0.6, 0.05, {}}};
    hit.why = "bio speaks of samba and dance; 5 of 8 posts on dancing; strong engagement";
    hit.highlights = {{"bio", "I <mark>dance</mark> samba every day in Rio"}};
    hit.profile.creator.name = "Ana Souza";
    hit.profile.creator.summary = "Brazilian dancer with daily short videos about samba and street dance";
    hit.profile.accounts = {account};
    answer.hits.push_back(std::move(hit));
  }
  return answer;
}

int connect_to(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &to, sizeof generic);
  return ::connect(made, &generic, sizeof generic) == 0 ? made : -1;
}

// Asks on every connection in turn until the time is up; gives the number of answers.
long ask(std::uint16_t port, const std::string& request, int connections, double seconds) {
  std::vector<int> sockets;
  for (int i = 0; i < connections; ++i) sockets.push_back(connect_to(port));
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  long answers = 0;
  std::vector<char> buffer(1 << 20U);
  while (Clock::now() < end) {
    for (const int socket : sockets)
      if (::send(socket, request.data(), request.size(), 0) < 0) return answers;
    for (const int socket : sockets) {
      std::size_t got = 0, wanted = 0;
      while (wanted == 0 || got < wanted) {
        const auto size = ::recv(socket, buffer.data() + got, buffer.size() - got, 0);
        if (size <= 0) return answers;
        got += static_cast<std::size_t>(size);
        const std::string_view text(buffer.data(), got);
        const auto head = text.find("\r\n\r\n"), length = text.find("Content-Length: ");
        if (wanted == 0 && head != std::string_view::npos)
          wanted = head + 4 + std::strtoul(text.data() + length + 16, nullptr, 10);
      }
      ++answers;
    }
  }
  for (const int socket : sockets) ::close(socket);
  return answers;
}

void measure(const char* name, std::uint16_t port, const std::string& request, int connections,
             double seconds) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const double before = cpu_seconds();
  const pid_t child = ::fork();
  if (child == 0) {
    const long answers = ask(port, request, connections, seconds);
    _exit(::write(ends[1], &answers, sizeof answers) == sizeof answers ? 0 : 1);
  }
  long answers = 0;
  const bool told = ::read(ends[0], &answers, sizeof answers) == sizeof answers;
  ::waitpid(child, nullptr, 0);
  const double used = cpu_seconds() - before;
  std::printf(R"({"case":"%s","answers":%ld,"server_cpu_seconds":%.3f,"per_cpu_second":%.0f})"
              "\n",
              name, told ? answers : 0, used, static_cast<double>(answers) / used);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  const int connections = argc > 2 ? std::atoi(argv[2]) : 32;
  const auto answer = twenty_hits();
  http::ServerOptions options;
  options.port = 0;
  http::Handlers handlers;
  handlers.quick = [](const http::Request& request) { return request.path == "/livez"; };
  handlers.answer = [&](const http::Request& request) {
    if (request.path != "/search") return http::Response{200, "text/plain", {}, "alive\n"};
    return http::Response{
        200, "application/json", {}, serve::render_answer(answer, {{}, "rq_1", 1.0, false, true})};
  };
  const auto server = http::HttpServer::open(options, std::move(handlers));
  if (!server) return std::fprintf(stderr, "%s\n", server.error().message.c_str()), 1;
  const auto port = (*server)->port();
  const std::string end = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  measure("livez", port, "GET /livez" + end, connections, seconds);
  measure("livez through a worker", port, "GET /other" + end, connections, seconds);
  measure("20 hits rendered", port, "GET /search" + end, connections, seconds);
  const double before = cpu_seconds();
  std::size_t bytes = 0;
  constexpr int rounds = 2'000;
  for (int i = 0; i < rounds; ++i)
    bytes = serve::render_answer(answer, {{}, "rq_1", 1.0, false, true}).size();
  const double used = cpu_seconds() - before;
  std::printf(R"({"case":"rendering alone","bytes":%zu,"per_cpu_second":%.0f})"
              "\n",
              bytes, rounds / used);
  return 0;
}
