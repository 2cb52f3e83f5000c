#include <fmt/format.h>

#include <algorithm>

#include "ann/ann.h"
#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/kept_sections.h"
#include "benchmark/nearest.h"
#include "benchmark/speed.h"

namespace cdx::benchmark {
namespace {

constexpr std::string_view prefix = "vectors";

// Question i may find what filter i % filters.size() lets pass; without filters all.
struct Passing {
  std::vector<RowBits> filters;
  std::vector<std::size_t> counts;
  std::size_t mean = 0;
};

struct Input {
  FloatMatrix base, query;
  std::size_t rows = 0, dimension = 0, queries = 0;
  Passing passing;
};

Result<Passing> read_passing(const NearestOptions& options, std::size_t rows) {
  if (options.labels.empty()) return Passing{{}, {}, rows};
  CDX_TRY_LET(const auto labels, read_labels(options.labels));
  if (labels.size() != rows)
    return fail(ErrorKind::invalid, fmt::format("{}: has {} labels, but {} has {} rows", options.labels,
                                                labels.size(), options.base, rows));
  Passing out;
  for (const auto label : options.label) {
    RowBits bits((rows + 63) / 64, 0);
    for (std::size_t row = 0; row < rows; ++row)
      if (labels[row] == label) bits[row / 64] |= std::uint64_t{1} << (row % 64);
    out.filters.push_back(std::move(bits));
    out.counts.push_back(static_cast<std::size_t>(std::ranges::count(labels, label)));
    out.mean += out.counts.back();
  }
  out.mean /= std::max<std::size_t>(1, out.filters.size());
  return out;
}

Result<Input> read_input(const NearestOptions& options) {
  Input in;
  CDX_TRY_LET(in.base, FloatMatrix::open(options.base));
  CDX_TRY_LET(in.query, FloatMatrix::open(options.query));
  if (in.base.columns() != in.query.columns())
    return fail(ErrorKind::invalid, fmt::format("{} has {} dimensions, {} has {}", options.query,
                                                in.query.columns(), options.base, in.base.columns()));
  CDX_TRY(check_unit_rows(in.base, options.base));
  CDX_TRY(check_unit_rows(in.query, options.query));
  in.rows = in.base.rows();
  in.dimension = in.base.columns();
  in.queries = options.asking.first == 0 ? in.query.rows() : std::min(options.asking.first, in.query.rows());
  CDX_TRY_LET(in.passing, read_passing(options, in.rows));
  return in;
}

Result<RowMatrix> truth_of(const Call& call, const NearestOptions& options, const Input& in) {
  const auto k = options.asking.k;
  if (options.truth.empty())
    return exact_nearest(call, in.base, in.query, in.queries, k, in.passing.filters, options.asking.threads);
  CDX_TRY_LET(auto truth, read_rows(options.truth));
  if (truth.rows < in.queries || truth.columns < k)
    return fail(ErrorKind::invalid,
                fmt::format("{}: is {} x {}, but {} queries with {} answers each are asked for",
                            options.truth, truth.rows, truth.columns, in.queries, k));
  return truth;
}

Status write_field(const Call& call, const NearestOptions& options, const FloatMatrix& base,
                   SectionWriter& out) {
  ann::Source source;
  source.dimension = base.columns();
  source.documents = base.rows();
  source.owners.resize(base.rows());
  for (std::size_t row = 0; row < base.rows(); ++row) source.owners[row] = static_cast<std::uint32_t>(row);
  source.read = [&base](std::size_t row, float* to) { std::ranges::copy(base.row(row), to); };
  ann::Options how;
  how.threads = options.build_threads;
  return ann::write_field(call, source, how, out, prefix);
}

Result<NearestPoint> ask_all(const Call& call, const NearestOptions& options, const Input& in,
                             const ann::Field& field, std::size_t effort, RowMatrix& hits) {
  std::vector<std::size_t> compared(in.queries);
  std::vector<ann::Answer::Way> ways(in.queries);
  std::ranges::fill(hits.values, -1);
  NearestPoint point;
  point.effort = effort;
  CDX_TRY_LET(point.speed,
              measure_speed(call, in.queries, options.asking.threads, [&](std::size_t query) -> Status {
                ann::Question question;
                question.vector = in.query.row(query);
                if (const auto& filters = in.passing.filters; !filters.empty()) {
                  question.allowed = filters[query % filters.size()];
                  question.allowed_count = in.passing.counts[query % filters.size()];
                }
                question.k = options.asking.k;
                question.effort = effort;
                const auto answer = field.search(question);
                for (std::size_t i = 0; i < answer.best.size(); ++i)
                  hits.row(query)[i] = answer.best[i].document;
                compared[query] = answer.compared;
                ways[query] = answer.way;
                return {};
              }));
  for (const auto one : compared)
    point.compared += static_cast<double>(one) / static_cast<double>(in.queries);
  const auto graph = std::ranges::count(ways, ann::Answer::Way::graph);
  const auto scan = std::ranges::count(ways, ann::Answer::Way::scan);
  point.way = graph >= scan && graph > 0 ? "graph" : scan > 0 ? "scan" : "nothing";
  return point;
}

}  // namespace

Result<NearestReport> measure_nearest(const Call& call, const NearestOptions& options) {
  CDX_TRY_LET(auto in, read_input(options));
  CDX_TRY_LET(const auto truth, truth_of(call, options, in));
  NearestReport report{in.rows, in.dimension, in.passing.mean, {}, {}};
  BuildCost cost;
  CDX_TRY_LET(const auto kept, keep_sections(options.asking.index, "nearest.cdx", [&](SectionWriter& out) {
                return write_field(call, options, in.base, out);
              }));
  CDX_TRY_LET(const auto field, ann::Field::open(*kept.sections, prefix));
  cost.stop();
  if (field.rows() != in.rows || field.dimension() != in.dimension)
    return fail(ErrorKind::invalid,
                fmt::format("{}: keeps an index of {} rows x {}, but {} has {} x {}", options.asking.index,
                            field.rows(), field.dimension(), options.base, in.rows, in.dimension));
  in.base = {};  // its mapped pages are not the engine's memory
  report.build = cost.report(kept.built, in.rows, kept.bytes);
  RowMatrix hits{in.queries, options.asking.k, std::vector<std::int64_t>(in.queries * options.asking.k)};
  for (const auto effort : options.efforts) {
    CDX_TRY_LET(auto point, ask_all(call, options, in, field, effort, hits));
    CDX_TRY(kept.sections->damage().status());
    point.recall = recall(hits, truth, options.asking.k);
    report.points.push_back(std::move(point));
  }
  if (!options.hits.empty()) CDX_TRY(write_rows(options.hits, hits));
  return report;
}

}  // namespace cdx::benchmark
