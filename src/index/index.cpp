#include "index/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "base/guard.h"
#include "index/checks.h"
#include "index/merging.h"
#include "index/snapshot.h"

namespace cdx {
namespace {

using engine::SegmentView;
using engine::SegmentViews;
using engine::Snapshot;
using engine::Tombstones;

// The documents of a batch that are to live, ascending by id: of several with one id the last, and none that
// the batch also removes.
Result<std::vector<const Document*>> survivors(const Call& call, const IndexBatch& batch,
                                               const Schema& schema) {
  std::vector<const Document*> out;
  for (std::size_t i = 0; i < batch.upserts.size(); ++i) {
    if (i % 256 == 0) CDX_TRY(call.check());
    CDX_TRY(engine::check_document(batch.upserts[i], schema));
    out.push_back(&batch.upserts[i]);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  const std::set<std::uint64_t> removed(batch.removals.begin(), batch.removals.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool replaced = i + 1 < out.size() && out[i + 1]->id == out[i]->id;
    if (!replaced && !removed.contains(out[i]->id)) out[kept++] = out[i];
  }
  out.resize(kept);
  return out;
}

// Tombstones for these ids (ascending); copied once for each segment that loses some.
void bury(SegmentViews& segments, std::span<const std::uint64_t> ids) {
  for (auto& view : segments) {
    std::shared_ptr<Tombstones> changed;
    for (const auto id : ids) {
      const auto row = view.living_row(id);
      if (!row) continue;
      if (!changed)
        changed = view.tombstones ? std::make_shared<Tombstones>(*view.tombstones)
                                  : std::make_shared<Tombstones>(*view.segment);
      changed->bury(*view.segment, *row);
    }
    if (changed) view.tombstones = std::move(changed);
  }
}

class MemoryIndex final : public Index {
 public:
  MemoryIndex(Schema schema, IndexOptions options)
      : schema_(std::make_shared<const Schema>(std::move(schema))), options_(options) {
    current_ = std::make_shared<const Snapshot>(schema_, SegmentViews{}, options_.k1, 0, Revision{});
  }

  Status apply(const Call& call, const IndexBatch& batch) override {
    const std::lock_guard writing(writing_);
    return guard("index", ErrorKind::internal, [&]() -> Status {
      CDX_TRY(call.check());
      const auto before = latest();
      CDX_TRY_LET(const auto rows, survivors(call, batch, *schema_));
      auto segments = before->segments();
      std::vector<std::uint64_t> gone = batch.removals;
      for (const auto* row : rows) gone.push_back(row->id);
      std::sort(gone.begin(), gone.end());
      gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
      bury(segments, gone);
      for (std::size_t begin = 0; begin < rows.size(); begin += options_.segment_documents) {
        CDX_TRY(call.check());
        const auto count = std::min(options_.segment_documents, rows.size() - begin);
        segments.push_back({engine::build_segment(*schema_, std::span(rows).subspan(begin, count)), nullptr});
      }
      CDX_TRY(call.check());
      engine::merge_where_due(segments, options_.segment_documents);
      publish(std::make_shared<const Snapshot>(schema_, std::move(segments), options_.k1,
                                               before->generation() + 1, batch.reached));
      return {};
    });
  }

  std::shared_ptr<const IndexSnapshot> snapshot() const override { return latest(); }

 private:
  std::shared_ptr<const Snapshot> latest() const {
    const std::lock_guard reading(pointer_);
    return current_;
  }
  void publish(std::shared_ptr<const Snapshot> next) {
    const std::lock_guard writing(pointer_);
    current_.swap(next);
  }

  std::shared_ptr<const Schema> schema_;
  IndexOptions options_;
  std::mutex writing_;          // held for a whole apply
  mutable std::mutex pointer_;  // held for a copy of the pointer only
  std::shared_ptr<const Snapshot> current_;
};

}  // namespace

Result<std::unique_ptr<Index>> make_index(Schema schema, IndexOptions options) {
  CDX_TRY(engine::check_schema(schema));
  if (!(options.k1 > 0 && options.k1 <= 1000))
    return fail(ErrorKind::invalid, fmt::format("index option k1: {} is not in (0, 1000]", options.k1));
  constexpr std::size_t most = 1'000'000;
  if (options.segment_documents == 0 || options.segment_documents > most)
    return fail(ErrorKind::invalid, fmt::format("index option segment_documents: {} is not in [1, {}]",
                                                options.segment_documents, most));
  return std::make_unique<MemoryIndex>(std::move(schema), options);
}

}  // namespace cdx
