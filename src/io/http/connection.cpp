#include "io/http/connection.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <cerrno>

#include "base/guard.h"

namespace cdx::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Code = boost::system::error_code;

constexpr std::size_t read_bytes = 8 * 1024;
constexpr std::size_t drained_bytes = 16 * 1024 * 1024;  // of what a refused client still sends
constexpr std::string_view going_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

const std::string& date_of(Loop& loop) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (now != loop.dated || loop.date.empty()) {
    loop.dated = now;
    loop.date = http_date(now);
  }
  return loop.date;
}

Response plain(const Refusal& refusal) {
  return {refusal.status, "text/plain; charset=utf-8", {}, std::string(refusal.detail) + "\n"};
}

}  // namespace

Response Shared::answer(const Request& request) const {
  auto response =
      guard("handler", ErrorKind::internal, [&]() -> Result<Response> { return handlers.answer(request); });
  if (response) return *std::move(response);
  return refuse({500, "The server met a condition it did not expect.", request});
}

Response Shared::refuse(const Refusal& refusal) const {
  if (!handlers.refuse) return plain(refusal);
  auto response =
      guard("refusal", ErrorKind::internal, [&]() -> Result<Response> { return handlers.refuse(refusal); });
  return response ? *std::move(response) : plain(refusal);
}

void Shared::closed() {
  const std::scoped_lock lock(mutex);
  if (open.fetch_sub(1) == 1) emptied.notify_all();
}

// The buffer holds one head at most; bodies stream through it into the parser's string.
Connection::Connection(Socket socket, Shared& shared, Loop& loop)
    : socket_(std::move(socket)),
      timer_(loop.context),
      shared_(shared),
      loop_(loop),
      buffer_(shared.options.header_bytes + read_bytes) {
  loop_.connections.insert(this);
  Code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto peer = socket_.remote_endpoint(ignored);
  if (!ignored) peer_ = peer.address().to_string(ignored);
}

Connection::~Connection() {
  give_back_room();
  loop_.connections.erase(this);
  shared_.closed();
}

void Connection::start() {
  phase_ = Phase::idle;
  parser_.reset();
  give_back_room();
  request_ = {};
  limits_ = {};
  header_used_ = 0;
  header_seen_ = false;
  keep_alive_ = true;
  head_only_ = false;
  if (shared_.stopping && buffer_.size() == 0) return close();
  arm(Clock::now() + shared_.options.idle_timeout);
  if (buffer_.size() != 0) return consume();
  read();
}

void Connection::turn_away() {
  refuse(503, "The server has as many connections as it takes. Try again shortly.");
}

void Connection::wind_down() {
  keep_alive_ = false;
  if (phase_ == Phase::idle) close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  stop_.request_stop();
  Code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

void Connection::read() {
  const auto room = buffer_.max_size() - buffer_.size();
  if (room == 0) return refuse(400, "A part of the request is longer than the server reads.");
  socket_.async_read_some(buffer_.prepare(std::min(room, read_bytes)),
                          [self = shared_from_this()](const Code& error, std::size_t size) {
                            if (self->phase_ != Phase::idle && self->phase_ != Phase::reading) return;
                            if (error) return self->close();
                            self->buffer_.commit(size);
                            self->consume();
                          });
}

void Connection::consume() {
  Code error;
  while (feed(error)) {
  }
  if (phase_ != Phase::idle && phase_ != Phase::reading) return;  // refused, or saying "continue"
  if (error == beast::http::error::need_more) {
    if (phase_ == Phase::idle && (buffer_.size() != 0 || parser_)) {
      phase_ = Phase::reading;
      arm(Clock::now() + shared_.options.header_timeout);
    }
    return read();
  }
  if (error) return refuse_input(error);
  build_request();
  dispatch();
}

bool Connection::feed(Code& error) {
  error = {};
  if (buffer_.size() == 0) {
    error = beast::http::error::need_more;
    return false;
  }
  if (!parser_) {
    // An empty line before a request is to be ignored (RFC 9112, 2.2).
    const auto* bytes = static_cast<const char*>(buffer_.data().data());
    if ((*bytes == '\r' || *bytes == '\n') && ++header_used_ < 64) {
      buffer_.consume(1);
      return true;
    }
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes));
    // The limit that holds is set once it is known what is asked for (body_fits).
    parser_->body_limit(boost::none);
  }
  const auto used = parser_->put(buffer_.data(), error);
  buffer_.consume(used);
  if (!header_seen_) {
    header_used_ += used;
    // The parser limits the request line and the fields one by one; the promise is about both together.
    const bool waiting = error == beast::http::error::need_more;
    if ((waiting || !error) && header_used_ + (waiting ? buffer_.size() : 0) > shared_.options.header_bytes)
      error = beast::http::error::header_limit;
  }
  if (error) return false;
  if (!header_seen_ && parser_->is_header_done()) {
    header_seen_ = true;
    if (!header_arrived()) return false;
  }
  return !parser_->is_done();
}

