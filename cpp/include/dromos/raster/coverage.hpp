// How much of every pixel a filled path covers: exact areas under the non-zero winding rule.
//
// A pixel row is cut at the heights of all vertices, so that inside a slab every edge runs from the
// top to the bottom. Sorted from left to right, the edges at which the winding number leaves or
// reaches zero bound trapezoids, and the area of a trapezoid in every pixel is known in closed
// form. Where edges cross inside a slab it is halved, down to 1/16: exact but for a neighbourhood
// of the crossing that no eye finds. A row with very many vertices is sampled at 16 heights, which
// bounds the work that a path can ask for.
//
// Everything is + - * / on doubles in one order: the same pixels on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "dromos/raster/affine.hpp"

namespace dromos::raster {

// Vertices are rounded to this part of a pixel, so that no edge is flatter than what a double can
// invert, and clamped to a range in which that rounding is exact.
inline constexpr double kSubpixel = 1.0 / 65536;
inline constexpr double kFarthest = 1073741824.0;  // 2^30 pixels

inline double snapped(double v) {
  const double clamped = std::min(std::max(v, -kFarthest), kFarthest);
  return std::floor(clamped / kSubpixel + 0.5) * kSubpixel;
}

// The coverage of one pixel row, as differences between neighbouring pixels.
class CoverageRow {
 public:
  explicit CoverageRow(int width) : width_(width), delta_(static_cast<std::size_t>(width) + 2) {
    forget_range();
  }

  // Adds `height` (signed) times the area to the right of a segment from x = a to x = b.
  void add(double a, double b, double height) {
    const double left = std::min(a, b);
    const double right = std::max(a, b);
    if (left >= width_) {
      end_ = width_;
    } else if (right <= 0) {
      add_vertical(0, 0.0, height);
    } else if (left < 0) {
      const double outside = height * (left / (left - right));
      add_vertical(0, 0.0, outside);
      add(0.0, right, height - outside);
    } else if (right > width_) {
      end_ = width_;
      add(left, width_, height * ((width_ - left) / (right - left)));
    } else {
      add_inside(left, right, height);
    }
  }

  // Calls span(begin, end, coverage) over the row from left to right, and clears it.
  template <class Span>
  void sweep(Span&& span) {
    const int end = std::min(end_, width_);
    double coverage = 0;
    for (int x = begin_; x < end;) {
      coverage += std::exchange(delta_[static_cast<std::size_t>(x)], 0.0);
      int next = x + 1;
      while (next < end && delta_[static_cast<std::size_t>(next)] == 0.0) ++next;
      span(x, next, coverage);
      x = next;
    }
    delta_[static_cast<std::size_t>(width_)] = 0;
    delta_[static_cast<std::size_t>(width_) + 1] = 0;
    forget_range();
  }

 private:
  void forget_range() {
    begin_ = width_;
    end_ = 0;
  }

  // One column's share: the segment's piece lies in `column`, `x` is the middle of it.
  void add_vertical(int column, double x, double height) {
    const double share = height * (column + 1 - x);
    delta_[static_cast<std::size_t>(column)] += share;
    delta_[static_cast<std::size_t>(column) + 1] += height - share;
    begin_ = std::min(begin_, column);
    end_ = std::max(end_, column + 2);
  }

  void add_inside(double left, double right, double height) {
    const int first = static_cast<int>(left);
    const int last = static_cast<int>(right);
    if (first == last) return add_vertical(first, (left + right) / 2, height);
    const double height_per_pixel = height / (right - left);
    double from = left;
    for (int column = first; column <= last; ++column) {
      const double to = std::min(right, column + 1.0);
      add_vertical(column, (from + to) / 2, (to - from) * height_per_pixel);
      from = to;
    }
  }

  int width_;
  int begin_ = 0;
  int end_ = 0;
  std::vector<double> delta_;
};

// Collects closed contours (pixels, y down) and scans them row by row.
class Path {
 public:
  Path(int width, int height) : height_(height), row_(width) {}

  // Adds a closed contour; fewer than three points enclose nothing.
  void add(std::span<const Point> contour) {
    if (contour.size() < 3) return;
    Point from = snapped_point(contour.back());
    for (const Point& vertex : contour) {
      const Point to = snapped_point(vertex);
      add_edge(from, to);
      from = to;
    }
  }

  // Calls span(y, begin, end, coverage) for what the contours cover, then forgets them.
  template <class Span>
  void fill(Span&& span) {
    std::sort(edges_.begin(), edges_.end(),
              [](const Edge& a, const Edge& b) { return a.top < b.top; });
    active_.clear();
    std::size_t next = 0;
    int y = edges_.empty() ? height_ : static_cast<int>(edges_.front().top);
    for (; y < height_ && (next < edges_.size() || !active_.empty()); ++y) {
      std::erase_if(active_, [&](const Edge* edge) { return edge->bottom <= y; });
      for (; next < edges_.size() && edges_[next].top < y + 1; ++next) {
        active_.push_back(&edges_[next]);
      }
      cover_row(y);
      row_.sweep([&](int begin, int end, double coverage) { span(y, begin, end, coverage); });
    }
    edges_.clear();
  }

