// What the driver of CarRacing sees: the road from above around the car, and a panel of
// instruments, 96 by 96.
//
// The scene has its places in a window of 1000 by 800; here each pixel of the picture is the mean
// of 4 by 4 samples of that window. Shapes are painted over each other without seams, which
// anti-aliased ones would leave between tiles.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <span>

#include "../image.hpp"
#include "../plane/world.hpp"
#include "car_track.hpp"

namespace dromos {

class CarPicture {
 public:
  static constexpr std::size_t kSide = 96;
  using Picture = Image<kSide, kSide, 3>;

  // The picture of a state of CarRacing.
  template <class State>
  static Picture of(const State& state) {
    CarPicture picture(state.road_color, state.bg_color, state.grass_color);
    picture.look_from(state.world().body(state.hull()), state.t);
    picture.paint_field();
    picture.paint_road(state);
    picture.paint_car(state);
    picture.paint_panel(state);
    return picture.averaged();
  }

 private:
  static constexpr std::size_t kSamples = 4;  // of a pixel's side
  static constexpr int kGrid = static_cast<int>(kSide * kSamples);
  static constexpr double kWindowWidth = 1000;
  static constexpr double kWindowHeight = 800;
  static constexpr double kZoom = 2.7;

  // Places in the palette.
  enum Paint : std::uint8_t {
    kBlack,
    kField,
    kGrass,
    kRoad,  // three shades
    kWhite = kRoad + 3,
    kRed,
    kHull,
    kTread,
    kBlue,
    kViolet,
    kGreen,
    kPaints
  };
  struct Point {
    float x;
    float y;
  };
  using Color = std::array<std::uint8_t, 3>;
  using Triple = std::array<double, 3>;

  CarPicture(const Triple& road, const Triple& field, const Triple& grass) {
    const auto whole = [](const Triple& color, double lighter) {
      Color result;
      for (std::size_t i = 0; i < 3; ++i)
        result[i] = static_cast<std::uint8_t>(std::clamp(color[i] + lighter, 0.0, 255.0));
      return result;
    };
    palette_ = {};
    palette_[kField] = whole(field, 0);
    palette_[kGrass] = whole(grass, 0);
    for (std::size_t shade = 0; shade < 3; ++shade)
      palette_[kRoad + shade] = whole(road, 0.01 * static_cast<double>(shade) * 255);
    palette_[kWhite] = {255, 255, 255};
    palette_[kRed] = {255, 0, 0};
    palette_[kHull] = {204, 0, 0};
    palette_[kTread] = {77, 77, 77};
    palette_[kBlue] = {0, 0, 255};
    palette_[kViolet] = {51, 0, 255};
    palette_[kGreen] = {0, 255, 0};
    samples_.fill(kBlack);
  }

  // The car is in the lower part of the window and points up; the first second zooms in.
  void look_from(const plane::Body& hull, double t) {
    constexpr double kScale = CarTrack::kScale;
    const double zoom = 0.1 * kScale * std::max(1 - t, 0.0) + kZoom * kScale * std::min(t, 1.0);
    const double angle = -static_cast<double>(hull.sweep.a);
    const double cosine = std::cos(angle) * zoom;
    const double sine = std::sin(angle) * zoom;
    constexpr double kAcross = kGrid / kWindowWidth;
    constexpr double kDown = kGrid / kWindowHeight;
    const double x = hull.pose.position.x;
    const double y = hull.pose.position.y;
    xx_ = cosine * kAcross;
    xy_ = -sine * kAcross;
    x0_ = kGrid / 2.0 - (xx_ * x + xy_ * y);
    yx_ = -sine * kDown;
    yy_ = -cosine * kDown;
    y0_ = kGrid * 0.75 - (yx_ * x + yy_ * y);
  }

  Point seen(double x, double y) const {
    return {static_cast<float>(xx_ * x + xy_ * y + x0_),
            static_cast<float>(yx_ * x + yy_ * y + y0_)};
  }
  Point seen(plane::Vec2 at) const { return seen(at.x, at.y); }

