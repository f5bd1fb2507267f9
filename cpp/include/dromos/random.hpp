// The draws of `numpy.random.Generator`, number for number, over any bit generator.
#pragma once

#include "bit_generator.hpp"
#include "pcg64.hpp"

namespace dromos {

// Uniform in [low, high): `Generator.uniform(low, high)`.
template <BitGenerator R>
double uniform(R& bits, double low, double high) {
  return low + (high - low) * bits.next_double();
}

}  // namespace dromos
