// Grey pictures of coloured ones, 8 bits a channel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../widest.hpp"

namespace dromos {

namespace pixels {

constexpr std::size_t kPlane = 64;  // pixels taken apart at a time: a vector register of bytes

// Colours taken apart, so that a channel fills vector registers.
struct Planes {
  std::uint8_t red[kPlane], green[kPlane], blue[kPlane];

  void load(const std::uint8_t* rgb, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      red[i] = rgb[3 * i];
      green[i] = rgb[3 * i + 1];
      blue[i] = rgb[3 * i + 2];
    }
  }
};

// (count, 3) to (count,), a block of pixels at a time through to_grey(red, green, blue).
template <class ToGrey>
[[gnu::always_inline]] inline void convert(const std::uint8_t* rgb, std::uint8_t* grey,
                                           std::size_t count, const ToGrey& to_grey) {
  Planes planes{};
  std::uint8_t out[kPlane];
  for (std::size_t first = 0; first < count; first += kPlane) {
    const std::size_t rows = std::min(kPlane, count - first);
    if (rows == kPlane)
      planes.load(rgb + 3 * first, kPlane);
    else
      planes.load(rgb + 3 * first, rows);
    for (std::size_t i = 0; i < kPlane; ++i)
      out[i] = to_grey(planes.red[i], planes.green[i], planes.blue[i]);
    std::copy_n(out, rows, grey + first);
  }
}

inline void grayscale_body(const std::uint8_t* rgb, std::uint8_t* grey, std::size_t count) {
  // Integers first: compilers widen bytes to them in one instruction, and to doubles in none.
  convert(rgb, grey, count, [](int red, int green, int blue) {
    const double sum = red * 0.2125 + green * 0.7154 + blue * 0.0721;
    return static_cast<std::uint8_t>(static_cast<int>(sum));
  });
}

inline void luma_body(const std::uint8_t* rgb, std::uint8_t* grey, std::size_t count) {
  convert(rgb, grey, count, [](int red, int green, int blue) {
    return static_cast<std::uint8_t>((9798 * red + 19235 * green + 3735 * blue + (1 << 14)) >> 15);
  });
}

}  // namespace pixels

// Luminance with the weights of ITU-R BT.709 as scikit-image rounds them (0.2125, 0.7154, 0.0721),
// summed from red to blue in double precision and cut off: what NumPy makes of
// `(rgb * weights).sum(-1).astype(uint8)`. rgb is (count, 3), grey (count,).
inline void grayscale(const std::uint8_t* rgb, std::uint8_t* grey, std::size_t count) {
  Widest<pixels::grayscale_body>::call(rgb, grey, count);
}

// Luma with the weights of ITU-R BT.601 (0.299, 0.587, 0.114) in units of 2^-15, rounded half up:
// OpenCV's COLOR_RGB2GRAY.
inline void luma(const std::uint8_t* rgb, std::uint8_t* grey, std::size_t count) {
  Widest<pixels::luma_body>::call(rgb, grey, count);
}

}  // namespace dromos
