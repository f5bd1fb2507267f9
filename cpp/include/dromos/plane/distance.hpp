// The distance of two convex shapes without their skins (Gilbert, Johnson and Keerthi, "A fast
// procedure for computing the distance between complex objects in three-dimensional space", 1988;
// in the form of Catto, "Computing Distance", GDC 2010).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "shape.hpp"

namespace dromos::plane {

// The corners at which a search ended, where the next one of the same pair starts.
struct SimplexCache {
  float metric = 0;
  std::int32_t count = 0;
  std::array<std::int32_t, 3> index_a{};
  std::array<std::int32_t, 3> index_b{};
};

namespace detail {

// A corner of the difference b - a.
struct SimplexCorner {
  Vec2 on_a;
  Vec2 on_b;
  Vec2 at;
  float weight = 0;
  std::int32_t index_a = 0;
  std::int32_t index_b = 0;
};

struct Simplex {
  std::array<SimplexCorner, 3> corners;
  std::int32_t count = 0;

  void keep(std::size_t i, float weight) {
    corners[0] = corners[i];
    corners[0].weight = weight;
    count = 1;
  }

  // Keeps corner i in place 0 and j in place 1.
  void keep(std::size_t i, std::size_t j, float weight_i, float weight_j) {
    const float inverse = 1.0f / (weight_i + weight_j);
    const SimplexCorner first = corners[i];
    const SimplexCorner second = corners[j];
    corners[0] = first;
    corners[1] = second;
    corners[0].weight = weight_i * inverse;
    corners[1].weight = weight_j * inverse;
    count = 2;
  }

  float metric() const {
    if (count == 2) return length(corners[0].at - corners[1].at);
    if (count == 3) return cross(corners[1].at - corners[0].at, corners[2].at - corners[0].at);
    return 0.0f;
  }

  // Towards the origin.
  Vec2 direction() const {
    if (count == 1) return -corners[0].at;
    const Vec2 side = corners[1].at - corners[0].at;
    const bool left = cross(side, -corners[0].at) > 0.0f;
    return left ? Vec2{-1.0f * side.y, side.x} : right_of(side);
  }

  // Reduces a segment to the part nearest to the origin.
  void reduce_segment() {
    const Vec2 w1 = corners[0].at;
    const Vec2 w2 = corners[1].at;
    const Vec2 side = w2 - w1;
    const float weight2 = -dot(w1, side);
    if (weight2 <= 0.0f) return keep(0, 1.0f);
    const float weight1 = dot(w2, side);
    if (weight1 <= 0.0f) return keep(1, 1.0f);
    keep(0, 1, weight1, weight2);
  }

  // Reduces a triangle likewise; one that holds the origin stays.
  void reduce_triangle() {
    const Vec2 w1 = corners[0].at;
    const Vec2 w2 = corners[1].at;
    const Vec2 w3 = corners[2].at;
    const Vec2 e12 = w2 - w1;
    const float d12_1 = dot(w2, e12);
    const float d12_2 = -dot(w1, e12);
    const Vec2 e13 = w3 - w1;
    const float d13_1 = dot(w3, e13);
    const float d13_2 = -dot(w1, e13);
    const Vec2 e23 = w3 - w2;
    const float d23_1 = dot(w3, e23);
    const float d23_2 = -dot(w2, e23);
    const float area = cross(e12, e13);
    const float d1 = area * cross(w2, w3);
    const float d2 = area * cross(w3, w1);
    const float d3 = area * cross(w1, w2);
    if (d12_2 <= 0.0f && d13_2 <= 0.0f) return keep(0, 1.0f);
    if (d12_1 > 0.0f && d12_2 > 0.0f && d3 <= 0.0f) return keep(0, 1, d12_1, d12_2);
    if (d13_1 > 0.0f && d13_2 > 0.0f && d2 <= 0.0f) return keep(0, 2, d13_1, d13_2);
    if (d12_1 <= 0.0f && d23_2 <= 0.0f) return keep(1, 1.0f);
    if (d13_1 <= 0.0f && d23_1 <= 0.0f) return keep(2, 1.0f);
    // The third corner goes first: the second keeps its place and its weight is the greater's.
    if (d23_1 > 0.0f && d23_2 > 0.0f && d1 <= 0.0f) return keep(2, 1, d23_2, d23_1);
    const float inverse = 1.0f / (d1 + d2 + d3);
    corners[0].weight = d1 * inverse;
    corners[1].weight = d2 * inverse;
    corners[2].weight = d3 * inverse;
    count = 3;
  }

