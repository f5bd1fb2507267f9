// parallel_for and the pool behind it. Under the thread sanitizer this is the test of its memory
// ordering; elsewhere of its promises.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <dromos/parallel.hpp>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "check.hpp"

#ifdef __unix__
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace dromos;

namespace {

// Adds one to every index's counter, plainly: a piece handed out twice is a race or a wrong count.
std::vector<int> visits(std::size_t threads, std::size_t n, std::size_t grain) {
  std::vector<int> counts(n);
  parallel_for(threads, n, grain, [&](std::size_t begin, std::size_t end) {
    CHECK(begin < end && end <= n);
    for (std::size_t i = begin; i < end; ++i) ++counts[i];
  });
  return counts;
}

bool all_ones(const std::vector<int>& counts) {
  return std::ranges::all_of(counts, [](int count) { return count == 1; });
}

// Long enough for an awake worker to take part, so that tests see more than one thread.
void linger() { std::this_thread::sleep_for(std::chrono::microseconds(200)); }

void sleep_past_the_spin() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

#ifdef __unix__
// Runs body in a forked child; true if it returned true there.
template <class Body>
bool holds_in_child(Body&& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body() ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0;
}
#endif

}  // namespace

TEST(every_index_is_visited_once) {
  for (const std::size_t threads : {1, 2, 3, 8})
    for (const std::size_t n : {0, 1, 2, 3, 7, 64, 1000, 4097})
      for (const std::size_t grain : {0, 1, 2, 10, 1000})
        CHECK(all_ones(visits(threads, n, grain)));
}

TEST(small_loops_stay_on_the_calling_thread_in_one_piece) {
  int calls = 0;
  parallel_for(8, 100, 100, [&](std::size_t begin, std::size_t end) {
    ++calls;
    CHECK(begin == 0 && end == 100);
  });
  CHECK_EQ(calls, 1);
}

TEST(there_are_at_most_eight_pieces_a_grain) {
  for (const std::size_t n : {101, 150, 199, 200, 250, 1000, 100000}) {
    std::atomic<std::size_t> pieces{0};
    parallel_for(8, n, 100, [&](std::size_t, std::size_t) { ++pieces; });
    CHECK(pieces <= 8 * n / 100 + 8);
  }
}

TEST(more_than_one_thread_takes_part) {
  std::array<std::atomic<std::thread::id>, 64> ran_by{};
  parallel_for(4, ran_by.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) ran_by[i] = std::this_thread::get_id();
    linger();
  });
  CHECK(std::ranges::any_of(ran_by, [](auto& id) { return id != std::this_thread::get_id(); }));
}

TEST(what_was_written_before_and_within_is_visible) {
  std::vector<std::size_t> values(1000);
  for (std::size_t round = 1; round <= 2000; ++round) {
    std::ranges::fill(values, round);
    parallel_for(3, values.size(), 10, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) values[i] += i;
    });
    const auto sum = std::accumulate(values.begin(), values.end(), std::size_t{0});
    if (sum != 1000 * round + 499500) CHECK_EQ(sum, 1000 * round + 499500);
    if (round % 500 == 0) sleep_past_the_spin();
  }
}

TEST(an_exception_reaches_the_caller_and_the_pool_lives_on) {
  for (std::size_t bad = 0; bad < 64; ++bad) {
    const auto loop = [&] {
      parallel_for(4, 64, 1, [&](std::size_t begin, std::size_t end) {
        if (begin <= bad && bad < end) throw std::out_of_range("bad");
      });
    };
    CHECK_THROWS(std::out_of_range, loop());
  }
  CHECK(all_ones(visits(4, 1000, 1)));
}

TEST(only_one_of_many_exceptions_is_thrown) {
  const auto loop = [] {
    parallel_for(4, 64, 1, [](std::size_t, std::size_t) { throw std::runtime_error("all"); });
  };
  for (int i = 0; i < 100; ++i) CHECK_THROWS(std::runtime_error, loop());
}

TEST(nested_loops_run_inline) {
  std::vector<int> counts(32 * 32);
  parallel_for(4, 32, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row)
      parallel_for(4, 32, 1, [&, row](std::size_t first, std::size_t last) {
        CHECK(first == 0 && last == 32);
        for (std::size_t i = first; i < last; ++i) ++counts[row * 32 + i];
      });
  });
  CHECK(all_ones(counts));
}

TEST(concurrent_callers_do_not_wait_for_each_other) {
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&] {
      for (int i = 0; i < 500; ++i)
        if (!all_ones(visits(3, 200, 10))) ++wrong;
    });
  for (auto& caller : callers) caller.join();
  CHECK_EQ(wrong.load(), 0);
}

TEST(pools_come_and_go) {
  for (int i = 0; i < 300; ++i) {
    WorkerPool pool(3);
    std::atomic<std::size_t> sum{0};
    parallel_for(pool, 3, 100, 1, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
    CHECK_EQ(sum.load(), std::size_t{100});
  }
}

TEST(a_paused_pool_leaves_the_work_to_the_caller) {
  WorkerPool pool(3);
  CHECK(pool.pause());
  CHECK(!pool.pause());
  int calls = 0;
  parallel_for(pool, 3, 100, 1, [&](std::size_t, std::size_t) { ++calls; });
  CHECK_EQ(calls, 1);
  pool.resume();
  std::atomic<std::size_t> sum{0};
  parallel_for(pool, 3, 100, 1, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
  CHECK_EQ(sum.load(), std::size_t{100});
}

#ifdef __unix__
TEST(a_forked_child_has_its_own_workers) {
  CHECK(all_ones(visits(3, 1000, 1)));
  CHECK(holds_in_child([] { return all_ones(visits(3, 1000, 1)); }));
  CHECK(all_ones(visits(3, 1000, 1)));
}

TEST(a_child_forked_during_a_loop_has_its_own_workers) {
  std::atomic<bool> inside{false};
  std::atomic<bool> leave{false};
  std::thread other([&] {
    parallel_for(2, 2, 1, [&](std::size_t, std::size_t) {
      inside = true;
      while (!leave) linger();
    });
  });
  while (!inside) linger();
  CHECK(holds_in_child([] { return all_ones(visits(1, 1000, 1)); }));
  leave = true;
  other.join();
  CHECK(all_ones(visits(3, 1000, 1)));
}
#endif
