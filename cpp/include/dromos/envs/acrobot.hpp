// Two links that hang from a bar, with a motor in the joint between them, to be swung up: Sutton,
// "Generalization in reinforcement learning: successful examples using sparse coarse coding"
// (1996), with the parameters Gym uses.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <numbers>
#include <tuple>

#include "../dynamics.hpp"
#include "../math.hpp"
#include "../random.hpp"

namespace dromos {

struct Acrobot {
  static constexpr const char* name = "Acrobot";
  static constexpr std::int64_t num_actions = 3;  // one of three torques
  static constexpr double step_nanoseconds = 20.0;
  static constexpr bool observes_in_step = true;  // the sines and cosines of the angles

  struct Params {
    double dt = 0.2;
    double link_length_1 = 1.0;
    double link_length_2 = 1.0;
    double link_mass_1 = 1.0;
    double link_mass_2 = 1.0;
    double link_com_pos_1 = 0.5;
    double link_com_pos_2 = 0.5;
    double link_moi = 1.0;
    double max_vel_1 = 4.0 * std::numbers::pi;
    double max_vel_2 = 9.0 * std::numbers::pi;
    double gravity = 9.8;
    double torque_0 = -1.0;
    double torque_1 = 0.0;
    double torque_2 = 1.0;
    double torque_noise_max = 0.0;
    bool nips = false;

    // Users know the links' parameters by the names of Gym's constants.
    static constexpr auto fields() {
      return std::tuple{
          Field{"dt", &Params::dt, "s", "time between two steps", kPositive},
          Field{"LINK_LENGTH_1", &Params::link_length_1, "m", "length of the upper link",
                kPositive},
          Field{"LINK_LENGTH_2", &Params::link_length_2, "m", "length of the lower link (drawn)",
                kPositive},
          Field{"LINK_MASS_1", &Params::link_mass_1, "kg", "mass of the upper link", kPositive},
          Field{"LINK_MASS_2", &Params::link_mass_2, "kg", "mass of the lower link", kPositive},
          Field{"LINK_COM_POS_1", &Params::link_com_pos_1, "m",
                "from the upper link's hinge to its centre of mass", kPositive},
          Field{"LINK_COM_POS_2", &Params::link_com_pos_2, "m",
                "from the lower link's hinge to its centre of mass", kPositive},
          Field{"LINK_MOI", &Params::link_moi, "kg m^2", "moment of inertia of each link",
                kPositive},
          Field{"MAX_VEL_1", &Params::max_vel_1, "rad/s", "the upper link never turns faster",
                kPositive},
          Field{"MAX_VEL_2", &Params::max_vel_2, "rad/s", "the lower link never turns faster",
                kPositive},
          Field{"gravity", &Params::gravity, "m/s^2", "gravitational acceleration"},
          Field{"torque_0", &Params::torque_0, "N m", "torque of action 0"},
          Field{"torque_1", &Params::torque_1, "N m", "torque of action 1"},
          Field{"torque_2", &Params::torque_2, "N m", "torque of action 2"},
          Field{"torque_noise_max", &Params::torque_noise_max, "N m",
                "each torque is off by up to this much", kNotNegative},
          Field{"nips", &Params::nips, "", "the equations of the paper, not of the book"},
      };
    }
  };

