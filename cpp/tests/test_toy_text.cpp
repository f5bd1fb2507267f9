// The toy texts: tables add up, infos belong to their rows, and no state leads out of bounds.
#include <array>
#include <cmath>
#include <cstdint>
#include <dromos/batch.hpp>
#include <dromos/envs/blackjack.hpp>
#include <dromos/envs/cliff_walking.hpp>
#include <dromos/envs/frozen_lake.hpp>
#include <dromos/envs/taxi.hpp>
#include <numeric>
#include <vector>

#include "batches.hpp"
#include "check.hpp"

using namespace dromos;
using namespace dromos::testing;

namespace {

constexpr std::size_t kLanes = 200;

template <class D>
struct Run {
  explicit Run(Autoreset mode) : batch(kLanes, mode, 50), buffers(batch) { start_all(batch); }
  void step(std::size_t number, std::size_t threads) {
    batch.step(actions_at(number, kLanes, D::num_actions).data(), buffers.outputs(), threads);
  }

  Batch<D> batch;
  Buffers buffers;
};

template <class D>
void check_threads() {
  for (const auto mode : {Autoreset::next_step, Autoreset::same_step}) {
    Run<D> one(mode), three(mode);
    for (std::size_t step = 0; step < 200; ++step) {
      one.step(step, 1);
      three.step(step, 3);
      CHECK(one.buffers == three.buffers);
    }
  }
}

template <class D>
void check_table(const typename D::Params& params) {
  const TransitionTable table = transition_table<D>(params);
  CHECK(std::fabs(std::accumulate(table.start.begin(), table.start.end(), 0.0) - 1) < 1e-12);
  CHECK_EQ(table.ways.size(), table.start.size() * static_cast<std::size_t>(D::num_actions));
  for (const auto& ways : table.ways) {
    double sum = 0;
    for (const auto& [probability, outcome] : ways) {
      sum += probability;
      CHECK(outcome.state >= 0 && outcome.state < D::num_states(params));
    }
    CHECK(std::fabs(sum - 1) < 1e-12);
  }
}

// What a snapshot from elsewhere may hold.
template <class D>
void check_impossible_states() {
  Run<D> run(Autoreset::next_step);
  std::size_t index = 0;
  for (const FieldInfo& field : run.batch.layout().state) {
    const std::vector<std::uint8_t> bytes(
        field.bytes * kLanes, field.dtype == DType::boolean ? std::uint8_t{1} : std::uint8_t{0x7f});
    run.batch.write(Group::state, index++, everyone(run.batch), bytes.data());
  }
  for (std::size_t step = 0; step < 60; ++step) run.step(step, 1);
}

}  // namespace

TEST(threads_change_nothing) {
  check_threads<Blackjack>();
  check_threads<CliffWalking>();
  check_threads<FrozenLake>();
  check_threads<Taxi>();
}

TEST(tables_add_up) {
  for (const bool slippery : {false, true}) {
    check_table<CliffWalking>({slippery});
    check_table<Taxi>({slippery, false, 0.7, 0.3});
    FrozenLake::Params lake;
    lake.is_slippery = slippery;
    check_table<FrozenLake>(lake);
  }
}

TEST(impossible_states_do_no_harm) {
  check_impossible_states<Blackjack>();
  check_impossible_states<CliffWalking>();
  check_impossible_states<FrozenLake>();
  check_impossible_states<Taxi>();
}

TEST(infos_are_those_of_the_state) {
  Run<Taxi> run(Autoreset::next_step);
  for (std::size_t step = 0; step < 100; ++step) {
    run.step(step, 1);
    const auto* states = static_cast<const std::int64_t*>(run.buffers.observation.places[0]);
    const auto* masks = static_cast<const taxi::Mask*>(run.buffers.info.places[1]);
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      CHECK(masks[lane] == taxi::kMasks[static_cast<std::size_t>(states[lane])]);
  }
}

TEST(large_parameters_of_one_lane_leave_the_others_alone) {
  Batch<FrozenLake> batch(3);
  const std::int64_t every[] = {0, 1, 2};
  const std::int64_t second[] = {1};
  std::vector<FrozenLake::Cells> cells(3);
  batch.read(Group::params, 0, every, cells.data());
  batch.write(Group::params, 0, second, &cells[1]);
  CHECK(batch.params_uniform());
  cells[1][3] = 'H';
  batch.write(Group::params, 0, second, &cells[1]);
  CHECK(!batch.params_uniform());
  std::vector<FrozenLake::Cells> found(3);
  batch.read(Group::params, 0, every, found.data());
  CHECK(found == cells);
}
