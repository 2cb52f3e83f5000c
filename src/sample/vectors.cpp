#include "sample/vectors.h"

#include <fmt/format.h>

#include <cmath>

#include "model/ids.h"

namespace cdx::sample {
namespace {

// Share of the niche in a subject's centre, and of noise beside a centre of length one.
constexpr float niche_share = 0.6F;
constexpr double noise_length = 0.85;

// Nearly normal numbers, two from one draw: each the sum of four bytes.
void add_noise(Rng& rng, std::span<float> row, double length) {
  constexpr double byte_sum_deviation = 147.8;  // of four bytes
  const auto scale =
      static_cast<float>(length / (byte_sum_deviation * std::sqrt(static_cast<double>(row.size()))));
  const auto sum = [](std::uint64_t bits) {
    return static_cast<float>((bits & 255U) + ((bits >> 8U) & 255U) + ((bits >> 16U) & 255U) +
                              ((bits >> 24U) & 255U)) -
           510.0F;
  };
  for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
    const auto bits = rng.next();
    row[i] += scale * sum(bits);
    row[i + 1] += scale * sum(bits >> 32U);
  }
}

void to_unit_length(std::span<float> row) {
  double sum = 0;
  for (const float value : row) sum += static_cast<double>(value) * static_cast<double>(value);
  const auto scale = static_cast<float>(1 / std::sqrt(sum));
  for (float& value : row) value *= scale;
}

}  // namespace

Clusters::Clusters(const World& world, std::uint64_t seed)
    : centres_(world.subjects.size() * vector_dimension) {
  const std::span<float> all(centres_);
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const auto row = all.subspan(i * vector_dimension, vector_dimension);
    Rng niche(seed, world.niche_of[i], Stream::centres, 1);
    add_noise(niche, row, static_cast<double>(niche_share));
    Rng own(seed, i, Stream::centres, 2);
    add_noise(own, row, 1.0 - static_cast<double>(niche_share) / 2);
    to_unit_length(row);
  }
}

void Clusters::append_row(std::vector<float>& out, const Recipe& recipe, const Person& person,
                          std::size_t platform, bool content) const {
  const auto begin = out.size();
  out.resize(begin + vector_dimension);
  const std::span<float> row = std::span(out).subspan(begin);
  const float second = content && person.second != person.subject ? 0.25F : 0.0F;
  const float* const a = centres_.data() + person.subject * vector_dimension;
  const float* const b = centres_.data() + person.second * vector_dimension;
  for (std::size_t i = 0; i < vector_dimension; ++i) row[i] = (1 - second) * a[i] + second * b[i];
  Rng rng(recipe.seed, person.index, Stream::vectors, platform * 2 + (content ? 1 : 0));
  add_noise(rng, row, noise_length);
  to_unit_length(row);
}

std::string vector_field_name(std::size_t platform, bool content) {
  return std::string(name(static_cast<Platform>(platform))) + (content ? "_content" : "_bio");
}

std::string npy_header(std::uint64_t rows) {
  auto text =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", rows, vector_dimension);
  constexpr std::size_t prefix = 10;
  text.resize(npy_header_size - prefix - 1, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 255U);
  header += static_cast<char>(text.size() >> 8U);
  return header + text;
}

}  // namespace cdx::sample
