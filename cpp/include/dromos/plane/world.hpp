// A world of rigid bodies: a plain struct of indices and fixed arrays, so that a copy of its bytes
// is a world of its own.
//
// It behaves as a world of Box2D 2.3 with warm starting and continuous collision does, to the bit,
// where bodies are fixed or move freely without damping. What Box2D keeps in lists that grow at the
// head are arrays here that are walked from the end: the order in which things happen decides the
// bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>

#include "manifold.hpp"
#include "room.hpp"

namespace dromos::plane {

inline constexpr std::int32_t kNone = -1;

struct Body {
  Pose pose;
  Sweep sweep;
  Vec2 velocity;
  float spin = 0;  // angular velocity
  Vec2 force;
  float torque = 0;
  float mass = 0;
  float inverse_mass = 0;
  float inertia = 0;  // about the center of mass
  float inverse_inertia = 0;
  float sleep_time = 0;
  std::int32_t newest_fixture = kNone;
  bool moves = false;  // or stays where it is
  bool awake = true;
  bool in_island = false;
  bool unused = false;

  void wake() {
    if (awake) return;
    awake = true;
    sleep_time = 0.0f;
  }
  void sleep() {
    awake = false;
    sleep_time = 0.0f;
    velocity = force = {};
    spin = torque = 0.0f;
  }
  void push(Vec2 newtons) {
    wake();
    force += newtons;
  }
  void twist(float newton_meters) {
    wake();
    torque += newton_meters;
  }
  void kick(Vec2 impulse, Vec2 point) {
    wake();
    velocity += inverse_mass * impulse;
    spin += inverse_inertia * cross(point - sweep.c, impulse);
  }
  void follow_sweep() {
    pose.rotation = Rotation::by(sweep.a);
    pose.position = sweep.c - rotated(pose.rotation, sweep.local_center);
  }
  void advance(float alpha) {
    sweep.advance(alpha);
    sweep.c = sweep.c0;
    sweep.a = sweep.a0;
    follow_sweep();
  }
};

// What a fixture is made of besides its shape.
struct Material {
  float density = 0;
  float friction = 0.2f;
  float restitution = 0;
  std::uint16_t category = 1;
  std::uint16_t mask = 0xffff;  // categories it collides with
  bool sensor = false;          // feels, but does not push
};

struct Fixture {
  std::int32_t body = kNone;
  std::int32_t next = kNone;  // of the same body, an older one
  std::int32_t first_corner = 0;
  std::int32_t corner_count = 0;
  Vec2 centroid;
  float radius = 0;
  float density = 0;
  float friction = 0;
  float restitution = 0;
  std::uint16_t category = 1;
  std::uint16_t mask = 0xffff;
  Kind kind = Kind::circle;
  bool sensor = false;
  bool has_moved = false;  // since pairs were last looked for
  bool unused = false;
};

struct Contact {
  std::int32_t fixture_a = kNone;
  std::int32_t fixture_b = kNone;
  std::int32_t body_a = kNone;
  std::int32_t body_b = kNone;
  Manifold manifold;
  float friction = 0;
  float restitution = 0;
  float toi = 1;
  std::int32_t toi_count = 0;
  bool enabled = true;
  bool touching = false;
  bool in_island = false;
  bool has_toi = false;

  bool has(std::int32_t body) const { return body_a == body || body_b == body; }
  std::int32_t other(std::int32_t body) const { return body_a == body ? body_b : body_a; }
};

// An edge goes before a polygon, and both before a circle.
inline bool in_order(Kind a, Kind b) {
  return a == b || b == Kind::circle || (a == Kind::edge && b == Kind::polygon);
}

enum class Limit : std::uint8_t { inactive, at_lower, at_upper, equal };

// A hinge: a point of two bodies that stays common, with a motor and limits of the angle.
struct Hinge {
  std::int32_t body_a = kNone;
  std::int32_t body_b = kNone;
  Vec2 anchor_a;
  Vec2 anchor_b;
  float reference_angle = 0;
  float lower_angle = 0;
  float upper_angle = 0;
  float most_torque = 0;
  float motor_speed = 0;
  Vec2 impulse;
  float limit_impulse = 0;
  float motor_impulse = 0;
  bool has_limit = false;
  bool has_motor = false;
  Limit limit = Limit::inactive;
  bool in_island = false;

  bool joins(std::int32_t a, std::int32_t b) const {
    return (body_a == a && body_b == b) || (body_a == b && body_b == a);
  }
};

template <Capacity C>
struct World {
  static constexpr Capacity capacity = C;

