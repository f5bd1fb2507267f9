// Bodies that hang together, by contacts or joints, are solved together and sleep together.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "contacts.hpp"
#include "hinge_solver.hpp"
#include "rounds.hpp"

namespace dromos::plane::detail {

// A fixed number of indices.
template <std::size_t N>
struct Indices {
  std::array<std::int32_t, std::max<std::size_t>(N, 1)> values;
  std::int32_t count = 0;

  void push(std::int32_t value) { values[static_cast<std::size_t>(count++)] = value; }
  std::int32_t pop() { return values[static_cast<std::size_t>(--count)]; }
  const std::int32_t* begin() const { return values.data(); }
  const std::int32_t* end() const { return values.data() + count; }
  std::int32_t operator[](std::int32_t i) const { return values[static_cast<std::size_t>(i)]; }
};

template <class W>
struct Island {
  Indices<W::capacity.bodies> bodies;
  Indices<W::capacity.contacts> contacts;  // places in the world
  Indices<W::capacity.joints> joints;
  std::array<std::int32_t, W::capacity.bodies> places;  // of the world's bodies in the island

  void add_body(std::int32_t body) {
    places[static_cast<std::size_t>(body)] = bodies.count;
    bodies.push(body);
  }
};

inline void limit_speed(Motion& m, float dt) {
  constexpr float kMostWay = 2.0f;
  constexpr float kMostTurn = 0.5f * kPi;
  const Vec2 way = dt * m.v;
  if (dot(way, way) > kMostWay * kMostWay) m.v *= kMostWay / length(way);
  const float turn = dt * m.w;
  if (turn * turn > kMostTurn * kMostTurn) m.w *= kMostTurn / magnitude(turn);
}

inline void move(Motion& m, float dt) {
  limit_speed(m, dt);
  m.c += dt * m.v;
  m.a += dt * m.w;
}

// Everything that hangs together with `seed`. What Box2D walks in lists with the newest ahead are
// arrays walked from the end.
template <class W>
void gather(W& world, std::int32_t seed, Island<W>& island) {
  island.bodies.count = island.contacts.count = island.joints.count = 0;
  Indices<W::capacity.bodies> stack;
  stack.push(seed);
  world.body(seed).in_island = true;
  const auto visit = [&](std::int32_t other) {
    if (world.body(other).in_island) return;
    world.body(other).in_island = true;
    stack.push(other);
  };
  while (stack.count > 0) {
    const std::int32_t index = stack.pop();
    island.add_body(index);
    Body& body = world.body(index);
    body.wake();
    if (!body.moves) continue;
    for (std::int32_t i = world.contact_count - 1; i >= 0; --i) {
      Contact& contact = world.contact(i);
      // A sensor's manifold has no points.
      const bool pushes = contact.enabled && contact.touching && contact.manifold.count > 0;
      if (!pushes || contact.in_island || !contact.has(index)) continue;
      contact.in_island = true;
      island.contacts.push(world.order[static_cast<std::size_t>(i)]);
      visit(contact.other(index));
    }
    for (std::int32_t i = world.joint_count - 1; i >= 0; --i) {
      Hinge& hinge = world.joint(i);
      if (hinge.in_island || (hinge.body_a != index && hinge.body_b != index)) continue;
      hinge.in_island = true;
      island.joints.push(i);
      visit(hinge.body_a == index ? hinge.body_b : hinge.body_a);
    }
  }
}

// The island's bodies and constraints while it is solved.
template <class W>
struct Problem {
  static constexpr std::size_t most_values =
      3 * W::capacity.bodies + 2 * W::capacity.joints + 4 * W::capacity.contacts;
  static constexpr std::size_t most_hinges = std::max<std::size_t>(W::capacity.joints, 1);

  std::array<Motion, W::capacity.bodies> motion_storage;
  std::array<ContactConstraint, W::capacity.contacts> contact_storage;
  std::array<HingeConstraint, most_hinges> hinge_storage;
  std::span<Motion> motions;
  std::span<ContactConstraint> contacts;
  std::span<HingeConstraint> hinges;