bool Connection::header_arrived() {
  build_request();
  const auto& message = parser_->get();
  keep_alive_ = message.version() == 11 && message.keep_alive() && !shared_.stopping;
  head_only_ = request_.method == "HEAD";
  if (!split_target()) return refuse(400, "The target of the request is neither a path nor a URL."), false;
  const auto hosts = message.count(beast::http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() == 11))
    return refuse(400, "A request has exactly one Host header."), false;
  const auto coding = message[beast::http::field::transfer_encoding];
  if (!coding.empty() && !equal_ignoring_case(view(coding), "chunked"))
    return refuse(501, "The only transfer coding understood is chunked."), false;
  if (!body_fits()) return false;
  parser_->eager(true);
  if (parser_->is_done()) return true;
  phase_ = Phase::reading;
  arm(Clock::now() + limits_.deadline.value_or(shared_.options.body_timeout));
  if (buffer_.size() == 0 && equal_ignoring_case(view(message[beast::http::field::expect]), "100-continue"))
    return say_continue(), false;
  return true;
}

// Memory for a large body is set aside before its first byte is read, so that many of them cannot take more
// than is allowed together.
bool Connection::body_fits() {
  const auto& options = shared_.options;
  if (shared_.handlers.limits) {
    auto asked = guard("limits", ErrorKind::internal,
                       [&]() -> Result<RequestLimits> { return shared_.handlers.limits(request_); });
    if (asked) limits_ = *asked;
  }
  const auto most = limits_.body_bytes.value_or(options.body_bytes);
  const auto announced = parser_->content_length();
  if (announced && *announced > most) {
    refuse_input(beast::http::error::body_limit);
    return false;
  }
  parser_->body_limit(most);
  const auto wanted = announced ? static_cast<std::size_t>(*announced) : parser_->chunked() ? most : 0;
  if (wanted <= options.body_bytes) return true;
  if (shared_.large_bytes.fetch_add(wanted) + wanted > options.large_bodies_bytes) {
    shared_.large_bytes.fetch_sub(wanted);
    refuse(503, "The server is taking as many large bodies as it can. Try again shortly.");
    return false;
  }
  room_ = wanted;
  return true;
}

void Connection::give_back_room() { shared_.large_bytes.fetch_sub(std::exchange(room_, 0)); }

void Connection::say_continue() {
  phase_ = Phase::writing;
  asio::async_write(socket_, asio::buffer(going_on),
                    [self = shared_from_this()](const Code& error, std::size_t) {
                      if (self->phase_ != Phase::writing) return;
                      if (error) return self->close();
                      self->phase_ = Phase::reading;
                      self->read();
                    });
}

void Connection::refuse_input(const Code& error) {
  using Kind = beast::http::error;
  if (error == Kind::header_limit)
    return refuse(431, "The headers of a request may have " + std::to_string(shared_.options.header_bytes) +
                           " bytes at most.");
  if (error == Kind::body_limit)
    return refuse(413, "The body of such a request may have " +
                           std::to_string(limits_.body_bytes.value_or(shared_.options.body_bytes)) +
                           " bytes at most.");
  if (error == Kind::bad_version) return refuse(505, "The versions understood are HTTP/1.0 and HTTP/1.1.");
  refuse(400, "This is not a well-formed HTTP/1.1 request: " + error.message() + ".");
}

void Connection::refuse(int status, std::string_view detail) {
  keep_alive_ = false;
  if (parser_ && header_seen_) build_request();
  respond(shared_.refuse({status, detail, request_}));
}

void Connection::build_request() {
  const auto& message = parser_->get();
  const auto path = request_.path, query = request_.query, host = request_.host;
  request_ = {};
  request_.method = view(message.method_string());
  request_.path = path;
  request_.query = query;
  request_.host = host;
  request_.body = message.body();
  request_.peer = peer_;
  for (const auto& field : message)
    request_.headers.emplace_back(view(field.name_string()), view(field.value()));
}

bool Connection::split_target() {
  auto target = view(parser_->get().target());
  request_.host = request_.header("host");
  if (!target.starts_with('/') && target != "*") {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos || target.find('/') < scheme) return false;
    target.remove_prefix(scheme + 3);
    const auto slash = std::min(target.find_first_of("/?"), target.size());
    request_.host = target.substr(0, slash);
    target.remove_prefix(slash);
    if (target.empty()) target = "/";
  }
  if (target.find('#') != std::string_view::npos) return false;
  const auto mark = std::min(target.find('?'), target.size());
  request_.path = mark == 0 ? std::string_view("/") : target.substr(0, mark);
  request_.query = target.substr(std::min(mark + 1, target.size()));
  return true;
}

