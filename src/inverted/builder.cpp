// Builder: words are numbered as they come; on writing they are sorted once and the occurrences are dealt out
// to their terms.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>
#include <numeric>

#include "base/assert.h"
#include "base/hash.h"
#include "inverted/inverted.h"
#include "inverted/segment_writer.h"

namespace cdx::inverted {
namespace {

struct TextHash {
  using is_avalanching = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};

// Keeps texts where they never move.
class Arena {
 public:
  std::string_view keep(std::string_view text) {
    if (text.size() > left_) {
      left_ = std::max(text.size(), chunk_bytes);
      chunks_.push_back(std::make_unique<char[]>(left_));
      at_ = chunks_.back().get();
    }
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    const std::string_view out(at_, text.size());
    at_ += text.size();
    left_ -= text.size();
    return out;
  }

 private:
  static constexpr std::size_t chunk_bytes = std::size_t{1} << 16U;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

// One word of a text. Ascending within a term.
struct Occurrence {
  std::uint32_t row = 0;
  std::uint32_t place = 0;  // field << 16 | position

  std::uint32_t field() const { return place >> 16U; }
  std::uint32_t position() const { return place & 0xFFFFU; }
};

// The dictionaries, and where the surfaces as they came are in them.
struct Sorted {
  Words words;
  std::vector<std::string> stems;         // what the terms point into
  std::vector<std::uint32_t> surface_of;  // by number
};

// All words of all texts, by term.
struct Dealt {
  std::vector<std::size_t> begin;  // terms + 1
  std::vector<Occurrence> all;

  std::size_t terms() const { return begin.size() - 1; }
  std::span<const Occurrence> of(std::size_t term) const {
    return std::span(all).subspan(begin[term], begin[term + 1] - begin[term]);
  }
};

}  // namespace

struct Builder::Parts {
  boost::unordered_flat_map<std::string_view, std::uint32_t, TextHash> numbers;  // of surfaces, as they came
  Arena arena;
  std::vector<std::string_view> surfaces;  // by number
  std::vector<std::uint32_t> words;        // of all texts, in order: numbers of surfaces
  FieldLengths lengths;
  std::uint32_t rows = 0;

  std::uint32_t number(std::string_view surface) {
    const auto found = numbers.find(surface);
    if (found != numbers.end()) return found->second;
    const auto next = static_cast<std::uint32_t>(surfaces.size());
    surfaces.push_back(arena.keep(surface));
    numbers.emplace(surfaces.back(), next);
    return next;
  }
  // visit(field, position, number) for the words of a row, of which the first is words[at]; moves `at` on.
  template <class Visit>
  void for_each_word(std::uint32_t row, std::size_t& at, const Visit& visit) const {
    for (std::uint32_t field = 0; field < lengths.size(); ++field)
      for (std::uint32_t position = 0; position < lengths[field][row]; ++position)
        visit(field, position, words[at++]);
  }
  Status write_forward(const Call& call, Sorted& sorted, SectionWriter& out, std::string_view prefix) const;
  Dealt deal(const Sorted& sorted) const;
};

Builder::Builder(std::size_t fields) : parts_(std::make_unique<Parts>()) {
  CDX_ASSERT(fields <= most_fields);
  parts_->lengths.resize(fields);
}
Builder::Builder(Builder&&) noexcept = default;
Builder& Builder::operator=(Builder&&) noexcept = default;
Builder::~Builder() = default;

void Builder::add_row(std::span<const std::vector<std::string_view>> surfaces_by_field) {
  CDX_ASSERT(surfaces_by_field.size() == parts_->lengths.size() && parts_->rows < most_rows);
  for (std::size_t field = 0; field < surfaces_by_field.size(); ++field) {
    for (const auto surface : surfaces_by_field[field]) parts_->words.push_back(parts_->number(surface));
    parts_->lengths[field].push_back(static_cast<std::uint32_t>(surfaces_by_field[field].size()));
  }
  ++parts_->rows;
}

namespace {

// Sorts by bytes; the first eight of them as a number decide most comparisons. Gives old places.
std::vector<std::uint32_t> sorted_order(const std::vector<std::string_view>& texts) {
  struct Key {
    std::uint64_t start = 0;
    std::uint32_t number = 0;
  };
  std::vector<Key> keys(texts.size());
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    for (std::size_t b = 0; b < 8; ++b)
      keys[i].start =
          keys[i].start << 8U | (b < texts[i].size() ? static_cast<unsigned char>(texts[i][b]) : 0U);
    keys[i].number = i;
  }
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    return a.start != b.start ? a.start < b.start : texts[a.number] < texts[b.number];
  });
  std::vector<std::uint32_t> out(texts.size());
  for (std::size_t i = 0; i < keys.size(); ++i) out[i] = keys[i].number;
  return out;
}

