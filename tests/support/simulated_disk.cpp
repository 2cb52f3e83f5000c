#include "support/simulated_disk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <set>
#include <system_error>
#include <utility>

#include "base/assert.h"

namespace cdx {
namespace {

using Contents = std::vector<std::byte>;
using Random = std::mt19937_64;

// Not std::uniform_int_distribution: its numbers differ between libraries.
std::size_t pick(Random& random, std::size_t count) { return count == 0 ? 0 : random() % count; }

// A write of bytes at an offset, or a cut to it.
struct Change {
  bool cut = false;
  std::uint64_t offset = 0;
  Contents bytes;

  void apply(Contents& to) const {
    if (cut) {
      to.resize(offset);
      return;
    }
    to.resize(std::max<std::size_t>(to.size(), offset + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), to.begin() + static_cast<std::ptrdiff_t>(offset));
  }
};

struct Node {
  Contents seen, durable;
  std::vector<Change> pending;  // from durable to seen, but for what a failing sync lost

  void change(Change one) {
    one.apply(seen);
    pending.push_back(std::move(one));
  }
};

Contents after_first(const Node& node, std::size_t count) {
  auto out = node.durable;
  for (std::size_t i = 0; i < count; ++i) node.pending[i].apply(out);
  return out;
}

// Each sector as it was after some of the changes, chosen for itself: writes are kept, lost, torn and
// reordered.
Contents by_sectors(const Node& node, Random& random) {
  constexpr auto sector = SimulatedDisk::sector_bytes;
  std::vector<std::size_t> chosen;
  Contents version = node.durable, out;
  auto least = version.size(), most = version.size();
  for (std::size_t done = 0; done <= node.pending.size(); ++done) {
    if (done != 0) node.pending[done - 1].apply(version);
    least = std::min(least, version.size());
    most = std::max(most, version.size());
  }
  out.resize(most);
  for (std::size_t at = 0; at < most; at += sector) chosen.push_back(pick(random, node.pending.size() + 1));
  version = node.durable;
  for (std::size_t done = 0; done <= node.pending.size(); ++done) {
    if (done != 0) node.pending[done - 1].apply(version);
    for (std::size_t i = 0; i < chosen.size() && i * sector < version.size(); ++i)
      if (chosen[i] == done)
        std::memcpy(out.data() + i * sector, version.data() + i * sector,
                    std::min(sector, version.size() - i * sector));
  }
  out.resize(random() % 2 == 0 ? most : least + pick(random, most - least + 1));
  return out;
}

Contents what_is_kept(const Node& node, Random& random) {
  if (node.pending.empty()) return node.durable;
  switch (random() % 4) {
    case 0:
      return after_first(node, pick(random, 2) * node.pending.size());  // nothing or everything
    case 1:
      return after_first(node, pick(random, node.pending.size() + 1));
    default:
      return by_sectors(node, random);
  }
}

using Names = std::map<std::string, std::shared_ptr<Node>>;

struct NameChange {
  enum class Kind { create, rename, remove } kind = Kind::create;
  std::string from, to;  // the same but for a rename
  std::shared_ptr<Node> node;

  void apply(Names& names) const {
    const auto old = names.find(from);
    const bool mine = old != names.end() && old->second == node;
    if (kind != Kind::create && mine) names.erase(old);
    if (kind != Kind::remove) names[to] = node;
  }
  bool in(const std::string& folder) const { return folder_of(from) == folder || folder_of(to) == folder; }
};

std::string without_end_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

class CopiedBytes final : public DiskBytes {
 public:
  explicit CopiedBytes(const Contents& from)
      : size_(from.size()), data_(::operator new(std::max<std::size_t>(size_, 1), page)) {
    if (size_ != 0) std::memcpy(data_, from.data(), size_);
  }
  CopiedBytes(const CopiedBytes&) = delete;
  CopiedBytes& operator=(const CopiedBytes&) = delete;
  ~CopiedBytes() override { ::operator delete(data_, page); }
  std::span<const std::byte> bytes() const override { return {static_cast<const std::byte*>(data_), size_}; }
  void will_need(std::uint64_t, std::uint64_t) const override {}
  void random_access(bool) const override {}

 private:
  static constexpr std::align_val_t page{4096};
  std::size_t size_;
  void* data_;
};

tl::unexpected<Error> failed(const std::string& path, std::string_view doing, int code) {
  const auto kind = code == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable;
  return fail(kind, path + ": cannot " + std::string(doing) + ": " + std::generic_category().message(code));
}

int code_of(Fault fault, std::string_view doing) {
  const bool reading = doing == "map" || doing == "open" || doing == "list";
  if (fault == Fault::no_space && !reading) return ENOSPC;
  return fault == Fault::map_fails && doing == "map" ? ENOMEM : EIO;
}

}  // namespace

struct SimulatedDisk::State {
  explicit State(std::uint64_t seed) : random(seed) {}

