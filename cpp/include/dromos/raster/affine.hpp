// Points and affine maps of the plane.
#pragma once

#include <algorithm>
#include <cmath>

#include "dromos/math.hpp"

namespace dromos::raster {

struct Point {
  double x = 0;
  double y = 0;

  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(double k, Point p) { return {k * p.x, k * p.y}; }
  friend bool operator==(const Point&, const Point&) = default;
};

inline double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }
inline double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
// The square root is correctly rounded everywhere; hypot is not.
inline double length(Point p) { return std::sqrt(dot(p, p)); }

// x' = xx x + xy y + dx,  y' = yx x + yy y + dy
struct Affine {
  double xx = 1, xy = 0, dx = 0;
  double yx = 0, yy = 1, dy = 0;

  Point operator()(Point p) const { return {xx * p.x + xy * p.y + dx, yx * p.x + yy * p.y + dy}; }

  double determinant() const { return xx * yy - xy * yx; }

  // The factor by which lengths grow, as a root mean square over all directions.
  double stretch() const { return std::sqrt((xx * xx + xy * xy + yx * yx + yy * yy) / 2); }

  bool finite() const {
    return std::isfinite(xx) && std::isfinite(xy) && std::isfinite(dx) && std::isfinite(yx) &&
           std::isfinite(yy) && std::isfinite(dy);
  }

  // Only for maps whose determinant is not 0.
  Affine inverse() const {
    const double k = 1.0 / determinant();
    const Affine linear{yy * k, -xy * k, 0, -yx * k, xx * k, 0};
    const Point origin = linear({dx, dy});
    return {linear.xx, linear.xy, -origin.x, linear.yx, linear.yy, -origin.y};
  }
};

// First `inner`, then `outer`.
inline Affine operator*(const Affine& outer, const Affine& inner) {
  return {outer.xx * inner.xx + outer.xy * inner.yx,
          outer.xx * inner.xy + outer.xy * inner.yy,
          outer.xx * inner.dx + outer.xy * inner.dy + outer.dx,
          outer.yx * inner.xx + outer.yy * inner.yx,
          outer.yx * inner.xy + outer.yy * inner.yy,
          outer.yx * inner.dx + outer.yy * inner.dy + outer.dy};
}

inline Affine translation(double x, double y) { return {1, 0, x, 0, 1, y}; }
inline Affine scaling(double x, double y) { return {x, 0, 0, 0, y, 0}; }

// From the x axis towards the y axis.
inline Affine rotation(double radians) {
  const SinCos t = sincos(radians);
  return {t.cos, -t.sin, 0, t.sin, t.cos, 0};
}

}  // namespace dromos::raster
