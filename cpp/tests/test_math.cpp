// sincos and wrap_angle against long double, and SIMD against scalar.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <dromos/instruction_set.hpp>
#include <dromos/math.hpp>
#include <dromos/random.hpp>
#include <limits>

#include "check.hpp"

using namespace dromos;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// How far a result is from the true value, in units of the true value's last place.
double ulps(double found, long double truth) {
  int exponent = 0;
  std::frexp(static_cast<double>(truth), &exponent);
  const long double unit = std::ldexp(1.0L, std::max(exponent, -1021) - 53);
  return static_cast<double>(std::abs(found - truth) / unit);
}

struct Error {
  double sin = 0, cos = 0;

  void add(double x) {
    const auto found = sincos(x);
    sin = std::max(sin, ulps(found.sin, std::sin(static_cast<long double>(x))));
    cos = std::max(cos, ulps(found.cos, std::cos(static_cast<long double>(x))));
  }
};

double next_toward(double x, int steps) {
  for (; steps > 0; --steps) x = std::nextafter(x, kInfinity);
  for (; steps < 0; ++steps) x = std::nextafter(x, -kInfinity);
  return x;
}

// NumPy's and Python's floor remainder.
double wrap_by_fmod(double x) {
  constexpr double kPi = 0x1.921fb54442d18p+1;
  const double remainder = std::fmod(x + kPi, 2 * kPi);
  return (remainder < 0 ? remainder + 2 * kPi : remainder) - kPi;
}

using Lanes = std::array<double, 64>;

// The loop every kernel is made of, compiled for three instruction sets.
[[gnu::always_inline]] inline void evaluate(const Lanes& x, Lanes& s, Lanes& c, Lanes& w) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto both = sincos(x[i]);
    s[i] = both.sin;
    c[i] = both.cos;
    w[i] = wrap_angle(x[i]);
  }
}
void evaluate_baseline(const Lanes& x, Lanes& s, Lanes& c, Lanes& w) { evaluate(x, s, c, w); }
#ifdef DROMOS_X86_VARIANTS
[[DROMOS_AVX2]] void evaluate_avx2(const Lanes& x, Lanes& s, Lanes& c, Lanes& w) {
  evaluate(x, s, c, w);
}
[[DROMOS_AVX512]] void evaluate_avx512(const Lanes& x, Lanes& s, Lanes& c, Lanes& w) {
  evaluate(x, s, c, w);
}
#endif

void check_lanes_equal_scalars(void (*loop)(const Lanes&, Lanes&, Lanes&, Lanes&)) {
  auto bits = Pcg64::from_seed(6);
  for (double range = 1e-3; range < 1e16; range *= 10) {
    Lanes x, s, c, w;
    for (double& value : x) value = uniform(bits, -range, range);
    x[0] = -0.0;
    x[1] = kInfinity;
    x[2] = kNan;
    x[3] = std::numeric_limits<double>::denorm_min();
    loop(x, s, c, w);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const bool number = std::isfinite(x[i]);
      CHECK(number ? testing::same(s[i], dromos::sin(x[i])) : std::isnan(s[i]));
      CHECK(number ? testing::same(c[i], dromos::cos(x[i])) : std::isnan(c[i]));
      CHECK(number ? testing::same(w[i], wrap_angle(x[i])) : std::isnan(w[i]));
    }
  }
}

}  // namespace

TEST(sincos_is_within_one_ulp) {
  auto bits = Pcg64::from_seed(4);
  for (const double range : {1e-300, 1e-9, 1e-3, 0.8, 3.2, 100.0, 1e4, kSinCosExact}) {
    Error error;
    for (int i = 0; i < 100000; ++i) error.add(uniform(bits, -range, range));
    CHECK(error.sin < 0.9);
    CHECK(error.cos < 0.9);
  }
}

// Where the reduced angle nearly vanishes, only the third part of pi / 2 keeps the result right.
TEST(sincos_is_within_one_ulp_beside_every_quarter_turn) {
  constexpr long double kQuarter = 1.57079632679489661923132169163975144L;
  Error error;
  for (int n = -65535; n < 65536; ++n)
    for (const int steps : {-2, -1, 0, 1, 2})
      error.add(next_toward(static_cast<double>(n * kQuarter), steps));
  CHECK(error.sin < 0.9);
  CHECK(error.cos < 0.9);
}

// Past that, the result belongs to an angle between the neighbours of x.
TEST(sincos_degrades_no_faster_than_its_argument) {
  auto bits = Pcg64::from_seed(5);
  for (const double range : {1e6, 1e9, 1e12, kSinCosLimit}) {
    for (int i = 0; i < 20000; ++i) {
      const double x = uniform(bits, -range, range);
      const long double spacing = next_toward(std::abs(x), 1) - std::abs(x);
      const auto found = sincos(x);
      CHECK(std::abs(found.sin - std::sin(static_cast<long double>(x))) <= spacing + 1e-15L);
      CHECK(std::abs(found.cos - std::cos(static_cast<long double>(x))) <= spacing + 1e-15L);
    }
  }
}

