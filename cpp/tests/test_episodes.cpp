// Episodes: counting steps, at the limits and at the end of the numbers.
#include <cstdint>
#include <dromos/batch.hpp>
#include <dromos/envs/cartpole.hpp>
#include <dromos/envs/taxi.hpp>
#include <dromos/episodes.hpp>
#include <vector>

#include "batches.hpp"
#include "check.hpp"

using namespace dromos;
using namespace dromos::testing;

namespace {

constexpr std::int32_t kMostSteps = kNoLimit - 1;

// A lane without a limit steps on where the count of its steps can go no further.
template <class D>
void check_batch_counts_to_the_end(std::size_t lanes, std::int64_t action) {
  Batch<D> batch(lanes, Autoreset::disabled);
  start_all(batch);
  for (std::size_t lane = 0; lane < lanes; ++lane)
    batch.episodes().elapsed[lane] = kMostSteps - 1 - static_cast<std::int32_t>(lane % 3);
  const std::vector<std::int64_t> actions(lanes, action);
  Buffers buffers(batch);
  for (int i = 0; i < 5; ++i) {
    batch.step(actions.data(), buffers.outputs(), 1);
    CHECK(buffers.truncated == std::vector<std::uint8_t>(lanes, 0));
  }
  const std::int32_t* elapsed = batch.episodes().elapsed;
  CHECK(std::vector(elapsed, elapsed + lanes) == std::vector(lanes, kMostSteps));
}

}  // namespace

TEST(steps_without_a_limit_are_counted_to_the_end_and_never_truncated) {
  OwnEpisodes own(1, Autoreset::next_step, kNoLimit);
  Episodes& episodes = own.view();
  episodes.begin(0);
  CHECK_EQ(episodes.elapsed[0], 0);
  for (const std::int32_t steps : {1, 2, 3}) {
    CHECK(!episodes.count_step(0, false).ended);
    CHECK_EQ(episodes.elapsed[0], steps);
  }
  episodes.elapsed[0] = kMostSteps - 1;
  for (int i = 0; i < 3; ++i) {
    CHECK(!episodes.count_step(0, false).ended);
    CHECK_EQ(episodes.elapsed[0], kMostSteps);
  }
}

TEST(batches_count_to_the_end_in_whole_blocks_and_in_the_rest) {
  for (const std::size_t lanes : {1, 64, 70}) {
    check_batch_counts_to_the_end<CartPole>(lanes, 0);
    check_batch_counts_to_the_end<Taxi>(lanes, 0);
  }
}

TEST(a_limit_truncates_at_its_step_up_to_the_greatest) {
  for (const std::int32_t limit : {1, 2, 500, kMostSteps}) {
    OwnEpisodes own(1, Autoreset::next_step, limit);
    Episodes& episodes = own.view();
    episodes.begin(0);
    if (limit > 2) episodes.elapsed[0] = limit - 2;
    if (limit > 1) CHECK(!episodes.count_step(0, false).truncated);
    const auto ending = episodes.count_step(0, false);
    CHECK(ending.truncated && ending.ended);
    CHECK(episodes.restarts(0));
  }
}

TEST(a_limit_that_falls_behind_truncates_at_the_next_step) {
  OwnEpisodes own(1, Autoreset::next_step, kNoLimit);
  Episodes& episodes = own.view();
  episodes.begin(0);
  for (int i = 0; i < 5; ++i) episodes.count_step(0, false);
  episodes.limit[0] = 2;
  CHECK(episodes.count_step(0, false).truncated);
  CHECK_EQ(episodes.elapsed[0], 6);
}
