// A rectangle whose rim fades out.
#pragma once

#include <algorithm>
#include <cmath>

#include "dromos/raster/affine.hpp"

namespace dromos::raster {

// `low` and `size` in the shape's own coordinates; `corner` is the radius of its corners, and the
// rim fades from full to nothing over `blur` inside to `blur` outside of it.
struct SoftRectangle {
  Point low;
  Point size;
  double corner = 0;
  double blur = 0;

  // How much of the shadow falls on a point, 0 to 1.
  double strength(Point p) const {
    const Point half = 0.5 * size;
    const Point centre = low + half;
    const double x = std::fabs(p.x - centre.x) - (half.x - corner);
    const double y = std::fabs(p.y - centre.y) - (half.y - corner);
    const double outside = length({std::max(x, 0.0), std::max(y, 0.0)});
    const double distance = outside + std::min(std::max(x, y), 0.0) - corner;
    const double t = std::min(std::max((blur - distance) / (2 * blur), 0.0), 1.0);
    return t * t * (3 - 2 * t);
  }
};

}  // namespace dromos::raster
