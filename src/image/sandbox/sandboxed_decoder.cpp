#include "image/sandbox/sandboxed_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "base/metrics.h"
#include "image/sandbox/worker_process.h"

namespace cdx::image {
namespace {

constexpr std::uint64_t page = 4096;
std::uint64_t whole_pages(std::uint64_t bytes) { return (bytes + page - 1) / page * page; }

Hello hello_of(const SandboxOptions& options) {
  Hello out;
  out.input_bytes = std::max(page, whole_pages(options.most.max_bytes));
  out.output_bytes = std::max(page, whole_pages(options.most.max_pixels * 3));
  out.memory_bytes = options.most.memory_bytes;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.most.time).count();
  out.cpu_seconds = static_cast<std::uint32_t>(seconds) * options.pictures_a_worker + 60;
  return out;
}

DecodeOptions cut(DecodeOptions asked, const DecodeOptions& most) {
  asked.max_bytes = std::min(asked.max_bytes, most.max_bytes);
  asked.max_pixels = std::min(asked.max_pixels, most.max_pixels);
  asked.memory_bytes = std::min(asked.memory_bytes, most.memory_bytes);
  asked.time = std::min(asked.time, most.time);
  return asked;
}

Request request_of(const DecodeOptions& options) {
  Request out;
  out.max_bytes = options.max_bytes;
  out.max_pixels = options.max_pixels;
  out.memory_bytes = options.memory_bytes;
  out.shortest_side = options.shortest_side;
  // The worker gives up a little earlier by itself: that costs no process.
  out.time_ms = static_cast<std::uint32_t>(options.time.count() * 9 / 10);
  return out;
}

// What a worker says is as good as the picture it was shown: nothing of it is taken unseen.
std::optional<Inspection> trusted(const Reply& reply) {
  if (reply.outcome > static_cast<std::uint8_t>(Outcome::unsupported) ||
      reply.format > static_cast<std::uint8_t>(last_format))
    return std::nullopt;
  Inspection out;
  out.outcome = static_cast<Outcome>(reply.outcome);
  out.format = static_cast<Format>(reply.format);
  out.width = reply.width;
  out.height = reply.height;
  out.frames = reply.frames;
  out.reason.assign(reply.reason, strnlen(reply.reason, sizeof reply.reason));
  std::replace_if(
      out.reason.begin(), out.reason.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  return out;
}

class SandboxedDecoder final : public Decoder {
 public:
  explicit SandboxedDecoder(SandboxOptions options)
      : options_(std::move(options)), hello_(hello_of(options_)) {
    if (options_.workers == 0) options_.workers = std::max(1U, std::thread::hardware_concurrency());
  }

  Status start_one() {
    CDX_TRY_LET(auto worker, WorkerProcess::start(options_.command, hello_));
    running_ = 1;
    idle_.push_back(std::move(worker));
    return {};
  }

  Result<Decoded> decode(const Call& call, std::string_view bytes, const DecodeOptions& asked) override {
    CDX_TRY(call.check());
    const auto options = cut(asked, options_.most);
    Decoded out;
    if (bytes.empty() || bytes.size() > options.max_bytes) {
      // Nothing to look at, or too much to hand over: said without a worker.
      out.about.format = sniff(bytes);
      out.about.outcome = bytes.empty() ? Outcome::broken : Outcome::refused;
      out.about.reason = bytes.empty() ? "the file is empty"
                                       : fmt::format("the file has {} bytes; at most {} are read",
                                                     bytes.size(), options.max_bytes);
    } else {
      CDX_TRY_LET(out, decode_in_worker(call, bytes, options));
    }
    metrics::count(
        "creatordex_image_decoded_total", "Pictures of strangers by what became of them.",
        {{"format", std::string(name(out.about.format))}, {"outcome", std::string(name(out.about.outcome))}});
    return out;
  }

 private:
  // A seat among the workers; gives it back, with the worker where it lives.
  class Seat {
   public:
    Seat(SandboxedDecoder& pool, std::unique_ptr<WorkerProcess> worker)
        : pool_(pool), worker_(std::move(worker)) {}
    ~Seat() { pool_.leave(std::move(worker_)); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    Status fill() {
      if (worker_) return {};
      CDX_TRY_LET(worker_, WorkerProcess::start(pool_.options_.command, pool_.hello_));
      return {};
    }
    WorkerProcess& worker() { return *worker_; }
    void drop() { worker_.reset(); }

   private:
    SandboxedDecoder& pool_;
    std::unique_ptr<WorkerProcess> worker_;
  };

  // An idle worker, or null with the right to start one.
  Result<std::unique_ptr<WorkerProcess>> enter(const Call& call) {
    std::unique_lock lock(mutex_);
    const auto free = [this] { return !idle_.empty() || running_ < options_.workers; };
    constexpr std::chrono::milliseconds slice{200};
    while (!free()) {
      CDX_TRY(call.check());
      changed_.wait_for(lock, call.stop, slice, free);
    }
    std::unique_ptr<WorkerProcess> out;
    if (!idle_.empty()) {
      out = std::move(idle_.back());
      idle_.pop_back();
    } else {
      ++running_;
    }
    return out;
  }

  void leave(std::unique_ptr<WorkerProcess> worker) {
    if (worker && worker->served() >= options_.pictures_a_worker) worker.reset();
    const std::scoped_lock lock(mutex_);
    if (worker)
      idle_.push_back(std::move(worker));
    else
      --running_;
    changed_.notify_one();
  }

  Result<Decoded> decode_in_worker(const Call& call, std::string_view bytes, const DecodeOptions& options) {
    CDX_TRY_LET(auto idle, enter(call));
    Seat seat(*this, std::move(idle));
    CDX_TRY(seat.fill());
    if (!seat.worker().ask(bytes, request_of(options))) {
      // It died while it was idle: not this picture's doing.
      seat.drop();
      CDX_TRY(seat.fill());
      if (!seat.worker().ask(bytes, request_of(options)))
        return fail(ErrorKind::unavailable, "picture worker: it ends as soon as it is asked");
    }
    Reply reply;
    const auto heard = seat.worker().hear(call, std::chrono::steady_clock::now() + options.time, reply);
    if (heard == WorkerProcess::Heard::reply) {
      auto decoded = take(seat.worker(), reply, options);
      if (decoded) return std::move(*decoded);
    }
    return lost(call, seat, heard, sniff(bytes), options);
  }

  std::optional<Decoded> take(WorkerProcess& worker, const Reply& reply, const DecodeOptions& options) {
    auto about = trusted(reply);
    if (!about) return std::nullopt;
    Decoded out{std::move(*about), {}};
    if (out.about.outcome != Outcome::ok) {
      worker.forget_output(std::uint64_t{out.about.width} * out.about.height * 3);
      return out;
    }
    const std::uint64_t pixels = std::uint64_t{reply.picture_width} * reply.picture_height;
    if (pixels == 0 || pixels > options.max_pixels) return std::nullopt;
    if (options.keep_pixels) {
      const auto shared = worker.output().first(pixels * 3);
      out.picture.width = reply.picture_width;
      out.picture.height = reply.picture_height;
      out.picture.rgb.assign(shared.begin(), shared.end());
    }
    worker.forget_output(pixels * 3);
    return out;
  }

  // The worker is spent; says why, and whether that was the picture's doing.
  Result<Decoded> lost(const Call& call, Seat& seat, WorkerProcess::Heard heard, Format format,
                       const DecodeOptions& options) {
    const auto how = seat.worker().end();
    seat.drop();
    if (heard == WorkerProcess::Heard::interrupted) {
      CDX_TRY(call.check());
    }
    const bool late = heard == WorkerProcess::Heard::too_late;
    metrics::count("creatordex_image_workers_lost_total", "Picture workers replaced before their time.",
                   {{"reason", late ? "time" : "crash"}});
    Decoded out;
    out.about.format = format;
    out.about.outcome = late ? Outcome::refused : Outcome::broken;
    out.about.reason = late ? fmt::format("decoding it takes longer than {} ms", options.time.count())
                            : fmt::format("the decoder crashed on it ({})", how);
    return out;
  }

  SandboxOptions options_;
  const Hello hello_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::unique_ptr<WorkerProcess>> idle_;
  unsigned running_ = 0;  // idle ones included
};

}  // namespace

Result<std::unique_ptr<Decoder>> open_sandboxed_decoder(const SandboxOptions& options) {
  if (options.command.empty()) return fail(ErrorKind::invalid, "picture worker: no command");
  auto out = std::make_unique<SandboxedDecoder>(options);
  CDX_TRY(out->start_one());
  return out;
}

}  // namespace cdx::image
