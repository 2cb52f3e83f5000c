#include "io/log_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "base/hash.h"

namespace cdx {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

using Bytes = std::span<const std::byte>;

constexpr std::array<char, 8> magic = {'c', 'd', 'x', '-', 'l', 'o', 'g', '\n'};
constexpr std::uint32_t version = 1;
constexpr std::size_t record_alignment = 8;

struct Head {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t sum;  // of the fields before it
};
struct RecordHead {
  std::uint32_t length;
  std::uint32_t head_sum;  // of length and place, so that looking for records costs no reading of bytes
  std::uint64_t
      bytes_sum;  // of the bytes, seeded with the place; behind them are zeros up to a multiple of 8
};
static_assert(sizeof(Head) == 16 && sizeof(RecordHead) == 16);

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

template <class T>
Bytes bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

std::uint32_t head_sum(Bytes head) {
  return static_cast<std::uint32_t>(hash64(text_of(head.first(offsetof(Head, sum)))));
}

Head make_head() {
  Head head{magic, version, 0};
  head.sum = head_sum(bytes_of(head));
  return head;
}

std::uint32_t record_head_sum(std::uint32_t length, std::uint64_t place) {
  return static_cast<std::uint32_t>(hash64(text_of(bytes_of(length)), place));
}

std::size_t padding_of(std::size_t length) {
  return (record_alignment - length % record_alignment) % record_alignment;
}

bool all_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte one) { return one == std::byte{0}; });
}

struct Record {
  Bytes bytes;
  std::uint64_t end;  // where the next one begins
};

// The record at `place`, if a sound one is there. The place is part of the checksums: a sound record that
// came to another place is none.
std::optional<Record> record_at(Bytes file, std::uint64_t place) {
  if (place > file.size() || file.size() - place < sizeof(RecordHead)) return std::nullopt;
  RecordHead head;
  std::memcpy(&head, file.data() + place, sizeof head);
  if (head.head_sum != record_head_sum(head.length, place)) return std::nullopt;
  if (head.length > LogFile::max_record_bytes) return std::nullopt;
  const auto begin = place + sizeof head;
  const auto padding = padding_of(head.length);
  if (head.length + padding > file.size() - begin) return std::nullopt;
  const auto bytes = file.subspan(begin, head.length);
  if (head.bytes_sum != hash64(text_of(bytes), place)) return std::nullopt;
  if (!all_zero(file.subspan(begin + head.length, padding))) return std::nullopt;
  return Record{bytes, begin + head.length + padding};
}

std::optional<std::uint64_t> sound_record_behind(Bytes file, std::uint64_t place) {
  for (auto at = place + record_alignment; at < file.size(); at += record_alignment)
    if (record_at(file, at)) return at;
  return std::nullopt;
}

// A beginning of our head and nothing but zeros behind it: its creation did not come to an end.
bool torn_head(Bytes file) {
  const auto right = make_head();
  const auto same = std::mismatch(file.begin(), file.end(), bytes_of(right).begin(), bytes_of(right).end());
  const auto matching = static_cast<std::size_t>(same.first - file.begin());
  return matching < sizeof(Head) && all_zero(file.subspan(matching));
}

Status check_head(const std::string& path, Bytes file) {
  Head head{};
  if (file.size() >= sizeof head) std::memcpy(&head, file.data(), sizeof head);
  if (head.magic != magic || head.sum != head_sum(bytes_of(head)))
    return fail(ErrorKind::corrupt, path + ": the head, at offset 0, is not that of a log");
  if (head.version != version)
    return fail(ErrorKind::unsupported,
                fmt::format("{}: is a log of version {}, this program reads version {}: use a newer release",
                            path, head.version, version));
  return {};
}

using Visit = std::function<Status(Bytes)>;

Result<LogFile::Replay> replay(const std::string& path, Bytes file, const Visit& visit) {
  LogFile::Replay told;
  if (torn_head(file)) {
    told.torn_bytes = file.size();
    return told;
  }
  CDX_TRY(check_head(path, file));
  std::uint64_t place = sizeof(Head);
  while (const auto record = record_at(file, place)) {
    CDX_TRY(visit(record->bytes));
    ++told.records;
    place = record->end;
  }
  if (const auto behind = sound_record_behind(file, place))
    return fail(
        ErrorKind::corrupt,
        fmt::format("{}: the record at offset {} does not match its checksum, and one at offset {} does",
                    path, place, *behind));
  told.bytes = place;
  told.torn_bytes = file.size() - place;
  return told;
}

