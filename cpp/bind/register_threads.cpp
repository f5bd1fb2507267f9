// dromos._core.thread_count: how many threads there are to use, and why.
#include <nanobind/stl/string.h>

#include <cstddef>
#include <dromos/affinity.hpp>

#include "bind.hpp"

namespace dromos::bind {

namespace nb = nanobind;
using namespace nb::literals;

void register_threads(nb::module_& m) {
  m.def(
      "thread_count", [](std::size_t requested) { return thread_count(requested).count; },
      "requested"_a = 0);
  m.def(
      "thread_count_reason", [](std::size_t requested) { return thread_count(requested).reason; },
      "requested"_a = 0);
}

}  // namespace dromos::bind
