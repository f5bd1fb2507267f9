// One function body compiled for each instruction set, and called as the widest this machine has.
#pragma once

#include <algorithm>

#include "instruction_set.hpp"

namespace dromos {

// `body` is an inline function that returns nothing; everything it calls must be inline too, or it
// runs as compiled elsewhere. Since no flag lets the compiler reorder arithmetic, every variant
// writes the same bits. `most` is the widest to use where wider ones are slower.
template <auto body, InstructionSet most = InstructionSet::avx512>
struct Widest;

template <class... Arguments, void (*body)(Arguments...), InstructionSet most>
struct Widest<body, most> {
  [[gnu::flatten]] static void baseline(Arguments... arguments) { body(arguments...); }
#ifdef DROMOS_X86_VARIANTS
  [[gnu::flatten, DROMOS_AVX2]] static void avx2(Arguments... arguments) { body(arguments...); }
  [[gnu::flatten, DROMOS_AVX512]] static void avx512(Arguments... arguments) { body(arguments...); }
#endif

  static void call(Arguments... arguments) {
#ifdef DROMOS_X86_VARIANTS
    switch (std::min(instruction_set(), most)) {
      case InstructionSet::avx512:
        return avx512(arguments...);
      case InstructionSet::avx2:
        return avx2(arguments...);
      case InstructionSet::baseline:
        break;
    }
#endif
    baseline(arguments...);
  }
};

}  // namespace dromos
