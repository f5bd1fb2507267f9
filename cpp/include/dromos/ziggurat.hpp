// Normal and exponential draws: `Generator.standard_normal`, `.normal`, `.standard_exponential`.
//
// The ziggurat method (G. Marsaglia and W. W. Tsang, Journal of Statistical Software 5(8), 2000)
// with NumPy's tables and its reading of the random bits. About one draw in a hundred needs exp or
// log1p; those come from the platform's libm, as they do in NumPy.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "bit_generator.hpp"
#include "ziggurat_exponential.hpp"
#include "ziggurat_normal.hpp"

namespace dromos {

namespace detail {

// Is a point at a random height of the layer under a density that is `density` there?
template <class Table, BitGenerator R>
bool under_curve(R& bits, unsigned layer, double density) {
  const double above = Table::kHeight[layer - 1];
  const double here = Table::kHeight[layer];
  return (above - here) * bits.next_double() + here < density;
}

// How far beyond kEdge a draw from the tail lies, by Marsaglia's method of 1964.
template <BitGenerator R>
double normal_tail(R& bits) {
  constexpr double kInverseEdge = 1.0 / ZigguratNormal::kEdge;
  for (;;) {
    const double x = -kInverseEdge * std::log1p(-bits.next_double());
    const double y = -std::log1p(-bits.next_double());
    if (y + y > x * x) return x;
  }
}

}  // namespace detail

// Mean 0, variance 1.
template <BitGenerator R>
double standard_normal(R& bits) {
  using Table = detail::ZigguratNormal;
  for (;;) {
    std::uint64_t word = bits.next64();
    const auto layer = static_cast<unsigned>(word & 0xff);
    word >>= 8;
    const std::uint64_t sign = word << 63;
    const std::uint64_t magnitude = (word >> 1) & 0x000fffffffffffff;
    // Not a branch on the sign: it would be mispredicted every other time.
    const double distance = static_cast<double>(magnitude) * Table::kWidth[layer];
    const double x = std::bit_cast<double>(std::bit_cast<std::uint64_t>(distance) ^ sign);
    if (magnitude < Table::kAccept[layer]) [[likely]]
      return x;
    if (layer == 0) {
      const double tail = Table::kEdge + detail::normal_tail(bits);
      // Not the sign bit used above: NumPy reads another one for the tail.
      return (magnitude >> 8 & 1) != 0 ? -tail : tail;
    }
    if (detail::under_curve<Table>(bits, layer, std::exp(-0.5 * x * x))) return x;
  }
}

template <BitGenerator R>
double normal(R& bits, double mean, double deviation) {
  return mean + deviation * standard_normal(bits);
}

// Mean 1.
template <BitGenerator R>
double standard_exponential(R& bits) {
  using Table = detail::ZigguratExponential;
  for (;;) {
    const std::uint64_t word = bits.next64() >> 3;
    const auto layer = static_cast<unsigned>(word & 0xff);
    const std::uint64_t magnitude = word >> 8;
    const double x = static_cast<double>(magnitude) * Table::kWidth[layer];
    if (magnitude < Table::kAccept[layer]) [[likely]]
      return x;
    if (layer == 0) return Table::kEdge - std::log1p(-bits.next_double());
    if (detail::under_curve<Table>(bits, layer, std::exp(-x))) return x;
  }
}

template <BitGenerator R>
double exponential(R& bits, double scale) {
  return scale * standard_exponential(bits);
}

}  // namespace dromos
