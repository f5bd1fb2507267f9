// A taxi that fetches a passenger and brings them where they want to go: Dietterich, "Hierarchical
// Reinforcement Learning with the MAXQ Value Function Decomposition", JAIR 13 (2000). Rain and
// fickle passengers are those of its section 7.1.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>

#include "../dynamics.hpp"
#include "../integers.hpp"
#include "../tabular.hpp"

namespace dromos {

namespace taxi {

inline constexpr int kSide = 5;  // cells
inline constexpr int kCells = kSide * kSide;
inline constexpr int kStates = 500;  // ((row * 5 + column) * 5 + passenger) * 4 + destination
inline constexpr int kStarts = 300;
inline constexpr int kInTaxi = 4;                 // a passenger's place; 0 to 3 are the stands
inline constexpr int kStands[] = {0, 4, 20, 23};  // cells of R, G, Y, B
inline constexpr int kPickup = 4, kDropoff = 5;   // actions; 0 to 3 drive
inline constexpr int kLeftOf[] = {2, 3, 1, 0};    // of south, north, east, west
inline constexpr int kRightOf[] = {3, 2, 0, 1};
// '|' is a wall between two cells of a row, ':' none.
inline constexpr const char* kWalls[] = {":|::", ":|::", "::::", "|:|:", "|:|:"};

using Moves = std::array<std::array<std::int8_t, 4>, kCells>;
using Mask = std::array<std::int8_t, 6>;

// The cell that each direction leads to; itself where a wall is in the way.
constexpr Moves moves() {
  Moves table{};
  for (int cell = 0; cell < kCells; ++cell) {
    const int row = cell / kSide;
    const int column = cell % kSide;
    const bool east = column + 1 < kSide && kWalls[row][column] == ':';
    const bool west = column > 0 && kWalls[row][column - 1] == ':';
    const int next[] = {row + 1 < kSide ? cell + kSide : cell, row > 0 ? cell - kSide : cell,
                        east ? cell + 1 : cell, west ? cell - 1 : cell};
    for (std::size_t i = 0; i < 4; ++i)
      table[static_cast<std::size_t>(cell)][i] = static_cast<std::int8_t>(next[i]);
  }
  return table;
}
inline constexpr Moves kMoves = moves();

// A state taken apart.
struct Scene {
  int cell, passenger, destination;

  static constexpr Scene of(std::int64_t state) {
    const auto index = static_cast<int>(static_cast<std::uint64_t>(state) % kStates);
    return {index / 20, index / 4 % 5, index % 4};
  }
  constexpr std::int32_t state() const { return (cell * 5 + passenger) * 4 + destination; }
  constexpr int toward(int direction) const {
    return kMoves[static_cast<std::size_t>(cell)][static_cast<std::size_t>(direction)];
  }
  // The stand that the taxi is at, or -1.
  constexpr int stand() const {
    for (int i = 0; i < 4; ++i)
      if (kStands[i] == cell) return i;
    return -1;
  }
  constexpr bool is_start() const { return passenger < kInTaxi && passenger != destination; }
};

constexpr std::array<Mask, kStates> masks() {
  std::array<Mask, kStates> table{};
  for (int state = 0; state < kStates; ++state) {
    const Scene scene = Scene::of(state);
    Mask& mask = table[static_cast<std::size_t>(state)];
    for (int i = 0; i < 4; ++i) mask[static_cast<std::size_t>(i)] = scene.toward(i) != scene.cell;
    mask[kPickup] = scene.passenger < kInTaxi && kStands[scene.passenger] == scene.cell;
    mask[kDropoff] = scene.passenger == kInTaxi && scene.stand() >= 0;
  }
  return table;
}
inline constexpr std::array<Mask, kStates> kMasks = masks();

// The start states, and the running sums of their probabilities.
struct Starts {
  std::array<std::int16_t, kStarts> state{};
  std::array<double, kStarts> sum{};

  constexpr Starts() {
    double total = 0;
    std::size_t count = 0;
    for (int i = 0; i < kStates; ++i) {
      if (!Scene::of(i).is_start()) continue;
      state[count] = static_cast<std::int16_t>(i);
      sum[count++] = total += 1.0 / kStarts;
    }
  }
};
inline constexpr Starts kStartTable{};

}  // namespace taxi

struct Taxi {
  static constexpr const char* name = "Taxi";
  static constexpr std::int64_t num_actions = 6;  // south, north, east, west, pick up, drop off
  static constexpr double step_nanoseconds = 14.0;
  static constexpr bool whole_rewards = true;

  struct Params {
    bool is_rainy = false;
    bool fickle_passenger = false;
    double rainy_probability = 0.8;
    double fickle_probability = 0.3;

