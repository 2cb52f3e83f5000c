// Recall, speed and memory of the ann room over vectors in .npy files (float32, rows of unit length).
// Usage: ann_bench base.npy queries.npy [degree [window [threads [k [quick]]]]]
// Times are CPU time of the one thread that asks; truth is found by an exact scan.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "ann/ann.h"

namespace {

using namespace cdx;

struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;
  const float* row(std::size_t i) const { return values.data() + i * columns; }
};

[[noreturn]] void stop(const std::string& why) {
  std::cerr << why << '\n';
  std::exit(1);
}

Matrix read_npy(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string head(10, '\0');
  if (!in.read(head.data(), 10) || head.compare(1, 5, "NUMPY") != 0) stop(path + " is no .npy file");
  std::string header(static_cast<unsigned char>(head[8]) + 256U * static_cast<unsigned char>(head[9]), '\0');
  in.read(header.data(), static_cast<std::streamsize>(header.size()));
  const auto shape = header.find("'shape': (");
  if (header.find("'<f4'") == std::string::npos || shape == std::string::npos) stop(path + " is not float32");
  Matrix out;
  char* end = nullptr;
  out.rows = std::strtoull(header.c_str() + shape + 10, &end, 10);
  out.columns = std::strtoull(end + 1, nullptr, 10);
  out.values.resize(out.rows * out.columns);
  in.read(reinterpret_cast<char*>(out.values.data()),
          static_cast<std::streamsize>(out.values.size() * sizeof(float)));
  if (!in) stop(path + " ends early");
  return out;
}

double cpu_seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

float exact(const float* a, const float* b, std::size_t n) {
  float sums[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (std::size_t j = 0; j < 16; ++j) sums[j] += a[i + j] * b[i + j];
  float out = 0;
  for (; i < n; ++i) out += a[i] * b[i];
  for (const auto sum : sums) out += sum;
  return out;
}

using Mask = std::vector<std::uint64_t>;
using Truth = std::vector<std::uint32_t>;

Truth truth(const Matrix& base, const float* query, const Mask& mask, std::size_t k) {
  std::vector<std::pair<float, std::uint32_t>> best;
  for (std::uint32_t i = 0; i < base.rows; ++i) {
    if (!mask.empty() && (mask[i / 64] >> (i % 64) & 1) == 0) continue;
    best.emplace_back(-exact(query, base.row(i), base.columns), i);
  }
  const auto count = std::min(k, best.size());
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(count), best.end());
  Truth out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(best[i].second);
  return out;
}

std::size_t bits(const Mask& mask) {
  std::size_t out = 0;
  for (const auto word : mask) out += static_cast<std::size_t>(std::popcount(word));
  return out;
}

struct Asking {
  const ann::Field& field;
  const Matrix& queries;
  std::size_t count, k;
};

// `mask_of` gives the filter of query i; empty: none.
void measure(const Asking& asking, std::string_view name, std::size_t effort,
             const std::function<const Mask&(std::size_t)>& mask_of, const std::vector<Truth>& truths) {
  std::vector<std::size_t> allowed;
  for (std::size_t q = 0; q < asking.count; ++q) allowed.push_back(bits(mask_of(q)));
  std::vector<double> best_times;
  double best_total = 1e9, found = 0, wanted = 0, compared = 0, estimated = 0;
  std::size_t walks = 0, short_answers = 0;
  for (int round = 0; round < 4; ++round) {
    std::vector<double> times;
    double total = 0;
    for (std::size_t q = 0; q < asking.count; ++q) {
      ann::Question question;
      question.vector = {asking.queries.row(q), asking.queries.columns};
      question.allowed = mask_of(q);
      question.allowed_count = allowed[q];
      question.k = asking.k;
      question.effort = effort;
      const auto before = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
      const auto answer = asking.field.search(question);
      times.push_back(cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - before);
      total += times.back();
      if (round > 0) continue;
      wanted += static_cast<double>(truths[q].size());
      if (answer.best.size() < truths[q].size()) ++short_answers;
      for (const auto& one : answer.best)
        found += std::find(truths[q].begin(), truths[q].end(), one.document) != truths[q].end() ? 1 : 0;
      compared += static_cast<double>(answer.compared);
      estimated += static_cast<double>(answer.estimated);
      if (answer.way == ann::Answer::Way::graph) ++walks;
    }
    if (total < best_total) {
      best_total = total;
      best_times = times;
    }
  }
  std::sort(best_times.begin(), best_times.end());
  const auto n = static_cast<double>(asking.count);
  fmt::print(
      "{:<22} effort {:>4}  recall@{} {:.4f}  qps_cpu {:>8.0f}  p50 {:.4f} ms  p99 {:.4f} ms  compared "
      "{:>8.0f} "
      "(expected {:.0f})  walks {}/{}  short {}\n",
      name, effort, asking.k, found / std::max(1.0, wanted), n / best_total,
      1e3 * best_times[best_times.size() / 2], 1e3 * best_times[best_times.size() * 99 / 100], compared / n,
      estimated / n, walks, asking.count, short_answers);
  std::fflush(stdout);
}

