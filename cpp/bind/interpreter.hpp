// The interpreter's lock, and how a daemon thread outlives the interpreter.
//
// Up to 3.13 Python ends such a thread where it next asks for the lock, with pthread_exit. glibc
// unwinds the stack for that, through our frames and nanobind's: destructors would give back
// objects without the lock, and a handler of all exceptions would end the process with a signal.
// So the thread is left to sleep instead, as Python does from 3.14 on, and the process ends with
// its own exit code. With libc++, whose unwinder is another one than glibc's, the first of our
// frames that is reached sees to that (interpreter.cpp).
#pragma once

#include <Python.h>

#include <cstddef>

#ifdef __GLIBCXX__
#include <cxxabi.h>
#endif

namespace dromos::bind {

[[noreturn]] void sleep_for_ever();

// What `call` returns, which may run Python code.
template <class Call>
decltype(auto) run_python(Call&& call) {
#ifdef __GLIBCXX__
  try {
    return call();
  } catch (const abi::__forced_unwind&) {
    sleep_for_ever();
  }
#else
  return call();
#endif
}

// The lock given away for a while.
class Unlocked {
 public:
  Unlocked() : state_(PyEval_SaveThread()) {}
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;
};

// Makes functions that nanobind calls end as those here do.
void sleep_in_place_of_unwinding();

}  // namespace dromos::bind
