// Screens of a console, a byte a pixel, in the colours that its palette gives them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../widest.hpp"

namespace dromos {

namespace pixels {

inline void lay_over_body(std::uint8_t* __restrict into, const std::uint8_t* __restrict other,
                          std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) into[i] = into[i] < other[i] ? other[i] : into[i];
}

}  // namespace pixels

// The maximum of two pictures, byte by byte, in the first; they share no memory.
inline void lay_over(std::uint8_t* into, const std::uint8_t* other, std::size_t size) {
  Widest<pixels::lay_over_body>::call(into, other, size);
}

// What each byte of a screen stands for. Who makes screens knows; the palette learns from pictures
// that are shown to it, and says where a screen has a byte it has not seen yet.
class Palette {
 public:
  // A screen (size,) as it is in grey (size,) and in colour (size, 3).
  void learn(const std::uint8_t* screen, const std::uint8_t* grey, const std::uint8_t* rgb,
             std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      greys_[screen[i]] = grey[i];
      colours_[screen[i]] = {{rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]}, 0};
    }
  }

  // A screen (height, width) to grey (height, width). Returns whether all of it is known.
  bool to_grey(const std::uint8_t* screen, std::uint8_t* grey, std::size_t height,
               std::size_t width) const {
    return by_rows<1>(screen, grey, height, width, [this](const auto* row, auto* out, auto count) {
      std::uint16_t seen = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint16_t shade = greys_[row[i]];
        seen |= shade;
        out[i] = static_cast<std::uint8_t>(shade);
      }
      return seen < kUnknown;
    });
  }

  // A screen (height, width) to colours (height, width, 3). Returns whether all of it is known.
  bool to_rgb(const std::uint8_t* screen, std::uint8_t* rgb, std::size_t height,
              std::size_t width) const {
    return by_rows<3>(screen, rgb, height, width, [this](const auto* row, auto* out, auto count) {
      std::uint8_t unknown = 0;
      // Four bytes a pixel, of which the next pixel overwrites the last; but not beyond the row.
      for (std::size_t i = 0; i + 1 < count; ++i) {
        std::memcpy(out + 3 * i, &colours_[row[i]], sizeof(Colour));
        unknown |= colours_[row[i]].unknown;
      }
      const Colour& last = colours_[row[count - 1]];
      std::copy_n(last.rgb, 3, out + 3 * (count - 1));
      return (unknown | last.unknown) == 0;
    });
  }

 private:
  struct Colour {
    std::uint8_t rgb[3];
    std::uint8_t unknown;
  };
  static constexpr std::uint16_t kUnknown = 256;  // above every shade of grey

  // Neighbouring rows of games are often the same: they are looked up once.
  template <std::size_t channels, class Look>
  static bool by_rows(const std::uint8_t* screen, std::uint8_t* out, std::size_t height,
                      std::size_t width, const Look& look) {
    const std::size_t size = channels * width;
    bool known = true;
    for (std::size_t y = 0; y < height; ++y, screen += width, out += size) {
      if (y > 0 && std::memcmp(screen, screen - width, width) == 0)
        std::memcpy(out, out - size, size);
      else
        known = look(screen, out, width) && known;
    }
    return known;
  }

  static constexpr std::size_t kBytes = 256;
  std::array<std::uint16_t, kBytes> greys_ = filled<std::uint16_t>(kUnknown);
  std::array<Colour, kBytes> colours_ = filled<Colour>({{0, 0, 0}, 1});

  template <class Entry>
  static std::array<Entry, kBytes> filled(const Entry& entry) {
    std::array<Entry, kBytes> entries;
    entries.fill(entry);
    return entries;
  }
};

}  // namespace dromos
