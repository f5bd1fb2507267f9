// One step of a world: contacts, islands, boxes, and what fast bodies would have run through.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "island.hpp"
#include "time_of_impact.hpp"

namespace dromos::plane {

namespace detail {

template <class W>
void solve_islands(W& world, const StepSize& step) {
  for (std::int32_t i = 0; i < world.body_count; ++i) world.body(i).in_island = false;
  for (std::int32_t i = 0; i < world.contact_count; ++i) world.contact(i).in_island = false;
  for (std::int32_t i = 0; i < world.joint_count; ++i) world.joint(i).in_island = false;
  Island<W> island;
  for (std::int32_t seed = world.body_count - 1; seed >= 0; --seed) {
    const Body& body = world.body(seed);
    if (body.in_island || !body.awake || !body.moves) continue;
    gather(world, seed, island);
    solve(world, island, step);
    // A body that stays where it is may belong to several islands.
    for (const auto index : island.bodies)
      if (!world.body(index).moves) world.body(index).in_island = false;
  }
  for (std::int32_t i = world.body_count - 1; i >= 0; --i)
    if (world.body(i).in_island) follow_body(world, world.body(i));
  find_new_contacts(world);
}

inline constexpr std::int32_t kMostImpacts = 8;       // of one contact in a step
inline constexpr std::int32_t kMostToiContacts = 32;  // solved together at an impact

// Whether the discs around the bodies keep so far apart during the rest of the step that the search
// for an impact can only find none.
template <class W>
bool stay_apart(const W& world, const Contact& contact, const Shape& a, const Shape& b) {
  constexpr float kClear = 0.1f;
  const auto box = [](const Shape& shape, const Body& body) {
    float square = 0.0f;
    for (std::int32_t i = 0; i < shape.count; ++i) {
      const Vec2 arm = shape.corners[i] - body.sweep.local_center;
      square = greatest(square, dot(arm, arm));
    }
    const float reach = std::sqrt(square) + shape.radius;
    const Vec2 margin{reach, reach};
    if (!body.moves) return bounds_of(shape, body.pose);
    return Bounds{lower(body.sweep.c0, body.sweep.c) - margin,
                  upper(body.sweep.c0, body.sweep.c) + margin};
  };
  Bounds box_a = box(a, world.body(contact.body_a));
  const Vec2 clear{kClear, kClear};
  box_a = {box_a.low - clear, box_a.high + clear};
  return !overlap(box_a, box(b, world.body(contact.body_b)));
}

// Whether a contact can be an impact: between a body that moves and one that does not.
template <class W>
bool can_impact(const W& world, const Contact& contact) {
  if (world.fixture(contact.fixture_a).sensor || world.fixture(contact.fixture_b).sensor)
    return false;
  const Body& a = world.body(contact.body_a);
  const Body& b = world.body(contact.body_b);
  return (!a.moves || !b.moves) && ((a.awake && a.moves) || (b.awake && b.moves));
}

// The part of the step after which the contact's fixtures meet; 1 if they do not.
template <class W>
float impact_of(W& world, const Contact& contact) {
  Sweep& a = world.body(contact.body_a).sweep;
  Sweep& b = world.body(contact.body_b).sweep;
  const float start = greatest(a.alpha0, b.alpha0);
  if (a.alpha0 < start) a.advance(start);
  if (b.alpha0 < start) b.advance(start);
  const Shape shape_a = world.shape(world.fixture(contact.fixture_a));
  const Shape shape_b = world.shape(world.fixture(contact.fixture_b));
  if (stay_apart(world, contact, shape_a, shape_b)) return 1.0f;
  const std::optional<float> part = time_of_impact(shape_a, a, shape_b, b);
  return part ? least(start + (1.0f - start) * *part, 1.0f) : 1.0f;
}

struct Impact {
  std::int32_t contact;  // by age
  float alpha;
};

template <class W>
Impact first_impact(W& world) {
  Impact first{kNone, 1.0f};
  for (std::int32_t i = world.contact_count - 1; i >= 0; --i) {
    Contact& contact = world.contact(i);
    if (!contact.enabled || contact.toi_count > kMostImpacts) continue;
    if (!contact.has_toi) {
      if (!can_impact(world, contact)) continue;
      contact.toi = impact_of(world, contact);
      contact.has_toi = true;
    }
    if (contact.toi < first.alpha) first = {i, contact.toi};
  }
  return first;
}

// Adds what body `index` touches at this time to the island of an impact.
template <class W, class Events>
void gather_touching(W& world, std::int32_t index, float alpha, Island<W>& island, Events& events) {
  for (std::int32_t i = world.contact_count - 1; i >= 0; --i) {
    if (island.bodies.count == 2 * kMostToiContacts || island.contacts.count == kMostToiContacts)
      return;
    Contact& contact = world.contact(i);
    if (contact.in_island || !contact.has(index)) continue;
    const std::int32_t other_index = contact.other(index);
    Body& other = world.body(other_index);
    if (other.moves) continue;
    if (world.fixture(contact.fixture_a).sensor || world.fixture(contact.fixture_b).sensor)
      continue;
    const Sweep backup = other.sweep;
    if (!other.in_island) other.advance(alpha);
    update(world, contact, events);
    if (!contact.touching) {
      other.sweep = backup;
      other.follow_sweep();
      continue;
    }
    contact.in_island = true;
    island.contacts.push(world.order[static_cast<std::size_t>(i)]);
    if (other.in_island) continue;
    other.in_island = true;
    island.add_body(other_index);
  }
}

// Only the two bodies of the impact give way to the positions' push.
inline Lever free_lever(Lever lever, std::int32_t a, std::int32_t b) {
  if (lever.index == a || lever.index == b) return lever;
  lever.inverse_mass = lever.inverse_inertia = 0.0f;
  return lever;
}

template <class W>
void push_out(const W& world, Problem<W>& problem, std::int32_t a, std::int32_t b) {
  constexpr float kRate = 0.75f;
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    float deepest = 0.0f;
    for (const ContactConstraint& c : problem.contacts) {
      const Manifold& manifold = world.contacts[static_cast<std::size_t>(c.place)].manifold;
      deepest = least(deepest, solve_position(c, manifold, kRate, free_lever(c.a, a, b),
                                              free_lever(c.b, a, b), problem.motions));
    }
    if (deepest >= -1.5f * kLinearSlop) return;
  }
}

// Solves an impact: the bodies leave from where they met, without warm starting, and what was found
// is not kept for the next step.
template <class W>
void solve_impact(W& world, const Island<W>& island, std::int32_t a, std::int32_t b,
                  const StepSize& step) {
  Problem<W> problem(island);
  for (std::int32_t i = 0; i < island.bodies.count; ++i) {
    const Body& body = world.body(island.bodies[i]);
    problem.motions[static_cast<std::size_t>(i)] = {body.sweep.c, body.sweep.a, body.velocity,
                                                    body.spin};
  }
  for (std::int32_t i = 0; i < island.contacts.count; ++i) {
    ContactConstraint& c = problem.contacts[static_cast<std::size_t>(i)];
    c = constraint_of(world, island.contacts[i], island.places, 1.0f);
    for (PointConstraint& p : c.points) p.normal_impulse = p.tangent_impulse = 0.0f;
  }
  push_out(world, problem, island.places[static_cast<std::size_t>(a)],
           island.places[static_cast<std::size_t>(b)]);
  for (const auto index : {a, b}) {
    const auto place = static_cast<std::size_t>(island.places[static_cast<std::size_t>(index)]);
    world.body(index).sweep.c0 = problem.motions[place].c;
    world.body(index).sweep.a0 = problem.motions[place].a;
  }
  for (ContactConstraint& c : problem.contacts)
    prepare(c, world.contacts[static_cast<std::size_t>(c.place)].manifold, problem.motions);
  solve_velocities(problem, step.velocity_rounds);
  for (Motion& m : problem.motions) move(m, step.dt);
  store(world, island, problem);
}

// Takes the bodies of an impact to it and on to the end of the step.
template <class W, class Events>
void take_impact(W& world, const Impact& impact, const StepSize& step, Events& events) {
  Contact& contact = world.contact(impact.contact);
  const std::int32_t pair[] = {contact.body_a, contact.body_b};
  Body& a = world.body(pair[0]);
  Body& b = world.body(pair[1]);
  const Sweep backup_a = a.sweep;
  const Sweep backup_b = b.sweep;
  a.advance(impact.alpha);
  b.advance(impact.alpha);
  update(world, contact, events);
  contact.has_toi = false;
  ++contact.toi_count;
  if (!contact.touching) {
    contact.enabled = false;
    a.sweep = backup_a;
    b.sweep = backup_b;
    a.follow_sweep();
    b.follow_sweep();
    return;
  }
  a.wake();
  b.wake();
  Island<W> island;
  for (const auto index : pair) island.add_body(index);
  island.contacts.push(world.order[static_cast<std::size_t>(impact.contact)]);
  a.in_island = b.in_island = contact.in_island = true;
  for (const auto index : pair)
    if (world.body(index).moves) gather_touching(world, index, impact.alpha, island, events);

  StepSize rest = step;
  rest.dt = (1.0f - impact.alpha) * step.dt;
  solve_impact(world, island, pair[0], pair[1], rest);
  for (const auto index : island.bodies) {
    Body& body = world.body(index);
    body.in_island = false;
    if (!body.moves) continue;
    follow_body(world, body);
    for (std::int32_t i = 0; i < world.contact_count; ++i) {
      Contact& other = world.contact(i);
      if (other.has(index)) other.has_toi = other.in_island = false;
    }
  }
  find_new_contacts(world);
}

template <class W, class Events>
void solve_impacts(W& world, const StepSize& step, Events& events) {
  for (std::int32_t i = 0; i < world.body_count; ++i) {
    world.body(i).in_island = false;
    world.body(i).sweep.alpha0 = 0.0f;
  }
  for (std::int32_t i = 0; i < world.contact_count; ++i) {
    Contact& contact = world.contact(i);
    contact.has_toi = contact.in_island = false;
    contact.toi_count = 0;
    contact.toi = 1.0f;
  }
  while (true) {
    const Impact impact = first_impact(world);
    if (impact.contact == kNone || 1.0f - 10.0f * kEpsilon < impact.alpha) return;
    take_impact(world, impact, step, events);
  }
}

}  // namespace detail

