// PosixDisk: the disk of the operating system.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/assert.h"
#include "io/disk.h"
#include "io/file.h"
#include "io/posix_call.h"

namespace cdx {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10U;

// Writes at a position of its own keeping rather than at the end, so that a failed write cannot shift what
// follows.
class PosixFile final : public DiskFile {
 public:
  PosixFile(std::string path, int file, std::uint64_t size)
      : path_(std::move(path)), file_(file), written_(size) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override { ::close(file_); }
  void start_at(std::uint64_t size) { written_ = size; }

  Status append(std::span<const std::byte> bytes) override {
    CDX_TRY(broken_);
    if (pending_.size() + bytes.size() < buffer_bytes) {
      pending_.insert(pending_.end(), bytes.begin(), bytes.end());
      return {};
    }
    CDX_TRY(flush());
    return write(bytes);
  }

  Status sync() override {
    CDX_TRY(broken_);
    CDX_TRY(flush());
    // Brings a changed size along: without it the bytes could not be read back.
    return ::fdatasync(file_) == 0 ? Status() : broken("synchronise");
  }

  Status truncate(std::uint64_t size) override {
    CDX_TRY(broken_);
    CDX_ASSERT(size <= this->size());
    CDX_TRY(flush());
    int done = 0;
    do {
      done = ::ftruncate(file_, static_cast<off_t>(size));
    } while (done != 0 && errno == EINTR);
    if (done != 0) return broken("truncate");
    written_ = size;
    return {};
  }

  std::uint64_t size() const override { return written_ + pending_.size(); }

 private:
  Status flush() {
    CDX_TRY(write(pending_));
    pending_.clear();
    return {};
  }

  Status write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(written_));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return broken("write");
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      written_ += static_cast<std::uint64_t>(count);
    }
    return {};
  }

  Status broken(std::string_view doing) {
    broken_ = failed(path_, doing, errno);
    return broken_;
  }

  std::string path_;
  int file_;
  std::uint64_t written_;
  std::vector<std::byte> pending_;
  Status broken_;
};

class PosixBytes final : public DiskBytes {
 public:
  explicit PosixBytes(MappedFile file) : file_(std::move(file)) {}

  std::span<const std::byte> bytes() const override { return std::as_bytes(std::span(file_.bytes())); }

  // Hints may fail without harm.
  void will_need(std::uint64_t offset, std::uint64_t length) const override {
    const auto all = file_.bytes();
    if (offset >= all.size()) return;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto first = static_cast<std::size_t>(offset) / page * page;
    const auto last = offset + std::min<std::uint64_t>(length, all.size() - offset);
    // The system wants an address it may write to, but only reads ahead.
    (void)::madvise(const_cast<char*>(all.data()) + first, static_cast<std::size_t>(last) - first,
                    MADV_WILLNEED);
  }
  void random_access(bool random) const override {
    const auto all = file_.bytes();
    if (!all.empty())
      (void)::madvise(const_cast<char*>(all.data()), all.size(), random ? MADV_RANDOM : MADV_NORMAL);
  }

 private:
  MappedFile file_;
};

class PosixDisk final : public Disk {
 public:
  Status make_folder(const std::string& path) override {
    std::error_code code;
    if (std::filesystem::is_directory(path, code)) return {};
    const auto parent = folder_of(without_end_slash(path));
    if (parent != path) CDX_TRY(make_folder(parent));  // ends at "/" or ".", which are there
    if (::mkdir(path.c_str(), 0755) != 0) {
      if (errno != EEXIST) return failed(path, "make the folder", errno);
      // Somebody else was faster, or it is no folder.
      if (!std::filesystem::is_directory(path, code)) return failed(path, "make the folder", EEXIST);
    }
    return sync_folder(parent);
  }

  Result<std::vector<std::string>> list(const std::string& folder) const override {
    std::vector<std::string> names;
    std::error_code code;
    std::filesystem::directory_iterator at(folder, code);
    for (; !code && at != std::filesystem::directory_iterator(); at.increment(code)) {
      std::error_code gone;  // removed since it was listed
      if (at->is_regular_file(gone)) names.push_back(at->path().filename().string());
    }
    if (code) return failed(folder, "list", code.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override {
    // A new file each time: emptying the old one would pull the bytes from under those who have it mapped.
    for (;;) {
      const int file = open_retrying(path, O_WRONLY | O_CREAT | O_EXCL);
      if (file >= 0) return std::make_unique<PosixFile>(path, file, 0);
      if (errno != EEXIST) return failed(path, "create", errno);
      CDX_TRY(remove(path));
    }
  }

  Result<std::unique_ptr<DiskFile>> open_end(const std::string& path) override {
    const int file = open_retrying(path, O_WRONLY);
    if (file < 0) return failed(path, "open", errno);
    auto opened = std::make_unique<PosixFile>(path, file, 0);  // closes it on the ways out below
    struct stat about = {};
    if (::fstat(file, &about) != 0) return failed(path, "inspect", errno);
    if (!S_ISREG(about.st_mode)) return fail(ErrorKind::invalid, path + ": is not a regular file");
    opened->start_at(static_cast<std::uint64_t>(about.st_size));
    return opened;
  }

  Result<std::unique_ptr<DiskBytes>> map(const std::string& path) const override {
    CDX_TRY_LET(MappedFile file, MappedFile::open(path));
    return std::make_unique<PosixBytes>(std::move(file));
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failed(from, "rename to " + to, errno);
    return {};
  }

  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path, "remove", errno);
    return {};
  }

  Status sync_folder(const std::string& folder) override {
    const int file = open_retrying(folder, O_RDONLY | O_DIRECTORY);
    if (file < 0) return failed(folder, "open", errno);
    const int code = ::fsync(file) == 0 ? 0 : errno;
    ::close(file);
    // Some file systems cannot synchronise a folder and say EINVAL; they order names themselves.
    if (code != 0 && code != EINVAL) return failed(folder, "synchronise", code);
    return {};
  }

 private:
  static std::string without_end_slash(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
  }
};

}  // namespace

Disk& posix_disk() {
  static PosixDisk disk;
  return disk;
}

}  // namespace cdx
