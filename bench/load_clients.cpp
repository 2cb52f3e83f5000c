#include "load_clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace cdx::bench {
namespace {

using Clock = std::chrono::steady_clock;

int connect_to(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &to, sizeof generic);
  if (::connect(made, &generic, sizeof generic) == 0) return made;
  ::close(made);
  return -1;
}

struct Client {
  int socket = -1;
  bool asking = false;
  Clock::time_point next;  // when it asks again, or when it asked
  std::string out, in;
  std::size_t sent = 0;
};

// The size of the whole answer; 0: its head is not there yet.
std::size_t answer_size(const std::string& in) {
  const auto head = in.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  const auto at = in.find("Content-Length: ");
  if (at == std::string::npos || at > head) return head + 4;
  std::size_t body = 0;
  std::from_chars(in.data() + at + 16, in.data() + head, body);
  return head + 4 + body;
}

class Load {
 public:
  explicit Load(const LoadOptions& options)
      : options_(options), random_(options.seed), clients_(static_cast<std::size_t>(options.clients)) {}

  LoadReport run() {
    const auto start = Clock::now();
    const auto after = [&](double seconds) {
      return start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    };
    counting_from_ = after(options_.warm_up_s);
    const auto end = after(options_.warm_up_s + options_.seconds);
    for (auto& client : clients_) client.next = start + pause();
    while (Clock::now() < end) turn();
    for (auto& client : clients_) ::close(client.socket);
    report_.seconds = options_.seconds;
    std::sort(times_.begin(), times_.end());
    const auto at = [&](double share) {
      if (times_.empty()) return 0.0;
      return times_[static_cast<std::size_t>(std::ceil(share * static_cast<double>(times_.size()))) - 1];
    };
    report_.p50_ms = at(0.5);
    report_.p95_ms = at(0.95);
    report_.p99_ms = at(0.99);
    report_.most_ms = at(1);
    return report_;
  }

 private:
  Clock::duration pause() {
    if (options_.think_s <= 0) return {};
    std::exponential_distribution<double> time(1 / options_.think_s);
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(time(random_)));
  }

  void turn() {
    std::vector<pollfd> waiting;
    std::vector<Client*> of;
    auto wake = Clock::now() + std::chrono::milliseconds(50);
    for (auto& client : clients_) {
      if (!client.asking && client.next <= Clock::now()) begin(client);
      if (!client.asking) {
        wake = std::min(wake, client.next);
        continue;
      }
      const bool sending = client.sent < client.out.size();
      waiting.push_back({client.socket, static_cast<short>(sending ? POLLOUT : POLLIN), 0});
      of.push_back(&client);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wake - Clock::now()).count();
    ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
    for (std::size_t i = 0; i < waiting.size(); ++i)
      if (waiting[i].revents != 0) go_on(*of[i]);
  }

  void begin(Client& client) {
    if (client.socket < 0) client.socket = connect_to(options_.port);
    client.out = options_.request(number_++);
    client.in.clear();
    client.sent = 0;
    client.asking = true;
    client.next = Clock::now();
  }

  void go_on(Client& client) {
    if (client.sent < client.out.size()) {
      const auto done = ::send(client.socket, client.out.data() + client.sent,
                               client.out.size() - client.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (done < 0) return finish(client, false);
      client.sent += static_cast<std::size_t>(done);
      return;
    }
    char buffer[65'536];
    const auto got = ::recv(client.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got <= 0) return finish(client, false);
    client.in.append(buffer, static_cast<std::size_t>(got));
    const auto size = answer_size(client.in);
    if (size != 0 && client.in.size() >= size) finish(client, true);
  }

  void finish(Client& client, bool whole) {
    const auto now = Clock::now();
    const auto status = whole ? client.in.substr(9, 3) : std::string();
    if (client.next >= counting_from_) {
      if (status == "200") {
        ++report_.answered;
        times_.push_back(std::chrono::duration<double, std::milli>(now - client.next).count());
      } else {
        ++(status == "503" ? report_.refused : report_.failed);
      }
    }
    if (!whole) {
      ::close(client.socket);
      client.socket = -1;
    }
    client.asking = false;
    client.next = now + pause();
  }

  const LoadOptions& options_;
  std::mt19937_64 random_;
  std::vector<Client> clients_;
  std::vector<double> times_;
  LoadReport report_;
  Clock::time_point counting_from_;
  std::uint64_t number_ = 0;
};

}  // namespace

LoadReport load(const LoadOptions& options) { return Load(options).run(); }

}  // namespace cdx::bench
