// Circles, edges and convex polygons: corners, mass, bounds and rays.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "geometry.hpp"

namespace dromos::plane {

// In the order in which a pair of unlike shapes is sorted: polygon or edge first, circle last.
enum class Kind : std::uint8_t { circle, edge, polygon };

inline constexpr std::size_t kMostCorners = 16;

// A shape in the frame of its body: where its corners lie, for the time of a call. A circle has one
// corner, its center; only a polygon has normals, one a side, pointing out, and a centroid.
struct Shape {
  Kind kind;
  std::int32_t count;
  float radius;  // of the circle, or the skin of the others
  const Vec2* corners;
  const Vec2* normals;
  Vec2 centroid;

  std::int32_t next(std::int32_t i) const { return i + 1 < count ? i + 1 : 0; }

  // The corner farthest along `direction`; the first of several.
  std::int32_t support(Vec2 direction) const {
    std::int32_t best = 0;
    float most = dot(corners[0], direction);
    for (std::int32_t i = 1; i < count; ++i) {
      const float reach = dot(corners[i], direction);
      if (reach > most) {
        best = i;
        most = reach;
      }
    }
    return best;
  }
};

struct Polygon {
  std::int32_t count = 0;
  std::array<Vec2, kMostCorners> corners;
  std::array<Vec2, kMostCorners> normals;
  Vec2 centroid;
};

// A box around the body's origin with these half extents.
inline Polygon box(float half_width, float half_height) {
  Polygon result;
  result.count = 4;
  const float w = half_width;
  const float h = half_height;
  result.corners = {Vec2{-w, -h}, Vec2{w, -h}, Vec2{w, h}, Vec2{-w, h}};
  result.normals = {Vec2{0, -1}, Vec2{1, 0}, Vec2{0, 1}, Vec2{-1, 0}};
  return result;
}

namespace detail {

// The point a gift wrapper goes to from `from`: all others lie to the left of the way.
inline std::size_t next_on_hull(std::span<const Vec2> points, std::size_t from) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (best == from) {
      best = i;
      continue;
    }
    const Vec2 way = points[best] - points[from];
    const Vec2 other = points[i] - points[from];
    const float side = cross(way, other);
    if (side < 0.0f || (side == 0.0f && dot(other, other) > dot(way, way))) best = i;
  }
  return best;
}

inline Vec2 centroid(std::span<const Vec2> corners) {
  constexpr float kThird = 1.0f / 3.0f;
  Vec2 sum;
  float area = 0.0f;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Vec2 a = corners[i];
    const Vec2 b = corners[i + 1 < corners.size() ? i + 1 : 0];
    const float triangle = 0.5f * cross(a, b);
    area += triangle;
    sum += triangle * kThird * (Vec2{0.0f, 0.0f} + a + b);
  }
  sum *= 1.0f / area;
  return sum;
}

}  // namespace detail

// The convex hull of 3 to kMostCorners points, counterclockwise from the rightmost.
inline Polygon hull(std::span<const Vec2> points) {
  std::size_t first = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const bool farther = points[i].x > points[first].x;
    if (farther || (points[i].x == points[first].x && points[i].y < points[first].y)) first = i;
  }
  Polygon result;
  std::size_t count = 0;
  std::size_t at = first;
  do {
    result.corners[count++] = points[at];
    at = detail::next_on_hull(points, at);
  } while (at != first && count < kMostCorners);
  result.count = static_cast<std::int32_t>(count);
  for (std::size_t i = 0; i < count; ++i) {
    result.normals[i] = right_of(result.corners[i + 1 < count ? i + 1 : 0] - result.corners[i]);
    normalise(result.normals[i]);
  }
  result.centroid = detail::centroid({result.corners.data(), count});
  return result;
}

struct Mass {
  float mass = 0;
  Vec2 center;
  float inertia = 0;  // about the body's origin
};

namespace detail {

inline Mass polygon_mass(const Shape& shape, float density) {
  constexpr float kThird = 1.0f / 3.0f;
  const auto corners = std::span(shape.corners, static_cast<std::size_t>(shape.count));
  Vec2 middle;
  for (const Vec2 corner : corners) middle += corner;
  middle *= 1.0f / static_cast<float>(shape.count);
  Vec2 center;
  float area = 0.0f;
  float inertia = 0.0f;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Vec2 a = corners[i] - middle;
    const Vec2 b = corners[i + 1 < corners.size() ? i + 1 : 0] - middle;
    const float twice = cross(a, b);
    const float triangle = 0.5f * twice;
    area += triangle;
    center += triangle * kThird * (a + b);
    const float x2 = a.x * a.x + b.x * a.x + b.x * b.x;
    const float y2 = a.y * a.y + b.y * a.y + b.y * b.y;
    inertia += (0.25f * kThird * twice) * (x2 + y2);
  }
  Mass result;
  result.mass = density * area;
  center *= 1.0f / area;
  result.center = center + middle;
  result.inertia = density * inertia;
  result.inertia += result.mass * (dot(result.center, result.center) - dot(center, center));
  return result;
}

}  // namespace detail