    static constexpr auto fields() {
      return std::tuple{
          Field{"is_rainy", &Params::is_rainy, "", "whether the taxi can slide to the side"},
          Field{"fickle_passenger", &Params::fickle_passenger, "",
                "whether a passenger can change their mind on the first move"},
          Field{"rainy_probability", &Params::rainy_probability, "",
                "how likely the taxi goes straight on in rain", kProbability},
          Field{"fickle_probability", &Params::fickle_probability, "",
                "how likely a passenger is one who changes their mind", kProbability},
      };
    }
  };

  struct State {
    std::int32_t s = 0;
    bool fickle_step = false;
    std::int8_t lastaction = -1;
    std::int8_t taxi_orientation = 0;
    double prob = 1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"s", &State::s, "", "((row * 5 + column) * 5 + passenger) * 4 + destination"},
          Field{"fickle_step", &State::fickle_step, "", "the passenger will change their mind"},
          Field{"lastaction", &State::lastaction, "", "-1 before the first step"},
          Field{"taxi_orientation", &State::taxi_orientation, "", "the last direction driven"},
          Field{"prob", &State::prob, "", "how likely the last transition was"},
      };
    }
  };

  struct Info {
    double prob = 1;
    taxi::Mask action_mask{};

    static constexpr auto fields() {
      return std::tuple{
          Field{"prob", &Info::prob, "", "how likely the last transition was"},
          Field{"action_mask", &Info::action_mask, "", "1 for actions that change the state"},
      };
    }
  };

  using Options = NoOptions;
  using Action = std::int64_t;
  using Observation = std::int64_t;

  static std::int64_t num_states(const Params&) { return taxi::kStates; }

  static double start_probability(const Params&, std::int64_t state) {
    return taxi::Scene::of(state).is_start() ? 1.0 / taxi::kStarts : 0.0;
  }

  static Probabilities probabilities(const Params& params, std::int64_t, std::int64_t action) {
    if (!params.is_rainy || action >= taxi::kPickup) return Probabilities(1.0);
    const double sideways = (1.0 - params.rainy_probability) / 2.0;
    return {params.rainy_probability, sideways, sideways};
  }

  // Nobody slides where the way ahead is blocked.
  static Outcome outcome(const Params&, std::int64_t state, std::int64_t action, std::size_t i) {
    auto scene = taxi::Scene::of(state);
    if (action == taxi::kPickup) return pick_up(scene);
    if (action == taxi::kDropoff) return drop_off(scene);
    if (scene.toward(static_cast<int>(action)) != scene.cell) {
      const auto ahead = static_cast<int>(action);
      const int ways[] = {ahead, taxi::kLeftOf[ahead], taxi::kRightOf[ahead]};
      scene.cell = scene.toward(ways[i]);
    }
    return {scene.state(), -1.0, false};
  }

  template <class Rng>
  static State reset(const Params& params, const Options&, Rng& rng) {
    const auto& starts = taxi::kStartTable;
    const double draw = random(rng);
    const auto* found = std::upper_bound(starts.sum.begin(), starts.sum.end(), draw);
    State state;
    state.s = found == starts.sum.end() ? 0 : starts.state[found - starts.sum.begin()];
    state.fickle_step = params.fickle_passenger && random(rng) < params.fickle_probability;
    return state;
  }

  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    const auto likely = probabilities(params, state.s, action);
    const std::size_t i = likely.draw(rng);
    const Outcome reached = outcome(params, state.s, action, i);
    const auto before = taxi::Scene::of(state.s);
    auto after = taxi::Scene::of(reached.state);
    if (state.fickle_step && params.fickle_passenger && before.passenger == taxi::kInTaxi &&
        before.cell != after.cell) {
      state.fickle_step = false;
      const auto other = static_cast<int>(choice(rng, 3));
      after.destination = other + (other >= after.destination);
    }
    state.s = after.state();
    state.lastaction = static_cast<std::int8_t>(action);
    if (action < taxi::kPickup) state.taxi_orientation = state.lastaction;
    state.prob = likely[i];
    return {reached.reward, reached.terminated};
  }

  static Observation observe(const Params&, const State& state) { return state.s; }
  static Info info(const Params&, const State& state) {
    return {state.prob, taxi::kMasks[static_cast<std::uint32_t>(state.s) % taxi::kStates]};
  }

 private:
  static constexpr double kIllegal = -10.0;

  static Outcome pick_up(taxi::Scene scene) {
    if (scene.passenger == taxi::kInTaxi || taxi::kStands[scene.passenger] != scene.cell)
      return {scene.state(), kIllegal, false};
    scene.passenger = taxi::kInTaxi;
    return {scene.state(), -1.0, false};
  }

  static Outcome drop_off(taxi::Scene scene) {
    const int stand = scene.stand();
    if (scene.passenger != taxi::kInTaxi || stand < 0) return {scene.state(), kIllegal, false};
    scene.passenger = stand;
    const bool arrived = stand == scene.destination;
    return {scene.state(), arrived ? 20.0 : -1.0, arrived};
  }
};

}  // namespace dromos