  struct State {
    double theta1 = 0;
    double theta2 = 0;
    double theta1_dot = 0;
    double theta2_dot = 0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"theta1", &State::theta1, "rad", "angle of the upper link from hanging"},
          Field{"theta2", &State::theta2, "rad", "angle of the lower link from the upper one"},
          Field{"theta1_dot", &State::theta1_dot, "rad/s", "rate of theta1"},
          Field{"theta2_dot", &State::theta2_dot, "rad/s", "rate of theta2"},
      };
    }
  };

  struct Options {
    double low = -0.1;
    double high = 0.1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"low", &Options::low, "", "lower bound of each element of the start state"},
          Field{"high", &Options::high, "", "upper bound of each element of the start state"},
      };
    }
  };

  using Action = std::int64_t;
  using Observation = std::array<float, 6>;

  // Gym rounds the start state, and only that, to float32.
  template <class Rng>
  static State reset(const Params&, const Options& options, Rng& rng) {
    const auto draw = [&] { return to_single(uniform(rng, options.low, options.high)); };
    return State{draw(), draw(), draw(), draw()};
  }

  static bool draws(const Params& params) { return params.torque_noise_max > 0; }

  static Transition step(const Params& params, State& state, Action action) {
    return swing(params, state, torque_of(params, action));
  }

  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    const double noise = uniform(rng, -params.torque_noise_max, params.torque_noise_max);
    return swing(params, state, torque_of(params, action) + noise);
  }

  static Observation observe(const Params&, const State& state) {
    const SinCos one = sincos(state.theta1);
    const SinCos two = sincos(state.theta2);
    return {static_cast<float>(one.cos),          static_cast<float>(one.sin),
            static_cast<float>(two.cos),          static_cast<float>(two.sin),
            static_cast<float>(state.theta1_dot), static_cast<float>(state.theta2_dot)};
  }

 private:
  // From values, not from members: a choice between memory is a branch to clang.
  [[gnu::always_inline]] static double torque_of(const Params& params, Action action) {
    const auto [first, second, third] =
        std::array{params.torque_0, params.torque_1, params.torque_2};
    const double later = action == 1 ? second : third;
    return action == 0 ? first : later;
  }

  // The state `seconds` after `from` at constant rates.
  [[gnu::always_inline]] static State moved(const State& from, const State& rates, double seconds) {
    return {from.theta1 + seconds * rates.theta1, from.theta2 + seconds * rates.theta2,
            from.theta1_dot + seconds * rates.theta1_dot,
            from.theta2_dot + seconds * rates.theta2_dot};
  }

  // The rates at which a state changes. The equations of motion M * accelerations = torques, with
  // the mass matrix M = [[d1, d2], [d2, d3]], are solved by Cramer's rule: one division.
  [[gnu::always_inline]] static State rates_of(const Params& params, const State& state,
                                               double torque) {
    const double m2 = params.link_mass_2;
    const double lc1 = params.link_com_pos_1;
    const double lc2 = params.link_com_pos_2;
    const double l1 = params.link_length_1;
    const double coupling = m2 * l1 * lc2;
    const double w1 = state.theta1_dot;
    const double w2 = state.theta2_dot;
    const auto [sin1, cos1] = sincos(state.theta1);
    const auto [sin2, cos2] = sincos(state.theta2);
    const double sin12 = sin1 * cos2 + cos1 * sin2;  // of theta1 + theta2

    const double d3 = m2 * (lc2 * lc2) + params.link_moi;
    const double d2 = d3 + coupling * cos2;
    const double d1 = params.link_mass_1 * (lc1 * lc1) + m2 * (l1 * l1) + params.link_moi + d3 +
                      2.0 * coupling * cos2;

    // The paper left out what the upper link's rotation does to the lower one. A mask, because a
    // flag that all lanes share would end SIMD in a condition.
    const std::uint64_t book = static_cast<std::uint64_t>(params.nips) - 1;
    const auto book_coupling = std::bit_cast<double>(std::bit_cast<std::uint64_t>(coupling) & book);
    const double weight = m2 * lc2 * params.gravity * sin12;
    const double torque1 = coupling * sin2 * w2 * (w2 + 2.0 * w1) -
                           (params.link_mass_1 * lc1 + m2 * l1) * params.gravity * sin1 - weight;
    const double torque2 = torque - book_coupling * (w1 * w1) * sin2 - weight;

    const double per_determinant = 1.0 / (d1 * d3 - d2 * d2);
    return {w1, w2, (d3 * torque1 - d2 * torque2) * per_determinant,
            (d1 * torque2 - d2 * torque1) * per_determinant};
  }

  // One step of the classic Runge-Kutta method.
  [[gnu::always_inline]] static State integrated(const Params& params, const State& state,
                                                 double torque) {
    const double dt = params.dt;
    const State k1 = rates_of(params, state, torque);
    const State k2 = rates_of(params, moved(state, k1, dt / 2.0), torque);
    const State k3 = rates_of(params, moved(state, k2, dt / 2.0), torque);
    const State k4 = rates_of(params, moved(state, k3, dt), torque);
    const auto mean = [](double a, double b, double c, double d) {
      return a + 2.0 * b + 2.0 * c + d;
    };
    const State sum{mean(k1.theta1, k2.theta1, k3.theta1, k4.theta1),
                    mean(k1.theta2, k2.theta2, k3.theta2, k4.theta2),
                    mean(k1.theta1_dot, k2.theta1_dot, k3.theta1_dot, k4.theta1_dot),
                    mean(k1.theta2_dot, k2.theta2_dot, k3.theta2_dot, k4.theta2_dot)};
    return moved(state, sum, dt / 6.0);
  }

  [[gnu::always_inline]] static Transition swing(const Params& params, State& state,
                                                 double torque) {
    const State next = integrated(params, state, torque);
    state.theta1 = whole_turns_off(next.theta1);
    state.theta2 = whole_turns_off(next.theta2);
    state.theta1_dot = clamp(next.theta1_dot, -params.max_vel_1, params.max_vel_1);
    state.theta2_dot = clamp(next.theta2_dot, -params.max_vel_2, params.max_vel_2);
    // The height of the tip above the bar, if both links are 1 long.
    const auto [sin1, cos1] = sincos(state.theta1);
    const auto [sin2, cos2] = sincos(state.theta2);
    const double height = -cos1 - (cos1 * cos2 - sin1 * sin2);
    const bool arrived = height > 1.0;
    return {arrived ? 0.0 : -1.0, arrived};
  }

  // Brings an angle into [-pi, pi], with both ends, as subtracting one turn after the other does.
  [[gnu::always_inline]] static double whole_turns_off(double angle) {
    constexpr double kTurn = 2.0 * std::numbers::pi;
    const double turns = (angle * (1.0 / kTurn) + detail::kRoundingBias) - detail::kRoundingBias;
    const double near = angle - turns * kTurn;
    const double below = near > std::numbers::pi ? near - kTurn : near;
    return below < -std::numbers::pi ? below + kTurn : below;
  }
};

}  // namespace dromos
