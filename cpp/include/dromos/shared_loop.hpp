// The work that the threads of a pool share: one loop, cut into parts and chunks.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <exception>

#include "affinity.hpp"

namespace dromos::detail {

// One loop over [0, n), cut into a part for each participant and each part into chunks. A
// participant works through its own part first, so that the same call repeated finds the same data
// in the same core's cache, and then helps with the others.
struct SharedLoop {
  using Body = void (*)(void* context, std::size_t begin, std::size_t end);

  struct alignas(64) Part {
    std::atomic<std::size_t> next;
    std::size_t end;
  };

  Body body;
  void* context;
  std::size_t chunk;
  std::size_t parts;
  std::array<Part, kMaxThreads> part;
  std::atomic<bool> failed;
  std::exception_ptr error;  // of the participant that set failed

  void prepare(std::size_t participants, std::size_t n, std::size_t grain) {
    parts = participants;
    const std::size_t length = (n + parts - 1) / parts;
    const std::size_t chunks =
        std::clamp<std::size_t>(kChunksPerGrain * length / grain, 1, kChunksPerPart);
    chunk = (length + chunks - 1) / chunks;
    for (std::size_t i = 0; i < parts; ++i) {
      part[i].next.store(n / parts * i + std::min(i, n % parts), std::memory_order_relaxed);
      part[i].end = n / parts * (i + 1) + std::min(i + 1, n % parts);
    }
    failed.store(false, std::memory_order_relaxed);
    error = nullptr;
  }

  // Never throws: the first exception is kept and ends the loop.
  void take_part(std::size_t participant) noexcept {
    try {
      for (std::size_t i = 0; i < parts; ++i) work_through(part[(participant + i) % parts]);
    } catch (...) {
      if (!failed.exchange(true)) error = std::current_exception();
    }
  }

 private:
  // Enough that a late participant, or a costly index, costs little; few enough that claiming
  // costs nothing. A grain is what it takes to be worth another thread.
  static constexpr std::size_t kChunksPerGrain = 8;
  static constexpr std::size_t kChunksPerPart = 32;

  void work_through(Part& own) {
    // The plain load spares finished parts the write.
    while (own.next.load(std::memory_order_relaxed) < own.end) {
      const std::size_t begin = own.next.fetch_add(chunk, std::memory_order_relaxed);
      if (begin >= own.end || failed.load(std::memory_order_relaxed)) return;
      body(context, begin, std::min(begin + chunk, own.end));
    }
  }
};

}  // namespace dromos::detail
