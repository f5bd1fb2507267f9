// What Python sees of the worlds inside the states of environments.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dromos/fields.hpp"
#include "dromos/plane/world.hpp"

namespace dromos::bind {

// Readers of one type of world, from its bytes.
struct WorldReaders {
  std::size_t size;
  nanobind::object (*body)(const void* world, std::size_t index);
  nanobind::list (*bodies)(const void* world);
  nanobind::list (*fixtures)(const void* world);
  nanobind::list (*joints)(const void* world);
  // The first of `rows` states, given as one array a field, that cannot be stepped; -1 if all can.
  std::int64_t (*first_unsound)(std::size_t rows, const void* const* columns);
  View<FieldInfo> (*fields)();  // of the state
};

// By the name of the dynamics.
const std::map<std::string, WorldReaders>& plane_worlds();

// (x, y, angle, velocity x, velocity y, spin, mass, inertia, awake, moves, center x, center y) of a
// body.
template <class W>
nanobind::object body_of(const W& world, std::size_t index) {
  if (index >= static_cast<std::size_t>(world.body_count))
    throw nanobind::index_error("no such body");
  const plane::Body& b = world.bodies[index];
  const plane::Vec2 center = b.sweep.c;
  return nanobind::make_tuple(b.pose.position.x, b.pose.position.y, b.sweep.a, b.velocity.x,
                              b.velocity.y, b.spin, b.mass, b.inertia, b.awake, b.moves, center.x,
                              center.y);
}

// The same of each body.
template <class W>
nanobind::list bodies_of(const W& world) {
  nanobind::list result;
  for (std::int32_t i = 0; i < world.body_count; ++i)
    result.append(body_of(world, static_cast<std::size_t>(i)));
  return result;
}

// (body, kind, radius, category, sensor, corners in the frame of the body) of each fixture.
template <class W>
nanobind::list fixtures_of(const W& world) {
  static constexpr const char* kKinds[] = {"circle", "edge", "polygon"};
  nanobind::list result;
  for (std::int32_t i = 0; i < world.fixture_count; ++i) {
    const plane::Fixture& fixture = world.fixture(i);
    const plane::Shape shape = world.shape(fixture);
    nanobind::list corners;
    for (std::int32_t k = 0; k < shape.count; ++k)
      corners.append(nanobind::make_tuple(shape.corners[k].x, shape.corners[k].y));
    result.append(nanobind::make_tuple(fixture.body, kKinds[static_cast<std::size_t>(fixture.kind)],
                                       fixture.radius, fixture.category, fixture.sensor,
                                       nanobind::tuple(corners)));
  }
  return result;
}

// (body, body, angle, speed, motor speed, greatest torque, lower angle, upper angle) of each joint.
template <class W>
nanobind::list joints_of(const W& world) {
  nanobind::list result;
  for (std::int32_t i = 0; i < world.joint_count; ++i) {
    const plane::Hinge& h = world.joint(i);
    result.append(nanobind::make_tuple(h.body_a, h.body_b, plane::angle_of(world, h),
                                       plane::speed_of(world, h), h.motor_speed, h.most_torque,
                                       h.lower_angle, h.upper_angle));
  }
  return result;
}

template <class D>
std::int64_t first_unsound(std::size_t rows, const void* const* columns) {
  const auto state = std::make_unique<typename D::State>();
  for (std::size_t row = 0; row < rows; ++row) {
    for_each_field<typename D::State>([&](auto index, const auto& field) {
      using T = typename std::remove_cvref_t<decltype(field)>::type;
      std::memcpy(&((*state).*field.member),
                  static_cast<const std::byte*>(columns[index]) + row * sizeof(T), sizeof(T));
    });
    if (!D::is_sound(*state)) return static_cast<std::int64_t>(row);
  }
  return -1;
}

template <class D>
WorldReaders readers_of() {
  using W = typename D::World;
  return {sizeof(W),
          [](const void* w, std::size_t i) { return body_of(*static_cast<const W*>(w), i); },
          [](const void* w) { return bodies_of(*static_cast<const W*>(w)); },
          [](const void* w) { return fixtures_of(*static_cast<const W*>(w)); },
          [](const void* w) { return joints_of(*static_cast<const W*>(w)); },
          first_unsound<D>,
          field_infos<typename D::State>};
}

}  // namespace dromos::bind
