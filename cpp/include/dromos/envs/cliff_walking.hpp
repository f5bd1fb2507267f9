// A walk along a cliff: example 6.6 of Sutton and Barto, "Reinforcement Learning: An Introduction",
// 2nd edition (2018).
#pragma once

#include <cstdint>
#include <tuple>

#include "../grid.hpp"

namespace dromos {

struct CliffWalking : GridWalk<CliffWalking> {
  static constexpr const char* name = "CliffWalking";
  static constexpr double step_nanoseconds = 10.0;

  // Up, right, down, left.
  static constexpr std::int32_t kDown[] = {-1, 0, 1, 0};
  static constexpr std::int32_t kRight[] = {0, 1, 0, -1};

  static constexpr Size kSize{4, 12};
  static constexpr std::int32_t kStart = 36;  // bottom left
  static constexpr std::int32_t kGoal = 47;   // bottom right; between them lies the cliff

  struct Params {
    bool is_slippery = false;

    static constexpr auto fields() {
      return std::tuple{Field{"is_slippery", &Params::is_slippery, "",
                              "whether steps go to either side as often as ahead"}};
    }
  };

  static std::int64_t num_states(const Params&) { return kSize.rows * kSize.columns; }

  static double start_probability(const Params&, std::int64_t state) {
    return state == kStart ? 1.0 : 0.0;
  }

  static Probabilities probabilities(const Params& params, std::int64_t, std::int64_t) {
    constexpr double kThird = 1.0 / 3.0;
    return params.is_slippery ? Probabilities(kThird, kThird, kThird) : Probabilities(1.0);
  }

  static Outcome outcome(const Params& params, std::int64_t state, std::int64_t action,
                         std::size_t i) {
    const std::int32_t next = neighbour(kSize, state, action, params.is_slippery, i);
    if (next > kStart && next < kGoal) return {kStart, -100.0, false};
    return {next, -1.0, next == kGoal};
  }

  template <class Rng>
  static State reset(const Params&, const Options&, Rng& rng) {
    random(rng);  // Gymnasium draws the start, although there is but one
    return State{};
  }
};

}  // namespace dromos