  Vec2 gravity;
  float inverse_dt0 = 0;  // of the last step
  std::int32_t body_count = 0;
  std::int32_t fixture_count = 0;
  std::int32_t corner_count = 0;
  std::int32_t contact_count = 0;
  std::int32_t joint_count = 0;
  std::int32_t has_moved_fixture = 0;  // or one that is new
  Shortage shortage = Shortage::none;
  std::array<Body, C.bodies> bodies;
  std::array<Fixture, C.fixtures> fixtures;
  // The box of each fixture with a margin, in which it can move before pairs are looked for.
  std::array<float, C.fixtures> low_x;
  std::array<float, C.fixtures> low_y;
  std::array<float, C.fixtures> high_x;
  std::array<float, C.fixtures> high_y;
  std::array<Vec2, C.corners> corners;
  std::array<Vec2, C.corners> normals;
  std::array<Contact, C.contacts> contacts;
  std::array<std::int32_t, C.contacts> order;  // places of the contacts, oldest first, then free
  std::array<Hinge, C.joints> joints;

  Body& body(std::int32_t i) { return bodies[static_cast<std::size_t>(i)]; }
  const Body& body(std::int32_t i) const { return bodies[static_cast<std::size_t>(i)]; }
  Fixture& fixture(std::int32_t i) { return fixtures[static_cast<std::size_t>(i)]; }
  const Fixture& fixture(std::int32_t i) const { return fixtures[static_cast<std::size_t>(i)]; }
  Hinge& joint(std::int32_t i) { return joints[static_cast<std::size_t>(i)]; }
  const Hinge& joint(std::int32_t i) const { return joints[static_cast<std::size_t>(i)]; }
  // The i-th oldest contact.
  Contact& contact(std::int32_t i) {
    return contacts[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
  }
  const Contact& contact(std::int32_t i) const {
    return contacts[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
  }

  Shape shape(const Fixture& fixture) const {
    const auto first = static_cast<std::size_t>(fixture.first_corner);
    return {fixture.kind,           fixture.corner_count,   fixture.radius,
            corners.data() + first, normals.data() + first, fixture.centroid};
  }
  Bounds bounds(std::int32_t fixture) const {
    const auto i = static_cast<std::size_t>(fixture);
    return {{low_x[i], low_y[i]}, {high_x[i], high_y[i]}};
  }
  void set_bounds(std::int32_t fixture, const Bounds& box) {
    const auto i = static_cast<std::size_t>(fixture);
    low_x[i] = box.low.x;
    low_y[i] = box.low.y;
    high_x[i] = box.high.x;
    high_y[i] = box.high.y;
  }
};

// A world as the field of a state, which is made of numbers.
template <class W>
using Bytes = std::array<std::uint8_t, sizeof(W)>;

template <class W>
W& in(Bytes<W>& bytes) {
  return *std::launder(reinterpret_cast<W*>(bytes.data()));
}
template <class W>
const W& in(const Bytes<W>& bytes) {
  return *std::launder(reinterpret_cast<const W*>(bytes.data()));
}

// An empty world; every byte is set, so that equal histories give equal bytes.
template <class W>
void clear(W& world, Vec2 gravity) {
  static_assert(std::is_trivially_copyable_v<W>);
  world = W{};
  world.gravity = gravity;
  for (std::size_t i = 0; i < world.order.size(); ++i)
    world.order[i] = static_cast<std::int32_t>(i);
}

namespace detail {

template <class W>
bool has_room(W& world, std::int32_t count, std::size_t room, Shortage what) {
  if (static_cast<std::size_t>(count) <= room) return true;
  if (world.shortage == Shortage::none) world.shortage = what;
  return false;
}

// Sums up the fixtures of a moving body, newest first.
template <class W>
void weigh(W& world, Body& body) {
  body.mass = body.inverse_mass = body.inertia = body.inverse_inertia = 0.0f;
  Vec2 center;
  for (auto i = body.newest_fixture; i != kNone; i = world.fixture(i).next) {
    const Fixture& fixture = world.fixture(i);
    if (fixture.density == 0.0f) continue;
    const Mass part = mass_of(world.shape(fixture), fixture.density);
    body.mass += part.mass;
    center += part.mass * part.center;
    body.inertia += part.inertia;
  }
  if (body.mass > 0.0f) {
    body.inverse_mass = 1.0f / body.mass;
    center *= body.inverse_mass;
  } else {
    body.mass = body.inverse_mass = 1.0f;
  }
  if (body.inertia > 0.0f) {
    body.inertia -= body.mass * dot(center, center);
    body.inverse_inertia = 1.0f / body.inertia;
  }
  const Vec2 old = body.sweep.c;
  body.sweep.local_center = center;
  body.sweep.c0 = body.sweep.c = to_world(body.pose, center);
  body.velocity += cross(body.spin, body.sweep.c - old);
}

}  // namespace detail

// Adds a body and returns its index, or kNone if there is no room.
template <class W>
std::int32_t add_body(W& world, bool moves, Vec2 position, float angle = 0.0f) {
  if (!detail::has_room(world, world.body_count + 1, W::capacity.bodies, Shortage::bodies))
    return kNone;
  Body& body = world.body(world.body_count);
  body = Body{};
  body.moves = moves;
  body.pose = {position, Rotation::by(angle)};
  body.sweep.c0 = body.sweep.c = position;
  body.sweep.a0 = body.sweep.a = angle;
  body.mass = body.inverse_mass = moves ? 1.0f : 0.0f;
  return world.body_count++;
}

namespace detail {

inline constexpr float kMargin = 0.1f;  // of the boxes of fixtures

template <class W>
std::int32_t add_fixture(W& world, std::int32_t owner, Fixture fixture, const Material& material,
                         std::span<const Vec2> corners, std::span<const Vec2> normals) {
  const auto count = static_cast<std::int32_t>(corners.size());
  if (!has_room(world, world.fixture_count + 1, W::capacity.fixtures, Shortage::fixtures) ||
      !has_room(world, world.corner_count + count, W::capacity.corners, Shortage::corners))
    return kNone;
  Body& body = world.body(owner);
  fixture.body = owner;
  fixture.next = body.newest_fixture;
  fixture.first_corner = world.corner_count;
  fixture.corner_count = count;
  fixture.density = material.density;
  fixture.friction = material.friction;
  fixture.restitution = material.restitution;
  fixture.category = material.category;
  fixture.mask = material.mask;
  fixture.sensor = material.sensor;
  fixture.has_moved = true;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const auto at = static_cast<std::size_t>(world.corner_count) + i;
    world.corners[at] = corners[i];
    world.normals[at] = i < normals.size() ? normals[i] : Vec2{};
  }
  world.corner_count += count;
  const std::int32_t index = world.fixture_count++;
  world.fixture(index) = fixture;
  body.newest_fixture = index;
  const Bounds tight = bounds_of(world.shape(fixture), body.pose);
  const Vec2 margin{kMargin, kMargin};
  world.set_bounds(index, {tight.low - margin, tight.high + margin});
  if (body.moves && material.density > 0.0f) weigh(world, body);
  world.has_moved_fixture = 1;
  return index;
}

}  // namespace detail

// Add a fixture to a body and return its index, or kNone if there is no room.
template <class W>
std::int32_t add_polygon(W& world, std::int32_t body, const Polygon& polygon,
                         const Material& material) {
  Fixture fixture;
  fixture.kind = Kind::polygon;
  fixture.radius = kSkin;
  fixture.centroid = polygon.centroid;
  const auto count = static_cast<std::size_t>(polygon.count);
  return detail::add_fixture(world, body, fixture, material, {polygon.corners.data(), count},
                             {polygon.normals.data(), count});
}

template <class W>
std::int32_t add_edge(W& world, std::int32_t body, Vec2 from, Vec2 to, const Material& material) {
  Fixture fixture;
  fixture.kind = Kind::edge;
  fixture.radius = kSkin;
  const std::array corners{from, to};
  return detail::add_fixture(world, body, fixture, material, corners, {});
}

template <class W>
std::int32_t add_circle(W& world, std::int32_t body, Vec2 center, float radius,
                        const Material& material) {
  Fixture fixture;
  fixture.kind = Kind::circle;
  fixture.radius = radius;
  const std::array corners{center};
  return detail::add_fixture(world, body, fixture, material, corners, {});
}

// Adds a hinge; the angle between the bodies now counts as 0. Bodies that it joins do not collide:
// add joints before the step in which their bodies could touch.
template <class W>
std::int32_t add_hinge(W& world, Hinge hinge) {
  if (!detail::has_room(world, world.joint_count + 1, W::capacity.joints, Shortage::joints))
    return kNone;
  hinge.reference_angle = world.body(hinge.body_b).sweep.a - world.body(hinge.body_a).sweep.a;
  world.joint(world.joint_count) = hinge;
  return world.joint_count++;
}

template <class W>
float angle_of(const W& world, const Hinge& hinge) {
  return world.body(hinge.body_b).sweep.a - world.body(hinge.body_a).sweep.a -
         hinge.reference_angle;
}
template <class W>
float speed_of(const W& world, const Hinge& hinge) {
  return world.body(hinge.body_b).spin - world.body(hinge.body_a).spin;
}
template <class W>
void set_motor_speed(W& world, Hinge& hinge, float speed) {
  world.body(hinge.body_a).wake();
  world.body(hinge.body_b).wake();
  hinge.motor_speed = speed;
}
template <class W>
void set_most_torque(W& world, Hinge& hinge, float torque) {
  world.body(hinge.body_a).wake();
  world.body(hinge.body_b).wake();
  hinge.most_torque = torque;
}

}  // namespace dromos::plane
