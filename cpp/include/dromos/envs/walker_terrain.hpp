// The ground that the bipedal walker crosses: grass, and in the hard form stumps, stairs and pits.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "../integers.hpp"
#include "../plane/world.hpp"
#include "../random.hpp"

namespace dromos {

struct WalkerTerrain {
  static constexpr double kScale = 30.0;
  static constexpr double kStep = 14 / kScale;         // m, between two points of the ground
  static constexpr int kLength = 200;                  // steps
  static constexpr double kGround = 400 / kScale / 4;  // m, height to which the grass returns
  static constexpr int kGrass = 10;                    // steps, of a spot at most
  static constexpr int kStartPad = 20;                 // steps
  static constexpr double kViewHeight = 400 / kScale;
  // Pits need the fewest steps an obstacle: 5 of grass and 5 of their own for two.
  static constexpr std::size_t kMostObstacles = 48;
  static constexpr std::size_t kClouds = 10;
  static constexpr std::size_t kCloudCorners = 5;
  static constexpr std::size_t kCloudNumbers = kClouds * kCloudCorners * 2;

  static plane::Vec2 vec(double x, double y) {
    return {static_cast<float>(x), static_cast<float>(y)};
  }

  // Each piece is a body of its own, obstacles first: the order decides the bits.
  template <class W, class Rng>
  static void make(W& world, bool hardcore, float friction, Rng& rng) {
    Builder<W, Rng> builder{world, {.friction = friction}, rng};
    std::array<double, kLength> heights;
    for (int i = 0; i < kLength; ++i)
      heights[static_cast<std::size_t>(i)] = builder.next(i, hardcore);
    for (int i = 0; i + 1 < kLength; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const std::int32_t body = plane::add_body(world, false, {});
      plane::add_edge(world, body, vec(i * kStep, heights[k]), vec((i + 1) * kStep, heights[k + 1]),
                      builder.material);
    }
  }

  template <class Rng>
  static void draw_clouds(std::array<float, kCloudNumbers>& clouds, Rng& rng) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < kClouds; ++i) {
      const double x = uniform(rng, 0.0, kLength) * kStep;
      const double y = kViewHeight * 3 / 4;
      for (std::size_t corner = 0; corner < kCloudCorners; ++corner) {
        const double angle = 3.14 * 2 * static_cast<double>(corner) / 5;
        const double scatter_x = uniform(rng, 0.0, 5 * kStep);
        const double scatter_y = uniform(rng, 0.0, 5 * kStep);
        clouds[at++] = static_cast<float>(x + 15 * kStep * std::sin(angle) + scatter_x);
        clouds[at++] = static_cast<float>(y + 5 * kStep * std::cos(angle) + scatter_y);
      }
    }
  }

 private:
  enum class Kind : std::uint8_t { grass, stump, stairs, pit };

  // Walks from left to right and says how high the ground is.
  template <class W, class Rng>
  struct Builder {
    W& world;
    plane::Material material;
    Rng& rng;
    Kind kind = Kind::grass;
    bool begins = false;  // the present kind
    std::int64_t left = kStartPad;
    double velocity = 0;
    double y = kGround;
    double before = 0;  // height where the obstacle begins
    std::int64_t stair_steps = 0;
    std::int64_t stair_width = 0;
    std::int64_t stair_height = 0;

    double next(int i, bool hardcore) {
      const double x = i * kStep;
      if (begins)
        begin(x);
      else
        go_on(i);
      begins = false;
      if (--left == 0) {
        left = integers(rng, kGrass / 2, kGrass);
        begins = true;
        kind =
            kind == Kind::grass && hardcore ? static_cast<Kind>(integers(rng, 1, 4)) : Kind::grass;
      }
      return y;
    }

    void go_on(int i) {
      if (kind == Kind::grass) {
        const double back = kGround - y;
        const double sign = back > 0 ? 1.0 : back < 0 ? -1.0 : 0.0;
        velocity = 0.8 * velocity + 0.01 * sign;
        if (i > kStartPad) velocity += uniform(rng, -1.0, 1.0) / kScale;
        y += velocity;
      } else if (kind == Kind::pit) {
        y = before;
        if (left > 1) y -= 4 * kStep;
      } else if (kind == Kind::stairs) {
        const auto climbed = static_cast<double>(stair_steps * stair_width - left - stair_height);
        const double steps = climbed / static_cast<double>(stair_width);
        y = before + (steps * static_cast<double>(stair_height)) * kStep;
      }
    }

    void begin(double x) {
      if (kind == Kind::pit) {
        left = integers(rng, 3, 5);
        const double away = kStep * static_cast<double>(left);
        const double low = y - 4 * kStep;
        block({x, x + kStep, x + kStep, x}, {y, y, low, low});
        block({x + away, x + kStep + away, x + kStep + away, x + away}, {y, y, low, low});
        left += 2;
        before = y;
      } else if (kind == Kind::stump) {
        left = integers(rng, 1, 3);
        const double size = static_cast<double>(left) * kStep;
        block({x, x + size, x + size, x}, {y, y, y + size, y + size});
      } else if (kind == Kind::stairs) {
        begin_stairs(x);
      }
    }

    void begin_stairs(double x) {
      stair_height = random(rng) > 0.5 ? 1 : -1;
      stair_width = integers(rng, 4, 5);
      stair_steps = integers(rng, 3, 5);
      before = y;
      for (std::int64_t s = 0; s < stair_steps; ++s) {
        const double from = x + static_cast<double>(s * stair_width) * kStep;
        const double to = x + static_cast<double>((1 + s) * stair_width) * kStep;
        const double top = y + static_cast<double>(s * stair_height) * kStep;
        const double low = y + static_cast<double>(-1 + s * stair_height) * kStep;
        block({from, to, to, from}, {top, top, low, low});
      }
      left = stair_steps * stair_width;
    }

    void block(const std::array<double, 4>& x, const std::array<double, 4>& height) {
      std::array<plane::Vec2, 4> corners;
      for (std::size_t i = 0; i < corners.size(); ++i) corners[i] = vec(x[i], height[i]);
      const std::int32_t body = plane::add_body(world, false, {});
      plane::add_polygon(world, body, plane::hull(corners), material);
    }
  };
};

}  // namespace dromos
