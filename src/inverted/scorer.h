// BM25F of postings, for one question. With tf' = sum over fields of weight * count / (1 - b + b * length /
// mean), a posting's share of its term's weight is tf' / (k1 + tf'). For a code of one field that is
//   part / (part + base + slope * length), part = weight * count, base = k1 * (1 - b), slope = k1 * b / mean,
// one division. Not for several threads.
#pragma once

#include <cmath>
#include <vector>

#include "inverted/inverted.h"
#include "inverted/view.h"

namespace cdx::inverted {

class Scorer {
 public:
  Scorer(const View& view, const Scoring& scoring);

  // What a reading's shares are multiplied by.
  float factor(const Reading& reading) const { return static_cast<float>(reading.weight * (k1_ + 1)); }
  // Shares of ascending rows times `factor`; count at most 128.
  void score(const std::uint32_t* rows, const std::uint32_t* codes, std::size_t count, float factor,
             float* out);
  float score_one(std::uint32_t row, std::uint32_t code, float factor);
  // The largest share of a block whose tf' was at most `bound` under the statistics it was written for.
  float share_bound(float bound) const {
    if (std::isinf(widening_)) return slack;
    const auto tf = static_cast<double>(bound) * widening_;
    if (tf <= 0) return 0;
    return tf < 1e30 ? static_cast<float>(tf / (k1_ + tf)) * slack : slack;
  }

 private:
  // How a code scores: of one field, by its part; of several, by all of them.
  struct CodeShape {
    bool known = false;
    bool several = false;
    std::uint8_t field = 0;
    float part = 0;
  };
  struct FieldShape {
    double weight = 0, base = 0, slope = 0;  // of 1 - b + b * length / mean
  };
  static constexpr float slack = 1.00001F;  // for what float arithmetic may add
  static constexpr std::size_t codes_kept = 256;

  CodeShape shape(std::uint32_t code) {
    return code < codes_kept && codes_[code].known ? codes_[code] : look_up_and_keep(code);
  }
  CodeShape look_up_and_keep(std::uint32_t code);
  CodeShape look_up(std::uint32_t code) const;
  double tf(std::uint32_t row, std::uint32_t code) const;
  void prepare(const std::uint32_t* rows, const std::uint32_t* codes, std::size_t count, float* parts,
               float* rests);

  const View& view_;
  double k1_;
  double widening_ = 1;
  std::vector<FieldShape> fields_;
  std::vector<float> bases_, slopes_;  // times k1
  std::vector<CodeShape> codes_;
};

// How much larger tf' can be under `asked` than under the statistics that bounds were written for: over the
// fields, the largest quotient of what one occurrence counts. Both denominators are linear in the length, so
// the quotient is largest at the shortest or the longest text.
double widening(const View& view, const Scoring& asked);

}  // namespace cdx::inverted
