// Loops over the lanes of a batch, on several threads and over many steps, whatever its dynamics:
// compiled once for all of them, and not inlined into each.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "function_ref.hpp"
#include "parallel.hpp"
#include "trajectory.hpp"

namespace dromos {

// Work below this many nanoseconds is not worth waking another thread for.
inline constexpr double kThreadGrainNanoseconds = 50'000.0;

// Lanes that do many steps in a row together.
inline constexpr std::size_t kRunLanes = 4 * kBlock;

// Does something with lanes [begin, end).
using LaneRange = FunctionRef<void(std::size_t begin, std::size_t end)>;
// Steps them once; the actions are those of all lanes.
using LaneStepper =
    FunctionRef<void(std::size_t begin, std::size_t end, const void* actions, const Outputs& out)>;

// How lanes are dealt out to threads.
struct Deal {
  std::size_t lanes;
  std::size_t piece;  // lanes that stay together: a block for SIMD, or one where a state is a row
  double piece_nanoseconds;  // that a step of them takes
  std::size_t threads;

  // Calls range for all lanes, each of which makes `steps` steps before it is left.
  void operator()(std::size_t steps, LaneRange range) const {
    const std::size_t pieces = (lanes + piece - 1) / piece;
    const double piece_cost = piece_nanoseconds * static_cast<double>(steps);
    const auto grain =
        static_cast<std::size_t>(std::max(1.0, std::ceil(kThreadGrainNanoseconds / piece_cost)));
    if (threads <= 1 || pieces <= grain) return range(0, lanes);
    parallel_for(threads, pieces, grain, [&](std::size_t begin, std::size_t end) {
      range(begin * piece, std::min(end * piece, lanes));
    });
  }

  // The same with as many lanes at a time as stay in the cache for all their steps.
  void in_cache(std::size_t steps, LaneRange range) const {
    (*this)(steps, [&](std::size_t first, std::size_t last) {
      for (std::size_t begin = first; begin < last; begin += kRunLanes)
        range(begin, std::min(begin + kRunLanes, last));
    });
  }
};

// Actions (steps, lanes, ...), `bytes` to a step.
struct ActionRows {
  const std::byte* first;
  std::size_t bytes;

  const void* operator[](std::size_t step) const { return first + step * bytes; }
};

namespace detail {

inline void note_valid(const Episodes& episodes, std::size_t begin, std::size_t end,
                       std::uint8_t* valid) {
  for (std::size_t lane = begin; lane < end; ++lane) valid[lane] = episodes.restarted[lane] ^ 1;
}

}  // namespace detail

// AnyBatch::run under DISABLED: all lanes step by step, until one has no episode to step in.
[[gnu::noinline]] inline std::size_t run_together(const Episodes& episodes, LaneStepper step_lanes,
                                                  const ActionRows& actions, std::size_t row,
                                                  std::size_t steps, const Trajectory& out) {
  TrajectoryStep step(out, episodes.count, row);
  for (std::size_t t = 0; t < steps; ++t, step.advance()) {
    if (episodes.first_idle() < episodes.count) return t;
    step_lanes(0, episodes.count, actions[t], step.outputs());
    detail::note_valid(episodes, 0, episodes.count, step.valid());
  }
  return steps;
}

// AnyBatch::run under the other modes.
[[gnu::noinline]] inline void run_lanes(const Deal& deal, const Episodes& episodes,
                                        LaneStepper step_lanes, const ActionRows& actions,
                                        std::size_t row, std::size_t steps, const Trajectory& out) {
  deal.in_cache(steps, [&](std::size_t begin, std::size_t end) {
    TrajectoryStep step(out, deal.lanes, row);
    for (std::size_t t = 0; t < steps; ++t, step.advance()) {
      step_lanes(begin, end, actions[t], step.outputs());
      detail::note_valid(episodes, begin, end, step.valid());
    }
  });
}

// AnyBatch::run_out.
[[gnu::noinline]] inline void run_lanes_out(const Deal& deal, LaneStepper step_lanes,
                                            const ActionRows& actions, std::size_t steps,
                                            const Trajectory& out) {
  deal.in_cache(steps, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint8_t> over(end - begin);
    std::size_t going = end - begin;
    TrajectoryStep step(out, deal.lanes, 0);
    for (std::size_t t = 0; t < steps; ++t, step.advance()) {
      if (going > 0) step_lanes(begin, end, actions[t], step.outputs());
      std::fill(step.valid() + begin, step.valid() + end, std::uint8_t{1});
      for (std::size_t lane = begin; lane < end; ++lane) {
        if (over[lane - begin]) {
          step.clear(lane);
        } else if (step.outputs().terminated[lane] | step.outputs().truncated[lane]) {
          over[lane - begin] = 1;
          --going;
        }
      }
    }
  });
}

}  // namespace dromos
