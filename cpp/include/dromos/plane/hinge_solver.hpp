// Hinges as constraints: motor, limits of the angle, and the common point.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "contact_solver.hpp"

namespace dromos::plane::detail {

struct Vec3 {
  float x, y, z;
};
constexpr float dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

struct HingeConstraint {
  std::int32_t joint;
  Lever a;
  Lever b;
  Vec2 anchor_a;  // from the center of mass
  Vec2 anchor_b;
  Vec2 arm_a;
  Vec2 arm_b;
  // The mass matrix of point and angle, symmetric, by columns; and parts of its solution that stay
  // the same through the rounds.
  Vec3 ex, ey, ez;
  Vec3 ey_cross_ez;
  float inverse3;
  float inverse2;
  float motor_mass;
  float most_impulse;  // of the motor
  float motor_speed;
  Vec2 impulse;  // a sum that no round reads
  Vec2 last_impulse;
  float limit_impulse;
  float motor_impulse;
  Limit limit;
  bool has_motor;
  bool can_turn;
};

inline Vec2 solve2(const HingeConstraint& h, Vec2 b) {
  return {h.inverse2 * (h.ey.y * b.x - h.ey.x * b.y), h.inverse2 * (h.ex.x * b.y - h.ex.y * b.x)};
}

inline Vec3 solve3(const HingeConstraint& h, const Vec3& b) {
  return {h.inverse3 * dot(b, h.ey_cross_ez), h.inverse3 * dot(h.ex, cross(b, h.ez)),
          h.inverse3 * dot(h.ex, cross(h.ey, b))};
}

// Which limit the angle is at; an impulse does not survive a change.
inline void note_limit(HingeConstraint& h, const Hinge& hinge, float angle) {
  const Limit before = h.limit;
  if (magnitude(hinge.upper_angle - hinge.lower_angle) < 2.0f * kAngularSlop) {
    h.limit = Limit::equal;
    return;
  }
  h.limit = angle <= hinge.lower_angle   ? Limit::at_lower
            : angle >= hinge.upper_angle ? Limit::at_upper
                                         : Limit::inactive;
  if (h.limit == Limit::inactive || h.limit != before) h.limit_impulse = 0.0f;
}

inline void set_masses(HingeConstraint& h) {
  const float masses = h.a.inverse_mass + h.b.inverse_mass;
  const float i_a = h.a.inverse_inertia;
  const float i_b = h.b.inverse_inertia;
  const Vec2 a = h.arm_a;
  const Vec2 b = h.arm_b;
  h.ex.x = masses + a.y * a.y * i_a + b.y * b.y * i_b;
  h.ey.x = h.ex.y = -a.y * a.x * i_a - b.y * b.x * i_b;
  h.ez.x = h.ex.z = -a.y * i_a - b.y * i_b;
  h.ey.y = masses + a.x * a.x * i_a + b.x * b.x * i_b;
  h.ez.y = h.ey.z = a.x * i_a + b.x * i_b;
  h.ez.z = i_a + i_b;
  h.ey_cross_ez = cross(h.ey, h.ez);
  h.inverse3 = dot(h.ex, h.ey_cross_ez);
  if (h.inverse3 != 0.0f) h.inverse3 = 1.0f / h.inverse3;
  h.inverse2 = h.ex.x * h.ey.y - h.ey.x * h.ex.y;
  if (h.inverse2 != 0.0f) h.inverse2 = 1.0f / h.inverse2;
  h.motor_mass = i_a + i_b;
  if (h.motor_mass > 0.0f) h.motor_mass = 1.0f / h.motor_mass;
}

// Sets up the constraint and applies the impulses of the last step.
template <class W>
HingeConstraint prepare(const W& world, std::int32_t joint, std::span<const std::int32_t> places,
                        std::span<Motion> motions, const StepSize& step) {
  const Hinge& hinge = world.joint(joint);
  HingeConstraint h{};
  h.joint = joint;
  h.a = Lever::of(world, hinge.body_a, places);
  h.b = Lever::of(world, hinge.body_b, places);
  h.anchor_a = hinge.anchor_a - h.a.local_center;
  h.anchor_b = hinge.anchor_b - h.b.local_center;
  h.impulse = hinge.impulse;
  h.limit_impulse = hinge.limit_impulse;
  h.motor_impulse = hinge.motor_impulse;
  h.limit = hinge.limit;
  h.most_impulse = step.dt * hinge.most_torque;
  h.motor_speed = hinge.motor_speed;
  Motion& a = motions[static_cast<std::size_t>(h.a.index)];
  Motion& b = motions[static_cast<std::size_t>(h.b.index)];
  h.arm_a = rotated(Rotation::by(a.a), h.anchor_a);
  h.arm_b = rotated(Rotation::by(b.a), h.anchor_b);
  h.can_turn = h.a.inverse_inertia + h.b.inverse_inertia != 0.0f;
  set_masses(h);
  h.has_motor = hinge.has_motor && h.can_turn;
  if (!h.has_motor) h.motor_impulse = 0.0f;
  if (hinge.has_limit && h.can_turn)
    note_limit(h, hinge, b.a - a.a - hinge.reference_angle);
  else
    h.limit = Limit::inactive;

  h.impulse *= step.dt_ratio;
  h.limit_impulse *= step.dt_ratio;
  h.motor_impulse *= step.dt_ratio;
  a.v -= h.a.inverse_mass * h.impulse;
  a.w -= h.a.inverse_inertia * (cross(h.arm_a, h.impulse) + h.motor_impulse + h.limit_impulse);
  b.v += h.b.inverse_mass * h.impulse;
  b.w += h.b.inverse_inertia * (cross(h.arm_b, h.impulse) + h.motor_impulse + h.limit_impulse);
  return h;
}

inline void solve_motor(HingeConstraint& h, Motion& a, Motion& b) {
  const float wanted = -h.motor_mass * (b.w - a.w - h.motor_speed);
  const float old = h.motor_impulse;
  h.motor_impulse = clamped(old + wanted, -h.most_impulse, h.most_impulse);
  const float change = h.motor_impulse - old;
  a.w -= h.a.inverse_inertia * change;
  b.w += h.b.inverse_inertia * change;
}

// Point and angle together. A limit only pushes: where it would pull, the point is solved alone and
// the limit's impulse is taken back.
inline void solve_limit(HingeConstraint& h, Motion& a, Motion& b) {
  const Vec2 drift = b.v + cross(b.w, h.arm_b) - a.v - cross(a.w, h.arm_a);
  const Vec3 solution = solve3(h, {drift.x, drift.y, b.w - a.w});
  Vec2 impulse{-solution.x, -solution.y};
  float turn = -solution.z;
  const float total = h.limit_impulse + turn;
  const bool pulls =
      (h.limit == Limit::at_lower && total < 0.0f) || (h.limit == Limit::at_upper && total > 0.0f);
  if (pulls) {
    impulse = solve2(h, -drift + h.limit_impulse * Vec2{h.ez.x, h.ez.y});
    turn = -h.limit_impulse;
    h.limit_impulse = 0.0f;
  } else {
    h.limit_impulse = total;
  }
  h.impulse += h.last_impulse = impulse;
  a.v -= h.a.inverse_mass * impulse;
  a.w -= h.a.inverse_inertia * (cross(h.arm_a, impulse) + turn);
  b.v += h.b.inverse_mass * impulse;
  b.w += h.b.inverse_inertia * (cross(h.arm_b, impulse) + turn);
}

inline void solve_velocity(HingeConstraint& h, std::span<Motion> motions) {
  Motion& a = motions[static_cast<std::size_t>(h.a.index)];
  Motion& b = motions[static_cast<std::size_t>(h.b.index)];
  if (h.has_motor && h.limit != Limit::equal) solve_motor(h, a, b);
  if (h.limit != Limit::inactive) return solve_limit(h, a, b);
  const Vec2 drift = b.v + cross(b.w, h.arm_b) - a.v - cross(a.w, h.arm_a);
  const Vec2 impulse = solve2(h, -drift);
  h.impulse += h.last_impulse = impulse;
  a.v -= h.a.inverse_mass * impulse;
  a.w -= h.a.inverse_inertia * cross(h.arm_a, impulse);
  b.v += h.b.inverse_mass * impulse;
  b.w += h.b.inverse_inertia * cross(h.arm_b, impulse);
}

inline void store_impulses(const HingeConstraint& h, Hinge& hinge) {
  hinge.impulse = h.impulse;
  hinge.limit_impulse = h.limit_impulse;
  hinge.motor_impulse = h.motor_impulse;
  hinge.limit = h.limit;
}

// Turns the bodies back inside the limits; returns by how much they were outside.
inline float solve_angle(const HingeConstraint& h, const Hinge& hinge, Motion& a, Motion& b) {
  constexpr float kMostCorrection = 8.0f / 180.0f * kPi;
  if (h.limit == Limit::inactive) return 0.0f;
  const float angle = b.a - a.a - hinge.reference_angle;
  float outside = 0.0f;
  float correction = 0.0f;
  if (h.limit == Limit::equal) {
    correction = clamped(angle - hinge.lower_angle, -kMostCorrection, kMostCorrection);
    outside = magnitude(correction);
  } else if (h.limit == Limit::at_lower) {
    correction = angle - hinge.lower_angle;
    outside = -correction;
    correction = clamped(correction + kAngularSlop, -kMostCorrection, 0.0f);
  } else {
    correction = angle - hinge.upper_angle;
    outside = correction;
    correction = clamped(correction - kAngularSlop, 0.0f, kMostCorrection);
  }
  const float impulse = -h.motor_mass * correction;
  a.a -= h.a.inverse_inertia * impulse;
  b.a += h.b.inverse_inertia * impulse;
  return outside;
}

// Moves the bodies towards the common point; true if it was near enough.
inline bool solve_position(const HingeConstraint& h, const Hinge& hinge,
                           std::span<Motion> motions) {
  Motion& a = motions[static_cast<std::size_t>(h.a.index)];
  Motion& b = motions[static_cast<std::size_t>(h.b.index)];
  const float outside = solve_angle(h, hinge, a, b);
  const Vec2 arm_a = rotated(Rotation::by(a.a), h.anchor_a);
  const Vec2 arm_b = rotated(Rotation::by(b.a), h.anchor_b);
  const Vec2 gap = b.c + arm_b - a.c - arm_a;
  const float i_a = h.a.inverse_inertia;
  const float i_b = h.b.inverse_inertia;
  const float masses = h.a.inverse_mass + h.b.inverse_mass;
  const float k11 = masses + i_a * arm_a.y * arm_a.y + i_b * arm_b.y * arm_b.y;
  const float k12 = -i_a * arm_a.x * arm_a.y - i_b * arm_b.x * arm_b.y;
  const float k22 = masses + i_a * arm_a.x * arm_a.x + i_b * arm_b.x * arm_b.x;
  float inverse = k11 * k22 - k12 * k12;
  if (inverse != 0.0f) inverse = 1.0f / inverse;
  const Vec2 impulse =
      -Vec2{inverse * (k22 * gap.x - k12 * gap.y), inverse * (k11 * gap.y - k12 * gap.x)};
  a.c -= h.a.inverse_mass * impulse;
  a.a -= i_a * cross(arm_a, impulse);
  b.c += h.b.inverse_mass * impulse;
  b.a += i_b * cross(arm_b, impulse);
  return length(gap) <= kLinearSlop && outside <= kAngularSlop;
}

}  // namespace dromos::plane::detail
