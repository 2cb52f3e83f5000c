#include "inverted/inverted.h"

#include <algorithm>

#include "base/assert.h"
#include "inverted/cursor.h"
#include "inverted/occurrences.h"
#include "inverted/phrase.h"
#include "inverted/search.h"
#include "inverted/varint.h"
#include "inverted/view.h"

namespace cdx::inverted {

Inverted::Inverted() : view_(std::make_shared<View>()) {}

Result<Inverted> Inverted::open(const Sections& sections, std::string_view prefix) {
  Inverted out;
  if (!sections.has(std::string(prefix) + "meta")) return out;
  CDX_TRY_LET(auto view, open_view(sections, prefix));
  out.view_ = std::make_shared<const View>(std::move(view));
  return out;
}

std::size_t Inverted::rows() const { return view_->meta.rows; }
std::size_t Inverted::fields() const { return view_->meta.fields; }

FieldTotal Inverted::total(std::size_t field) const {
  CDX_ASSERT(field < fields());
  return {view_->fields[field].length, view_->fields[field].documents};
}

std::uint32_t Inverted::length(std::size_t field, std::uint32_t row) const {
  CDX_ASSERT(field < fields() && row < rows());
  return view_->lengths[field].at(row);
}

std::size_t Inverted::terms() const { return view_->meta.terms; }
std::size_t Inverted::surfaces() const { return view_->meta.surfaces; }
std::string_view Inverted::term(std::uint32_t number) const { return view_->terms[number]; }
std::string_view Inverted::surface(std::uint32_t number) const { return view_->surfaces[number]; }
std::uint32_t Inverted::find_term(std::string_view term) const { return view_->terms.find(term); }
NumberRange Inverted::terms_starting_with(std::string_view prefix) const {
  const auto [begin, end] = view_->terms.starting_with(prefix);
  return {begin, end};
}
NumberRange Inverted::surfaces_starting_with(std::string_view prefix) const {
  const auto [begin, end] = view_->surfaces.starting_with(prefix);
  return {begin, end};
}

Steps Inverted::surface_steps(std::size_t first, std::size_t count) const {
  return view_->surface_steps.part(first, count);
}

std::uint32_t Inverted::term_of(std::uint32_t surface) const {
  CDX_ASSERT(surface < surfaces());
  if (view_->meta.surfaces_equal != 0) return surface;
  const auto term = view_->surface_terms.value<std::uint32_t>(surface);
  return term < terms() ? term : nothing;
}

std::uint32_t Inverted::rows_with_term(std::uint32_t term) const {
  CDX_ASSERT(term < terms());
  return std::min(rows_with(*view_, term), view_->meta.rows);
}

std::uint32_t Inverted::rows_with_surface(std::uint32_t surface) const {
  CDX_ASSERT(surface < surfaces());
  if (view_->meta.surfaces_equal != 0) return rows_with_term(surface);
  return view_->surface_rows.value<std::uint32_t>(surface);
}

void Inverted::surfaces_of(std::uint32_t row, std::vector<std::uint32_t>& out) const {
  CDX_ASSERT(row < rows());
  out.clear();
  read_forward(*view_, row, out);
}

Result<Best> Inverted::best(const Call& call, std::span<const Word> words, const Scoring& scoring,
                            std::span<const std::uint64_t> allowed, std::size_t k, float floor,
                            bool count) const {
  CDX_ASSERT(allowed.empty() || allowed.size() >= (rows() + 63) / 64);
  if (rows() == 0) {
    CDX_TRY(call.check());
    return Best{{}, 0, true};
  }
  return Search(*view_, words, scoring, allowed, std::min(k, rows()), floor, count).run(call);
}

void Inverted::scores(std::span<const Word> words, const Scoring& scoring,
                      std::span<const std::uint32_t> rows, float* out) const {
  std::fill_n(out, rows.size(), 0.0F);
  if (this->rows() == 0) return;
  Scorer scorer(*view_, scoring);
  std::vector<double> sums(rows.size());
  std::vector<float> bests(rows.size());
  for (const auto& word : words) {
    std::fill(bests.begin(), bests.end(), 0.0F);
    for (const auto& reading : word.readings) {
      if (reading.term >= terms() || !(reading.weight > 0)) continue;
      Cursor cursor(*view_, reading, scorer);
      for (std::size_t i = 0; i < rows.size(); ++i) bests[i] = std::max(bests[i], cursor.score_of(rows[i]));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) sums[i] += static_cast<double>(bests[i]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = static_cast<float>(sums[i]);
}

void Inverted::counts(std::uint32_t term, std::uint32_t row,
                      const std::function<void(std::size_t field, std::uint32_t count)>& visit) const {
  const PostingList list(*view_, term);
  const auto block = list.block_of(row, 0);
  if (block == list.blocks()) return;
  std::array<std::uint32_t, block_rows> rows{};
  const std::span<const std::uint32_t> held(rows.data(), list.read_rows(block, rows.data()));
  const auto at = first_not_below(held, row);
  if (at == held.size() || held[at] != row) return;
  for (const auto part : view_->parts(list.code(block, at)))
    if (part_field(part) < fields()) visit(part_field(part), part_count(part));
}

Status Inverted::mark_phrase(const Call& call, std::span<const std::vector<std::uint32_t>> places,
                             std::uint32_t field, std::span<std::uint64_t> bits) const {
  CDX_ASSERT(bits.size() >= (rows() + 63) / 64);
  return inverted::mark_phrase(call, *view_, places, field, bits);
}

}  // namespace cdx::inverted
