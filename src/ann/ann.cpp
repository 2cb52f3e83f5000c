#include "ann/ann.h"

#include <limits>

#include "ann/layout.h"
#include "base/assert.h"

namespace cdx::ann {

Result<Field> Field::open(const Sections& sections, std::string_view prefix) {
  Field out;
  CDX_TRY_LET(out.layout_, open_layout(sections, prefix));
  return out;
}

std::size_t Field::rows() const { return layout_ == nullptr ? 0 : layout_->rows(); }
std::size_t Field::dimension() const { return layout_ == nullptr ? 0 : layout_->meta.dimension; }
bool Field::has_graph() const { return layout_ != nullptr && layout_->graph.degree != 0; }

void Field::similarities(std::span<const float> vector, std::span<const std::uint32_t> documents,
                         float* out) const {
  constexpr std::size_t ahead = 4;  // so that memory has time
  if (layout_ != nullptr)           // and the disk
    for (const auto document : documents) {
      const auto range = layout_->rows_of(document);
      layout_->full.will_need(range.begin * layout_->full_bytes(),
                              (range.end - range.begin) * layout_->full_bytes());
    }
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (layout_ != nullptr && i + ahead < documents.size()) {
      const auto coming = layout_->rows_of(documents[i + ahead]);
      if (coming.begin < coming.end) layout_->prefetch_row(coming.begin);
    }
    out[i] = std::numeric_limits<float>::quiet_NaN();
    if (layout_ == nullptr) continue;
    CDX_ASSERT(vector.size() == layout_->meta.dimension);
    const auto range = layout_->rows_of(documents[i]);
    for (auto row = range.begin; row < range.end; ++row) {
      const auto similarity = layout_->similarity(vector, row);
      if (row == range.begin || similarity > out[i]) out[i] = similarity;
    }
  }
}

std::vector<std::vector<float>> Field::rows_of(std::uint32_t document) const {
  std::vector<std::vector<float>> out;
  if (layout_ == nullptr) return out;
  const auto range = layout_->rows_of(document);
  for (auto row = range.begin; row < range.end; ++row)
    layout_->copy_row(row, out.emplace_back(layout_->meta.dimension).data());
  return out;
}

std::uint32_t Field::owner(std::size_t row) const {
  CDX_ASSERT(row < rows());
  return layout_->document(static_cast<std::uint32_t>(row));
}

void Field::copy_row(std::size_t row, float* out) const {
  CDX_ASSERT(row < rows());
  layout_->copy_row(row, out);
}

}  // namespace cdx::ann
