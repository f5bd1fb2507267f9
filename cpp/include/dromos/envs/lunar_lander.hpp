// A craft with three engines that shall come to rest between two flags on the moon; the problem and
// its numbers are Gym's.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <tuple>

#include "../dynamics.hpp"
#include "../integers.hpp"
#include "../plane/sound.hpp"
#include "../plane/step.hpp"
#include "../random.hpp"
#include "../rows.hpp"

namespace dromos {

// What both forms of the lander share. Lengths are in meters of the world, of which `kScale` pixels
// of the original picture make one.
struct LanderWorld {
  static constexpr double kFps = 50;
  static constexpr double kScale = 30.0;
  static constexpr double kWidth = 600 / kScale;
  static constexpr double kHeight = 400 / kScale;
  static constexpr double kPadHeight = kHeight / 4;
  static constexpr double kLegAway = 20;
  static constexpr double kLegDown = 18;
  static constexpr int kChunks = 11;

  static constexpr std::int32_t kMoon = 0;
  static constexpr std::int32_t kLander = 1;
  static constexpr std::int32_t kFirstLeg = 2;

  // Three shapes move over eleven edges, so 33 contacts are all there can be.
  using World = plane::World<plane::Capacity{4, 14, 36, 33, 2}>;

  // Down, and not so strong that bodies fall through the ground.
  static constexpr Bounds kGravity{.above = -12, .at_most = -1e-9};

