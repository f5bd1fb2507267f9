// Entries travel between a parent and its workers in order, none lost, whoever sleeps or dies. The
// workers are threads here, so that the thread sanitizer sees all of it.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <dromos/exchange.hpp>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "check.hpp"

#ifdef __unix__
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace dromos;
using namespace std::chrono_literals;

namespace {

using Entries = std::vector<std::uint32_t>;

constexpr std::uint32_t kStop = std::uint32_t{1} << kLaneBits;

// Zeroed memory, aligned as an exchange wants it.
class Memory {
 public:
  explicit Memory(const Entries& bounds) : bytes_(Exchange::bytes(bounds)) {
    data_ = static_cast<std::byte*>(std::aligned_alloc(64, (bytes_ + 63) / 64 * 64));
    std::fill(data_, data_ + bytes_, std::byte{0});
  }
  ~Memory() { std::free(data_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  std::byte* data() const { return data_; }

 private:
  std::size_t bytes_;
  std::byte* data_;
};

// Adds one to the counters of the lanes it is given until it is told to stop.
void count_lanes(std::byte* memory, const Entries& bounds, std::size_t worker,
                 std::vector<int>& counters) {
  Exchange exchange(memory, bounds);
  exchange.sit_down(worker);
  Entries taken;
  for (;;) {
    exchange.take(worker, taken, 1h);
    for (const std::uint32_t entry : taken) {
      if ((entry & kStop) != 0) return;
      ++counters[entry & kLaneMask];
    }
    exchange.publish(worker, taken);
    taken.clear();
  }
}

}  // namespace

TEST(every_entry_comes_back_and_brings_what_was_written_before_it) {
  const Entries bounds{0, 3, 7, 8};
  const Memory memory(bounds);
  std::vector<int> counters(8);
  std::vector<std::thread> workers;
  for (std::size_t worker = 0; worker < 3; ++worker)
    workers.emplace_back([&, worker] { count_lanes(memory.data(), bounds, worker, counters); });
  Exchange parent(memory.data(), bounds);
  Entries lanes(8);
  std::iota(lanes.begin(), lanes.end(), 0u);
  constexpr int kRounds = 500;
  for (int round = 1; round <= kRounds; ++round) {
    if (round % 100 == 0) std::this_thread::sleep_for(2ms);  // let everybody fall asleep
    Entries back;
    parent.post(lanes);
    parent.make_room();
    while (back.size() < lanes.size()) parent.collect(back, lanes.size(), 1h);
    std::sort(back.begin(), back.end());
    CHECK(back == lanes);
    for (const int count : counters) CHECK_EQ(count, round);
  }
  parent.post(Entries{kStop, kStop | 3, kStop | 7});
  for (auto& worker : workers) worker.join();
}

TEST(the_first_ready_are_collected_first) {
  const Entries bounds{0, 2, 4};
  const Memory memory(bounds);
  Exchange parent(memory.data(), bounds);
  Exchange worker(memory.data(), bounds);
  parent.post(Entries{0, 1, 2, 3});
  Entries taken;
  CHECK(worker.take(1, taken, 1s) == Waited::changed);
  CHECK(taken == (Entries{2, 3}));
  worker.publish(1, taken);
  Entries back;
  CHECK(parent.collect(back, 1, 1s) == Waited::changed);
  CHECK(back == (Entries{2, 3}));
  CHECK(parent.collect(back, 4, 1ms) == Waited::timed_out);
  CHECK(back == (Entries{2, 3}));
}

TEST(a_cleared_worker_starts_with_empty_boxes) {
  const Entries bounds{0, 2};
  const Memory memory(bounds);
  Exchange parent(memory.data(), bounds);
  Exchange dead(memory.data(), bounds);
  parent.post(Entries{0});
  dead.publish(0, Entries{1});
  parent.clear(0);
  Entries found;
  CHECK(parent.collect(found, 1, 1ms) == Waited::timed_out);
  Exchange fresh(memory.data(), bounds);
  CHECK(fresh.take(0, found, 1ms) == Waited::timed_out);
  CHECK(found.empty());
  parent.post(Entries{1});
  CHECK(fresh.take(0, found, 1s) == Waited::changed);
  CHECK(found == Entries{1});
}

TEST(what_does_not_fit_is_refused) {
  const Entries bounds{0, 2, 4};
  const Memory memory(bounds);
  Exchange parent(memory.data(), bounds);
  CHECK_THROWS(std::out_of_range, parent.post(Entries{4}));
  CHECK_THROWS(std::length_error, parent.post(Entries(9, 0)));
  CHECK_THROWS(std::invalid_argument, Exchange::bytes(Entries{0}));
  CHECK_THROWS(std::invalid_argument, Exchange::bytes(Entries{0, 2, 2}));
}

#ifdef __unix__
TEST(a_worker_that_is_killed_in_its_sleep_can_be_followed_by_another) {
  const Entries bounds{0, 1};
  const std::size_t bytes = Exchange::bytes(bounds);
  void* shared = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(shared != MAP_FAILED);
  auto* memory = static_cast<std::byte*>(shared);
  Exchange parent(memory, bounds);
  std::vector<int> counters(1);
  for (int life = 0; life < 3; ++life) {
    const pid_t child = fork();
    if (child == 0) {
      count_lanes(memory, bounds, 0, counters);
      _exit(0);
    }
    Entries back;
    parent.post(Entries{0});
    CHECK(parent.collect(back, 1, 60s) == Waited::changed);
    std::this_thread::sleep_for(2ms);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    parent.clear(0);
  }
  munmap(shared, bytes);
}
#endif
