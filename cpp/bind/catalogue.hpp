// The native environments, once: every binding is made from this list.
//
// Each environment is compiled in a file of its own, envs/<name>.cpp, so that a change to one
// compiles one and many cores compile at a time.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

struct Maker {
  // n lanes with streams of their own.
  std::unique_ptr<AnyBatch> (*batch)(std::size_t lanes, Autoreset autoreset, std::int32_t limit);
  // One lane that draws from a NumPy generator.
  std::unique_ptr<AnyBatch> (*single)();
};

// The dynamics' name and how to make them.
using Entry = std::pair<std::string, Maker>;

// The entry of dynamics D; defined in entry.hpp, instantiated in the environment's own file.
template <class D>
Entry entry();

// By the dynamics' name.
const std::map<std::string, Maker>& catalogue();

// The stream of a batch made by Maker::single.
void use_bit_generator(AnyBatch& single, NumpyBits bits);

}  // namespace dromos::bind
