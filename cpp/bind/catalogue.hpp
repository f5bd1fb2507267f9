// The native environments, once: every binding is made from this list, to which the libraries of
// users add theirs (modules.hpp).
//
// Each environment of our own is compiled in a file of its own, envs/<name>.cpp, so that a change
// to one compiles one and many cores compile at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

struct Maker {
  // n lanes with streams of their own.
  std::function<std::unique_ptr<AnyBatch>(std::size_t lanes, Autoreset autoreset,
                                          std::int32_t limit)>
      batch;
  // One lane that draws from a NumPy generator.
  std::function<std::unique_ptr<AnyBatch>()> single;
};

// The dynamics' name and how to make them.
using Entry = std::pair<std::string, Maker>;

// The entry of dynamics D; defined in entry.hpp, instantiated in the environment's own file.
template <class D>
Entry entry();

// By the dynamics' name. Whoever holds the interpreter lock may add to it.
std::map<std::string, Maker>& catalogue();

// The stream of a batch made by Maker::single.
void use_bit_generator(AnyBatch& single, NumpyBits bits);

}  // namespace dromos::bind
