// A library of environments: some that the core has too, to be compared with them, and some that
// are odd.
#include <dromos/envs/cartpole.hpp>
#include <dromos/envs/frozen_lake.hpp>
#include <dromos/module.hpp>
#include <stdexcept>

namespace spare {

using dromos::Field;

// Counts to a limit in a tuple of integers; tells an info; throws what an action asks for.
struct Counter {
  static constexpr const char* name = "Counter";
  static constexpr std::int64_t num_actions = 5;
  static constexpr double step_nanoseconds = 50'000;  // worth a thread

  struct Params {
    std::int64_t end = 6;
    static constexpr auto fields() {
      return std::tuple{Field{"end", &Params::end, "", "where an episode ends"}};
    }
  };
  struct State {
    std::int64_t count = 0;
    static constexpr auto fields() {
      return std::tuple{Field{"count", &State::count, "", "steps so far"}};
    }
  };
  struct Options {
    std::int64_t first = 0;
    static constexpr auto fields() {
      return std::tuple{Field{"first", &Options::first, "", "the first count"}};
    }
  };
  struct Info {
    std::int64_t left = 0;
    static constexpr auto fields() {
      return std::tuple{Field{"left", &Info::left, "", "steps to the end"}};
    }
  };
  using Action = std::int64_t;
  using Observation = std::tuple<std::int64_t, std::int64_t>;
  static constexpr Observation observation_low{-10, 0};
  static constexpr Observation observation_high{10, 1};

  static State reset(const Params&, const Options& options, auto&) { return {options.first}; }
  static dromos::Transition step(const Params& params, State& state, Action action) {
    if (action == 1) throw std::invalid_argument("one is refused");
    if (action == 2) throw std::overflow_error("two is too much");
    if (action == 3) throw std::runtime_error("three fails");
    if (action == 4) throw 4;
    ++state.count;
    return {1, state.count >= params.end};
  }
  static Observation observe(const Params&, const State& state) {
    return {state.count, state.count % 2};
  }
  static Info info(const Params& params, const State& state) { return {params.end - state.count}; }
};

// Bounded actions and observations of several numbers.
struct Follow {
  static constexpr const char* name = "Follow";
  static constexpr double step_nanoseconds = 2;

  struct Params {
    static constexpr auto fields() { return std::tuple{}; }
  };
  struct State {
    std::array<double, 2> place{};
    static constexpr auto fields() {
      return std::tuple{Field{"place", &State::place, "m", "x and y"}};
    }
  };
  using Options = dromos::NoOptions;
  using Action = std::array<float, 2>;
  using Observation = std::array<double, 2>;
  static constexpr Action action_low{-1, -2}, action_high{1, 2};
  static constexpr Observation observation_low{-5, -5}, observation_high{5, 5};

  template <class Rng>
  static State reset(const Params&, const Options&, Rng& rng) {
    const double x = dromos::uniform(rng, -1.0, 1.0);
    return {{x, dromos::uniform(rng, -1.0, 1.0)}};
  }
  static dromos::Transition step(const Params&, State& state, Action action) {
    for (std::size_t i = 0; i < 2; ++i)
      state.place[i] = std::clamp(state.place[i] + 0.1 * action[i], -5.0, 5.0);
    return {-std::fabs(state.place[0]), 0};
  }
  static Observation observe(const Params&, const State& state) { return state.place; }
};

}  // namespace spare

DROMOS_MODULE(spare, dromos::CartPole, dromos::FrozenLake, spare::Counter, spare::Follow);
