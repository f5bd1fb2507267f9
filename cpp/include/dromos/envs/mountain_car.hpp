// An underpowered car in a valley that must swing back and forth to climb out: Moore, "Efficient
// memory-based learning for robot control" (1990), in the form of Sutton and Barto's book, with the
// parameters Gym uses.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "../dynamics.hpp"
#include "../math.hpp"
#include "../random.hpp"

namespace dromos {

struct MountainCar {
  static constexpr const char* name = "MountainCar";
  static constexpr std::int64_t num_actions = 3;  // push left, do not push, push right
  static constexpr double step_nanoseconds = 4.0;

  struct Params {
    double min_position = -1.2;
    double max_position = 0.6;
    double max_speed = 0.07;
    double goal_position = 0.5;
    double goal_velocity = 0.0;
    double force = 0.001;
    double gravity = 0.0025;

    static constexpr auto fields() {
      return std::tuple{
          Field{"min_position", &Params::min_position, "", "where the wall on the left stands",
                kLeastIsWidest},
          Field{"max_position", &Params::max_position, "", "where the world ends on the right"},
          Field{"max_speed", &Params::max_speed, "1/step", "the car is never faster", kPositive},
          Field{"goal_position", &Params::goal_position, "", "the flag"},
          Field{"goal_velocity", &Params::goal_velocity, "1/step", "least velocity at the flag"},
          Field{"force", &Params::force, "1/step^2", "acceleration by a push"},
          Field{"gravity", &Params::gravity, "1/step^2", "acceleration by the steepest slope"},
      };
    }
  };

  struct State {
    double position = 0;
    double velocity = 0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"position", &State::position, "", "position of the car; the valley is at -pi/6"},
          Field{"velocity", &State::velocity, "1/step", "velocity of the car"},
      };
    }
  };

  struct Options {
    double low = -0.6;
    double high = -0.4;

    static constexpr auto fields() {
      return std::tuple{
          Field{"low", &Options::low, "", "lower bound of the start position"},
          Field{"high", &Options::high, "", "upper bound of the start position"},
      };
    }
  };

  using Action = std::int64_t;
  using Observation = std::array<float, 2>;

  template <class Rng>
  static State reset(const Params&, const Options& options, Rng& rng) {
    return State{uniform(rng, options.low, options.high), 0.0};
  }

  // The hill is sin(3 x), so the slope is proportional to cos(3 x).
  static Transition step(const Params& params, State& state, Action action) {
    const double force = params.force;
    const double to_right = action == 2 ? force : 0.0;
    const double push = action == 0 ? -force : to_right;
    const double pull = cos(3.0 * state.position) * -params.gravity;
    const double velocity =
        clamp(state.velocity + (push + pull), -params.max_speed, params.max_speed);
    state.position = clamp(state.position + velocity, params.min_position, params.max_position);
    // The wall on the left stops the car.
    const bool crashed = (state.position == params.min_position) & (velocity < 0.0);
    state.velocity = crashed ? 0.0 : velocity;
    const bool arrived =
        (state.position >= params.goal_position) & (state.velocity >= params.goal_velocity);
    return {-1.0, arrived};
  }

  static Observation observe(const Params&, const State& state) {
    return {static_cast<float>(state.position), static_cast<float>(state.velocity)};
  }
};

}  // namespace dromos
