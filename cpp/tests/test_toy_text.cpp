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
#include <span>
#include <vector>

#include "check.hpp"

using namespace dromos;

namespace {

constexpr std::size_t kLanes = 200;

// A batch with the arrays it writes to.
template <class D>
struct Run {
  explicit Run(Autoreset mode) : batch(kLanes, mode, 50), actions(kLanes), lanes(kLanes) {
    std::iota(lanes.begin(), lanes.end(), 0);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::uint32_t word[] = {static_cast<std::uint32_t>(lane)};
      batch.seed(lane, word);
    }
    for (const Leaf& leaf : batch.layout().observation) add(leaves, row_bytes(leaf));
    for (const Leaf& leaf : batch.layout().observation) add(final_leaves, row_bytes(leaf));
    for (const FieldInfo& field : batch.layout().info) add(columns, field.bytes);
    for (const FieldInfo& field : batch.layout().info) add(final_columns, field.bytes);
    batch.reset(lanes);
  }
  void step(std::size_t number, std::size_t threads) {
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      actions[lane] =
          static_cast<std::int64_t>((number * 7919 + lane * 104729) >> 3) % D::num_actions;
    const Outputs out{leaves.data(),       rewards.data(), terminated.data(),   truncated.data(),
                      final_leaves.data(), columns.data(), final_columns.data()};
    batch.step(actions.data(), out, threads);
  }
  bool operator==(const Run& other) const {
    return memory == other.memory && rewards == other.rewards && terminated == other.terminated &&
           truncated == other.truncated;
  }

  Batch<D> batch;
  std::vector<std::int64_t> actions, lanes;
  std::vector<double> rewards = std::vector<double>(kLanes);
  std::vector<std::uint8_t> terminated = std::vector<std::uint8_t>(kLanes);
  std::vector<std::uint8_t> truncated = std::vector<std::uint8_t>(kLanes);
  std::vector<std::vector<std::byte>> memory;
  std::vector<void*> leaves, final_leaves, columns, final_columns;

 private:
  void add(std::vector<void*>& places, std::size_t bytes) {
    places.push_back(memory.emplace_back(bytes * kLanes).data());
  }
};

template <class D>
void check_threads() {
  for (const auto mode : {Autoreset::next_step, Autoreset::same_step}) {
    Run<D> one(mode), three(mode);
    for (std::size_t step = 0; step < 200; ++step) {
      one.step(step, 1);
      three.step(step, 3);
      CHECK(one == three);
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
    run.batch.write(Group::state, index++, run.lanes, bytes.data());
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
    const auto* states = static_cast<const std::int64_t*>(run.leaves[0]);
    const auto* masks = static_cast<const taxi::Mask*>(run.columns[1]);
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
