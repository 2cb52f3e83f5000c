#include "ann/made_up.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <random>

namespace cdx::ann {
namespace {

void to_unit(std::vector<float>& row) {
  float sum = 0;
  for (const auto value : row) sum += value * value;
  if (sum == 0) row[0] = sum = 1;
  for (auto& value : row) value /= std::sqrt(sum);
}

}  // namespace

Rows clustered(std::size_t count, std::size_t dimension, std::uint64_t seed, std::uint64_t stream,
               std::size_t clusters) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Rows centres(clusters);
  std::vector<float> offset(dimension);  // real encoders favour one direction
  for (auto& value : offset) value = 0.5F * normal(random);
  for (auto& centre : centres)
    for (std::size_t i = 0; i < dimension; ++i) centre.push_back(normal(random) + offset[i]);
  std::mt19937_64 draw(seed * 1000 + stream + 1);
  Rows out(count);
  for (auto& row : out) {
    const auto& centre = centres[draw() % clusters];
    for (const auto value : centre) row.push_back(value + 0.8F * normal(draw));
    to_unit(row);
  }
  return out;
}

Source source_of(const Rows& rows, std::vector<std::uint32_t> owners, std::size_t documents) {
  Source out;
  out.dimension = rows.empty() ? 1 : rows[0].size();
  out.documents = documents;
  out.owners = std::move(owners);
  out.read = [&rows](std::size_t row, float* to) { std::copy(rows[row].begin(), rows[row].end(), to); };
  return out;
}

Source source_of(const Rows& rows) {
  std::vector<std::uint32_t> owners;
  for (std::uint32_t i = 0; i < rows.size(); ++i) owners.push_back(i);
  return source_of(rows, std::move(owners), rows.size());
}

Options with_graph(std::size_t degree, std::size_t window) {
  Options out;
  out.degree = degree;
  out.window = window;
  out.graph_from = 2;
  return out;
}

std::vector<std::uint64_t> bits_of(const std::set<std::uint32_t>& documents, std::size_t count) {
  std::vector<std::uint64_t> out((count + 63) / 64);
  for (const auto one : documents) out[one / 64] |= std::uint64_t{1} << (one % 64);
  return out;
}

std::vector<Neighbour> exact(const Rows& rows, const std::vector<std::uint32_t>& owners,
                             const std::vector<float>& question, std::size_t k,
                             const std::vector<std::uint64_t>& allowed) {
  std::map<std::uint32_t, float> best;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto document = owners[i];
    if (!allowed.empty() && (allowed[document / 64] >> (document % 64) & 1) == 0) continue;
    double sum = 0;
    for (std::size_t j = 0; j < question.size(); ++j)
      sum += static_cast<double>(rows[i][j]) * static_cast<double>(question[j]);
    const auto [at, fresh] = best.try_emplace(document, static_cast<float>(sum));
    if (!fresh) at->second = std::max(at->second, static_cast<float>(sum));
  }
  std::vector<Neighbour> out;
  for (const auto& [document, similarity] : best) out.push_back({document, similarity});
  std::stable_sort(out.begin(), out.end(),
                   [](const Neighbour& a, const Neighbour& b) { return a.similarity > b.similarity; });
  out.resize(std::min(out.size(), k));
  return out;
}

double recall(const std::vector<Neighbour>& found, const std::vector<Neighbour>& wanted) {
  if (wanted.empty()) return found.empty() ? 1 : 0;
  const auto floor = wanted.back().similarity - 1e-5F;
  const auto good = std::count_if(found.begin(), found.end(),
                                  [&](const Neighbour& one) { return one.similarity >= floor; });
  return std::min(1.0, static_cast<double>(good) / static_cast<double>(wanted.size()));
}

Answer ask(const Field& field, const std::vector<float>& vector, std::size_t k,
           const std::vector<std::uint64_t>& allowed, std::size_t effort) {
  Question question;
  question.vector = vector;
  question.allowed = allowed;
  for (const auto word : allowed) question.allowed_count += static_cast<std::size_t>(std::popcount(word));
  question.k = k;
  question.effort = effort;
  return field.search(question);
}

}  // namespace cdx::ann
