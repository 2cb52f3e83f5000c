// WorkerProcess: one worker as the service sees it: a process, a socket, and shared memory.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "image/sandbox/protocol.h"

namespace cdx::image {

class WorkerProcess {
 public:
  // Starts `command` and waits until it is confined. `unavailable` with the reason.
  static Result<std::unique_ptr<WorkerProcess>> start(const std::vector<std::string>& command,
                                                      const Hello& hello);
  ~WorkerProcess();  // ends the process, however busy
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  enum class Heard { reply, died, too_late, interrupted };
  // False: the worker was gone before it was asked.
  bool ask(std::string_view bytes, Request request);
  // Until `until`, or until the Call ends.
  Heard hear(const Call& call, std::chrono::steady_clock::time_point until, Reply& reply);
  std::span<const std::uint8_t> output() const { return {memory_ + hello_.input_bytes, hello_.output_bytes}; }
  // Gives back to the system what large pictures left in shared memory.
  void forget_output(std::uint64_t bytes);
  // Ends it and says how it ended: "signal 11".
  std::string end();
  unsigned served() const { return served_; }
  pid_t pid() const { return pid_; }

 private:
  explicit WorkerProcess(const Hello& hello) : hello_(hello) {}
  Status make_channel(int& theirs);
  Status spawn(const std::vector<std::string>& command, int theirs);
  Status greet();

  Hello hello_;
  pid_t pid_ = -1;
  int socket_ = -1, shared_ = -1;
  std::uint8_t* memory_ = nullptr;
  unsigned served_ = 0;
};

}  // namespace cdx::image
