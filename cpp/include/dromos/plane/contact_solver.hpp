// Contacts as constraints: sequential impulses on velocities, and a push on positions that have
// sunk in (Catto, "Iterative Dynamics with Temporal Coherence", GDC 2005).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "world.hpp"

namespace dromos::plane {

// Length of a step and what warm starting multiplies the impulses of the last one with.
struct StepSize {
  float dt;
  float dt_ratio;
  std::int32_t velocity_rounds;
  std::int32_t position_rounds;
};

namespace detail {

// A body's motion while its island is solved.
struct Motion {
  Vec2 c;
  float a;
  Vec2 v;
  float w;

  // The same bits, not the same numbers.
  friend bool identical(const Motion& x, const Motion& y) {
    return std::bit_cast<std::array<std::uint32_t, 6>>(x) ==
           std::bit_cast<std::array<std::uint32_t, 6>>(y);
  }
};

// The mass of one side of a constraint.
struct Lever {
  std::int32_t index;  // of the body in the island
  float inverse_mass;
  float inverse_inertia;
  Vec2 local_center;

  template <class W>
  static Lever of(const W& world, std::int32_t body, std::span<const std::int32_t> places) {
    const Body& b = world.body(body);
    return {places[static_cast<std::size_t>(body)], b.inverse_mass, b.inverse_inertia,
            b.sweep.local_center};
  }
  Pose pose(const Motion& motion) const {
    const Rotation turn = Rotation::by(motion.a);
    return {motion.c - rotated(turn, local_center), turn};
  }
};

struct PointConstraint {
  Vec2 arm_a;
  Vec2 arm_b;
  float normal_impulse;
  float tangent_impulse;
  float normal_mass;
  float tangent_mass;
  float bias;  // speed after the bounce
};

struct ContactConstraint {
  std::int32_t place;  // of the contact in the world
  Lever a;
  Lever b;
  float friction;
  float restitution;
  float radius_a;
  float radius_b;
  Vec2 normal;
  // Of two points together: the matrix [k11 k12; k12 k22] and its inverse.
  float k11, k12, k22;
  float m11, m12, m22;
  std::int32_t count;
  std::array<PointConstraint, 2> points;
};

template <class W>
ContactConstraint constraint_of(const W& world, std::int32_t place,
                                std::span<const std::int32_t> places, float dt_ratio) {
  const Contact& contact = world.contacts[static_cast<std::size_t>(place)];
  ContactConstraint c{};
  c.place = place;
  c.a = Lever::of(world, contact.body_a, places);
  c.b = Lever::of(world, contact.body_b, places);
  c.friction = contact.friction;
  c.restitution = contact.restitution;
  c.radius_a = world.fixture(contact.fixture_a).radius;
  c.radius_b = world.fixture(contact.fixture_b).radius;
  c.count = contact.manifold.count;
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.count); ++i) {
    c.points[i].normal_impulse = dt_ratio * contact.manifold.points[i].normal_impulse;
    c.points[i].tangent_impulse = dt_ratio * contact.manifold.points[i].tangent_impulse;
  }
  return c;
}

struct Touch {
  Vec2 normal;  // from a to b
  std::array<Vec2, 2> points;
};