Sorted sort_words(const std::vector<std::string_view>& surfaces,
                  const std::function<std::string(std::string_view)>& stem) {
  Sorted out;
  out.surface_of.resize(surfaces.size());
  for (const auto number : sorted_order(surfaces)) {
    out.surface_of[number] = static_cast<std::uint32_t>(out.words.surfaces.size());
    out.words.surfaces.push_back(surfaces[number]);
    out.stems.push_back(stem(surfaces[number]));
  }
  const std::vector<std::string_view> stems(out.stems.begin(), out.stems.end());
  out.words.surface_terms.resize(stems.size());
  out.words.surface_rows.resize(stems.size());
  for (const auto surface : sorted_order(stems)) {
    if (out.words.terms.empty() || out.words.terms.back() != stems[surface])
      out.words.terms.push_back(stems[surface]);
    out.words.surface_terms[surface] = static_cast<std::uint32_t>(out.words.terms.size() - 1);
  }
  return out;
}

// visit(occurrences of one row) for each row of a term.
template <class Visit>
void for_each_row(std::span<const Occurrence> of_term, const Visit& visit) {
  for (std::size_t i = 0; i < of_term.size();) {
    auto end = i + 1;
    while (end < of_term.size() && of_term[end].row == of_term[i].row) ++end;
    visit(of_term.subspan(i, end - i));
    i = end;
  }
}

void parts_of(std::span<const Occurrence> of_row, std::vector<std::uint32_t>& out) {
  out.clear();
  for (std::size_t i = 0; i < of_row.size();) {
    auto end = i + 1;
    while (end < of_row.size() && of_row[end].field() == of_row[i].field()) ++end;
    out.push_back(code_part(of_row[i].field(), static_cast<std::uint32_t>(end - i)));
    i = end;
  }
}

// First positions of the fields, and distances after them.
void position_values(std::span<const Occurrence> of_row, std::vector<std::uint32_t>& out) {
  out.clear();
  for (std::size_t i = 0; i < of_row.size(); ++i) {
    const bool follows = i > 0 && of_row[i].field() == of_row[i - 1].field();
    out.push_back(of_row[i].position() - (follows ? of_row[i - 1].position() : 0));
  }
}

Status write_postings(const Call& call, const Dealt& dealt, const Bounds& bounds,
                      const std::vector<std::uint32_t>& codes, const std::vector<std::uint32_t>& ranks,
                      std::uint32_t shift, SectionWriter& out, const std::string& prefix) {
  CDX_TRY(out.begin(prefix + "postings"));
  ListWriter writer(out, bounds, shift);
  std::vector<Posting> postings;
  std::size_t at = 0;
  for (std::size_t term = 0; term < dealt.terms(); ++term) {
    if (term % 256 == 0) CDX_TRY(call.check());
    postings.clear();
    for_each_row(dealt.of(term), [&](std::span<const Occurrence> of_row) {
      postings.push_back({of_row.front().row, ranks[codes[at++]]});
    });
    CDX_TRY(writer.add(postings));
  }
  return writer.finish(out, prefix);
}

Status write_positions(const Call& call, const Dealt& dealt, std::uint32_t shift, SectionWriter& out,
                       const std::string& prefix) {
  CDX_TRY(out.begin(prefix + "positions"));
  PositionWriter writer(out, shift);
  std::vector<std::uint32_t> values;
  for (std::size_t term = 0; term < dealt.terms(); ++term) {
    if (term % 256 == 0) CDX_TRY(call.check());
    for_each_row(dealt.of(term), [&](std::span<const Occurrence> of_row) {
      position_values(of_row, values);
      writer.add(values);
    });
    CDX_TRY(writer.end_term());
  }
  CDX_TRY_LET(const auto places, writer.finish());
  return out.add(prefix + "position_places", places);
}

