#include "inverted/segment_writer.h"

#include <algorithm>

#include "inverted/dictionary.h"
#include "inverted/lengths.h"
#include "inverted/varint.h"
#include "inverted/view.h"

namespace cdx::inverted {

Result<std::vector<FieldMeta>> write_all_lengths(const FieldLengths& lengths, const Scoring& expected,
                                                 SectionWriter& out, std::string_view prefix) {
  std::vector<FieldMeta> fields;
  for (std::size_t f = 0; f < lengths.size(); ++f) {
    const auto& scoring = expected.fields[f];
    FieldMeta field;
    for (const auto length : lengths[f]) {
      if (length == 0) continue;
      field.length += length;
      ++field.documents;
      field.longest = std::max(field.longest, length);
      field.shortest = field.shortest == 0 ? length : std::min(field.shortest, length);
    }
    field.width_bytes = width_for(field.longest);
    field.weight = scoring.weight;
    field.length_weight = scoring.length_weight;
    field.mean_length = scoring.mean_length;
    CDX_TRY(write_lengths(lengths[f], field.width_bytes, out, lengths_name(prefix, f)));
    fields.push_back(field);
  }
  return fields;
}

Status ForwardWriter::add(std::span<const std::uint32_t> surfaces) {
  if (rows_++ % rows_per_base == 0) bases_.push_back(stream_.at());
  row_.clear();
  std::uint32_t before = 0;
  for (const auto surface : surfaces) {
    put_varint(surface - before, row_);
    before = surface;
  }
  put_varint(static_cast<std::uint32_t>(row_.size()), stream_.bytes());
  stream_.bytes().insert(stream_.bytes().end(), row_.begin(), row_.end());
  return stream_.relieve();
}

Status ForwardWriter::finish(SectionWriter& out, std::string_view prefix) {
  CDX_TRY(stream_.flush());
  return out.add(std::string(prefix) + "forward_bases", bases_);
}

Status write_words(const Words& words, Meta& meta, SectionWriter& out, std::string_view prefix) {
  const std::string start(prefix);
  meta.terms = static_cast<std::uint32_t>(words.terms.size());
  meta.surfaces = static_cast<std::uint32_t>(words.surfaces.size());
  meta.surfaces_equal = words.terms == words.surfaces ? 1 : 0;
  for (std::uint32_t i = 0; i < words.surface_terms.size(); ++i)
    if (words.surface_terms[i] != i) meta.surfaces_equal = 0;
  CDX_TRY_LET(const bool terms_wide, write_dictionary(words.terms, out, start + "terms"));
  meta.terms_wide = terms_wide ? 1 : 0;
  StepList steps;
  for (const auto surface : words.surfaces) steps.add(surface);
  CDX_TRY(steps.write(out, start + "surface_steps"));
  if (meta.surfaces_equal != 0) return {};
  CDX_TRY_LET(const bool surfaces_wide, write_dictionary(words.surfaces, out, start + "surfaces"));
  meta.surfaces_wide = surfaces_wide ? 1 : 0;
  CDX_TRY(out.add(start + "surface_terms", words.surface_terms));
  return out.add(start + "surface_rows", words.surface_rows);
}

Status write_meta(const Meta& meta, const std::vector<FieldMeta>& fields, SectionWriter& out,
                  std::string_view prefix) {
  CDX_TRY(out.begin(std::string(prefix) + "meta"));
  CDX_TRY(out.write_all(std::span<const Meta>(&meta, 1)));
  return out.write_all(std::span<const FieldMeta>(fields));
}

std::vector<std::vector<std::uint32_t>> parts_by_rank(const Codes& codes,
                                                      const std::vector<std::uint32_t>& ranks) {
  std::vector<std::vector<std::uint32_t>> out(codes.size());
  for (std::uint32_t i = 0; i < codes.size(); ++i) {
    const auto parts = codes.parts(i);
    out[ranks[i]].assign(parts.begin(), parts.end());
  }
  return out;
}

}  // namespace cdx::inverted
