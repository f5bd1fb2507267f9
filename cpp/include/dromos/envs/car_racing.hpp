// A car seen from above that shall drive around a random road; the problem and its numbers are
// Gym's. The car has four wheels on hinges, which push it by the difference between how fast they
// turn and how fast the ground goes by.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "../integers.hpp"
#include "../plane/sound.hpp"
#include "../plane/step.hpp"
#include "../random.hpp"
#include "../rows.hpp"
#include "car_picture.hpp"
#include "car_track.hpp"

namespace dromos {

struct CarWorld {
  static constexpr double step_nanoseconds = 120'000.0;

  static constexpr double kFps = 50;
  static constexpr double kSize = 0.02;
  static constexpr double kWheelInertia = 4000 * kSize * kSize;
  static constexpr double kWheelRadius = 27 * kSize;
  static constexpr std::size_t kWheels = 4;
  static constexpr std::size_t kMostTiles = CarTrack::kMostTiles;

  // Tiles have four corners at most, the hull is four shapes, and a wheel has four corners.
  using World = plane::World<plane::Capacity{kMostTiles + 5, kMostTiles + 8,
                                             4 * kMostTiles + 20 + 16, 256, 4}>;

  struct Params {
    double lap_complete_percent = 0.95;
    bool domain_randomize = false;
    double engine_power = 100000000 * kSize * kSize;
    double friction_limit = 1000000 * kSize * kSize;
    double grass_friction = 0.6;

    static constexpr auto fields() {
      return std::tuple{
          Field{"lap_complete_percent", &Params::lap_complete_percent, "",
                "part of the tiles that a lap has to touch", kProbability},
          Field{"domain_randomize", &Params::domain_randomize, "", "whether colours are drawn"},
          Field{"engine_power", &Params::engine_power, "W", "of each driven wheel", kNotNegative},
          Field{"friction_limit", &Params::friction_limit, "N", "greatest force of a wheel on road",
                kNotNegative},
          Field{"grass_friction", &Params::grass_friction, "", "part of it that is left on grass",
                kNotNegative},
      };
    }
  };

  struct Options {
    bool randomize = true;

    static constexpr auto fields() {
      return std::tuple{Field{"randomize", &Options::randomize, "",
                              "whether to draw new colours, if the environment draws them"}};
    }
  };

  template <class T>
  using PerWheel = std::array<T, kWheels>;

  struct State {
    static constexpr bool in_rows = true;

    plane::Bytes<World> bytes{};
    std::array<double, 4 * kMostTiles> track{};
    std::array<std::int8_t, kMostTiles> kerbs{};
    std::array<std::uint8_t, kMostTiles> visited{};
    std::array<std::uint8_t, kMostTiles> touched{};
    std::int32_t tile_count = 0;
    std::int32_t visited_count = 0;
    PerWheel<std::int32_t> tiles{};
    PerWheel<double> gas{};
    PerWheel<double> brake{};
    PerWheel<double> steer{};
    PerWheel<double> phase{};
    PerWheel<double> omega{};
    double fuel_spent = 0;
    double reward = 0;
    double prev_reward = 0;
    double shown_reward = 0;
    double t = 0;
    bool new_lap = false;
    bool lap_finished = false;
    std::array<double, 3> road_color = {102, 102, 102};
    std::array<double, 3> bg_color = {102, 204, 102};
    std::array<double, 3> grass_color = {102, 230, 102};

