#include "source/byte_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cdx::source {
namespace {

constexpr std::size_t window_bytes = 4'000'000;
constexpr std::size_t buffer_bytes = 1'000'000;

std::string reason(std::string_view what) { return std::string(what) + ": " + std::strerror(errno); }

ErrorKind kind_of_errno() {
  if (errno == ENOENT || errno == ENOTDIR) return ErrorKind::not_found;
  if (errno == EACCES || errno == EPERM) return ErrorKind::unauthorized;
  return ErrorKind::unavailable;
}

}  // namespace

ByteFile::~ByteFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ByteFile::swap(ByteFile& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(window_begin_, other.window_begin_);
  std::swap(window_, other.window_);
}

Result<std::size_t> ByteFile::read(std::uint64_t offset, char* into, std::size_t size) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(descriptor_, into + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::unavailable, reason("cannot read"));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::string_view> ByteFile::view(std::uint64_t offset, std::size_t wanted) {
  if (offset >= size_) return std::string_view();
  const std::uint64_t left = size_ - offset;
  const std::uint64_t needed = std::min<std::uint64_t>(wanted, left);
  const std::uint64_t window_end = window_begin_ + window_.size();
  if (offset < window_begin_ || offset + needed > window_end) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(std::max(wanted, window_bytes), left));
    window_.resize(size);
    window_begin_ = offset;
    CDX_TRY_LET(const std::size_t got, read(offset, window_.data(), size));
    window_.resize(got);
    if (got < size) return fail(ErrorKind::conflict, "the file became shorter while it was read");
  }
  return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_begin_));
}

Result<OpenedFile> open_path(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(kind_of_errno(), reason("cannot open " + path));
  struct stat about = {};
  if (::fstat(descriptor, &about) != 0) {
    const Error error{kind_of_errno(), reason("cannot open " + path)};
    ::close(descriptor);
    return tl::unexpected<Error>(error);
  }
  OpenedFile opened{ByteFile(descriptor, static_cast<std::uint64_t>(about.st_size)), S_ISREG(about.st_mode)};
  if (S_ISDIR(about.st_mode)) return fail(ErrorKind::invalid, path + " is a folder");
  return opened;
}

Result<TemporaryFile> TemporaryFile::make(const std::string& directory, std::uint64_t limit) {
  std::string name = (directory.empty() ? std::string(P_tmpdir) : directory) + "/creatordex-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return fail(ErrorKind::unavailable, reason("cannot make a temporary file " + name));
  ::unlink(name.c_str());
  return TemporaryFile(descriptor, limit);
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status TemporaryFile::append(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ > limit_)
    return fail(ErrorKind::invalid, "holds more than the allowed " + std::to_string(limit_) + " bytes");
  buffer_ += bytes;
  return buffer_.size() >= buffer_bytes ? flush() : Status();
}

Status TemporaryFile::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t put = ::write(descriptor_, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail(ErrorKind::unavailable, reason("cannot write a temporary file"));
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
  return {};
}

Result<ByteFile> TemporaryFile::finish() {
  CDX_TRY(flush());
  return ByteFile(std::exchange(descriptor_, -1), size_);
}

Result<ByteFile> spool(int descriptor, const std::string& directory, std::uint64_t limit) {
  CDX_TRY_LET(TemporaryFile copy, TemporaryFile::make(directory, limit));
  std::string buffer(1 << 16, '\0');
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::unavailable, reason("cannot read the input"));
    if (got == 0) return copy.finish();
    CDX_TRY(copy.append(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))));
  }
}

}  // namespace cdx::source
