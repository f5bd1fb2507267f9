// Which of the compiled kernels this machine runs.
#pragma once

#include <cstdint>
#if defined(__x86_64__) && defined(__clang__)
#include <cpuid.h>
#endif

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

#if defined(DROMOS_X86_VARIANTS) && defined(__clang__)
// The processor itself is asked: what __builtin_cpu_supports reads is filled in by a compiler's
// library, and by that of zig, which wheels are built with, it is not.
inline InstructionSet widest_instruction_set() {
  constexpr unsigned kAvx2 = bit_AVX2 | bit_BMI | bit_BMI2;
  constexpr unsigned kAvx512 =
      bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL;
  constexpr unsigned kWideRegisters = 0x06;    // that the system keeps from one task to the next
  constexpr unsigned kWidestRegisters = 0xe6;  // likewise
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE) || !(ecx & bit_POPCNT))
    return InstructionSet::baseline;
  unsigned kept = 0, high = 0;
  asm("xgetbv" : "=a"(kept), "=d"(high) : "c"(0));
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) || (ebx & kAvx2) != kAvx2 ||
      (kept & kWideRegisters) != kWideRegisters)
    return InstructionSet::baseline;
  const bool avx512 = (ebx & kAvx512) == kAvx512 && (kept & kWidestRegisters) == kWidestRegisters;
  return avx512 ? InstructionSet::avx512 : InstructionSet::avx2;
}
#else
inline InstructionSet widest_instruction_set() {
#ifdef DROMOS_X86_VARIANTS
  if (__builtin_cpu_supports("x86-64-v4")) return InstructionSet::avx512;
  if (__builtin_cpu_supports("x86-64-v3")) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}
#endif

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
