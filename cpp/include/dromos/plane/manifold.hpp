// Where two shapes touch: one or two points and a normal, kept in the frames of their bodies so
// that they stay right while the bodies move through a step.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "shape.hpp"

namespace dromos::plane {

// What the local normal and point belong to.
enum class Reference : std::uint32_t { centers, face_a, face_b };

// Which corner or side of each shape a point comes from; points of two steps that have the same
// are one, and keep their impulses.
struct Feature {
  std::uint8_t index_a = 0;
  std::uint8_t index_b = 0;
  std::uint8_t is_face_a = 0;
  std::uint8_t is_face_b = 0;

  friend constexpr bool operator==(const Feature&, const Feature&) = default;
  Feature flipped() const { return {index_b, index_a, is_face_b, is_face_a}; }
};

struct ManifoldPoint {
  Vec2 local;  // in the frame of the shape that is not the reference
  float normal_impulse = 0;
  float tangent_impulse = 0;
  Feature feature;
};

struct Manifold {
  std::array<ManifoldPoint, 2> points;
  Vec2 local_normal;
  Vec2 local_point;
  Reference reference = Reference::centers;
  std::int32_t count = 0;
};

namespace detail {

struct ClipPoint {
  Vec2 at;
  Feature feature;
};
using Segment = std::array<ClipPoint, 2>;

// Cuts off what lies beyond the line; false if nothing worth a manifold is left. `corner` is that
// of the reference shape on the line.
inline bool clip(Segment& segment, Vec2 normal, float offset, std::int32_t corner) {
  const Segment in = segment;
  const float beyond0 = dot(normal, in[0].at) - offset;
  const float beyond1 = dot(normal, in[1].at) - offset;
  std::size_t kept = 0;
  if (beyond0 <= 0.0f) segment[kept++] = in[0];
  if (beyond1 <= 0.0f) segment[kept++] = in[1];
  if (beyond0 * beyond1 < 0.0f) {
    const float part = beyond0 / (beyond0 - beyond1);
    segment[kept].at = in[0].at + part * (in[1].at - in[0].at);
    segment[kept].feature = {static_cast<std::uint8_t>(corner), in[0].feature.index_b, 0, 1};
    ++kept;
  }
  return kept == 2;
}

// How far `b` stays outside side `side` of `a`.
inline float separation(const Shape& a, const Pose& pose_a, std::int32_t side, const Shape& b,
                        const Pose& pose_b) {
  const Vec2 normal = rotated(pose_a.rotation, a.normals[side]);
  const Vec2 local = unrotated(pose_b.rotation, normal);
  std::int32_t deepest = 0;
  float least_reach = kMostFloat;
  for (std::int32_t i = 0; i < b.count; ++i) {
    const float reach = dot(b.corners[i], local);
    if (reach < least_reach) {
      least_reach = reach;
      deepest = i;
    }
  }
  return dot(to_world(pose_b, b.corners[deepest]) - to_world(pose_a, a.corners[side]), normal);
}

struct Side {
  std::int32_t index;
  float separation;
};

// A side of `a` that keeps `b` away the most: climbs from the one that faces b's middle.
inline Side best_side(const Shape& a, const Pose& pose_a, const Shape& b, const Pose& pose_b) {
  const Vec2 between = to_world(pose_b, b.centroid) - to_world(pose_a, a.centroid);
  const Vec2 towards = unrotated(pose_a.rotation, between);
  std::int32_t facing = 0;
  float most = -kMostFloat;
  for (std::int32_t i = 0; i < a.count; ++i) {
    const float along = dot(a.normals[i], towards);
    if (along > most) {
      most = along;
      facing = i;
    }
  }
  const auto before = [&](std::int32_t i) { return i > 0 ? i - 1 : a.count - 1; };
  const auto of = [&](std::int32_t i) { return Side{i, separation(a, pose_a, i, b, pose_b)}; };
  const Side here = of(facing);
  const Side left = of(before(facing));
  const Side right = of(a.next(facing));
  const bool goes_left = left.separation > here.separation && left.separation > right.separation;
  if (!goes_left && !(right.separation > here.separation)) return here;
  Side best = goes_left ? left : right;
  while (true) {
    const Side next = of(goes_left ? before(best.index) : a.next(best.index));
    if (!(next.separation > best.separation)) return best;
    best = next;
  }
}

// The side of `b` that looks against side `side` of `a`.
inline Segment facing_side(const Shape& a, const Pose& pose_a, std::int32_t side, const Shape& b,
                           const Pose& pose_b) {
  const Vec2 normal = unrotated(pose_b.rotation, rotated(pose_a.rotation, a.normals[side]));
  std::int32_t first = 0;
  float most_against = kMostFloat;
  for (std::int32_t i = 0; i < b.count; ++i) {
    const float along = dot(normal, b.normals[i]);
    if (along < most_against) {
      most_against = along;
      first = i;
    }
  }
  const std::int32_t second = b.next(first);
  const auto feature = [&](std::int32_t corner) {
    return Feature{static_cast<std::uint8_t>(side), static_cast<std::uint8_t>(corner), 1, 0};
  };
  return {ClipPoint{to_world(pose_b, b.corners[first]), feature(first)},
          ClipPoint{to_world(pose_b, b.corners[second]), feature(second)}};
}

// A side is only left for another one that is clearly better: contacts stay coherent.
inline bool clearly_better(float separation, float than) {
  return separation > 0.98f * than + 0.001f;
}

}  // namespace detail

inline void collide_polygons(Manifold& manifold, const Shape& a, const Pose& pose_a, const Shape& b,
                             const Pose& pose_b) {
  manifold.count = 0;
  const float skins = a.radius + b.radius;
  const detail::Side side_a = detail::best_side(a, pose_a, b, pose_b);
  if (side_a.separation > skins) return;
  const detail::Side side_b = detail::best_side(b, pose_b, a, pose_a);
  if (side_b.separation > skins) return;

  const bool flip = detail::clearly_better(side_b.separation, side_a.separation);
  const Shape& shape = flip ? b : a;  // the reference
  const Pose& pose = flip ? pose_b : pose_a;
  const Pose& other = flip ? pose_a : pose_b;
  const std::int32_t first = flip ? side_b.index : side_a.index;
  const std::int32_t second = shape.next(first);
  auto segment = detail::facing_side(shape, pose, first, flip ? a : b, other);

  Vec2 local_tangent = shape.corners[second] - shape.corners[first];
  normalise(local_tangent);
  const Vec2 tangent = rotated(pose.rotation, local_tangent);
  const Vec2 normal = right_of(tangent);
  const Vec2 start = to_world(pose, shape.corners[first]);
  const Vec2 end = to_world(pose, shape.corners[second]);
  const float front = dot(normal, start);
  manifold.reference = flip ? Reference::face_b : Reference::face_a;
  if (!detail::clip(segment, -tangent, -dot(tangent, start) + skins, first)) return;
  if (!detail::clip(segment, tangent, dot(tangent, end) + skins, second)) return;
  manifold.local_normal = right_of(local_tangent);
  manifold.local_point = 0.5f * (shape.corners[first] + shape.corners[second]);
  for (const auto& [at, feature] : segment) {
    if (!(dot(normal, at) - front <= skins)) continue;
    ManifoldPoint& point = manifold.points[static_cast<std::size_t>(manifold.count++)];
    point.local = to_local(other, at);
    point.feature = flip ? feature.flipped() : feature;
  }
}

namespace detail {

// An edge has no inside: it works as the side that the polygon is on. All in the edge's frame.
struct EdgeAndPolygon {
  Vec2 v1, v2;
  Vec2 normal;  // towards the polygon
  bool front;   // the polygon is to the right of the edge
  std::int32_t count;
  std::array<Vec2, kMostCorners> corners;
  std::array<Vec2, kMostCorners> normals;

