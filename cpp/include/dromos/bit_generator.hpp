// What the random draws need from a source of bits, and NumPy's own sources as one such.
#pragma once

#include <concepts>
#include <cstdint>

namespace dromos {

// A source of random bits. next_double() is uniform over the multiples of 2^-53 in [0, 1).
template <class R>
concept BitGenerator = requires(R& bits) {
  { bits.next64() } -> std::same_as<std::uint64_t>;
  { bits.next32() } -> std::same_as<std::uint32_t>;
  { bits.next_double() } -> std::same_as<double>;
};

// NumPy's C interface to a bit generator: the struct that the capsule
// `generator.bit_generator.capsule` (named "BitGenerator") points to. Its layout is public and
// frozen (NumPy documentation, "Extending"); declared here so that no NumPy header is needed.
extern "C" {
struct NumpyBitgen {
  void* state;
  std::uint64_t (*next_uint64)(void*);
  std::uint32_t (*next_uint32)(void*);
  double (*next_double)(void*);
  std::uint64_t (*next_raw)(void*);
};
}

// Draws from a live NumPy generator, which must outlive this view and be held under its lock (or
// the GIL) meanwhile.
struct NumpyBits {
  NumpyBitgen* bitgen;

  std::uint64_t next64() { return bitgen->next_uint64(bitgen->state); }
  std::uint32_t next32() { return bitgen->next_uint32(bitgen->state); }
  double next_double() { return bitgen->next_double(bitgen->state); }
};
static_assert(BitGenerator<NumpyBits>);

}  // namespace dromos