  // Paints the samples whose middle lies in a convex polygon.
  void fill(std::span<const Point> corners, std::uint8_t paint) {
    float low = corners[0].y;
    float high = low;
    float left = corners[0].x;
    float right = left;
    for (const Point& p : corners) {
      low = std::min(low, p.y);
      high = std::max(high, p.y);
      left = std::min(left, p.x);
      right = std::max(right, p.x);
    }
    if (high < 0 || low > kGrid || right < 0 || left > kGrid) return;
    const int first = std::max(0, first_middle(low));
    const int last = std::min(kGrid, first_middle(high));
    std::array<float, kGrid> from;
    std::array<float, kGrid> to;
    for (int row = first; row < last; ++row) {
      from[static_cast<std::size_t>(row)] = kGrid;
      to[static_cast<std::size_t>(row)] = 0;
    }
    for (std::size_t i = 0; i < corners.size(); ++i)
      trace(corners[i], corners[i + 1 < corners.size() ? i + 1 : 0], from, to);
    for (int row = first; row < last; ++row) {
      const int begin = std::max(0, first_middle(from[static_cast<std::size_t>(row)]));
      const int end = std::min(kGrid, first_middle(to[static_cast<std::size_t>(row)]));
      if (begin < end)
        std::memset(&samples_[static_cast<std::size_t>(row * kGrid + begin)], paint,
                    static_cast<std::size_t>(end - begin));
    }
  }

  // The first sample whose middle is not before `at`.
  static int first_middle(float at) {
    return static_cast<int>(std::ceil(std::clamp(at, -1.0f, kGrid + 1.0f) - 0.5f));
  }

  // Widens the rows' spans by where a side crosses them.
  static void trace(Point a, Point b, std::array<float, kGrid>& from,
                    std::array<float, kGrid>& to) {
    if (a.y > b.y) std::swap(a, b);
    const int first = std::max(0, first_middle(a.y));
    const int last = std::min(kGrid, first_middle(b.y));
    const float slope = (b.x - a.x) / (b.y - a.y);
    for (int row = first; row < last; ++row) {
      const float x = a.x + slope * (static_cast<float>(row) + 0.5f - a.y);
      const auto at = static_cast<std::size_t>(row);
      from[at] = std::min(from[at], x);
      to[at] = std::max(to[at], x);
    }
  }

  void fill(std::initializer_list<Point> corners, std::uint8_t paint) {
    fill(std::span(corners.begin(), corners.size()), paint);
  }

  void paint_field() {
    constexpr double kFieldEnd = CarTrack::kField;
    constexpr double kPatch = CarTrack::kField / 20;
    fill({seen(-kFieldEnd, -kFieldEnd), seen(kFieldEnd, -kFieldEnd), seen(kFieldEnd, kFieldEnd),
          seen(-kFieldEnd, kFieldEnd)},
         kField);
    for (int column = -20; column < 20; column += 2) {
      for (int row = -20; row < 20; row += 2) {
        const double x = kPatch * column;
        const double y = kPatch * row;
        fill({seen(x, y), seen(x + kPatch, y), seen(x + kPatch, y + kPatch), seen(x, y + kPatch)},
             kGrass);
      }
    }
  }

  template <class World>
  void fill(const World& world, std::int32_t fixture, std::uint8_t paint) {
    const plane::Fixture& f = world.fixture(fixture);
    const plane::Shape shape = world.shape(f);
    const plane::Pose& pose = world.body(f.body).pose;
    std::array<Point, plane::kMostCorners> corners;
    for (std::int32_t i = 0; i < shape.count; ++i)
      corners[static_cast<std::size_t>(i)] = seen(plane::to_world(pose, shape.corners[i]));
    fill(std::span(corners.data(), static_cast<std::size_t>(shape.count)), paint);
  }

