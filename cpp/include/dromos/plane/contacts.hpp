// Which fixtures are near each other, and whether they touch.
//
// Boxes with a margin are compared one against all: worlds have hundreds of fixtures of which a few
// move, and a pass over flat arrays is done before a tree has found its leaves. Pairs are sorted by
// the order in which fixtures were made.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "distance.hpp"
#include "world.hpp"

namespace dromos::plane {

// What a program wants to hear of contacts; a sensor's are told too.
struct NoEvents {
  template <class W>
  void began(W&, const Contact&) {}
  template <class W>
  void ended(W&, const Contact&) {}
};

namespace detail {

inline constexpr float kLookAhead = 2.0f;  // boxes reach this much of the way of a step farther

// Follows a fixture through a step; its box is only made anew when it leaves the old one.
template <class W>
void follow(W& world, std::int32_t index, const Pose& from, const Pose& to) {
  Fixture& fixture = world.fixture(index);
  const Shape shape = world.shape(fixture);
  Bounds box = united(bounds_of(shape, from), bounds_of(shape, to));
  if (contains(world.bounds(index), box)) return;
  const Vec2 margin{kMargin, kMargin};
  box = {box.low - margin, box.high + margin};
  const Vec2 ahead = kLookAhead * (to.position - from.position);
  (ahead.x < 0.0f ? box.low.x : box.high.x) += ahead.x;
  (ahead.y < 0.0f ? box.low.y : box.high.y) += ahead.y;
  world.set_bounds(index, box);
  fixture.has_moved = true;
  world.has_moved_fixture = 1;
}

template <class W>
void follow_body(W& world, const Body& body) {
  Pose from;
  from.rotation = Rotation::by(body.sweep.a0);
  from.position = body.sweep.c0 - rotated(from.rotation, body.sweep.local_center);
  for (auto i = body.newest_fixture; i != kNone; i = world.fixture(i).next)
    follow(world, i, from, body.pose);
}

template <class W>
bool should_collide(const W& world, const Fixture& a, const Fixture& b) {
  if (a.body == b.body) return false;
  if (!world.body(a.body).moves && !world.body(b.body).moves) return false;
  if ((a.mask & b.category) == 0 || (a.category & b.mask) == 0) return false;
  if (a.kind == Kind::edge && b.kind == Kind::edge) return false;
  for (std::int32_t i = 0; i < world.joint_count; ++i)
    if (world.joint(i).joins(a.body, b.body)) return false;
  return true;
}

template <class W>
bool has_contact(const W& world, std::int32_t a, std::int32_t b) {
  for (std::int32_t i = 0; i < world.contact_count; ++i) {
    const Contact& contact = world.contact(i);
    if ((contact.fixture_a == a && contact.fixture_b == b) ||
        (contact.fixture_a == b && contact.fixture_b == a))
      return true;
  }
  return false;
}

template <class W>
void add_contact(W& world, std::int32_t a, std::int32_t b) {
  if (!should_collide(world, world.fixture(a), world.fixture(b)) || has_contact(world, a, b))
    return;
  if (!has_room(world, world.contact_count + 1, W::capacity.contacts, Shortage::contacts)) return;
  if (!in_order(world.fixture(a).kind, world.fixture(b).kind)) std::swap(a, b);
  const Fixture& fixture_a = world.fixture(a);
  const Fixture& fixture_b = world.fixture(b);
  Contact contact;
  contact.fixture_a = a;
  contact.fixture_b = b;
  contact.body_a = fixture_a.body;
  contact.body_b = fixture_b.body;
  contact.friction = std::sqrt(fixture_a.friction * fixture_b.friction);
  contact.restitution = greatest(fixture_a.restitution, fixture_b.restitution);
  world.contact(world.contact_count++) = contact;
  if (fixture_a.sensor || fixture_b.sensor) return;
  world.body(contact.body_a).wake();
  world.body(contact.body_b).wake();
}

template <class W, class Events>
void remove_contact(W& world, std::int32_t i, Events& events) {
  const Contact& contact = world.contact(i);
  if (contact.touching) events.ended(world, contact);
  // A sensor's manifold has no points.
  if (contact.manifold.count > 0) {
    world.body(contact.body_a).wake();
    world.body(contact.body_b).wake();
  }
  const auto at = world.order.begin() + i;
  std::rotate(at, at + 1, world.order.begin() + world.contact_count);
  --world.contact_count;
}

// Pairs of fixtures, the elder first, each in one number so that they sort fast.
template <std::size_t Room>
struct Pairs {
  std::array<std::uint32_t, Room> values;
  std::size_t count = 0;
  bool full = false;

