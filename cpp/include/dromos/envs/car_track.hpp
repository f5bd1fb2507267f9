// The closed roads of CarRacing: a loose loop through twelve random places, as Gym draws it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>

#include "../random.hpp"

namespace dromos {

struct CarTrack {
  static constexpr double kScale = 6.0;
  static constexpr double kRadius = 900 / kScale;    // m
  static constexpr double kField = 2000 / kScale;    // m, half the side of the playfield
  static constexpr double kStep = 21 / kScale;       // m, length of a tile
  static constexpr double kTurnRate = 0.31;          // rad a tile, at most
  static constexpr double kHalfWidth = 40 / kScale;  // m
  static constexpr double kBorder = 8 / kScale;      // m, width of the kerbs
  static constexpr std::size_t kKerbTiles = 4;       // so many turn alike before a kerb is built
  static constexpr std::size_t kMostTiles = 512;

  // A point of the road's middle, and the directions to it from the origin and of the road's edge.
  struct Point {
    double alpha;
    double beta;
    double x;
    double y;
  };

  std::size_t count = 0;
  std::array<Point, kMostTiles> points;

  // The tile before tile i, around the loop.
  std::size_t before(std::size_t i, std::size_t steps = 1) const {
    return (i + count - steps % count) % count;
  }

  // Draws tracks until one closes.
  template <class Rng>
  void draw(Rng& rng) {
    while (!attempt(rng)) {
    }
  }

  // Which tiles have a kerb, and on which side: -1, 0 or 1.
  void kerbs(std::span<std::int8_t> sides) const {
    std::array<bool, kMostTiles> kerb{};
    for (std::size_t i = 0; i < count; ++i) kerb[i] = turns_hard(i);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t back = 0; back < kKerbTiles; ++back)
        kerb[before(i, back)] = kerb[before(i, back)] || kerb[i];
    for (std::size_t i = 0; i < count; ++i) {
      const double turn = points[before(i)].beta - points[i].beta;
      sides[i] = static_cast<std::int8_t>(kerb[i] ? sign(turn) : 0);
    }
  }

  static int sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

 private:
  static constexpr double kPi = std::numbers::pi;
  static constexpr int kCheckpoints = 12;
  static constexpr std::size_t kMostSteps = 2500;
  static constexpr double kStartAlpha = 2 * kPi * (-0.5) / kCheckpoints;

  struct Checkpoint {
    double alpha;
    double x;
    double y;
  };
  using Checkpoints = std::array<Checkpoint, kCheckpoints>;

  template <class Rng>
  static Checkpoints draw_checkpoints(Rng& rng) {
    Checkpoints result;
    for (int c = 0; c < kCheckpoints; ++c) {
      const double place = 2 * kPi * c / kCheckpoints;
      double alpha = place + uniform(rng, 0.0, 2 * kPi * 1 / kCheckpoints);
      double radius = uniform(rng, kRadius / 3, kRadius);
      if (c == 0 || c == kCheckpoints - 1) {
        alpha = c == 0 ? 0.0 : place;
        radius = 1.5 * kRadius;
      }
      result[static_cast<std::size_t>(c)] = {alpha, radius * std::cos(alpha),
                                             radius * std::sin(alpha)};
    }
    return result;
  }

  // Drives from one checkpoint to the next for some laps; returns the number of points.
  static std::size_t drive(const Checkpoints& checkpoints, std::span<Point, kMostSteps> way) {
    double x = 1.5 * kRadius;
    double y = 0;
    double beta = 0;
    std::size_t target = 0;
    int laps = 0;
    bool has_crossed = false;  // to the other side
    for (std::size_t count = 0; count < way.size();) {
      double alpha = std::atan2(y, x);
      if (has_crossed && alpha > 0) {
        ++laps;
        has_crossed = false;
      }
      if (alpha < 0) {
        has_crossed = true;
        alpha += 2 * kPi;
      }
      const Checkpoint& next = find_target(checkpoints, target, alpha);
      const double right_x = std::cos(beta);
      const double right_y = std::sin(beta);
      const double aside = right_x * (next.x - x) + right_y * (next.y - y);
      while (beta - alpha > 1.5 * kPi) beta -= 2 * kPi;
      while (beta - alpha < -1.5 * kPi) beta += 2 * kPi;
      const double old_beta = beta;
      const double pull = aside * kScale;
      const double turn = std::min(kTurnRate, std::abs(0.001 * pull));
      if (pull > 0.3) beta -= turn;
      if (pull < -0.3) beta += turn;
      x += -right_y * kStep;
      y += right_x * kStep;
      way[count++] = {alpha, old_beta * 0.5 + beta * 0.5, x, y};
      if (laps > 4) return count;
    }
    return way.size();
  }

  // The next checkpoint that is not behind; `alpha` loses a turn for each round of the loop.
  static const Checkpoint& find_target(const Checkpoints& checkpoints, std::size_t& target,
                                       double& alpha) {
    while (true) {
      do {
        const Checkpoint& candidate = checkpoints[target % checkpoints.size()];
        if (alpha <= candidate.alpha) return candidate;
        ++target;
      } while (target % checkpoints.size() != 0);
      alpha -= 2 * kPi;
    }
  }

  template <class Rng>
  bool attempt(Rng& rng) {
    std::array<Point, kMostSteps> way;
    const std::size_t steps = drive(draw_checkpoints(rng), way);
    // The last whole lap lies between the last two times the start is passed.
    std::size_t end = 0;
    std::size_t begin = 0;
    for (std::size_t i = steps - 1; begin == 0; --i) {
      if (i == 0) return false;
      if (!(way[i].alpha > kStartAlpha && way[i - 1].alpha <= kStartAlpha)) continue;
      (end == 0 ? end : begin) = i;
    }
    count = end - 1 - begin;
    if (end - 1 <= begin || count > kMostTiles) return false;
    std::copy_n(way.begin() + static_cast<std::ptrdiff_t>(begin), count, points.begin());
    const Point& first = points[0];
    const Point& last = points[count - 1];
    const double gap_x = std::cos(first.beta) * (first.x - last.x);
    const double gap_y = std::sin(first.beta) * (first.y - last.y);
    return !(std::sqrt(gap_x * gap_x + gap_y * gap_y) > kStep);
  }

  bool turns_hard(std::size_t i) const {
    int side = 0;
    for (std::size_t back = 0; back < kKerbTiles; ++back) {
      const double turn = points[before(i, back)].beta - points[before(i, back + 1)].beta;
      if (!(std::abs(turn) > kTurnRate * 0.2)) return false;
      side += sign(turn);
    }
    return std::abs(side) == static_cast<int>(kKerbTiles);
  }
};

}  // namespace dromos
