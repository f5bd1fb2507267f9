// Waiting awake for a short while, because waking a sleeping thread costs tens of microseconds.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace dromos::detail {

inline void cpu_relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Spins for at most a limit, and for less where spinning is seen to take the processor away from
// somebody: a waiter that was itself descheduled shares its core.
class Spinner {
 public:
  using Duration = std::chrono::nanoseconds;

  explicit Spinner(Duration limit) : limit_(limit), budget_(limit) {}

  // Spins until done() holds, or gives up; returns done().
  template <class Done>
  bool spin(Done&& done) {
    if (done()) return true;
    if (budget_ <= Duration::zero()) return false;
    const auto start = Clock::now();
    for (auto now = start; now - start < budget_;) {
      for (int i = 0; i < kChecksPerClockRead; ++i) {
        if (done()) {
          budget_ = std::min(limit_, 2 * budget_);
          return true;
        }
        cpu_relax();
      }
      const auto last = std::exchange(now, Clock::now());
      if (now - last > kDescheduled) budget_ = std::max(budget_ / 2, limit_ / 16);
    }
    return done();
  }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr int kChecksPerClockRead = 16;  // under 2 us with the slowest pause instructions
  static constexpr Duration kDescheduled = std::chrono::microseconds(100);

  Duration limit_;
  Duration budget_;
};

}  // namespace dromos::detail
