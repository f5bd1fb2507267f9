// The draws of `numpy.random.Generator`, number for number, over any bit generator.
//
// Equal means equal bits where NumPy itself gives them (its x86-64 builds round every operation).
// Arguments are not checked here: callers promise what the comments say.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "bit_generator.hpp"
#include "integers.hpp"
#include "pcg64.hpp"
#include "ziggurat.hpp"

namespace dromos {

// Uniform in [0, 1): `Generator.random()`.
template <BitGenerator R>
double random(R& bits) {
  return bits.next_double();
}

// Uniform in [low, high): `Generator.uniform(low, high)`.
template <BitGenerator R>
double uniform(R& bits, double low, double high) {
  return low + (high - low) * bits.next_double();
}

// An index drawn with these probabilities (at least one): `Generator.choice(n, p=probabilities)`.
// They are taken relative to their sum.
template <BitGenerator R>
std::size_t choice(R& bits, std::span<const double> probabilities) {
  double total = 0;
  for (const double p : probabilities) total += p;
  const double draw = bits.next_double();
  double sum = 0;
  for (std::size_t i = 0; i + 1 < probabilities.size(); ++i) {
    sum += probabilities[i];
    if (sum / total > draw) return i;
  }
  return probabilities.size() - 1;
}

// The first index whose running sum of probabilities exceeds a uniform draw, or 0 if none does:
// `argmax(cumsum(probabilities) > generator.random())`, as tabular environments draw transitions.
template <BitGenerator R>
std::size_t categorical(R& bits, std::span<const double> probabilities) {
  const double draw = bits.next_double();
  double sum = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    sum += probabilities[i];
    if (sum > draw) return i;
  }
  return 0;
}

// The number of trials up to the first success: `Generator.geometric(p)`, 0 < p <= 1.
template <BitGenerator R>
std::int64_t geometric(R& bits, double p) {
  if (p >= 1.0 / 3.0) {  // few trials: walk the distribution function
    std::int64_t trials = 1;
    double sum = p;
    double term = p;
    const double draw = bits.next_double();
    for (; draw > sum; ++trials) {
      term *= 1.0 - p;
      sum += term;
    }
    return trials;
  }
  const double trials = std::ceil(-standard_exponential(bits) / std::log1p(-p));
  return trials >= 0x1p63 ? std::numeric_limits<std::int64_t>::max()
                          : static_cast<std::int64_t>(trials);
}

}  // namespace dromos
