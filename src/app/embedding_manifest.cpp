#include "app/embedding_manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/json_text.h"
#include "io/disk.h"
#include "io/file.h"

namespace cdx::app {
namespace {

using nlohmann::json;

bool puts_in_use(const EmbeddingEvent& event) {
  return event.event == "use" || event.event == "switch" || event.event == "rollback";
}

template <class T>
bool take(const json& from, const char* key, T& out) {
  const auto found = from.find(key);
  if (found == from.end()) return false;
  if constexpr (std::is_same_v<T, std::string>) {
    if (!found->is_string()) return false;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!found->is_boolean()) return false;
  } else if (!found->is_number_unsigned()) {
    return false;
  }
  out = found->get<T>();
  return true;
}

Result<LockFile> wait_for_lock(const std::string& path) {
  for (int tries = 0;; ++tries) {
    auto lock = LockFile::acquire(path);
    if (lock || tries == 100) return lock;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

}  // namespace

EmbeddingEvent event_of(std::string event, std::string model, const ModelCard& card,
                        const PictureSpace& space, Time at) {
  EmbeddingEvent out;
  out.event = std::move(event);
  out.model = std::move(model);
  out.name = card.name;
  out.weights_sha256 = card.weights_sha256;
  out.preprocessing = card.preprocessing;
  out.dimension = space.dimension;
  out.reads_words = space.reads_words;
  out.space = space.name;
  out.at = at;
  return out;
}

std::string to_line(const EmbeddingEvent& event) {
  JsonWriter out;
  out.object([&] {
    out.key("event").value(event.event).key("model").value(event.model).key("name").value(event.name);
    out.key("weights_sha256").value(event.weights_sha256);
    out.key("preprocessing").value(event.preprocessing);
    out.key("dimension").value(static_cast<std::uint64_t>(event.dimension));
    out.key("reads_words").value(event.reads_words).key("space").value(event.space);
    out.key("count").value(event.count).key("checksum").value(event.checksum);
    out.key("at").value(format_time(event.at));
  });
  return out.take() + "\n";
}

Result<EmbeddingEvent> parse_event(std::string_view line) {
  const auto wrong = [](std::string_view why) { return fail(ErrorKind::invalid, std::string(why)); };
  const auto read = json::parse(line, nullptr, false);
  if (!read.is_object()) return wrong("is no JSON object");
  EmbeddingEvent out;
  std::string at;
  const bool whole = take(read, "event", out.event) && take(read, "model", out.model) &&
                     take(read, "name", out.name) && take(read, "weights_sha256", out.weights_sha256) &&
                     take(read, "preprocessing", out.preprocessing) &&
                     take(read, "dimension", out.dimension) && take(read, "reads_words", out.reads_words) &&
                     take(read, "space", out.space) && take(read, "count", out.count) &&
                     take(read, "checksum", out.checksum) && take(read, "at", at);
  if (!whole) return wrong("lacks a value, or one is of another kind");
  const auto time = parse_time(at);
  if (!time) return wrong("its time cannot be read");
  out.at = *time;
  return out;
}

const EmbeddingEvent* EmbeddingHistory::in_use() const {
  for (auto one = events.rbegin(); one != events.rend(); ++one)
    if (puts_in_use(*one)) return &*one;
  return nullptr;
}

const EmbeddingEvent* EmbeddingHistory::before() const {
  const auto* now = in_use();
  for (auto one = events.rbegin(); one != events.rend() && now != nullptr; ++one)
    if (puts_in_use(*one) && one->space != now->space) return &*one;
  return nullptr;
}

Result<EmbeddingHistory> read_embedding_history(const std::string& path) {
  EmbeddingHistory out;
  const auto mapped = posix_disk().map(path);
  if (!mapped && mapped.error().kind == ErrorKind::not_found) return out;
  if (!mapped) return tl::unexpected<Error>(mapped.error());
  const auto bytes = (*mapped)->bytes();
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    auto event = parse_event(line);
    if (event)
      out.events.push_back(std::move(*event));
    else
      ++out.unreadable;
  }
  return out;
}

Status append_embedding_event(const std::string& path, const EmbeddingEvent& event) {
  auto& disk = posix_disk();
  // A switch and a service that starts may have something to say at the same time.
  CDX_TRY_LET(const auto lock, wait_for_lock(path + ".lock"));
  std::unique_ptr<DiskFile> file;
  bool torn = false;
  const auto mapped = disk.map(path);
  if (mapped) {
    torn = !(*mapped)->bytes().empty() && (*mapped)->bytes().back() != std::byte{'\n'};
    CDX_TRY_LET(file, disk.open_end(path));
  } else if (mapped.error().kind == ErrorKind::not_found) {
    CDX_TRY_LET(file, disk.create(path));
  } else {
    return tl::unexpected<Error>(mapped.error());
  }
  const auto line = (torn ? "\n" : "") + to_line(event);
  CDX_TRY(file->append(std::as_bytes(std::span(line))));
  CDX_TRY(file->sync());
  return disk.sync_folder(folder_of(path));
}

}  // namespace cdx::app
