// Vectors, rotations and boxes of the plane, in float32.
//
// The rigid bodies of this folder give the bits of Box2D 2.3, so every expression here rounds in
// the order in which that engine rounds, and `least`, `greatest` and `clamped` choose as it does
// between zeros of different sign. No product is fused with a sum (-ffp-contract=off, and no
// instruction set that has the fused form).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace dromos::plane {

inline constexpr float kEpsilon = std::numeric_limits<float>::epsilon();
inline constexpr float kMostFloat = std::numeric_limits<float>::max();
inline constexpr float kPi = 3.14159265359f;

// Lengths are meters, angles radians. Shapes are solid up to the slop, and polygons have a skin.
inline constexpr float kLinearSlop = 0.005f;
inline constexpr float kAngularSlop = 2.0f / 180.0f * kPi;
inline constexpr float kSkin = 2.0f * kLinearSlop;

constexpr float least(float a, float b) { return a < b ? a : b; }
constexpr float greatest(float a, float b) { return a > b ? a : b; }
constexpr float clamped(float a, float low, float high) { return greatest(low, least(a, high)); }
constexpr float magnitude(float a) { return a > 0.0f ? a : -a; }

struct Vec2 {
  float x = 0;
  float y = 0;

  friend constexpr bool operator==(const Vec2&, const Vec2&) = default;
  constexpr Vec2& operator+=(Vec2 b) { return *this = {x + b.x, y + b.y}; }
  constexpr Vec2& operator-=(Vec2 b) { return *this = {x - b.x, y - b.y}; }
  constexpr Vec2& operator*=(float s) { return *this = {x * s, y * s}; }
};

constexpr Vec2 operator+(Vec2 a, Vec2 b) { return {a.x + b.x, a.y + b.y}; }
constexpr Vec2 operator-(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }
constexpr Vec2 operator-(Vec2 a) { return {-a.x, -a.y}; }
constexpr Vec2 operator*(float s, Vec2 a) { return {s * a.x, s * a.y}; }

constexpr float dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
constexpr float cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }
// The velocity at arm `r` of a body that spins with `w`.
constexpr Vec2 cross(float w, Vec2 r) { return {-w * r.y, w * r.x}; }
// A quarter turn to the right.
constexpr Vec2 right_of(Vec2 a) { return {a.y, -a.x}; }
constexpr Vec2 lower(Vec2 a, Vec2 b) { return {least(a.x, b.x), least(a.y, b.y)}; }
constexpr Vec2 upper(Vec2 a, Vec2 b) { return {greatest(a.x, b.x), greatest(a.y, b.y)}; }

inline float length(Vec2 a) { return std::sqrt(a.x * a.x + a.y * a.y); }

// Makes `a` a unit vector and returns its length; leaves a vector that is almost none as it is.
inline float normalise(Vec2& a) {
  const float size = length(a);
  if (size < kEpsilon) return 0.0f;
  a *= 1.0f / size;
  return size;
}

struct Rotation {
  float sine = 0;
  float cosine = 1;

  static Rotation by(float angle) { return {std::sin(angle), std::cos(angle)}; }
};

constexpr Vec2 rotated(Rotation q, Vec2 v) {
  return {q.cosine * v.x - q.sine * v.y, q.sine * v.x + q.cosine * v.y};
}
constexpr Vec2 unrotated(Rotation q, Vec2 v) {
  return {q.cosine * v.x + q.sine * v.y, -q.sine * v.x + q.cosine * v.y};
}

// Where a body's origin is and how it is turned.
struct Pose {
  Vec2 position;
  Rotation rotation;
};

constexpr Vec2 to_world(const Pose& pose, Vec2 v) {
  return rotated(pose.rotation, v) + pose.position;
}
constexpr Vec2 to_local(const Pose& pose, Vec2 v) {
  return unrotated(pose.rotation, v - pose.position);
}

// The pose of frame `b` seen from frame `a`.
constexpr Pose relative(const Pose& a, const Pose& b) {
  const Rotation p = a.rotation;
  const Rotation q = b.rotation;
  return {unrotated(p, b.position - a.position),
          {p.cosine * q.sine - p.sine * q.cosine, p.cosine * q.cosine + p.sine * q.sine}};
}

// The way of a body's center of mass and angle through a step: from (c0, a0) at time `alpha0` of
// the step to (c, a) at its end.
struct Sweep {
  Vec2 local_center;
  Vec2 c0;
  Vec2 c;
  float a0 = 0;
  float a = 0;
  float alpha0 = 0;

  // `beta` = 0 is alpha0, 1 the end of the step.
  Pose at(float beta) const {
    const Vec2 center = (1.0f - beta) * c0 + beta * c;
    const Rotation turn = Rotation::by((1.0f - beta) * a0 + beta * a);
    return {center - rotated(turn, local_center), turn};
  }

  void advance(float alpha) {
    const float beta = (alpha - alpha0) / (1.0f - alpha0);
    c0 = (1.0f - beta) * c0 + beta * c;
    a0 = (1.0f - beta) * a0 + beta * a;
    alpha0 = alpha;
  }

  void take_out_turns() {
    constexpr float kTurn = 2.0f * kPi;
    const float turns = kTurn * std::floor(a0 / kTurn);
    a0 -= turns;
    a -= turns;
  }
};

// A box along the axes.
struct Bounds {
  Vec2 low;
  Vec2 high;
};

constexpr bool overlap(const Bounds& a, const Bounds& b) {
  return !(b.low.x - a.high.x > 0.0f) && !(b.low.y - a.high.y > 0.0f) &&
         !(a.low.x - b.high.x > 0.0f) && !(a.low.y - b.high.y > 0.0f);
}
constexpr Bounds united(const Bounds& a, const Bounds& b) {
  return {lower(a.low, b.low), upper(a.high, b.high)};
}
constexpr bool contains(const Bounds& outer, const Bounds& inner) {
  return outer.low.x <= inner.low.x && outer.low.y <= inner.low.y && inner.high.x <= outer.high.x &&
         inner.high.y <= outer.high.y;
}

}  // namespace dromos::plane
