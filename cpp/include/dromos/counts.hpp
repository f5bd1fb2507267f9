// Arrays of integers, each one of `counts[i]` consecutive values from `start[i]` on.
//
// Callers promise that the last value of each is in the range of the type; differences are taken
// modulo its size, where they cannot overflow.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "bit_generator.hpp"
#include "box.hpp"

namespace dromos {

template <std::integral T>
struct Counts {
  const T* start;   // (size,)
  const T* counts;  // (size,), positive
  std::size_t size;

  using Steps = std::make_unsigned_t<T>;

  // How many values x lies above the first one; at least counts[i] if it is none of them.
  Steps steps(std::size_t i, T x) const {
    return static_cast<Steps>(static_cast<Steps>(x) - static_cast<Steps>(start[i]));
  }

  // The value that many steps above the first one.
  T value(std::size_t i, std::uint64_t step) const {
    return static_cast<T>(static_cast<Steps>(start[i]) + static_cast<Steps>(step));
  }

  bool contains(std::size_t i, T x) const { return steps(i, x) < static_cast<Steps>(counts[i]); }

  bool all_contain(const T* x) const {
    return all_of(size, [=, this](std::size_t i) { return contains(i, x[i]); });
  }
};

// Draws each value uniformly, a fraction in [0, 1) of its count.
template <std::integral T, BitGenerator R>
void draw_counts(R& bits, const Counts<T>& values, T* out) {
  for (std::size_t i = 0; i < values.size; ++i) {
    const T count = std::max(values.counts[i], T{1});
    const auto steps = static_cast<T>(bits.next_double() * static_cast<double>(count));
    out[i] =
        values.value(i, static_cast<std::uint64_t>(std::min(steps, static_cast<T>(count - 1))));
  }
}

// Writes one-hot vectors of x, one after the other, to `out`, which holds zeros and is as long as
// the sum of the counts; false if an x is no value.
template <std::integral T>
bool one_hots(const Counts<T>& values, const T* x, T* out) {
  for (std::size_t i = 0; i < values.size; ++i) {
    if (!values.contains(i, x[i])) return false;
    out[values.steps(i, x[i])] = 1;
    out += values.counts[i];
  }
  return true;
}

}  // namespace dromos
