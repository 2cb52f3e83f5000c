#include "evaluate/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "base/json_text.h"

namespace cdx::evaluate {
namespace {

constexpr std::size_t depth = 10, most_rounds = 40;
constexpr double least = 1e-3;  // weights are moved by factors, so that none may be 0
constexpr std::array<double, 6> steps = {0.5, 0.8, 0.93, 1.07, 1.25, 2.0};

// alpha, beta, gamma, then one a vector field; positive. Their common factor means nothing.
using Point = std::vector<double>;

Point point_of(const RankingWeights& weights, const std::vector<std::string>& fields) {
  Point out{weights.alpha, weights.beta, weights.gamma};
  for (const auto& field : fields) {
    const auto found = weights.vector_weights.find(field);
    out.push_back(found == weights.vector_weights.end() ? 1.0 : found->second);
  }
  for (auto& value : out) value = std::max(value, least);
  return out;
}

// The first three add up to 1; the fields' mean is 1.
RankingWeights weights_of(Point point, const std::vector<std::string>& fields,
                          const RankingWeights& present) {
  auto out = present;
  const double sum = point[0] + point[1] + point[2];
  out.alpha = point[0] / sum;
  out.beta = point[1] / sum;
  out.gamma = point[2] / sum;
  const double mean = fields.empty() ? 1
                                     : std::accumulate(point.begin() + 3, point.end(), 0.0) /
                                           static_cast<double>(fields.size());
  for (std::size_t f = 0; f < fields.size(); ++f) out.vector_weights[fields[f]] = point[3 + f] / mean;
  return out;
}

// The formula of search/search.h without its second look.
double score(const TuneCandidate& one, const RankingWeights& w, const std::vector<double>& fields,
             double shift) {
  double sum = 0, total = 0;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    if (std::isnan(one.cosines[f])) continue;
    sum += fields[f] * std::clamp((one.cosines[f] - w.cosine_low) / (w.cosine_high - w.cosine_low), 0.0, 1.0);
    total += fields[f];
  }
  const double alpha = w.alpha - shift, beta = w.beta + shift, all = alpha + beta + w.gamma;
  const double meaning = total > 0 ? sum / total : one.keyword;  // the words speak for a missing vector
  return (alpha * one.keyword + beta * meaning + w.gamma * one.quality) / all;
}

double gain_of(const std::vector<int>& grades) {
  double out = 0;
  for (std::size_t i = 0; i < std::min(depth, grades.size()); ++i)
    out += std::max(grades[i], 0) / std::log2(static_cast<double>(i) + 2);
  return out;
}

double ndcg(const TuneQuery& query, const RankingWeights& weights, const std::vector<double>& fields) {
  auto ideal = query.grades;
  std::sort(ideal.rbegin(), ideal.rend());
  const double shift = query.words <= weights.short_words ? std::min(weights.short_shift, weights.alpha) : 0;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < query.candidates.size(); ++i)
    order.emplace_back(-score(query.candidates[i], weights, fields, shift), i);
  const auto top = order.begin() + static_cast<std::ptrdiff_t>(std::min(depth, order.size()));
  std::partial_sort(order.begin(), top, order.end());
  std::vector<int> grades;
  for (auto at = order.begin(); at != top; ++at) grades.push_back(query.candidates[at->second].grade);
  const double best = gain_of(ideal);
  return best > 0 ? gain_of(grades) / best : 0;
}

