// The native environments, once: every binding is made from this list.
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

// By the dynamics' name.
const std::map<std::string, Maker>& catalogue();

// The stream of a batch made by Maker::single.
void use_bit_generator(AnyBatch& single, NumpyBits bits);

}  // namespace dromos::bind
