// A small painter: anti-aliased shapes under a stack of affine maps, on a picture in memory.
//
// It needs no display, no library and no font, and draws the same bytes on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "dromos/raster/affine.hpp"
#include "dromos/raster/coverage.hpp"
#include "dromos/raster/outline.hpp"
#include "dromos/raster/shadow.hpp"
#include "dromos/raster/stroke.hpp"
#include "dromos/raster/surface.hpp"

namespace dromos::raster {

// Beyond this a coordinate, a size or an entry of the map is as good as infinite: products of two
// stay far from overflow, and no canvas shows the difference.
inline constexpr double kLargest = 1e12;

// `v`, brought into the range that can be computed with.
inline double checked(const char* name, double v) {
  if (!std::isfinite(v)) {
    throw std::invalid_argument(std::string(name) + " must be finite, found " +
                                (std::isnan(v) ? "nan" : (v > 0 ? "inf" : "-inf")) +
                                "; is the state that is drawn finite?");
  }
  return std::min(std::max(v, -kLargest), kLargest);
}

inline double checked_size(const char* name, double v) {
  if (v < 0) {
    throw std::invalid_argument(std::string(name) + " must be at least 0, found " +
                                std::to_string(v));
  }
  return checked(name, v);
}

inline Point checked(const char* name, Point p) { return {checked(name, p.x), checked(name, p.y)}; }

// Lengths are in units of the current map; angles in radians, from the x axis towards the y axis.
// Without a map the origin is the top left corner, the unit a pixel, and y points down.
//
// Every call throws std::invalid_argument for coordinates that are not finite and for negative
// sizes, before anything is drawn.
class Raster {
 public:
  Raster(int width, int height) : surface_(width, height), path_(width, height) {}

  int width() const { return surface_.width(); }
  int height() const { return surface_.height(); }
  const std::vector<std::uint8_t>& pixels() const { return surface_.pixels(); }

  void save() { saved_.push_back(map_); }

  void restore() {
    if (saved_.empty()) throw std::logic_error("restore() without a save() before it");
    map_ = saved_.back();
    saved_.pop_back();
  }

  void translate(double x, double y) {
    concatenate(translation(checked("x of a translation", x), checked("y of a translation", y)));
  }

  void scale(double x, double y) {
    concatenate(scaling(checked("x of a scale", x), checked("y of a scale", y)));
  }

  void rotate(double angle) { concatenate(rotation(checked("angle of a rotation", angle))); }

  // Whether y points down, as it does before any map.
  bool y_down() const { return map_.determinant() >= 0; }

  void paste(const std::uint8_t* frame) { surface_.paste(frame); }

  void background(Colour top, Colour bottom) { surface_.fill(top, bottom); }

  void polygon(std::span<const Point> points, Colour colour) {
    paint({checked_points("a corner of a polygon", points)}, colour);
  }

  void polyline(std::span<const Point> points, Pen pen, bool closed, Colour colour) {
    pen.width = checked_size("width of a polyline", pen.width);
    const Contour line = checked_points("a point of a polyline", points);
    paint(Stroker(pen, map_.stretch()).outline(line, closed), colour);
  }

  // The union of several lines drawn with one pen, such as the strokes of a letter.
  void strokes(std::span<const Contour> lines, Pen pen, Colour colour) {
    pen.width = checked_size("width of a stroke", pen.width);
    Stroker stroker(pen, map_.stretch());
    std::vector<Contour> contours;
    for (const Contour& points : lines) {
      for (Contour& contour : stroker.outline(checked_points("a point of a stroke", points), false))
        contours.push_back(std::move(contour));
    }
    paint(contours, colour);
  }

  void disc(Point centre, double radius, Colour colour) {
    centre = checked("centre of a disc", centre);
    radius = checked_size("radius of a disc", radius);
    paint({disc_contour(centre, radius, map_.stretch())}, colour);
  }

  void arc(Arc arc, Colour colour) {
    arc.centre = checked("centre of an arc", arc.centre);
    arc.radius = checked_size("radius of an arc", arc.radius);
    arc.width = checked_size("width of an arc", arc.width);
    arc.start = checked("start of an arc", arc.start);
    arc.sweep = checked("sweep of an arc", arc.sweep);
    paint(arc_contours(arc, map_.stretch()), colour);
  }

  void rectangle(Point low, Point size, double corner, Colour colour) {
    const SoftRectangle shape = checked_rectangle(low, size, corner, 0);
    paint({rectangle_contour(shape.low, shape.size, shape.corner, map_.stretch())}, colour);
  }

  void shadow(Point low, Point size, double corner, double blur, Colour colour) {
    const SoftRectangle shape = checked_rectangle(low, size, corner, blur);
    if (shape.blur == 0) return rectangle(low, size, corner, colour);
    if (map_.determinant() == 0) return;
    const Affine to_shape = map_.inverse();
    if (!to_shape.finite()) return;
    const Box box = box_of(shape);
    for (int y = box.top; y < box.bottom; ++y) {
      for (int x = box.left; x < box.right; ++x) {
        surface_.blend(y, x, x + 1, shape.strength(to_shape({x + 0.5, y + 0.5})), colour);
      }
    }
  }

 private:
  struct Box {
    int left, top, right, bottom;  // pixels
  };

  void concatenate(const Affine& inner) {
    Affine next = map_ * inner;
    for (double* entry : {&next.xx, &next.xy, &next.dx, &next.yx, &next.yy, &next.dy}) {
      *entry = std::min(std::max(*entry, -kLargest), kLargest);
    }
    map_ = next;
  }

  static Contour checked_points(const char* name, std::span<const Point> points) {
    Contour result;
    result.reserve(points.size());
    for (const Point& point : points) result.push_back(checked(name, point));
    return result;
  }

  static SoftRectangle checked_rectangle(Point low, Point size, double corner, double blur) {
    const Point extent{checked_size("width of a rectangle", size.x),
                       checked_size("height of a rectangle", size.y)};
    const double most = std::min(extent.x, extent.y) / 2;
    return {checked("position of a rectangle", low), extent,
            std::min(checked_size("corner of a rectangle", corner), most),
            checked_size("blur of a shadow", blur)};
  }

  void paint(const std::vector<Contour>& contours, Colour colour) {
    for (const Contour& contour : contours) {
      mapped_.clear();
      for (const Point& point : contour) mapped_.push_back(map_(point));
      path_.add(mapped_);
    }
    path_.fill([&](int y, int begin, int end, double coverage) {
      surface_.blend(y, begin, end, coverage, colour);
    });
  }

  // The pixels that the shape and its faded rim can touch.
  Box box_of(const SoftRectangle& shape) const {
    const Point rim{shape.blur, shape.blur};
    const Point low = shape.low - rim;
    const Point high = shape.low + shape.size + rim;
    const Point corners[] = {map_(low), map_(high), map_({low.x, high.y}), map_({high.x, low.y})};
    Point least = corners[0];
    Point most = corners[0];
    for (const Point& corner : corners) {
      least = {std::min(least.x, corner.x), std::min(least.y, corner.y)};
      most = {std::max(most.x, corner.x), std::max(most.y, corner.y)};
    }
    const auto pixel = [](double v, int limit) {
      return static_cast<int>(std::min(std::max(std::floor(v), 0.0), double(limit)));
    };
    return {pixel(least.x, width()), pixel(least.y, height()), pixel(most.x + 1, width()),
            pixel(most.y + 1, height())};
  }

  Surface surface_;
  Path path_;
  Affine map_;
  std::vector<Affine> saved_;
  Contour mapped_;
};

}  // namespace dromos::raster
