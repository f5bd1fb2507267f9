// A pole balanced on a cart: Barto, Sutton and Anderson, "Neuronlike adaptive elements that can
// solve difficult learning control problems", IEEE SMC 13 (1983), with the parameters Gym uses.
// The equations of motion (no friction) follow Florian, "Correct equations for the dynamics of the
// cart-pole system" (2007).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <tuple>

#include "../dynamics.hpp"
#include "../math.hpp"
#include "../random.hpp"

namespace dromos {

struct CartPole {
  static constexpr const char* name = "CartPole";
  static constexpr std::int64_t num_actions = 2;  // push left, push right
  static constexpr double step_nanoseconds = 5.0;

  struct Params {
    double gravity = 9.8;
    double masscart = 1.0;
    double masspole = 0.1;
    double length = 0.5;
    double force_mag = 10.0;
    double tau = 0.02;
    double x_threshold = 2.4;
    double theta_threshold_radians = 12 * 2 * std::numbers::pi / 360;
    bool semi_implicit = false;
    bool sutton_barto_reward = false;

    static constexpr auto fields() {
      return std::tuple{
          Field{"gravity", &Params::gravity, "m/s^2", "gravitational acceleration"},
          Field{"masscart", &Params::masscart, "kg", "mass of the cart", kPositive},
          Field{"masspole", &Params::masspole, "kg", "mass of the pole", kPositive},
          Field{"length", &Params::length, "m", "half the length of the pole", kPositive},
          Field{"force_mag", &Params::force_mag, "N", "force of a push"},
          Field{"tau", &Params::tau, "s", "time between two steps", kPositive},
          Field{"x_threshold", &Params::x_threshold, "m", "the cart fails beyond it", kPositive},
          Field{"theta_threshold_radians", &Params::theta_threshold_radians, "rad",
                "the pole has fallen beyond it", kPositive},
          Field{"semi_implicit", &Params::semi_implicit, "",
                "integrate velocities first (semi-implicit Euler)"},
          Field{"sutton_barto_reward", &Params::sutton_barto_reward, "",
                "reward 0 a step and -1 at failure, as in Sutton and Barto's book"},
      };
    }

    double total_mass() const { return masspole + masscart; }
    double polemass_length() const { return masspole * length; }
  };

  struct State {
    double x = 0;
    double x_dot = 0;
    double theta = 0;
    double theta_dot = 0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"x", &State::x, "m", "position of the cart"},
          Field{"x_dot", &State::x_dot, "m/s", "velocity of the cart"},
          Field{"theta", &State::theta, "rad", "angle of the pole from upright"},
          Field{"theta_dot", &State::theta_dot, "rad/s", "angular velocity of the pole"},
      };
    }
  };

  struct Options {
    double low = -0.05;
    double high = 0.05;

    static constexpr auto fields() {
      return std::tuple{
          Field{"low", &Options::low, "", "lower bound of each element of the start state"},
          Field{"high", &Options::high, "", "upper bound of each element of the start state"},
      };
    }
  };

  using Action = std::int64_t;
  using Observation = std::array<float, 4>;

  template <class Rng>
  static State reset(const Params&, const Options& options, Rng& rng) {
    const auto draw = [&] { return uniform(rng, options.low, options.high); };
    // Braces fix the order of the draws.
    return State{draw(), draw(), draw(), draw()};
  }

  static double angle(const State& state) { return state.theta; }

  static Transition step(const Params& params, State& state, Action action) {
    return step(params, state, action, sincos(angle(state)));
  }

  // The same formula as Gym's up to rounding: a division by the total mass, which is the same for
  // all lanes unless a lane has masses of its own, is a multiplication here.
  static Transition step(const Params& params, State& state, Action action, SinCos theta) {
    const auto [sin_theta, cos_theta] = theta;
    const double force = action == 1 ? params.force_mag : -params.force_mag;
    const double per_mass = 1.0 / params.total_mass();
    const double polemass_length = params.polemass_length();
    const double push =
        (force + polemass_length * (state.theta_dot * state.theta_dot) * sin_theta) * per_mass;
    const double theta_acc =
        (params.gravity * sin_theta - cos_theta * push) /
        (params.length * (4.0 / 3.0 - params.masspole * (cos_theta * cos_theta) * per_mass));
    const double x_acc = push - polemass_length * theta_acc * cos_theta * per_mass;

    // Semi-implicit Euler moves with the new velocities, Euler (0 here) with the old ones.
    const double lead = params.semi_implicit ? params.tau : 0.0;
    state.x += params.tau * (state.x_dot + lead * x_acc);
    state.theta += params.tau * (state.theta_dot + lead * theta_acc);
    state.x_dot += params.tau * x_acc;
    state.theta_dot += params.tau * theta_acc;

    const double alive_reward = params.sutton_barto_reward ? 0.0 : 1.0;
    const double failure_reward = params.sutton_barto_reward ? -1.0 : 1.0;
    const bool failed = (std::fabs(state.x) > params.x_threshold) |
                        (std::fabs(state.theta) > params.theta_threshold_radians);
    return {failed ? failure_reward : alive_reward, failed};
  }

  // A fallen pole that goes on being pushed earns nothing more.
  static double reward_after_end(const Params& params) {
    return params.sutton_barto_reward ? -1.0 : 0.0;
  }

  static Observation observe(const Params&, const State& state) {
    return {static_cast<float>(state.x), static_cast<float>(state.x_dot),
            static_cast<float>(state.theta), static_cast<float>(state.theta_dot)};
  }
};

}  // namespace dromos
