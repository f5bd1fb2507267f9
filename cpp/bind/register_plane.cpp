// dromos._core.plane: a world of rigid bodies of the plane, to build scenes in and look at.
#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "batch_arrays.hpp"
#include "bind.hpp"
#include "dromos/plane/step.hpp"
#include "plane_worlds.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace dromos::bind {
namespace {

using Scene = plane::World<plane::Capacity{128, 512, 2048, 512, 64}>;
using Point = std::array<float, 2>;

plane::Vec2 vec(const Point& p) {
  if (!std::isfinite(p[0]) || !std::isfinite(p[1]))
    throw nb::value_error("expected finite numbers of a point");
  return {p[0], p[1]};
}

// (fixture, fixture, whether they began to touch or ended)
using Event = std::tuple<std::int32_t, std::int32_t, bool>;

struct Recorder {
  std::vector<Event> events;

  template <class W>
  void began(W&, const plane::Contact& contact) {
    events.emplace_back(contact.fixture_a, contact.fixture_b, true);
  }
  template <class W>
  void ended(W&, const plane::Contact& contact) {
    events.emplace_back(contact.fixture_a, contact.fixture_b, false);
  }
};

class PlaneWorld {
 public:
  explicit PlaneWorld(const Point& gravity) : world_(std::make_unique<Scene>()) {
    plane::clear(*world_, vec(gravity));
  }

  std::int32_t body(bool moves, const Point& position, float angle) {
    return made(plane::add_body(*world_, moves, vec(position), angle));
  }
  std::int32_t polygon(std::int32_t body, const std::vector<Point>& corners,
                       const plane::Material& material) {
    if (corners.size() < 3 || corners.size() > plane::kMostCorners)
      throw nb::value_error("expected 3 to 16 corners of a polygon");
    std::vector<plane::Vec2> points;
    for (const auto& corner : corners) points.push_back(vec(corner));
    return made(plane::add_polygon(*world_, checked(body), plane::hull(points), material));
  }
  std::int32_t box(std::int32_t body, float half_width, float half_height,
                   const plane::Material& material) {
    const auto polygon = plane::box(half_width, half_height);
    return made(plane::add_polygon(*world_, checked(body), polygon, material));
  }
  std::int32_t edge(std::int32_t body, const Point& from, const Point& to,
                    const plane::Material& material) {
    return made(plane::add_edge(*world_, checked(body), vec(from), vec(to), material));
  }
  std::int32_t circle(std::int32_t body, const Point& center, float radius,
                      const plane::Material& material) {
    return made(plane::add_circle(*world_, checked(body), vec(center), radius, material));
  }
  std::int32_t hinge(std::int32_t body_a, std::int32_t body_b, const Point& anchor_a,
                     const Point& anchor_b, nb::object limits, nb::object motor) {
    plane::Hinge hinge;
    hinge.body_a = checked(body_a);
    hinge.body_b = checked(body_b);
    hinge.anchor_a = vec(anchor_a);
    hinge.anchor_b = vec(anchor_b);
    hinge.has_limit = !limits.is_none();
    if (hinge.has_limit) {
      const Point both = nb::cast<Point>(limits);
      hinge.lower_angle = both[0];
      hinge.upper_angle = both[1];
    }
    hinge.has_motor = !motor.is_none();
    if (hinge.has_motor) {
      const Point both = nb::cast<Point>(motor);
      hinge.motor_speed = both[0];
      hinge.most_torque = both[1];
    }
    return made(plane::add_hinge(*world_, hinge));
  }

  void set_motor(std::int32_t joint, float speed, float torque) {
    plane::set_motor_speed(*world_, checked_joint(joint), speed);
    plane::set_most_torque(*world_, checked_joint(joint), torque);
  }
  std::tuple<float, float> hinge_motion(std::int32_t joint) {
    const auto& hinge = checked_joint(joint);
    return {plane::angle_of(*world_, hinge), plane::speed_of(*world_, hinge)};
  }
  void push(std::int32_t body, const Point& force) {
    world_->body(checked_moving(body)).push(vec(force));
  }
  void twist(std::int32_t body, float torque) { world_->body(checked_moving(body)).twist(torque); }
  void kick(std::int32_t body, const Point& impulse, const Point& at) {
    world_->body(checked_moving(body)).kick(vec(impulse), vec(at));
  }
  void step(float dt, std::int32_t velocity_rounds, std::int32_t position_rounds) {
    if (!(dt > 0.0f) || !std::isfinite(dt)) throw nb::value_error("expected a step of time > 0");
    plane::step(*world_, dt, velocity_rounds, position_rounds, recorder_);
    check_room();
  }
  float ray_cast(const Point& from, const Point& to, std::uint16_t categories) {
    const std::array<plane::Ray, 1> rays{plane::Ray{vec(from), vec(to)}};
    std::array<float, 1> fractions;
    plane::ray_casts(*world_, rays, categories, fractions);
    return fractions[0];
  }

  // (x, y, angle, velocity x, velocity y, spin, whether awake) of each body.
  nb::list bodies() const {
    nb::list result;
    for (std::int32_t i = 0; i < world_->body_count; ++i) {
      const plane::Body& b = world_->body(i);
      result.append(nb::make_tuple(b.pose.position.x, b.pose.position.y, b.sweep.a, b.velocity.x,
                                   b.velocity.y, b.spin, b.awake));
    }
    return result;
  }
  nb::tuple mass(std::int32_t body) {
    const plane::Body& b = world_->body(checked(body));
    return nb::make_tuple(b.mass, b.inertia, b.sweep.local_center.x, b.sweep.local_center.y);
  }
  std::vector<Event> take_events() { return std::exchange(recorder_.events, {}); }
  std::int32_t contact_count() const { return world_->contact_count; }
  nb::bytes state() const { return nb::bytes(world_.get(), sizeof(Scene)); }
  void set_state(const nb::bytes& bytes) {
    if (bytes.size() != sizeof(Scene)) throw nb::value_error("expected the state of such a world");
    std::memcpy(world_.get(), bytes.c_str(), sizeof(Scene));
  }

