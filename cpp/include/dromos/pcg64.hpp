// NumPy's default bit generator, PCG64: PCG XSL-RR 128/64 (M. E. O'Neill, "PCG: A Family of Simple
// Fast Space-Efficient Statistically Good Algorithms for Random Number Generation", 2014).
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>

#include "bit_generator.hpp"
#include "seed_sequence.hpp"

namespace dromos {

// Plain data of fixed layout: lanes hold it in arrays and snapshots copy its bytes.
struct Pcg64 {
  std::uint64_t state_high;
  std::uint64_t state_low;
  std::uint64_t increment_high;
  std::uint64_t increment_low;  // odd
  std::uint32_t has_buffered;   // 1 if the upper half of the last 64-bit draw is still unused
  std::uint32_t buffered;       // that half

  // The generator `numpy.random.PCG64(seed)`, seed given as for SeedSequence.
  static Pcg64 from_words(std::span<const std::uint32_t> entropy) {
    const auto words = SeedSequence(entropy).generate64<4>();
    const Word sequence = wide(words[2], words[3]) << 1 | 1;
    Pcg64 bits{};
    bits.increment_high = high(sequence);
    bits.increment_low = low(sequence);
    bits.set_state(sequence + wide(words[0], words[1]));
    bits.step();
    return bits;
  }

  static Pcg64 from_seed(std::uint64_t seed) {
    const std::uint32_t words[] = {static_cast<std::uint32_t>(seed),
                                   static_cast<std::uint32_t>(seed >> 32)};
    return from_words(std::span(words, words[1] == 0 ? 1 : 2));
  }

  std::uint64_t next64() {
    step();
    return std::rotr(state_high ^ state_low, static_cast<int>(state_high >> 58));
  }

  // Lower half of a 64-bit draw first, the upper half on the next call.
  std::uint32_t next32() {
    if (has_buffered != 0) {
      has_buffered = 0;
      return buffered;
    }
    const std::uint64_t word = next64();
    has_buffered = 1;
    buffered = static_cast<std::uint32_t>(word >> 32);
    return static_cast<std::uint32_t>(word);
  }

  double next_double() { return static_cast<double>(next64() >> 11) * 0x1p-53; }

  friend bool operator==(const Pcg64&, const Pcg64&) = default;

 private:
  __extension__ using Word = unsigned __int128;

  static Word wide(std::uint64_t high, std::uint64_t low) {
    return static_cast<Word>(high) << 64 | low;
  }
  static std::uint64_t high(Word word) { return static_cast<std::uint64_t>(word >> 64); }
  static std::uint64_t low(Word word) { return static_cast<std::uint64_t>(word); }

  void set_state(Word state) {
    state_high = high(state);
    state_low = low(state);
  }

  void step() {
    const Word multiplier = wide(2549297995355413924ULL, 4865540595714422341ULL);
    set_state(wide(state_high, state_low) * multiplier + wide(increment_high, increment_low));
  }
};
static_assert(BitGenerator<Pcg64>);
static_assert(sizeof(Pcg64) == 40 && std::is_trivially_copyable_v<Pcg64> &&
              std::is_standard_layout_v<Pcg64>);

}  // namespace dromos
