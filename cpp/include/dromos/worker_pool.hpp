// Threads that wait for loops to share.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "affinity.hpp"
#include "futex.hpp"
#include "shared_loop.hpp"
#include "spin.hpp"

#if __has_include(<pthread.h>)
#include <pthread.h>
#include <signal.h>
#endif

namespace dromos {

namespace detail {

// Blocks all signals in this thread for a while, so that threads started meanwhile never take one
// away from the main thread, which may be sleeping and must wake for Ctrl-C.
class SignalsBlocked {
 public:
#if __has_include(<pthread.h>)
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
#endif
};

}  // namespace detail

// A set of threads that share one loop at a time with the thread that calls run().
//
// `door_` says all there is to say to the workers: its high bits number the loops, its low bits
// count the places still free in the current one. A worker enters by taking a place; the caller
// closes the door when no work is left and then waits for those inside only. So nobody looks at
// `loop_` outside of a loop, and a worker that wakes late costs nothing.
class WorkerPool {
 public:
  // Of `threads`, one is the caller of run(). Fewer are started if the system refuses.
  explicit WorkerPool(std::size_t threads) { grow(threads); }

  ~WorkerPool() { dismiss(); }

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Runs body over [0, n) on up to `threads` threads, this one included, starting workers if there
  // are too few. Returns false, having done nothing, if the pool is busy or paused.
  bool run(std::size_t threads, std::size_t n, std::size_t grain, detail::SharedLoop::Body body,
           void* context) {
    if (busy_.test_and_set(std::memory_order_acquire)) return false;
    const std::size_t useful = std::min({threads, most_, n / grain + (n % grain != 0)});
    if (useful > workers_.size() + 1) grow(useful);
    const std::size_t participants = std::min(useful, workers_.size() + 1);
    loop_.body = body;
    loop_.context = context;
    loop_.prepare(participants, n, grain);
    finished_.store(0, std::memory_order_relaxed);
    open_door(participants - 1);
    loop_.take_part(0);
    wait_for(close_door(participants - 1));
    const std::exception_ptr error = std::exchange(loop_.error, nullptr);
    busy_.clear(std::memory_order_release);
    if (error) std::rethrow_exception(error);
    return true;
  }

  // Sends the workers home and refuses loops until resume(), after which they come back as they
  // are needed. Returns false, having done nothing, if the pool is busy or paused.
  bool pause() {
    if (busy_.test_and_set(std::memory_order_acquire)) return false;
    dismiss();
    return true;
  }
  void resume() { busy_.clear(std::memory_order_release); }

 private:
  static constexpr std::uint32_t kPlaces = 0x1ff;  // mask of the free places; 2^9 > kMaxThreads
  static_assert(kMaxThreads <= kPlaces);

  static std::uint32_t next_loop(std::uint32_t door) { return (door | kPlaces) + 1; }

  // How long to wait awake: not at all where the threads cannot all run at once.
  static std::chrono::nanoseconds spin_limit(std::size_t threads) {
    static const std::size_t cpus = usable_cpus().count;
    return std::chrono::microseconds(threads <= cpus ? 40 : 0);
  }

  void grow(std::size_t threads) {
    const std::size_t wanted = std::clamp<std::size_t>(threads, 1, kMaxThreads) - 1;
    const detail::SignalsBlocked blocked;
    try {
      for (std::size_t i = workers_.size(); i < wanted; ++i)
        workers_.emplace_back(&WorkerPool::work, this, i + 1, door_.load());
    } catch (const std::exception&) {
      // No more threads to be had: those there are, and at worst the caller alone, do the work.
      most_ = workers_.size() + 1;
    }
    waiting_ = detail::Spinner(spin_limit(workers_.size() + 1));
  }

  void dismiss() {
    stopping_.store(true);
    door_.store(next_loop(door_.load()));
    detail::futex_wake(door_, kMaxThreads);
    for (auto& worker : workers_) worker.join();
    workers_.clear();
    stopping_.store(false);
  }

  void open_door(std::size_t places) {
    door_.store(next_loop(door_.load(std::memory_order_relaxed)) |
                static_cast<std::uint32_t>(places));
    if (sleepers_.load() != 0) detail::futex_wake(door_, static_cast<std::uint32_t>(places));
  }

  // Returns how many workers came in.
  std::uint32_t close_door(std::size_t places) {
    const std::uint32_t left = door_.fetch_and(~kPlaces, std::memory_order_relaxed) & kPlaces;
    return static_cast<std::uint32_t>(places) - left;
  }

  void wait_for(std::uint32_t inside) {
    const auto done = [&] { return finished_.load(std::memory_order_acquire) == inside; };
    if (waiting_.spin(done)) return;
    caller_sleeps_.store(true);
    for (std::uint32_t count; (count = finished_.load()) != inside;)
      detail::futex_wait(finished_, count);
    caller_sleeps_.store(false, std::memory_order_relaxed);
  }

  // The life of a worker, which has seen the door at `seen`.
  void work(std::size_t index, std::uint32_t seen) {
    detail::Spinner idle(spin_limit(index + 1));
    for (;;) {
      seen = wait_for_loop(seen & ~kPlaces, idle);
      if (stopping_.load(std::memory_order_relaxed)) return;
      if (!enter(seen)) continue;
      loop_.take_part(index % loop_.parts);
      finished_.fetch_add(1);
      if (caller_sleeps_.load()) detail::futex_wake(finished_, 1);
    }
  }

  // Returns the door once it is no longer at loop `seen`.
  std::uint32_t wait_for_loop(std::uint32_t seen, detail::Spinner& idle) {
    std::uint32_t door;
    const auto news = [&] {
      door = door_.load();
      return (door & ~kPlaces) != seen;
    };
    if (idle.spin(news)) return door;
    // Counted before the last look at the door: whoever opens it later sees the count.
    sleepers_.fetch_add(1);
    while (!news()) detail::futex_wait(door_, door);
    sleepers_.fetch_sub(1);
    return door;
  }

  // Takes a place if one is free. Only then may `seen` move on to a later loop: a door found shut
  // may be the one that was shut to dismiss the workers, and must be waited for.
  bool enter(std::uint32_t& seen) {
    for (std::uint32_t door = seen; (door & kPlaces) != 0;)
      if (door_.compare_exchange_weak(door, door - 1, std::memory_order_acquire)) {
        seen = door;
        return true;
      }
    return false;
  }

  alignas(64) std::atomic<std::uint32_t> door_{0};
  alignas(64) std::atomic<std::uint32_t> finished_{0};
  std::atomic<bool> caller_sleeps_{false};
  alignas(64) std::atomic<std::uint32_t> sleepers_{0};
  std::atomic<bool> stopping_{false};
  std::atomic_flag busy_{};
  std::size_t most_ = kMaxThreads;  // threads the system grants
  detail::Spinner waiting_{std::chrono::nanoseconds(0)};
  detail::SharedLoop loop_{};
  std::vector<std::thread> workers_;
};

}  // namespace dromos
