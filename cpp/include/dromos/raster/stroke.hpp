// The outline of a line of some width.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "dromos/raster/outline.hpp"

namespace dromos::raster {

enum class Join : std::uint8_t { round, mitre };
struct Pen {
  double width = 1;
  Join join = Join::round;
  Cap cap = Cap::round;
};

// Walks along a polyline and back, and leaves the contours that its pen covers.
class Stroker {
 public:
  Stroker(Pen pen, double scale)
      : pen_(pen),
        scale_(scale),
        radius_(pen.width / 2),
        half_turn_chords_(chords(radius_, scale, kTurn / 2) + 1) {}

  // The contours wind the same way throughout, so that where a stroke meets itself it stays filled.
  std::vector<Contour> outline(std::span<const Point> points, bool closed) {
    set_line(points, closed);
    if (line_.empty()) return {};
    if (line_.size() == 1) return point();
    if (closed && line_.size() > 2) {
      Contour there = side_of_ring();
      std::reverse(line_.begin(), line_.end());
      return {std::move(there), side_of_ring()};
    }
    return {both_sides()};
  }

 private:
  // The points without repetitions.
  void set_line(std::span<const Point> points, bool closed) {
    line_.clear();
    for (const Point& point : points) {
      if (line_.empty() || length(point - line_.back()) > 0) line_.push_back(point);
    }
    if (closed && line_.size() > 1 && line_.front() == line_.back()) line_.pop_back();
  }

  // A line of no length shows where it is if its ends are round.
  std::vector<Contour> point() const {
    if (pen_.cap == Cap::butt) return {};
    Contour disc;
    append_arc(disc, line_[0], radius_, 0, kTurn, 2 * half_turn_chords_);
    return {disc};
  }

  Contour both_sides() {
    contour_.clear();
    const std::size_t last = line_.size() - 1;
    for (std::size_t i = 1; i < last; ++i) turn(line_[i - 1], line_[i], line_[i + 1]);
    cap(line_[last - 1], line_[last]);
    for (std::size_t i = last - 1; i > 0; --i) turn(line_[i + 1], line_[i], line_[i - 1]);
    cap(line_[1], line_[0]);
    return contour_;
  }

  Contour side_of_ring() {
    contour_.clear();
    const std::size_t n = line_.size();
    for (std::size_t i = 0; i < n; ++i) turn(line_[(i + n - 1) % n], line_[i], line_[(i + 1) % n]);
    return contour_;
  }

  // From the middle of the line to the side we walk on, when going from a to b.
  Point offset(Point a, Point b) const {
    const Point way = b - a;
    const double k = radius_ / length(way);
    return {k * way.y, -k * way.x};
  }

  void turn(Point before, Point here, Point after) {
    const Point from = offset(before, here);
    const Point to = offset(here, after);
    if (gentle(from, to, std::min(length(here - before), length(after - here)))) {
      contour_.push_back(here + to_meeting(from, to));
    } else if (cross(from, to) < 0) {
      // Through the middle: the inside of a sharp turn then never leaves the pen's path.
      contour_.insert(contour_.end(), {here + from, here, here + to});
    } else if (pen_.join == Join::round) {
      round_join(here, from, to);
    } else {
      mitre_join(here, from, to);
    }
  }

  // Whether a corner where both sides meet is as good as any join: for turns so small that it
  // lies within 1/20 pixel of a round one. Curves are made of such turns.
  bool gentle(Point from, Point to, double shorter) const {
    const double step = length(to - from);
    return dot(from, to) > 0 && step < shorter && step * step * scale_ < 0.4 * radius_;
  }

  static Point to_meeting(Point from, Point to) {
    const Point sum = from + to;
    return (2 * dot(from, from) / dot(sum, sum)) * sum;
  }

  // The corner where both sides meet, unless it lies more than four widths away.
  void mitre_join(Point here, Point from, Point to) {
    const Point sum = from + to;
    constexpr double kLimit = 4;
    const bool near = dot(sum, sum) * kLimit * kLimit > 4 * radius_ * radius_;
    contour_.push_back(here + from);
    if (near) contour_.push_back(here + to_meeting(from, to));
    contour_.push_back(here + to);
  }

  // From one side to the other around the end.
  void cap(Point before, Point end) {
    const Point side = offset(before, end);
    const Point back = -1.0 * side;
    if (pen_.cap == Cap::round) {
      round_join(end, side, back);
    } else {
      contour_.insert(contour_.end(), {end + side, end + back});
    }
  }

  // Turns `from` towards `to`, at most half a turn away, by one chord's angle after another.
  void round_join(Point centre, Point from, Point to) {
    const Affine step = rotation(kTurn / 2 / half_turn_chords_);
    Point spoke = from;
    contour_.push_back(centre + spoke);
    for (int i = 1; i < half_turn_chords_; ++i) {
      spoke = step(spoke);
      if (cross(spoke, to) <= 0) break;
      contour_.push_back(centre + spoke);
    }
    contour_.push_back(centre + to);
  }

  Pen pen_;
  double scale_;  // pixels per unit
  double radius_;
  int half_turn_chords_;
  Contour line_;
  Contour contour_;
};

}  // namespace dromos::raster
