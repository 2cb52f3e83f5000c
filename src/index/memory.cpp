#include "index/memory.h"

#include <algorithm>
#include <set>

#include "index/checks.h"

namespace cdx::engine {

Result<std::vector<const Document*>> survivors(const Call& call, const IndexBatch& batch,
                                               const Schema& schema) {
  std::vector<const Document*> out;
  for (std::size_t i = 0; i < batch.upserts.size(); ++i) {
    if (i % 256 == 0) CDX_TRY(call.check());
    CDX_TRY(check_document(batch.upserts[i], schema));
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

void bury_lost(const SegmentView& before, const SegmentView& after, SegmentView& into) {
  if (after.tombstones == before.tombstones) return;
  std::vector<std::uint64_t> ids;
  after.tombstones->dead.for_each([&](std::uint32_t row) {
    if (before.alive(row)) ids.push_back(after->ids[row]);
  });
  SegmentViews one{into};
  bury(one, ids);
  into = one.front();
}

Status add_documents(const Call& call, const Schema& schema, double k1, std::span<const Document* const> rows,
                     std::size_t largest, const ann::Options& vectors, SegmentViews& segments) {
  for (std::size_t begin = 0; begin < rows.size(); begin += largest) {
    CDX_TRY(call.check());
    auto sections = std::make_shared<MemorySections>();
    const auto part = rows.subspan(begin, std::min(largest, rows.size() - begin));
    CDX_TRY(write_segment(call, schema, k1, part, vectors, *sections));
    CDX_TRY_LET(auto segment, open_segment(schema, std::move(sections), 0));
    segments.push_back({std::move(segment), nullptr});
  }
  return {};
}

Result<SegmentView> merge_in_memory(const Call& call, const Schema& schema, double k1,
                                    std::span<const SegmentView> parts, const ann::Options& vectors) {
  auto sections = std::make_shared<MemorySections>();
  CDX_TRY(merge_segments(call, schema, k1, parts, vectors, *sections));
  CDX_TRY_LET(auto segment, open_segment(schema, std::move(sections), 0));
  return SegmentView{std::move(segment), nullptr};
}

}  // namespace cdx::engine
