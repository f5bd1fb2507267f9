// Batches: every kernel, thread count and mode gives the bits of a lane stepped alone.
#include <array>
#include <cstdint>
#include <dromos/batch.hpp>
#include <dromos/envs/cartpole.hpp>
#include <vector>

#include "batches.hpp"
#include "check.hpp"

using namespace dromos;
using namespace dromos::testing;

namespace {

// Random walk that draws in every step: dynamics whose lanes cannot share an instruction.
struct Walk {
  static constexpr const char* name = "Walk";
  static constexpr std::int64_t num_actions = 3;
  static constexpr double step_nanoseconds = 400.0;  // makes small batches worth two threads
  struct Params {
    double pull = 0.5;
    static constexpr auto fields() { return std::tuple{Field{"pull", &Params::pull, "", ""}}; }
  };
  struct State {
    double x = 0;
    std::int64_t visits = 0;
    static constexpr auto fields() {
      return std::tuple{Field{"x", &State::x, "", ""}, Field{"visits", &State::visits, "", ""}};
    }
  };
  struct Options {
    double start = 0;
    static constexpr auto fields() { return std::tuple{Field{"start", &Options::start, "", ""}}; }
  };
  using Action = std::int64_t;
  using Observation = std::tuple<double, std::int64_t>;

  template <class Rng>
  static State reset(const Params&, const Options& options, Rng& rng) {
    return {options.start + uniform(rng, -1, 1), 0};
  }
  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    state.x += params.pull * static_cast<double>(action - 1) + uniform(rng, -0.5, 0.5);
    ++state.visits;
    return {state.x, state.x > 3 || state.x < -3};
  }
  static Observation observe(const Params&, const State& state) { return {state.x, state.visits}; }
};

// FNV-1a over everything a step reports.
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;
  void add(const void* data, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
      value = (value ^ static_cast<const unsigned char*>(data)[i]) * 0x100000001b3;
  }
  void add(const Buffers& buffers) {
    for (const auto& leaf : buffers.observation.memory) add(leaf.data(), leaf.size());
    add(buffers.reward.data(), buffers.reward.size() * sizeof(double));
    add(buffers.terminated.data(), buffers.terminated.size());
    add(buffers.truncated.data(), buffers.truncated.size());
  }
};

enum class How { together, one_by_one };

template <class D>
std::uint64_t hash_of_run(std::size_t lanes, Autoreset mode, std::size_t threads, How how,
                          bool own_params = false) {
  Batch<D> batch(lanes, mode, 60);
  if (own_params) {
    const auto ids = everyone(batch);
    std::vector<double> values(lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      values[lane] = 0.4 + 0.001 * static_cast<double>(lane % 100);
    batch.write(Group::params, std::is_same_v<D, CartPole> ? 3 : 0, ids, values.data());
  }
  start_all(batch);
  Buffers buffers(batch), row(batch);
  Hash hash;
  for (std::size_t step = 0; step < 150; ++step) {
    const auto actions = actions_at(step, lanes, D::num_actions);
    if (how == How::together) {
      batch.step(actions.data(), buffers.outputs(), threads);
    } else {
      batch.step_some(everyone(batch), actions.data(), buffers.outputs());
    }
    hash.add(buffers);
    if (mode == Autoreset::disabled) {
      std::vector<std::int64_t> ended;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        if (buffers.terminated[lane] || buffers.truncated[lane])
          ended.push_back(static_cast<std::int64_t>(lane));
      batch.reset(ended);
    }
  }
  return hash.value;
}

constexpr Autoreset kModes[] = {Autoreset::next_step, Autoreset::same_step, Autoreset::disabled};

template <class D>
void check_every_way(std::size_t lanes) {
  for (const Autoreset mode : kModes) {
    for (const bool own_params : {false, true}) {
      const auto expected = hash_of_run<D>(lanes, mode, 1, How::one_by_one, own_params);
      for (const std::size_t threads : {1u, 2u, 3u})
        CHECK_EQ(hash_of_run<D>(lanes, mode, threads, How::together, own_params), expected);
    }
  }
}

}  // namespace

TEST(cartpole_lanes_do_not_depend_on_kernel_or_threads) {
  for (const std::size_t lanes : {1u, 7u, 8u, 63u, 64u, 65u, 200u})
    check_every_way<CartPole>(lanes);
}

TEST(stochastic_lanes_do_not_depend_on_threads) {
  for (const std::size_t lanes : {1u, 65u, 2000u}) check_every_way<Walk>(lanes);
}

