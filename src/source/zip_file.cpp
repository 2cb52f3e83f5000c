#include "source/zip_file.h"

#include <minizip/unzip.h>

#include <algorithm>

namespace cdx::source {
namespace {

constexpr std::uint64_t small_entry = 1'000'000;

// minizip reads through these, so that it works on our descriptor and never opens a path itself.
struct Stream {
  const ByteFile* file;
  std::uint64_t at = 0;
  bool failed = false;
};

Stream& of(voidpf stream) { return *static_cast<Stream*>(stream); }

voidpf open_stream(voidpf opaque, const void*, int) { return opaque; }
uLong read_stream(voidpf, voidpf stream, void* buffer, uLong size) {
  const auto got = of(stream).file->read(of(stream).at, static_cast<char*>(buffer), size);
  if (!got) of(stream).failed = true;
  of(stream).at += got.value_or(0);
  return got.value_or(0);
}
uLong write_stream(voidpf, voidpf, const void*, uLong) { return 0; }
ZPOS64_T tell_stream(voidpf, voidpf stream) { return of(stream).at; }
long seek_stream(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  const std::uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? of(stream).at
                             : origin == ZLIB_FILEFUNC_SEEK_END ? of(stream).file->size()
                                                                : 0;
  of(stream).at = base + offset;
  return of(stream).at > of(stream).file->size() ? -1 : 0;
}
int close_stream(voidpf, voidpf) { return 0; }
int error_stream(voidpf, voidpf stream) { return of(stream).failed ? 1 : 0; }

// Some writers use backslashes, a leading slash or another case than the workbook says.
std::string plain(std::string_view name) {
  std::string out(name.substr(std::min(name.size(), name.find_first_not_of("/\\"))));
  for (char& c : out) {
    if (c == '\\') c = '/';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

struct ZipFile::Handle {
  Stream stream{nullptr};
  unzFile zip = nullptr;
  ZipLimits limits;
  std::map<std::string, unz64_file_pos, std::less<>> entries;
  std::uint64_t unpacked = 0;

  ~Handle() {
    if (zip != nullptr) unzClose(zip);
  }
  Status list();
  Status start(std::string_view name, unz_file_info64& about);
};

ZipFile::ZipFile(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
ZipFile::ZipFile(ZipFile&&) noexcept = default;
ZipFile::~ZipFile() = default;

Status ZipFile::Handle::list() {
  unz_global_info64 global = {};
  if (unzGetGlobalInfo64(zip, &global) != UNZ_OK) return fail(ErrorKind::invalid, "is a broken zip archive");
  if (global.number_entry > limits.entries)
    return fail(ErrorKind::invalid, "is a zip archive with " + std::to_string(global.number_entry) +
                                        " entries; at most " + std::to_string(limits.entries) +
                                        " are allowed");
  std::string name(1024, '\0');
  int state = unzGoToFirstFile(zip);
  for (std::uint64_t i = 0; i < global.number_entry && state == UNZ_OK; ++i, state = unzGoToNextFile(zip)) {
    unz_file_info64 about = {};
    unz64_file_pos at = {};
    if (unzGetCurrentFileInfo64(zip, &about, name.data(), name.size() - 1, nullptr, 0, nullptr, 0) !=
            UNZ_OK ||
        unzGetFilePos64(zip, &at) != UNZ_OK)
      return fail(ErrorKind::invalid, "is a broken zip archive (entry " + std::to_string(i + 1) + ")");
    entries.try_emplace(
        plain(std::string_view(name).substr(0, std::min<std::size_t>(about.size_filename, 1023))), at);
  }
  return {};
}

Status ZipFile::Handle::start(std::string_view name, unz_file_info64& about) {
  const auto found = entries.find(plain(name));
  if (found == entries.end()) return fail(ErrorKind::invalid, "lacks its part " + std::string(name));
  if (unzGoToFilePos64(zip, &found->second) != UNZ_OK ||
      unzGetCurrentFileInfo64(zip, &about, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK)
    return fail(ErrorKind::invalid, "is a broken zip archive (entry " + std::string(name) + ")");
  if ((about.flag & 1U) != 0)
    return fail(ErrorKind::unsupported, "is protected by a password; save it without one");
  if (unzOpenCurrentFile(zip) != UNZ_OK)
    return fail(ErrorKind::invalid, "has a part that cannot be unpacked: " + std::string(name));
  return {};
}

Result<ZipFile> ZipFile::open(const ByteFile& file, const ZipLimits& limits) {
  auto handle = std::make_unique<Handle>();
  handle->stream.file = &file;
  handle->limits = limits;
  zlib_filefunc64_def calls = {};
  calls.zopen64_file = open_stream;
  calls.zread_file = read_stream;
  calls.zwrite_file = write_stream;
  calls.ztell64_file = tell_stream;
  calls.zseek64_file = seek_stream;
  calls.zclose_file = close_stream;
  calls.zerror_file = error_stream;
  calls.opaque = &handle->stream;
  handle->zip = unzOpen2_64("", &calls);
  if (handle->zip == nullptr) return fail(ErrorKind::invalid, "is a broken or cut zip archive");
  CDX_TRY(handle->list());
  return ZipFile(std::move(handle));
}

bool ZipFile::has(std::string_view name) const { return handle_->entries.contains(plain(name)); }

bool ZipFile::any(const std::function<bool(std::string_view)>& wanted) const {
  return std::any_of(handle_->entries.begin(), handle_->entries.end(),
                     [&](const auto& entry) { return wanted(entry.first); });
}

Status ZipFile::stream(std::string_view name, const std::function<Status(std::string_view)>& piece) {
  unz_file_info64 about = {};
  CDX_TRY(handle_->start(name, about));
  const std::string part(name);
  std::string buffer(1 << 16, '\0');
  std::uint64_t total = 0;
  Status status;
  while (status) {
    const int got = unzReadCurrentFile(handle_->zip, buffer.data(), static_cast<unsigned>(buffer.size()));
    if (got == 0) break;
    if (got < 0) {
      status = fail(ErrorKind::invalid, "has a part that cannot be unpacked: " + part);
      break;
    }
    total += static_cast<std::uint64_t>(got);
    handle_->unpacked += static_cast<std::uint64_t>(got);
    if (handle_->unpacked > handle_->limits.unpacked_bytes) {
      status = fail(ErrorKind::invalid, "unpacks to more than the allowed " +
                                            std::to_string(handle_->limits.unpacked_bytes) + " bytes (" +
                                            part + ")");
    } else if (total > small_entry && total > about.compressed_size * handle_->limits.ratio) {
      status =
          fail(ErrorKind::invalid, "has a part that unpacks to more than " +
                                       std::to_string(handle_->limits.ratio) + " times its size: " + part);
    } else {
      status = piece(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
    }
  }
  const int closed = unzCloseCurrentFile(handle_->zip);
  if (status && closed != UNZ_OK)
    return fail(ErrorKind::invalid, "has a part with a wrong checksum: " + part);
  return status;
}

Result<std::string> ZipFile::read(std::string_view name, std::size_t limit) {
  std::string out;
  CDX_TRY(stream(name, [&](std::string_view piece) -> Status {
    if (out.size() + piece.size() > limit)
      return fail(ErrorKind::invalid,
                  "has a part of more than " + std::to_string(limit) + " bytes: " + std::string(name));
    out += piece;
    return {};
  }));
  return out;
}

}  // namespace cdx::source
