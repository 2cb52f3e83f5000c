#include "image/sandbox/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace cdx::image {
namespace {

constexpr std::chrono::seconds greeting_time{20};  // a large program on a busy machine

tl::unexpected<Error> cannot(const char* what, int code) {
  return fail(ErrorKind::unavailable,
              fmt::format("picture worker: cannot {}: {}", what, std::generic_category().message(code)));
}

// Away from the numbers that the worker's own files will have.
int lifted(int file) {
  constexpr int above = 10;
  const int out = fcntl(file, F_DUPFD_CLOEXEC, above);
  close(file);
  return out;
}

struct SpawnPlan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::vector<std::string>& command,
                                                            const Hello& hello) {
  std::unique_ptr<WorkerProcess> out(new WorkerProcess(hello));
  int theirs = -1;
  CDX_TRY(out->make_channel(theirs));
  const auto spawned = out->spawn(command, theirs);
  close(theirs);
  CDX_TRY(spawned);
  CDX_TRY(out->greet());
  return out;
}

WorkerProcess::~WorkerProcess() {
  end();
  if (memory_ != nullptr) munmap(memory_, hello_.input_bytes + hello_.output_bytes);
  if (socket_ >= 0) close(socket_);
  if (shared_ >= 0) close(shared_);
}

Status WorkerProcess::make_channel(int& theirs) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    return cannot("make a socket pair", errno);
  socket_ = lifted(pair[0]);
  theirs = lifted(pair[1]);
  shared_ = lifted(memfd_create("creatordex-picture", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (socket_ < 0 || theirs < 0 || shared_ < 0) return cannot("open the channel", errno);
  const auto size = hello_.input_bytes + hello_.output_bytes;
  if (ftruncate(shared_, static_cast<off_t>(size)) != 0) return cannot("size the shared memory", errno);
  // A worker gone bad must not be able to take mapped pages away from the service.
  if (fcntl(shared_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return cannot("seal the shared memory", errno);
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, shared_, 0);
  if (memory == MAP_FAILED) return cannot("map the shared memory", errno);
  memory_ = static_cast<std::uint8_t*>(memory);
  return {};
}

Status WorkerProcess::spawn(const std::vector<std::string>& command, int theirs) {
  SpawnPlan plan;
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO})
    posix_spawn_file_actions_addopen(&plan.files, stream, "/dev/null", O_RDWR, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which report there
  posix_spawn_file_actions_addopen(&plan.files, STDERR_FILENO, "/dev/null", O_RDWR, 0);
#endif
  posix_spawn_file_actions_adddup2(&plan.files, theirs, worker_socket);
  posix_spawn_file_actions_adddup2(&plan.files, shared_, worker_memory);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, worker_memory + 1);
  // Signals of the terminal are the service's: it decides when its workers end. Those it blocks or ignores
  // are as usual in the worker.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  // No secrets of the service's environment; only where its libraries are.
  std::string libraries;
  if (const char* value = std::getenv("LD_LIBRARY_PATH"); value != nullptr)
    libraries = std::string("LD_LIBRARY_PATH=") + value;
  char* environment[] = {libraries.empty() ? nullptr : libraries.data(), nullptr};
  const int code = posix_spawn(&pid_, command.front().c_str(), &plan.files, &plan.attributes,
                               arguments.data(), environment);
  if (code != 0) {
    pid_ = -1;
    return cannot(("start " + command.front()).c_str(), code);
  }
  return {};
}

Status WorkerProcess::greet() {
  if (write(socket_, &hello_, sizeof hello_) != static_cast<ssize_t>(sizeof hello_))
    return cannot("greet", errno);
  pollfd waiting{socket_, POLLIN, 0};
  const auto until = std::chrono::steady_clock::now() + greeting_time;
  int found = 0;
  do {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    found = poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
  } while (found < 0 && errno == EINTR);
  Ready ready;
  if (found <= 0 || read(socket_, &ready, sizeof ready) != static_cast<ssize_t>(sizeof ready) ||
      ready.magic != protocol_magic)
    return fail(ErrorKind::unavailable, fmt::format("picture worker: it did not come up ({})", end()));
  ready.reason[sizeof ready.reason - 1] = '\0';
  if (!ready.confined)
    return fail(ErrorKind::unavailable, fmt::format("picture worker: it could not be confined: {}",
                                                    static_cast<const char*>(ready.reason)));
  return {};
}

bool WorkerProcess::ask(std::string_view bytes, Request request) {
  request.bytes = bytes.size();
  std::memcpy(memory_, bytes.data(), bytes.size());
  ++served_;
  // Not the write() of elsewhere: a worker that is gone is no signal for the service.
  return send(socket_, &request, sizeof request, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof request);
}

WorkerProcess::Heard WorkerProcess::hear(const Call& call, std::chrono::steady_clock::time_point until,
                                         Reply& reply) {
  using std::chrono::milliseconds;
  for (;;) {
    if (!call.check()) return Heard::interrupted;
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Heard::too_late;
    constexpr milliseconds slice{50};  // how soon a stop is seen
    pollfd waiting{socket_, POLLIN, 0};
    const int found = poll(&waiting, 1, static_cast<int>(std::min(slice, left).count()));
    if (found <= 0) continue;
    if (read(socket_, &reply, sizeof reply) != static_cast<ssize_t>(sizeof reply) ||
        reply.magic != protocol_magic)
      return Heard::died;
    return Heard::reply;
  }
}

void WorkerProcess::forget_output(std::uint64_t bytes) {
  constexpr std::uint64_t worth_it = 8 << 20;
  if (bytes < worth_it) return;
  // Where the system cannot, the pages stay until the worker is replaced.
  static_cast<void>(fallocate(shared_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                              static_cast<off_t>(hello_.input_bytes),
                              static_cast<off_t>(hello_.output_bytes)));
}

std::string WorkerProcess::end() {
  if (pid_ < 0) return "not running";
  kill(pid_, SIGKILL);
  int status = 0;
  pid_t found = 0;
  do {
    found = waitpid(pid_, &status, 0);
  } while (found < 0 && errno == EINTR);
  pid_ = -1;
  if (found > 0 && WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  if (found > 0 && WIFEXITED(status)) return fmt::format("exit code {}", WEXITSTATUS(status));
  return "gone";
}

}  // namespace cdx::image