// One lane whose pole leans far among others that do not: its block takes another way to the sines.
TEST(cartpole_lanes_do_not_depend_on_the_angles_of_others) {
  for (const std::size_t lanes : {1u, 5u, 8u, 70u}) {
    Batch<CartPole> together(lanes), alone(lanes);
    for (Batch<CartPole>* batch : {&together, &alone}) {
      const auto ids = everyone(*batch);
      for (const std::size_t threshold : {6u, 7u})
        batch->write(Group::params, threshold, ids, std::vector<double>(lanes, 1e9).data());
      start_all(*batch);
      const std::int64_t last[] = {static_cast<std::int64_t>(lanes) - 1};
      const double far[] = {2.5};
      batch->write(Group::state, 2, last, far);
    }
    Buffers left(together), right(alone);
    for (std::size_t step = 0; step < 200; ++step) {
      const auto actions = actions_at(step, lanes, CartPole::num_actions);
      together.step(actions.data(), left.outputs(), 1);
      alone.step_some(everyone(alone), actions.data(), right.outputs());
      CHECK(left == right);
    }
  }
}

TEST(large_batches_share_threads_and_agree) {
  constexpr std::size_t kLanes = 40'000;
  const auto expected = hash_of_run<CartPole>(kLanes, Autoreset::next_step, 1, How::together);
  CHECK_EQ(hash_of_run<CartPole>(kLanes, Autoreset::next_step, 3, How::together), expected);
}

// A number to hold on to: the same on every machine, instruction set and build type.
TEST(cartpole_episodes_are_these) {
  CHECK_EQ(hash_of_run<CartPole>(64, Autoreset::next_step, 1, How::together), 0x3975f42fd8d6344u);
}

TEST(a_lane_can_end_by_both_flags) {
  Batch<CartPole> batch(1, Autoreset::next_step, 1);
  const std::int64_t lane[] = {0};
  const double far[] = {5.0};
  start_all(batch);
  batch.write(Group::state, 0, lane, far);
  Buffers buffers(batch);
  const std::int64_t action[] = {0};
  batch.step(action, buffers.outputs(), 1);
  CHECK_EQ(buffers.terminated[0], 1);
  CHECK_EQ(buffers.truncated[0], 1);
}

TEST(bad_actions_are_found) {
  Batch<CartPole> batch(100);
  std::vector<std::int64_t> actions(100, 1);
  CHECK_EQ(batch.first_bad_action(actions.data(), 100), -1);
  for (const std::int64_t bad : {std::int64_t{2}, std::int64_t{-1}, INT64_MAX, INT64_MIN}) {
    actions[57] = bad;
    CHECK_EQ(batch.first_bad_action(actions.data(), 100), 57);
  }
}

TEST(parameters_stay_shared_until_a_lane_differs) {
  Batch<CartPole> batch(10);
  const auto ids = everyone(batch);
  const std::vector<double> same(10, 2.0);
  batch.write(Group::params, 0, ids, same.data());
  CHECK(batch.params_uniform());
  const std::int64_t third[] = {3};
  const double other[] = {7.0};
  batch.write(Group::params, 0, third, other);
  CHECK(!batch.params_uniform());
  std::vector<double> found(10);
  batch.read(Group::params, 0, ids, found.data());
  CHECK_EQ(found[2], 2.0);
  CHECK_EQ(found[3], 7.0);
}

TEST(bytes_of_streams_restore_the_future) {
  Batch<Walk> batch(20, Autoreset::next_step, 60), other(20, Autoreset::next_step, 60);
  start_all(batch);
  const auto ids = everyone(batch);
  std::vector<std::byte> streams(20 * batch.rng_bytes());
  batch.read_rng(ids, streams.data());
  other.reset(ids);
  other.write_rng(ids, streams.data());
  std::vector<double> x(20);
  std::vector<std::int64_t> visits(20);
  batch.read(Group::state, 0, ids, x.data());
  batch.read(Group::state, 1, ids, visits.data());
  other.write(Group::state, 0, ids, x.data());
  other.write(Group::state, 1, ids, visits.data());
  Buffers one(batch), two(other);
  for (std::size_t step = 0; step < 50; ++step) {
    const auto actions = actions_at(step, 20, 3);
    batch.step(actions.data(), one.outputs(), 1);
    other.step(actions.data(), two.outputs(), 2);
    Hash left, right;
    left.add(one);
    right.add(two);
    CHECK_EQ(left.value, right.value);
  }
}
