#include "pipeline/picture_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "pipeline/picture_wishes.h"

namespace cdx {
namespace {

constexpr std::size_t vectors_at_once = 1'000;
constexpr std::size_t nearest = 10;

void append_bytes(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

Digest digest_of(const KeptVector& vector) {
  std::string bytes;
  append_bytes(bytes, vector.key.text, 8);
  for (const float value : vector.values) append_bytes(bytes, std::bit_cast<std::uint32_t>(value), 4);
  return sha256(bytes);
}

double dot(std::span<const float> a, std::span<const float> b) {
  double out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return out;
}

// Likeness of one picture with all others, itself left out.
std::vector<double> likenesses(const Matrix& rows, std::size_t of) {
  std::vector<double> out;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    if (i != of) out.push_back(dot(rows.row(i), rows.row(of)));
  return out;
}

std::vector<std::size_t> best_first(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  });
  return order;
}

// Equal values share the mean of their ranks.
std::vector<double> ranks(const std::vector<double>& values, const std::vector<std::size_t>& order) {
  std::vector<double> out(values.size());
  for (std::size_t from = 0; from < order.size();) {
    auto to = from + 1;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (auto i = from; i < to; ++i) out[order[i]] = static_cast<double>(from + to - 1) / 2;
    from = to;
  }
  return out;
}

// 0 where one of them does not vary.
double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto mean = [](const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
  };
  const double mean_a = mean(a), mean_b = mean(b);
  double both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean_a) * (b[i] - mean_b);
    of_a += (a[i] - mean_a) * (a[i] - mean_a);
    of_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return of_a > 0 && of_b > 0 ? both / std::sqrt(of_a * of_b) : 0;
}

}  // namespace

Result<std::vector<Digest>> all_pictures(const Call& call, const Store& store) {
  std::vector<Digest> out;
  CDX_TRY(walk_pictures(call, store, [&](CreatorId, const std::vector<KnownPicture>& pictures) -> Status {
    for (const auto& picture : pictures) out.push_back(picture.sha256);
    return {};
  }));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<VectorSum> sum_vectors(const Call& call, const Store& store, std::uint64_t space,
                              std::span<const Digest> pictures) {
  std::vector<VectorKey> keys;
  for (const auto& one : pictures) keys.push_back({space, vector_key(one)});
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  VectorSum out;
  std::string sums;
  for (std::size_t at = 0; at < keys.size(); at += vectors_at_once) {
    CDX_TRY(call.check());
    const auto batch = std::span(keys).subspan(at, std::min(vectors_at_once, keys.size() - at));
    CDX_TRY_LET(auto kept, store.vectors(call, batch));
    std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    for (const auto& vector : kept) {
      const auto one = digest_of(vector);
      sums.append(reinterpret_cast<const char*>(one.data()), one.size());
    }
    out.count += kept.size();
  }
  out.checksum = hex(sha256(sums));
  return out;
}

Result<SpaceComparison> compare_spaces(const Call& call, const Matrix& one, const Matrix& other) {
  const auto count = one.rows();
  if (count != other.rows() || count < nearest + 2)
    return fail(ErrorKind::invalid,
                fmt::format("{} and {} pictures cannot be compared: {} of the same are needed", count,
                            other.rows(), nearest + 2));
  SpaceComparison out;
  out.pictures = count;
  for (std::size_t i = 0; i < count; ++i) {
    CDX_TRY(call.check());
    const auto here = likenesses(one, i), there = likenesses(other, i);
    const auto order_here = best_first(here), order_there = best_first(there);
    std::size_t shared = 0;
    for (std::size_t n = 0; n < nearest; ++n)
      shared += static_cast<std::size_t>(
          std::count(order_there.begin(), order_there.begin() + nearest, order_here[n]));
    out.overlap += static_cast<double>(shared) / static_cast<double>(nearest);
    out.rank_correlation += correlation(ranks(here, order_here), ranks(there, order_there));
  }
  out.overlap /= static_cast<double>(count);
  out.rank_correlation /= static_cast<double>(count);
  out.by_chance = static_cast<double>(nearest) / static_cast<double>(count - 1);
  return out;
}

}  // namespace cdx
