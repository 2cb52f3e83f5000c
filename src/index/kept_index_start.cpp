// How an index continues where the last one stopped.
#include <fmt/format.h>

#include <algorithm>

#include "index/kept_index.h"
#include "index/memory.h"
#include "index/record.h"

namespace cdx::engine {
namespace {

constexpr std::size_t most_logs = 8;  // that a start leaves unflushed

// Why the files of a manifest cannot be continued; empty when they can.
std::string_view why_not(const Manifest& manifest, const Schema& schema) {
  if (manifest.layout != segment_layout) return "in an older format";
  return manifest.schema != schema_mark(schema) ? "for other fields" : std::string_view();
}

}  // namespace

// Nothing is set aside, swept or begun: the owner does that.
Status KeptIndex::look_on() {
  const auto folder = *folder_;
  CDX_TRY_LET(auto found, folder.look(false));
  for (auto& note : found.notes) fault(std::move(note));
  folder_.reset();
  if (!found.manifest || !why_not(*found.manifest, *schema_).empty()) return {};
  SegmentViews segments;
  for (const auto& entry : found.manifest->segments) {
    CDX_TRY_LET(auto view, open_view(folder, entry));
    segments.push_back(std::move(view));
  }
  publish(std::move(segments), found.manifest->revision);
  for (const auto log : found.logs)
    if (log >= found.manifest->first_log)
      CDX_TRY(LogFile::read(folder.disk(), folder.log_path(log),
                            [&](std::span<const std::byte> bytes) { return apply_record(bytes); }));
  return {};
}

Status KeptIndex::recover() {
  const Call call;
  CDX_TRY_LET(auto found, folder_->look(true));
  next_ = found.next;
  for (auto& note : found.notes) fault(std::move(note));
  const auto wrong = found.manifest ? why_not(*found.manifest, *schema_) : std::string_view();
  const bool fits = found.manifest && wrong.empty();
  if (!wrong.empty()) fault(fmt::format("the index was written {} and starts anew", wrong));
  if (!found.manifest && !found.logs.empty()) fault("the index has no manifest and starts anew");
  if (!fits) return begin();
  std::vector<std::uint64_t> logs;
  first_log_ = published_log_ = found.manifest->first_log;
  for (const auto& entry : found.manifest->segments) published_segments_.insert(entry.segment);
  filed_ = found.manifest->revision;
  for (const auto log : found.logs)
    if (log >= first_log_) logs.push_back(log);
  publish(open_segments(*found.manifest), filed_);
  CDX_TRY(replay(logs));
  if (!log_) CDX_TRY(roll_log());
  sweep();
  // Starts that were cut short leave logs behind; they end here rather than pile up.
  if (!incomplete_) return unpublished_ || logs.size() > most_logs ? flush(call) : Status{};
  publish(latest()->segments(), Revision{});  // everything is to be brought again
  unpublished_ = true;
  return flush(call);
}

// An empty index. The manifest comes first: a log without one would look like a manifest lost.
Status KeptIndex::begin() {
  first_log_ = next_;
  CDX_TRY(publish_manifest());
  return roll_log();
}

Result<SegmentView> KeptIndex::open_view(const Folder& folder, const Manifest::Entry& entry) const {
  SegmentView out;
  CDX_TRY_LET(out.segment, folder.open_segment(*schema_, entry.segment));
  if (entry.tombstones == 0) return out;
  CDX_TRY_LET(auto tombstones, folder.read_tombstones(*out.segment, entry.tombstones));
  out.tombstones = std::make_shared<const Tombstones>(std::move(tombstones));
  return out;
}

SegmentViews KeptIndex::open_segments(const Manifest& manifest) {
  SegmentViews out;
  for (const auto& entry : manifest.segments) {
    auto view = open_view(*folder_, entry);
    if (!view) {
      std::vector<std::string> notes;
      folder_->set_aside(folder_->segment_path(entry.segment), view.error().message, notes);
      for (auto& note : notes) fault(std::move(note));
      incomplete_ = true;
      continue;
    }
    if (view->tombstones) filed_tombstones_.emplace_back(view->tombstones, entry.tombstones);
    out.push_back(std::move(*view));
  }
  return out;
}

Status KeptIndex::apply_record(std::span<const std::byte> bytes) {
  CDX_TRY_LET(const auto batch, decode_record(bytes));
  CDX_TRY_LET(const auto rows, survivors(Call{}, batch, *schema_));
  CDX_TRY_LET(auto segments, with_batch(Call{}, batch, rows));
  publish(std::move(segments), batch.reached);
  return {};
}

Status KeptIndex::replay(const std::vector<std::uint64_t>& logs) {
  const auto visit = [&](std::span<const std::byte> bytes) { return apply_record(bytes); };
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const auto path = folder_->log_path(logs[i]);
    auto log = LogFile::open(folder_->disk(), path, visit);
    if (log) {
      if (log_) log_bytes_before_ += log_->size_bytes();
      log_ = std::move(*log);
      continue;
    }
    const auto kind = log.error().kind;
    if (kind != ErrorKind::corrupt && kind != ErrorKind::invalid) return tl::unexpected<Error>(log.error());
    // What stood behind the damage comes again from the store: the revision stays where the log could be
    // read.
    std::vector<std::string> notes;
    for (auto j = i; j < logs.size(); ++j)
      folder_->set_aside(folder_->log_path(logs[j]), log.error().message, notes);
    for (auto& note : notes) fault(std::move(note));
    log_.reset();
    filed_ = latest()->revision();
    unpublished_ = true;
    return {};
  }
  return {};
}

}  // namespace cdx::engine
