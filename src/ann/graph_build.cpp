#include "ann/graph_build.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>

#include "base/assert.h"

namespace cdx::ann {
namespace {

constexpr std::size_t most_starts = 256;
constexpr std::size_t rows_a_batch = 2000;
constexpr float alpha =
    1.2F;  // how much nearer, in squared length, a detour must lead for a link to be left out

}  // namespace

std::vector<std::uint32_t> shuffled(std::size_t count) {
  std::vector<std::uint32_t> out(count);
  std::iota(out.begin(), out.end(), 0U);
  std::uint64_t state = 1;
  for (auto i = count; i > 1; --i) {  // PCG's step is enough to break the order of the input
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::swap(out[i - 1], out[(state >> 33) % i]);
  }
  return out;
}

GraphBuilder::GraphBuilder(const Codes& codes, const Options& options)
    : codes_(codes),
      options_(options),
      width_(options.degree + options.degree / 2),
      squares_(codes.rows),
      links_(codes.rows * width_, nobody),
      counts_(codes.rows),
      workers_(std::max<std::size_t>(1, options.threads)) {
  CDX_ASSERT(options.degree > 0 && options.degree <= most_degree && options.window > 0);
  for_each(codes.rows, [&](Worker& worker, std::size_t row) {
    ask_with_row(codes_, static_cast<std::uint32_t>(row), worker.asked);
    float sum = 0;
    for (std::size_t i = 0; i < codes_.lines * line_dimensions; ++i) {
      const auto level = static_cast<float>(worker.asked.bytes[i]) + 0.5F;
      sum += level * level;
    }
    squares_[row] = sum * worker.asked.scale * worker.asked.scale;
  });
}

void GraphBuilder::for_each(std::size_t count, const std::function<void(Worker&, std::size_t)>& work) {
  constexpr std::size_t portion = 16;
  std::atomic<std::size_t> next{0};
  const auto run = [&](Worker& worker) {
    for (std::size_t begin = next.fetch_add(portion); begin < count; begin = next.fetch_add(portion))
      for (auto i = begin; i < std::min(count, begin + portion); ++i) work(worker, i);
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < workers_.size() && i * portion < count; ++i)
    threads.emplace_back([&run, &worker = workers_[i]] { run(worker); });
  run(workers_[0]);
}

Status GraphBuilder::for_all(const Call& call, std::size_t count,
                             const std::function<void(Worker&, std::size_t)>& work) {
  constexpr std::size_t portion = 10'000;
  for (std::size_t begin = 0; begin < count; begin += portion) {
    CDX_TRY(call.check());
    for_each(std::min(portion, count - begin),
             [&](Worker& worker, std::size_t i) { work(worker, begin + i); });
  }
  return {};
}

void GraphBuilder::set_list(std::uint32_t row, std::span<const std::uint32_t> rows) {
  CDX_ASSERT(rows.size() <= width_);
  auto* out = links_.data() + row * width_;
  std::fill(std::copy(rows.begin(), rows.end(), out), out + width_, nobody);
  counts_[row] = static_cast<std::uint16_t>(rows.size());
}

Links GraphBuilder::view() const { return {Section(std::as_bytes(std::span(links_))), width_, codes_.rows}; }

void GraphBuilder::adopt(std::uint32_t row, std::span<const std::uint32_t> neighbours) {
  set_list(row, neighbours.subspan(0, std::min(neighbours.size(), options_.degree)));
  if (starts_.size() < most_starts) starts_.push_back(row);
  ++placed_;
}

void GraphBuilder::adopt_best(std::uint32_t row, std::vector<std::uint32_t> candidates) {
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  auto& worker = workers_[0];
  worker.near.clear();
  distances(worker, row, candidates);
  prune(worker, row, options_.degree);
  adopt(row, worker.chosen);
}

// Appends the distances from `row` to the others to worker.near.
void GraphBuilder::distances(Worker& worker, std::uint32_t row, std::span<const std::uint32_t> others) {
  ask_with_row(codes_, row, worker.scratch.asked);
  std::array<float, rows_a_call> scores;
  for (std::size_t at = 0; at < others.size(); at += rows_a_call) {
    const auto some = others.subspan(at, std::min(rows_a_call, others.size() - at));
    RowScore{codes_, squares_, worker.scratch.asked}(some.data(), some.size(), scores.data());
    for (std::size_t i = 0; i < some.size(); ++i)
      if (some[i] != row) worker.near.push_back({squares_[row] - scores[i], some[i]});
  }
}

// The rows near `row` by walking to it: worker.near.
void GraphBuilder::search(Worker& worker, std::uint32_t row, std::size_t width) {
  auto& [asked, ask_disk, seen, window, front, found, rows, spare] = worker.scratch;
  worker.near.clear();
  distances(worker, row, starts_);  // leaves the question in `asked`
  const auto few = std::min<std::size_t>(8, worker.near.size());
  const auto nearer = [](const Near& a, const Near& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
  };
  std::partial_sort(worker.near.begin(), worker.near.begin() + static_cast<std::ptrdiff_t>(few),
                    worker.near.end(), nearer);
  seen.begin(codes_.rows);
  seen.add(row);
  window.begin(width);
  for (std::size_t i = 0; i < few; ++i) {
    const auto& near = worker.near[i];
    if (seen.add(near.row) && window.takes({squares_[row] - near.distance, near.row}))
      window.insert({squares_[row] - near.distance, near.row});
  }
  walk(view(), RowScore{codes_, squares_, asked}, codes_.rows, seen, window);
  worker.near.clear();
  for (const auto& one : window.items()) worker.near.push_back({squares_[row] - one.score, one.number()});
}

// Keeps the nearest, then those that no kept one is much nearer to.
void GraphBuilder::prune(Worker& worker, std::uint32_t row, std::size_t most) {
  auto& [scratch, asked, near, chosen] = worker;
  std::sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
  });
  chosen.clear();
  std::array<std::uint32_t, rows_a_call> rows;
  std::array<float, rows_a_call> scores;
  for (std::size_t first = 0; first < near.size() && chosen.size() < most;) {
    const auto keep = near[first].row;
    CDX_ASSERT(keep != row);
    chosen.push_back(keep);
    ask_with_row(codes_, keep, asked);
    // Those left move up; what was kept or dropped is overwritten.
    auto to = ++first;
    for (auto from = first; from < near.size(); from += rows_a_call) {
      const auto count = std::min(rows_a_call, near.size() - from);
      for (std::size_t i = 0; i < count; ++i) rows[i] = near[from + i].row;
      RowScore{codes_, squares_, asked}(rows.data(), count, scores.data());
      for (std::size_t i = 0; i < count; ++i)
        if (alpha * (squares_[keep] - scores[i]) > near[from + i].distance) near[to++] = near[from + i];
    }
    near.resize(to);
  }
}

