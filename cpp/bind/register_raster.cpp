// dromos._core.raster: the painter, and what Python values become on the way to it.
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "bind.hpp"
#include "dromos/raster.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using namespace dromos::raster;

std::string shown(nb::handle value) { return nb::cast<std::string>(nb::repr(value)); }

// A canvas larger than this is a mistake: no screen and no video holds it.
constexpr int kMostPixels = 16384;

int checked_extent(const char* name, int value) {
  if (value < 1 || value > kMostPixels) {
    throw nb::value_error((std::string(name) + " of a canvas must be 1 to " +
                           std::to_string(kMostPixels) + " pixels, found " + std::to_string(value))
                              .c_str());
  }
  return value;
}

// (red, green, blue) or (red, green, blue, alpha), each 0 to 255.
Colour colour_of(const nb::tuple& value) {
  std::uint8_t parts[4] = {0, 0, 0, 255};
  bool valid = value.size() == 3 || value.size() == 4;
  for (std::size_t i = 0; valid && i < value.size(); ++i) {
    int part = -1;
    valid = nb::try_cast(value[i], part) && part >= 0 && part <= 255;
    if (valid) parts[i] = static_cast<std::uint8_t>(part);
  }
  if (!valid) {
    throw nb::value_error(("a colour must be (red, green, blue) or (red, green, blue, alpha), "
                           "integers from 0 to 255; found " +
                           shown(value))
                              .c_str());
  }
  return {parts[0], parts[1], parts[2], parts[3]};
}

double number_of(nb::handle value) {
  const double number = PyFloat_AsDouble(value.ptr());
  if (number == -1.0 && PyErr_Occurred()) nb::raise_python_error();
  return number;
}

Point point_of(nb::handle pair) {
  nb::sequence sequence;
  if (!nb::try_cast(pair, sequence) || nb::len(sequence) != 2) {
    throw nb::value_error(("a point must be a pair (x, y), found " + shown(pair)).c_str());
  }
  return {number_of(sequence[0]), number_of(sequence[1])};
}

// An array (n, 2) of floats, or any iterable of pairs.
Contour points_of(nb::handle value) {
  using Array = nb::ndarray<const double, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;
  Contour points;
  Array array;
  if (nb::ndarray_check(value) && nb::try_cast(value, array)) {
    const auto view = array.view();
    for (std::size_t i = 0; i < view.shape(0); ++i) points.push_back({view(i, 0), view(i, 1)});
    return points;
  }
  for (nb::handle pair : nb::iter(value)) points.push_back(point_of(pair));
  return points;
}

Pen pen_of(double width, const std::string& join, const std::string& cap) {
  if (join != "round" && join != "mitre") {
    throw nb::value_error(("join must be 'round' or 'mitre', found '" + join + "'").c_str());
  }
  if (cap != "round" && cap != "butt") {
    throw nb::value_error(("cap must be 'round' or 'butt', found '" + cap + "'").c_str());
  }
  return {width, join == "mitre" ? Join::mitre : Join::round,
          cap == "butt" ? Cap::butt : Cap::round};
}

using Frame = nb::ndarray<nb::numpy, std::uint8_t, nb::ndim<3>>;

// A copy that Python owns: (height, width, 3).
Frame pixels_of(const Raster& raster) {
  const auto& pixels = raster.pixels();
  auto copy = std::make_unique_for_overwrite<std::uint8_t[]>(pixels.size());
  std::memcpy(copy.get(), pixels.data(), pixels.size());
  std::uint8_t* const data = copy.get();
  nb::capsule owner(copy.release(),
                    [](void* p) noexcept { delete[] static_cast<std::uint8_t*>(p); });
  const auto height = static_cast<std::size_t>(raster.height());
  const auto width = static_cast<std::size_t>(raster.width());
  return Frame(data, {height, width, 3}, owner);
}

void paste(Raster& raster,
           const nb::ndarray<const std::uint8_t, nb::ndim<3>, nb::c_contig>& frame) {
  const auto height = static_cast<std::size_t>(raster.height());
  const auto width = static_cast<std::size_t>(raster.width());
  if (frame.shape(0) != height || frame.shape(1) != width || frame.shape(2) != 3) {
    throw nb::value_error(("a pasted frame must have the canvas's shape (" +
                           std::to_string(height) + ", " + std::to_string(width) + ", 3), found (" +
                           std::to_string(frame.shape(0)) + ", " + std::to_string(frame.shape(1)) +
                           ", " + std::to_string(frame.shape(2)) + ")")
                              .c_str());
  }
  raster.paste(frame.data());
}

