// A walk along a cliff: example 6.6 of Sutton and Barto, "Reinforcement Learning: An Introduction",
// 2nd edition (2018).
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "../dynamics.hpp"
#include "../tabular.hpp"

namespace dromos {

struct CliffWalking {
  static constexpr const char* name = "CliffWalking";
  static constexpr std::int64_t num_actions = 4;  // up, right, down, left
  static constexpr double step_nanoseconds = 10.0;
  static constexpr bool whole_rewards = true;

  static constexpr std::int32_t kRows = 4;
  static constexpr std::int32_t kColumns = 12;
  static constexpr std::int32_t kStart = 36;  // bottom left
  static constexpr std::int32_t kGoal = 47;   // bottom right; between them lies the cliff

  struct Params {
    bool is_slippery = false;

    static constexpr auto fields() {
      return std::tuple{Field{"is_slippery", &Params::is_slippery, "",
                              "whether steps go to either side as often as ahead"}};
    }
  };

  struct State {
    std::int32_t s = kStart;
    std::int8_t lastaction = -1;
    double prob = 1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"s", &State::s, "", "cell of the walker, row * 12 + column"},
          Field{"lastaction", &State::lastaction, "", "-1 before the first step"},
          Field{"prob", &State::prob, "", "how likely the last transition was"},
      };
    }
  };

  struct Info {
    double prob = 1;

    static constexpr auto fields() {
      return std::tuple{Field{"prob", &Info::prob, "", "how likely the last transition was"}};
    }
  };

  using Options = NoOptions;
  using Action = std::int64_t;
  using Observation = std::int64_t;

  static std::int64_t num_states(const Params&) { return kRows * kColumns; }

  static double start_probability(const Params&, std::int64_t state) {
    return state == kStart ? 1.0 : 0.0;
  }

  static Probabilities probabilities(const Params& params, std::int64_t, std::int64_t) {
    constexpr double kThird = 1.0 / 3.0;
    return params.is_slippery ? Probabilities(kThird, kThird, kThird) : Probabilities(1.0);
  }

  static Outcome outcome(const Params& params, std::int64_t state, std::int64_t action,
                         std::size_t i) {
    const std::int64_t turn = params.is_slippery ? static_cast<std::int64_t>(i) - 1 : 0;
    const std::int32_t next = neighbour(static_cast<std::int32_t>(state), (action + turn) & 3);
    if (next > kStart && next < kGoal) return {kStart, -100.0, false};
    return {next, -1.0, next == kGoal};
  }

  template <class Rng>
  static State reset(const Params&, const Options&, Rng& rng) {
    random(rng);  // Gymnasium draws the start, although there is but one
    return State{};
  }

  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    const auto likely = probabilities(params, state.s, action);
    const std::size_t i = likely.draw(rng);
    const Outcome reached = outcome(params, state.s, action, i);
    state = {static_cast<std::int32_t>(reached.state), static_cast<std::int8_t>(action), likely[i]};
    return {reached.reward, reached.terminated};
  }

  static Observation observe(const Params&, const State& state) { return state.s; }
  static Info info(const Params&, const State& state) { return {state.prob}; }

 private:
  static std::int32_t neighbour(std::int32_t cell, std::int64_t direction) {
    constexpr std::int32_t kDown[] = {-1, 0, 1, 0};
    constexpr std::int32_t kRight[] = {0, 1, 0, -1};
    const std::int32_t row = std::clamp(cell / kColumns + kDown[direction], 0, kRows - 1);
    const std::int32_t column = std::clamp(cell % kColumns + kRight[direction], 0, kColumns - 1);
    return row * kColumns + column;
  }
};

}  // namespace dromos