// Cuts what is torn and makes durable what was read: it may have been written by a process that ended before
// it could, and what was shown once must not be lost later.
Status settle(Disk& disk, const std::string& path, DiskFile& file, const LogFile::Replay& told) {
  if (told.torn_bytes != 0) CDX_TRY(file.truncate(told.bytes));
  if (told.bytes == 0) CDX_TRY(file.append(bytes_of(make_head())));
  CDX_TRY(file.sync());
  return disk.sync_folder(folder_of(path));
}

// After a failed sync the system may show bytes that never reach the disk, and with them would be lost what
// is appended behind them later; so they must not be found by the next open(). By a fresh handle, because the
// old one refuses; nothing can be done where this fails too.
void cut_back(Disk& disk, const std::string& path, std::uint64_t size) {
  if (const auto file = disk.open_end(path); file && (*file)->size() > size) (void)(*file)->truncate(size);
}

}  // namespace

LogFile::LogFile(Disk& disk, std::string path, std::unique_ptr<DiskFile> file)
    : disk_(&disk), path_(std::move(path)), file_(std::move(file)), size_bytes_(file_->size()) {}
LogFile::LogFile(LogFile&&) noexcept = default;
LogFile& LogFile::operator=(LogFile&&) noexcept = default;
LogFile::~LogFile() = default;

Result<LogFile> LogFile::create(Disk& disk, const std::string& path) {
  CDX_TRY_LET(auto file, disk.create(path));
  if (auto settled = settle(disk, path, *file, {}); !settled) {
    (void)disk.remove(path);  // as in cut_back
    return tl::unexpected<Error>(std::move(settled).error());
  }
  return LogFile(disk, path, std::move(file));
}

Result<LogFile> LogFile::open(Disk& disk, const std::string& path, const Visit& visit, Replay* told) {
  CDX_TRY_LET(auto mapped, disk.map(path));
  CDX_TRY_LET(const auto found, replay(path, mapped->bytes(), visit));
  mapped.reset();  // before the file is cut
  CDX_TRY_LET(auto file, disk.open_end(path));
  if (file->size() != found.bytes + found.torn_bytes)
    return fail(ErrorKind::conflict, path + ": was written to by another while being read");
  if (auto settled = settle(disk, path, *file, found); !settled) {
    cut_back(disk, path, found.bytes);
    return tl::unexpected<Error>(std::move(settled).error());
  }
  if (told != nullptr) *told = found;
  return LogFile(disk, path, std::move(file));
}

Result<LogFile::Replay> LogFile::read(const Disk& disk, const std::string& path, const Visit& visit) {
  CDX_TRY_LET(const auto mapped, disk.map(path));
  return replay(path, mapped->bytes(), visit);
}

Status LogFile::write(Bytes record) {
  constexpr std::array<std::byte, record_alignment> zeros{};
  const auto place = file_->size();
  const auto length = static_cast<std::uint32_t>(record.size());
  const RecordHead head{length, record_head_sum(length, place), hash64(text_of(record), place)};
  CDX_TRY(file_->append(bytes_of(head)));
  if (!record.empty()) CDX_TRY(file_->append(record));
  if (const auto padding = padding_of(length); padding != 0)
    CDX_TRY(file_->append(std::span(zeros).first(padding)));
  return file_->sync();
}

Status LogFile::append(Bytes record) {
  CDX_TRY(broken_);
  if (record.size() > max_record_bytes)
    return fail(ErrorKind::invalid, fmt::format("{}: a record of {} bytes, at most {} are kept", path_,
                                                record.size(), max_record_bytes));
  const auto done = write(record);
  if (done) {
    size_bytes_ = file_->size();
    return {};
  }
  broken_ = done;
  file_.reset();
  cut_back(*disk_, path_, size_bytes_);
  return broken_;
}

std::uint64_t LogFile::size_bytes() const { return size_bytes_; }

}  // namespace cdx
