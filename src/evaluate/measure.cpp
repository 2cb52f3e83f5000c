#include <algorithm>
#include <cmath>
#include <random>

#include "evaluate/evaluate.h"

namespace cdx::evaluate {
namespace {

constexpr std::size_t resamples = 2'000, ndcg_depth = 10, recall_depth = 100, kept_top = 10;

double discount(std::size_t rank) { return 1 / std::log2(static_cast<double>(rank) + 1); }

double ideal_gain(const std::map<std::string, int>& grades) {
  std::vector<int> sorted;
  for (const auto& [document, grade] : grades)
    if (grade > 0) sorted.push_back(grade);
  std::sort(sorted.rbegin(), sorted.rend());
  double sum = 0;
  for (std::size_t i = 0; i < std::min(sorted.size(), ndcg_depth); ++i) sum += sorted[i] * discount(i + 1);
  return sum;
}

QueryResult measure_one(const JudgedQuery& query, const std::map<std::string, int>& grades, int relevant_from,
                        const std::vector<std::pair<std::string, double>>& ranked) {
  QueryResult out;
  out.id = query.id;
  out.found = ranked.size();
  const auto relevant = static_cast<double>(std::count_if(
      grades.begin(), grades.end(), [&](const auto& one) { return one.second >= relevant_from; }));
  const double ideal = ideal_gain(grades);
  out.judged = ideal > 0;
  double gain = 0, hits = 0;
  for (std::size_t i = 0; i < std::min(ranked.size(), recall_depth); ++i) {
    const auto found = grades.find(ranked[i].first);
    const int grade = found == grades.end() ? 0 : found->second;
    if (i < ndcg_depth) gain += std::max(grade, 0) * discount(i + 1);
    if (grade < relevant_from) continue;
    hits += 1;
    if (out.reciprocal_rank == 0) out.reciprocal_rank = 1 / static_cast<double>(i + 1);
  }
  out.ndcg = ideal > 0 ? gain / ideal : 0;
  out.recall = relevant > 0 ? hits / relevant : 0;
  out.top.assign(ranked.begin(),
                 ranked.begin() + static_cast<std::ptrdiff_t>(std::min(ranked.size(), kept_top)));
  return out;
}

// 2 where grades above 1 are in use; a stray one among thousands (Cranfield has it) does not count as use.
int lowest_relevant_grade(const Judgements& judgements) {
  std::size_t positive = 0, above_one = 0;
  for (const auto& [query, grades] : judgements)
    for (const auto& [document, grade] : grades) {
      positive += grade > 0 ? 1 : 0;
      above_one += grade > 1 ? 1 : 0;
    }
  return above_one * 100 > positive ? 2 : 1;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

Interval bootstrap(const std::vector<double>& values) {
  Interval out{mean(values), 0, 0};
  if (values.empty()) return out;
  std::mt19937_64 random(20'260'101);
  std::vector<double> means;
  for (std::size_t i = 0; i < resamples; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j) sum += values[random() % values.size()];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  std::sort(means.begin(), means.end());
  out.low = means[resamples / 40];
  out.high = means[resamples - 1 - resamples / 40];
  return out;
}

ModeResult measure(const std::vector<JudgedQuery>& queries, const Judgements& judgements,
                   const std::vector<std::vector<std::pair<std::string, double>>>& ranked) {
  const int relevant_from = lowest_relevant_grade(judgements);
  ModeResult out;
  std::vector<double> ndcg, recall, reciprocal;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto grades = judgements.find(queries[i].id);
    if (grades == judgements.end()) continue;
    auto one = measure_one(queries[i], grades->second, relevant_from, ranked[i]);
    if (one.judged) {
      ndcg.push_back(one.ndcg);
      recall.push_back(one.recall);
      reciprocal.push_back(one.reciprocal_rank);
    } else {
      ++out.without_relevant;
    }
    out.each.push_back(std::move(one));
  }
  out.queries = ndcg.size();
  out.ndcg_at_10 = bootstrap(ndcg);
  out.recall_at_100 = bootstrap(recall);
  out.mrr = bootstrap(reciprocal);
  return out;
}

}  // namespace cdx::evaluate
