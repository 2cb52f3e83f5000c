// The one implementation of Index: segments in memory, and with a folder, behind them segment files.
//
// apply() writes the batch to the log, then makes a small segment of it in memory. A flush moves what lies in
// memory to a segment file and starts a new log; a merge makes one segment file of several. Both read
// immutable segments without a lock and take `writing_` only to begin and to put the result in place;
// documents that died meanwhile are buried in the result then. The manifest names segment files and the first
// log needed beside them; as replaying a log twice changes nothing, tombstones and merges it names may be
// newer than that log.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "index/folder.h"
#include "index/index.h"
#include "index/snapshot.h"

namespace cdx::engine {

class KeptIndex final : public Index {
 public:
  static Result<std::unique_ptr<Index>> in_memory(Schema schema, IndexOptions options);
  static Result<std::unique_ptr<Index>> in_folder(Disk& disk, std::string folder, Schema schema,
                                                  IndexOptions options);
  ~KeptIndex() override;

  Status apply(const Call& call, const IndexBatch& batch) override;
  std::shared_ptr<const IndexSnapshot> snapshot() const override { return latest(); }
  Status flush(const Call& call) override;
  Status compact(const Call& call) override;
  IndexHealth health() const override;

 private:
  KeptIndex(Schema schema, IndexOptions options, std::optional<Folder> folder);

  std::shared_ptr<const Snapshot> latest() const;
  void publish(SegmentViews segments, Revision revision);

  Status commit(const Call& call, const IndexBatch& batch);
  // Of commit(), with `writing_` held.
  Result<SegmentViews> with_batch(const Call& call, const IndexBatch& batch,
                                  std::span<const Document* const> rows) const;
  Status merge_small(const Call& call, SegmentViews& segments) const;
  Status log(const IndexBatch& batch, std::span<const Document* const> rows);
  Status roll_log();
  Status wait_for_room(const Call& call, std::unique_lock<std::mutex>& writing);
  Status catch_up(const Call& call);  // without threads of its own: flushes and merges what is due

  // Of the start.
  Status recover();
  Status look_on();  // of a reader
  Status begin();
  Result<SegmentView> open_view(const Folder& folder, const Manifest::Entry& entry) const;
  Status apply_record(std::span<const std::byte> bytes);
  SegmentViews open_segments(const Manifest& manifest);
  Status replay(const std::vector<std::uint64_t>& logs);

  // Of flushes and merges.
  Status merge(const Call& call, bool everything);  // what is due, if anything
  Result<std::optional<SegmentView>> write_file(const Call& call, const SegmentViews& parts,
                                                bool with_graphs);
  void replace(const SegmentViews& parts, std::optional<SegmentView> by, Revision revision);
  void release(const SegmentViews& parts);
  Status publish_manifest();
  void sweep();
  SegmentViews due_for_merge(bool everything) const;
  Status give_up_damaged();
  void run_flushes(const std::stop_token& stop);
  void run_merges(const std::stop_token& stop);
  void fault(std::string what);

  ann::Options vectors(bool with_graphs) const;
  bool flush_due() const;
  bool merge_is_due() const;
  bool tidying_is_due() const;
  std::size_t documents_in_memory() const;
  bool frozen(const SegmentView& view) const { return frozen_.contains(view.segment.get()); }

  std::shared_ptr<const Schema> schema_;
  IndexOptions options_;
  std::optional<Folder> folder_;

  mutable std::mutex pointer_;  // held for a copy of the pointer only
  std::shared_ptr<const Snapshot> current_;

  mutable std::mutex writing_;  // guards all below, held for a whole apply
  std::condition_variable_any changed_;
  std::optional<LogFile> log_;
  std::uint64_t log_bytes_before_ = 0;  // of the logs behind the open one that are still needed
  std::uint64_t next_ = 1;              // number of the next file
  std::set<std::uint64_t> busy_;        // numbers of files being written
  std::set<const Segment*> frozen_;     // being flushed or merged
  std::uint64_t first_log_ = 1;         // that the segment files do not hold
  Revision filed_;                      // reached by the segment files
  // What the manifest on disk names.
  std::uint64_t published_log_ = 0;
  std::set<std::uint64_t> published_segments_;
  std::vector<std::pair<std::shared_ptr<const Tombstones>, std::uint64_t>> filed_tombstones_;
  bool unpublished_ = false;  // the manifest on disk is behind
  bool incomplete_ = false;
  std::vector<std::string> faults_;
  bool flushes_fail_ = false;
  std::chrono::steady_clock::time_point last_batch_ = std::chrono::steady_clock::now();

  std::mutex flushing_, merging_, filing_;  // one flush, one merge, one manifest at a time
  std::jthread flusher_, merger_;           // last: they end first
};

}  // namespace cdx::engine
