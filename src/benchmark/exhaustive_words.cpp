#include "benchmark/exhaustive_words.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace cdx::benchmark {
namespace {

constexpr double k1 = 1.2;

// Over the documents that have a word in the field.
double mean_length(const std::vector<std::uint32_t>& lengths) {
  double sum = 0, documents = 0;
  for (const auto length : lengths) {
    sum += length;
    documents += length > 0 ? 1 : 0;
  }
  return documents > 0 ? sum / documents : 1;
}

}  // namespace

ExhaustiveWords::ExhaustiveWords(std::vector<Field> fields,
                                 const std::vector<std::vector<std::string>>& wanted)
    : fields_(std::move(fields)), lengths_(fields_.size()) {
  for (const auto& terms : wanted)
    for (const auto& term : terms) counts_.try_emplace(term);
}

void ExhaustiveWords::add(const std::vector<std::vector<std::string>>& terms) {
  CDX_ASSERT(terms.size() == fields_.size());
  const auto document = static_cast<std::uint32_t>(documents_++);
  for (std::uint32_t f = 0; f < terms.size(); ++f) {
    lengths_[f].push_back(static_cast<std::uint32_t>(terms[f].size()));
    for (const auto& term : terms[f]) {
      const auto found = counts_.find(term);
      if (found == counts_.end()) continue;
      auto& counts = found->second;
      if (!counts.empty() && counts.back().document == document && counts.back().field == f)
        ++counts.back().count;
      else
        counts.push_back({document, f, 1});
    }
  }
}

std::vector<double> ExhaustiveWords::scores(const std::vector<std::string>& terms) const {
  std::vector<double> means;
  for (const auto& lengths : lengths_) means.push_back(mean_length(lengths));
  std::vector<double> out(documents_, 0);
  for (const auto& term : terms) {
    const auto& counts = counts_.at(term);
    std::vector<std::pair<std::uint32_t, double>> frequencies;  // tf' by document
    for (const auto& one : counts) {
      const auto& field = fields_[one.field];
      const double longer = static_cast<double>(lengths_[one.field][one.document]) / means[one.field] - 1;
      const double frequency = field.weight * one.count / (1 + field.length_weight * longer);
      if (frequencies.empty() || frequencies.back().first != one.document)
        frequencies.emplace_back(one.document, 0);
      frequencies.back().second += frequency;
    }
    const auto all = static_cast<double>(documents_), holding = static_cast<double>(frequencies.size());
    const double rarity = std::log(1 + (all - holding + 0.5) / (holding + 0.5));
    for (const auto& [document, frequency] : frequencies)
      out[document] += rarity * frequency * (k1 + 1) / (k1 + frequency);
  }
  return out;
}

std::vector<std::size_t> best_of(const std::vector<double>& scores, const std::vector<bool>& passing,
                                 std::size_t k) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0 && passing[i]) order.push_back(i);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(k, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  order.erase(end, order.end());
  return order;
}

}  // namespace cdx::benchmark
