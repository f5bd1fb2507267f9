// Which of the compiled kernels this machine runs.
#pragma once

#include <cstdint>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define DROMOS_X86_VARIANTS 1
#endif

namespace dromos {

enum class InstructionSet : std::uint8_t { baseline, avx2, avx512 };

// The widest set this machine has (or the narrower one asked for by limit_instruction_set).
inline InstructionSet& chosen_instruction_set() {
#ifdef DROMOS_X86_VARIANTS
  static InstructionSet chosen = __builtin_cpu_supports("x86-64-v4")   ? InstructionSet::avx512
                                 : __builtin_cpu_supports("x86-64-v3") ? InstructionSet::avx2
                                                                       : InstructionSet::baseline;
#else
  static InstructionSet chosen = InstructionSet::baseline;
#endif
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
