// Lanes of native dynamics: what a batch keeps of them, and how one starts, moves and restarts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "columns.hpp"
#include "dynamics.hpp"
#include "episodes.hpp"
#include "parameter_draws.hpp"
#include "per_lane.hpp"

namespace dromos {

// Everything a batch keeps between two calls.
template <Dynamics D, class Rng>
struct Lanes {
  Lanes(std::size_t lanes, Autoreset mode, std::int32_t step_limit)
      : count(lanes),
        params(lanes),
        options(lanes),
        state(lanes),
        rng(lanes),
        own_episodes(lanes, mode, step_limit),
        episodes(own_episodes.view()) {}

  std::size_t count;
  PerLane<typename D::Params> params;
  PerLane<typename D::Options> options;  // in force for every start of an episode
  Columns<typename D::State> state;
  std::vector<Rng> rng;
  std::vector<LaneDraws> draws;  // done at every start of an episode
  OwnEpisodes own_episodes;
  Episodes& episodes;
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
[[gnu::noinline]] void draw_parameters(Lanes<D, Rng>& lanes, std::size_t lane) {
  lanes.params.alter(lane, [&](auto& params) {
    const auto place = [&](std::size_t field) { return field_place(params, field); };
    draw_parameters(lanes.draws, lane, place, lanes.rng[lane]);
  });
}

// Starts an episode and returns its first state. The lane's parameters may be others afterwards.
template <Dynamics D, class Rng>
typename D::State start(Lanes<D, Rng>& lanes, std::size_t lane) {
  if (!lanes.draws.empty()) draw_parameters(lanes, lane);
  Rng rng = lanes.rng[lane];  // a copy whose address nobody takes: the draws stay in registers
  const auto& params = lanes.params[lane];
  const auto state = D::reset(params, lanes.options[lane], rng);
  require_room<D>(state);
  lanes.rng[lane] = rng;
  lanes.state.store(lane, state);
  lanes.episodes.begin(lane);
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
  lanes.episodes.restarted[lane] = 1;
  store_start(lanes, lane, out, row);
  out.reward[row] = 0;
  out.terminated[row] = out.truncated[row] = 0;
}

// The step of a lane whose episode goes on. `episodes` are those of the lanes, or a copy, of which
// the compiler knows that nothing written here changes where its arrays lie.
template <Dynamics D, class Rng>
[[gnu::always_inline]] inline void move_lane(Lanes<D, Rng>& lanes, Episodes& episodes,
                                             std::size_t lane, const typename D::Action& action,
                                             const Outputs& out, std::size_t row) {
  episodes.restarted[lane] = 0;
  const auto& params = lanes.params[lane];
  auto state = lanes.state.load(lane);
  const Transition transition = advance<D>(params, state, action, lanes.rng[lane]);
  lanes.state.store(lane, state);
  const auto [truncated, ended] = episodes.count_step(lane, transition.terminated != 0);
  if (ended && episodes.replaces()) {
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
  if (lanes.episodes.restarts(lane))
    restart_lane(lanes, lane, out, row);
  else
    move_lane(lanes, lanes.episodes, lane, action, out, row);
}

// Lanes [begin, end) one by one, row r of the outputs belonging to lane r. First those that go on,
// then those that restart: a processor that has to guess which is next guesses wrong too often.
template <Dynamics D, class Rng>
void step_each(Lanes<D, Rng>& lanes, std::size_t begin, std::size_t end,
               const typename D::Action* actions, const Outputs& out) {
  Episodes episodes = lanes.episodes;
  for (std::size_t first = begin; first < end; first += kBlock) {
    std::size_t restarting[kBlock];
    std::size_t moving[kBlock];
    std::size_t restarts = 0;
    std::size_t moves = 0;
    for (std::size_t lane = first; lane < std::min(first + kBlock, end); ++lane) {
      const bool restart = episodes.restarts(lane);
      restarting[restarts] = moving[moves] = lane;
      restarts += restart;
      moves += !restart;
    }
    for (std::size_t i = 0; i < moves; ++i)
      move_lane(lanes, episodes, moving[i], actions[moving[i]], out, moving[i]);
    for (std::size_t i = 0; i < restarts; ++i)
      restart_lane(lanes, restarting[i], out, restarting[i]);
  }
}

}  // namespace dromos