// Normal and points in the world, in the middle between the skins.
inline Touch touch_of(const Manifold& manifold, const Pose& a, float radius_a, const Pose& b,
                      float radius_b) {
  Touch touch{};
  if (manifold.reference == Reference::centers) {
    touch.normal = {1.0f, 0.0f};
    const Vec2 point_a = to_world(a, manifold.local_point);
    const Vec2 point_b = to_world(b, manifold.points[0].local);
    const Vec2 between = point_a - point_b;
    if (dot(between, between) > kEpsilon * kEpsilon) {
      touch.normal = point_b - point_a;
      normalise(touch.normal);
    }
    const Vec2 on_a = point_a + radius_a * touch.normal;
    const Vec2 on_b = point_b - radius_b * touch.normal;
    touch.points[0] = 0.5f * (on_a + on_b);
    return touch;
  }
  const bool on_a = manifold.reference == Reference::face_a;
  const Pose& face = on_a ? a : b;
  const Pose& other = on_a ? b : a;
  const float face_radius = on_a ? radius_a : radius_b;
  const float other_radius = on_a ? radius_b : radius_a;
  touch.normal = rotated(face.rotation, manifold.local_normal);
  const Vec2 plane = to_world(face, manifold.local_point);
  for (std::size_t i = 0; i < static_cast<std::size_t>(manifold.count); ++i) {
    const Vec2 clip = to_world(other, manifold.points[i].local);
    const Vec2 on_face = clip + (face_radius - dot(clip - plane, touch.normal)) * touch.normal;
    const Vec2 on_other = clip - other_radius * touch.normal;
    touch.points[i] = 0.5f * (on_face + on_other);
  }
  if (!on_a) touch.normal = -touch.normal;
  return touch;
}

inline float effective_mass(const Lever& a, const Lever& b, float arm_a, float arm_b) {
  const float k = a.inverse_mass + b.inverse_mass + a.inverse_inertia * arm_a * arm_a +
                  b.inverse_inertia * arm_b * arm_b;
  return k > 0.0f ? 1.0f / k : 0.0f;
}

// Two points are solved together unless they are almost one.
inline void couple(ContactConstraint& c) {
  constexpr float kMostCondition = 1000.0f;
  const float masses = c.a.inverse_mass + c.b.inverse_mass;
  const float a1 = cross(c.points[0].arm_a, c.normal);
  const float b1 = cross(c.points[0].arm_b, c.normal);
  const float a2 = cross(c.points[1].arm_a, c.normal);
  const float b2 = cross(c.points[1].arm_b, c.normal);
  const float i_a = c.a.inverse_inertia;
  const float i_b = c.b.inverse_inertia;
  c.k11 = masses + i_a * a1 * a1 + i_b * b1 * b1;
  c.k22 = masses + i_a * a2 * a2 + i_b * b2 * b2;
  c.k12 = masses + i_a * a1 * a2 + i_b * b1 * b2;
  float det = c.k11 * c.k22 - c.k12 * c.k12;
  if (!(c.k11 * c.k11 < kMostCondition * det)) {
    c.count = 1;
    return;
  }
  if (det != 0.0f) det = 1.0f / det;
  c.m11 = det * c.k22;
  c.m12 = -det * c.k12;
  c.m22 = det * c.k11;
}

inline void prepare(ContactConstraint& c, const Manifold& manifold,
                    std::span<const Motion> motions) {
  constexpr float kBounceSpeed = 1.0f;  // slower ones do not bounce
  const Motion& a = motions[static_cast<std::size_t>(c.a.index)];
  const Motion& b = motions[static_cast<std::size_t>(c.b.index)];
  const Touch touch = touch_of(manifold, c.a.pose(a), c.radius_a, c.b.pose(b), c.radius_b);
  c.normal = touch.normal;
  const Vec2 tangent = right_of(c.normal);
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.count); ++i) {
    PointConstraint& p = c.points[i];
    p.arm_a = touch.points[i] - a.c;
    p.arm_b = touch.points[i] - b.c;
    p.normal_mass = effective_mass(c.a, c.b, cross(p.arm_a, c.normal), cross(p.arm_b, c.normal));
    p.tangent_mass = effective_mass(c.a, c.b, cross(p.arm_a, tangent), cross(p.arm_b, tangent));
    p.bias = 0.0f;
    const float speed = dot(c.normal, b.v + cross(b.w, p.arm_b) - a.v - cross(a.w, p.arm_a));
    if (speed < -kBounceSpeed) p.bias = -c.restitution * speed;
  }
  if (c.count == 2) couple(c);
}