// The code of every posting, term by term, as first numbered.
std::vector<std::uint32_t> number_codes(const Dealt& dealt, Codes& codes) {
  std::vector<std::uint32_t> out, parts;
  out.reserve(dealt.all.size());
  for (std::size_t term = 0; term < dealt.terms(); ++term)
    for_each_row(dealt.of(term), [&](std::span<const Occurrence> of_row) {
      parts_of(of_row, parts);
      out.push_back(codes.add(parts));
    });
  return out;
}

}  // namespace

// Writes the distinct surfaces of every row, counting the rows of each.
Status Builder::Parts::write_forward(const Call& call, Sorted& sorted, SectionWriter& out,
                                     std::string_view prefix) const {
  CDX_TRY(out.begin(std::string(prefix) + "forward"));
  ForwardWriter forward(out);
  std::vector<std::uint32_t> of_row;
  std::size_t at = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (row % 4096 == 0) CDX_TRY(call.check());
    of_row.clear();
    for_each_word(row, at, [&](std::uint32_t, std::uint32_t, std::uint32_t number) {
      of_row.push_back(sorted.surface_of[number]);
    });
    std::sort(of_row.begin(), of_row.end());
    of_row.erase(std::unique(of_row.begin(), of_row.end()), of_row.end());
    for (const auto surface : of_row) ++sorted.words.surface_rows[surface];
    CDX_TRY(forward.add(of_row));
  }
  return forward.finish(out, prefix);
}

// Deals all words out to their terms (a counting sort, so the order of rows stays).
Dealt Builder::Parts::deal(const Sorted& sorted) const {
  const auto term_of = [&](std::uint32_t number) {
    return sorted.words.surface_terms[sorted.surface_of[number]];
  };
  Dealt out;
  out.begin.assign(sorted.words.terms.size() + 1, 0);
  for (const auto number : words) ++out.begin[term_of(number) + 1];
  std::partial_sum(out.begin.begin(), out.begin.end(), out.begin.begin());
  out.all.resize(words.size());
  auto next = out.begin;
  std::size_t at = 0;
  for (std::uint32_t row = 0; row < rows; ++row)
    for_each_word(row, at, [&](std::uint32_t field, std::uint32_t position, std::uint32_t number) {
      out.all[next[term_of(number)]++] = {row, field << 16U | std::min(position, far_position)};
    });
  return out;
}

Status Builder::write(const Call& call, const Scoring& expected,
                      const std::function<std::string(std::string_view)>& stem, SectionWriter& out,
                      std::string_view prefix) {
  const auto& in = *parts_;
  const std::string start(prefix);
  CDX_ASSERT(expected.fields.size() >= in.lengths.size());
  CDX_TRY(call.check());
  auto sorted = sort_words(in.surfaces, stem);
  CDX_TRY_LET(const auto fields, write_all_lengths(in.lengths, expected, out, prefix));
  CDX_TRY(in.write_forward(call, sorted, out, prefix));

  const auto dealt = in.deal(sorted);
  Codes codes;
  const auto posting_codes = number_codes(dealt, codes);
  const auto ranks = codes.rank();
  CDX_TRY(codes.write(out, prefix));

  Meta meta;
  meta.rows = in.rows;
  meta.fields = static_cast<std::uint32_t>(in.lengths.size());
  meta.codes = static_cast<std::uint32_t>(codes.size());
  meta.place_shift = place_shift_for(in.words.size(), sorted.words.terms.size());
  const Bounds bounds(expected, in.lengths, parts_by_rank(codes, ranks));
  CDX_TRY(write_postings(call, dealt, bounds, posting_codes, ranks, meta.place_shift, out, start));
  CDX_TRY(write_positions(call, dealt, meta.place_shift, out, start));
  CDX_TRY(write_words(sorted.words, meta, out, prefix));
  return write_meta(meta, fields, out, prefix);
}

}  // namespace cdx::inverted
