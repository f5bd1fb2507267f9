// parallel_for: a loop over indices on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "affinity.hpp"
#include "worker_pool.hpp"

namespace dromos {

namespace detail {

// The pool that a process shares. Its threads start with the first loop that needs them, go home
// before a fork (a child inherits no threads, and Python warns of those that are there) and before
// the process ends, and come back with the next loop.
class SharedPool {
 public:
  static WorkerPool& get() {
    static SharedPool lifetime;
    WorkerPool* pool = current().load(std::memory_order_acquire);
    if (pool != nullptr) return *pool;
    auto fresh = std::make_unique<WorkerPool>(1);
    if (current().compare_exchange_strong(pool, fresh.get())) return *fresh.release();
    return *pool;
  }

 private:
  SharedPool() {
#if __has_include(<pthread.h>)
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
#endif
  }
  // The pool itself stays: a thread that outlives this finds it paused and works alone.
  ~SharedPool() { before_fork(); }

  static void before_fork() {
    WorkerPool* pool = current().load();
    paused_here() = pool != nullptr && pool->pause();
  }
  static void after_fork_in_parent() {
    if (std::exchange(paused_here(), false)) current().load()->resume();
  }
  static void after_fork_in_child() {
    // Some other thread of the parent was in a loop: that pool will never be free again here.
    if (!paused_here()) current().store(nullptr);
    after_fork_in_parent();
  }

  static std::atomic<WorkerPool*>& current() {
    static std::atomic<WorkerPool*> pool{nullptr};
    return pool;
  }
  static bool& paused_here() {
    thread_local bool paused = false;
    return paused;
  }
};

}  // namespace detail

// Calls fn(begin, end) on pieces of [0, n) until each index was in exactly one of them; returns
// when all calls have.
//
// What fn may assume: begin < end <= n, and everything the caller wrote before is visible. Pieces
// are claimed atomically by up to `threads` threads, the caller among them, in no promised order.
// There are at most 8 n / grain of them and one a thread; nothing else about the cut is promised,
// so no result may depend on it. Pieces run at the same time: what two of them share must be
// constant or atomic. All that fn wrote is visible to the caller afterwards.
//
// An exception thrown by fn keeps further pieces from starting, and the first one is rethrown here
// once the running ones are over.
//
// With one thread, n <= grain, or a loop already running in the pool (fn itself calls
// parallel_for, or another thread does), this is fn(0, n) on the calling thread: never a deadlock,
// never more threads than asked for.
template <class F>
void parallel_for(WorkerPool& pool, std::size_t threads, std::size_t n, std::size_t grain, F&& fn) {
  using Function = std::remove_reference_t<F>;
  const auto body = [](void* context, std::size_t begin, std::size_t end) {
    (*static_cast<Function*>(context))(begin, end);
  };
  if (n == 0) return;
  auto* context = const_cast<void*>(static_cast<const void*>(std::addressof(fn)));
  const bool worth_it = threads > 1 && n > grain;
  if (!worth_it || !pool.run(threads, n, grain == 0 ? 1 : grain, body, context))
    fn(std::size_t{0}, n);
}

// The same on the pool that the process shares, which starts as many threads as it is asked for.
template <class F>
void parallel_for(std::size_t threads, std::size_t n, std::size_t grain, F&& fn) {
  if (threads > 1 && n > grain)
    parallel_for(detail::SharedPool::get(), threads, n, grain, fn);
  else if (n != 0)
    fn(std::size_t{0}, n);
}

}  // namespace dromos
