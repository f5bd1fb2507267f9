// The painter: exact areas, the winding rule, the same bytes everywhere, and no input that hurts.
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "check.hpp"
#include "dromos/raster.hpp"

using namespace dromos::raster;

namespace {

constexpr Colour kWhite{255, 255, 255, 255};

// Sum of the red channel, in white pixels.
double area(const Raster& raster) {
  double sum = 0;
  for (std::size_t i = 0; i < raster.pixels().size(); i += 3) sum += raster.pixels()[i];
  return sum / 255;
}

int red(const Raster& raster, int x, int y) {
  return raster.pixels()[static_cast<std::size_t>(3 * (y * raster.width() + x))];
}

// FNV-1a
std::uint64_t hash(const Raster& raster) {
  std::uint64_t h = 14695981039346656037u;
  for (const std::uint8_t byte : raster.pixels()) h = (h ^ byte) * 1099511628211u;
  return h;
}

bool near(double found, double expected, double tolerance) {
  return std::fabs(found - expected) <= tolerance;
}

// Coordinates as a broken state may hold them, from the low bits of a counter.
double wild(std::uint32_t bits) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr double kValues[] = {0,     1e-300, -1e-9, 0.5,  3,         -7.25,      19.999, 40,
                                -1000, 1e6,    -1e9,  1e12, 1e200,     -1e308,     1e308,  12.5,
                                1,     5,      31,    -0.0, kInfinity, -kInfinity, kNaN,   2};
  return kValues[bits % 24];
}

}  // namespace

TEST(coverage_is_area) {
  Raster raster(64, 48);
  const Point triangle[] = {{3.3, 4.1}, {57.8, 11.9}, {20.6, 44.4}};
  raster.polygon(triangle, kWhite);
  const double exact = cross(triangle[1] - triangle[0], triangle[2] - triangle[0]) / 2;
  CHECK(near(area(raster), exact, 0.2));
}

TEST(part_of_a_pixel) {
  Raster raster(4, 4);
  raster.rectangle({1.25, 1.5}, {0.5, 0.5}, 0, kWhite);
  CHECK_EQ(red(raster, 1, 1), 64);
  CHECK_EQ(red(raster, 2, 1), 0);
}

TEST(winding_twice_is_still_filled) {
  Raster raster(100, 100);
  std::vector<Point> star;
  for (int i = 0; i < 5; ++i) {
    const dromos::SinCos t = dromos::sincos(kTurn * 2 * i / 5);
    star.push_back({50 + 40 * t.sin, 50 - 40 * t.cos});
  }
  raster.polygon(star, kWhite);
  CHECK_EQ(red(raster, 50, 50), 255);
  CHECK_EQ(red(raster, 50, 15), 255);
  CHECK_EQ(red(raster, 25, 20), 0);
}

TEST(a_stroke_that_meets_itself_blends_once) {
  Raster raster(60, 60);
  const Point loop[] = {{10, 10}, {50, 50}, {50, 10}, {10, 50}};
  raster.polyline(loop, {.width = 8}, false, {255, 255, 255, 128});
  CHECK_EQ(red(raster, 30, 30), 128);
  CHECK_EQ(red(raster, 50, 30), 128);
}

TEST(a_scene_has_its_bytes) {
  Raster raster(120, 80);
  raster.background({250, 250, 252}, {210, 220, 230});
  raster.save();
  raster.translate(60, 40);
  raster.scale(1.5, -1.1);
  raster.rotate(0.7);
  raster.shadow({-12, -10}, {24, 18}, 3, 4, {0, 0, 0, 90});
  raster.rectangle({-12, -9}, {24, 18}, 3, {60, 90, 160});
  raster.arc({{0, 0}, 14, 2.5, 0.3, 4.1, Cap::round}, {220, 90, 70, 200});
  raster.restore();
  const Point zigzag[] = {{5, 70}, {30, 12}, {50, 66}, {71, 9}, {110, 60}};
  raster.polyline(zigzag, {3, Join::mitre, Cap::butt}, false, {20, 20, 20, 120});
  raster.disc({100, 20}, 9.5, {240, 170, 60});
  CHECK_EQ(hash(raster), 9079063636009200901u);
}

TEST(wild_coordinates_are_drawn_or_refused) {
  std::uint32_t state = 1;
  const auto next = [&] { return wild((state = state * 1664525u + 1013904223u) >> 16); };
  int drawn = 0;
  for (int i = 0; i < 20000; ++i) {
    Raster raster(40, 30);
    try {
      if (i % 3 == 0) raster.scale(next(), next());
      if (i % 5 == 0) raster.rotate(next());
      const Point points[] = {{next(), next()}, {next(), next()}, {next(), next()}};
      switch (i % 6) {
        case 0:
          raster.polygon(points, kWhite);
          break;
        case 1:
          raster.polyline(points, {.width = next()}, i % 4 == 1, kWhite);
          break;
        case 2:
          raster.disc(points[0], next(), kWhite);
          break;
        case 3:
          raster.arc({points[0], next(), next(), next(), next(), Cap::round}, kWhite);
          break;
        case 4:
          raster.rectangle(points[0], points[1], next(), kWhite);
          break;
        default:
          raster.shadow(points[0], points[1], next(), next(), kWhite);
          break;
      }
      ++drawn;
    } catch (const std::invalid_argument&) {
      CHECK_EQ(area(raster), 0.0);
    }
  }
  CHECK(drawn > 2000);
}

TEST(restore_needs_a_save) {
  Raster raster(4, 4);
  CHECK_THROWS(std::logic_error, raster.restore());
}
