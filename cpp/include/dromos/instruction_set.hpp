// Which of the compiled kernels this machine runs.
#pragma once

#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__)
#define DROMOS_X86_VARIANTS 1
// Attributes of a function compiled for a set. Clang knows no level of x86-64 when the program asks
// what the machine has (before 18), and tunes the fourth one for vectors of half the width.
#ifdef __clang__
#define DROMOS_AVX2 gnu::target("avx2,bmi,bmi2,popcnt")
#define DROMOS_AVX512                                                              \
  gnu::target("avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt"), \
      clang::min_vector_width(512)
#else
#define DROMOS_AVX2 gnu::target("arch=x86-64-v3")
#define DROMOS_AVX512 gnu::target("arch=x86-64-v4,prefer-vector-width=512")
#endif
#endif

namespace dromos {

enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

inline InstructionSet widest_instruction_set() {
#ifdef DROMOS_X86_VARIANTS
#ifdef __clang__
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
#else
  const bool avx2 = __builtin_cpu_supports("x86-64-v3");
  const bool avx512 = __builtin_cpu_supports("x86-64-v4");
#endif
  if (avx512) return InstructionSet::avx512;
  if (avx2) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

// The widest set this machine has (or the narrower one asked for by limit_instruction_set).
inline InstructionSet& chosen_instruction_set() {
  static InstructionSet chosen = widest_instruction_set();
  return chosen;
}

inline InstructionSet instruction_set() { return chosen_instruction_set(); }

// For tests and comparisons: no wider set than `most` from now on. Results do not depend on it.
inline void limit_instruction_set(InstructionSet most) {
  if (most < chosen_instruction_set()) chosen_instruction_set() = most;
}

inline const char* name(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::baseline:
      break;
  }
  return "baseline";
}

}  // namespace dromos
