// How much a world has room for, and what is said where that is too little.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace dromos::plane {

struct Capacity {
  std::size_t bodies;
  std::size_t fixtures;
  std::size_t corners;  // of all fixtures together: a circle has 1, an edge 2
  std::size_t contacts;
  std::size_t joints;
};

// What a world has run out of.
enum class Shortage : std::uint32_t { none, bodies, fixtures, corners, contacts, joints };

// Throws if the world needed more than it has room for; `where` is its Capacity in the sources.
template <class W>
void require_room(const W& world, const char* where) {
  if (world.shortage == Shortage::none) return;
  constexpr Capacity c = W::capacity;
  static constexpr std::array kNames{"bodies", "fixtures", "corners", "contacts", "joints"};
  static constexpr std::array kRoom{c.bodies, c.fixtures, c.corners, c.contacts, c.joints};
  const auto what = static_cast<std::size_t>(world.shortage) - 1;
  const std::string name = kNames[what];
  throw std::overflow_error("a world has room for " + std::to_string(kRoom[what]) + " " + name +
                            ", and this one needs more; raise `" + name + "` in the Capacity of " +
                            where + " and build dromos again");
}

}  // namespace dromos::plane
