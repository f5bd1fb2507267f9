// Sleeping until a 32-bit word changes.
#pragma once

#include <atomic>
#include <cstdint>

#include "system.hpp"
#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace dromos::detail {

// Returns once word differs from value; may also return for no reason. On Linux this is the bare
// system call: std::atomic::wait would spin and yield first, and its callers here have done that.
inline void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t value) {
#ifdef __linux__
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  if (uses_linux()) {
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
    return;
  }
#endif
  word.wait(value);
}

// Wakes `count` of the threads that sleep on word; more where the system cannot count.
inline void futex_wake(std::atomic<std::uint32_t>& word, std::uint32_t count) {
#ifdef __linux__
  if (uses_linux()) {
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
    return;
  }
#endif
  static_cast<void>(count);
  word.notify_all();
}

}  // namespace dromos::detail
