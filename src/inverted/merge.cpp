// Merging: the dictionaries of the parts are walked side by side, and the lists of each word that somebody
// alive holds are renumbered and joined. Nothing is in memory but dictionaries, lengths and one word's list.
#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.h"
#include "inverted/inverted.h"
#include "inverted/occurrences.h"
#include "inverted/segment_writer.h"

namespace cdx::inverted {
namespace {

// Where the new rows come from.
struct Source {
  std::uint32_t part = 0, row = 0;
};

std::vector<Source> sources_of(const std::vector<Part>& parts, std::size_t rows) {
  std::vector<Source> out(rows);
  for (std::uint32_t p = 0; p < parts.size(); ++p)
    for (std::uint32_t row = 0; row < parts[p].target.size(); ++row)
      if (const auto target = parts[p].target[row]; target != nothing) {
        CDX_ASSERT(target < rows);
        out[target] = {p, row};
      }
  return out;
}

// Reads the living postings of a term of one part under their new rows.
class PartReader {
 public:
  PartReader(const View& view, std::span<const std::uint32_t> target) : view_(view), target_(target) {}

  // visit(new row, code, block, place in the block) for each.
  template <class Visit>
  void for_each(std::uint32_t term, const Visit& visit) {
    const PostingList list(view_, term);
    for (std::size_t block = 0; block < list.blocks(); ++block) {
      const auto count = list.read_rows(block, rows_.data());
      if (count == 0) continue;
      list.read_codes(block, codes_.data());
      for (std::size_t i = 0; i < count; ++i)
        if (const auto row = target_[rows_[i]]; row != nothing && codes_[i] < view_.meta.codes)
          visit(row, codes_[i], block, i);
    }
  }
  const View& view() const { return view_; }
  std::span<const std::uint32_t> codes_at_hand(std::size_t count) const { return {codes_.data(), count}; }

 private:
  const View& view_;
  std::span<const std::uint32_t> target_;
  std::array<std::uint32_t, block_rows> rows_{}, codes_{};
};

// A word of the merged dictionary and its numbers in the parts.
struct Owner {
  std::uint32_t part = 0, number = 0;
};

// visit(text, owners) for every word that is alive in some part, in the order of the dictionary.
// `living[part][number]`: rows.
template <class Visit>
Status for_each_living(const Call& call, const std::vector<const Dictionary*>& dictionaries,
                       const std::vector<std::vector<std::uint32_t>>& living, const Visit& visit) {
  std::vector<std::uint32_t> at(dictionaries.size(), 0);
  std::vector<std::string_view> texts(dictionaries.size());
  const auto settle = [&](std::size_t p) {
    const auto& rows = living[p];
    while (at[p] < rows.size() && rows[at[p]] == 0) ++at[p];
    if (at[p] < rows.size()) texts[p] = (*dictionaries[p])[at[p]];
  };
  for (std::size_t p = 0; p < at.size(); ++p) settle(p);
  std::vector<Owner> owners;
  for (std::size_t words = 0;; ++words) {
    if (words % 256 == 0) CDX_TRY(call.check());
    owners.clear();
    for (std::uint32_t p = 0; p < at.size(); ++p) {
      if (at[p] >= living[p].size()) continue;
      if (!owners.empty() && texts[p] > texts[owners.front().part]) continue;
      if (!owners.empty() && texts[p] < texts[owners.front().part]) owners.clear();
      owners.push_back({p, at[p]});
    }
    if (owners.empty()) return {};
    CDX_TRY(visit(texts[owners.front().part], std::span<const Owner>(owners)));
    for (const auto& owner : owners) {
      ++at[owner.part];
      settle(owner.part);
    }
  }
}

struct Merge {
  const Call& call;
  std::vector<const View*> views;  // of the parts
  std::vector<PartReader> readers;
  std::vector<Source> sources;
  Codes codes;
  std::vector<std::vector<std::uint32_t>> code_of;  // [part][old code], final
  std::vector<std::vector<std::uint32_t>> living_terms, living_surfaces;
  std::vector<Owner> owners;            // of the new terms, one behind the other
  std::vector<std::size_t> owners_end;  // [new term]
  FieldLengths lengths;
  Words words;

