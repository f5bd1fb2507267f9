// A rod that hangs from a motor too weak to lift it and must be swung up: a classic of control,
// with the parameters Gym uses.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <numbers>
#include <tuple>

#include "../dynamics.hpp"
#include "../math.hpp"
#include "../random.hpp"

namespace dromos {

struct Pendulum {
  static constexpr const char* name = "Pendulum";
  static constexpr double step_nanoseconds = 6.0;

  // What State::torque holds before the first step.
  static constexpr double kNoTorque = std::numeric_limits<double>::infinity();

  struct Params {
    double max_speed = 8.0;
    double max_torque = 2.0;
    double dt = 0.05;
    double g = 10.0;
    double m = 1.0;
    double l = 1.0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"max_speed", &Params::max_speed, "rad/s", "the rod never turns faster", kPositive},
          Field{"max_torque", &Params::max_torque, "N m", "strongest torque of the motor",
                kPositive},
          Field{"dt", &Params::dt, "s", "time between two steps", kPositive},
          Field{"g", &Params::g, "m/s^2", "gravitational acceleration"},
          Field{"m", &Params::m, "kg", "mass of the rod", kPositive},
          Field{"l", &Params::l, "m", "length of the rod", kPositive},
      };
    }
  };

  struct State {
    double theta = 0;
    double theta_dot = 0;
    double torque = kNoTorque;

    static constexpr auto fields() {
      return std::tuple{
          Field{"theta", &State::theta, "rad", "angle of the rod from upright"},
          Field{"theta_dot", &State::theta_dot, "rad/s", "angular velocity of the rod"},
          Field{"torque", &State::torque, "N m", "torque of the last step; infinite before one"},
      };
    }
  };

  struct Options {
    double x_init = std::numbers::pi;
    double y_init = 1.0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"x_init", &Options::x_init, "rad", "greatest angle at the start, either way"},
          Field{"y_init", &Options::y_init, "rad/s", "greatest angular velocity at the start"},
      };
    }
  };

  using Action = std::array<float, 1>;
  using Observation = std::array<float, 3>;

  template <class Rng>
  static State reset(const Params&, const Options& options, Rng& rng) {
    const double theta = uniform(rng, -options.x_init, options.x_init);
    const double theta_dot = uniform(rng, -options.y_init, options.y_init);
    return State{theta, theta_dot, kNoTorque};
  }

  // A uniform rod on a hinge at its end, semi-implicit Euler. Torques are float32 numbers, and what
  // NumPy calculates with nothing else it rounds to float32: so do we.
  static Transition step(const Params& params, State& state, const Action& action) {
    const double limit = to_single(params.max_torque);
    const double torque = clamp(action[0], -limit, limit);
    const double angle = wrap_angle(state.theta);
    const double effort = to_single(to_single(0.001) * to_single(torque * torque));
    const double cost = angle * angle + 0.1 * (state.theta_dot * state.theta_dot) + effort;

    const double falling = 3.0 * params.g / (2.0 * params.l) * sin(state.theta);
    const double driven = to_single(to_single(3.0 / (params.m * (params.l * params.l))) * torque);
    state.theta_dot = clamp(state.theta_dot + (falling + driven) * params.dt, -params.max_speed,
                            params.max_speed);
    state.theta += state.theta_dot * params.dt;
    state.torque = torque;
    return {-cost, false};
  }

  static Observation observe(const Params&, const State& state) {
    const auto [sin_theta, cos_theta] = sincos(state.theta);
    return {static_cast<float>(cos_theta), static_cast<float>(sin_theta),
            static_cast<float>(state.theta_dot)};
  }
};

}  // namespace dromos
