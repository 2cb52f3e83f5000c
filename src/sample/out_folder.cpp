#include "sample/out_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace cdx::sample {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view marker = "creatordex sample set";
constexpr std::array<std::string_view, 9> our_files = {
    "accounts.ndjson",     "vectors.npy",     "vectors.tsv",
    "truth/identity.tsv",  "truth/niche.tsv", "truth/spikes.tsv",
    "truth/queries.jsonl", "truth/qrels.txt", "README"};

tl::unexpected<Error> disk_error(const fs::path& path, int code) {
  return fail(ErrorKind::unavailable,
              fmt::format("{}: {}", path.string(), std::error_code(code, std::generic_category()).message()));
}

bool ours(std::string name) {
  if (name.ends_with(".partial")) name.resize(name.size() - 8);
  return name == "truth" || std::find(our_files.begin(), our_files.end(), name) != our_files.end();
}

bool has_marker(const fs::path& folder) {
  std::ifstream readme(folder / "README");
  std::string line;
  return std::getline(readme, line) && line.starts_with(marker);
}

// Whatever is in the folder must have been made by an earlier run, and by its README say so.
Status check_contents(const fs::path& folder) {
  std::error_code error;
  bool empty = true;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    empty = false;
    const auto name = it->path().lexically_relative(folder).generic_string();
    if (it->is_symlink(error) || !ours(name))
      return fail(ErrorKind::invalid,
                  fmt::format("{} is no sample set: it holds \"{}\"; name an empty or new folder",
                              folder.string(), name));
  }
  if (error) return disk_error(folder, error.value());
  if (!empty && !has_marker(folder))
    return fail(ErrorKind::invalid,
                fmt::format("{} is no sample set: its README is missing or not ours", folder.string()));
  return {};
}

}  // namespace

Status prepare_folder(const fs::path& folder, std::string_view readme) {
  if (folder.empty()) return fail(ErrorKind::invalid, "no folder named for the sample set");
  std::error_code error;
  if (fs::exists(folder, error)) {
    if (!fs::is_directory(folder, error))
      return fail(ErrorKind::invalid, fmt::format("{} is a file, not a folder", folder.string()));
    CDX_TRY(check_contents(folder));
  } else if (error) {
    return disk_error(folder, error.value());
  }
  fs::create_directories(folder / "truth", error);
  if (error) return disk_error(folder, error.value());
  // The README goes first and is removed never: it tells a later run that the folder is ours.
  CDX_TRY_LET(auto file, OutFile::open(folder / "README"));
  CDX_TRY(file.write(readme));
  CDX_TRY(file.finish());
  for (const auto name : our_files) {
    if (name == "README") continue;
    fs::remove(folder / name, error);
    fs::remove(folder / (std::string(name) + ".partial"), error);
    if (error) return disk_error(folder / name, error.value());
  }
  return {};
}

OutFile::OutFile(OutFile&& other) noexcept { *this = std::move(other); }

OutFile& OutFile::operator=(OutFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(size_, other.size_);
  return *this;
}

OutFile::~OutFile() { close(); }

void OutFile::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

Result<OutFile> OutFile::open(const fs::path& path) {
  OutFile out;
  out.path_ = path;
  const auto partial = path.string() + ".partial";
  out.file_ = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (out.file_ < 0) return disk_error(partial, errno);
  return out;
}

Status OutFile::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status OutFile::write(std::string_view bytes) {
  size_ += bytes.size();
  return put(bytes);
}

Status OutFile::write_at(std::uint64_t offset, std::string_view bytes) {
  if (::lseek(file_, static_cast<off_t>(offset), SEEK_SET) < 0) return disk_error(path_, errno);
  CDX_TRY(put(bytes));
  if (::lseek(file_, 0, SEEK_END) < 0) return disk_error(path_, errno);
  return {};
}

Status OutFile::finish() {
  const int closed = ::close(std::exchange(file_, -1));
  if (closed != 0) return disk_error(path_, errno);
  std::error_code error;
  std::filesystem::rename(path_.string() + ".partial", path_, error);
  if (error) return disk_error(path_, error.value());
  return {};
}

}  // namespace cdx::sample