  struct Params {
    double gravity = -10.0;
    bool enable_wind = false;
    double wind_power = 15.0;
    double turbulence_power = 1.5;
    double main_engine_power = 13.0;
    double side_engine_power = 0.6;
    double initial_random = 1000.0;
    double friction = 0.1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"gravity", &Params::gravity, "m/s^2", "gravitational acceleration, from a reset on",
                kGravity},
          Field{"enable_wind", &Params::enable_wind, "", "whether wind blows in the air"},
          Field{"wind_power", &Params::wind_power, "N", "greatest force of the wind", kNotNegative},
          Field{"turbulence_power", &Params::turbulence_power, "N m", "greatest torque of the wind",
                kNotNegative},
          Field{"main_engine_power", &Params::main_engine_power, "", "impulse of the main engine",
                kNotNegative},
          Field{"side_engine_power", &Params::side_engine_power, "", "impulse of a side engine",
                kNotNegative},
          Field{"initial_random", &Params::initial_random, "N",
                "greatest force of the push at the start, along each axis", kNotNegative},
          Field{"friction", &Params::friction, "", "of hull and ground, from a reset on",
                kNotNegative},
      };
    }
  };

  struct State {
    static constexpr bool in_rows = true;

    plane::Bytes<World> bytes{};
    double prev_shaping = 0;
    double main_power = 0;
    double side_power = 0;
    std::int64_t wind_idx = 0;
    std::int64_t torque_idx = 0;
    bool has_shaping = false;
    bool game_over = false;
    bool left_contact = false;
    bool right_contact = false;

    static constexpr auto fields() {
      return std::tuple{
          Field{"world", &State::bytes, "", "the bodies, as bytes"},
          Field{"prev_shaping", &State::prev_shaping, "", "what the reward was measured from"},
          Field{"main_power", &State::main_power, "", "of the last step, 0 to 1"},
          Field{"side_power", &State::side_power, "", "of the last step, from -1 (left) to 1"},
          Field{"wind_idx", &State::wind_idx, "steps", "place in the pattern of the wind"},
          Field{"torque_idx", &State::torque_idx, "steps", "place in the pattern of the torque"},
          Field{"has_shaping", &State::has_shaping, "", "whether a step was taken"},
          Field{"game_over", &State::game_over, "", "whether the hull has touched the ground"},
          Field{"left_contact", &State::left_contact, "", "whether a leg touches the ground"},
          Field{"right_contact", &State::right_contact, "", "whether a leg touches the ground"},
      };
    }

    World& world() { return plane::in<World>(bytes); }
    const World& world() const { return plane::in<World>(bytes); }
  };

  using Options = NoOptions;
  using Observation = std::array<float, 8>;

  // Whether a state from elsewhere can be stepped.
  static bool is_sound(const State& state) { return plane::is_sound(state.world()); }
  static void require_room(const State& state) {
    plane::require_room(state.world(), "LanderWorld::World (dromos/envs/lunar_lander.hpp)");
  }

  // What the engines do in a step.
  struct Thrust {
    double main = 0;       // 0, or 0.5 to 1
    double side = 0;       // 0, or 0.5 to 1
    double direction = 0;  // of the side engine: -1 fires the left one, 1 the right one
  };

  template <class Rng>
  static State reset(const Params& params, const NoOptions&, Rng& rng) {
    State state;
    World& world = state.world();
    plane::clear(world, {0.0f, static_cast<float>(params.gravity)});
    make_moon(world, params, rng);
    make_lander(world, params, rng);
    if (params.enable_wind) {
      state.wind_idx = integers(rng, -9999, 9999);
      state.torque_idx = integers(rng, -9999, 9999);
    }
    for (const int side : {-1, 1}) make_leg(world, side);
    move(params, state, {}, rng);
    return state;
  }

  template <class Rng>
  static Transition move(const Params& params, State& state, const Thrust& thrust, Rng& rng) {
    World& world = state.world();
    plane::Body& lander = world.body(kLander);
    if (params.enable_wind && !state.left_contact && !state.right_contact)
      blow(params, state, lander);
    fire(params, lander, thrust, rng);
    Contacts contacts{state};
    plane::step(world, static_cast<float>(1.0 / kFps), 6 * 30, 2 * 30, contacts);
    state.main_power = thrust.main;
    state.side_power = thrust.side * thrust.direction;
    return judge(state, thrust);
  }

  static Observation observe(const Params&, const State& state) {
    const auto seen = look(state);
    Observation observation;
    for (std::size_t i = 0; i < seen.size(); ++i) observation[i] = static_cast<float>(seen[i]);
    return observation;
  }

 private:
  static plane::Vec2 vec(double x, double y) {
    return {static_cast<float>(x), static_cast<float>(y)};
  }

  template <class Rng>
  static void make_moon(World& world, const Params& params, Rng& rng) {
    std::array<double, kChunks + 1> height;
    for (double& h : height) h = uniform(rng, 0.0, kHeight / 2);
    for (int i = kChunks / 2 - 2; i <= kChunks / 2 + 2; ++i)
      height[static_cast<std::size_t>(i)] = kPadHeight;
    const auto x = [](int i) { return kWidth / (kChunks - 1) * i; };
    // The smoothing wraps around at the left.
    const auto y = [&](int i) {
      const auto at = [&](int k) { return height[static_cast<std::size_t>(k)]; };
      return 0.33 * (at(i > 0 ? i - 1 : kChunks) + at(i) + at(i + 1));
    };
    plane::add_body(world, false, {});
    plane::add_edge(world, kMoon, {}, vec(kWidth, 0), {});
    const plane::Material ground{.friction = static_cast<float>(params.friction)};
    for (int i = 0; i < kChunks - 1; ++i)
      plane::add_edge(world, kMoon, vec(x(i), y(i)), vec(x(i + 1), y(i + 1)), ground);
  }

  template <class Rng>
  static void make_lander(World& world, const Params& params, Rng& rng) {
    static constexpr double kOutline[][2] = {{-14, 17}, {-17, 0}, {-17, -10},
                                             {17, -10}, {17, 0},  {14, 17}};
    std::array<plane::Vec2, 6> corners;
    for (std::size_t i = 0; i < corners.size(); ++i)
      corners[i] = vec(kOutline[i][0] / kScale, kOutline[i][1] / kScale);
    plane::add_body(world, true, vec(kWidth / 2, kHeight));
    plane::add_polygon(world, kLander, plane::hull(corners),
                       {.density = 5.0f,
                        .friction = static_cast<float>(params.friction),
                        .category = 0x10,
                        .mask = 1});
    const double most = params.initial_random;
    const double force_x = uniform(rng, -most, most);
    const double force_y = uniform(rng, -most, most);
    world.body(kLander).push(vec(force_x, force_y));
  }

  static void make_leg(World& world, int side) {
    constexpr double kHalfWidth = 2 / kScale;
    constexpr double kHalfHeight = 8 / kScale;
    constexpr float kSpringTorque = 40;
    const std::int32_t leg =
        plane::add_body(world, true, vec(kWidth / 2 - side * kLegAway / kScale, kHeight),
                        static_cast<float>(side * 0.05));
    plane::add_polygon(world, leg,
                       plane::box(static_cast<float>(kHalfWidth), static_cast<float>(kHalfHeight)),
                       {.density = 1.0f, .category = 0x20, .mask = 1});
    plane::Hinge hinge;
    hinge.body_a = kLander;
    hinge.body_b = leg;
    hinge.anchor_b = vec(side * kLegAway / kScale, kLegDown / kScale);
    hinge.has_limit = hinge.has_motor = true;
    hinge.most_torque = kSpringTorque;
    hinge.motor_speed = static_cast<float>(0.3 * side);
    hinge.lower_angle = static_cast<float>(side < 0 ? 0.9 - 0.5 : -0.9);
    hinge.upper_angle = static_cast<float>(side < 0 ? 0.9 : -0.9 + 0.5);
    plane::add_hinge(world, hinge);
  }

  // A pattern without period.
  static double gust(std::int64_t i) {
    const auto place = static_cast<double>(i);
    return std::tanh(std::sin(0.02 * place) + std::sin(std::numbers::pi * 0.01 * place));
  }

  static void blow(const Params& params, State& state, plane::Body& lander) {
    lander.push(vec(gust(state.wind_idx++) * params.wind_power, 0.0));
    lander.twist(static_cast<float>(gust(state.torque_idx++) * params.turbulence_power));
  }

  // Engines push against the craft at a place that scatters.
  template <class Rng>
  static void fire(const Params& params, plane::Body& lander, const Thrust& thrust, Rng& rng) {
    constexpr double kMainHeight = 4;
    constexpr double kSideAway = 12;
    constexpr double kSideHeight = 14;
    const double angle = lander.sweep.a;
    const double tip_x = std::sin(angle);
    const double tip_y = std::cos(angle);
    const double along = uniform(rng, -1.0, 1.0) / kScale;
    const double across = uniform(rng, -1.0, 1.0) / kScale;
    const double x = lander.pose.position.x;
    const double y = lander.pose.position.y;
    if (thrust.main > 0) {
      const double ox = tip_x * (kMainHeight / kScale + 2 * along) + -tip_y * across;
      const double oy = -tip_y * (kMainHeight / kScale + 2 * along) - tip_x * across;
      const double power = params.main_engine_power;
      lander.kick(vec(-ox * power * thrust.main, -oy * power * thrust.main), vec(x + ox, y + oy));
    }
    if (thrust.side > 0) {
      const double away = 3 * across + thrust.direction * kSideAway / kScale;
      const double ox = tip_x * along + -tip_y * away;
      const double oy = -tip_y * along - tip_x * away;
      const double power = params.side_engine_power;
      // The 17 is Gym's: with the 14 of the other axis the engine would sit on the hull's side.
      lander.kick(vec(-ox * power * thrust.side, -oy * power * thrust.side),
                  vec(x + ox - tip_x * 17 / kScale, y + oy + tip_y * kSideHeight / kScale));
    }
  }

  struct Contacts {
    State& state;

    void began(World&, const plane::Contact& contact) {
      state.game_over |= contact.has(kLander);
      state.left_contact |= contact.has(kFirstLeg);
      state.right_contact |= contact.has(kFirstLeg + 1);
    }
    void ended(World&, const plane::Contact& contact) {
      if (contact.has(kFirstLeg)) state.left_contact = false;
      if (contact.has(kFirstLeg + 1)) state.right_contact = false;
    }
  };

  static std::array<double, 8> look(const State& state) {
    const plane::Body& lander = state.world().body(kLander);
    const double x = lander.pose.position.x;
    const double y = lander.pose.position.y;
    const double angle = lander.sweep.a;
    return {(x - kWidth / 2) / (kWidth / 2),
            (y - (kPadHeight + kLegDown / kScale)) / (kHeight / 2),
            lander.velocity.x * (kWidth / 2) / kFps,
            lander.velocity.y * (kHeight / 2) / kFps,
            angle,
            20.0 * lander.spin / kFps,
            state.left_contact ? 1.0 : 0.0,
            state.right_contact ? 1.0 : 0.0};
  }

  static Transition judge(State& state, const Thrust& thrust) {
    const auto s = look(state);
    const double shaping = -100 * std::sqrt(s[0] * s[0] + s[1] * s[1]) -
                           100 * std::sqrt(s[2] * s[2] + s[3] * s[3]) - 100 * std::abs(s[4]) +
                           10 * s[6] + 10 * s[7];
    double reward = state.has_shaping ? shaping - state.prev_shaping : 0.0;
    state.prev_shaping = shaping;
    state.has_shaping = true;
    reward -= thrust.main * 0.30;
    reward -= thrust.side * 0.03;
    if (!state.world().body(kLander).awake) return {100.0, 1};
    if (state.game_over || std::abs(s[0]) >= 1.0) return {-100.0, 1};
    return {reward, 0};
  }
};

