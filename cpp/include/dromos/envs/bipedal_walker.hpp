// A two-legged robot with four motors that shall walk over rough ground; the problem and its
// numbers are Gym's.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "../dynamics.hpp"
#include "../plane/sound.hpp"
#include "../plane/step.hpp"
#include "../random.hpp"
#include "../rows.hpp"
#include "walker_terrain.hpp"

namespace dromos {

struct BipedalWalker {
  static constexpr const char* name = "BipedalWalker";
  static constexpr double step_nanoseconds = 12'000.0;

  static constexpr double kFps = 50;
  static constexpr double kScale = WalkerTerrain::kScale;
  static constexpr double kWidth = 600 / kScale;
  static constexpr double kHeight = 400 / kScale;
  static constexpr double kMotorTorque = 80;
  static constexpr double kHipSpeed = 4;
  static constexpr double kKneeSpeed = 6;
  static constexpr double kLidarRange = 160 / kScale;
  static constexpr double kLegDown = -8 / kScale;
  static constexpr double kLegWidth = 8 / kScale;
  static constexpr double kLegHeight = 34 / kScale;
  static constexpr std::size_t kRays = 10;

  // 199 edges, obstacles, and the robot's hull, thighs and shins.
  static constexpr std::size_t kPieces = 199 + WalkerTerrain::kMostObstacles + 5;
  using World = plane::World<plane::Capacity{
      kPieces, kPieces, 2 * 199 + 4 * WalkerTerrain::kMostObstacles + 21, 128, 4}>;

  static constexpr Bounds kGravity{.above = -12, .at_most = -1e-9};

  struct Params {
    bool hardcore = false;
    double gravity = -10.0;
    double motors_torque = kMotorTorque;
    double speed_hip = kHipSpeed;
    double speed_knee = kKneeSpeed;
    double friction = 2.5;

    static constexpr auto fields() {
      return std::tuple{
          Field{"hardcore", &Params::hardcore, "",
                "whether stumps, stairs and pits lie in the way"},
          Field{"gravity", &Params::gravity, "m/s^2", "gravitational acceleration, from a reset on",
                kGravity},
          Field{"motors_torque", &Params::motors_torque, "N m", "strongest torque of a motor",
                kNotNegative},
          Field{"speed_hip", &Params::speed_hip, "rad/s", "speed of the motors of the hips",
                kPositive},
          Field{"speed_knee", &Params::speed_knee, "rad/s", "speed of the motors of the knees",
                kPositive},
          Field{"friction", &Params::friction, "", "of the ground, from a reset on", kNotNegative},
      };
    }
  };

  struct State {
    static constexpr bool in_rows = true;

    plane::Bytes<World> bytes{};
    std::array<float, WalkerTerrain::kCloudNumbers> clouds{};
    std::array<float, kRays> lidar{};
    std::int32_t hull = 0;
    double prev_shaping = 0;
    bool has_shaping = false;
    bool game_over = false;
    std::array<std::uint8_t, 2> ground_contact{};

    static constexpr auto fields() {
      return std::tuple{
          Field{"world", &State::bytes, "", "the bodies, as bytes"},
          Field{"clouds", &State::clouds, "m", "corners of the clouds, x and y in turn"},
          Field{"lidar", &State::lidar, "", "part of each ray up to the ground"},
          Field{"hull", &State::hull, "", "number of the hull among the bodies"},
          Field{"prev_shaping", &State::prev_shaping, "", "what the reward was measured from"},
          Field{"has_shaping", &State::has_shaping, "", "whether a step was taken"},
          Field{"game_over", &State::game_over, "", "whether the hull has touched the ground"},
          Field{"ground_contact", &State::ground_contact, "", "whether each shin touches it"},
      };
    }

    World& world() { return plane::in<World>(bytes); }
    const World& world() const { return plane::in<World>(bytes); }
    // Of the first and of the second leg.
    std::int32_t thigh(std::int32_t leg) const { return hull + 1 + 2 * leg; }
    std::int32_t shin(std::int32_t leg) const { return hull + 2 + 2 * leg; }
  };