  // A tile that was touched loses its shade.
  template <class State>
  void paint_road(const State& state) {
    for (std::int32_t i = 0; i < state.tile_count; ++i) {
      const auto tile = static_cast<std::size_t>(i);
      const std::size_t shade = state.touched[tile] != 0 ? 0 : tile % 3;
      fill(state.world(), i, static_cast<std::uint8_t>(kRoad + shade));
      if (state.kerbs[tile] != 0) paint_kerb(state, tile);
    }
  }

  template <class State>
  void paint_kerb(const State& state, std::size_t tile) {
    const std::size_t last = tile > 0 ? tile - 1 : static_cast<std::size_t>(state.tile_count) - 1;
    const double side = state.kerbs[tile];
    const auto corner = [&](std::size_t at, double away) {
      const double beta = state.track[4 * at + 1];
      return seen(state.track[4 * at + 2] + side * away * std::cos(beta),
                  state.track[4 * at + 3] + side * away * std::sin(beta));
    };
    constexpr double kInner = CarTrack::kHalfWidth;
    constexpr double kOuter = CarTrack::kHalfWidth + CarTrack::kBorder;
    fill({corner(tile, kInner), corner(tile, kOuter), corner(last, kOuter), corner(last, kInner)},
         tile % 2 == 0 ? kWhite : kRed);
  }

  template <class State>
  void paint_car(const State& state) {
    const auto& world = state.world();
    constexpr std::int32_t kHullParts = 4;
    for (std::size_t i = 0; i < state.phase.size(); ++i) {
      fill(world, state.tile_count + kHullParts + static_cast<std::int32_t>(i), kBlack);
      paint_tread(world.body(state.wheel(i)).pose, state.phase[i]);
    }
    for (std::int32_t part = 0; part < kHullParts; ++part)
      fill(world, state.tile_count + part, kHull);
  }

  // A light stripe on the half of the wheel that faces up shows that it rolls.
  void paint_tread(const plane::Pose& pose, double phase) {
    constexpr double kStripe = 1.2;  // rad
    constexpr double kHalfWidth = 14 * 0.02;
    constexpr double kRadius = 27 * 0.02;
    const bool hides_first = std::sin(phase) > 0;
    const bool hides_second = std::sin(phase + kStripe) > 0;
    if (hides_first && hides_second) return;
    double first = std::cos(phase);
    double second = std::cos(phase + kStripe);
    if (hides_first) first = CarTrack::sign(first);
    if (hides_second) second = CarTrack::sign(second);
    const auto corner = [&](double x, double y) {
      return seen(plane::to_world(pose, {static_cast<float>(x), static_cast<float>(y)}));
    };
    fill({corner(-kHalfWidth, kRadius * first), corner(kHalfWidth, kRadius * first),
          corner(kHalfWidth, kRadius * second), corner(-kHalfWidth, kRadius * second)},
         kTread);
  }

  // A rectangle of the panel; the window has 40 columns and rows, counted from the lower left. The
  // pixels of the window in which its right and its lower side lie are painted too, as in Gym: so a
  // bar of next to nothing is a line, not nothing.
  void bar(double left, double right, double low, double high, std::uint8_t paint) {
    constexpr double kUnit = kGrid / 40.0;
    if (right < left) std::swap(left, right);
    right += 40 / kWindowWidth;
    low -= 40 / kWindowHeight;
    const auto corner = [](double column, double row) {
      return Point{static_cast<float>(column * kUnit), static_cast<float>(kGrid - row * kUnit)};
    };
    fill({corner(left, low), corner(right, low), corner(right, high), corner(left, high)}, paint);
  }
  void upright(double place, double value, std::uint8_t paint) {
    if (std::abs(value) > 1e-4) bar(place, place + 1, 1, 1 + value, paint);
  }
  void lying(double place, double value, std::uint8_t paint) {
    if (std::abs(value) > 1e-4) bar(place, place + value, 2, 4, paint);
  }

