// A walk over a frozen lake with holes in the ice, on a map that each lane may have of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <tuple>

#include "../dynamics.hpp"
#include "../tabular.hpp"

namespace dromos {

struct FrozenLake {
  static constexpr const char* name = "FrozenLake";
  static constexpr std::int64_t num_actions = 4;  // left, down, right, up
  static constexpr double step_nanoseconds = 12.0;
  static constexpr bool whole_rewards = true;
  static constexpr std::size_t kMostCells = 4096;  // a power of two

  using Cells = std::array<std::uint8_t, kMostCells>;

  static constexpr Cells small_map() {
    Cells cells{};
    std::copy_n("SFFFFHFHFFFHHFFG", 16, cells.begin());
    return cells;
  }

  struct Params {
    Cells cells = small_map();
    std::int32_t nrow = 4;
    std::int32_t ncol = 4;
    bool is_slippery = true;
    double success_rate = 1.0 / 3.0;
    std::array<double, 3> reward_schedule = {1, 0, 0};

    static constexpr auto fields() {
      return std::tuple{
          Field{"cells", &Params::cells, "",
                "letters of the map row by row: S start, F frozen, H hole, G goal"},
          Field{"nrow", &Params::nrow, "", "rows of the map"},
          Field{"ncol", &Params::ncol, "", "columns of the map"},
          Field{"is_slippery", &Params::is_slippery, "", "whether steps can go astray"},
          Field{"success_rate", &Params::success_rate, "",
                "how likely a step on slippery ice goes where it should"},
          Field{"reward_schedule", &Params::reward_schedule, "",
                "rewards for reaching a goal, a hole, another cell"},
      };
    }

    std::uint8_t letter(std::int64_t state) const {
      return cells[static_cast<std::size_t>(state) % kMostCells];
    }
    std::size_t size() const {
      return std::min(kMostCells, static_cast<std::size_t>(nrow) * static_cast<std::size_t>(ncol));
    }
  };

  struct State {
    std::int32_t s = 0;
    std::int8_t lastaction = -1;
    double prob = 1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"s", &State::s, "", "cell of the walker, row * ncol + column"},
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

  static std::int64_t num_states(const Params& params) {
    return static_cast<std::int64_t>(params.size());
  }

  static double start_probability(const Params& params, std::int64_t state) {
    if (params.letter(state) != 'S') return 0;
    const auto* begin = params.cells.begin();
    return 1.0 / static_cast<double>(std::count(begin, begin + params.size(), 'S'));
  }

  static Probabilities probabilities(const Params& params, std::int64_t state, std::int64_t) {
    if (!params.is_slippery || is_end(params.letter(state))) return Probabilities(1.0);
    const double astray = (1.0 - params.success_rate) / 2.0;
    return {astray, params.success_rate, astray};
  }

  static Outcome outcome(const Params& params, std::int64_t state, std::int64_t action,
                         std::size_t i) {
    if (is_end(params.letter(state))) return {state, 0.0, true};
    const std::int64_t turn = params.is_slippery ? static_cast<std::int64_t>(i) - 1 : 0;
    const std::int64_t next = neighbour(params, state, (action + turn) & 3);
    const std::uint8_t letter = params.letter(next);
    const std::size_t event = letter == 'G' ? 0 : letter == 'H' ? 1 : 2;
    return {next, params.reward_schedule[event], event != 2};
  }

  // Several starts are equally likely.
  template <class Rng>
  static State reset(const Params& params, const Options&, Rng& rng) {
    const double draw = random(rng);
    const std::uint8_t* cells = params.cells.data();
    const std::uint8_t* end = cells + params.size();
    const auto next = [end](const std::uint8_t* from) {
      const auto left = static_cast<std::size_t>(end - from);
      return static_cast<const std::uint8_t*>(std::memchr(from, 'S', left));
    };
    const std::uint8_t* start = next(cells);
    if (start == nullptr) return State{};
    const double each = start_probability(params, start - cells);
    double sum = each;
    for (const std::uint8_t* later = next(start + 1); sum <= draw && later != nullptr;
         later = next(later + 1), sum += each)
      start = later;
    return State{static_cast<std::int32_t>(start - cells)};
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
  static bool is_end(std::uint8_t letter) { return letter == 'G' || letter == 'H'; }

  static std::int64_t neighbour(const Params& params, std::int64_t state, std::int64_t direction) {
    constexpr std::int32_t kDown[] = {0, 1, 0, -1};
    constexpr std::int32_t kRight[] = {-1, 0, 1, 0};
    const auto cell = static_cast<std::int32_t>(state);
    const std::int32_t columns = std::max(params.ncol, 1);
    const std::int32_t row = cell / columns + kDown[direction];
    const std::int32_t column = cell % columns + kRight[direction];
    return std::clamp(row, 0, std::max(params.nrow, 1) - 1) * columns +
           std::clamp(column, 0, columns - 1);
  }
};

}  // namespace dromos