std::vector<Truth> truths_of(const Asking& asking, const Matrix& base,
                             const std::function<const Mask&(std::size_t)>& mask_of) {
  std::vector<Truth> out;
  for (std::size_t q = 0; q < asking.count; ++q)
    out.push_back(truth(base, asking.queries.row(q), mask_of(q), asking.k));
  return out;
}

void plain(const Asking& asking, const Matrix& base) {
  static const Mask none;
  const auto mask_of = [](std::size_t) -> const Mask& { return none; };
  const auto truths = truths_of(asking, base, mask_of);
  for (const std::size_t effort : {0U, 10U, 16U, 24U, 32U, 40U, 48U, 64U, 96U, 128U, 192U})
    if (effort == 0 || effort >= asking.k) measure(asking, "no filter", effort, mask_of, truths);
}

void random_filters(const Asking& asking, const Matrix& base) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform;
  for (const double share : {1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001}) {
    Mask mask((base.rows + 63) / 64);
    for (std::size_t i = 0; i < base.rows; ++i)
      if (uniform(random) < share) mask[i / 64] |= std::uint64_t{1} << (i % 64);
    const auto mask_of = [&](std::size_t) -> const Mask& { return mask; };
    measure(asking, fmt::format("random {} %", share * 100), 0, mask_of, truths_of(asking, base, mask_of));
  }
}

// The nearest or the farthest part of all rows, for each query its own.
void correlated_filters(Asking asking, const Matrix& base) {
  asking.count = std::min<std::size_t>(asking.count, 40);
  for (const double share : {0.1, 0.01, -0.01, -0.1}) {
    std::vector<Mask> masks;
    const auto near = static_cast<std::size_t>(std::abs(share) * static_cast<double>(base.rows));
    for (std::size_t q = 0; q < asking.count; ++q) {
      Mask mask((base.rows + 63) / 64);
      for (const auto row : truth(base, asking.queries.row(q), {}, near))
        mask[row / 64] |= std::uint64_t{1} << (row % 64);
      if (share < 0)
        for (std::size_t i = 0; i < base.rows; ++i) mask[i / 64] ^= std::uint64_t{1} << (i % 64);
      masks.push_back(std::move(mask));
    }
    const auto mask_of = [&](std::size_t q) -> const Mask& { return masks[q]; };
    measure(asking,
            fmt::format("{} nearest {} %", share > 0 ? "only the" : "all but the", std::abs(share) * 100), 0,
            mask_of, truths_of(asking, base, mask_of));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int i, std::size_t otherwise) {
    return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise;
  };
  if (argc < 3) stop("usage: ann_bench base.npy queries.npy [degree [window [threads [k [quick]]]]]");
  const auto base = read_npy(argv[1]), queries = read_npy(argv[2]);
  if (base.columns != queries.columns) stop("the files have rows of different length");

  ann::Options options;
  options.degree = number(3, options.degree);
  options.window = number(4, options.window);
  options.threads = number(5, 1);
  ann::Source source;
  source.dimension = base.columns;
  source.documents = base.rows;
  for (std::uint32_t i = 0; i < base.rows; ++i) source.owners.push_back(i);
  source.read = [&](std::size_t row, float* out) {
    std::memcpy(out, base.row(row), base.columns * sizeof(float));
  };
  MemorySections sections;
  const auto before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  if (auto written = ann::write_field({}, source, options, sections, "f."); !written)
    stop(written.error().message);
  fmt::print("rows {}  dimension {}  degree {}  window {}  build {:.1f} CPU-s\n", base.rows, base.columns,
             options.degree, options.window, cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - before);
  const auto full = static_cast<double>(sections.section("f.full").size());
  const auto all = static_cast<double>(sections.size_bytes()), rows = static_cast<double>(base.rows);
  fmt::print("bytes a row: {:.0f} on disk, {:.0f} without the full rows ({:.0f} MB)\n", all / rows,
             (all - full) / rows, (all - full) / 1e6);
  auto field = ann::Field::open(sections, "f.");
  if (!field) stop(field.error().message);

  const Asking asking{*field, queries, std::min<std::size_t>(queries.rows, 1000), number(6, 10)};
  plain(asking, base);
  if (number(7, 0) > 0) return 0;
  auto fewer = asking;
  fewer.count = std::min<std::size_t>(asking.count, 200);
  random_filters(fewer, base);
  correlated_filters(fewer, base);
  fewer.k = 100;
  plain(fewer, base);
  random_filters(fewer, base);
}
