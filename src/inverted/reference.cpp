#include "inverted/reference.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace cdx::inverted {

std::string cut_ending(std::string_view surface) {
  return std::string(surface.ends_with("s") ? surface.substr(0, surface.size() - 1) : surface);
}
std::string as_written(std::string_view surface) { return std::string(surface); }

void Reference::add_row(const Texts& texts) {
  const auto row = static_cast<std::uint32_t>(texts_.size());
  auto& counts = counts_.emplace_back(fields_);
  for (std::size_t field = 0; field < fields_; ++field)
    for (const auto& surface : texts[field]) {
      surfaces_[surface].insert(row);
      terms_[stem_(surface)].insert(row);
      ++counts[field][stem_(surface)];
    }
  texts_.push_back(texts);
}

FieldTotal Reference::total(std::size_t field) const {
  FieldTotal out;
  for (const auto& texts : texts_) {
    out.length += texts[field].size();
    out.documents += texts[field].empty() ? 0U : 1U;
  }
  return out;
}

std::map<std::size_t, std::uint32_t> Reference::counts(const std::string& term, std::uint32_t row) const {
  std::map<std::size_t, std::uint32_t> out;
  for (std::size_t field = 0; field < fields_; ++field)
    if (const auto found = counts_[row][field].find(term); found != counts_[row][field].end())
      out[field] = found->second;
  return out;
}

double Reference::tf(const std::string& term, std::uint32_t row, const Scoring& scoring) const {
  double out = 0;
  for (const auto& [field, count] : counts(term, row)) {
    const auto& one = scoring.fields[field];
    const auto length = static_cast<double>(texts_[row][field].size());
    out += one.weight * count / (1 + one.length_weight * (length / one.mean_length - 1));
  }
  return out;
}

std::vector<double> Reference::scores(const std::vector<std::vector<PlainReading>>& words,
                                      const Scoring& scoring) const {
  std::vector<double> out(rows());
  for (const auto& readings : words) {
    std::map<std::uint32_t, double> best;
    for (const auto& reading : readings)
      for (const auto row : terms_.at(reading.term)) {
        const auto held = tf(reading.term, row, scoring);
        if (held > 0)
          best[row] = std::max(best[row], reading.weight * held * (scoring.k1 + 1) / (scoring.k1 + held));
      }
    for (const auto& [row, score] : best) out[row] += score;
  }
  return out;
}

std::set<std::uint32_t> Reference::phrase(const std::vector<std::vector<std::string>>& places,
                                          std::uint32_t only) const {
  std::set<std::uint32_t> out;
  const auto fits = [&](const std::vector<std::string>& text, std::size_t at) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto term = stem_(text[at + i]);
      if (std::find(places[i].begin(), places[i].end(), term) == places[i].end()) return false;
    }
    return true;
  };
  for (std::uint32_t row = 0; row < rows(); ++row)
    for (std::size_t field = 0; field < fields_; ++field) {
      const auto& text = texts_[row][field];
      if (only != nothing && only != field) continue;
      for (std::size_t at = 0; at + places.size() <= text.size(); ++at)
        if (fits(text, at)) out.insert(row);
    }
  return out;
}

std::string MadeUp::word() {
  const auto rank = static_cast<std::size_t>(std::pow(static_cast<double>(words_), between(0, 1))) - 1;
  auto out = "w" + std::to_string(rank * 7919 % words_);
  if (rank % 3 == 0 && chance(0.5)) out += "s";
  return out;
}

Texts MadeUp::texts(std::size_t fields) {
  Texts out(fields);
  if (chance(0.03)) return out;
  for (std::size_t field = 0; field < fields; ++field) {
    if (chance(0.1)) continue;
    const auto longest = field == 0 ? 5 : chance(0.01) ? 400 : 30;
    for (auto left = 1 + below(static_cast<std::size_t>(longest)); left > 0; --left)
      out[field].push_back(word());
    if (field + 1 == fields)
      out[field].insert(out[field].begin() + static_cast<std::ptrdiff_t>(below(out[field].size())),
                        "everywhere");
  }
  return out;
}

Scoring MadeUp::scoring(std::size_t fields) {
  Scoring out;
  if (chance(0.3)) out.k1 = chance(0.3) ? 0 : between(0.1, 3);
  for (std::size_t field = 0; field < fields; ++field) {
    FieldScoring one;
    one.weight = chance(0.1) ? 0 : between(0.2, 4);
    one.length_weight = chance(0.2) ? (chance(0.5) ? 0 : 1) : between(0, 1);
    one.mean_length = between(2, 30);
    out.fields.push_back(one);
  }
  return out;
}

std::vector<std::uint64_t> MadeUp::rows(std::size_t count, double share) {
  std::vector<std::uint64_t> out((count + 63) / 64);
  for (std::size_t row = 0; row < count; ++row)
    if (chance(share)) out[row / 64] |= std::uint64_t{1} << (row % 64);
  return out;
}

void build(const std::vector<Texts>& rows, std::size_t fields, const Scoring& expected, const Stem& stem,
           SectionWriter& out, std::string_view prefix) {
  Builder builder(fields);
  for (const auto& texts : rows) {
    std::vector<std::vector<std::string_view>> views(fields);
    for (std::size_t field = 0; field < fields; ++field)
      views[field].assign(texts[field].begin(), texts[field].end());
    builder.add_row(views);
  }
  const auto written = builder.write(Call{}, expected, stem, out, prefix);
  CDX_ASSERT(written.has_value());
}

}  // namespace cdx::inverted