 private:
  struct Edge {
    double top, bottom;      // y, top < bottom
    double x_top, x_bottom;  // x there
    double slope;            // dx / dy
    int winding;             // +1: the contour runs down, -1: up

    double x_at(double y) const {
      const double x = x_top + (y - top) * slope;
      return std::min(std::max(x, std::min(x_top, x_bottom)), std::max(x_top, x_bottom));
    }
  };

  struct Crossing {
    double upper, lower;  // x where an edge enters and leaves a slab
    int winding;
  };

  static Point snapped_point(Point p) { return {snapped(p.x), snapped(p.y)}; }

  void add_edge(Point from, Point to) {
    if (from.y == to.y) return;
    const int winding = from.y < to.y ? 1 : -1;
    if (winding < 0) std::swap(from, to);
    if (to.y <= 0 || from.y >= height_) return;
    Edge edge{from.y, to.y, from.x, to.x, (to.x - from.x) / (to.y - from.y), winding};
    const Edge whole = edge;
    if (edge.top < 0) {
      edge.top = 0;
      edge.x_top = whole.x_at(0);
    }
    if (edge.bottom > height_) {
      edge.bottom = height_;
      edge.x_bottom = whole.x_at(height_);
    }
    edges_.push_back(edge);
  }

  void cover_row(int y) {
    cuts_.assign({static_cast<double>(y), y + 1.0});
    for (const Edge* edge : active_) {
      if (edge->top > y) cuts_.push_back(edge->top);
      if (edge->bottom < y + 1) cuts_.push_back(edge->bottom);
    }
    constexpr std::size_t kMostCuts = 64;
    if (cuts_.size() > kMostCuts) return sample_row(y);
    std::sort(cuts_.begin(), cuts_.end());
    for (std::size_t i = 1; i < cuts_.size(); ++i) {
      if (cuts_[i - 1] < cuts_[i]) cover_slab(cuts_[i - 1], cuts_[i]);
    }
  }

  void sample_row(int y) {
    constexpr int kSamples = 16;
    for (int i = 0; i < kSamples; ++i) {
      const double height = y + (i + 0.5) / kSamples;
      crossings_.clear();
      for (const Edge* edge : active_) {
        if (edge->top <= height && height < edge->bottom) {
          crossings_.push_back({edge->x_at(height), edge->x_at(height), edge->winding});
        }
      }
      sort_crossings();
      cover_trapezoids(1.0 / kSamples);
    }
  }

  void cover_slab(double top, double bottom) {
    crossings_.clear();
    for (const Edge* edge : active_) {
      if (edge->top <= top && edge->bottom >= bottom) {
        crossings_.push_back({edge->x_at(top), edge->x_at(bottom), edge->winding});
      }
    }
    sort_crossings();
    constexpr double kThinnest = 1.0 / 16;
    if (bottom - top > kThinnest && edges_cross()) {
      const double middle = (top + bottom) / 2;
      cover_slab(top, middle);
      cover_slab(middle, bottom);
    } else {
      cover_trapezoids(bottom - top);
    }
  }

  // By their middles; the rest of the key makes the order a total one, the same in every library.
  void sort_crossings() {
    std::sort(crossings_.begin(), crossings_.end(), [](const Crossing& a, const Crossing& b) {
      const double a_middle = a.upper + a.lower;
      const double b_middle = b.upper + b.lower;
      if (a_middle != b_middle) return a_middle < b_middle;
      return a.upper != b.upper ? a.upper < b.upper : a.winding < b.winding;
    });
  }

  bool edges_cross() const {
    constexpr double kRounding = 1e-6;  // pixels by which edges that only meet may seem to cross
    for (std::size_t i = 1; i < crossings_.size(); ++i) {
      if (crossings_[i - 1].upper > crossings_[i].upper + kRounding ||
          crossings_[i - 1].lower > crossings_[i].lower + kRounding) {
        return true;
      }
    }
    return false;
  }

  void cover_trapezoids(double slab_height) {
    int winding = 0;
    for (const Crossing& crossing : crossings_) {
      const int before = std::exchange(winding, winding + crossing.winding);
      if (before == 0) row_.add(crossing.upper, crossing.lower, slab_height);
      if (winding == 0) row_.add(crossing.upper, crossing.lower, -slab_height);
    }
  }

  int height_;
  CoverageRow row_;
  std::vector<Edge> edges_;
  std::vector<const Edge*> active_;
  std::vector<double> cuts_;
  std::vector<Crossing> crossings_;
};

}  // namespace dromos::raster
