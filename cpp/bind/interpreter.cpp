#include "interpreter.hpp"

#include <nanobind/nanobind.h>

#include <chrono>
#include <exception>
#include <thread>

#ifdef DROMOS_WRAPS_PERSONALITY
#include <unwind.h>

extern "C" {

// What asks a frame what to do with an exception: the linker gives all calls of libc++'s function
// to the second one, and its first name to libc++'s.
_Unwind_Reason_Code __real___gxx_personality_v0(int version, _Unwind_Action actions,
                                                _Unwind_Exception_Class kind,
                                                _Unwind_Exception* exception,
                                                _Unwind_Context* context);
_Unwind_Reason_Code __wrap___gxx_personality_v0(int version, _Unwind_Action actions,
                                                _Unwind_Exception_Class kind,
                                                _Unwind_Exception* exception,
                                                _Unwind_Context* context) {
  if ((actions & _UA_FORCE_UNWIND) != 0) dromos::bind::sleep_for_ever();
  return __real___gxx_personality_v0(version, actions, kind, exception, context);
}
}
#endif

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