TEST(sincos_at_special_values) {
  CHECK_EQ(sincos(0.0).sin, 0.0);
  CHECK_EQ(sincos(-0.0).sin, -0.0);
  CHECK_EQ(sincos(-0.0).cos, 1.0);
  CHECK_EQ(sincos(0x1p-1074).sin, 0x1p-1074);
  CHECK_EQ(sincos(1e300).sin, 0.0);
  CHECK_EQ(sincos(1e300).cos, 1.0);
  for (const double x : {kInfinity, -kInfinity, kNan}) {
    CHECK(std::isnan(sincos(x).sin));
    CHECK(std::isnan(sincos(x).cos));
  }
}

TEST(sincos_near_is_sincos) {
  const auto compare = [](double x) {
    CHECK(is_near(x));
    CHECK_EQ(sincos_near(x).sin, sincos(x).sin);
    CHECK_EQ(sincos_near(x).cos, sincos(x).cos);
  };
  for (const double x : {0.0, 0x1p-1074, 0x1p-600, 0x1p-27, 0.75}) {
    compare(x);
    compare(-x);
  }
  auto bits = Pcg64::from_seed(11);
  for (const double range : {0x1p-1060, 1e-9, 1e-3, 0.25, 0.75})
    for (int i = 0; i < 100000; ++i) compare(uniform(bits, -range, range));
  for (const double x : {0.7501, -0.7501, kInfinity, kNan}) CHECK(!is_near(x));
}

TEST(sine_is_odd_and_cosine_even) {
  auto bits = Pcg64::from_seed(7);
  for (int i = 0; i < 100000; ++i) {
    const double x = uniform(bits, 0, 1e5);
    CHECK_EQ(dromos::sin(-x), -dromos::sin(x));
    CHECK_EQ(dromos::cos(-x), dromos::cos(x));
  }
}

TEST(wrap_angle_equals_the_floor_remainder) {
  constexpr double kPi = 0x1.921fb54442d18p+1;
  auto bits = Pcg64::from_seed(8);
  for (const double range : {1e-20, 1e-3, 3.2, 7.0, 100.0, 1e6, 4.2e8})
    for (int i = 0; i < 100000; ++i) {
      const double x = uniform(bits, -range, range);
      CHECK_EQ(wrap_angle(x), wrap_by_fmod(x));
    }
  for (int k = -100000; k <= 100000; ++k)
    for (const int steps : {-1, 0, 1}) {
      const double x = next_toward(k * kPi, steps);
      CHECK_EQ(wrap_angle(x), wrap_by_fmod(x));
    }
}

TEST(wrap_angle_stays_in_range_and_passes_nan_on) {
  auto bits = Pcg64::from_seed(9);
  for (double range = 1e9; range < 1e300; range *= 1e3)
    for (int i = 0; i < 1000; ++i)
      CHECK(std::abs(wrap_angle(uniform(bits, -range, range))) <= 0x1.921fb54442d18p+1);
  CHECK(std::isnan(wrap_angle(kInfinity)));
  CHECK(std::isnan(wrap_angle(kNan)));
}

TEST(clamp_keeps_nan) {
  CHECK_EQ(clamp(2.0, -1.0, 1.0), 1.0);
  CHECK_EQ(clamp(-2.0, -1.0, 1.0), -1.0);
  CHECK_EQ(clamp(0.5, -1.0, 1.0), 0.5);
  CHECK(std::isnan(clamp(kNan, -1.0, 1.0)));
}

TEST(lanes_equal_scalars) {
  check_lanes_equal_scalars(evaluate_baseline);
#ifdef DROMOS_X86_VARIANTS
  if (instruction_set() >= InstructionSet::avx2) check_lanes_equal_scalars(evaluate_avx2);
  if (instruction_set() >= InstructionSet::avx512) check_lanes_equal_scalars(evaluate_avx512);
#endif
}

// The same on every machine and compiler: a number, not a tolerance.
TEST(sincos_bits_never_change) {
  auto bits = Pcg64::from_seed(10);
  std::uint64_t hash = 0;
  for (int i = 0; i < 100000; ++i) {
    const auto both = sincos(uniform(bits, -1e4, 1e4));
    hash = (hash ^ std::bit_cast<std::uint64_t>(both.sin)) * 0x9e3779b97f4a7c15;
    hash = (hash ^ std::bit_cast<std::uint64_t>(both.cos)) * 0x9e3779b97f4a7c15;
  }
  CHECK_EQ(hash, 7936540705553361883u);
}