  // Counts a call. The error it must end with, if any; `met` is the fault behind it.
  Status call(const std::string& path, std::string_view doing, std::optional<Fault>* met = nullptr) {
    const auto number = calls++;
    if (number >= stop)
      return fail(ErrorKind::unavailable, path + ": cannot " + std::string(doing) + ": the machine is off");
    const auto planned = faults.find(number);
    if (planned == faults.end()) return {};
    if (met != nullptr) *met = planned->second;
    return failed(path, doing, code_of(planned->second, doing));
  }
  Status folder_of_is_there(const std::string& path, std::string_view doing) const {
    return folders.count(folder_of(path)) != 0 ? Status() : Status(failed(path, doing, ENOENT));
  }
  void change(NameChange one) {
    one.apply(seen);
    names.push_back(std::move(one));
  }

  mutable std::mutex mutex;
  Names seen, durable;
  std::vector<NameChange> names;  // from durable to seen
  std::set<std::string> folders{".", "/"};
  std::map<std::uint64_t, Fault> faults;
  std::uint64_t calls = 0, stop = never;
  Random random;
};

class SimulatedDisk::File final : public DiskFile {
 public:
  File(std::shared_ptr<State> state, std::string path, std::shared_ptr<Node> node)
      : state_(std::move(state)), path_(std::move(path)), node_(std::move(node)) {}

  Status append(std::span<const std::byte> bytes) override {
    const std::lock_guard lock(state_->mutex);
    std::optional<Fault> met;
    if (auto called = call("write", &met); !called) {
      const bool partly = met == Fault::short_write || met == Fault::no_space;
      if (partly) write(bytes.first(pick(state_->random, bytes.size() + 1)));
      return called;
    }
    write(bytes);
    return {};
  }

  Status sync() override {
    const std::lock_guard lock(state_->mutex);
    std::optional<Fault> met;
    auto called = call("synchronise", &met);
    if (called)
      node_->durable = after_first(*node_, node_->pending.size());
    else if (met)
      node_->durable = what_is_kept(*node_, state_->random);
    else
      return called;
    node_->pending.clear();
    return called;
  }

  Status truncate(std::uint64_t size) override {
    const std::lock_guard lock(state_->mutex);
    CDX_ASSERT(size <= node_->seen.size());
    CDX_TRY(call("truncate"));
    node_->change({true, size, {}});
    return {};
  }

  std::uint64_t size() const override {
    const std::lock_guard lock(state_->mutex);
    return node_->seen.size();
  }

 private:
  Status call(std::string_view doing, std::optional<Fault>* met = nullptr) {
    const auto called = state_->call(path_, doing, met);
    if (broken_ && !called) broken_ = called;
    return broken_;
  }
  void write(std::span<const std::byte> bytes) {
    if (!bytes.empty()) node_->change({false, node_->seen.size(), {bytes.begin(), bytes.end()}});
  }

  std::shared_ptr<State> state_;
  std::string path_;
  std::shared_ptr<Node> node_;
  Status broken_;
};

SimulatedDisk::SimulatedDisk(std::uint64_t seed) : state_(std::make_shared<State>(seed)) {}
SimulatedDisk::SimulatedDisk(std::shared_ptr<State> state) : state_(std::move(state)) {}
SimulatedDisk::~SimulatedDisk() = default;

Status SimulatedDisk::make_folder(const std::string& path) {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(path, "make the folder"));
  for (auto folder = without_end_slash(path); state_->folders.count(folder) == 0;
       folder = without_end_slash(folder_of(folder))) {
    if (state_->seen.count(folder) != 0) return failed(path, "make the folder", EEXIST);
    state_->folders.insert(folder);
  }
  return {};
}

Result<std::vector<std::string>> SimulatedDisk::list(const std::string& folder) const {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(folder, "list"));
  const auto within = without_end_slash(folder);
  if (state_->folders.count(within) == 0) return failed(folder, "list", ENOENT);
  std::vector<std::string> out;
  for (const auto& [path, node] : state_->seen)
    if (folder_of(path) == within) out.push_back(path.substr(path.find_last_of('/') + 1));
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::unique_ptr<DiskFile>> SimulatedDisk::create(const std::string& path) {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(path, "create"));
  CDX_TRY(state_->folder_of_is_there(path, "create"));
  if (state_->folders.count(path) != 0) return failed(path, "create", EISDIR);
  // Two steps, as on a real disk: a crash may leave neither the old nor the new file.
  if (const auto old = state_->seen.find(path); old != state_->seen.end())
    state_->change({NameChange::Kind::remove, path, path, old->second});
  auto node = std::make_shared<Node>();
  state_->change({NameChange::Kind::create, path, path, node});
  return std::make_unique<File>(state_, path, std::move(node));
}

Result<std::unique_ptr<DiskFile>> SimulatedDisk::open_end(const std::string& path) {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(path, "open"));
  const auto found = state_->seen.find(path);
  if (found == state_->seen.end()) return failed(path, "open", ENOENT);
  return std::make_unique<File>(state_, path, found->second);
}

Result<std::unique_ptr<DiskBytes>> SimulatedDisk::map(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(path, "map"));
  const auto found = state_->seen.find(path);
  if (found == state_->seen.end()) return failed(path, "open", ENOENT);
  return std::make_unique<CopiedBytes>(found->second->seen);
}

