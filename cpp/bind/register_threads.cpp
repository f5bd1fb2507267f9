// dromos._core.thread_count: how many threads there are to use, and why; and keep_for_ever, for
// objects whose threads a fork does not have.
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
  // Never frees an object: its destructor would wait for threads that the fork does not have.
  m.def("keep_for_ever", [](nb::object kept) { kept.release(); }, "kept"_a.none());
}

}  // namespace dromos::bind