  std::int32_t next(std::int32_t i) const { return i + 1 < count ? i + 1 : 0; }

  float edge_separation() const {
    float separation = kMostFloat;
    for (std::int32_t i = 0; i < count; ++i)
      separation = least(dot(normal, at(corners, i) - v1), separation);
    return separation;
  }

  // The polygon's side that keeps the edge away the most, among those that look at it; index -1 if
  // none does.
  Side polygon_separation(float skins) const {
    Side best{-1, -kMostFloat};
    for (std::int32_t i = 0; i < count; ++i) {
      const Vec2 inward = -at(normals, i);
      const float s1 = dot(inward, at(corners, i) - v1);
      const float s2 = dot(inward, at(corners, i) - v2);
      const float separation = least(s1, s2);
      if (separation > skins) return {i, separation};
      if (dot(inward + normal, normal) < -kAngularSlop) continue;
      if (separation > best.separation) best = {i, separation};
    }
    return best;
  }

  Segment polygon_side() const {
    std::int32_t first = 0;
    float least_along = dot(normal, normals[0]);
    for (std::int32_t i = 1; i < count; ++i) {
      const float along = dot(normal, at(normals, i));
      if (along < least_along) {
        least_along = along;
        first = i;
      }
    }
    const std::int32_t second = next(first);
    const auto feature = [](std::int32_t corner) {
      return Feature{0, static_cast<std::uint8_t>(corner), 1, 0};
    };
    return {ClipPoint{at(corners, first), feature(first)},
            ClipPoint{at(corners, second), feature(second)}};
  }