Status SimulatedDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(from, "rename to " + to));
  const auto found = state_->seen.find(from);
  if (found == state_->seen.end()) return failed(from, "rename to " + to, ENOENT);
  CDX_TRY(state_->folder_of_is_there(to, "rename to it"));
  if (state_->folders.count(to) != 0) return failed(from, "rename to " + to, EISDIR);
  if (from != to) state_->change({NameChange::Kind::rename, from, to, found->second});
  return {};
}

Status SimulatedDisk::remove(const std::string& path) {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(path, "remove"));
  if (state_->folders.count(path) != 0) return failed(path, "remove", EISDIR);
  const auto found = state_->seen.find(path);
  if (found != state_->seen.end()) state_->change({NameChange::Kind::remove, path, path, found->second});
  return {};
}

Status SimulatedDisk::sync_folder(const std::string& folder) {
  const std::lock_guard lock(state_->mutex);
  CDX_TRY(state_->call(folder, "synchronise"));
  const auto within = without_end_slash(folder);
  if (state_->folders.count(within) == 0) return failed(folder, "open", ENOENT);
  std::vector<NameChange> later;
  for (auto& one : state_->names) {
    if (one.in(within))
      one.apply(state_->durable);
    else
      later.push_back(std::move(one));
  }
  state_->names = std::move(later);
  return {};
}

std::unique_ptr<SimulatedDisk> SimulatedDisk::lose_power(std::uint64_t seed) const {
  const std::lock_guard lock(state_->mutex);
  Random random(seed);
  auto after = std::make_shared<State>(seed);
  after->folders = state_->folders;
  auto names = state_->durable;
  const auto mode = random() % 4;  // no name change, all, or each by chance
  for (const auto& one : state_->names)
    if (mode == 1 || (mode > 1 && random() % 2 == 0)) one.apply(names);
  std::map<const Node*, std::shared_ptr<Node>> copies;
  for (const auto& [path, node] : names) {
    auto& copy = copies[node.get()];
    if (copy == nullptr) {
      copy = std::make_shared<Node>();
      copy->durable = copy->seen = what_is_kept(*node, random);
    }
    after->durable[path] = after->seen[path] = copy;
  }
  return std::unique_ptr<SimulatedDisk>(new SimulatedDisk(std::move(after)));
}

std::unique_ptr<SimulatedDisk> SimulatedDisk::end_process() const {
  const std::lock_guard lock(state_->mutex);
  auto after = std::make_shared<State>(state_->random());
  after->folders = state_->folders;
  std::map<const Node*, std::shared_ptr<Node>> copies;
  const auto copy_of = [&](const std::shared_ptr<Node>& node) {
    auto& copy = copies[node.get()];
    if (copy == nullptr) copy = std::make_shared<Node>(*node);
    return copy;
  };
  for (const auto& [path, node] : state_->seen) after->seen[path] = copy_of(node);
  for (const auto& [path, node] : state_->durable) after->durable[path] = copy_of(node);
  for (const auto& one : state_->names)
    after->names.push_back({one.kind, one.from, one.to, copy_of(one.node)});
  return std::unique_ptr<SimulatedDisk>(new SimulatedDisk(std::move(after)));
}

std::uint64_t SimulatedDisk::calls() const {
  const std::lock_guard lock(state_->mutex);
  return state_->calls;
}

void SimulatedDisk::fail_call(std::uint64_t number, Fault fault) {
  const std::lock_guard lock(state_->mutex);
  state_->faults[number] = fault;
}

void SimulatedDisk::stop_after(std::uint64_t number) {
  const std::lock_guard lock(state_->mutex);
  state_->stop = number;
}

void SimulatedDisk::flip_byte(const std::string& path, std::uint64_t offset, unsigned mask) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->seen.find(path);
  CDX_ASSERT(found != state_->seen.end());
  auto& node = *found->second;
  CDX_ASSERT(offset < node.seen.size() && static_cast<std::byte>(mask) != std::byte{0});
  const auto flip = [&](Contents& bytes, std::uint64_t at) {
    if (at < bytes.size()) bytes[at] ^= static_cast<std::byte>(mask);
  };
  flip(node.seen, offset);
  flip(node.durable, offset);
  for (auto& one : node.pending)
    if (!one.cut && offset >= one.offset) flip(one.bytes, offset - one.offset);
}

void SimulatedDisk::put(const std::string& path, std::vector<std::byte> bytes) {
  const std::lock_guard lock(state_->mutex);
  CDX_ASSERT(state_->folders.count(folder_of(path)) != 0);
  auto node = std::make_shared<Node>();
  node->seen = node->durable = std::move(bytes);
  // Changes of that name from before must not come back over it.
  std::erase_if(state_->names, [&](const NameChange& one) { return one.from == path || one.to == path; });
  state_->seen[path] = state_->durable[path] = std::move(node);
}

std::vector<std::byte> SimulatedDisk::bytes(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->seen.find(path);
  CDX_ASSERT(found != state_->seen.end());
  return found->second->seen;
}

std::vector<std::string> SimulatedDisk::files() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> out;
  for (const auto& [path, node] : state_->seen) out.push_back(path);
  return out;
}

}  // namespace cdx
