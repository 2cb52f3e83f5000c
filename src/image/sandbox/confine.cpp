#include "image/sandbox/confine.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CDX_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CDX_SANITIZED
#endif
#endif

namespace cdx::image {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t architecture = 0;
#endif

// What decoding takes: open files, memory, threads and their locks, time, and an end.
constexpr std::array allowed{
    __NR_read,         __NR_write,           __NR_close,           __NR_fstat,
    __NR_lseek,        __NR_munmap,          __NR_mremap,          __NR_madvise,
    __NR_brk,          __NR_futex,           __NR_set_robust_list, __NR_rseq,
    __NR_exit,         __NR_exit_group,      __NR_rt_sigreturn,    __NR_rt_sigprocmask,
    __NR_rt_sigaction, __NR_sigaltstack,     __NR_clock_gettime,   __NR_clock_nanosleep,
    __NR_nanosleep,    __NR_gettimeofday,    __NR_sched_yield,     __NR_sched_getaffinity,
    __NR_getpid,       __NR_gettid,          __NR_tgkill,          __NR_getrandom,
    __NR_ppoll,        __NR_getrusage,       __NR_restart_syscall, __NR_setitimer,
    __NR_membarrier,   __NR_set_tid_address,
#ifdef __NR_poll
    __NR_poll,
#endif
#ifdef __NR_alarm
    __NR_alarm,
#endif
#ifdef __NR_time
    __NR_time,
#endif
};

// What libraries try and can do without.
constexpr std::array denied{
    __NR_openat,
    __NR_newfstatat,
    __NR_statx,
    __NR_faccessat,
    __NR_faccessat2,
    __NR_readlinkat,
    __NR_getcwd,
    __NR_ioctl,
    __NR_prctl,
    __NR_prlimit64,
    __NR_sysinfo,
    __NR_uname,
    __NR_fcntl,
    __NR_statfs,
    __NR_sched_setaffinity,
    __NR_sched_getparam,
    __NR_sched_getscheduler,
    __NR_sched_setscheduler,
    __NR_setpriority,
    __NR_getpriority,
    __NR_getppid,
    __NR_getuid,
#ifdef __NR_open
    __NR_open,
    __NR_stat,
    __NR_lstat,
    __NR_access,
    __NR_readlink,
#endif
};

class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    unless_equal(architecture, SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
    constexpr std::uint32_t x32_calls = 0x40000000;
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, x32_calls, 0, 1));
    answer(SECCOMP_RET_KILL_PROCESS);
#endif
  }
  void when(int call, std::uint32_t action) {
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1));
    answer(action);
  }
  // By a bit of the low half of an argument.
  void when_bit(int call, unsigned argument, std::uint32_t bit, std::uint32_t set, std::uint32_t clear) {
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 4));
    load(static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8 * argument));
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bit, 0, 1));
    answer(set);
    answer(clear);
  }
  void answer(std::uint32_t action) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, action)); }
  sock_fprog program() { return {static_cast<unsigned short>(code_.size()), code_.data()}; }

 private:
  void load(std::uint32_t offset) { code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)); }
  void unless_equal(std::uint32_t value, std::uint32_t action) {
    code_.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
    answer(action);
  }
  std::vector<sock_filter> code_;
};

Filter filter() {
  constexpr auto refuse = [](int code) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code); };
  Filter out;
  for (const int call : allowed) out.when(call, SECCOMP_RET_ALLOW);
  for (const int call : denied) out.when(call, refuse(EPERM));
  out.when_bit(__NR_mmap, 2, PROT_EXEC, refuse(EPERM), SECCOMP_RET_ALLOW);
  out.when_bit(__NR_mprotect, 2, PROT_EXEC, refuse(EPERM), SECCOMP_RET_ALLOW);
  // Threads, no processes. The newer call hides its flags in memory, so the C library is sent to the older.
  out.when_bit(__NR_clone, 0, CLONE_THREAD, SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS);
  out.when(__NR_clone3, refuse(ENOSYS));
  out.answer(SECCOMP_RET_KILL_PROCESS);
  return out;
}

tl::unexpected<Error> cannot(const char* what) {
  return fail(ErrorKind::unsupported,
              std::string("cannot ") + what + ": " + std::generic_category().message(errno));
}

std::uint64_t mapped_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0;
  in >> pages;
  return pages * 4096;
}

Status limit(decltype(RLIMIT_AS) what, rlim_t value) {
  const rlimit both{value, value};
  if (setrlimit(what, &both) != 0) return cannot("limit resources");
  return {};
}

}  // namespace

Status confine(const Confinement& limits) {
  if (architecture == 0) return fail(ErrorKind::unsupported, "no system call filter for this processor");
  const auto mapped = mapped_bytes();
  if (mapped == 0) return fail(ErrorKind::unsupported, "cannot read /proc/self/statm");
#ifndef CDX_SANITIZED  // a sanitizer maps terabytes
  CDX_TRY(limit(RLIMIT_AS, mapped + limits.memory_bytes));
#endif
  CDX_TRY(limit(RLIMIT_CPU, limits.cpu_seconds));
  CDX_TRY(limit(RLIMIT_NOFILE, 0));
  CDX_TRY(limit(RLIMIT_FSIZE, 0));
  CDX_TRY(limit(RLIMIT_CORE, 0));
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return cannot("forbid dumps");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot("give up privileges");
  auto rules = filter();
  auto program = rules.program();
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) return cannot("filter system calls");
  return {};
}

}  // namespace cdx::image
