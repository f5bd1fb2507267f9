// NumPy's SeedSequence: entropy of any length hashed into well-mixed seed words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dromos {

// Equal to `numpy.random.SeedSequence(entropy)` without spawn keys (after M. E. O'Neill's
// seed_seq_fe). Entropy is a non-negative integer as little-endian 32-bit words: the shortest such
// list, and one zero word for 0.
class SeedSequence {
 public:
  explicit SeedSequence(std::span<const std::uint32_t> entropy) {
    Hash hash{0x43b0d7e5, 0x931e8875};
    for (std::size_t i = 0; i < kPoolSize; ++i)
      pool_[i] = hash(i < entropy.size() ? entropy[i] : 0);
    for (std::size_t source = 0; source < kPoolSize; ++source)
      for (std::size_t target = 0; target < kPoolSize; ++target)
        if (source != target) pool_[target] = mix(pool_[target], hash(pool_[source]));
    for (std::size_t source = kPoolSize; source < entropy.size(); ++source)
      for (auto& word : pool_) word = mix(word, hash(entropy[source]));
  }

  // Seed words; a shorter request is a prefix of a longer one.
  template <std::size_t n>
  std::array<std::uint32_t, n> generate32() const {
    Hash hash{0x8b51f9dd, 0x58f38ded};
    std::array<std::uint32_t, n> words;
    for (std::size_t i = 0; i < n; ++i) words[i] = hash(pool_[i % kPoolSize]);
    return words;
  }

  template <std::size_t n>
  std::array<std::uint64_t, n> generate64() const {
    const auto halves = generate32<2 * n>();
    std::array<std::uint64_t, n> words;
    for (std::size_t i = 0; i < n; ++i)
      words[i] = halves[2 * i] | static_cast<std::uint64_t>(halves[2 * i + 1]) << 32;
    return words;
  }

 private:
  static constexpr std::size_t kPoolSize = 4;

  // A multiplicative hash whose constant changes with every word it takes.
  struct Hash {
    std::uint32_t constant;
    std::uint32_t multiplier;

    std::uint32_t operator()(std::uint32_t word) {
      word ^= constant;
      constant *= multiplier;
      word *= constant;
      return word ^ (word >> 16);
    }
  };

  static std::uint32_t mix(std::uint32_t x, std::uint32_t y) {
    const std::uint32_t word = 0xca01f9ddU * x - 0x4973f715U * y;
    return word ^ (word >> 16);
  }

  std::array<std::uint32_t, kPoolSize> pool_{};
};

}  // namespace dromos