  explicit Problem(const Island<W>& island)
      : motions(motion_storage.data(), static_cast<std::size_t>(island.bodies.count)),
        contacts(contact_storage.data(), static_cast<std::size_t>(island.contacts.count)),
        hinges(hinge_storage.data(), static_cast<std::size_t>(island.joints.count)) {}
};

template <class W>
Motion pushed(const W& world, const Body& body, float dt) {
  Motion m{body.sweep.c, body.sweep.a, body.velocity, body.spin};
  if (!body.moves) return m;
  m.v += dt * (world.gravity + body.inverse_mass * body.force);
  m.w += dt * body.inverse_inertia * body.torque;
  return m;
}

template <class W>
void store(W& world, const Island<W>& island, const Problem<W>& problem) {
  for (std::int32_t i = 0; i < island.bodies.count; ++i) {
    Body& body = world.body(island.bodies[i]);
    const Motion& m = problem.motions[static_cast<std::size_t>(i)];
    body.sweep.c = m.c;
    body.sweep.a = m.a;
    body.velocity = m.v;
    body.spin = m.w;
    body.follow_sweep();
  }
}

template <class W>
bool solve_positions(const W& world, Problem<W>& problem) {
  constexpr float kRate = 0.2f;
  float deepest = 0.0f;
  for (const ContactConstraint& c : problem.contacts) {
    const Manifold& manifold = world.contacts[static_cast<std::size_t>(c.place)].manifold;
    deepest = least(deepest, solve_position(c, manifold, kRate, c.a, c.b, problem.motions));
  }
  bool done = deepest >= -3.0f * kLinearSlop;
  for (const HingeConstraint& h : problem.hinges)
    done = solve_position(h, world.joint(h.joint), problem.motions) && done;
  return done;
}

// Puts the island to sleep when all of it has been almost still for a while.
template <class W>
void rest(W& world, const Island<W>& island, float dt, bool solved) {
  constexpr float kStillTime = 0.5f;
  constexpr float kStillSpeed = 0.01f;
  constexpr float kStillSpin = 2.0f / 180.0f * kPi;
  float least_time = kMostFloat;
  for (const auto index : island.bodies) {
    Body& body = world.body(index);
    if (!body.moves) continue;
    if (body.spin * body.spin > kStillSpin * kStillSpin ||
        dot(body.velocity, body.velocity) > kStillSpeed * kStillSpeed) {
      body.sleep_time = 0.0f;
      least_time = 0.0f;
    } else {
      body.sleep_time += dt;
      least_time = least(least_time, body.sleep_time);
    }
  }
  if (least_time < kStillTime || !solved) return;
  for (const auto index : island.bodies) world.body(index).sleep();
}

template <class W>
void solve(W& world, const Island<W>& island, const StepSize& step) {
  Problem<W> problem(island);
  for (std::int32_t i = 0; i < island.bodies.count; ++i) {
    Body& body = world.body(island.bodies[i]);
    body.sweep.c0 = body.sweep.c;
    body.sweep.a0 = body.sweep.a;
    problem.motions[static_cast<std::size_t>(i)] = pushed(world, body, step.dt);
  }
  for (std::int32_t i = 0; i < island.contacts.count; ++i) {
    ContactConstraint& c = problem.contacts[static_cast<std::size_t>(i)];
    const std::int32_t place = island.contacts[i];
    c = constraint_of(world, place, island.places, step.dt_ratio);
    prepare(c, world.contacts[static_cast<std::size_t>(place)].manifold, problem.motions);
  }
  for (const ContactConstraint& c : problem.contacts) warm_start(c, problem.motions);
  for (std::int32_t i = 0; i < island.joints.count; ++i)
    problem.hinges[static_cast<std::size_t>(i)] =
        prepare(world, island.joints[i], island.places, problem.motions, step);

  solve_velocities(problem, step.velocity_rounds);
  for (const ContactConstraint& c : problem.contacts)
    store_impulses(c, world.contacts[static_cast<std::size_t>(c.place)].manifold);
  for (const HingeConstraint& h : problem.hinges) store_impulses(h, world.joint(h.joint));

  for (Motion& m : problem.motions) move(m, step.dt);
  bool solved = false;
  for (std::int32_t round = 0; round < step.position_rounds && !solved; ++round)
    solved = solve_positions(world, problem);
  store(world, island, problem);
  rest(world, island, step.dt, solved);
}

}  // namespace dromos::plane::detail
