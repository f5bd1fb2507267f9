// Which processor a worker runs on, and giving it that of a process that only waits.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>

#include "system.hpp"
#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace dromos {

namespace detail {

// The processor that this thread runs on; -1 if the system does not tell.
inline std::int32_t own_processor() {
#ifdef __linux__
  if (uses_linux()) return sched_getcpu();
#endif
  return -1;
}

inline std::int32_t own_task() {
#ifdef __linux__
  if (uses_linux()) return static_cast<std::int32_t>(syscall(SYS_gettid));
#endif
  return 0;
}

// Moves a thread to a processor that it may run on, where it need not stay.
inline void move_task(std::int32_t task, std::int32_t processor) {
#ifdef __linux__
  cpu_set_t allowed, only;
  const auto wanted = static_cast<std::size_t>(processor);
  if (sched_getaffinity(task, sizeof(allowed), &allowed) != 0) return;
  if (!CPU_ISSET(wanted, &allowed)) return;  // as for one beyond the size of the set
  CPU_ZERO(&only);
  CPU_SET(wanted, &only);
  sched_setaffinity(task, sizeof(only), &only);
  sched_setaffinity(task, sizeof(allowed), &allowed);
#else
  static_cast<void>(task), static_cast<void>(processor);
#endif
}

}  // namespace detail

// Where a worker runs, in memory that it shares with the process it works for.
struct alignas(64) Seat {
  std::atomic<std::int32_t> task;       // the worker's thread; 0 while there is none
  std::atomic<std::int32_t> processor;  // where that was when it last had something to do

  void take() {
    if (const auto now = detail::own_processor(); processor.load(std::memory_order_relaxed) != now)
      processor.store(now, std::memory_order_relaxed);
  }
};

// For a process that waits for workers where there are no more processors than workers. Waiting
// awake, it shares a processor with one of them, to whom it gives it away. If instead two of them
// share one while it has its own, the scheduler sees nothing to balance: the work takes twice as
// long, until it is by chance that one of them moves.
class Seating {
 public:
  using Clock = std::chrono::steady_clock;

  // A move takes some ten microseconds, and the scheduler may have reasons of its own.
  static constexpr std::chrono::milliseconds kPause{1};

  // Moves one of two workers that share a processor to that of the calling thread, if no other
  // worker is there; returns whether it did.
  bool make_room(std::span<Seat* const> seats, Clock::time_point now = Clock::now()) {
    const std::int32_t here = detail::own_processor();
    Seat* moved = nullptr;
    for (std::size_t i = 0; i < seats.size(); ++i) {
      const std::int32_t processor = seats[i]->processor.load(std::memory_order_relaxed);
      if (processor == here) return false;
      for (std::size_t j = 0; j < i && moved == nullptr; ++j)
        if (seats[j]->processor.load(std::memory_order_relaxed) == processor) moved = seats[i];
    }
    const std::int32_t task = moved == nullptr ? 0 : moved->task.load(std::memory_order_relaxed);
    if (task == 0 || here < 0 || now < next_) return false;
    next_ = now + kPause;
    detail::move_task(task, here);
    return true;
  }

 private:
  Clock::time_point next_{};
};

}  // namespace dromos
