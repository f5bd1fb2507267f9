// Where a process hands lanes to its workers and gets them back, in memory they share.
//
//   bell                                  rung by every worker that has published something
//   worker 0   seat                      which processor it runs on
//              inbox    tail, head, entries[capacity]       the parent posts, the worker takes
//              outbox   tail, head, entries[capacity]       the worker publishes, the parent
//              collects
//   worker 1   …
//
// An entry is a 32-bit number: a lane in its low 24 bits, in the others what the two sides agree
// on. Each box is a ring with one writer and one reader, who may be killed at any point: an entry
// counts once the tail has moved behind it, and nothing is ever locked. What was written to other
// shared memory before an entry was posted or published is visible to whoever gets the entry.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "seat.hpp"
#include "shared_word.hpp"

namespace dromos {

inline constexpr std::uint32_t kLaneBits = 24;
inline constexpr std::uint32_t kLaneMask = (std::uint32_t{1} << kLaneBits) - 1;

namespace detail {

// One direction between the parent and a worker.
struct Box {
  SharedWord* tail;  // entries ever written
  SharedWord* head;  // entries ever read
  std::uint32_t* entries;
  std::uint32_t capacity;  // a power of two

  // Returns the new tail, which the caller moves to.
  std::uint32_t write(std::span<const std::uint32_t> added) {
    std::uint32_t end = tail->value.load(std::memory_order_relaxed);
    if (end - head->value.load(std::memory_order_acquire) + added.size() > capacity)
      throw std::length_error("more entries than fit in a worker's box");
    for (const std::uint32_t entry : added) entries[end++ & (capacity - 1)] = entry;
    return end;
  }

  void read(std::vector<std::uint32_t>& into) {
    std::uint32_t begin = head->value.load(std::memory_order_relaxed);
    const std::uint32_t end = tail->value.load(std::memory_order_acquire);
    while (begin != end) into.push_back(entries[begin++ & (capacity - 1)]);
    head->value.store(begin, std::memory_order_release);
  }

  void clear() { head->value.store(tail->value.load()); }
};

}  // namespace detail

// Both sides of the exchange. `bounds` are the first lanes of the workers, and the number of lanes:
// worker w has the lanes [bounds[w], bounds[w + 1]).
class Exchange {
 public:
  // The bytes that the exchange needs. They must be zero at first and aligned to 64.
  static std::size_t bytes(std::span<const std::uint32_t> bounds) {
    const std::size_t workers = count(bounds);
    return sizeof(SharedWord) + workers * (sizeof(Seat) + 2 * box_bytes(capacity(bounds)));
  }

  Exchange(std::byte* memory, std::vector<std::uint32_t> bounds)
      : bounds_(std::move(bounds)), bell_(reinterpret_cast<SharedWord*>(memory)) {
    const std::uint32_t size = capacity(bounds_);
    memory += sizeof(SharedWord);
    for (std::size_t worker = 0; worker < count(bounds_); ++worker) {
      seats_.push_back(reinterpret_cast<Seat*>(memory));
      memory += sizeof(Seat);
      for (auto* boxes : {&inboxes_, &outboxes_}) {
        auto* words = reinterpret_cast<SharedWord*>(memory);
        boxes->push_back({words, words + 1, reinterpret_cast<std::uint32_t*>(words + 2), size});
        memory += box_bytes(size);
      }
    }
  }

  std::size_t workers() const { return inboxes_.size(); }

  // The parent's side.

  // Hands entries to the workers of their lanes, in this order.
  void post(std::span<const std::uint32_t> entries) {
    while (!entries.empty()) {
      const std::size_t worker = worker_of(entries.front() & kLaneMask);
      std::size_t run = 1;
      while (run < entries.size() && is_of(entries[run] & kLaneMask, worker)) ++run;
      inboxes_[worker].tail->move_to(inboxes_[worker].write(entries.first(run)));
      entries = entries.subspan(run);
    }
  }

  // For a parent that is about to wait awake where there are no more processors than workers.
  void make_room() { seating_.make_room(seats_); }

  // Appends what workers have published to `into` until it holds `minimum` entries.
  Waited collect(std::vector<std::uint32_t>& into, std::size_t minimum,
                 std::chrono::nanoseconds limit) {
    const auto end = Patience::Clock::now() + limit;
    for (;;) {
      const std::uint32_t seen = bell_->value.load();
      for (detail::Box& box : outboxes_) box.read(into);
      if (into.size() >= minimum) return Waited::changed;
      const auto left = end - Patience::Clock::now();
      if (const Waited waited = bell_->wait(seen, patience_, left); waited != Waited::changed)
        return waited;
    }
  }

  // Says that the calling thread is the worker's, which takes its entries from now on.
  void sit_down(std::size_t worker) { seats_.at(worker)->task.store(detail::own_task()); }

  // Forgets what is under way between the parent and a worker that has died.
  void clear(std::size_t worker) {
    inboxes_.at(worker).clear();
    outboxes_.at(worker).clear();
    seats_.at(worker)->task.store(0);
  }

  // A worker's side.

  // Appends what was posted to the worker to `into`, at least one entry.
  Waited take(std::size_t worker, std::vector<std::uint32_t>& into,
              std::chrono::nanoseconds limit) {
    detail::Box& box = inboxes_.at(worker);
    const std::uint32_t seen = box.head->value.load(std::memory_order_relaxed);
    if (box.tail->value.load() == seen)
      if (const Waited waited = box.tail->wait(seen, patience_, limit); waited != Waited::changed)
        return waited;
    seats_[worker]->take();
    box.read(into);
    return Waited::changed;
  }

  void publish(std::size_t worker, std::span<const std::uint32_t> entries) {
    detail::Box& box = outboxes_.at(worker);
    box.tail->value.store(box.write(entries), std::memory_order_release);
    bell_->add_one();
  }

 private:
  static std::size_t count(std::span<const std::uint32_t> bounds) {
    if (bounds.size() < 2) throw std::invalid_argument("expected the lanes of at least one worker");
    return bounds.size() - 1;
  }

  // Under way are at most two entries a lane and one request for the whole worker.
  static std::uint32_t capacity(std::span<const std::uint32_t> bounds) {
    std::uint32_t most = 0;
    for (std::size_t worker = 0; worker + 1 < bounds.size(); ++worker) {
      if (bounds[worker] >= bounds[worker + 1] || bounds[worker + 1] > kLaneMask)
        throw std::invalid_argument("expected ascending lanes, fewer than 2^24");
      most = std::max(most, bounds[worker + 1] - bounds[worker]);
    }
    return std::bit_ceil(2 * most + 1);
  }

  static std::size_t box_bytes(std::uint32_t entries) {
    const std::size_t words = sizeof(SharedWord) / sizeof(std::uint32_t);
    return sizeof(SharedWord) * (2 + (entries + words - 1) / words);
  }

  bool is_of(std::uint32_t lane, std::size_t worker) const {
    return bounds_[worker] <= lane && lane < bounds_[worker + 1];
  }

  std::size_t worker_of(std::uint32_t lane) const {
    const auto after = std::upper_bound(bounds_.begin(), bounds_.end(), lane);
    if (after == bounds_.begin() || after == bounds_.end()) throw std::out_of_range("no such lane");
    return static_cast<std::size_t>(after - bounds_.begin()) - 1;
  }

  std::vector<std::uint32_t> bounds_;
  SharedWord* bell_;
  std::vector<Seat*> seats_;
  Seating seating_;
  std::vector<detail::Box> inboxes_;
  std::vector<detail::Box> outboxes_;
  Patience patience_;
};

}  // namespace dromos