  void add(std::int32_t a, std::int32_t b) {
    if (count == Room) {
      full = true;
      return;
    }
    const auto elder = static_cast<std::uint32_t>(std::min(a, b));
    const auto younger = static_cast<std::uint32_t>(std::max(a, b));
    values[count++] = elder << 16 | younger;
  }
};

// Fixtures of other bodies whose boxes meet that of `i`, whose body moves.
template <class W, std::size_t Room>
void find_pairs(const W& world, std::int32_t i, Pairs<Room>& pairs) {
  constexpr std::size_t kGroup = 16;
  const Bounds box = world.bounds(i);
  const std::int32_t body = world.fixture(i).body;
  const auto count = static_cast<std::size_t>(world.fixture_count);
  for (std::size_t first = 0; first < count; first += kGroup) {
    const std::size_t last = std::min(first + kGroup, count);
    std::uint32_t meets = 0;
    for (std::size_t k = first; k < last; ++k) {
      const bool apart = (box.low.x > world.high_x[k]) | (box.low.y > world.high_y[k]) |
                         (world.low_x[k] > box.high.x) | (world.low_y[k] > box.high.y);
      meets |= static_cast<std::uint32_t>(!apart) << (k - first);
    }
    for (auto k = static_cast<std::int32_t>(first); meets != 0; ++k, meets >>= 1)
      if ((meets & 1) != 0 && world.fixture(k).body != body) pairs.add(i, k);
  }
}

// The same for a new fixture of a body that stays where it is: fixtures that move, except those
// that are asked themselves.
template <class W, std::size_t Room>
void find_moving(const W& world, std::int32_t i, Pairs<Room>& pairs) {
  const Bounds box = world.bounds(i);
  for (std::int32_t body = 0; body < world.body_count; ++body) {
    if (!world.body(body).moves) continue;
    for (auto k = world.body(body).newest_fixture; k != kNone; k = world.fixture(k).next)
      if (!world.fixture(k).has_moved && overlap(box, world.bounds(k))) pairs.add(i, k);
  }
}

template <class W>
void find_new_contacts(W& world) {
  if (world.has_moved_fixture == 0) return;
  world.has_moved_fixture = 0;
  Pairs<4 * W::capacity.contacts> pairs;
  for (std::int32_t i = 0; i < world.fixture_count; ++i) {
    if (!world.fixture(i).has_moved) continue;
    if (world.body(world.fixture(i).body).moves)
      find_pairs(world, i, pairs);
    else
      find_moving(world, i, pairs);
  }
  for (std::int32_t i = 0; i < world.fixture_count; ++i) world.fixture(i).has_moved = false;
  if (pairs.full) has_room(world, 1, 0, Shortage::contacts);
  const auto begin = pairs.values.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(pairs.count);
  std::sort(begin, end);
  const auto last = std::unique(begin, end);
  for (auto pair = begin; pair != last; ++pair)
    add_contact(world, static_cast<std::int32_t>(*pair >> 16),
                static_cast<std::int32_t>(*pair & 0xffff));
}

// Points that come from the same features as before keep their impulses.
inline void keep_impulses(Manifold& now, const Manifold& before) {
  for (std::int32_t i = 0; i < now.count; ++i) {
    ManifoldPoint& point = now.points[static_cast<std::size_t>(i)];
    point.normal_impulse = point.tangent_impulse = 0.0f;
    for (std::int32_t k = 0; k < before.count; ++k) {
      const ManifoldPoint& old = before.points[static_cast<std::size_t>(k)];
      if (!(old.feature == point.feature)) continue;
      point.normal_impulse = old.normal_impulse;
      point.tangent_impulse = old.tangent_impulse;
      break;
    }
  }
}

// Looks whether the two touch now.
template <class W, class Events>
void update(W& world, Contact& contact, Events& events) {
  const Fixture& fixture_a = world.fixture(contact.fixture_a);
  const Fixture& fixture_b = world.fixture(contact.fixture_b);
  Body& body_a = world.body(contact.body_a);
  Body& body_b = world.body(contact.body_b);
  const Shape a = world.shape(fixture_a);
  const Shape b = world.shape(fixture_b);
  const bool before = contact.touching;
  contact.enabled = true;
  if (fixture_a.sensor || fixture_b.sensor) {
    contact.touching = touching(a, body_a.pose, b, body_b.pose);
    contact.manifold.count = 0;
  } else {
    const Manifold old = contact.manifold;
    collide(contact.manifold, a, body_a.pose, b, body_b.pose);
    keep_impulses(contact.manifold, old);
    contact.touching = contact.manifold.count > 0;
    if (contact.touching != before) {
      body_a.wake();
      body_b.wake();
    }
  }
  if (!before && contact.touching) events.began(world, contact);
  if (before && !contact.touching) events.ended(world, contact);
}

// Drops contacts whose boxes have parted, and looks at the others.
template <class W, class Events>
void update_contacts(W& world, Events& events) {
  for (std::int32_t i = world.contact_count - 1; i >= 0; --i) {
    Contact& contact = world.contact(i);
    const Body& a = world.body(contact.body_a);
    const Body& b = world.body(contact.body_b);
    if (!(a.awake && a.moves) && !(b.awake && b.moves)) continue;
    if (overlap(world.bounds(contact.fixture_a), world.bounds(contact.fixture_b)))
      update(world, contact, events);
    else
      remove_contact(world, i, events);
  }
}

}  // namespace detail

}  // namespace dromos::plane