inline void warm_start(const ContactConstraint& c, std::span<Motion> motions) {
  Motion& a = motions[static_cast<std::size_t>(c.a.index)];
  Motion& b = motions[static_cast<std::size_t>(c.b.index)];
  const Vec2 tangent = right_of(c.normal);
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.count); ++i) {
    const PointConstraint& p = c.points[i];
    const Vec2 impulse = p.normal_impulse * c.normal + p.tangent_impulse * tangent;
    a.w -= c.a.inverse_inertia * cross(p.arm_a, impulse);
    a.v -= c.a.inverse_mass * impulse;
    b.w += c.b.inverse_inertia * cross(p.arm_b, impulse);
    b.v += c.b.inverse_mass * impulse;
  }
}

inline Vec2 speed_at(const PointConstraint& p, const Motion& a, const Motion& b) {
  return b.v + cross(b.w, p.arm_b) - a.v - cross(a.w, p.arm_a);
}

inline void apply(const ContactConstraint& c, const PointConstraint& p, Vec2 impulse, Motion& a,
                  Motion& b) {
  a.v -= c.a.inverse_mass * impulse;
  a.w -= c.a.inverse_inertia * cross(p.arm_a, impulse);
  b.v += c.b.inverse_mass * impulse;
  b.w += c.b.inverse_inertia * cross(p.arm_b, impulse);
}

// The impulses (x, y) >= 0 of two points after which neither approaches, and one that separates
// pushes nothing: the four ways in which that can be, in turn (Murty's block solver). False if none
// holds.
inline bool complementary(const ContactConstraint& c, Vec2 b, Vec2& x) {
  x = -Vec2{c.m11 * b.x + c.m12 * b.y, c.m12 * b.x + c.m22 * b.y};
  if (x.x >= 0.0f && x.y >= 0.0f) return true;
  x = {-c.points[0].normal_mass * b.x, 0.0f};
  if (x.x >= 0.0f && c.k12 * x.x + b.y >= 0.0f) return true;
  x = {0.0f, -c.points[1].normal_mass * b.y};
  if (x.y >= 0.0f && c.k12 * x.y + b.x >= 0.0f) return true;
  x = {0.0f, 0.0f};
  return b.x >= 0.0f && b.y >= 0.0f;
}

inline void solve_friction(ContactConstraint& c, Vec2 tangent, Motion& a, Motion& b) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.count); ++i) {
    PointConstraint& p = c.points[i];
    const float speed = dot(speed_at(p, a, b), tangent);
    const float wanted = p.tangent_mass * (-speed);
    const float most = c.friction * p.normal_impulse;
    const float impulse = clamped(p.tangent_impulse + wanted, -most, most);
    const float change = impulse - p.tangent_impulse;
    p.tangent_impulse = impulse;
    apply(c, p, change * tangent, a, b);
  }
}

inline void solve_pair(ContactConstraint& c, Motion& a, Motion& b) {
  PointConstraint& p1 = c.points[0];
  PointConstraint& p2 = c.points[1];
  const Vec2 old{p1.normal_impulse, p2.normal_impulse};
  Vec2 rest{dot(speed_at(p1, a, b), c.normal) - p1.bias,
            dot(speed_at(p2, a, b), c.normal) - p2.bias};
  rest -= Vec2{c.k11 * old.x + c.k12 * old.y, c.k12 * old.x + c.k22 * old.y};
  Vec2 impulse;
  if (!complementary(c, rest, impulse)) return;
  const Vec2 change = impulse - old;
  const Vec2 push1 = change.x * c.normal;
  const Vec2 push2 = change.y * c.normal;
  a.v -= c.a.inverse_mass * (push1 + push2);
  a.w -= c.a.inverse_inertia * (cross(p1.arm_a, push1) + cross(p2.arm_a, push2));
  b.v += c.b.inverse_mass * (push1 + push2);
  b.w += c.b.inverse_inertia * (cross(p1.arm_b, push1) + cross(p2.arm_b, push2));
  p1.normal_impulse = impulse.x;
  p2.normal_impulse = impulse.y;
}

