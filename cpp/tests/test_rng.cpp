// The random streams against numbers that NumPy 2 printed. tests/native compares them with the
// NumPy at hand, draw by draw; this file needs no Python and runs under the sanitizers.
#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <dromos/random.hpp>
#include <limits>
#include <span>
#include <vector>

#include "check.hpp"

using namespace dromos;

namespace {

constexpr std::size_t kDraws = 100000;

// One number for many draws: xor, multiply, fold, over each value's 64 bits.
class Hash {
 public:
  void add(double value) { add_bits(std::bit_cast<std::uint64_t>(value)); }
  template <std::integral T>
  void add(T value) {
    add_bits(static_cast<std::uint64_t>(value));
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_bits(std::uint64_t bits) {
    value_ = (value_ ^ bits) * 0x9e3779b97f4a7c15;
    value_ ^= value_ >> 32;
  }
  std::uint64_t value_ = 0;
};

template <class Draw>
std::uint64_t hash_of(Draw&& draw) {
  Hash hash;
  for (std::size_t i = 0; i < kDraws; ++i) hash.add(draw());
  return hash.value();
}

template <std::integral T>
std::uint64_t hash_of_fill(Pcg64& bits, T low, T last) {
  std::vector<T> values(kDraws);
  fill_integers<T>(bits, values, low, last);
  Hash hash;
  for (const T value : values) hash.add(value);
  return hash.value();
}

// A NumPy bit generator made of a Pcg64.
NumpyBitgen bitgen_of(Pcg64& bits) {
  return {&bits, [](void* p) { return static_cast<Pcg64*>(p)->next64(); },
          [](void* p) { return static_cast<Pcg64*>(p)->next32(); },
          [](void* p) { return static_cast<Pcg64*>(p)->next_double(); },
          [](void* p) { return static_cast<Pcg64*>(p)->next64(); }};
}

constexpr std::array<std::uint32_t, 5> kLongSeed = {5, 0, 0, 0, 1};  // 2^128 + 5

}  // namespace

TEST(seed_sequence_equals_numpy) {
  const auto words = SeedSequence(kLongSeed).generate64<4>();
  CHECK_EQ(words[0], 0x60194851e088b047);
  CHECK_EQ(words[1], 0x1625ac50b2295d39);
  CHECK_EQ(words[2], 0xb71e26e6e4acc3c3);
  CHECK_EQ(words[3], 0xdaa4753169463d06);
}

TEST(pcg64_equals_numpy) {
  auto bits = Pcg64::from_seed(42);
  CHECK_EQ(bits.next_double(), 0.7739560485559633);
  CHECK_EQ(bits.next_double(), 0.4388784397520523);
  CHECK_EQ(bits.next_double(), 0.8585979199113825);
}

TEST(pcg64_hands_out_halves_low_first_and_keeps_the_other) {
  auto bits = Pcg64::from_seed(42);
  CHECK_EQ(bits.next32(), 383329928u);
  CHECK_EQ(bits.has_buffered, 1u);
  const auto between = Pcg64(bits).next64();  // a 64-bit draw does not use the half up
  CHECK_EQ(bits.next64(), between);
  CHECK_EQ(bits.next32(), 3324115917u);
  CHECK_EQ(bits.has_buffered, 0u);
}

TEST(pcg64_seeds_by_value_whatever_the_width) {
  const std::array<std::uint32_t, 2> words = {7, 1};
  CHECK(Pcg64::from_seed((1ULL << 32) + 7) == Pcg64::from_words(words));
  CHECK(Pcg64::from_seed(7) == Pcg64::from_words(std::span(words).first(1)));
}

TEST(draws_equal_numpy) {
  auto bits = Pcg64::from_words(kLongSeed);
  CHECK_EQ(hash_of([&] { return dromos::random(bits); }), 0xab48bfe2f4b40fa9);
  CHECK_EQ(hash_of([&] { return uniform(bits, -0.05, 0.05); }), 0xf29d03b1725bea8f);
  CHECK_EQ(hash_of([&] { return integers(bits, 0, 10); }), 0xb2cd320bb63c122c);
  CHECK_EQ(hash_of([&] { return integers(bits, -(1LL << 40), 1LL << 50); }), 0x9ad56f3e316c6fd0);
  CHECK_EQ(hash_of_fill<std::int8_t>(bits, 0, 1), 0x2071c8dd2f8b6cca);
  CHECK_EQ(hash_of_fill<std::int16_t>(bits, -1000, 999), 0xed693474733ecf5c);
  CHECK_EQ(hash_of_fill<std::int32_t>(bits, -7, 0x7ffffffe), 0xf91291693a0c8da5);
  std::vector<std::int64_t> order(kDraws);
  permutation(bits, std::span(order));
  std::size_t next = 0;
  CHECK_EQ(hash_of([&] { return order[next++]; }), 0x44bb4df0c03d326f);
  CHECK_EQ(hash_of([&] { return standard_normal(bits); }), 0xd3c3bfc8eb4f4ca2);
  CHECK_EQ(hash_of([&] { return standard_exponential(bits); }), 0xb89959344e2c49e0);
  CHECK_EQ(hash_of([&] { return geometric(bits, 0.25); }), 0xa1b1e2bb9af0d5e9);
  CHECK_EQ(hash_of([&] { return geometric(bits, 0.5); }), 0xe2be2478888d0aed);
  const std::array p = {0.1, 0.2, 0.05, 0.3, 0.35};
  CHECK_EQ(hash_of([&] { return choice(bits, p); }), 0xf364fcf24c0b9630);
  CHECK_EQ(bits.next64(), 0x35b2903147b750ce);
}

TEST(numpy_bits_draw_like_the_generator_behind_them) {
  auto behind = Pcg64::from_seed(3);
  auto alone = behind;
  auto bitgen = bitgen_of(behind);
  NumpyBits bits{&bitgen};
  for (int i = 0; i < 1000; ++i) {
    CHECK_EQ(integers(bits, -5, 100), integers(alone, -5, 100));
    CHECK_EQ(standard_normal(bits), standard_normal(alone));
    CHECK_EQ(uniform(bits, 2.0, 3.0), uniform(alone, 2.0, 3.0));
  }
  CHECK(behind == alone);
}

TEST(a_range_of_one_value_takes_no_bits) {
  auto bits = Pcg64::from_seed(0);
  const auto before = bits;
  CHECK_EQ(integers(bits, 5, 6), 5);
  CHECK_EQ(choice(bits, 1), 0);
  std::array<std::int8_t, 3> out{};
  fill_integers<std::int8_t>(bits, out, -1, -1);
  CHECK_EQ(out[2], -1);
  CHECK(bits == before);
}

TEST(integers_reach_both_ends_of_their_types) {
  auto bits = Pcg64::from_seed(1);
  using Limits = std::numeric_limits<std::int64_t>;
  bool negative = false;
  bool positive = false;
  for (int i = 0; i < 100; ++i) {
    const auto value = integers_closed(bits, Limits::min(), Limits::max());
    (value < 0 ? negative : positive) = true;
    CHECK(integers_closed(bits, Limits::max() - 1, Limits::max()) >= Limits::max() - 1);
    CHECK(integers_closed<std::uint32_t>(bits, 0xfffffffe, 0xffffffff) >= 0xfffffffe);
  }
  CHECK(negative && positive);
  std::array<std::int8_t, 4096> bytes{};
  fill_integers<std::int8_t>(bits, bytes, -128, 127);
  CHECK(std::ranges::find(bytes, -128) != bytes.end());
  CHECK(std::ranges::find(bytes, 127) != bytes.end());
}

TEST(choices_never_leave_the_list) {
  auto bits = Pcg64::from_seed(2);
  const std::array certain = {0.0, 1.0, 0.0};
  const std::array short_of_one = {1e-300, 0.0};
  for (int i = 0; i < 100; ++i) {
    CHECK_EQ(choice(bits, certain), std::size_t{1});
    CHECK_EQ(categorical(bits, certain), std::size_t{1});
    CHECK_EQ(categorical(bits, short_of_one), std::size_t{0});
  }
}
