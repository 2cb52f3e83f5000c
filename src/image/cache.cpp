#include "image/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/assert.h"
#include "io/file.h"

namespace cdx::image {
namespace {

namespace fs = std::filesystem;

// Before the bytes of an entry. The sum covers the name too: an entry under another name is not that entry.
struct Head {
  char magic[8] = {'C', 'D', 'X', 'P', 'I', 'C', '1', '\n'};
  std::uint64_t bytes = 0, sum = 0;
};
static_assert(sizeof(Head) == 24);
constexpr std::string_view draft_mark = ".draft";

bool plain(std::string_view kind) {
  return !kind.empty() && std::all_of(kind.begin(), kind.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// "ab/cdef….clip.v1": below 256 folders, so that none grows large.
std::string folder_of_original(const Digest& original) { return hex(original).substr(0, 2); }
std::string stem_of(const Digest& original) {
  return folder_of_original(original) + "/" + hex(original).substr(2) + ".";
}
std::string name_of(const PictureCache::Key& key) {
  CDX_ASSERT(plain(key.kind) && key.version >= 0);
  return fmt::format("{}{}.v{}", stem_of(key.original), key.kind, key.version);
}

std::uint64_t sum_of(std::string_view name, std::string_view bytes) { return hash64(bytes, hash64(name)); }

// Whether a file of that name can be ours at all.
bool looks_ours(std::string_view name) {
  return name.size() > 66 && name[2] == '/' && name[65] == '.' &&
         name.substr(3, 62).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         !name.ends_with(draft_mark);
}

tl::unexpected<Error> cannot(const std::string& path, const char* what, int code) {
  return fail(ErrorKind::unavailable,
              fmt::format("{}: cannot {}: {}", path, what, std::generic_category().message(code)));
}

Status write_whole(int file, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return cannot(path, "write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

// No sync: what a power loss leaves of it is told by its sum.
Status write_file(const std::string& path, const Head& head, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return cannot(path, "create", errno);
  auto done = write_whole(file, path, std::string_view(reinterpret_cast<const char*>(&head), sizeof head));
  if (done) done = write_whole(file, path, bytes);
  if (::close(file) != 0 && done) done = cannot(path, "close", errno);
  return done;
}

}  // namespace

Result<std::unique_ptr<PictureCache>> PictureCache::open(PictureCacheOptions options) {
  std::error_code error;
  fs::create_directories(options.folder, error);
  if (error) return cannot(options.folder, "make the folder", error.value());
  std::unique_ptr<PictureCache> out(new PictureCache(std::move(options)));
  CDX_TRY(out->learn());
  return out;
}

Status PictureCache::learn() {
  struct Found {
    fs::file_time_type used;
    std::string name;
    std::uint64_t bytes;
  };
  std::vector<Found> found;
  const auto old = fs::file_time_type::clock::now() - std::chrono::minutes(10);
  std::error_code error;
  for (fs::recursive_directory_iterator at(options_.folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;  // another process may throw out what we see
    if (!at->is_regular_file(gone) || at->is_symlink(gone)) continue;
    const auto name = at->path().lexically_relative(options_.folder).generic_string();
    const auto used = at->last_write_time(gone);
    const auto bytes = at->file_size(gone);
    if (gone) continue;
    if (name.ends_with(draft_mark) && used < old) fs::remove(at->path(), gone);  // a killed writer's
    if (looks_ours(name)) found.push_back({used, name, bytes});
  }
  if (error) return cannot(options_.folder, "read the folder", error.value());
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.used < b.used; });
  const std::scoped_lock lock(mutex_);
  for (const auto& file : found) note(file.name, file.bytes);
  make_fit();
  return {};
}

void PictureCache::note(const std::string& name, std::uint64_t bytes) {
  drop(name);
  by_use_.push_back(name);
  entries_.emplace(name, Entry{bytes, std::prev(by_use_.end())});
  bytes_ += bytes;
}

void PictureCache::drop(const std::string& name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return;
  bytes_ -= found->second.bytes;
  by_use_.erase(found->second.place);
  entries_.erase(found);
}

void PictureCache::make_fit() {
  while (bytes_ > options_.max_bytes && !by_use_.empty()) {
    const auto name = by_use_.front();
    std::error_code ignored;
    fs::remove(fs::path(options_.folder) / name, ignored);
    drop(name);
  }
}

std::optional<std::string> PictureCache::get(const Key& key) {
  const auto name = name_of(key);
  const auto path = options_.folder + "/" + name;
  auto bytes = read_file(path, options_.max_bytes + sizeof(Head));
  if (!bytes) {
    const std::scoped_lock lock(mutex_);
    drop(name);
    return std::nullopt;
  }
  Head head, expected;
  const bool whole = bytes->size() >= sizeof head;
  if (whole) std::memcpy(&head, bytes->data(), sizeof head);
  const auto body = std::string_view(*bytes).substr(whole ? sizeof head : 0);
  if (!whole || std::memcmp(head.magic, expected.magic, sizeof head.magic) != 0 ||
      head.bytes != body.size() || head.sum != sum_of(name, body)) {
    std::error_code ignored;
    fs::remove(path, ignored);
    const std::scoped_lock lock(mutex_);
    drop(name);
    return std::nullopt;
  }
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);  // for the order after the next start; may fail
  {
    const std::scoped_lock lock(mutex_);
    note(name, bytes->size());
  }
  bytes->erase(0, sizeof head);
  return std::move(*bytes);
}

Status PictureCache::put(const Key& key, std::string_view bytes) {
  const auto name = name_of(key);
  const auto size = bytes.size() + sizeof(Head);
  if (size > options_.max_bytes / 4) return {};
  const auto path = options_.folder + "/" + name;
  std::string draft;
  {
    const std::scoped_lock lock(mutex_);
    draft = fmt::format("{}.{}-{}{}", path, ::getpid(), ++drafts_, draft_mark);
  }
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return cannot(path, "make its folder", error.value());
  Head head;
  head.bytes = bytes.size();
  head.sum = sum_of(name, bytes);
  auto done = write_file(draft, head, bytes);
  if (done && ::rename(draft.c_str(), path.c_str()) != 0) done = cannot(path, "rename a draft to it", errno);
  if (!done) {
    ::unlink(draft.c_str());
    return done;
  }
  const std::scoped_lock lock(mutex_);
  note(name, size);
  make_fit();
  return {};
}

Status PictureCache::erase(const Digest& original) {
  const auto folder = fs::path(options_.folder) / folder_of_original(original);
  const auto stem = stem_of(original).substr(3);
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  std::vector<std::string> names;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (auto name = at->path().filename().string(); name.starts_with(stem)) names.push_back(std::move(name));
  if (error) return cannot(folder.string(), "read the folder", error.value());
  for (const auto& name : names) {
    fs::remove(folder / name, error);
    if (error) return cannot((folder / name).string(), "remove", error.value());
    const std::scoped_lock lock(mutex_);
    drop(folder_of_original(original) + "/" + name);
  }
  return {};
}

std::uint64_t PictureCache::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

}  // namespace cdx::image
