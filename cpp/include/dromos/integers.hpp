// Uniform integers, choices and shuffles: `Generator.integers`, `.choice(n)`, `.shuffle`.
//
// Bounded draws are Lemire's multiply-and-reject (D. Lemire, "Fast Random Integer Generation in an
// Interval", ACM TOMACS 29(1), 2019). Ranges are given by their last value, so that the full range
// of a type can be said; a range of one value takes no random bits.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "bit_generator.hpp"

namespace dromos {

namespace detail {

template <std::unsigned_integral Word>
struct Twice;
template <>
struct Twice<std::uint8_t> {
  using type = std::uint16_t;
};
template <>
struct Twice<std::uint16_t> {
  using type = std::uint32_t;
};
template <>
struct Twice<std::uint32_t> {
  using type = std::uint64_t;
};
template <>
struct Twice<std::uint64_t> {
  __extension__ using type = unsigned __int128;
};

// Uniform in [0, last], last below the largest Word, from a source of uniform Words.
template <std::unsigned_integral Word, class Source>
Word lemire(Word last, Source&& next) {
  using Wide = typename Twice<Word>::type;
  const auto count = static_cast<Word>(last + 1);
  auto product = static_cast<Wide>(static_cast<Wide>(next()) * count);
  if (static_cast<Word>(product) < count) {
    const auto biased =
        static_cast<Word>(static_cast<Word>(std::numeric_limits<Word>::max() - last) % count);
    while (static_cast<Word>(product) < biased)
      product = static_cast<Wide>(static_cast<Wide>(next()) * count);
  }
  return static_cast<Word>(product >> std::numeric_limits<Word>::digits);
}

// Hands out the 8- or 16-bit pieces of 32-bit draws, low piece first.
template <std::unsigned_integral Word, BitGenerator R>
class Pieces {
 public:
  explicit Pieces(R& bits) : bits_(bits) {}

  Word operator()() {
    if (left_ == 0) {
      word_ = bits_.next32();
      left_ = kPerWord;
    } else {
      word_ >>= std::numeric_limits<Word>::digits;
    }
    --left_;
    return static_cast<Word>(word_);
  }

 private:
  static constexpr int kPerWord = 32 / std::numeric_limits<Word>::digits;

  R& bits_;
  std::uint32_t word_ = 0;
  int left_ = 0;
};

}  // namespace detail

// Uniform in [0, last]. Ranges of up to 32 bits take 32-bit draws.
template <BitGenerator R>
std::uint64_t bounded(R& bits, std::uint64_t last) {
  constexpr std::uint64_t kLast32 = std::numeric_limits<std::uint32_t>::max();
  if (last == 0) return 0;
  if (last < kLast32)
    return detail::lemire(static_cast<std::uint32_t>(last), [&bits] { return bits.next32(); });
  if (last == kLast32) return bits.next32();
  if (last == std::numeric_limits<std::uint64_t>::max()) return bits.next64();
  return detail::lemire(last, [&bits] { return bits.next64(); });
}

// Uniform in [low, last]: `Generator.integers(low, last, endpoint=True, dtype=T)` for types of 32
// and 64 bits, low <= last.
template <std::integral T, BitGenerator R>
  requires(sizeof(T) >= 4)
T integers_closed(R& bits, T low, T last) {
  using Unsigned = std::make_unsigned_t<T>;
  const auto range =
      static_cast<Unsigned>(static_cast<Unsigned>(last) - static_cast<Unsigned>(low));
  return static_cast<T>(static_cast<Unsigned>(low) + static_cast<Unsigned>(bounded(bits, range)));
}

// Uniform in [low, high), low < high: `Generator.integers(low, high)`.
template <BitGenerator R>
std::int64_t integers(R& bits, std::int64_t low, std::int64_t high) {
  return integers_closed<std::int64_t>(bits, low, high - 1);
}

// Fills out: `Generator.integers(low, last, endpoint=True, size=out.size(), dtype=T)`. A single
// draw of a type below 32 bits is a fill of one.
template <std::integral T, BitGenerator R>
void fill_integers(R& bits, std::span<T> out, T low, T last) {
  if constexpr (sizeof(T) >= 4) {
    for (T& value : out) value = integers_closed<T>(bits, low, last);
  } else {
    using Word = std::make_unsigned_t<T>;
    detail::Pieces<Word, R> pieces(bits);
    const auto range = static_cast<Word>(last - low);
    const bool full = range == std::numeric_limits<Word>::max();
    for (T& value : out) {
      const Word offset = range == 0 ? Word{0} : full ? pieces() : detail::lemire(range, pieces);
      value = static_cast<T>(low + offset);
    }
  }
}

// An index below count: `Generator.choice(count)`, count > 0.
template <BitGenerator R>
std::int64_t choice(R& bits, std::int64_t count) {
  return integers(bits, 0, count);
}

namespace detail {

// Uniform in [0, last] by masking and rejecting, the older way that NumPy keeps for shuffles.
template <BitGenerator R>
std::uint64_t masked(R& bits, std::uint64_t last) {
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(last | 1);
  const bool narrow = last <= std::numeric_limits<std::uint32_t>::max();
  for (;;) {
    const std::uint64_t value = (narrow ? bits.next32() : bits.next64()) & mask;
    if (value <= last) return value;
  }
}

}  // namespace detail

// Reorders items as `Generator.shuffle` reorders a one-dimensional array (Fisher and Yates).
template <class T, BitGenerator R>
void shuffle(R& bits, std::span<T> items) {
  for (std::size_t i = items.size(); i-- > 1;) std::swap(items[i], items[detail::masked(bits, i)]);
}

// Writes `Generator.permutation(out.size())`.
template <std::integral T, BitGenerator R>
void permutation(R& bits, std::span<T> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<T>(i);
  shuffle(bits, out);
}

}  // namespace dromos
