// One moment of an index: segments with their tombstones, and statistics over what lives.
#pragma once

#include <memory>

#include "index/index.h"
#include "index/segment.h"
#include "index/statistics.h"

namespace cdx::engine {

class Snapshot final : public IndexSnapshot {
 public:
  Snapshot(std::shared_ptr<const Schema> schema, SegmentViews segments, double k1, std::uint64_t generation,
           Revision revision);

  const Schema& schema() const override { return *schema_; }
  std::uint64_t generation() const override { return generation_; }
  Revision revision() const override { return revision_; }
  std::size_t size() const override { return statistics_.documents(); }
  const SegmentViews& segments() const { return segments_; }

  Result<Retrieved> retrieve(const Call& call, const Retrieval& retrieval) const override;
  Result<std::vector<std::vector<WordPart>>> word_parts(
      const Call& call, const Retrieval& retrieval, std::span<const std::uint64_t> documents) const override;
  std::vector<std::vector<float>> vectors_of(std::uint64_t document) const override;
  std::vector<Completion> complete(std::string_view prefix, std::string_view weight_field,
                                   std::size_t max) const override;

 private:
  Result<std::vector<std::vector<WordPart>>> explain(const Call& call, const SegmentViews& segments,
                                                     const Statistics& statistics, const Retrieval& retrieval,
                                                     std::span<const std::uint64_t> documents) const;

  std::shared_ptr<const Schema> schema_;
  SegmentViews segments_;
  Statistics statistics_;
  std::uint64_t generation_;
  Revision revision_;
};

}  // namespace cdx::engine