  // Speed, the four wheels' speeds, steering and gyroscope, and the score.
  template <class State>
  void paint_panel(const State& state) {
    const auto& world = state.world();
    const plane::Body& hull = world.body(state.hull());
    bar(0, 40, 0, 5, kBlack);
    const double vx = hull.velocity.x;
    const double vy = hull.velocity.y;
    upright(5, 0.02 * std::sqrt(vx * vx + vy * vy), kWhite);
    for (std::size_t i = 0; i < state.omega.size(); ++i)
      upright(7 + static_cast<double>(i), 0.01 * state.omega[i], i < 2 ? kBlue : kViolet);
    lying(20, -10.0 * static_cast<double>(plane::angle_of(world, world.joint(0))), kGreen);
    lying(30, -0.8 * static_cast<double>(hull.spin), kRed);
    paint_score(state.shown_reward);
  }

  // Digits of 3 by 5 blocks in the middle of the window's left end.
  void paint_score(double score) {
    static constexpr std::uint16_t kDigits[] = {0x7b6f, 0x2c97, 0x73e7, 0x73cf, 0x5bc9,
                                                0x79cf, 0x79ef, 0x7249, 0x7bef, 0x7bcf};
    constexpr std::uint16_t kMinus = 0x01c0;
    std::array<char, 32> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04.0f", std::clamp(score, -1e9, 1e9));
    constexpr double kAdvance = 25;  // of the window's pixels
    constexpr double kColumn = 7.75;
    constexpr double kRow = 6.5;
    double x = 61 - length * kAdvance / 2;
    for (int i = 0; i < length; ++i, x += kAdvance) {
      const char c = text[static_cast<std::size_t>(i)];
      const std::uint16_t blocks = c == '-' ? kMinus : kDigits[c - '0'];
      for (int k = 0; k < 15; ++k)
        if ((blocks >> (14 - k) & 1) != 0)
          block(x + kColumn * (k % 3), 730 + kRow * (k / 3), 5.5, 5);
    }
  }
  void block(double x, double y, double width, double height) {
    constexpr double kAcross = kGrid / kWindowWidth;
    constexpr double kDown = kGrid / kWindowHeight;
    const auto corner = [](double left, double top) {
      return Point{static_cast<float>(left * kAcross), static_cast<float>(top * kDown)};
    };
    fill({corner(x, y), corner(x + width, y), corner(x + width, y + height), corner(x, y + height)},
         kWhite);
  }

  Picture averaged() const {
    Picture picture;
    std::uint8_t* out = picture.bytes.data();
    for (std::size_t row = 0; row < kSide; ++row)
      for (std::size_t column = 0; column < kSide; ++column, out += 3)
        average(&samples_[(row * kGrid + column) * kSamples], out);
    return picture;
  }

  // Most pixels have one colour.
  void average(const std::uint8_t* samples, std::uint8_t* out) const {
    std::array<std::uint32_t, kSamples> rows;
    for (std::size_t i = 0; i < kSamples; ++i)
      std::memcpy(&rows[i], samples + i * kGrid, sizeof(std::uint32_t));
    const std::uint32_t same = samples[0] * 0x01010101u;
    if (((rows[0] ^ same) | (rows[1] ^ same) | (rows[2] ^ same) | (rows[3] ^ same)) == 0) {
      std::memcpy(out, palette_[samples[0]].data(), 3);
      return;
    }
    std::array<std::uint32_t, 3> sum{8, 8, 8};  // rounds to nearest
    for (std::size_t y = 0; y < kSamples; ++y) {
      for (std::size_t x = 0; x < kSamples; ++x) {
        const Color& color = palette_[samples[y * kGrid + x]];
        for (std::size_t c = 0; c < 3; ++c) sum[c] += color[c];
      }
    }
    for (std::size_t c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(sum[c] / 16);
  }

  std::array<Color, kPaints> palette_;
  std::array<std::uint8_t, kGrid * kGrid> samples_;
  // From meters to samples: (xx x + xy y + x0, yx x + yy y + y0).
  double xx_ = 0;
  double xy_ = 0;
  double x0_ = 0;
  double yx_ = 0;
  double yy_ = 0;
  double y0_ = 0;
};

}  // namespace dromos