struct LunarLander : LanderWorld {
  static constexpr const char* name = "LunarLander";
  static constexpr double step_nanoseconds = 4000.0;
  using Action = std::int64_t;
  static constexpr std::int64_t num_actions = 4;

  // Nothing, left engine, main engine, right engine.
  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    Thrust thrust;
    if (action == 2) thrust.main = 1;
    if (action == 1 || action == 3) thrust.side = 1;
    thrust.direction = static_cast<double>(action - 2);
    return move(params, state, thrust, rng);
  }
};

struct LunarLanderContinuous : LanderWorld {
  static constexpr const char* name = "LunarLanderContinuous";
  static constexpr double step_nanoseconds = 4000.0;
  using Action = std::array<float, 2>;

  // The main engine's throttle, on above 0, and the side engines', on beyond ±0.5.
  template <class Rng>
  static Transition step(const Params& params, State& state, const Action& action, Rng& rng) {
    const double main = std::clamp(static_cast<double>(action[0]), -1.0, 1.0);
    const double side = std::clamp(static_cast<double>(action[1]), -1.0, 1.0);
    Thrust thrust;
    if (main > 0) thrust.main = (main + 1.0) * 0.5;
    if (std::abs(side) > 0.5) {
      thrust.side = std::abs(side);
      thrust.direction = side < 0 ? -1 : 1;
    }
    return move(params, state, thrust, rng);
  }
};

}  // namespace dromos