double mean(const std::vector<double>& values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class Fit {
 public:
  Fit(const Call& call, const TuneSet& set, const TuneOptions& options)
      : call_(call), set_(set), options_(options), start_(point_of(options.present, set.fields)) {}

  Result<RankingWeights> on(const std::vector<std::size_t>& queries) const {
    std::mt19937_64 random(options_.seed);
    Point best = start_;
    double worth = value(best, queries);
    for (std::size_t run = 0; run <= options_.restarts; ++run) {
      Point point = start_;
      if (run > 0)
        for (auto& x : point) x *= std::exp(0.6 * (static_cast<double>(random() >> 11U) * 0x1p-52 - 1));
      CDX_TRY_LET(const double reached, climb(point, queries));
      if (reached > worth + 1e-9) {
        worth = reached;
        best = point;
      }
    }
    return weights_of(best, set_.fields, options_.present);
  }

 private:
  double value(const Point& point, const std::vector<std::size_t>& queries) const {
    const auto weights = weights_of(point, set_.fields, options_.present);
    const auto fields = std::vector<double>(point.begin() + 3, point.end());
    double sum = 0;
    for (const auto q : queries) sum += ndcg(set_.queries[q], weights, fields);
    double moved = 0;
    for (std::size_t i = 0; i < point.size(); ++i) moved += std::abs(std::log(point[i] / start_[i]));
    return sum / static_cast<double>(queries.size()) -
           options_.price * moved / static_cast<double>(point.size());
  }

  Result<double> climb(Point& point, const std::vector<std::size_t>& queries) const {
    double worth = value(point, queries);
    for (std::size_t round = 0; round < most_rounds; ++round) {
      bool better = false;
      for (auto& x : point) {
        CDX_TRY(call_.check());
        for (const double step : steps) {
          const double old = x;
          x = std::max(least, old * step);
          const double now = value(point, queries);
          if (now > worth + 1e-9) {
            worth = now;
            better = true;
          } else {
            x = old;
          }
        }
      }
      if (!better) break;
    }
    return worth;
  }

  const Call& call_;
  const TuneSet& set_;
  const TuneOptions& options_;
  Point start_;
};

std::string verdict_of(const TuneResult& result) {
  const auto figures = fmt::format("{:+.4f} [{:+.4f}, {:+.4f}] nDCG@10 over {} queries", result.gain.value,
                                   result.gain.low, result.gain.high, result.queries);
  if (result.gains) return fmt::format("gains on held-out folds: {}", figures);
  if (result.gain.value > 0)
    return fmt::format("does not gain beyond chance on held-out folds: {}; keep the present weights",
                       figures);
  return fmt::format("does not gain on held-out folds: {}; keep the present weights", figures);
}

}  // namespace

std::vector<double> ndcg_under(const TuneSet& set, const RankingWeights& weights) {
  const auto point = point_of(weights, set.fields);
  const auto fields = std::vector<double>(point.begin() + 3, point.end());
  std::vector<double> out;
  for (const auto& query : set.queries) out.push_back(ndcg(query, weights, fields));
  return out;
}

Result<TuneResult> tune(const Call& call, const TuneSet& set, const TuneOptions& options) {
  if (options.folds < 2 || options.folds > 20)
    return fail(ErrorKind::invalid, "folds must be between 2 and 20");
  const auto count = set.queries.size();
  if (count < 2 * options.folds)
    return fail(ErrorKind::invalid, fmt::format("{} queries are too few for {} folds; at least {} are needed",
                                                count, options.folds, 2 * options.folds));
  std::vector<std::size_t> deal(count);
  std::iota(deal.begin(), deal.end(), std::size_t{0});
  std::shuffle(deal.begin(), deal.end(), std::mt19937_64(options.seed));

  const Fit fit(call, set, options);
  const auto present = ndcg_under(set, options.present);
  std::vector<double> tuned(count), gains(count);
  TuneResult out;
  for (std::size_t fold = 0; fold < options.folds; ++fold) {
    std::vector<std::size_t> train, held;
    for (std::size_t i = 0; i < count; ++i) (i % options.folds == fold ? held : train).push_back(deal[i]);
    CDX_TRY_LET(const auto weights, fit.on(train));
    const auto under = ndcg_under(set, weights);
    double gain = 0;
    for (const auto q : held) {
      tuned[q] = under[q];
      gains[q] = under[q] - present[q];
      gain += gains[q];
    }
    out.fold_gains.push_back(gain / static_cast<double>(held.size()));
  }
  CDX_TRY_LET(out.weights, fit.on(deal));
  out.present = bootstrap(present);
  out.tuned = bootstrap(tuned);
  out.gain = bootstrap(gains);
  out.fitted = mean(ndcg_under(set, out.weights));
  out.queries = count;
  out.gains = out.gain.low > 0;
  out.verdict = verdict_of(out);
  return out;
}

NamedProfile tuned_profile(std::string name, std::string_view data, const TuneResult& result, Time now) {
  JsonWriter settings, evidence;
  settings.object([&] {
    settings.key("alpha").value(result.weights.alpha).key("beta").value(result.weights.beta);
    settings.key("gamma").value(result.weights.gamma);
    settings.key("vector_weights").object([&] {
      for (const auto& [field, weight] : result.weights.vector_weights) settings.key(field).value(weight);
    });
  });
  evidence.object([&] {
    evidence.key("data").value(data).key("queries").value(static_cast<std::uint64_t>(result.queries));
    evidence.key("folds").array([&] {
      for (const double gain : result.fold_gains) evidence.value(gain);
    });
    evidence.key("present").value(result.present.value).key("tuned").value(result.tuned.value);
    evidence.key("gain").value(result.gain.value);
    evidence.key("gain_95").array([&] { evidence.value(result.gain.low).value(result.gain.high); });
    evidence.key("fitted").value(result.fitted).key("gains").value(result.gains);
    evidence.key("verdict").value(result.verdict);
  });
  return {std::move(name), "ranking", settings.take(), evidence.take(), now};
}

}  // namespace cdx::evaluate
