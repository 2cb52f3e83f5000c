#include "index/statistics.h"

namespace cdx::engine {

Statistics::Statistics(const Schema& schema, const SegmentViews& segments, double k1) {
  std::vector<inverted::FieldTotal> totals(schema.texts.size());
  for (const auto& view : segments) {
    documents_ += view.living();
    for (std::size_t field = 0; field < totals.size(); ++field) {
      const auto total = view.total(field);
      totals[field].length += total.length;
      totals[field].documents += total.documents;
    }
  }
  scoring_ = scoring_of(schema, k1, totals);
}

}  // namespace cdx::engine