  using Options = NoOptions;

  // Whether a state from elsewhere can be stepped.
  static bool is_sound(const State& state) {
    const World& world = state.world();
    return plane::is_sound(world) && state.hull >= 0 &&
           (world.body_count == 0 ||
            (state.hull + 5 == world.body_count && world.joint_count == 4));
  }
  static void require_room(const State& state) {
    plane::require_room(state.world(), "BipedalWalker::World (dromos/envs/bipedal_walker.hpp)");
  }

  using Action = std::array<float, 4>;
  using Observation = std::array<float, 24>;

  template <class Rng>
  static State reset(const Params& params, const NoOptions&, Rng& rng) {
    State state;
    World& world = state.world();
    plane::clear(world, {0.0f, static_cast<float>(params.gravity)});
    WalkerTerrain::make(world, params.hardcore, static_cast<float>(params.friction), rng);
    WalkerTerrain::draw_clouds(state.clouds, rng);
    make_hull(state, rng);
    for (const int side : {-1, 1}) make_leg(state, side);
    step(params, state, {}, rng);
    return state;
  }

  // The stream is not used: a lane of this size is better stepped by itself than in a block, and
  // one that draws is.
  template <class Rng>
  static Transition step(const Params& params, State& state, const Action& action, Rng&) {
    World& world = state.world();
    for (std::size_t i = 0; i < action.size(); ++i) {
      const double speed = i % 2 == 0 ? params.speed_hip : params.speed_knee;
      const float sign = action[i] > 0 ? 1.0f : action[i] < 0 ? -1.0f : 0.0f;
      plane::Hinge& joint = world.joints[i];
      plane::set_motor_speed(world, joint, static_cast<float>(speed) * sign);
      plane::set_most_torque(world, joint,
                             static_cast<float>(params.motors_torque) * effort(action[i]));
    }
    Contacts contacts{state};
    plane::step(world, static_cast<float>(1.0 / kFps), 6 * 30, 2 * 30, contacts);
    measure(state);
    return judge(params, state, action);
  }

  static Observation observe(const Params& params, const State& state) {
    const World& world = state.world();
    const plane::Body& hull = world.body(state.hull);
    Observation seen;
    std::size_t at = 0;
    const auto put = [&](double value) { seen[at++] = static_cast<float>(value); };
    put(hull.sweep.a);
    put(2.0 * hull.spin / kFps);
    put(0.3 * hull.velocity.x * kWidth / kFps);
    put(0.3 * hull.velocity.y * kHeight / kFps);
    for (std::size_t leg = 0; leg < 2; ++leg) {
      const plane::Hinge& hip = world.joints[2 * leg];
      const plane::Hinge& knee = world.joints[2 * leg + 1];
      put(plane::angle_of(world, hip));
      put(plane::speed_of(world, hip) / params.speed_hip);
      put(plane::angle_of(world, knee) + 1.0);
      put(plane::speed_of(world, knee) / params.speed_knee);
      put(state.ground_contact[leg] != 0 ? 1.0 : 0.0);
    }
    for (const float fraction : state.lidar) put(fraction);
    return seen;
  }

 private:
  static constexpr double kStartX = WalkerTerrain::kStep * WalkerTerrain::kStartPad / 2;
  static constexpr double kStartY = WalkerTerrain::kGround + 2 * kLegHeight;

  static plane::Vec2 vec(double x, double y) { return WalkerTerrain::vec(x, y); }

  static float effort(float action) { return std::min(std::abs(action), 1.0f); }

  template <class Rng>
  static void make_hull(State& state, Rng& rng) {
    static constexpr double kOutline[][2] = {{-30, 9}, {6, 9}, {34, 1}, {34, -8}, {-30, -8}};
    World& world = state.world();
    std::array<plane::Vec2, 5> corners;
    for (std::size_t i = 0; i < corners.size(); ++i)
      corners[i] = vec(kOutline[i][0] / kScale, kOutline[i][1] / kScale);
    state.hull = plane::add_body(world, true, vec(kStartX, kStartY));
    plane::add_polygon(world, state.hull, plane::hull(corners),
                       {.density = 5.0f, .friction = 0.1f, .category = 0x20, .mask = 1});
    constexpr double kMostPush = 5;
    world.body(state.hull).push(vec(uniform(rng, -kMostPush, kMostPush), 0));
  }

