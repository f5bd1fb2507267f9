// A picture in memory, and the blending of colours over it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace dromos::raster {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 255;
};

// `amount` / 255 of the way from `below` to `above`, rounded.
inline std::uint8_t mixed(std::uint8_t below, std::uint8_t above, int amount) {
  return static_cast<std::uint8_t>((above * amount + below * (255 - amount) + 127) / 255);
}

// Pixels are red, green, blue (height x width x 3), row after row from the top.
class Surface {
 public:
  Surface(int width, int height)
      : width_(width),
        height_(height),
        pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {}

  int width() const { return width_; }
  int height() const { return height_; }
  const std::vector<std::uint8_t>& pixels() const { return pixels_; }

  // Blends `colour` over the pixels begin <= x < end of row y; 0 <= coverage <= 1.
  void blend(int y, int begin, int end, double coverage, Colour colour) {
    const int amount =
        static_cast<int>(std::min(std::max(coverage, 0.0), 1.0) * colour.alpha + 0.5);
    std::uint8_t* pixel = at(begin, y);
    std::uint8_t* const last = at(end, y);
    if (amount == 255) {
      for (; pixel != last; pixel += 3) put(pixel, colour);
    } else if (amount > 0) {
      for (; pixel != last; pixel += 3) {
        pixel[0] = mixed(pixel[0], colour.red, amount);
        pixel[1] = mixed(pixel[1], colour.green, amount);
        pixel[2] = mixed(pixel[2], colour.blue, amount);
      }
    }
  }

  // Replaces everything by a vertical gradient; alpha is of no account.
  void fill(Colour top, Colour bottom) {
    const std::size_t row = static_cast<std::size_t>(width_) * 3;
    for (int y = 0; y < height_; ++y) {
      const Colour colour = between(top, bottom, y, std::max(height_ - 1, 1));
      std::uint8_t* const pixel = at(0, y);
      put(pixel, colour);
      // Each copy doubles what is there.
      for (std::size_t done = 3; done < row;) {
        const std::size_t more = std::min(done, row - done);
        std::memcpy(pixel + done, pixel, more);
        done += more;
      }
    }
  }

  // Replaces everything by `frame`: height x width x 3 bytes.
  void paste(const std::uint8_t* frame) { std::memcpy(pixels_.data(), frame, pixels_.size()); }

 private:
  std::uint8_t* at(int x, int y) {
    return pixels_.data() + 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                                 static_cast<std::size_t>(x));
  }

  static void put(std::uint8_t* pixel, Colour colour) {
    pixel[0] = colour.red;
    pixel[1] = colour.green;
    pixel[2] = colour.blue;
  }

  static Colour between(Colour first, Colour last, int step, int steps) {
    const auto part = [&](int a, int b) {
      return static_cast<std::uint8_t>((a * (steps - step) + b * step + steps / 2) / steps);
    };
    return {part(first.red, last.red), part(first.green, last.green), part(first.blue, last.blue)};
  }

  int width_;
  int height_;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace dromos::raster
