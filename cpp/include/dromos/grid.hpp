// Walks over a grid of cells in four directions, on ice that can lead a step to either side.
//
//   struct MyWalk : GridWalk<MyWalk> {
//     static constexpr std::int32_t kStart = 0;         // the cell of a new State
//     static constexpr std::int32_t kDown[4] = {...};   // what each action adds to the row,
//     static constexpr std::int32_t kRight[4] = {...};  // and to the column; in turning order
//     // name, step_nanoseconds, Params, reset and what tabular.hpp asks for
//   };
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "dynamics.hpp"
#include "tabular.hpp"

namespace dromos {

template <class D>
struct GridWalk {
  static constexpr std::int64_t num_actions = 4;
  static constexpr bool whole_rewards = true;

  struct State {
    std::int32_t s = D::kStart;
    std::int8_t lastaction = -1;
    double prob = 1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"s", &State::s, "", "cell of the walker, row * columns + column"},
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

  template <class Params, class Rng>
#ifdef __clang__  // a little faster inlined, where GCC is a tenth slower
  [[gnu::always_inline]]
#endif
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    const auto likely = D::probabilities(params, state.s, action);
    const std::size_t i = likely.draw(rng);
    const Outcome reached = D::outcome(params, state.s, action, i);
    state = {static_cast<std::int32_t>(reached.state), static_cast<std::int8_t>(action), likely[i]};
    return {reached.reward, reached.terminated};
  }

  template <class Params>
  static Observation observe(const Params&, const State& state) {
    return state.s;
  }
  template <class Params>
  static Info info(const Params&, const State& state) {
    return {state.prob};
  }

 protected:
  struct Size {
    std::int32_t rows, columns;  // at least 1
  };

  // The cell that the i-th way of an action leads to: on slippery ice the first turns to one side,
  // the second goes ahead, the third turns to the other side. Nobody leaves the grid.
  static std::int32_t neighbour(Size size, std::int64_t cell, std::int64_t action, bool is_slippery,
                                std::size_t i) {
    const std::int64_t turn = is_slippery ? static_cast<std::int64_t>(i) - 1 : 0;
    const std::int64_t direction = (action + turn) & 3;
    const auto from = static_cast<std::int32_t>(cell);
    const std::int32_t row = from / size.columns + D::kDown[direction];
    const std::int32_t column = from % size.columns + D::kRight[direction];
    return std::clamp(row, 0, size.rows - 1) * size.columns +
           std::clamp(column, 0, size.columns - 1);
  }
};

}  // namespace dromos
