// The episode: when a lane starts, ends by limit, restarts, and what it reports. Written once, for
// every native environment; dynamics know nothing of it.
//
//   NEXT_STEP   step t: final observation, flags   step t+1: action ignored, reset observation,
//               reward 0, no flags
//   SAME_STEP   step t: reset observation, flags; the final observation apart
//   DISABLED    step t: final observation, flags   until the caller resets the lane, no step
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "columns.hpp"
#include "dynamics.hpp"
#include "parameter_draws.hpp"
#include "per_lane.hpp"

namespace dromos {

enum class Autoreset : std::uint8_t { next_step, same_step, disabled };

enum class Status : std::uint8_t { unset, running, ended };  // kernels rely on this order

inline constexpr std::int32_t kNoLimit = std::numeric_limits<std::int32_t>::max();

// Everything a batch keeps between two calls.
template <Dynamics D, class Rng>
struct Lanes {
  Lanes(std::size_t lanes, Autoreset mode, std::int32_t step_limit)
      : count(lanes),
        autoreset(mode),
        limit(step_limit),
        params(lanes),
        options(lanes),
        state(lanes),
        rng(lanes),
        elapsed(padded(lanes), 0),
        status(padded(lanes), Status::unset),
        restarted(padded(lanes), 0) {}

  std::size_t count;
  Autoreset autoreset;
  std::int32_t limit;  // steps after which an episode is truncated
  PerLane<typename D::Params> params;
  PerLane<typename D::Options> options;  // in force for every start of an episode
  Columns<typename D::State> state;
  std::vector<Rng> rng;
  std::vector<LaneDraws> draws;  // done at every start of an episode
  Column<std::int32_t> elapsed;  // steps of the running episode
  Column<Status> status;
  Column<std::uint8_t> restarted;  // 1 where the last step was a reset
};

// Where one call writes. Row r of each array belongs to the r-th lane of the call; the caller owns
// the arrays and keeps them alive for the call.
struct Outputs {
  void* const* observation;           // one pointer a leaf
  double* reward;                     // (rows,)
  std::uint8_t* terminated;           // (rows,)
  std::uint8_t* truncated;            // (rows,)
  void* const* final_observation;     // like observation; written at ended rows under SAME_STEP
  void* const* info = nullptr;        // one pointer a field of Info: (rows,) or (rows, count)
  void* const* final_info = nullptr;  // like info; written where final_observation is
};

template <Dynamics D, class Rng>
[[gnu::noinline]] void draw_parameters(Lanes<D, Rng>& lanes, std::size_t lane, Rng& rng) {
  lanes.params.alter(lane, [&](auto& params) { draw_parameters(lanes.draws, lane, params, rng); });
}

// Starts an episode and returns its first state. The lane's parameters may be others afterwards.
template <Dynamics D, class Rng>
typename D::State start(Lanes<D, Rng>& lanes, std::size_t lane) {
  Rng rng = lanes.rng[lane];  // a copy: the draws stay in registers
  if (!lanes.draws.empty()) draw_parameters(lanes, lane, rng);
  const auto& params = lanes.params[lane];
  const auto state = D::reset(params, lanes.options[lane], rng);
  lanes.rng[lane] = rng;
  lanes.state.store(lane, state);
  lanes.elapsed[lane] = 0;
  lanes.status[lane] = Status::running;
  return state;
}

template <Dynamics D>
[[gnu::always_inline]] inline void store_observation(const typename D::Params& params,
                                                     const typename D::State& state,
                                                     void* const* leaves, std::size_t row) {
  ObservationLayout<typename D::Observation>::store(D::observe(params, state), leaves, row);
}

template <Dynamics D>
[[gnu::always_inline]] inline void store_info(const typename D::Params& params,
                                              const typename D::State& state, void* const* columns,
                                              std::size_t row) {
  if constexpr (Informative<D>) {
    const auto info = D::info(params, state);
    for_each_field<typename D::Info>([&](auto index, const auto& field) {
      using T = typename std::remove_cvref_t<decltype(field)>::type;
      static_cast<T*>(columns[index])[row] = info.*field.member;
    });
  }
}

// What a lane shows after a step or a reset.
template <Dynamics D>
[[gnu::always_inline]] inline void store_row(const typename D::Params& params,
                                             const typename D::State& state, void* const* leaves,
                                             void* const* info, std::size_t row) {
  store_observation<D>(params, state, leaves, row);
  store_info<D>(params, state, info, row);
}

template <Dynamics D, class Rng>
void observe(Lanes<D, Rng>& lanes, std::size_t lane, void* const* leaves, std::size_t row) {
  store_observation<D>(lanes.params[lane], lanes.state.load(lane), leaves, row);
}

// Starts an episode and shows it.
template <Dynamics D, class Rng>
void store_start(Lanes<D, Rng>& lanes, std::size_t lane, const Outputs& out, std::size_t row) {
  const auto state = start(lanes, lane);
  store_row<D>(lanes.params[lane], state, out.observation, out.info, row);
}

// NEXT_STEP: the step of a lane whose episode has ended is its reset.
template <Dynamics D, class Rng>
void restart_lane(Lanes<D, Rng>& lanes, std::size_t lane, const Outputs& out, std::size_t row) {
  lanes.restarted[lane] = 1;
  store_start(lanes, lane, out, row);
  out.reward[row] = 0;
  out.terminated[row] = out.truncated[row] = 0;
}

// The step of a lane whose episode goes on.
template <Dynamics D, class Rng>
void move_lane(Lanes<D, Rng>& lanes, std::size_t lane, const typename D::Action& action,
               const Outputs& out, std::size_t row) {
  lanes.restarted[lane] = 0;
  const auto& params = lanes.params[lane];
  auto state = lanes.state.load(lane);
  const Transition transition = advance<D>(params, state, action, lanes.rng[lane]);
  lanes.state.store(lane, state);
  const bool truncated = ++lanes.elapsed[lane] >= lanes.limit;
  const bool ended = transition.terminated != 0 || truncated;
  lanes.status[lane] = ended ? Status::ended : Status::running;
  if (ended && lanes.autoreset == Autoreset::same_step) {
    store_row<D>(params, state, out.final_observation, out.final_info, row);
    store_start(lanes, lane, out, row);
  } else {
    store_row<D>(params, state, out.observation, out.info, row);
  }
  out.reward[row] = transition.reward;
  out.terminated[row] = transition.terminated != 0;
  out.truncated[row] = truncated;
}

// One lane's step, whatever the mode and the dynamics.
template <Dynamics D, class Rng>
void step_lane(Lanes<D, Rng>& lanes, std::size_t lane, const typename D::Action& action,
               const Outputs& out, std::size_t row) {
  if (lanes.autoreset == Autoreset::next_step && lanes.status[lane] == Status::ended)
    restart_lane(lanes, lane, out, row);
  else
    move_lane(lanes, lane, action, out, row);
}

// Lanes [begin, end) one by one, row r of the outputs belonging to lane r. First those that go on,
// then those that restart: a processor that has to guess which is next guesses wrong too often.
template <Dynamics D, class Rng>
void step_each(Lanes<D, Rng>& lanes, std::size_t begin, std::size_t end,
               const typename D::Action* actions, const Outputs& out) {
  const bool next_step = lanes.autoreset == Autoreset::next_step;
  for (std::size_t first = begin; first < end; first += kBlock) {
    std::size_t restarting[kBlock];
    std::size_t moving[kBlock];
    std::size_t restarts = 0;
    std::size_t moves = 0;
    for (std::size_t lane = first; lane < std::min(first + kBlock, end); ++lane) {
      const bool restart = next_step && lanes.status[lane] == Status::ended;
      restarting[restarts] = moving[moves] = lane;
      restarts += restart;
      moves += !restart;
    }
    for (std::size_t i = 0; i < moves; ++i)
      move_lane(lanes, moving[i], actions[moving[i]], out, moving[i]);
    for (std::size_t i = 0; i < restarts; ++i)
      restart_lane(lanes, restarting[i], out, restarting[i]);
  }
}

}  // namespace dromos