    static constexpr auto fields() {
      return std::tuple{
          Field{"world", &State::bytes, "", "the bodies, as bytes"},
          Field{"track", &State::track, "", "four numbers a tile: alpha, beta, x, y"},
          Field{"kerbs", &State::kerbs, "", "side of each tile's kerb, or 0"},
          Field{"visited", &State::visited, "", "whether a wheel has been on each tile"},
          Field{"touched", &State::touched, "", "whether the car has been on each tile"},
          Field{"tile_count", &State::tile_count, "", "number of tiles"},
          Field{"visited_count", &State::visited_count, "", "number of tiles visited"},
          Field{"tiles", &State::tiles, "", "number of tiles each wheel is on"},
          Field{"gas", &State::gas, "", "of each wheel, 0 to 1"},
          Field{"brake", &State::brake, "", "of each wheel, from 0.9 on it blocks"},
          Field{"steer", &State::steer, "rad", "angle each wheel turns to"},
          Field{"phase", &State::phase, "rad", "how far each wheel has rolled"},
          Field{"omega", &State::omega, "rad/s", "how fast each wheel rolls"},
          Field{"fuel_spent", &State::fuel_spent, "J", "since the last step"},
          Field{"reward", &State::reward, "", "of the whole episode"},
          Field{"prev_reward", &State::prev_reward, "", "the same before the step"},
          Field{"shown_reward", &State::shown_reward, "", "the number in the picture"},
          Field{"t", &State::t, "s", "since the start"},
          Field{"new_lap", &State::new_lap, "", "whether the lap is complete"},
          Field{"lap_finished", &State::lap_finished, "", "whether that ended the episode"},
          Field{"road_color", &State::road_color, "", "0 to 255 each"},
          Field{"bg_color", &State::bg_color, "", "0 to 255 each"},
          Field{"grass_color", &State::grass_color, "", "0 to 255 each"},
      };
    }

    World& world() { return plane::in<World>(bytes); }
    const World& world() const { return plane::in<World>(bytes); }
    std::int32_t hull() const { return tile_count; }
    std::int32_t wheel(std::size_t i) const {
      return tile_count + 1 + static_cast<std::int32_t>(i);
    }
  };

  // Whether a state from elsewhere can be stepped and drawn.
  static bool is_sound(const State& state) {
    const World& world = state.world();
    const std::int32_t tiles = state.tile_count;
    return plane::is_sound(world) && tiles >= 0 && tiles <= std::int32_t{kMostTiles} &&
           (world.body_count == 0 || (tiles + 5 == world.body_count &&
                                      tiles + 8 == world.fixture_count && world.joint_count == 4));
  }
  static void require_room(const State& state) {
    plane::require_room(state.world(), "CarWorld::World (dromos/envs/car_racing.hpp)");
  }

  struct Info {
    bool lap_finished = false;

    static constexpr auto fields() {
      return std::tuple{Field{"lap_finished", &Info::lap_finished, "",
                              "whether the episode has ended with a complete lap"}};
    }
  };

  using Observation = CarPicture::Picture;

  struct Controls {
    double steer;
    double gas;
    double brake;
  };

  template <class Rng>
  static State reset(const Params& params, const Options& options, Rng& rng) {
    State state;
    if (params.domain_randomize && options.randomize) draw_colors(state, rng);
    CarTrack track;
    track.draw(rng);
    lay_road(state, track);
    make_car(state, track.points[0]);
    advance(params, state);
    return state;
  }

  static Transition drive(const Params& params, State& state, const Controls& controls) {
    for (std::size_t i = 2; i < kWheels; ++i) {
      constexpr double kQuickest = 0.1;
      const double more = std::clamp(controls.gas, 0.0, 1.0) - state.gas[i];
      state.gas[i] += std::min(more, kQuickest);
    }
    state.steer[0] = state.steer[1] = controls.steer;
    state.brake.fill(controls.brake);
    advance(params, state);
    state.reward -= 0.1;
    state.fuel_spent = 0;
    double reward = state.reward - state.prev_reward;
    state.prev_reward = state.reward;
    state.lap_finished = state.visited_count == state.tile_count || state.new_lap;
    bool ended = state.lap_finished;
    const plane::Vec2 at = state.world().body(state.hull()).pose.position;
    if (std::abs(static_cast<double>(at.x)) > CarTrack::kField ||
        std::abs(static_cast<double>(at.y)) > CarTrack::kField) {
      ended = true;
      state.lap_finished = false;
      reward = -100;
    }
    return {reward, ended};
  }

  static Observation observe(const Params&, const State& state) { return CarPicture::of(state); }

  static Info info(const Params&, const State& state) { return {state.lap_finished}; }

 private:
  static plane::Vec2 vec(double x, double y) {
    return {static_cast<float>(x), static_cast<float>(y)};
  }

  template <class Rng>
  static void draw_colors(State& state, Rng& rng) {
    for (double& c : state.road_color) c = uniform(rng, 0.0, 210.0);
    for (double& c : state.bg_color) c = uniform(rng, 0.0, 210.0);
    state.grass_color = state.bg_color;
    state.grass_color[static_cast<std::size_t>(integers(rng, 0, 3))] += 20;
  }

