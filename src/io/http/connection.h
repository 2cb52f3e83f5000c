// One client's connection: reads requests, has them answered one after the other, writes the answers. Private
// to io/http. Lives on one I/O thread; only `answered` arrives from a worker, by way of that thread's
// context.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>

#include "io/http/http_server.h"
#include "io/http/workers.h"

namespace cdx::http {

class Connection;

// What all connections of a server share.
struct Shared {
  Shared(ServerOptions server_options, Handlers server_handlers)
      : options(std::move(server_options)), handlers(std::move(server_handlers)), workers(options.workers) {}

  Response answer(const Request& request) const;  // never throws
  Response refuse(const Refusal& refusal) const;  // never throws
  void closed();                                  // one connection less

  const ServerOptions options;
  const Handlers handlers;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> in_flight{0};
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> large_bytes{0};  // kept free for bodies above options.body_bytes
  std::mutex mutex;                         // with `emptied`, for waiting on open == 0
  std::condition_variable emptied;
  Workers workers;  // last: its threads use the rest
};

// One I/O thread's context and the connections that live on it.
struct Loop {
  std::unordered_set<Connection*> connections;
  std::int64_t dated = 0;  // second for which `date` was written
  std::string date;
  boost::asio::io_context context{1};  // last: its end lets go of the connections
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;
  using Socket = boost::asio::ip::tcp::socket;

  Connection(Socket socket, Shared& shared, Loop& loop);
  ~Connection();

  void start();
  void turn_away();  // one connection too many: says so and closes
  void wind_down();  // the server stops: closes when idle, otherwise after the answer being made
  void stop_call() { stop_.request_stop(); }
  void close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  enum class Phase { idle, reading, running, writing, lingering, closed };

  void read();
  void consume();                               // parses what is there
  bool feed(boost::system::error_code& error);  // true: go on
  bool header_arrived();                        // true: go on with the body
  bool body_fits();                             // true: there is room for the body that was announced
  void give_back_room();
  void say_continue();
  void refuse_input(const boost::system::error_code& error);
  void refuse(int status, std::string_view detail);  // and close: what follows cannot be understood
  void build_request();
  bool split_target();
  void dispatch();
  void run_on_worker();
  void answered(Response response);
  void respond(Response response);
  void write(std::string head, std::string body);
  void written();
  void linger();
  void watch_peer();
  void peer_looked_at();
  void arm(Clock::time_point deadline);
  void wait_timer();
  void expired();

  Socket socket_;
  boost::asio::steady_timer timer_;
  Shared& shared_;
  Loop& loop_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Request request_;  // views into parser_ and peer_
  std::string peer_;
  std::string out_head_, out_body_;
  std::stop_source stop_;
  Clock::time_point deadline_ = Clock::time_point::max();
  RequestLimits limits_;  // of the request being read
  std::size_t room_ = 0;  // of Shared::large_bytes
  std::size_t header_used_ = 0;
  std::size_t lingered_ = 0;
  Phase phase_ = Phase::idle;
  bool header_seen_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool timer_waiting_ = false;
  bool watching_ = false;
};

}  // namespace cdx::http