void bind_map(nb::class_<Raster>& raster) {
  raster.def("save", &Raster::save)
      .def("restore", &Raster::restore)
      .def("translate", &Raster::translate, "x"_a, "y"_a)
      .def("scale", &Raster::scale, "x"_a, "y"_a)
      .def("rotate", &Raster::rotate, "angle"_a)
      .def_prop_ro("y_down", &Raster::y_down);
}

void bind_lines(nb::class_<Raster>& raster) {
  raster
      .def(
          "polyline",
          [](Raster& self, nb::handle points, double width, const nb::tuple& colour, bool closed,
             const std::string& join, const std::string& cap) {
            self.polyline(points_of(points), pen_of(width, join, cap), closed, colour_of(colour));
          },
          "points"_a, "width"_a, "colour"_a, nb::kw_only(), "closed"_a = false, "join"_a = "round",
          "cap"_a = "round")
      .def(
          "strokes",
          [](Raster& self, nb::handle lines, double width, const nb::tuple& colour) {
            std::vector<Contour> contours;
            for (nb::handle line : nb::iter(lines)) contours.push_back(points_of(line));
            self.strokes(contours, {width, Join::round, Cap::round}, colour_of(colour));
          },
          "lines"_a, "width"_a, "colour"_a)
      .def(
          "arc",
          [](Raster& self, double x, double y, double radius, double width, const nb::tuple& colour,
             double start, double sweep, const std::string& cap) {
            self.arc({{x, y}, radius, width, start, sweep, pen_of(width, "round", cap).cap},
                     colour_of(colour));
          },
          "x"_a, "y"_a, "radius"_a, "width"_a, "colour"_a, nb::kw_only(), "start"_a = 0.0,
          "sweep"_a = kTurn, "cap"_a = "butt");
}

void bind_areas(nb::class_<Raster>& raster) {
  raster
      .def(
          "background",
          [](Raster& self, const nb::tuple& colour, std::optional<nb::tuple> bottom) {
            const Colour top = colour_of(colour);
            self.background(top, bottom ? colour_of(*bottom) : top);
          },
          "colour"_a, "bottom"_a = nb::none())
      .def(
          "polygon",
          [](Raster& self, nb::handle points, const nb::tuple& colour) {
            self.polygon(points_of(points), colour_of(colour));
          },
          "points"_a, "colour"_a)
      .def(
          "disc",
          [](Raster& self, double x, double y, double radius, const nb::tuple& colour) {
            self.disc({x, y}, radius, colour_of(colour));
          },
          "x"_a, "y"_a, "radius"_a, "colour"_a)
      .def(
          "rectangle",
          [](Raster& self, double x, double y, double width, double height, const nb::tuple& colour,
             double corner) { self.rectangle({x, y}, {width, height}, corner, colour_of(colour)); },
          "x"_a, "y"_a, "width"_a, "height"_a, "colour"_a, nb::kw_only(), "corner"_a = 0.0)
      .def(
          "shadow",
          [](Raster& self, double x, double y, double width, double height, const nb::tuple& colour,
             double blur, double corner) {
            self.shadow({x, y}, {width, height}, corner, blur, colour_of(colour));
          },
          "x"_a, "y"_a, "width"_a, "height"_a, "colour"_a, nb::kw_only(), "blur"_a,
          "corner"_a = 0.0);
}

}  // namespace

namespace dromos::bind {

void register_raster(nb::module_& m) {
  nb::class_<Raster> raster(m, "Raster");
  raster
      .def(
          "__init__",
          [](Raster* self, int width, int height) {
            new (self) Raster(checked_extent("width", width), checked_extent("height", height));
          },
          "width"_a, "height"_a)
      .def_prop_ro("width", &Raster::width)
      .def_prop_ro("height", &Raster::height)
      .def("pixels", &pixels_of)
      .def("paste", &paste, "frame"_a);
  bind_map(raster);
  bind_lines(raster);
  bind_areas(raster);
}

}  // namespace dromos::bind
