// Whether bytes from elsewhere are a world that can be stepped.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "world.hpp"

namespace dromos::plane {

namespace detail {

constexpr bool within(std::int32_t value, std::int32_t low, std::int32_t end) {
  return low <= value && value < end;
}

// A flag may hold any byte before it is known to be one.
inline bool is_flag(const bool& flag) {
  std::uint8_t byte;
  std::memcpy(&byte, &flag, 1);
  return byte <= 1;
}

inline bool is_finite(const Vec2& v) { return std::isfinite(v.x) && std::isfinite(v.y); }

template <class W>
bool is_sound(const W& world, const Body& body) {
  const Sweep& sweep = body.sweep;
  bool finite = true;
  for (const Vec2 v : {body.pose.position, sweep.local_center, sweep.c0, sweep.c, body.velocity,
                       body.force, Vec2{body.pose.rotation.sine, body.pose.rotation.cosine}})
    finite = finite && is_finite(v);
  for (const float x : {sweep.a0, sweep.a, sweep.alpha0, body.spin, body.torque, body.mass,
                        body.inverse_mass, body.inertia, body.inverse_inertia, body.sleep_time})
    finite = finite && std::isfinite(x);
  return finite && within(body.newest_fixture, kNone, world.fixture_count) && is_flag(body.moves) &&
         is_flag(body.awake) && is_flag(body.in_island);
}

// Fixtures of a body are older one after the other: the list has an end.
template <class W>
bool is_sound(const W& world, const Fixture& fixture, std::int32_t index) {
  const std::int32_t count = fixture.corner_count;
  const bool fits = fixture.kind == Kind::circle ? count == 1
                    : fixture.kind == Kind::edge ? count == 2
                                                 : count >= 3;
  return fixture.kind <= Kind::polygon && fits &&
         count <= static_cast<std::int32_t>(kMostCorners) && fixture.first_corner >= 0 &&
         fixture.first_corner <= world.corner_count - count &&
         within(fixture.body, 0, world.body_count) && within(fixture.next, kNone, index) &&
         is_flag(fixture.sensor) && is_flag(fixture.has_moved);
}

template <class W>
bool is_sound(const W& world, const Contact& contact) {
  return within(contact.fixture_a, 0, world.fixture_count) &&
         within(contact.fixture_b, 0, world.fixture_count) &&
         contact.body_a == world.fixture(contact.fixture_a).body &&
         contact.body_b == world.fixture(contact.fixture_b).body &&
         contact.body_a != contact.body_b &&
         in_order(world.fixture(contact.fixture_a).kind, world.fixture(contact.fixture_b).kind) &&
         within(contact.manifold.count, 0, 3) && contact.manifold.reference <= Reference::face_b &&
         contact.toi_count >= 0 && is_flag(contact.enabled) && is_flag(contact.touching) &&
         is_flag(contact.in_island) && is_flag(contact.has_toi);
}

template <class W>
bool is_sound(const W& world, const Hinge& hinge) {
  return within(hinge.body_a, 0, world.body_count) && within(hinge.body_b, 0, world.body_count) &&
         hinge.body_a != hinge.body_b && hinge.limit <= Limit::equal && is_flag(hinge.has_limit) &&
         is_flag(hinge.has_motor) && is_flag(hinge.in_island);
}

template <std::size_t N>
bool is_permutation(const std::array<std::int32_t, N>& order) {
  std::array<bool, N> seen{};
  for (const std::int32_t place : order) {
    if (!within(place, 0, static_cast<std::int32_t>(N)) || seen[static_cast<std::size_t>(place)])
      return false;
    seen[static_cast<std::size_t>(place)] = true;
  }
  return true;
}

}  // namespace detail

// Whether every index of the world leads to something, every number of a body is finite, and no
// list goes round. A world of zeros, in which nothing was made yet, is sound too.
template <class W>
bool is_sound(const W& world) {
  const auto fits = [](std::int32_t count, std::size_t room) {
    return detail::within(count, 0, static_cast<std::int32_t>(room) + 1);
  };
  if (!fits(world.body_count, W::capacity.bodies) ||
      !fits(world.fixture_count, W::capacity.fixtures) ||
      !fits(world.corner_count, W::capacity.corners) ||
      !fits(world.contact_count, W::capacity.contacts) ||
      !fits(world.joint_count, W::capacity.joints) || world.shortage > Shortage::joints)
    return false;
  if (world.body_count == 0) return world.fixture_count == 0 && world.contact_count == 0;
  bool sound = detail::is_permutation(world.order);
  for (std::int32_t i = 0; sound && i < world.body_count; ++i)
    sound = detail::is_sound(world, world.body(i));
  for (std::int32_t i = 0; sound && i < world.fixture_count; ++i)
    sound = detail::is_sound(world, world.fixture(i), i);
  for (std::int32_t i = 0; sound && i < world.contact_count; ++i)
    sound = detail::is_sound(world, world.contact(i));
  for (std::int32_t i = 0; sound && i < world.joint_count; ++i)
    sound = detail::is_sound(world, world.joint(i));
  return sound;
}

}  // namespace dromos::plane
