// One call at a time: two threads in one vector would mix its lanes, and a forked child in a
// vector whose workers its parent started would move the parent's.
#pragma once

#include <Python.h>

#include <atomic>
#include <cstdint>

#include "fastcall.hpp"

namespace dromos::bind {

// How often this process is a fork of one in which the core was loaded.
std::uint64_t fork_generation();

class Guard {
 public:
  // `bound`: only in the process that made it, not in one forked from it.
  explicit Guard(bool bound = false) : bound_(bound), generation_(fork_generation()) {}

  // Returns whether this call, unlike one inside another of the same thread, is to release it.
  // Throws nanobind::python_error.
  bool acquire() {
    if (generation_ != fork_generation()) enter_fork();
    const unsigned long me = PyThread_get_thread_ident();
    unsigned long nobody = 0;
    if (owner_.compare_exchange_strong(nobody, me, std::memory_order_acquire)) return true;
    if (nobody == me) return false;
    raise(PyExc_RuntimeError,
          "this vector environment is being stepped by another thread; make its calls one at a "
          "time, for example under a threading.Lock");
  }
  // How many calls of the holder's are inside one another.
  void nest() { ++nested_; }
  bool unnest() {
    if (nested_ == 0) return false;
    --nested_;
    return true;
  }
  void release() { owner_.store(0, std::memory_order_release); }

  class Hold {
   public:
    explicit Hold(Guard& guard) : guard_(guard.acquire() ? &guard : nullptr) {}
    ~Hold() {
      if (guard_ != nullptr) guard_->release();
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    Guard* guard_;
  };

 private:
  // The thread that held it when the process forked is not in this one.
  void enter_fork() {
    if (bound_)
      raise(PyExc_RuntimeError,
            "the workers of this vector environment belong to the process that started them, of "
            "which this one is a fork; make a vector of its own here");
    generation_ = fork_generation();
    nested_ = 0;
    owner_.store(0, std::memory_order_relaxed);
  }

  bool bound_;
  unsigned nested_ = 0;
  std::uint64_t generation_;
  std::atomic<unsigned long> owner_ = 0;
};

}  // namespace dromos::bind
