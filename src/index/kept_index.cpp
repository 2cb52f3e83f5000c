#include "index/kept_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "base/guard.h"
#include "index/memory.h"
#include "index/merging.h"
#include "index/record.h"

namespace cdx::engine {
namespace {

constexpr std::size_t most_faults_kept = 100;
constexpr std::size_t flushes_waited_for = 4;  // so many flushes' worth of documents may lie in memory

// Generations of two indexes opened one after the other must not meet: cursors name them.
std::uint64_t first_generation() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

KeptIndex::KeptIndex(Schema schema, IndexOptions options, std::optional<Folder> folder)
    : schema_(std::make_shared<const Schema>(std::move(schema))),
      options_(options),
      folder_(std::move(folder)),
      current_(std::make_shared<const Snapshot>(schema_, SegmentViews{}, options_.k1, first_generation(),
                                                Revision{})) {}

Result<std::unique_ptr<Index>> KeptIndex::in_memory(Schema schema, IndexOptions options) {
  return std::unique_ptr<Index>(new KeptIndex(std::move(schema), options, std::nullopt));
}

Result<std::unique_ptr<Index>> KeptIndex::in_folder(Disk& disk, std::string folder, Schema schema,
                                                    IndexOptions options) {
  std::unique_ptr<KeptIndex> out(new KeptIndex(std::move(schema), options, Folder(disk, std::move(folder))));
  CDX_TRY(guard("index", ErrorKind::internal,
                [&] { return options.read_only ? out->look_on() : out->recover(); }));
  if (options.background && !options.read_only) {
    out->flusher_ =
        std::jthread([index = out.get()](const std::stop_token& stop) { index->run_flushes(stop); });
    out->merger_ =
        std::jthread([index = out.get()](const std::stop_token& stop) { index->run_merges(stop); });
  }
  return std::unique_ptr<Index>(std::move(out));
}

KeptIndex::~KeptIndex() {
  flusher_.request_stop();
  merger_.request_stop();
  if (flusher_.joinable()) flusher_.join();
  if (merger_.joinable()) merger_.join();
  // The next start is quick when it finds nothing to replay; what a failure leaves stands in the log.
  if (options_.background && folder_ && !options_.read_only) static_cast<void>(flush(Call{}));
}

std::shared_ptr<const Snapshot> KeptIndex::latest() const {
  const std::lock_guard reading(pointer_);
  return current_;
}

void KeptIndex::publish(SegmentViews segments, Revision revision) {
  auto next = std::make_shared<const Snapshot>(schema_, std::move(segments), options_.k1,
                                               latest()->generation() + 1, revision);
  const std::lock_guard writing(pointer_);
  current_.swap(next);
}

ann::Options KeptIndex::vectors(bool with_graphs) const {
  ann::Options out;
  out.graph_from = with_graphs ? options_.graph_from : std::numeric_limits<std::size_t>::max();
  out.threads = options_.build_threads;
  return out;
}

std::size_t KeptIndex::documents_in_memory() const {
  std::size_t out = 0;
  for (const auto& view : latest()->segments())
    if (view->in_memory()) out += view->rows();
  return out;
}

bool KeptIndex::flush_due() const {
  std::size_t waiting = 0;
  for (const auto& view : latest()->segments())
    if (view->in_memory() && !frozen(view)) waiting += view->rows();
  return waiting >= options_.flush_documents || (log_ && log_->size_bytes() >= options_.flush_log_bytes);
}

Status KeptIndex::apply(const Call& call, const IndexBatch& batch) {
  auto done = guard("index", ErrorKind::internal, [&] { return commit(call, batch); });
  if (!done) return done;
  changed_.notify_all();
  return folder_ && !options_.background ? catch_up(call) : done;
}

Status KeptIndex::commit(const Call& call, const IndexBatch& batch) {
  CDX_TRY(call.check());
  CDX_TRY_LET(const auto rows, survivors(call, batch, *schema_));
  std::unique_lock writing(writing_);
  CDX_TRY(wait_for_room(call, writing));
  if (const auto at = latest()->revision(); batch.follows && *batch.follows != at)
    return fail(ErrorKind::conflict, fmt::format("the index is at revision {}, the batch continues from {}",
                                                 at.value, batch.follows->value));
  // The log comes last: what it holds is done.
  CDX_TRY_LET(auto segments, with_batch(call, batch, rows));
  if (folder_) CDX_TRY(log(batch, rows));
  publish(std::move(segments), batch.reached);
  last_batch_ = std::chrono::steady_clock::now();
  return {};
}

Result<SegmentViews> KeptIndex::with_batch(const Call& call, const IndexBatch& batch,
                                           std::span<const Document* const> rows) const {
  auto segments = latest()->segments();
  auto gone = batch.removals;
  for (const auto* row : rows) gone.push_back(row->id);
  std::sort(gone.begin(), gone.end());
  gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
  bury(segments, gone);
  const auto largest = folder_ ? options_.flush_documents : options_.segment_documents;
  CDX_TRY(add_documents(call, *schema_, options_.k1, rows, largest, vectors(!folder_), segments));
  CDX_TRY(merge_small(call, segments));
  return segments;
}

Status KeptIndex::merge_small(const Call& call, SegmentViews& segments) const {
  const auto largest = folder_ ? options_.flush_documents : options_.segment_documents;
  for (;;) {
    const auto places = merge_due(segments, largest, merged_at_once, [&](const SegmentView& view) {
      return view->in_memory() && !frozen(view);
    });
    if (places.empty()) return {};
    SegmentViews parts;
    std::size_t living = 0;
    for (const auto place : places) parts.push_back(segments[place]);
    for (auto place = places.rbegin(); place != places.rend(); ++place)
      segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(*place));
    for (const auto& part : parts) living += part.living();
    if (living == 0) continue;
    CDX_TRY_LET(auto merged, merge_in_memory(call, *schema_, options_.k1, parts, vectors(!folder_)));
    segments.push_back(std::move(merged));
  }
}

Status KeptIndex::log(const IndexBatch& batch, std::span<const Document* const> rows) {
  if (!log_) CDX_TRY(roll_log());
  const auto record = encode_record(rows, batch.removals, batch.reached);
  auto done = log_->append(std::as_bytes(std::span(record)));
  if (done) return {};
  // A log that failed takes no more; the next batch starts another behind it.
  log_bytes_before_ += log_->size_bytes();
  if (done.error().kind != ErrorKind::invalid) log_.reset();
  return done;
}

Status KeptIndex::roll_log() {
  const auto number = next_;
  CDX_TRY_LET(auto fresh, LogFile::create(folder_->disk(), folder_->log_path(number)));
  ++next_;
  if (log_) log_bytes_before_ += log_->size_bytes();
  log_ = std::move(fresh);
  return {};
}

Status KeptIndex::wait_for_room(const Call& call, std::unique_lock<std::mutex>& writing) {
  if (!folder_ || !options_.background) return {};
  while (documents_in_memory() >= flushes_waited_for * options_.flush_documents) {
    CDX_TRY(call.check());
    if (flushes_fail_)
      return fail(ErrorKind::unavailable, fmt::format("the index takes no more: {}",
                                                      faults_.empty() ? "flushing fails" : faults_.back()));
    changed_.wait_for(writing, std::chrono::milliseconds(20));
  }
  return {};
}

void KeptIndex::fault(std::string what) {
  if (!faults_.empty() && faults_.back() == what) return;
  if (faults_.size() == most_faults_kept) faults_.erase(faults_.begin());
  faults_.push_back(std::move(what));
}

IndexHealth KeptIndex::health() const {
  const std::lock_guard writing(writing_);
  const auto now = latest();
  IndexHealth out;
  out.documents = now->size();
  out.segments = now->segments().size();
  out.in_memory = documents_in_memory();
  out.log_bytes = log_bytes_before_ + (log_ ? log_->size_bytes() : 0);
  out.incomplete = incomplete_;
  out.faults = faults_;
  for (const auto& view : now->segments())
    if (auto status = view->sections->damage().status(); !status) {
      out.incomplete = true;
      out.faults.push_back(status.error().message);
    }
  return out;
}

}  // namespace cdx::engine