  std::size_t terms() const { return owners_end.size(); }
  std::span<const Owner> owners_of(std::size_t term) const {
    const auto begin = term == 0 ? 0 : owners_end[term - 1];
    return std::span(owners).subspan(begin, owners_end[term] - begin);
  }
};

FieldLengths merge_lengths(const Merge& merge) {
  std::size_t fields = 0;
  for (const auto* view : merge.views) fields = std::max<std::size_t>(fields, view->meta.fields);
  FieldLengths out(fields, std::vector<std::uint32_t>(merge.sources.size()));
  for (std::size_t field = 0; field < fields; ++field)
    for (std::size_t row = 0; row < merge.sources.size(); ++row) {
      const auto& from = merge.sources[row];
      out[field][row] = merge.views[from.part]->lengths[field].at(from.row);
    }
  return out;
}

// Counts the living rows of every term, and how often each code is used by them.
Status count_living(Merge& merge) {
  std::vector<std::vector<std::uint64_t>> used(merge.views.size());
  std::vector<std::vector<std::uint32_t>> number(merge.views.size());
  std::vector<std::uint32_t> parts;
  for (std::size_t p = 0; p < merge.views.size(); ++p) {
    const auto& view = *merge.views[p];
    auto& living = merge.living_terms.emplace_back(view.meta.terms);
    used[p].resize(view.meta.codes);
    for (std::uint32_t term = 0; term < view.meta.terms; ++term) {
      if (term % 1024 == 0) CDX_TRY(merge.call.check());
      merge.readers[p].for_each(term, [&](std::uint32_t, std::uint32_t code, std::size_t, std::size_t) {
        ++living[term];
        ++used[p][code];
      });
    }
    number[p].assign(view.meta.codes, nothing);
    for (std::uint32_t code = 0; code < view.meta.codes; ++code) {
      if (used[p][code] == 0) continue;
      const auto old = view.parts(code);
      parts.assign(old.begin(), old.end());
      std::erase_if(parts, [&](std::uint32_t part) { return part_field(part) >= view.meta.fields; });
      number[p][code] = merge.codes.add(parts, used[p][code]);
    }
  }
  const auto ranks = merge.codes.rank();
  for (auto& codes : number)
    for (auto& code : codes)
      if (code != nothing) code = ranks[code];
  merge.code_of = std::move(number);
  return {};
}

Status merge_terms(Merge& merge) {
  std::vector<const Dictionary*> dictionaries;
  for (const auto* view : merge.views) dictionaries.push_back(&view->terms);
  return for_each_living(merge.call, dictionaries, merge.living_terms,
                         [&](std::string_view text, std::span<const Owner> owners) -> Status {
                           merge.words.terms.push_back(text);
                           merge.owners.insert(merge.owners.end(), owners.begin(), owners.end());
                           merge.owners_end.push_back(merge.owners.size());
                           return {};
                         });
}

void count_living_surfaces(Merge& merge) {
  std::vector<std::uint32_t> old;
  for (const auto* view : merge.views) merge.living_surfaces.emplace_back(view->meta.surfaces);
  for (const auto& from : merge.sources) {
    old.clear();
    read_forward(*merge.views[from.part], from.row, old);
    for (const auto surface : old) ++merge.living_surfaces[from.part][surface];
  }
}

// Gives the new number of each surface: [part][old].
Result<std::vector<std::vector<std::uint32_t>>> merge_surfaces(Merge& merge) {
  std::vector<std::vector<std::uint32_t>> new_term(merge.views.size());
  for (std::size_t p = 0; p < merge.views.size(); ++p)
    new_term[p].resize(merge.views[p]->meta.terms, nothing);
  for (std::uint32_t term = 0; term < merge.terms(); ++term)
    for (const auto& owner : merge.owners_of(term)) new_term[owner.part][owner.number] = term;

  std::vector<const Dictionary*> dictionaries;
  std::vector<std::vector<std::uint32_t>> new_surface;
  for (const auto* view : merge.views) {
    dictionaries.push_back(&view->surfaces);
    new_surface.emplace_back(view->meta.surfaces, nothing);
  }
  auto& words = merge.words;
  CDX_TRY(for_each_living(merge.call, dictionaries, merge.living_surfaces,
                          [&](std::string_view text, std::span<const Owner> owners) -> Status {
                            std::uint32_t rows = 0, term = nothing;
                            for (const auto& owner : owners) {
                              const auto& view = *merge.views[owner.part];
                              new_surface[owner.part][owner.number] =
                                  static_cast<std::uint32_t>(words.surfaces.size());
                              rows += merge.living_surfaces[owner.part][owner.number];
                              const auto old_term =
                                  view.meta.surfaces_equal != 0
                                      ? owner.number
                                      : view.surface_terms.value<std::uint32_t>(owner.number);
                              if (old_term < new_term[owner.part].size())
                                term = std::min(term, new_term[owner.part][old_term]);
                            }
                            words.surfaces.push_back(text);
                            words.surface_terms.push_back(term);
                            words.surface_rows.push_back(rows);
                            return {};
                          }));

  return new_surface;
}

Status merge_forward(Merge& merge, const std::vector<std::vector<std::uint32_t>>& new_surface,
                     SectionWriter& out, std::string_view prefix) {
  CDX_TRY(out.begin(std::string(prefix) + "forward"));
  ForwardWriter writer(out);
  std::vector<std::uint32_t> old;
  for (std::size_t row = 0; row < merge.sources.size(); ++row) {
    if (row % 4096 == 0) CDX_TRY(merge.call.check());
    const auto& from = merge.sources[row];
    old.clear();
    read_forward(*merge.views[from.part], from.row, old);
    for (auto& surface : old) surface = new_surface[from.part][surface];
    CDX_TRY(writer.add(old));
  }
  return writer.finish(out, prefix);
}

// Joins all[0 .. middle) and the rest, each ascending by row.
template <class Row>
void join(std::vector<Row>& all, std::size_t middle, std::vector<Row>& room) {
  if (middle == 0 || middle == all.size() || all[middle - 1].row < all[middle].row) return;
  room.resize(all.size());
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(middle);
  std::merge(all.begin(), at, at, all.end(), room.begin(),
             [](const Row& a, const Row& b) { return a.row < b.row; });
  all.swap(room);
}

Status merge_postings(Merge& merge, const Bounds& bounds, std::uint32_t shift, SectionWriter& out,
                      const std::string& prefix) {
  CDX_TRY(out.begin(prefix + "postings"));
  ListWriter writer(out, bounds, shift);
  std::vector<Posting> postings, room;
  for (std::size_t term = 0; term < merge.terms(); ++term) {
    if (term % 256 == 0) CDX_TRY(merge.call.check());
    postings.clear();
    for (const auto& owner : merge.owners_of(term)) {
      const auto middle = postings.size();
      merge.readers[owner.part].for_each(
          owner.number, [&](std::uint32_t row, std::uint32_t code, std::size_t, std::size_t) {
            postings.push_back({row, merge.code_of[owner.part][code]});
          });
      join(postings, middle, room);
    }
    CDX_TRY(writer.add(postings));
  }
  return writer.finish(out, prefix);
}

// The positions of one posting: values[begin .. begin + size).
struct Placed {
  std::uint32_t row = 0;
  std::size_t begin = 0, size = 0;
};

void read_positions(PartReader& reader, std::uint32_t term, std::vector<Placed>& placed,
                    std::vector<std::uint32_t>& values) {
  const PostingList list(reader.view(), term);
  PositionList positions(reader.view(), term, list);
  auto read = ~std::size_t{0};
  bool well = false;
  reader.for_each(term, [&](std::uint32_t row, std::uint32_t, std::size_t block, std::size_t i) {
    if (block != read) well = positions.read(block, reader.codes_at_hand(list.size_of(block)));
    read = block;
    const auto begin = well ? positions.begin(i) : 0, end = well ? positions.begin(i + 1) : 0;
    placed.push_back({row, values.size(), end - begin});
    for (auto value = begin; value < end; ++value) values.push_back(positions.value(value));
  });
}

Status merge_positions(Merge& merge, std::uint32_t shift, SectionWriter& out, const std::string& prefix) {
  CDX_TRY(out.begin(prefix + "positions"));
  PositionWriter writer(out, shift);
  std::vector<Placed> placed, room;
  std::vector<std::uint32_t> values;
  for (std::size_t term = 0; term < merge.terms(); ++term) {
    if (term % 256 == 0) CDX_TRY(merge.call.check());
    placed.clear();
    values.clear();
    for (const auto& owner : merge.owners_of(term)) {
      const auto middle = placed.size();
      read_positions(merge.readers[owner.part], owner.number, placed, values);
      join(placed, middle, room);
    }
    for (const auto& one : placed) writer.add(std::span(values).subspan(one.begin, one.size));
    CDX_TRY(writer.end_term());
  }
  CDX_TRY_LET(const auto places, writer.finish());
  return out.add(prefix + "position_places", places);
}

Status write_merged(Merge& merge, const Scoring& expected, SectionWriter& out, std::string_view prefix) {
  const std::string start(prefix);
  merge.lengths = merge_lengths(merge);
  CDX_TRY_LET(const auto fields, write_all_lengths(merge.lengths, expected, out, prefix));
  CDX_TRY(count_living(merge));
  CDX_TRY(merge_terms(merge));
  count_living_surfaces(merge);
  CDX_TRY_LET(const auto new_surface, merge_surfaces(merge));
  CDX_TRY(merge_forward(merge, new_surface, out, prefix));
  CDX_TRY(merge.codes.write(out, prefix));

  Meta meta;
  meta.rows = static_cast<std::uint32_t>(merge.sources.size());
  meta.fields = static_cast<std::uint32_t>(fields.size());
  meta.codes = static_cast<std::uint32_t>(merge.codes.size());
  std::uint64_t words = 0;
  for (const auto& field : fields) words += field.length;
  meta.place_shift = place_shift_for(words, merge.terms());
  const Bounds bounds(expected, merge.lengths, parts_by_rank(merge.codes, merge.codes.rank()));
  CDX_TRY(merge_postings(merge, bounds, meta.place_shift, out, start));
  CDX_TRY(merge_positions(merge, meta.place_shift, out, start));
  CDX_TRY(write_words(merge.words, meta, out, prefix));
  return write_meta(meta, fields, out, prefix);
}

}  // namespace

Status merge(const Call& call, std::span<const Part> parts, std::size_t rows, const Scoring& expected,
             SectionWriter& out, std::string_view prefix) {
  CDX_ASSERT(rows <= most_rows);
  std::vector<Part> some;
  for (const auto& part : parts) {
    CDX_ASSERT(part.inverted->rows() == part.target.size());
    if (part.inverted->fields() > 0) some.push_back(part);
  }
  Merge merge{call, {}, {}, sources_of(some, rows), {}, {}, {}, {}, {}, {}, {}, {}};
  for (const auto& part : some) {
    const auto& view = *part.inverted->view_;
    CDX_ASSERT(view.meta.fields == some.front().inverted->fields());
    merge.views.push_back(&view);
    merge.readers.emplace_back(view, part.target);
  }
  CDX_ASSERT(merge.views.empty() || expected.fields.size() >= merge.views.front()->meta.fields);
  return write_merged(merge, expected, out, prefix);
}

}  // namespace cdx::inverted