  // Each tile is a body, which feels what is on it.
  static void lay_road(State& state, const CarTrack& track) {
    World& world = state.world();
    plane::clear(world, {});
    state.tile_count = static_cast<std::int32_t>(track.count);
    track.kerbs(state.kerbs);
    const auto side = [](const CarTrack::Point& p, double where) {
      return vec(p.x + where * CarTrack::kHalfWidth * std::cos(p.beta),
                 p.y + where * CarTrack::kHalfWidth * std::sin(p.beta));
    };
    for (std::size_t i = 0; i < track.count; ++i) {
      const CarTrack::Point& here = track.points[i];
      const CarTrack::Point& last = track.points[track.before(i)];
      state.track[4 * i] = here.alpha;
      state.track[4 * i + 1] = here.beta;
      state.track[4 * i + 2] = here.x;
      state.track[4 * i + 3] = here.y;
      const std::array corners{side(here, -1), side(here, 1), side(last, 1), side(last, -1)};
      const std::int32_t body = plane::add_body(world, false, {});
      plane::add_polygon(world, body, plane::hull(corners), {.sensor = true});
    }
  }

  template <std::size_t N>
  static plane::Polygon outline(const double (&points)[N][2]) {
    std::array<plane::Vec2, N> corners;
    for (std::size_t i = 0; i < N; ++i)
      corners[i] = vec(points[i][0] * kSize, points[i][1] * kSize);
    return plane::hull(corners);
  }

  static void make_car(State& state, const CarTrack::Point& start) {
    static constexpr double kNose[][2] = {{-60, 130}, {60, 130}, {60, 110}, {-60, 110}};
    static constexpr double kBonnet[][2] = {{-15, 120}, {15, 120}, {20, 20}, {-20, 20}};
    static constexpr double kBody[][2] = {{25, 20},   {50, -10},  {50, -40},  {20, -90},
                                          {-20, -90}, {-50, -40}, {-50, -10}, {-25, 20}};
    static constexpr double kTail[][2] = {{-50, -120}, {50, -120}, {50, -90}, {-50, -90}};
    static constexpr double kWheel[][2] = {{-14, 27}, {14, 27}, {14, -27}, {-14, -27}};
    static constexpr double kPlaces[][2] = {{-55, 80}, {55, 80}, {-55, -82}, {55, -82}};
    World& world = state.world();
    const auto angle = static_cast<float>(start.beta);
    const std::int32_t hull = plane::add_body(world, true, vec(start.x, start.y), angle);
    for (const auto& part : {outline(kNose), outline(kBonnet), outline(kBody), outline(kTail)})
      plane::add_polygon(world, hull, part, {.density = 1.0f});
    for (const auto& place : kPlaces) {
      const std::int32_t wheel = plane::add_body(
          world, true, vec(start.x + place[0] * kSize, start.y + place[1] * kSize), angle);
      plane::add_polygon(world, wheel, outline(kWheel),
                         {.density = 0.1f, .category = 0x20, .mask = 1});
      plane::Hinge hinge;
      hinge.body_a = hull;
      hinge.body_b = wheel;
      hinge.anchor_a = vec(place[0] * kSize, place[1] * kSize);
      hinge.has_limit = hinge.has_motor = true;
      hinge.lower_angle = -0.4f;
      hinge.upper_angle = 0.4f;
      hinge.most_torque = static_cast<float>(180 * 900 * kSize * kSize);
      plane::add_hinge(world, hinge);
    }
  }

  struct Contacts {
    const Params& params;
    State& state;

    // The tile of a contact and what is on it, a wheel's number or -1.
    bool between(const plane::Contact& contact, std::size_t& tile, std::int32_t& wheel) const {
      const std::int32_t a = contact.body_a;
      const std::int32_t b = contact.body_b;
      if (a >= state.tile_count && b >= state.tile_count) return false;
      tile = static_cast<std::size_t>(std::min(a, b));
      wheel = std::max(a, b) - state.tile_count - 1;
      state.touched[tile] = 1;
      return wheel >= 0;
    }
    void began(World&, const plane::Contact& contact) {
      std::size_t tile;
      std::int32_t wheel;
      if (!between(contact, tile, wheel)) return;
      ++state.tiles[static_cast<std::size_t>(wheel)];
      if (state.visited[tile] != 0) return;
      state.visited[tile] = 1;
      state.reward += 1000.0 / state.tile_count;
      ++state.visited_count;
      const double part = static_cast<double>(state.visited_count) / state.tile_count;
      if (tile == 0 && part > params.lap_complete_percent) state.new_lap = true;
    }
    void ended(World&, const plane::Contact& contact) {
      std::size_t tile;
      std::int32_t wheel;
      if (between(contact, tile, wheel)) --state.tiles[static_cast<std::size_t>(wheel)];
    }
  };