inline void solve_velocity(ContactConstraint& c, std::span<Motion> motions) {
  Motion& a = motions[static_cast<std::size_t>(c.a.index)];
  Motion& b = motions[static_cast<std::size_t>(c.b.index)];
  solve_friction(c, right_of(c.normal), a, b);
  if (c.count != 1) return solve_pair(c, a, b);
  PointConstraint& p = c.points[0];
  const float speed = dot(speed_at(p, a, b), c.normal);
  const float wanted = -p.normal_mass * (speed - p.bias);
  const float impulse = greatest(p.normal_impulse + wanted, 0.0f);
  const float change = impulse - p.normal_impulse;
  p.normal_impulse = impulse;
  apply(c, p, change * c.normal, a, b);
}

inline void store_impulses(const ContactConstraint& c, Manifold& manifold) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.count); ++i) {
    manifold.points[i].normal_impulse = c.points[i].normal_impulse;
    manifold.points[i].tangent_impulse = c.points[i].tangent_impulse;
  }
}

struct Penetration {
  Vec2 normal;
  Vec2 point;
  float separation;
};

inline Penetration penetration_of(const ContactConstraint& c, const Manifold& manifold,
                                  const Pose& a, const Pose& b, std::size_t i) {
  if (manifold.reference == Reference::centers) {
    const Vec2 point_a = to_world(a, manifold.local_point);
    const Vec2 point_b = to_world(b, manifold.points[0].local);
    Vec2 normal = point_b - point_a;
    normalise(normal);
    return {normal, 0.5f * (point_a + point_b),
            dot(point_b - point_a, normal) - c.radius_a - c.radius_b};
  }
  const bool on_a = manifold.reference == Reference::face_a;
  const Pose& face = on_a ? a : b;
  const Vec2 normal = rotated(face.rotation, manifold.local_normal);
  const Vec2 plane = to_world(face, manifold.local_point);
  const Vec2 point = to_world(on_a ? b : a, manifold.points[i].local);
  const float separation = dot(point - plane, normal) - c.radius_a - c.radius_b;
  return {on_a ? normal : -normal, point, separation};
}

// Pushes the bodies of a contact apart by `rate` of what they have sunk in beyond the slop; returns
// the least separation found.
inline float solve_position(const ContactConstraint& c, const Manifold& manifold, float rate,
                            const Lever& lever_a, const Lever& lever_b, std::span<Motion> motions) {
  constexpr float kMostCorrection = 0.2f;
  Motion& a = motions[static_cast<std::size_t>(c.a.index)];
  Motion& b = motions[static_cast<std::size_t>(c.b.index)];
  float deepest = 0.0f;
  for (std::size_t i = 0; i < static_cast<std::size_t>(manifold.count); ++i) {
    const auto [normal, point, separation] =
        penetration_of(c, manifold, c.a.pose(a), c.b.pose(b), i);
    const Vec2 arm_a = point - a.c;
    const Vec2 arm_b = point - b.c;
    deepest = least(deepest, separation);
    const float correction = clamped(rate * (separation + kLinearSlop), -kMostCorrection, 0.0f);
    const float turn_a = cross(arm_a, normal);
    const float turn_b = cross(arm_b, normal);
    const float k = lever_a.inverse_mass + lever_b.inverse_mass +
                    lever_a.inverse_inertia * turn_a * turn_a +
                    lever_b.inverse_inertia * turn_b * turn_b;
    const float size = k > 0.0f ? -correction / k : 0.0f;
    const Vec2 impulse = size * normal;
    a.c -= lever_a.inverse_mass * impulse;
    a.a -= lever_a.inverse_inertia * cross(arm_a, impulse);
    b.c += lever_b.inverse_mass * impulse;
    b.a += lever_b.inverse_inertia * cross(arm_b, impulse);
  }
  return deepest;
}

}  // namespace detail

}  // namespace dromos::plane
