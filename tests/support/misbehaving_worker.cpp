// A picture worker whose decoder has been taken over: it does what its "picture" says, inside the
// confinement. What must be denied quietly aborts when it is not; what must end the process is simply tried.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <string>
#include <thread>

#include "image/sandbox/worker.h"

namespace {

void expect_denied(bool denied) {
  if (!denied) std::abort();
}

volatile int sink = 0;

void eat() {
  std::size_t eaten = 0;
  try {
    for (;;) {
      constexpr std::size_t bite = 16 << 20;
      std::memset(::operator new(bite), 1, bite);
      eaten += bite;
    }
  } catch (const std::bad_alloc&) {
    if (eaten > std::size_t{600} << 20) std::abort();
    throw;  // as a library's would
  }
}

const std::map<std::string, void (*)(), std::less<>>& deeds() {
  static const std::map<std::string, void (*)(), std::less<>> all{
      {"#crash", [] { raise(SIGSEGV); }},
      {"#hang",
       [] {
         for (;;) sink = sink + 1;
       }},
      {"#eat", eat},
      {"#exit", [] { _exit(0); }},
      {"#open", [] { expect_denied(open("/etc/passwd", O_RDONLY) < 0); }},
      {"#create", [] { expect_denied(open("creatordex-escaped", O_CREAT | O_WRONLY, 0600) < 0); }},
      {"#code",
       [] {
         expect_denied(mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                       MAP_FAILED);
       }},
      {"#thread", [] { std::thread([] { sink = 1; }).join(); }},
      {"#socket", [] { sink = socket(AF_INET, SOCK_STREAM, 0); }},
      {"#fork", [] { sink = fork(); }},
      {"#exec", [] { sink = execl("/bin/true", "true", nullptr); }},
      {"#signal", [] { sink = kill(getppid() > 1 ? getppid() : 1, 0); }},
      {"#trace", [] { sink = static_cast<int>(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }},
      {"#unlink", [] { sink = unlink("creatordex-no-such-file"); }},
  };
  return all;
}

}  // namespace

int main() {
  return cdx::image::worker_main([](std::string_view bytes) {
    if (bytes == "#liar") return;
    if (const auto found = deeds().find(bytes); found != deeds().end()) found->second();
  });
}
