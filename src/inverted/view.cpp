#include "inverted/view.h"

#include <fmt/format.h>

#include "inverted/inverted.h"
#include "inverted/varint.h"

namespace cdx::inverted {
namespace {

tl::unexpected<Error> misfit(std::string_view prefix, std::string_view what) {
  return fail(ErrorKind::corrupt, fmt::format("inverted index {}: {}", prefix, what));
}

Status read_meta(const Section& section, std::string_view prefix, View& out) {
  const auto head = section.part_of<Meta>(0, 1);
  if (head.empty()) return misfit(prefix, "its description is damaged or too short");
  out.meta = head.front();
  if (out.meta.mark != layout_mark) return misfit(prefix, "its description is of something else");
  if (out.meta.version > layout_version)
    return fail(ErrorKind::unsupported, fmt::format("inverted index {}: layout {} is newer than this program "
                                                    "({})",
                                                    prefix, out.meta.version, layout_version));
  if (out.meta.fields > most_fields || out.meta.rows > most_rows || out.meta.place_shift > 2)
    return misfit(prefix, "its description is out of bounds");
  const auto bytes = section.part(sizeof(Meta), out.meta.fields * sizeof(FieldMeta));
  if (bytes.size() != out.meta.fields * sizeof(FieldMeta))
    return misfit(prefix, "the description of its fields is damaged or too short");
  out.fields.resize(out.meta.fields);
  if (!bytes.empty()) std::memcpy(out.fields.data(), bytes.data(), bytes.size());
  return {};
}

bool sizes_fit(const View& view) {
  constexpr auto number = sizeof(std::uint32_t);
  const auto& meta = view.meta;
  const bool equal = meta.surfaces_equal != 0;
  return view.terms.fits() && view.surfaces.fits() && view.surface_steps.fits(meta.surfaces) &&
         view.term_heads.size() == meta.terms * sizeof(std::uint16_t) &&
         view.term_places.size() == meta.terms * number &&
         view.position_places.size() == meta.terms * number && view.code_ends.size() == meta.codes * number &&
         (!equal || meta.surfaces == meta.terms) &&
         view.surface_terms.size() == (equal ? 0 : meta.surfaces * number) &&
         view.surface_rows.size() == (equal ? 0 : meta.surfaces * number) &&
         view.forward_bases.size() == (meta.rows + rows_per_base - 1) / rows_per_base * sizeof(std::uint64_t);
}

}  // namespace

std::string lengths_name(std::string_view prefix, std::size_t field) {
  return fmt::format("{}lengths.{}", prefix, field);
}

Result<View> open_view(const Sections& sections, std::string_view prefix) {
  View out;
  const std::string start(prefix);
  const auto get = [&](const char* name) { return sections.section(start + name); };
  CDX_TRY(read_meta(get("meta"), prefix, out));
  for (std::size_t field = 0; field < out.fields.size(); ++field) {
    const auto width = out.fields[field].width_bytes;
    const auto section = sections.section(lengths_name(prefix, field));
    if ((width != 1 && width != 2 && width != 4) || section.size() != std::size_t{out.meta.rows} * width)
      return misfit(prefix, "the lengths of a field do not fit its rows");
    out.lengths.emplace_back(section, width);
  }
  const bool equal = out.meta.surfaces_equal != 0;
  out.terms = Dictionary(sections, start + "terms", out.meta.terms, out.meta.terms_wide != 0);
  out.surfaces =
      equal ? out.terms
            : Dictionary(sections, start + "surfaces", out.meta.surfaces, out.meta.surfaces_wide != 0);
  out.surface_steps = StepTable(sections, start + "surface_steps");
  out.term_heads = get("term_heads");
  out.term_places = get("term_places");
  out.postings = get("postings");
  out.code_ends = get("code_ends");
  out.code_parts = get("code_parts");
  out.positions = get("positions");
  out.position_places = get("position_places");
  out.surface_terms = get("surface_terms");
  out.surface_rows = get("surface_rows");
  out.forward = get("forward");
  out.forward_bases = get("forward_bases");
  if (!sizes_fit(out)) return misfit(prefix, "its sections do not fit together");
  return out;
}

void read_forward(const View& view, std::uint32_t row, std::vector<std::uint32_t>& out) {
  // The rows before it since the last base are stepped over by their lengths.
  std::size_t at = view.forward_bases.value<std::uint64_t>(row / rows_per_base);
  for (auto i = row / rows_per_base * rows_per_base;; ++i) {
    if (at >= view.forward.size()) return;
    auto head = view.forward.part(at, std::min<std::size_t>(5, view.forward.size() - at));
    const auto whole = head.size();
    const std::size_t length = take_varint(head);
    at += whole - head.size();
    if (i < row) {
      at += length;
      continue;
    }
    auto bytes = view.forward.part(at, length);
    for (std::uint32_t surface = 0; !bytes.empty();) {
      surface += take_varint(bytes);
      if (surface >= view.meta.surfaces) return;
      out.push_back(surface);
    }
    return;
  }
}

}  // namespace cdx::inverted
