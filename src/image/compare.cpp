#include "image/compare.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/sampling.h"

namespace cdx::image {
namespace {

constexpr std::size_t grid = 24;  // compared are grid x grid values of each
using Values = std::array<float, grid * grid>;

Values values_of(const Signature& signature, const Part& part) {
  Values out;
  sample(signature.luma.data(), Signature::side, part, grid, out.data());
  return out;
}

// Pearson's correlation.
double correlation(const Values& a, const Values& b) {
  float sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum_a += a[i];
    sum_b += b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
    ab += a[i] * b[i];
  }
  constexpr auto count = static_cast<double>(grid * grid);
  const auto centred = [](float product, float x, float y) {
    return static_cast<double>(product) - static_cast<double>(x) * static_cast<double>(y) / count;
  };
  const double spread = centred(aa, sum_a, sum_a) * centred(bb, sum_b, sum_b);
  return spread > count ? centred(ab, sum_a, sum_b) / std::sqrt(spread) : 0.0;
}

// Laying b over parts of a: the part where brightness correlates best. From ten places, then by ever smaller
// moves of one side at a time.
class Alignment {
 public:
  Alignment(const Signature& a, const Signature& b) : a_(a), b_(values_of(b, {})) {
    look_at({});
    for (const double y : {0.0, 0.05, 0.1})
      for (const double x : {0.0, 0.05, 0.1}) look_at({x, y, 0.9, 0.9});
    for (const double at : {0.0, 0.1}) {
      look_at({at, 0, 0.9, 1});
      look_at({0, at, 1, 0.9});
    }
  }
  void refine() {
    constexpr int rounds = 8;
    double step = 0.04;
    for (int round = 0; round < rounds; ++round)
      if (!move(step)) step /= 2;
  }
  const Part& part() const { return part_; }
  const Values& over() const { return b_; }

 private:
  void look_at(const Part& part) {
    const double found = image::correlation(values_of(a_, part), b_);
    if (found <= best_) return;
    best_ = found;
    part_ = part;
  }
  bool move(double step) {
    const double before = best_;
    const Part from = part_;
    for (const double by : {-step, step})
      for (const int side : {0, 1, 2, 3}) {
        Part to = from;
        if (side == 0) to.x += by, to.width -= by;
        if (side == 1) to.width += by;
        if (side == 2) to.y += by, to.height -= by;
        if (side == 3) to.height += by;
        constexpr double least = 0.75;
        if (to.x >= 0 && to.y >= 0 && to.x + to.width <= 1 && to.y + to.height <= 1 && to.width >= least &&
            to.height >= least)
          look_at(to);
      }
    return best_ > before;
  }

  const Signature& a_;
  Values b_;
  Part part_;
  double best_ = -2;
};

// The share of places with an edge in either picture where both have the same edge: its direction and height
// to a half. What a mark covers is left out as far as possible: counted are the better nine of sixteen
// fields.
double same_edges_of(const Values& a, const Values& b) {
  constexpr float least_edge = 12;
  constexpr std::size_t fields = 4;
  std::array<int, fields * fields> edges{}, same{};
  for (std::size_t y = 1; y + 1 < grid; ++y)
    for (std::size_t x = 1; x + 1 < grid; ++x) {
      const std::size_t i = y * grid + x;
      const float ax = a[i + 1] - a[i - 1], ay = a[i + grid] - a[i - grid];
      const float bx = b[i + 1] - b[i - 1], by = b[i + grid] - b[i - grid];
      const float larger = std::max(std::hypot(ax, ay), std::hypot(bx, by));
      if (larger < least_edge) continue;
      const std::size_t field = y * fields / grid * fields + x * fields / grid;
      ++edges[field];
      if (std::hypot(ax - bx, ay - by) < larger / 2) ++same[field];
    }
  std::array<std::size_t, fields * fields> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto share = [&](std::size_t i) {
    return edges[i] > 0 ? static_cast<double>(same[i]) / edges[i] : 0.0;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return share(i) > share(j); });
  int all = 0, good = 0, total = 0;
  for (const int count : edges) total += count;
  // Fields with the better agreement, until they hold three fifths of all edges: a mark may have the rest.
  for (const auto i : order) {
    if (all * 5 >= total * 3) break;
    all += edges[i];
    good += same[i];
  }
  constexpr int least_edges = 20;
  return total >= least_edges ? static_cast<double>(good) / all : 0.0;
}

// Mean difference of colours, of 255.
double colour_difference(const Signature& a, const Part& part, const Signature& b) {
  constexpr std::size_t count = 12;
  std::array<float, count * count> p, q;
  float sum = 0;
  for (const auto plane : {&Signature::blue, &Signature::red}) {
    sample((a.*plane).data(), Signature::colour_side, part, count, p.data());
    sample((b.*plane).data(), Signature::colour_side, {}, count, q.data());
    for (std::size_t i = 0; i < p.size(); ++i) sum += std::abs(p[i] - q[i]);
  }
  return static_cast<double>(sum) / (2.0 * count * count);
}

// The larger of what two ways to lay them give: as they are, and moved until they fit.
Comparison one_way(const Signature& a, const Signature& b) {
  Comparison out;
  Alignment alignment(a, b);
  // Most pairs that a hash brings together have nothing in common: they show it before any fine fitting.
  constexpr double hopeless = 0.3;
  out.edges = same_edges_of(values_of(a, alignment.part()), alignment.over());
  if (out.edges < hopeless && same_edges_of(values_of(a, {}), alignment.over()) < hopeless) return out;
  out.edges = 0;
  alignment.refine();
  for (const auto& part : {Part{}, alignment.part()}) {
    constexpr double most_colour = 8;
    if (colour_difference(a, part, b) > most_colour) continue;
    const double edges = same_edges_of(values_of(a, part), alignment.over());
    if (edges <= out.edges) continue;
    out.edges = edges;
    out.part = part;
  }
  if (out.edges >= same_edges) out.sameness = Sameness::near;
  return out;
}

}  // namespace

Comparison compare(const Signature& a, const Signature& b) {
  const auto out = one_way(a, b);
  auto back = one_way(b, a);
  back.first_contains_second = false;
  return back.edges > out.edges ? back : out;
}

Comparison compare(const Fingerprint& a, const Fingerprint& b) {
  if (a.sha256 == b.sha256) {
    Comparison out;
    out.sameness = Sameness::exact;
    out.edges = 1;
    return out;
  }
  const auto straight = compare(a.signature, b.signature);
  auto turned = compare(a.signature, mirrored(b.signature));
  if (turned.edges <= straight.edges) return straight;
  if (turned.sameness == Sameness::near) turned.sameness = Sameness::mirrored;
  return turned;
}

}  // namespace cdx::image
