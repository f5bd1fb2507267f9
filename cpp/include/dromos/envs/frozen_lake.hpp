// A walk over a frozen lake with holes in the ice, on a map that each lane may have of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <tuple>

#include "../grid.hpp"

namespace dromos {

struct FrozenLake : GridWalk<FrozenLake> {
  static constexpr const char* name = "FrozenLake";
  static constexpr double step_nanoseconds = 12.0;

  // Left, down, right, up.
  static constexpr std::int32_t kDown[] = {0, 1, 0, -1};
  static constexpr std::int32_t kRight[] = {-1, 0, 1, 0};

  static constexpr std::int32_t kStart = 0;        // of a map without one
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
                "how likely a step on slippery ice goes where it should", kProbability},
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
    const std::int64_t next = neighbour({std::max(params.nrow, 1), std::max(params.ncol, 1)}, state,
                                        action, params.is_slippery, i);
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

 private:
  static bool is_end(std::uint8_t letter) { return letter == 'G' || letter == 'H'; }
};

}  // namespace dromos