  static std::int32_t make_limb(World& world, double y, int side, double width) {
    const std::int32_t limb =
        plane::add_body(world, true, vec(kStartX, y), static_cast<float>(side * 0.05));
    plane::add_polygon(
        world, limb, plane::box(static_cast<float>(width / 2), static_cast<float>(kLegHeight / 2)),
        {.density = 1.0f, .category = 0x20, .mask = 1});
    return limb;
  }

  static void make_leg(State& state, int side) {
    World& world = state.world();
    plane::Hinge hip;
    hip.body_a = state.hull;
    hip.body_b = make_limb(world, kStartY - kLegHeight / 2 - kLegDown, side, kLegWidth);
    hip.anchor_a = vec(0, kLegDown);
    hip.anchor_b = vec(0, kLegHeight / 2);
    hip.has_limit = hip.has_motor = true;
    hip.lower_angle = static_cast<float>(-0.8);
    hip.upper_angle = static_cast<float>(1.1);
    plane::add_hinge(world, hip);
    plane::Hinge knee = hip;
    knee.body_a = hip.body_b;
    knee.body_b = make_limb(world, kStartY - kLegHeight * 3 / 2 - kLegDown, side, 0.8 * kLegWidth);
    knee.anchor_a = vec(0, -kLegHeight / 2);
    knee.lower_angle = static_cast<float>(-1.6);
    knee.upper_angle = static_cast<float>(-0.1);
    plane::add_hinge(world, knee);
  }

  struct Contacts {
    State& state;

    void began(World&, const plane::Contact& contact) {
      state.game_over |= contact.has(state.hull);
      for (std::int32_t leg = 0; leg < 2; ++leg)
        if (contact.has(state.shin(leg))) state.ground_contact[static_cast<std::size_t>(leg)] = 1;
    }
    void ended(World&, const plane::Contact& contact) {
      for (std::int32_t leg = 0; leg < 2; ++leg)
        if (contact.has(state.shin(leg))) state.ground_contact[static_cast<std::size_t>(leg)] = 0;
    }
  };

  // The rays of the lidar, from straight down to almost ahead.
  static void measure(State& state) {
    static const auto ways = [] {
      std::array<std::array<double, 2>, kRays> result;
      for (std::size_t i = 0; i < kRays; ++i) {
        const double angle = 1.5 * static_cast<double>(i) / 10.0;
        result[i] = {std::sin(angle) * kLidarRange, std::cos(angle) * kLidarRange};
      }
      return result;
    }();
    const World& world = state.world();
    const plane::Vec2 from = world.body(state.hull).pose.position;
    std::array<plane::Ray, kRays> rays;
    for (std::size_t i = 0; i < kRays; ++i)
      rays[i] = {from, vec(from.x + ways[i][0], from.y - ways[i][1])};
    plane::ray_casts(world, rays, 1, state.lidar);
  }

  static Transition judge(const Params& params, State& state, const Action& action) {
    const plane::Body& hull = state.world().body(state.hull);
    const double x = hull.pose.position.x;
    double shaping = 130 * x / kScale;
    shaping -= 5.0 * std::abs(static_cast<double>(hull.sweep.a));
    // In float32, as NumPy computes with a float32 action.
    auto reward = static_cast<float>(state.has_shaping ? shaping - state.prev_shaping : 0.0);
    const auto price = static_cast<float>(0.00035 * params.motors_torque);
    for (const float a : action) reward -= price * effort(a);
    state.prev_shaping = shaping;
    state.has_shaping = true;
    constexpr double kGoal =
        (WalkerTerrain::kLength - WalkerTerrain::kGrass) * WalkerTerrain::kStep;
    const bool failed = state.game_over || x < 0;
    return {failed ? -100.0 : static_cast<double>(reward), failed || x > kGoal};
  }
};

}  // namespace dromos
