// An observation that is a picture: bytes (height, width, channels).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "dynamics.hpp"

namespace dromos {

template <std::size_t Height, std::size_t Width, std::size_t Channels>
struct Image {
  std::array<std::uint8_t, Height * Width * Channels> bytes;
};

template <std::size_t Height, std::size_t Width, std::size_t Channels>
struct ObservationLayout<Image<Height, Width, Channels>> {
  static constexpr Structure structure = Structure::array;
  static constexpr std::array<Leaf, 1> leaves{{{DType::uint8, 1, {{Height, Width, Channels}, 3}}}};
  static void store(const Image<Height, Width, Channels>& image, void* const* out,
                    std::size_t lane) {
    std::memcpy(static_cast<std::uint8_t*>(out[0]) + lane * image.bytes.size(), image.bytes.data(),
                image.bytes.size());
  }
};

}  // namespace dromos
