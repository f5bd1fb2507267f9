// The mountain car with a continuous push, and a price on it.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <tuple>

#include "../dynamics.hpp"
#include "../math.hpp"
#include "mountain_car.hpp"

namespace dromos {

struct ContinuousMountainCar {
  static constexpr const char* name = "ContinuousMountainCar";
  static constexpr double step_nanoseconds = 5.0;

  struct Params {
    double min_action = -1.0;
    double max_action = 1.0;
    double min_position = -1.2;
    double max_position = 0.6;
    double max_speed = 0.07;
    double goal_position = 0.45;
    double goal_velocity = 0.0;
    double power = 0.0015;
    double gravity = 0.0025;

    static constexpr auto fields() {
      return std::tuple{
          Field{"min_action", &Params::min_action, "", "strongest push to the left",
                kLeastIsWidest},
          Field{"max_action", &Params::max_action, "", "strongest push to the right"},
          Field{"min_position", &Params::min_position, "", "where the wall on the left stands",
                kLeastIsWidest},
          Field{"max_position", &Params::max_position, "", "where the world ends on the right"},
          Field{"max_speed", &Params::max_speed, "1/step", "the car is never faster", kPositive},
          Field{"goal_position", &Params::goal_position, "", "the flag"},
          Field{"goal_velocity", &Params::goal_velocity, "1/step", "least velocity at the flag"},
          Field{"power", &Params::power, "1/step^2", "acceleration by the push 1"},
          Field{"gravity", &Params::gravity, "1/step^2", "acceleration by the steepest slope"},
      };
    }
  };

  struct State {
    double position = 0;
    double velocity = 0;
    bool single_precision = false;

    static constexpr auto fields() {
      return std::tuple{
          Field{"position", &State::position, "", "position of the car; the valley is at -pi/6"},
          Field{"velocity", &State::velocity, "1/step", "velocity of the car"},
          Field{"single_precision", &State::single_precision, "",
                "whether both are float32 numbers, as they are after a step"},
      };
    }
  };

  using Options = MountainCar::Options;
  using Action = std::array<float, 1>;
  using Observation = std::array<float, 2>;

  template <class Rng>
  static State reset(const Params&, const Options& options, Rng& rng) {
    return State{uniform(rng, options.low, options.high), 0.0, false};
  }

  // Gym keeps this car's state in float32 from the first step on, and NumPy then rounds what is
  // calculated with it to float32 too. An episode is the same only if every rounding is: a float32
  // operation is the float64 one, rounded.
  static Transition step(const Params& params, State& state, const Action& action) {
    // A mask, not a condition: compilers move comparisons into the arms of one, which ends SIMD.
    const std::uint64_t narrow = 0 - static_cast<std::uint64_t>(state.single_precision);
    const auto kept = [narrow](double x) {
      const auto wide = std::bit_cast<std::uint64_t>(x);
      const auto rounded = std::bit_cast<std::uint64_t>(to_single(x));
      return std::bit_cast<double>(wide ^ ((wide ^ rounded) & narrow));
    };
    const double push = action[0];
    const double pull = params.gravity * cos(kept(3.0 * state.position));
    // A push is a float32 number, the bound that stands in for one beyond it is not.
    const double within = to_single(to_single(push * to_single(params.power)) - to_single(pull));
    const double beyond = clamp(push, params.min_action, params.max_action) * params.power - pull;
    const bool clipped = (push < params.min_action) | (push > params.max_action);
    const double acceleration = kept(clipped ? beyond : within);

    const double max_speed = kept(params.max_speed);
    const double min_position = kept(params.min_position);
    const double velocity = clamp(kept(state.velocity + acceleration), -max_speed, max_speed);
    const double position =
        clamp(kept(state.position + velocity), min_position, kept(params.max_position));
    // The wall on the left stops the car.
    const bool crashed = (position == min_position) & (velocity < 0.0);
    const double moving = crashed ? 0.0 : velocity;
    const bool arrived =
        (position >= kept(params.goal_position)) & (moving >= kept(params.goal_velocity));

    state = {to_single(position), to_single(moving), true};
    return {(arrived ? 100.0 : 0.0) - push * push * 0.1, arrived};
  }

  static Observation observe(const Params&, const State& state) {
    return {static_cast<float>(state.position), static_cast<float>(state.velocity)};
  }
};

}  // namespace dromos