  Segment edge_side(std::int32_t side) const {
    const Feature feature{0, static_cast<std::uint8_t>(side), 0, 1};
    return {ClipPoint{v1, feature}, ClipPoint{v2, feature}};
  }

  static Vec2 at(const std::array<Vec2, kMostCorners>& list, std::int32_t i) {
    return list[static_cast<std::size_t>(i)];
  }
};

inline EdgeAndPolygon edge_frame(const Shape& edge, const Shape& polygon, const Pose& pose) {
  EdgeAndPolygon frame;
  frame.v1 = edge.corners[0];
  frame.v2 = edge.corners[1];
  Vec2 direction = frame.v2 - frame.v1;
  normalise(direction);
  const Vec2 right = right_of(direction);
  frame.front = dot(right, to_world(pose, polygon.centroid) - frame.v1) >= 0.0f;
  frame.normal = frame.front ? right : -right;
  frame.count = polygon.count;
  for (std::int32_t i = 0; i < polygon.count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    frame.corners[k] = to_world(pose, polygon.corners[i]);
    frame.normals[k] = rotated(pose.rotation, polygon.normals[i]);
  }
  return frame;
}

}  // namespace detail

inline void collide_edge_and_polygon(Manifold& manifold, const Shape& edge, const Pose& pose_a,
                                     const Shape& polygon, const Pose& pose_b) {
  manifold.count = 0;
  const Pose pose = relative(pose_a, pose_b);
  const auto frame = detail::edge_frame(edge, polygon, pose);
  const float skins = 2.0f * kSkin;
  const float edge_separation = frame.edge_separation();
  if (edge_separation > skins) return;
  const detail::Side side = frame.polygon_separation(skins);
  if (side.index >= 0 && side.separation > skins) return;

  const bool on_edge = side.index < 0 || !detail::clearly_better(side.separation, edge_separation);
  detail::Segment segment = on_edge ? frame.polygon_side() : frame.edge_side(side.index);
  const std::int32_t first = on_edge ? (frame.front ? 0 : 1) : side.index;
  const std::int32_t second = on_edge ? 1 - first : frame.next(first);
  const Vec2 v1 = on_edge ? (frame.front ? frame.v1 : frame.v2) : frame.at(frame.corners, first);
  const Vec2 v2 = on_edge ? (frame.front ? frame.v2 : frame.v1) : frame.at(frame.corners, second);
  const Vec2 normal = on_edge ? frame.normal : frame.at(frame.normals, first);
  const Vec2 sideways = right_of(normal);
  manifold.reference = on_edge ? Reference::face_a : Reference::face_b;
  if (!detail::clip(segment, sideways, dot(sideways, v1), first)) return;
  if (!detail::clip(segment, -sideways, dot(-sideways, v2), second)) return;
  manifold.local_normal = on_edge ? normal : polygon.normals[first];
  manifold.local_point = on_edge ? v1 : polygon.corners[first];
  for (const auto& [at, feature] : segment) {
    if (!(dot(normal, at - v1) <= skins)) continue;
    ManifoldPoint& point = manifold.points[static_cast<std::size_t>(manifold.count++)];
    point.local = on_edge ? to_local(pose, at) : at;
    point.feature = on_edge ? feature : feature.flipped();
  }
}

namespace detail {

inline void touch_in(Manifold& manifold, Reference reference, Vec2 point, Vec2 normal, Vec2 center,
                     Feature feature) {
  manifold.count = 1;
  manifold.reference = reference;
  manifold.local_normal = normal;
  manifold.local_point = point;
  manifold.points[0].local = center;
  manifold.points[0].feature = feature;
}

inline bool farther(Vec2 a, Vec2 b, float than) {
  const Vec2 between = a - b;
  return dot(between, between) > than * than;
}

}  // namespace detail

inline void collide_circles(Manifold& manifold, const Shape& a, const Pose& pose_a, const Shape& b,
                            const Pose& pose_b) {
  manifold.count = 0;
  const Vec2 center_a = to_world(pose_a, a.corners[0]);
  const Vec2 center_b = to_world(pose_b, b.corners[0]);
  if (detail::farther(center_b, center_a, a.radius + b.radius)) return;
  detail::touch_in(manifold, Reference::centers, a.corners[0], {}, b.corners[0], {});
}

inline void collide_polygon_and_circle(Manifold& manifold, const Shape& polygon, const Pose& pose_a,
                                       const Shape& circle, const Pose& pose_b) {
  manifold.count = 0;
  const Vec2 center = to_local(pose_a, to_world(pose_b, circle.corners[0]));
  const float radius = polygon.radius + circle.radius;
  std::int32_t side = 0;
  float separation = -kMostFloat;
  for (std::int32_t i = 0; i < polygon.count; ++i) {
    const float outside = dot(polygon.normals[i], center - polygon.corners[i]);
    if (outside > radius) return;
    if (outside > separation) {
      separation = outside;
      side = i;
    }
  }
  const Vec2 v1 = polygon.corners[side];
  const Vec2 v2 = polygon.corners[polygon.next(side)];
  const Vec2 middle = 0.5f * (v1 + v2);
  const auto touch = [&](Vec2 point, Vec2 normal) {
    detail::touch_in(manifold, Reference::face_a, point, normal, circle.corners[0], {});
  };
  const auto touch_corner = [&](Vec2 corner) {
    if (detail::farther(center, corner, radius)) return;
    Vec2 normal = center - corner;
    normalise(normal);
    touch(corner, normal);
  };
  if (separation < kEpsilon) return touch(middle, polygon.normals[side]);
  if (dot(center - v1, v2 - v1) <= 0.0f) return touch_corner(v1);
  if (dot(center - v2, v1 - v2) <= 0.0f) return touch_corner(v2);
  if (dot(center - middle, polygon.normals[side]) > radius) return;
  touch(middle, polygon.normals[side]);
}

inline void collide_edge_and_circle(Manifold& manifold, const Shape& edge, const Pose& pose_a,
                                    const Shape& circle, const Pose& pose_b) {
  manifold.count = 0;
  const Vec2 center = to_local(pose_a, to_world(pose_b, circle.corners[0]));
  const Vec2 a = edge.corners[0];
  const Vec2 b = edge.corners[1];
  const Vec2 way = b - a;
  const float u = dot(way, b - center);
  const float v = dot(way, center - a);
  const float radius = edge.radius + circle.radius;
  const Vec2 at = circle.corners[0];
  if (v <= 0.0f || u <= 0.0f) {
    const Vec2 corner = v <= 0.0f ? a : b;
    if (detail::farther(center, corner, radius)) return;
    const Feature feature{static_cast<std::uint8_t>(v <= 0.0f ? 0 : 1), 0, 0, 0};
    return detail::touch_in(manifold, Reference::centers, corner, {}, at, feature);
  }
  const Vec2 foot = (1.0f / dot(way, way)) * (u * a + v * b);
  if (detail::farther(center, foot, radius)) return;
  Vec2 normal{-way.y, way.x};
  if (dot(normal, center - a) < 0.0f) normal = -normal;
  normalise(normal);
  detail::touch_in(manifold, Reference::face_a, a, normal, at, Feature{0, 0, 1, 0});
}

// Fills in where `a` and `b` touch; the kinds are in the order polygon or edge, polygon, circle.
inline void collide(Manifold& manifold, const Shape& a, const Pose& pose_a, const Shape& b,
                    const Pose& pose_b) {
  if (b.kind == Kind::polygon)
    return a.kind == Kind::edge ? collide_edge_and_polygon(manifold, a, pose_a, b, pose_b)
                                : collide_polygons(manifold, a, pose_a, b, pose_b);
  if (a.kind == Kind::polygon) return collide_polygon_and_circle(manifold, a, pose_a, b, pose_b);
  if (a.kind == Kind::edge) return collide_edge_and_circle(manifold, a, pose_a, b, pose_b);
  collide_circles(manifold, a, pose_a, b, pose_b);
}

}  // namespace dromos::plane
