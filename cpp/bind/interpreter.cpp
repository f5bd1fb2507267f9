#include "interpreter.hpp"

#include <nanobind/nanobind.h>

#include <chrono>
#include <exception>
#include <thread>

namespace dromos::bind {
namespace {

bool is_finalizing() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing();
#else
  return _Py_IsFinalizing();
#endif
}

}  // namespace

void sleep_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

Unlocked::~Unlocked() {
  if (is_finalizing()) sleep_for_ever();
  run_python([this] { PyEval_RestoreThread(state_); });  // it may begin to finalize meanwhile
}

void sleep_in_place_of_unwinding() {
  nanobind::register_exception_translator([](const std::exception_ptr& caught, void*) {
    if (!caught) sleep_for_ever();  // no exception of C++'s: the thread is being unwound
    std::rethrow_exception(caught);
  });
}

}  // namespace dromos::bind
