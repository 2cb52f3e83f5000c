#include "inverted/scorer.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "inverted/vector4.h"

namespace cdx::inverted {
namespace {

constexpr float never_zero = 1e-30F;

double mean_of(double mean) { return mean > 0 ? mean : 1; }

double divisor(double length_weight, double mean, double length) {
  return 1 - length_weight + length_weight * length / mean_of(mean);
}

}  // namespace

double widening(const View& view, const Scoring& asked) {
  double out = 0;
  for (std::size_t f = 0; f < view.fields.size(); ++f) {
    const auto& kept = view.fields[f];
    const auto& now = asked.fields[f];
    if (kept.longest == 0 || !(now.weight > 0)) continue;
    if (!(kept.weight > 0)) return std::numeric_limits<double>::infinity();
    for (const double length : {kept.shortest, kept.longest}) {
      const auto quotient = now.weight / kept.weight * divisor(kept.length_weight, kept.mean_length, length) /
                            divisor(now.length_weight, now.mean_length, length);
      if (!(quotient < 1e30)) return std::numeric_limits<double>::infinity();  // also where it is no number
      out = std::max(out, quotient);
    }
  }
  return out;
}

Scorer::Scorer(const View& view, const Scoring& scoring)
    : view_(view), k1_(scoring.k1), widening_(widening(view, scoring)), codes_(codes_kept) {
  CDX_ASSERT(scoring.fields.size() >= view.fields.size());
  for (std::size_t f = 0; f < view.fields.size(); ++f) {
    const auto& one = scoring.fields[f];
    fields_.push_back({one.weight, 1 - one.length_weight, one.length_weight / mean_of(one.mean_length)});
    bases_.push_back(static_cast<float>(k1_ * fields_[f].base));
    slopes_.push_back(static_cast<float>(k1_ * fields_[f].slope));
  }
}

Scorer::CodeShape Scorer::look_up(std::uint32_t code) const {
  CodeShape out{true, false, 0, 0};
  const auto parts = view_.parts(code);
  if (parts.size() > 1) out.several = true;
  if (parts.size() != 1 || part_field(parts[0]) >= fields_.size()) return out;
  out.field = static_cast<std::uint8_t>(part_field(parts[0]));
  out.part = static_cast<float>(fields_[out.field].weight * part_count(parts[0]));
  return out;
}

Scorer::CodeShape Scorer::look_up_and_keep(std::uint32_t code) {
  const auto out = look_up(code);
  if (code < codes_kept) codes_[code] = out;
  return out;
}

double Scorer::tf(std::uint32_t row, std::uint32_t code) const {
  double out = 0;
  for (const auto part : view_.parts(code)) {
    const auto field = part_field(part);
    if (field >= fields_.size()) continue;
    const auto& shape = fields_[field];
    out += shape.weight * part_count(part) / (shape.base + shape.slope * view_.lengths[field].at(row));
  }
  return out;
}

void Scorer::prepare(const std::uint32_t* rows, const std::uint32_t* codes, std::size_t count, float* parts,
                     float* rests) {
  if (fields_.size() == 1) {
    view_.lengths[0].gather(rows, count, rests);
    const auto base = bases_[0], slope = slopes_[0];
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = shape(codes[i]).part;
      rests[i] = base + slope * rests[i];
    }
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = shape(codes[i]);
    if (one.several) {
      parts[i] = static_cast<float>(tf(rows[i], codes[i]));
      rests[i] = static_cast<float>(k1_);
    } else {
      parts[i] = one.part;
      rests[i] =
          bases_[one.field] + slopes_[one.field] * static_cast<float>(view_.lengths[one.field].at(rows[i]));
    }
  }
}

void Scorer::score(const std::uint32_t* rows, const std::uint32_t* codes, std::size_t count, float factor,
                   float* out) {
  alignas(16) std::array<float, 128> parts, rests;
  prepare(rows, codes, count, parts.data(), rests.data());
  for (auto i = count; i % 4 != 0; ++i) parts[i] = rests[i] = 1;
  for (std::size_t i = 0; i < count; i += 4) {
    const auto part = load4<Floats4>(&parts[i]);
    store4(factor * (part / (part + load4<Floats4>(&rests[i]) + never_zero)), out + i);
  }
}

float Scorer::score_one(std::uint32_t row, std::uint32_t code, float factor) {
  const auto one = shape(code);
  float part = one.part, rest = static_cast<float>(k1_);
  if (one.several) {
    part = static_cast<float>(tf(row, code));
  } else {
    rest = bases_[one.field] + slopes_[one.field] * static_cast<float>(view_.lengths[one.field].at(row));
  }
  return factor * (part / (part + rest + never_zero));
}

}  // namespace cdx::inverted