// `pairs` (target, source) all have this target.
void GraphBuilder::add_links(Worker& worker, std::uint32_t row, std::span<const std::uint64_t> pairs) {
  auto& all = worker.scratch.rows;
  all.assign(list(row).begin(), list(row).end());
  for (const auto pair : pairs) {
    const auto source = static_cast<std::uint32_t>(pair);
    if (std::find(all.begin(), all.end(), source) == all.end()) all.push_back(source);
  }
  if (all.size() > width_) {
    worker.near.clear();
    distances(worker, row, all);
    prune(worker, row, options_.degree);
    all = worker.chosen;
  }
  set_list(row, all);
}

void GraphBuilder::batch(std::span<const std::uint32_t> rows) {
  std::vector<std::vector<std::uint32_t>> chosen(rows.size());
  for_each(rows.size(), [&](Worker& worker, std::size_t i) {
    search(worker, rows[i], options_.window);
    prune(worker, rows[i], options_.degree);
    chosen[i] = worker.chosen;
  });
  std::vector<std::uint64_t> pairs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    set_list(rows[i], chosen[i]);
    for (const auto other : chosen[i]) pairs.push_back(std::uint64_t{other} << 32 | rows[i]);
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (i == 0 || pairs[i] >> 32 != pairs[i - 1] >> 32) begins.push_back(i);
  begins.push_back(pairs.size());
  for_each(begins.size() - 1, [&](Worker& worker, std::size_t i) {
    const auto some = std::span(pairs).subspan(begins[i], begins[i + 1] - begins[i]);
    add_links(worker, static_cast<std::uint32_t>(some[0] >> 32), some);
  });
}

Status GraphBuilder::insert(const Call& call, std::span<const std::uint32_t> rows) {
  for (std::size_t at = 0; at < rows.size();) {
    CDX_TRY(call.check());
    const auto most = std::clamp<std::size_t>(placed_ / 20, 1, rows_a_batch);
    const auto some = rows.subspan(at, std::min(most, rows.size() - at));
    batch(some);
    at += some.size();
    placed_ += some.size();
    for (const auto row : some)
      if (starts_.size() < most_starts) starts_.push_back(row);
  }
  return {};
}

Result<BuiltGraph> GraphBuilder::finish(const Call& call) {
  const auto most = options_.degree - std::min(options_.degree / 4, repair_room);
  CDX_TRY(for_all(call, codes_.rows, [&](Worker& worker, std::size_t i) {
    const auto row = static_cast<std::uint32_t>(i);
    if (counts_[row] <= most) return;
    worker.near.clear();
    distances(worker, row, list(row));
    prune(worker, row, most);
    set_list(row, worker.chosen);
  }));
  BuiltGraph out;
  out.entries = choose_entries();
  starts_ = out.entries;
  CDX_TRY(repair(call));
  out.links.reserve(codes_.rows * options_.degree);
  for (std::uint32_t row = 0; row < codes_.rows; ++row) {
    const auto* begin = links_.data() + row * width_;
    out.links.insert(out.links.end(), begin, begin + options_.degree);
  }
  return out;
}

}  // namespace cdx::ann
