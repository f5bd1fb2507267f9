// A counter in memory that processes share, and waiting until another process moves it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>

#include "spin.hpp"
#include "system.hpp"
#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>
#endif

namespace dromos {

namespace detail {

// Sleeps while word is `value`, for `limit` at most; returns false if a signal ended the sleep. May
// also return early for no reason.
inline bool shared_sleep(std::atomic<std::uint32_t>& word, std::uint32_t value,
                         std::chrono::nanoseconds limit) {
#ifdef __linux__
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  if (uses_linux()) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
    const timespec time{static_cast<time_t>(seconds.count()),
                        static_cast<long>((limit - seconds).count())};
    return syscall(SYS_futex, &word, FUTEX_WAIT, value, &time, nullptr, 0) == 0 || errno != EINTR;
  }
#endif
  // Where no call sleeps on a word of another process: short naps.
  constexpr std::chrono::microseconds kNap{100};
  if (word.load(std::memory_order_acquire) == value)
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(limit, kNap));
  return true;
}

inline void shared_wake(std::atomic<std::uint32_t>& word) {
#ifdef __linux__
  if (uses_linux()) syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
#else
  static_cast<void>(word);
#endif
}

}  // namespace detail

// How long a process looks at a word again and again before it sleeps. Between two looks it gives
// its processor away, so that more processes than processors take turns. It looks for a shorter
// while where the last waits were too long for it anyway, until one is short enough again, asleep
// or not: else everybody would go on sleeping, and each wait be long because of it. Where somebody
// else takes the processor for long it does not look at all, but for a try now and then: who sleeps
// gets it back sooner.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  // Looks until done() holds, or gives up; returns done().
  template <class Done>
  bool look(Done&& done) {
    for (int i = 0; i < kBusyLooks; ++i) {
      if (done()) return true;
      detail::cpu_relax();
    }
    if (skipped_ != 0) {
      skipped_ = (skipped_ + 1) % kSkips;
      return false;
    }
    const auto start = Clock::now();
    for (auto now = start; now - start < budget_;) {
      std::this_thread::yield();
      const bool is_done = done();
      const auto last = std::exchange(now, Clock::now());
      if (now - last > kTakenAway) skipped_ = 1;
      if (is_done || skipped_ != 0) return is_done;
    }
    return false;
  }

  // Takes note of how long a wait was, looking and sleeping.
  void waited(std::chrono::nanoseconds whole) {
    budget_ = whole <= kWorthIt ? kMost : std::max(kLeast, budget_ / 2);
  }

 private:
  static constexpr int kBusyLooks = 2;
  // Waking a sleeper takes some tens of microseconds of who wakes and of who sleeps: a few times as
  // long may be lost by looking in vain.
  static constexpr std::chrono::nanoseconds kMost = std::chrono::microseconds(200);
  // A wait of this length would have been shorter than kMost with nobody asleep.
  static constexpr std::chrono::nanoseconds kWorthIt = std::chrono::microseconds(400);
  static constexpr std::chrono::nanoseconds kLeast = std::chrono::microseconds(6);
  // Longer than a step of a cheap environment, shorter than the turn of a process that computes.
  static constexpr std::chrono::nanoseconds kTakenAway = std::chrono::microseconds(500);
  static constexpr int kSkips = 8;

  std::chrono::nanoseconds budget_ = kMost;
  int skipped_ = 0;  // waits without looking since the processor was taken away; 0 for none
};

enum class Waited { changed, timed_out, interrupted };

// One process moves the word, any may wait for it. Plain data of lock-free atomics: a process that
// is killed at any point leaves it as usable as before.
struct alignas(64) SharedWord {
  std::atomic<std::uint32_t> value;
  std::atomic<std::uint32_t> sleepers;  // not 0 if somebody sleeps, or died in his sleep

  static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

  void move_to(std::uint32_t next) {
    value.store(next);
    if (sleepers.load() != 0) detail::shared_wake(value);
  }

  // The same for a word that several processes move.
  void add_one() {
    value.fetch_add(1);
    if (sleepers.load() != 0) detail::shared_wake(value);
  }

  // Waits until the word is no longer `seen`. `interrupted`: by a signal.
  Waited wait(std::uint32_t seen, Patience& patience, std::chrono::nanoseconds limit) {
    const auto changed = [&] { return value.load() != seen; };
    if (changed()) return Waited::changed;
    const auto start = Patience::Clock::now();
    if (patience.look(changed)) return Waited::changed;
    const auto end = start + limit;
    // Set before the last look at the value: whoever moves it later sees the sleeper.
    sleepers.store(1);
    Waited outcome = Waited::changed;
    while (!changed()) {
      const auto left = end - Patience::Clock::now();
      if (left <= left.zero()) {
        outcome = Waited::timed_out;
        break;
      }
      if (!detail::shared_sleep(value, seen, left)) {
        outcome = Waited::interrupted;
        break;
      }
    }
    sleepers.store(0);
    patience.waited(Patience::Clock::now() - start);
    return outcome;
  }
};

}  // namespace dromos