inline Mass mass_of(const Shape& shape, float density) {
  switch (shape.kind) {
    case Kind::circle: {
      const Vec2 center = shape.corners[0];
      const float r = shape.radius;
      const float mass = density * kPi * r * r;
      return {mass, center, mass * (0.5f * r * r + dot(center, center))};
    }
    case Kind::edge:
      return {0.0f, 0.5f * (shape.corners[0] + shape.corners[1]), 0.0f};
    case Kind::polygon:
      return detail::polygon_mass(shape, density);
  }
  return {};
}

inline Bounds bounds_of(const Shape& shape, const Pose& pose) {
  // A circle's center is turned first and moved last, as a corner's; both round alike.
  const Vec2 first = to_world(pose, shape.corners[0]);
  Bounds bounds{first, first};
  for (std::int32_t i = 1; i < shape.count; ++i) {
    const Vec2 corner = to_world(pose, shape.corners[i]);
    bounds = {lower(bounds.low, corner), upper(bounds.high, corner)};
  }
  const Vec2 skin{shape.radius, shape.radius};
  return {bounds.low - skin, bounds.high + skin};
}

struct Ray {
  Vec2 from;
  Vec2 to;
};

// The fraction of the ray at which it enters the shape, or a negative number.
namespace detail {

inline float hit_edge(const Shape& shape, Vec2 from, Vec2 way) {
  const Vec2 side = shape.corners[1] - shape.corners[0];
  Vec2 normal = right_of(side);
  normalise(normal);
  const float numerator = dot(normal, shape.corners[0] - from);
  const float denominator = dot(normal, way);
  if (denominator == 0.0f) return -1.0f;
  const float fraction = numerator / denominator;
  if (fraction < 0.0f || 1.0f < fraction) return -1.0f;
  const Vec2 point = from + fraction * way;
  const float square = dot(side, side);
  if (square == 0.0f) return -1.0f;
  const float along = dot(point - shape.corners[0], side) / square;
  return along < 0.0f || 1.0f < along ? -1.0f : fraction;
}

inline float hit_polygon(const Shape& shape, Vec2 from, Vec2 way) {
  float enters = 0.0f;
  float leaves = 1.0f;
  bool entered = false;
  for (std::int32_t i = 0; i < shape.count; ++i) {
    const float numerator = dot(shape.normals[i], shape.corners[i] - from);
    const float denominator = dot(shape.normals[i], way);
    if (denominator == 0.0f) {
      if (numerator < 0.0f) return -1.0f;
    } else if (denominator < 0.0f && numerator < enters * denominator) {
      enters = numerator / denominator;
      entered = true;
    } else if (denominator > 0.0f && numerator < leaves * denominator) {
      leaves = numerator / denominator;
    }
    if (leaves < enters) return -1.0f;
  }
  return entered ? enters : -1.0f;
}

inline float hit_circle(const Shape& shape, const Pose& pose, const Ray& ray) {
  const Vec2 out = ray.from - (pose.position + rotated(pose.rotation, shape.corners[0]));
  const Vec2 way = ray.to - ray.from;
  const float b = dot(out, out) - shape.radius * shape.radius;
  const float c = dot(out, way);
  const float square = dot(way, way);
  const float sigma = c * c - square * b;
  if (sigma < 0.0f || square < kEpsilon) return -1.0f;
  const float a = -(c + std::sqrt(sigma));
  return 0.0f <= a && a <= square ? a / square : -1.0f;
}

}  // namespace detail

inline float hit(const Shape& shape, const Pose& pose, const Ray& ray) {
  if (shape.kind == Kind::circle) return detail::hit_circle(shape, pose, ray);
  const Vec2 from = to_local(pose, ray.from);
  const Vec2 way = to_local(pose, ray.to) - from;
  return shape.kind == Kind::edge ? detail::hit_edge(shape, from, way)
                                  : detail::hit_polygon(shape, from, way);
}

}  // namespace dromos::plane
