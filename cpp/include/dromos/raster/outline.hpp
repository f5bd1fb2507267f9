// Closed contours of the shapes the canvas draws: arcs, rounded rectangles, strokes.
//
// Shapes are built in the coordinates they are given in; `scale` says how many pixels one unit is,
// so that curves get as many corners as the eye needs and no more.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dromos/raster/affine.hpp"

namespace dromos::raster {

using Contour = std::vector<Point>;

inline constexpr double kTurn = 6.283185307179586;  // radians

// Chords of an arc of `sweep` radians stay within 1/20 pixel of it: a chord over the angle t lies
// r t^2 / 8 inside.
inline int chords(double radius, double scale, double sweep) {
  constexpr double kMost = 1024;
  const double pixels = std::min(radius * scale, kMost * kMost);
  const double count = std::fabs(sweep) * std::sqrt(pixels * (20.0 / 8.0));
  return static_cast<int>(std::min(std::max(std::ceil(count), 1.0), kMost));
}

// Appends `count` + 1 points of the arc that starts at the angle `start`.
inline void append_arc(Contour& contour, Point centre, double radius, double start, double sweep,
                       int count) {
  for (int i = 0; i <= count; ++i) {
    const SinCos t = sincos(start + sweep * i / count);
    contour.push_back(centre + radius * Point{t.cos, t.sin});
  }
}

// A multiple of four corners: discs are symmetric in both axes. They lie as far outside of the
// circle as makes the polygon's area the circle's: small discs would look thin otherwise.
inline Contour disc_contour(Point centre, double radius, double scale) {
  const int corners = 4 * (chords(radius, scale, kTurn / 4) + 1);
  const double angle = kTurn / corners;
  const double outside = std::sqrt(angle / sincos(angle).sin);
  Contour contour;
  append_arc(contour, centre, radius * outside, 0, kTurn, corners);
  contour.pop_back();
  return contour;
}

// `corner` is the radius of the corners, at most half of the shorter side.
inline Contour rectangle_contour(Point low, Point size, double corner, double scale) {
  const Point high = low + size;
  if (corner <= 0) return {low, {high.x, low.y}, high, {low.x, high.y}};
  const double quarter = kTurn / 4;
  const int count = chords(corner, scale, quarter) + 1;
  Contour contour;
  append_arc(contour, {high.x - corner, low.y + corner}, corner, -quarter, quarter, count);
  append_arc(contour, {high.x - corner, high.y - corner}, corner, 0, quarter, count);
  append_arc(contour, {low.x + corner, high.y - corner}, corner, quarter, quarter, count);
  append_arc(contour, {low.x + corner, low.y + corner}, corner, 2 * quarter, quarter, count);
  return contour;
}

enum class Cap : std::uint8_t { round, butt };

struct Arc {
  Point centre;
  double radius;  // of the middle of the line
  double width;
  double start;  // radians from the x axis towards the y axis
  double sweep;
  Cap cap;
};

// A ring: its outer rim one way round, its inner rim the other.
inline std::vector<Contour> ring_contours(const Arc& arc, double scale) {
  const double inner = std::max(arc.radius - arc.width / 2, 0.0);
  Contour hole = disc_contour(arc.centre, inner, scale);
  std::reverse(hole.begin(), hole.end());
  return {disc_contour(arc.centre, arc.radius + arc.width / 2, scale), hole};
}

// A whole turn or more is a ring; anything less has two ends.
inline std::vector<Contour> arc_contours(Arc arc, double scale) {
  if (std::fabs(arc.sweep) >= kTurn) return ring_contours(arc, scale);
  if (arc.sweep < 0) {
    arc.start += arc.sweep;
    arc.sweep = -arc.sweep;
  }
  const double half = arc.width / 2;
  const double end = arc.start + arc.sweep;
  const int around = chords(arc.radius + half, scale, arc.sweep) + 1;
  const int at_end = arc.cap == Cap::round ? chords(half, scale, kTurn / 2) + 1 : 1;
  const auto at = [&](double angle) {
    const SinCos t = sincos(angle);
    return arc.centre + arc.radius * Point{t.cos, t.sin};
  };
  Contour contour;
  append_arc(contour, arc.centre, arc.radius + half, arc.start, arc.sweep, around);
  append_arc(contour, at(end), half, end, kTurn / 2, at_end);
  append_arc(contour, arc.centre, std::max(arc.radius - half, 0.0), end, -arc.sweep, around);
  append_arc(contour, at(arc.start), half, arc.start + kTurn / 2, kTurn / 2, at_end);
  return {contour};
}

}  // namespace dromos::raster
