// Boxes: arrays of numbers, each between bounds of its own. Drawing them and telling them apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "bit_generator.hpp"
#include "ziggurat.hpp"

namespace dromos {

template <class T>
concept Number = std::integral<T> || std::floating_point<T>;

// The bounds of `size` numbers. Integers have no infinity: where a number has no bound, `low` or
// `high` holds the limit of the type and `limited_below` or `limited_above` is 0. For floating
// types the bounds speak for themselves.
template <Number T>
struct BoxBounds {
  const T* low;                        // (size,)
  const T* high;                       // (size,)
  const unsigned char* limited_below;  // (size,)
  const unsigned char* limited_above;  // (size,)
  std::size_t size;

  bool is_bounded_below(std::size_t i) const {
    if constexpr (std::floating_point<T>)
      return low[i] > -std::numeric_limits<T>::infinity();
    else
      return limited_below[i] != 0 || low[i] != std::numeric_limits<T>::min();
  }

  bool is_bounded_above(std::size_t i) const {
    if constexpr (std::floating_point<T>)
      return high[i] < std::numeric_limits<T>::infinity();
    else
      return limited_above[i] != 0 || high[i] != std::numeric_limits<T>::max();
  }

  bool all_bounded() const {
    if constexpr (std::integral<T>) {
      if (std::memchr(limited_below, 0, size) == nullptr &&
          std::memchr(limited_above, 0, size) == nullptr)
        return true;
    }
    for (std::size_t i = 0; i < size; ++i)
      if (!is_bounded_below(i) || !is_bounded_above(i)) return false;
    return true;
  }
};

// Whether accept(i) holds for all i < size; in blocks, which the compiler turns into SIMD.
template <class Accept>
bool all_of(std::size_t size, Accept&& accept) {
  constexpr std::size_t kPiece = 1024;
  for (std::size_t begin = 0; begin < size; begin += kPiece) {
    const std::size_t end = std::min(size, begin + kPiece);
    unsigned char good = 1;
    for (std::size_t i = begin; i < end; ++i) good &= static_cast<unsigned char>(accept(i));
    if (good == 0) return false;
  }
  return true;
}

// Whether low <= x <= high everywhere; NaN is nowhere between.
template <Number T>
bool all_between(const T* x, const T* low, const T* high, std::size_t size) {
  return all_of(size, [=](std::size_t i) { return (x[i] >= low[i]) & (x[i] <= high[i]); });
}

namespace detail {

// high + 1, added exactly and then rounded.
template <std::integral T>
double successor(T high) {
  if (high == std::numeric_limits<T>::max()) return static_cast<double>(high) + 1;
  return static_cast<double>(high + T{1});
}

// x rounded down, into [low, high].
template <std::integral T>
T floor_between(double x, T low, T high) {
  if constexpr (sizeof(T) <= 2) {  // images: without branches, for SIMD
    const auto truncated = static_cast<std::int32_t>(std::clamp(x, -0x1p30, 0x1p30));
    const std::int32_t down = truncated - (static_cast<double>(truncated) > x ? 1 : 0);
    return static_cast<T>(std::clamp<std::int32_t>(down, low, high));
  }
  constexpr int kBits = std::numeric_limits<T>::digits;
  constexpr double kEnd = 2.0 * static_cast<double>(std::uint64_t{1} << (kBits - 1));
  if (x >= kEnd) return high;
  if (x < static_cast<double>(std::numeric_limits<T>::min())) return low;
  const T truncated = static_cast<T>(x);
  const bool is_above = static_cast<double>(truncated) > x;
  return std::clamp(static_cast<T>(truncated - (is_above ? 1 : 0)), low, high);
}

// x rounded to the type, into [low, high], and finite unless the bounds are not.
template <std::floating_point T>
T round_between(double x, T low, T high) {
  const auto limit = static_cast<double>(std::numeric_limits<T>::max());
  return std::clamp(static_cast<T>(std::clamp(x, -limit, limit)), low, high);
}

template <Number T>
T into_bounds(double x, T low, T high) {
  if constexpr (std::floating_point<T>)
    return round_between(x, low, high);
  else
    return floor_between(x, low, high);
}

// Uniform in [low, high], `fraction` of the way.
template <std::floating_point T>
T between(double fraction, T low, T high) {
  const auto bottom = static_cast<double>(low);
  const auto top = static_cast<double>(high);
  const double width = top - bottom;
  if (std::isfinite(width)) [[likely]]
    return round_between(bottom + width * fraction, low, high);
  // The width of an interval can exceed the largest double where its ends do not.
  return low == high ? low : round_between(bottom * (1 - fraction) + top * fraction, low, high);
}

template <std::integral T>
T between(double fraction, T low, T high) {
  constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if constexpr (sizeof(T) == 8) {
    // Gymnasium's stream ends before bounds as high as this; here double is too coarse for them.
    if (high > 0 && static_cast<std::uint64_t>(high) >= kLast) {
      const std::uint64_t gap = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
      const double steps = fraction * (static_cast<double>(gap) + 1);
      const auto whole = std::min(static_cast<std::uint64_t>(steps), gap);
      return static_cast<T>(static_cast<std::uint64_t>(low) + whole);
    }
  }
  const auto bottom = static_cast<double>(low);
  return floor_between(bottom + (successor(high) - bottom) * fraction, low, high);
}

// Draws numbers that are bounded on both sides. The draws of a block come first, since the
// arithmetic that follows is SIMD only without them.
template <Number T, BitGenerator R>
void draw_bounded(R& bits, const BoxBounds<T>& bounds, T* out) {
  constexpr std::size_t kPiece = 256;
  double fractions[kPiece];
  for (std::size_t begin = 0; begin < bounds.size; begin += kPiece) {
    const std::size_t count = std::min(kPiece, bounds.size - begin);
    const T* low = bounds.low + begin;
    const T* high = bounds.high + begin;
    for (std::size_t i = 0; i < count; ++i) fractions[i] = bits.next_double();
    for (std::size_t i = 0; i < count; ++i) out[begin + i] = between(fractions[i], low[i], high[i]);
  }
}

}  // namespace detail

// Draws an element of a box: uniform in [a, b], a + Exp(1) in [a, inf), b - Exp(1) in (-inf, b],
// N(0, 1) in (-inf, inf). All normals are drawn first, then the exponentials above a bound, those
// below one, and all uniforms. Integers are uniform in [a, b + 1), rounded down.
template <Number T, BitGenerator R>
void draw_box(R& bits, const BoxBounds<T>& bounds, T* out) {
  const T* low = bounds.low;
  const T* high = bounds.high;
  if (bounds.all_bounded()) {
    detail::draw_bounded(bits, bounds, out);
    return;
  }
  const auto draw_where = [&](bool below, bool above, auto&& draw) {
    for (std::size_t i = 0; i < bounds.size; ++i)
      if (bounds.is_bounded_below(i) == below && bounds.is_bounded_above(i) == above)
        out[i] = draw(i);
  };
  draw_where(false, false, [&](std::size_t i) {
    return detail::into_bounds(standard_normal(bits), low[i], high[i]);
  });
  draw_where(true, false, [&](std::size_t i) {
    return detail::into_bounds(standard_exponential(bits) + static_cast<double>(low[i]), low[i],
                               high[i]);
  });
  draw_where(false, true, [&](std::size_t i) {
    const double top = [&] {
      if constexpr (std::floating_point<T>)
        return static_cast<double>(high[i]);
      else
        return detail::successor(high[i]);
    }();
    return detail::into_bounds(top - standard_exponential(bits), low[i], high[i]);
  });
  draw_where(true, true,
             [&](std::size_t i) { return detail::between(bits.next_double(), low[i], high[i]); });
}

}  // namespace dromos
