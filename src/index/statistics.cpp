#include "index/statistics.h"

namespace cdx::engine {

Statistics::Statistics(const Schema& schema, const SegmentViews& segments, double k1) : k1_(k1) {
  for (const auto& view : segments) documents_ += view.living();
  for (std::size_t i = 0; i < schema.texts.size(); ++i) {
    Field field{schema.texts[i].weight, schema.texts[i].length_weight, 1, {}};
    FieldTotal total;
    for (const auto& view : segments) {
      total.length += view.total(i).length;
      total.documents += view.total(i).documents;
    }
    if (total.documents > 0)
      field.mean = static_cast<double>(total.length) / static_cast<double>(total.documents);
    field.by_length.resize(512);
    for (std::size_t length = 0; length < field.by_length.size(); ++length)
      field.by_length[length] = field.of(static_cast<double>(length));
    fields_.push_back(std::move(field));
  }
}

}  // namespace cdx::engine