  static void advance(const Params& params, State& state) {
    for (std::size_t i = 0; i < kWheels; ++i) turn_wheel(params, state, i);
    Contacts contacts{params, state};
    plane::step(state.world(), static_cast<float>(1.0 / kFps), 6 * 30, 2 * 30, contacts);
    state.t += 1.0 / kFps;
    state.shown_reward = state.reward;
  }

  // How fast a wheel rolls after gas and brake.
  static void roll(const Params& params, State& state, std::size_t i) {
    constexpr double kDt = 1.0 / kFps;
    constexpr double kBrakeForce = 15;  // rad/s a step
    double& omega = state.omega[i];
    omega += kDt * params.engine_power * state.gas[i] / kWheelInertia / (std::abs(omega) + 5.0);
    state.fuel_spent += kDt * params.engine_power * state.gas[i];
    const double brake = state.brake[i];
    if (brake >= 0.9) {
      omega = 0;
    } else if (brake > 0) {
      const double loss = std::min(kBrakeForce * brake, std::abs(omega));
      omega += -CarTrack::sign(omega) * loss;
    }
    state.phase[i] += omega * kDt;
  }

  static void turn_wheel(const Params& params, State& state, std::size_t i) {
    constexpr double kDt = 1.0 / kFps;
    constexpr double kGrip = 205000 * kSize * kSize;
    World& world = state.world();
    plane::Hinge& hinge = world.joints[i];
    plane::Body& wheel = world.body(state.wheel(i));
    const double off = state.steer[i] - plane::angle_of(world, hinge);
    plane::set_motor_speed(
        world, hinge,
        static_cast<float>(CarTrack::sign(off) * std::min(50.0 * std::abs(off), 3.0)));

    const plane::Vec2 ahead = plane::rotated(wheel.pose.rotation, {0, 1});
    const plane::Vec2 aside = plane::rotated(wheel.pose.rotation, {1, 0});
    const double vx = wheel.velocity.x;
    const double vy = wheel.velocity.y;
    const double forward_speed = ahead.x * vx + ahead.y * vy;
    const double side_speed = aside.x * vx + aside.y * vy;
    roll(params, state, i);
    double forward = (-forward_speed + state.omega[i] * kWheelRadius) * kGrip;
    double sideways = -side_speed * kGrip;
    const double force = std::sqrt(forward * forward + sideways * sideways);
    const double on_grass = params.friction_limit * params.grass_friction;
    const double limit = state.tiles[i] > 0 ? std::max(on_grass, params.friction_limit) : on_grass;
    if (force > limit) {
      forward = forward / force * limit;
      sideways = sideways / force * limit;
    }
    state.omega[i] -= kDt * forward * kWheelRadius / kWheelInertia;
    wheel.push(vec(sideways * aside.x + forward * ahead.x, sideways * aside.y + forward * ahead.y));
  }
};

struct CarRacing : CarWorld {
  static constexpr const char* name = "CarRacing";
  using Action = std::array<float, 3>;

  // Steering, gas and brake. The stream is not used; see BipedalWalker.
  template <class Rng>
  static Transition step(const Params& params, State& state, const Action& action, Rng&) {
    return drive(params, state, {-static_cast<double>(action[0]), action[1], action[2]});
  }
};

struct CarRacingDiscrete : CarWorld {
  static constexpr const char* name = "CarRacingDiscrete";
  using Action = std::int64_t;
  static constexpr std::int64_t num_actions = 5;

  // Nothing, right, left, gas, brake.
  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng&) {
    static constexpr Controls kControls[] = {
        {0, 0, 0}, {-0.6, 0, 0}, {0.6, 0, 0}, {0, 0.2, 0}, {0, 0, 0.8}};
    return drive(params, state, kControls[action]);
  }
};

}  // namespace dromos
