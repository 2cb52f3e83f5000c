#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "base/hash.h"
#include "hub/download.h"
#include "hub/hub.h"
#include "io/file.h"

namespace cdx::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view part_ending = ".part";

Status wait(const Call& call, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_until(lock, call.stop, std::min(call.deadline, std::chrono::steady_clock::now() + time),
                   [] { return false; });
  return call.check();
}

Status check_base(std::string& base) {
  while (base.ends_with('/')) base.pop_back();
  if (!base.starts_with("https://") && !base.starts_with("http://"))
    return fail(ErrorKind::invalid, "\"" + base + "\" is no address of a mirror: https://HOST was expected");
  if (base.find_first_of("@?# ") != std::string::npos)
    return fail(ErrorKind::invalid, "the mirror's address must have no user, query, fragment or blank");
  return {};
}

Result<bool> has_hash(const std::string& path, const std::string& sha) {
  CDX_TRY_LET(const MappedFile file, MappedFile::open(path));
  return hex(sha256(file.bytes())) == sha;
}

class Pull {
 public:
  Pull(const Call& call, const PinnedModel& model, const PullOptions& options,
       const std::function<void(const PullProgress&)>& progress)
      : call_(call), options_(options), progress_(progress) {
    now_.total = model.bytes();
  }

  Status file(const PinnedFile& file) {
    now_.file = file.name;
    CDX_TRY_LET(const FileState state, check_file(call_, options_.folder, file, true));
    if (state != FileState::right) CDX_TRY(download(file));
    before_ += file.bytes;
    tell(0);
    return {};
  }

 private:
  void tell(std::uint64_t size) {
    now_.done = before_ + size;
    if (progress_) progress_(now_);
  }

  Status download(const PinnedFile& file) {
    const std::string part = options_.folder + "/" + file.name + std::string(part_ending);
    std::error_code ignored;
    bool resumed = fs::exists(part, ignored) && fs::file_size(part, ignored) > 0;
    for (;;) {
      CDX_TRY(bring(file, part));
      CDX_TRY_LET(const bool right, has_hash(part, file.sha256));
      if (right) break;
      fs::remove(part, ignored);
      // The beginning may be another run's, from a server that had something else: once more, from the start.
      if (!resumed)
        return fail(ErrorKind::corrupt,
                    fmt::format("{}/{}: its bytes have not the SHA-256 that was pinned ({}); "
                                "nothing was kept",
                                options_.base, file.source, file.sha256));
      resumed = false;
    }
    std::error_code error;
    fs::rename(part, options_.folder + "/" + file.name, error);
    if (error) return fail(ErrorKind::unavailable, part + ": " + error.message());
    return {};
  }

  // All bytes into the part, in as many attempts as are allowed; one that brought something does not count.
  Status bring(const PinnedFile& file, const std::string& part) {
    auto pause = options_.first_pause;
    int left = options_.attempts;
    std::uint64_t size = 0;
    std::error_code ignored;
    for (;;) {
      Attempt attempt;
      std::uint64_t now = 0;
      const auto done = downloader_.run(
          call_, options_, file, part,
          [&](std::uint64_t grown) {
            now = grown;
            tell(grown);
          },
          attempt);
      if (done) return {};
      if (attempt.restart) fs::remove(part, ignored);
      if (!attempt.may_pass) return done;
      if (now > size && !attempt.restart) {
        size = now;
        pause = options_.first_pause;
        left = options_.attempts;
      }
      if (--left <= 0) return done;
      CDX_TRY(wait(call_, pause));
      pause *= 2;
    }
  }

  const Call& call_;
  const PullOptions& options_;
  const std::function<void(const PullProgress&)>& progress_;
  PullProgress now_;
  std::uint64_t before_ = 0;
  Downloader downloader_;
};

}  // namespace

std::string_view name(FileState state) {
  switch (state) {
    case FileState::right:
      return "right";
    case FileState::absent:
      return "absent";
    case FileState::unfinished:
      return "unfinished";
    case FileState::wrong_size:
      return "wrong size";
    case FileState::wrong_hash:
      return "wrong hash";
  }
  return "?";
}

Result<FileState> check_file(const Call& call, const std::string& folder, const PinnedFile& file, bool deep) {
  CDX_TRY(call.check());
  const std::string path = folder + "/" + file.name;
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return fs::exists(path + std::string(part_ending), error) ? FileState::unfinished : FileState::absent;
  if (fs::file_size(path, error) != file.bytes || error) return FileState::wrong_size;
  if (!deep) return FileState::right;
  CDX_TRY_LET(const bool right, has_hash(path, file.sha256));
  return right ? FileState::right : FileState::wrong_hash;
}

Status pull(const Call& call, const PinnedModel& model, const PullOptions& options,
            const std::function<void(const PullProgress&)>& progress) {
  PullOptions checked = options;
  CDX_TRY(check_base(checked.base));
  std::error_code error;
  fs::create_directories(checked.folder, error);
  if (error) return fail(ErrorKind::unavailable, checked.folder + ": " + error.message());
  CDX_TRY_LET(const LockFile lock, LockFile::acquire(checked.folder + "/.pull.lock"));
  Pull all(call, model, checked, progress);
  for (const PinnedFile& file : model.files) CDX_TRY(all.file(file));
  return {};
}

}  // namespace cdx::hub