 private:
  std::int32_t checked(std::int32_t body) const {
    if (body < 0 || body >= world_->body_count) throw nb::index_error("no such body");
    return body;
  }
  std::int32_t checked_moving(std::int32_t body) const {
    if (!world_->body(checked(body)).moves) throw nb::value_error("expected a body that moves");
    return body;
  }
  plane::Hinge& checked_joint(std::int32_t joint) const {
    if (joint < 0 || joint >= world_->joint_count) throw nb::index_error("no such joint");
    return world_->joint(joint);
  }
  std::int32_t made(std::int32_t index) {
    check_room();
    return index;
  }
  void check_room() { plane::require_room(*world_, "Scene (cpp/bind/register_plane.cpp)"); }

  std::unique_ptr<Scene> world_;
  Recorder recorder_;
};

const WorldReaders& readers_named(const std::string& name) {
  const auto found = plane_worlds().find(name);
  if (found == plane_worlds().end())
    throw nb::key_error(("no environment with a world is called " + name).c_str());
  return found->second;
}

// The world of dynamics `name` in these bytes, which may lie anywhere.
template <class Read>
nb::object read_world(const std::string& name, const nb::bytes& bytes, Read&& read) {
  const WorldReaders& readers = readers_named(name);
  if (bytes.size() != readers.size) throw nb::value_error("expected the bytes of a world");
  const auto aligned = std::make_unique<std::max_align_t[]>(
      (bytes.size() + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
  std::memcpy(aligned.get(), bytes.c_str(), bytes.size());
  return read(readers, aligned.get());
}

}  // namespace

void register_plane(nb::module_& m) {
  m.def("first_unsound", [](const std::string& name, std::size_t rows, const nb::list& columns) {
    const WorldReaders& readers = readers_named(name);
    const auto& fields = readers.fields();
    if (columns.size() != fields.size()) throw nb::value_error("expected an array a field");
    std::vector<const void*> places;
    for (std::size_t i = 0; i < fields.size(); ++i)
      places.push_back(data_of(columns[i], fields[i].dtype, Shape(rows, fields[i].count)));
    return readers.first_unsound(rows, places.data());
  });
  m.def("body", [](const std::string& name, const nb::bytes& world, std::size_t index) {
    return read_world(name, world,
                      [&](auto& readers, void* at) { return readers.body(at, index); });
  });
  m.def("bodies", [](const std::string& name, const nb::bytes& world) {
    return read_world(name, world, [](auto& readers, void* at) { return readers.bodies(at); });
  });
  m.def("fixtures", [](const std::string& name, const nb::bytes& world) {
    return read_world(name, world, [](auto& readers, void* at) { return readers.fixtures(at); });
  });
  m.def("joints", [](const std::string& name, const nb::bytes& world) {
    return read_world(name, world, [](auto& readers, void* at) { return readers.joints(at); });
  });
  nb::class_<plane::Material>(m, "Material")
      .def(
          "__init__",
          [](plane::Material* self, float density, float friction, float restitution,
             std::uint16_t category, std::uint16_t mask, bool sensor) {
            new (self) plane::Material{density, friction, restitution, category, mask, sensor};
          },
          nb::kw_only(), "density"_a = 0.0f, "friction"_a = 0.2f, "restitution"_a = 0.0f,
          "category"_a = 1, "mask"_a = 0xffff, "sensor"_a = false);
  nb::class_<PlaneWorld>(m, "World")
      .def(nb::init<const Point&>(), "gravity"_a)
      .def("add_body", &PlaneWorld::body, "moves"_a, "position"_a, "angle"_a = 0.0f)
      .def("add_polygon", &PlaneWorld::polygon, "body"_a, "corners"_a, "material"_a)
      .def("add_box", &PlaneWorld::box, "body"_a, "half_width"_a, "half_height"_a, "material"_a)
      .def("add_edge", &PlaneWorld::edge, "body"_a, "start"_a, "end"_a, "material"_a)
      .def("add_circle", &PlaneWorld::circle, "body"_a, "center"_a, "radius"_a, "material"_a)
      .def("add_hinge", &PlaneWorld::hinge, "body_a"_a, "body_b"_a, "anchor_a"_a, "anchor_b"_a,
           "limits"_a = nb::none(), "motor"_a = nb::none())
      .def("set_motor", &PlaneWorld::set_motor, "joint"_a, "speed"_a, "torque"_a)
      .def("hinge", &PlaneWorld::hinge_motion, "joint"_a)
      .def("push", &PlaneWorld::push, "body"_a, "force"_a)
      .def("twist", &PlaneWorld::twist, "body"_a, "torque"_a)
      .def("kick", &PlaneWorld::kick, "body"_a, "impulse"_a, "at"_a)
      .def("step", &PlaneWorld::step, "dt"_a, "velocity_rounds"_a, "position_rounds"_a)
      .def("ray_cast", &PlaneWorld::ray_cast, "start"_a, "end"_a, "categories"_a = 0xffff)
      .def("bodies", &PlaneWorld::bodies)
      .def("mass", &PlaneWorld::mass, "body"_a)
      .def("take_events", &PlaneWorld::take_events)
      .def_prop_ro("contact_count", &PlaneWorld::contact_count)
      .def("state", &PlaneWorld::state)
      .def("set_state", &PlaneWorld::set_state, "state"_a);
}

}  // namespace dromos::bind
