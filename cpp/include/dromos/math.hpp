// Deterministic elementary functions: the same bits on every machine, in scalar and in SIMD code.
//
// They use only +, -, * and bit operations, each rounded once (-ffp-contract=off), and no branch:
// a compiler turns a loop over lanes that calls them into SIMD, and a lane then equals a single
// environment bit for bit. libm promises neither.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#ifdef __FAST_MATH__
#error "dromos needs every operation rounded as written: compile without -ffast-math"
#endif

namespace dromos {

struct SinCos {
  double sin;
  double cos;
};

// sincos() is within 1 ulp up to here: 2^16 quarter turns.
inline constexpr double kSinCosExact = 0x1.921fb54442d18p+16;

// From here on (about 3.5e13) neighbouring doubles are too far apart to name an angle.
inline constexpr double kSinCosLimit = 0x1p45;

namespace detail {

// Minimax fits on [-pi/4, pi/4], made by tools/fit_sincos.py:
//   sin(r) = r - r^3 P(r^2), relative error 3.5e-18;  cos(r) = 1 - r^2/2 + r^4 Q(r^2), 5e-20.
inline constexpr double kSin[] = {0x1.5555555555549p-3,  -0x1.111111110f881p-7,
                                  0x1.a01a019c126c5p-13, -0x1.71de3578757a3p-19,
                                  0x1.ae5e66d5beb3ap-26, -0x1.5d932f87aeff1p-33};
inline constexpr double kCos[] = {0x1.555555555554cp-5,  -0x1.6c16c16c15184p-10,
                                  0x1.a01a019cb26fep-16, -0x1.27e4f80a770ebp-22,
                                  0x1.1ee9ec4837ae3p-29, -0x1.8faecf786d5ffp-37};

// pi/2 as a sum; the first two parts have 37 bits, so times a 16-bit integer they are exact.
inline constexpr double kHalfPi1 = 0x1.921fb54440000p+0;
inline constexpr double kHalfPi2 = 0x1.68c234c4c0000p-39;
inline constexpr double kHalfPi3 = 0x1.98a2e03707345p-77;
inline constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;

// Adding 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits.
inline constexpr double kRoundingBias = 0x1.8p52;

struct ReducedAngle {
  double r, excess;        // the angle minus quadrant * pi/2 is r - excess, unevaluated
  std::uint64_t quadrant;  // only the low two bits mean anything
};

[[gnu::always_inline]] inline ReducedAngle reduce_angle(double x) {
  const double biased = x * kTwoOverPi + kRoundingBias;
  const double n = biased - kRoundingBias;
  // Cody and Waite: the first difference is exact; the second one's rounding error is caught.
  const double r0 = x - n * kHalfPi1;
  const double w = n * kHalfPi2;
  const double r1 = r0 - w;
  const double tail = n * kHalfPi3 - ((r0 - r1) - w);
  const double r = r1 - tail;
  return {r, tail - (r1 - r), std::bit_cast<std::uint64_t>(biased)};
}

// Six terms of a polynomial, as a tree so that the processor can overlap them.
[[gnu::always_inline]] inline double polynomial(const double (&c)[6], double z, double zz) {
  return (c[0] + z * c[1]) + zz * ((c[2] + z * c[3]) + zz * (c[4] + z * c[5]));
}

// Of r - excess, |r| <= pi/4. The excess is so small that its first-order effect is exact:
// sin(r - e) = sin(r) - e cos(r), cos(r - e) = cos(r) + e sin(r), with cos(r) ~ 1 - r^2/2 and
// sin(r) ~ r there. At r = -0 what is subtracted is +0, so that -0 stays -0.
[[gnu::always_inline]] inline SinCos sincos_kernel(double r, double excess) {
  const double z = r * r;
  const double zz = z * z;
  const double half = 0.5 * z;
  const double w = 1.0 - half;
  const double sin = r - ((z * r) * polynomial(kSin, z, zz) + excess * w);
  // (1 - w) - half is what rounding w lost.
  const double cos = w + (((1.0 - w) - half) + (zz * polynomial(kCos, z, zz) + r * excess));
  return {sin, cos};
}

}  // namespace detail

// The sine and the cosine of x radians.
//
// |x| <= kSinCosExact: within 1 ulp. Up to kSinCosLimit: the sine and cosine of an angle that
// differs from x by less than the distance of x to its neighbour. Finite x beyond count as 0.
// Infinite and NaN give NaN. sin(-x) == -sin(x) and cos(-x) == cos(x) exactly.
[[gnu::always_inline]] inline SinCos sincos(double x) {
  const double angle = std::abs(x) <= kSinCosLimit ? x : x - x;
  const auto [r, excess, quadrant] = detail::reduce_angle(angle);
  const SinCos both = detail::sincos_kernel(r, excess);
  const auto s = std::bit_cast<std::uint64_t>(both.sin);
  const auto c = std::bit_cast<std::uint64_t>(both.cos);
  // Odd quadrants swap the two; quadrants 2, 3 negate the sine and 1, 2 the cosine. Masks, not
  // branches, because every SIMD unit has them.
  const std::uint64_t swap = 0 - (quadrant & 1);
  const std::uint64_t difference = (s ^ c) & swap;
  const std::uint64_t sin_sign = (quadrant & 2) << 62;
  const std::uint64_t cos_sign = ((quadrant + 1) & 2) << 62;
  return {std::bit_cast<double>((s ^ difference) ^ sin_sign),
          std::bit_cast<double>((c ^ difference) ^ cos_sign)};
}

// Whether sincos_near(x) may stand for sincos(x).
[[gnu::always_inline]] inline bool is_near(double x) { return std::abs(x) <= 0.75; }

// sincos(x) where is_near(x): the same bits with half the work, because x is its own remainder.
[[gnu::always_inline]] inline SinCos sincos_near(double x) { return detail::sincos_kernel(x, 0.0); }

[[gnu::always_inline]] inline double sin(double x) { return sincos(x).sin; }
[[gnu::always_inline]] inline double cos(double x) { return sincos(x).cos; }

// x - 2 pi k for the integer k that brings it into [-pi, pi), as `(x + pi) % (2 pi) - pi` computes
// it in Python, to the bit for |x| <= 2^26 turns. Farther out, up to kSinCosLimit, it is the
// wrapped angle of a neighbour of x; x beyond counts as 0. Infinite and NaN give NaN.
[[gnu::always_inline]] inline double wrap_angle(double x) {
  constexpr double kPi = 0x1.921fb54442d18p+1;
  // 2 pi as a double and as a sum of two: the first has 25 bits, so times k it is exact.
  constexpr double kTurn = 2 * kPi;
  constexpr double kTurn1 = 0x1.921fb5p+2;
  constexpr double kTurn2 = kTurn - kTurn1;
  const double y = (std::abs(x) <= kSinCosLimit ? x : x - x) + kPi;
  const double turns = (y * (1 / kTurn) + detail::kRoundingBias) - detail::kRoundingBias;
  const double remainder = (y - turns * kTurn1) - turns * kTurn2;
  return (remainder < 0 ? remainder + kTurn : remainder) - kPi;
}

// std::clamp by value and without a branch; NaN stays NaN.
[[gnu::always_inline]] inline double clamp(double x, double low, double high) {
  const double floored = x < low ? low : x;
  return floored > high ? high : floored;
}

// x rounded to float32.
[[gnu::always_inline]] inline double to_single(double x) {
  return static_cast<double>(static_cast<float>(x));
}

}  // namespace dromos
