#include "index/postings.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>

#include "base/hash.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

struct TextHash {
  using is_transparent = void;
  using is_avalanching = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};
using Numbers = boost::unordered_flat_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

// A word of a row: number << 32 | field << 24 | count. Sorts by number, then field.
constexpr std::uint64_t pack(std::uint64_t number, std::uint64_t field, std::uint64_t count) {
  return number << 32U | field << 24U | count;
}
constexpr std::uint32_t number_of(std::uint64_t packed) { return static_cast<std::uint32_t>(packed >> 32U); }

// Adds up the counts of equal words and fields of words[from..], which this sorts.
void tidy(std::vector<std::uint64_t>& words, std::size_t from) {
  std::sort(words.begin() + static_cast<std::ptrdiff_t>(from), words.end());
  auto out = from;
  for (auto i = from; i < words.size(); ++i) {
    if (out > from && words[out - 1] >> 24U == words[i] >> 24U) {
      words[out - 1] += words[i] & 0xFFFFFFU;
    } else {
      words[out++] = words[i];
    }
  }
  words.resize(out);
}

// The rows' words with their counts, by number in the order of first sight.
struct Reading {
  Numbers numbers;
  std::vector<std::uint64_t> begin{0};
  std::vector<std::uint64_t> words;
};

Reading read(std::span<const Document* const> rows, Postings& out) {
  Reading in;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t field = 0; field < out.lengths.size(); ++field) {
      const auto tokens = text::tokens(rows[row]->texts[field]);
      for (const auto& token : tokens) {
        const auto next = static_cast<std::uint32_t>(in.numbers.size());
        in.words.push_back(pack(in.numbers.try_emplace(token.term, next).first->second, field, 1));
      }
      out.lengths[field][row] = static_cast<std::uint32_t>(tokens.size());
      out.totals[field].length += tokens.size();
      out.totals[field].documents += tokens.empty() ? 0U : 1U;
    }
    tidy(in.words, in.begin.back());
    in.begin.push_back(in.words.size());
  }
  return in;
}

// Sorts surfaces and terms; gives the sorted place of each surface number.
std::vector<std::uint32_t> build_dictionaries(const Numbers& numbers, Postings& out) {
  std::vector<std::pair<std::string_view, std::uint32_t>> order(numbers.begin(), numbers.end());
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> place(order.size());
  std::vector<std::string> stems(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    out.surfaces.add(order[i].first);
    place[order[i].second] = i;
    stems[i] = text::stem(order[i].first);
  }
  auto terms = stems;
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  for (const auto& term : terms) out.terms.add(term);
  for (const auto& stem : stems) out.surface_term.push_back(out.terms.find(stem));
  return place;
}

// Places the words of all rows (already by term) into the lists of their terms.
void build_lists(const std::vector<std::uint64_t>& begin, const std::vector<std::uint64_t>& words,
                 Postings& out) {
  out.documents.assign(out.terms.size(), 0);
  out.begin.assign(out.terms.size() + 1, 0);
  for (const auto word : words) ++out.begin[number_of(word) + 1];
  std::partial_sum(out.begin.begin(), out.begin.end(), out.begin.begin());
  out.hits.resize(words.size());
  auto next = out.begin;
  for (std::size_t row = 0; row + 1 < begin.size(); ++row) {
    auto last = none;
    for (auto i = begin[row]; i < begin[row + 1]; ++i) {
      const auto term = number_of(words[i]);
      out.hits[next[term]++] = {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(words[i])};
      if (term != last) ++out.documents[term];
      last = term;
    }
  }
}

struct Cursor {
  std::size_t part = 0;
  std::uint32_t number = 0;
};

// visit(new number, who has it): walks the merged dictionary in order.
template <class Visit>
void for_each_merged(const MergedTables& merged, const Visit& visit) {
  std::vector<std::uint32_t> at(merged.numbers.size(), 0);
  std::vector<Cursor> owners;
  for (std::uint32_t number = 0; number < merged.strings.size(); ++number) {
    owners.clear();
    for (std::size_t p = 0; p < at.size(); ++p) {
      const auto& numbers = merged.numbers[p];
      while (at[p] < numbers.size() && numbers[at[p]] == none) ++at[p];
      if (at[p] < numbers.size() && numbers[at[p]] == number) owners.push_back({p, at[p]++});
    }
    visit(number, std::span<const Cursor>(owners));
  }
}