void Connection::dispatch() {
  phase_ = Phase::running;
  if (shared_.stopping) keep_alive_ = false;
  stop_ = std::stop_source();
  request_.call =
      Call{Clock::now() + limits_.deadline.value_or(shared_.options.request_deadline), stop_.get_token()};
  const auto& handlers = shared_.handlers;
  const bool quick = handlers.quick && guard("quick", ErrorKind::internal, [&]() -> Result<bool> {
                                         return handlers.quick(request_);
                                       }).value_or(false);
  if (quick) return respond(shared_.answer(request_));
  if (shared_.in_flight.fetch_add(1) >= shared_.options.in_flight) {
    shared_.in_flight.fetch_sub(1);
    return respond(shared_.refuse({503, "The server is answering as many requests as it can.", request_}));
  }
  arm(Clock::time_point::max());
  run_on_worker();
  watch_peer();
}

// The connection is held by the task, and nothing else touches request_ until the answer is back.
void Connection::run_on_worker() {
  shared_.workers.push([self = shared_from_this()]() mutable {
    auto response = self->shared_.answer(self->request_);
    self->shared_.in_flight.fetch_sub(1);
    auto& context = self->loop_.context;
    asio::post(context, [held = std::move(self), answer = std::move(response)]() mutable {
      if (held->phase_ == Phase::running) held->respond(std::move(answer));
    });
  });
}

void Connection::respond(Response response) {
  if (phase_ == Phase::closed) return;
  if (shared_.stopping) keep_alive_ = false;
  phase_ = Phase::writing;
  arm(Clock::now() + shared_.options.write_timeout);
  out_head_ = response_head(response, keep_alive_, date_of(loop_));
  out_body_ = std::move(response.body);
  if (head_only_ || response.status == 204 || response.status == 304) out_body_.clear();
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(out_head_), asio::buffer(out_body_)};
  asio::async_write(socket_, buffers, [self = shared_from_this()](const Code& error, std::size_t) {
    if (self->phase_ != Phase::writing) return;
    if (error) return self->close();
    self->written();
  });
}

void Connection::written() {
  out_body_ = {};
  if (keep_alive_) return start();
  // Closing with input unread would reset the connection and could take the answer from the client: the
  // sending half is shut, and what still comes is read and dropped for a while.
  Code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  phase_ = Phase::lingering;
  arm(Clock::now() + shared_.options.linger);
  buffer_.consume(buffer_.size());
  linger();
}

void Connection::linger() {
  socket_.async_read_some(buffer_.prepare(read_bytes),
                          [self = shared_from_this()](const Code& error, std::size_t size) {
                            if (self->phase_ != Phase::lingering) return;
                            self->lingered_ += size;
                            if (error || self->lingered_ > drained_bytes) return self->close();
                            self->linger();
                          });
}

// A wait for input may outlast the request it began with; it then serves the next one.
void Connection::watch_peer() {
  if (watching_) return;
  watching_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const Code& error) {
    self->watching_ = false;
    if (!error && self->phase_ == Phase::running) self->peer_looked_at();
  });
}

void Connection::peer_looked_at() {
  char byte = 0;
  const auto size = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size > 0) return;  // the next request, sent ahead: nothing more can be seen until it is read
  if (size == 0) return arm(Clock::now() + shared_.options.half_closed_grace);
  if (errno == EAGAIN || errno == EINTR) return watch_peer();
  stop_.request_stop();
}

// One timer for everything: it is moved only when the new deadline is earlier than the one it waits for.
void Connection::arm(Clock::time_point deadline) {
  deadline_ = deadline;
  if (deadline == Clock::time_point::max() || (timer_waiting_ && timer_.expiry() <= deadline)) return;
  timer_.expires_at(deadline);
  wait_timer();
}

void Connection::wait_timer() {
  timer_waiting_ = true;
  timer_.async_wait([self = shared_from_this()](const Code& error) {
    if (error || self->phase_ == Phase::closed) return;  // moved, or over
    self->timer_waiting_ = false;
    if (Clock::now() >= self->deadline_) return self->expired();
    if (self->deadline_ != Clock::time_point::max()) self->arm(self->deadline_);
  });
}

void Connection::expired() {
  if (phase_ == Phase::running) return stop_call();
  if (phase_ == Phase::reading) return refuse(408, "The request did not arrive in time.");
  close();
}

}  // namespace cdx::http
