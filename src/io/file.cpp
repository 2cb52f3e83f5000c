#include "io/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "io/posix_call.h"

namespace cdx {
namespace {

constexpr std::size_t write_bytes = std::size_t{1} << 18U;

// A descriptor that closes itself; none of them outlives an exec, so that no child keeps a lock of ours.
class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }
  int release() { return std::exchange(file_, -1); }

 private:
  int file_;
};

Status write_all(const std::string& path, int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A rename is durable only once the folder that records it is.
Status sync_folder(const std::string& path) {
  const auto folder = folder_of(path);
  const Descriptor file(open_retrying(folder, O_RDONLY | O_DIRECTORY));
  if (file.get() < 0) return failed(folder, "open", errno);
  // Some file systems cannot synchronise a folder and say EINVAL; they order renames themselves.
  if (::fsync(file.get()) != 0 && errno != EINVAL) return failed(folder, "synchronise", errno);
  return {};
}

Result<std::size_t> regular_size(const std::string& path, int file) {
  struct stat about = {};
  if (::fstat(file, &about) != 0) return failed(path, "inspect", errno);
  if (!S_ISREG(about.st_mode)) return fail(ErrorKind::invalid, path + ": is not a regular file");
  return static_cast<std::size_t>(about.st_size);
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  const Descriptor file(open_retrying(path, O_RDONLY | O_NONBLOCK));
  if (file.get() < 0) return failed(path, "open", errno);
  CDX_TRY_LET(const std::size_t size, regular_size(path, file.get()));
  MappedFile mapped;
  if (size == 0) return mapped;  // the system refuses to map nothing
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (address == MAP_FAILED) return failed(path, "map", errno);
  mapped.address_ = address;
  mapped.size_ = size;
  return mapped;
}

MappedFile::~MappedFile() {
  if (address_ != nullptr) ::munmap(address_, size_);
}

void MappedFile::swap(MappedFile& other) noexcept {
  std::swap(address_, other.address_);
  std::swap(size_, other.size_);
}

ReplacingFile::ReplacingFile(std::string target, std::string draft, int file)
    : target_(std::move(target)), draft_(std::move(draft)), file_(file) {}

ReplacingFile::ReplacingFile(ReplacingFile&& other) noexcept
    : target_(std::move(other.target_)),
      draft_(std::move(other.draft_)),
      pending_(std::move(other.pending_)),
      file_(std::exchange(other.file_, -1)) {}

ReplacingFile::~ReplacingFile() { discard(); }

Result<ReplacingFile> ReplacingFile::open(std::string target) {
  // Process and serial number keep two writers of one target apart; the later commit wins.
  static std::atomic<unsigned> serial = 0;
  auto draft = target + ".draft-" + std::to_string(::getpid()) + "-" + std::to_string(++serial);
  const int file = open_retrying(draft, O_WRONLY | O_CREAT | O_TRUNC);
  if (file < 0) return failed(target, "write beside it", errno);
  return ReplacingFile(std::move(target), std::move(draft), file);
}

Status ReplacingFile::append(std::string_view bytes) {
  if (file_ < 0) return fail(ErrorKind::internal, target_ + ": appended to after its end");
  if (bytes.size() >= write_bytes) {
    CDX_TRY(flush());
    return write_all(target_, file_, bytes);
  }
  pending_.append(bytes);
  return pending_.size() >= write_bytes ? flush() : Status();
}

Status ReplacingFile::flush() {
  const auto written = write_all(target_, file_, pending_);
  pending_.clear();
  return written;
}

Status ReplacingFile::commit() {
  if (file_ < 0) return fail(ErrorKind::internal, target_ + ": committed twice");
  CDX_TRY(flush());
  if (::fsync(file_) != 0) return failed(target_, "synchronise", errno);
  if (::rename(draft_.c_str(), target_.c_str()) != 0) return failed(target_, "replace", errno);
  ::close(std::exchange(file_, -1));
  return sync_folder(target_);
}

void ReplacingFile::discard() {
  if (file_ < 0) return;
  ::close(std::exchange(file_, -1));
  ::unlink(draft_.c_str());
}

Status replace_file(const std::string& path, std::string_view contents) {
  CDX_TRY_LET(ReplacingFile file, ReplacingFile::open(path));
  CDX_TRY(file.append(contents));
  return file.commit();
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(open_retrying(path, O_RDONLY | O_NONBLOCK));
  if (file.get() < 0) return failed(path, "open", errno);
  CDX_TRY_LET(const std::size_t size, regular_size(path, file.get()));
  if (size > max_bytes) {
    return fail(ErrorKind::invalid, path + ": has " + std::to_string(size) + " bytes, at most " +
                                        std::to_string(max_bytes) + " are read");
  }
  std::string contents(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::read(file.get(), contents.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "read", errno);
    if (got == 0) break;  // cut short by another process: what is there is what is returned
    done += static_cast<std::size_t>(got);
  }
  contents.resize(done);
  return contents;
}

LockFile::LockFile(LockFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

// The file stays: removing it would let a waiting process lock a name that no longer leads anywhere.
LockFile::~LockFile() {
  if (file_ >= 0) ::close(file_);
}

Result<LockFile> LockFile::acquire(const std::string& path) {
  Descriptor file(open_retrying(path, O_RDWR | O_CREAT));
  if (file.get() < 0) return failed(path, "open", errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failed(path, "lock", errno);
    std::array<char, 32> text = {};
    const auto got = ::pread(file.get(), text.data(), text.size(), 0);
    std::string holder(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!holder.empty() && (holder.back() < '0' || holder.back() > '9')) holder.pop_back();
    return fail(ErrorKind::unavailable, path + ": is in use by process " + (holder.empty() ? "?" : holder));
  }
  if (::ftruncate(file.get(), 0) != 0) return failed(path, "write", errno);
  CDX_TRY(write_all(path, file.get(), std::to_string(::getpid()) + "\n"));
  return LockFile(file.release());
}

}  // namespace cdx
