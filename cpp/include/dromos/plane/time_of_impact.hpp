// When two moving shapes first come within a slop of each other (conservative advancement along a
// separating axis; Catto, "Continuous Collision", GDC 2013).
#pragma once

#include <cstdint>
#include <optional>

#include "distance.hpp"
#include "manifold.hpp"

namespace dromos::plane {

namespace detail {

// How far the shapes are apart along one axis, as a function of time: the axis turns with the shape
// whose side it is the normal of, or stands still between two corners.
class SeparationAlongAxis {
 public:
  SeparationAlongAxis(const SimplexCache& cache, const Shape& a, const Sweep& sweep_a,
                      const Shape& b, const Sweep& sweep_b, float time)
      : a_(a), b_(b), sweep_a_(sweep_a), sweep_b_(sweep_b) {
    const Pose pose_a = sweep_a.at(time);
    const Pose pose_b = sweep_b.at(time);
    const std::int32_t first_a = cache.index_a[0];
    const std::int32_t first_b = cache.index_b[0];
    if (cache.count == 1) {
      reference_ = Reference::centers;
      axis_ = to_world(pose_b, b.corners[first_b]) - to_world(pose_a, a.corners[first_a]);
      normalise(axis_);
    } else if (first_a == cache.index_a[1]) {
      reference_ = Reference::face_b;
      take_side(b, pose_b, first_b, cache.index_b[1], to_world(pose_a, a.corners[first_a]));
    } else {
      reference_ = Reference::face_a;
      take_side(a, pose_a, first_a, cache.index_a[1], to_world(pose_b, b.corners[first_b]));
    }
  }

  // The corners that are nearest along the axis at this time; the side's own shape has none.
  struct Corners {
    std::int32_t a = -1;
    std::int32_t b = -1;
  };

  float least_separation(Corners& corners, float time) const {
    const Pose pose_a = sweep_a_.at(time);
    const Pose pose_b = sweep_b_.at(time);
    if (reference_ == Reference::centers) {
      corners = {a_.support(unrotated(pose_a.rotation, axis_)),
                 b_.support(unrotated(pose_b.rotation, -axis_))};
    } else if (reference_ == Reference::face_a) {
      const Vec2 normal = rotated(pose_a.rotation, axis_);
      corners = {-1, b_.support(unrotated(pose_b.rotation, -normal))};
    } else {
      const Vec2 normal = rotated(pose_b.rotation, axis_);
      corners = {a_.support(unrotated(pose_a.rotation, -normal)), -1};
    }
    return separation(corners, pose_a, pose_b);
  }

  float separation(const Corners& corners, float time) const {
    return separation(corners, sweep_a_.at(time), sweep_b_.at(time));
  }

 private:
  void take_side(const Shape& shape, const Pose& pose, std::int32_t first, std::int32_t second,
                 Vec2 other) {
    axis_ = right_of(shape.corners[second] - shape.corners[first]);
    normalise(axis_);
    point_ = 0.5f * (shape.corners[first] + shape.corners[second]);
    if (dot(other - to_world(pose, point_), rotated(pose.rotation, axis_)) < 0.0f) axis_ = -axis_;
  }

  float separation(const Corners& corners, const Pose& pose_a, const Pose& pose_b) const {
    const Vec2 on_a = to_world(pose_a, corners.a < 0 ? point_ : a_.corners[corners.a]);
    const Vec2 on_b = to_world(pose_b, corners.b < 0 ? point_ : b_.corners[corners.b]);
    if (reference_ == Reference::centers) return dot(on_b - on_a, axis_);
    if (reference_ == Reference::face_a) return dot(on_b - on_a, rotated(pose_a.rotation, axis_));
    return dot(on_a - on_b, rotated(pose_b.rotation, axis_));
  }

  const Shape& a_;
  const Shape& b_;
  const Sweep& sweep_a_;
  const Sweep& sweep_b_;
  Reference reference_;
  Vec2 axis_;
  Vec2 point_;
};

// Separations count as the target within the tolerance.
struct Target {
  float distance;
  float tolerance;
};

// Where between t1 (separation s1, too far) and t2 (s2, too near) the separation is the target:
// bisection and regula falsi in turn.
inline float root(const SeparationAlongAxis& axis, const SeparationAlongAxis::Corners& corners,
                  Target target, float t1, float s1, float t2, float s2) {
  constexpr int kMostRounds = 50;
  const float end = t2;
  for (int round = 0; round < kMostRounds; ++round) {
    const float t =
        (round & 1) != 0 ? t1 + (target.distance - s1) * (t2 - t1) / (s2 - s1) : 0.5f * (t1 + t2);
    const float s = axis.separation(corners, t);
    if (magnitude(s - target.distance) < target.tolerance) return t;
    if (s > target.distance) {
      t1 = t;
      s1 = s;
    } else {
      t2 = t;
      s2 = s;
    }
  }
  return end;
}

enum class Verdict : std::uint8_t { advance, touches, passes };

// Moves `t1` to the time until which this axis keeps the shapes apart.
inline Verdict advance_along(const SeparationAlongAxis& axis, Target target, float& t1) {
  float t2 = 1.0f;
  for (std::size_t round = 0; round < kMostCorners; ++round) {
    SeparationAlongAxis::Corners corners;
    const float s2 = axis.least_separation(corners, t2);
    if (s2 > target.distance + target.tolerance) return Verdict::passes;
    if (s2 > target.distance - target.tolerance) {
      t1 = t2;
      return Verdict::advance;
    }
    const float s1 = axis.separation(corners, t1);
    if (s1 < target.distance - target.tolerance) return Verdict::passes;  // it fails: no event
    if (s1 <= target.distance + target.tolerance) return Verdict::touches;
    t2 = root(axis, corners, target, t1, s1, t2, s2);
  }
  return Verdict::advance;
}

}  // namespace detail

// The fraction of the sweeps after which the shapes touch; nothing if they do not, overlap from the
// start, or the search fails.
inline std::optional<float> time_of_impact(const Shape& a, Sweep sweep_a, const Shape& b,
                                           Sweep sweep_b) {
  constexpr int kMostRounds = 20;
  sweep_a.take_out_turns();
  sweep_b.take_out_turns();
  const detail::Target target{greatest(kLinearSlop, a.radius + b.radius - 3.0f * kLinearSlop),
                              0.25f * kLinearSlop};
  SimplexCache cache;
  float t1 = 0.0f;
  for (int round = 0; round < kMostRounds; ++round) {
    const float gap = distance(cache, a, sweep_a.at(t1), b, sweep_b.at(t1));
    if (gap <= 0.0f) return std::nullopt;
    if (gap < target.distance + target.tolerance) return t1;
    const detail::SeparationAlongAxis axis(cache, a, sweep_a, b, sweep_b, t1);
    switch (detail::advance_along(axis, target, t1)) {
      case detail::Verdict::passes:
        return std::nullopt;
      case detail::Verdict::touches:
        return t1;
      case detail::Verdict::advance:
        break;
    }
  }
  return std::nullopt;
}

}  // namespace dromos::plane