  void reduce() {
    if (count == 2) reduce_segment();
    if (count == 3) reduce_triangle();
  }
};

struct Pair {
  const Shape& a;
  const Shape& b;
  Pose pose_a;
  Pose pose_b;

  SimplexCorner corner(std::int32_t index_a, std::int32_t index_b) const {
    SimplexCorner result;
    result.index_a = index_a;
    result.index_b = index_b;
    result.on_a = to_world(pose_a, a.corners[index_a]);
    result.on_b = to_world(pose_b, b.corners[index_b]);
    result.at = result.on_b - result.on_a;
    return result;
  }
  SimplexCorner support(Vec2 direction) const {
    return corner(a.support(unrotated(pose_a.rotation, -direction)),
                  b.support(unrotated(pose_b.rotation, direction)));
  }
};

inline Simplex read_cache(const SimplexCache& cache, const Pair& pair) {
  Simplex simplex;
  simplex.count = cache.count;
  for (std::size_t i = 0; i < static_cast<std::size_t>(cache.count); ++i)
    simplex.corners[i] = pair.corner(cache.index_a[i], cache.index_b[i]);
  if (simplex.count > 1) {
    const float metric = simplex.metric();
    if (metric < 0.5f * cache.metric || 2.0f * cache.metric < metric || metric < kEpsilon)
      simplex.count = 0;
  }
  if (simplex.count == 0) {
    simplex.corners[0] = pair.corner(0, 0);
    simplex.corners[0].weight = 1.0f;
    simplex.count = 1;
  }
  return simplex;
}

inline void write_cache(SimplexCache& cache, const Simplex& simplex) {
  cache.metric = simplex.metric();
  cache.count = simplex.count;
  for (std::size_t i = 0; i < static_cast<std::size_t>(simplex.count); ++i) {
    cache.index_a[i] = simplex.corners[i].index_a;
    cache.index_b[i] = simplex.corners[i].index_b;
  }
}

// The distance of the points that the weights name.
inline float witness_distance(const Simplex& simplex) {
  const auto& c = simplex.corners;
  if (simplex.count == 1) return length(c[0].on_a - c[0].on_b);
  if (simplex.count == 3) return 0.0f;
  const Vec2 on_a = c[0].weight * c[0].on_a + c[1].weight * c[1].on_a;
  const Vec2 on_b = c[0].weight * c[0].on_b + c[1].weight * c[1].on_b;
  return length(on_a - on_b);
}

}  // namespace detail

inline float distance(SimplexCache& cache, const Shape& a, const Pose& pose_a, const Shape& b,
                      const Pose& pose_b) {
  constexpr int kMostRounds = 20;
  const detail::Pair pair{a, b, pose_a, pose_b};
  detail::Simplex simplex = detail::read_cache(cache, pair);
  for (int round = 0; round < kMostRounds; ++round) {
    const detail::Simplex before = simplex;
    simplex.reduce();
    if (simplex.count == 3) break;
    const Vec2 direction = simplex.direction();
    if (dot(direction, direction) < kEpsilon * kEpsilon) break;
    const detail::SimplexCorner next = pair.support(direction);
    bool known = false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(before.count); ++i)
      known |=
          next.index_a == before.corners[i].index_a && next.index_b == before.corners[i].index_b;
    if (known) break;
    simplex.corners[static_cast<std::size_t>(simplex.count++)] = next;
  }
  detail::write_cache(cache, simplex);
  return detail::witness_distance(simplex);
}

// Whether shapes touch with their skins: what a sensor feels.
inline bool touching(const Shape& a, const Pose& pose_a, const Shape& b, const Pose& pose_b) {
  SimplexCache cache;
  float gap = distance(cache, a, pose_a, b, pose_b);
  gap = gap > a.radius + b.radius && gap > kEpsilon ? gap - (a.radius + b.radius) : 0.0f;
  return gap < 10.0f * kEpsilon;
}

}  // namespace dromos::plane
