// A process that waits gives its processor to one of two workers that share theirs, and to nobody
// else.
#include <dromos/exchange.hpp>
#include <dromos/seat.hpp>
#include <vector>

#include "check.hpp"

#ifdef __linux__
#include <sched.h>

#include <atomic>
#include <thread>
#endif

using namespace dromos;

namespace {

constexpr std::int32_t kElsewhere = 1 << 20;  // a processor that no machine has

// The seats of workers on these processors. Their thread is the calling one: to move it to where it
// runs changes nothing.
class Seats {
 public:
  explicit Seats(const std::vector<std::int32_t>& processors) : seats_(processors.size()) {
    for (std::size_t i = 0; i < seats_.size(); ++i) {
      seats_[i].task = detail::own_task();
      seats_[i].processor = processors[i];
      places_.push_back(&seats_[i]);
    }
  }

  Seat& operator[](std::size_t worker) { return seats_[worker]; }

  bool make_room() { return Seating().make_room(places_); }
  bool make_room(Seating& seating, Seating::Clock::time_point now) {
    return seating.make_room(places_, now);
  }

 private:
  std::vector<Seat> seats_;
  std::vector<Seat*> places_;
};

}  // namespace

#ifdef __linux__
TEST(one_of_two_that_share_a_processor_is_moved) {
  CHECK(Seats({kElsewhere, kElsewhere}).make_room());
  CHECK(Seats({kElsewhere, kElsewhere + 1, kElsewhere}).make_room());
}

TEST(nobody_is_moved_where_each_has_a_processor) {
  CHECK(!Seats({kElsewhere}).make_room());
  CHECK(!Seats({kElsewhere, kElsewhere + 1}).make_room());
}

TEST(nobody_is_moved_to_where_a_worker_is) {
  cpu_set_t all, one;
  CHECK_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(detail::own_processor()), &one);
  CHECK_EQ(sched_setaffinity(0, sizeof(one), &one), 0);  // to know where the call will run
  CHECK(!Seats({kElsewhere, kElsewhere, detail::own_processor()}).make_room());
  CHECK_EQ(sched_setaffinity(0, sizeof(all), &all), 0);
}

TEST(a_worker_that_has_ended_is_not_moved) {
  Seats seats({kElsewhere, kElsewhere});
  seats[1].task = 0;
  CHECK(!seats.make_room());
}

TEST(moves_have_pauses_between_them) {
  Seats seats({kElsewhere, kElsewhere});
  Seating seating;
  const auto now = Seating::Clock::now();
  CHECK(seats.make_room(seating, now));
  CHECK(!seats.make_room(seating, now + Seating::kPause / 2));
  CHECK(seats.make_room(seating, now + Seating::kPause));
}

TEST(a_thread_is_moved_and_may_run_wherever_it_might_before) {
  std::atomic<std::int32_t> task{0}, seen{-1};
  std::atomic<bool> done{false};
  cpu_set_t before, after;
  std::thread worker([&] {
    task = detail::own_task();
    while (!done) seen = detail::own_processor();
  });
  while (task == 0) std::this_thread::yield();
  CHECK_EQ(sched_getaffinity(task, sizeof(before), &before), 0);
  for (std::size_t processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &before)) continue;
    const auto wanted = static_cast<std::int32_t>(processor);
    while (seen != wanted) detail::move_task(task, wanted);
    CHECK_EQ(sched_getaffinity(task, sizeof(after), &after), 0);
    CHECK(CPU_EQUAL(&before, &after));
  }
  detail::move_task(task, kElsewhere % CPU_SETSIZE + CPU_SETSIZE);
  CHECK_EQ(sched_getaffinity(task, sizeof(after), &after), 0);
  CHECK(CPU_EQUAL(&before, &after));
  done = true;
  worker.join();
}
#endif

TEST(a_worker_tells_where_it_is_when_it_takes_entries) {
  Seats seats({kElsewhere});
  seats[0].take();
  CHECK(seats[0].processor != kElsewhere);
}