// Advances the world by `dt` seconds. Events are told as they happen, inside the step: they may
// read the world, and write what is theirs.
template <class W, class Events>
void step(W& world, float dt, std::int32_t velocity_rounds, std::int32_t position_rounds,
          Events& events) {
  detail::find_new_contacts(world);
  const StepSize size{dt, world.inverse_dt0 * dt, velocity_rounds, position_rounds};
  detail::update_contacts(world, events);
  detail::solve_islands(world, size);
  detail::solve_impacts(world, size, events);
  world.inverse_dt0 = 1.0f / dt;
  for (std::int32_t i = 0; i < world.body_count; ++i) {
    world.body(i).force = {};
    world.body(i).torque = 0.0f;
  }
}

// The part of each ray up to the first fixture of one of these categories; 1 if there is none.
template <class W, std::size_t N>
void ray_casts(const W& world, const std::array<Ray, N>& rays, std::uint16_t categories,
               std::array<float, N>& fractions) {
  std::array<Bounds, N> ways;
  for (std::size_t r = 0; r < N; ++r)
    ways[r] = {lower(rays[r].from, rays[r].to), upper(rays[r].from, rays[r].to)};
  Bounds all = ways[0];
  for (const Bounds& way : ways) all = united(all, way);
  fractions.fill(1.0f);
  for (std::int32_t i = 0; i < world.fixture_count; ++i) {
    const Bounds box = world.bounds(i);
    if (!overlap(all, box)) continue;
    const Fixture& fixture = world.fixture(i);
    if ((fixture.category & categories) == 0) continue;
    const Shape shape = world.shape(fixture);
    const Pose& pose = world.body(fixture.body).pose;
    for (std::size_t r = 0; r < N; ++r) {
      if (!overlap(ways[r], box)) continue;
      const float fraction = hit(shape, pose, rays[r]);
      if (fraction >= 0.0f && fraction < fractions[r]) fractions[r] = fraction;
    }
  }
}

}  // namespace dromos::plane
