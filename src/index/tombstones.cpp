#include <algorithm>

#include "index/segment.h"

namespace cdx::engine {
namespace {

template <class T>
bool read_all(const Sections& sections, std::string_view name, std::vector<T>& out) {
  const auto section = sections.section(name);
  const auto found = section.all_of<T>();
  if (section.size() != out.size() * sizeof(T) || found.size() != out.size()) return false;
  std::copy(found.begin(), found.end(), out.begin());
  return true;
}

}  // namespace

Tombstones::Tombstones(const Segment& segment)
    : dead(segment.rows()),
      terms(segment.words.terms(), 0),
      surfaces(segment.words.surfaces(), 0),
      name_words(segment.names.words.size(), 0),
      totals(segment.words.fields()) {}

void Tombstones::bury(const Segment& segment, std::uint32_t row) {
  dead.set(row);
  ++count;
  std::vector<std::uint32_t> held, lost;
  segment.words.surfaces_of(row, held);
  for (const auto surface : held) {
    if (surface >= surfaces.size()) continue;  // damaged: the segment is given up anyway
    ++surfaces[surface];
    lost.push_back(segment.words.term_of(surface));
  }
  std::sort(lost.begin(), lost.end());
  lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
  for (const auto term : lost)
    if (term < terms.size()) ++terms[term];
  for (const auto word : segment.names.words_of_row(row))
    if (word < name_words.size()) ++name_words[word];
  for (std::size_t field = 0; field < totals.size(); ++field) {
    const auto length = segment.words.length(field, row);
    totals[field].length += length;
    totals[field].documents += length == 0 ? 0U : 1U;
  }
}

Status Tombstones::write(SectionWriter& out) const {
  CDX_TRY(out.begin("dead"));
  CDX_TRY(out.write_all(dead.words()));
  CDX_TRY(out.add("terms", terms));
  CDX_TRY(out.add("surfaces", surfaces));
  CDX_TRY(out.add("name_words", name_words));
  return out.add("totals", totals);
}

Result<Tombstones> Tombstones::read(const Sections& sections, const Segment& segment) {
  Tombstones out(segment);
  std::vector<std::uint64_t> words(out.dead.words().size());
  const bool fits = read_all(sections, "dead", words) && read_all(sections, "terms", out.terms) &&
                    read_all(sections, "surfaces", out.surfaces) &&
                    read_all(sections, "name_words", out.name_words) &&
                    read_all(sections, "totals", out.totals);
  CDX_TRY(sections.damage().status());
  if (!fits) return fail(ErrorKind::corrupt, "tombstones do not fit their segment");
  out.dead |= std::span<const std::uint64_t>(words);
  out.count = out.dead.count();
  return out;
}

}  // namespace cdx::engine
