// One function body compiled for each instruction set, and called as the widest this machine has.
#pragma once

#include "instruction_set.hpp"

namespace dromos {

// `body` is an inline function that returns nothing; everything it calls must be inline too, or it
// runs as compiled elsewhere. Since no flag lets the compiler reorder arithmetic, every variant
// writes the same bits.
template <auto body>
struct Widest;

template <class... Arguments, void (*body)(Arguments...)>
struct Widest<body> {
  [[gnu::flatten]] static void baseline(Arguments... arguments) { body(arguments...); }
#ifdef DROMOS_X86_VARIANTS
  [[gnu::flatten, gnu::target("arch=x86-64-v3")]] static void avx2(Arguments... arguments) {
    body(arguments...);
  }
  [[gnu::flatten, gnu::target("arch=x86-64-v4,prefer-vector-width=512")]] static void avx512(
      Arguments... arguments) {
    body(arguments...);
  }
#endif

  static void call(Arguments... arguments) {
#ifdef DROMOS_X86_VARIANTS
    switch (instruction_set()) {
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