void merge_lists(std::span<const PostingsPart> parts, const RowMap& map, const MergedTables& terms,
                 Postings& out) {
  const auto by_row = [](const Hit& a, const Hit& b) { return a.row < b.row; };
  out.begin.push_back(0);
  for_each_merged(terms, [&](std::uint32_t, std::span<const Cursor> owners) {
    std::uint32_t documents = 0;
    for (const auto& owner : owners) {
      const auto middle = out.hits.size();
      for (const auto& hit : parts[owner.part].postings->of(owner.number))
        if (const auto row = map.target[owner.part][hit.row]; row != none)
          out.hits.push_back({row, hit.packed});
      const auto begin = out.hits.begin() + static_cast<std::ptrdiff_t>(out.begin.back());
      std::inplace_merge(begin, out.hits.begin() + static_cast<std::ptrdiff_t>(middle), out.hits.end(),
                         by_row);
      documents += parts[owner.part].terms_living[owner.number];
    }
    out.documents.push_back(documents);
    out.begin.push_back(out.hits.size());
  });
}

void merge_rows(std::span<const PostingsPart> parts, const RowMap& map, const MergedTables& surfaces,
                Postings& out) {
  const auto fields = parts.front().postings->lengths.size();
  out.lengths.assign(fields, std::vector<std::uint32_t>(map.rows));
  out.totals.resize(fields);
  out.row_begin.push_back(0);
  map.for_each([&](std::uint32_t row, std::uint32_t part, std::uint32_t old) {
    const auto& from = *parts[part].postings;
    for (const auto surface : from.surfaces_of(old))
      out.row_surfaces.push_back(surfaces.numbers[part][surface]);
    out.row_begin.push_back(out.row_surfaces.size());
    for (std::size_t field = 0; field < fields; ++field) {
      const auto length = from.lengths[field][old];
      out.lengths[field][row] = length;
      out.totals[field].length += length;
      out.totals[field].documents += length == 0 ? 0U : 1U;
    }
  });
}

}  // namespace

Postings build_postings(const Schema& schema, std::span<const Document* const> rows) {
  Postings out;
  out.lengths.assign(schema.texts.size(), std::vector<std::uint32_t>(rows.size()));
  out.totals.resize(schema.texts.size());
  auto in = read(rows, out);
  const auto place = build_dictionaries(in.numbers, out);
  out.surface_documents.assign(out.surfaces.size(), 0);
  out.row_begin.push_back(0);
  std::vector<std::uint64_t> begin{0}, words;  // the same by term instead of by surface
  words.reserve(in.words.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto first = out.row_surfaces.size();
    for (auto i = in.begin[row]; i < in.begin[row + 1]; ++i) {
      const auto surface = place[number_of(in.words[i])];
      if (i == in.begin[row] || number_of(in.words[i]) != number_of(in.words[i - 1])) {
        out.row_surfaces.push_back(surface);
        ++out.surface_documents[surface];
      }
      words.push_back(std::uint64_t{out.surface_term[surface]} << 32U | (in.words[i] & 0xFFFFFFFFU));
    }
    std::sort(out.row_surfaces.begin() + static_cast<std::ptrdiff_t>(first), out.row_surfaces.end());
    out.row_begin.push_back(out.row_surfaces.size());
    tidy(words, begin.back());
    begin.push_back(words.size());
  }
  build_lists(begin, words, out);
  return out;
}

Postings merge_postings(std::span<const PostingsPart> parts, const RowMap& map) {
  std::vector<const StringTable*> terms, surfaces;
  std::vector<std::vector<std::uint32_t>> terms_living, surfaces_living;
  for (const auto& part : parts) {
    terms.push_back(&part.postings->terms);
    surfaces.push_back(&part.postings->surfaces);
    terms_living.push_back(part.terms_living);
    surfaces_living.push_back(part.surfaces_living);
  }
  const auto merged_terms = merge_tables(terms, terms_living);
  const auto merged_surfaces = merge_tables(surfaces, surfaces_living);
  Postings out;
  merge_lists(parts, map, merged_terms, out);
  merge_rows(parts, map, merged_surfaces, out);
  for_each_merged(merged_surfaces, [&](std::uint32_t, std::span<const Cursor> owners) {
    std::uint32_t documents = 0;
    for (const auto& owner : owners) documents += parts[owner.part].surfaces_living[owner.number];
    out.surface_documents.push_back(documents);
    const auto& owner = owners.front();
    const auto term = parts[owner.part].postings->surface_term[owner.number];
    out.surface_term.push_back(merged_terms.numbers[owner.part][term]);
  });
  out.terms = merged_terms.strings;
  out.surfaces = merged_surfaces.strings;
  return out;
}

}  // namespace cdx::engine
