#include "sample/random.h"

namespace cdx::sample {

double power_of_two(double x) {
  int whole = static_cast<int>(x);
  if (static_cast<double>(whole) > x) --whole;
  const double t = (x - static_cast<double>(whole)) * 0.69314718055994530942;
  double term = 1;
  double sum = 1;
  for (int i = 1; i <= 12; ++i) {
    term *= t / static_cast<double>(i);
    sum += term;
  }
  for (; whole > 0; --whole) sum *= 2;
  for (; whole < 0; ++whole) sum *= 0.5;
  return sum;
}

}  // namespace cdx::sample
