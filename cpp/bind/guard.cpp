#include "guard.hpp"

#ifdef __unix__
#include <pthread.h>
#include <unistd.h>
#endif
#ifdef __GLIBCXX__
#include <cxxabi.h>
#endif

#include <chrono>
#include <thread>

namespace dromos::bind {
namespace {

std::atomic<std::uint64_t> generation = 0;

[[noreturn]] void sleep_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

bool is_finalizing() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing();
#else
  return _Py_IsFinalizing();
#endif
}

}  // namespace

std::uint64_t fork_generation() {
#ifdef __unix__
  static const int registered = pthread_atfork(nullptr, nullptr, [] { ++generation; });
  static_cast<void>(registered);
#endif
  return generation.load(std::memory_order_relaxed);
}

Unlocked::~Unlocked() {
  if (is_finalizing()) sleep_for_ever();
#ifdef __GLIBCXX__
  try {
    PyEval_RestoreThread(state_);
  } catch (const abi::__forced_unwind&) {  // it began to finalize meanwhile
    sleep_for_ever();
  }
#else
  PyEval_RestoreThread(state_);
#endif
}

}  // namespace dromos::bind
