// dromos._core.pixels: pictures, uint8, made grey and resized.
#include <optional>
#include <vector>

#include "bind.hpp"
#include "dromos/pixels/grayscale.hpp"
#include "dromos/pixels/palette.hpp"
#include "dromos/pixels/resize.hpp"
#include "interpreter.hpp"
#include "kernel_arrays.hpp"

namespace dromos::bind {
namespace {

using Shape = std::array<npy_intp, NPY_MAXDIMS>;

// From this many bytes on it pays to let other Python threads run: some 50 us of work, where giving
// the interpreter's lock away and taking it back is 0.1 us.
constexpr npy_intp kLong = 1 << 17;

// Pictures with at least `least` axes.
Input picture(nb::handle object, int least, const char* axes) {
  Input image = input(object);
  if (PyArray_TYPE(image.array) != NPY_UBYTE)
    raise(PyExc_TypeError, "a picture must have dtype uint8, found %S", image.shown_dtype().ptr());
  if (image.dimensions() < least)
    raise(PyExc_ValueError, "a picture must have shape %s, found %S", axes,
          image.shown_shape().ptr());
  return image;
}

// `out`, or a new array, for what is made of `image`; not in the memory of the image.
nb::object picture_output(nb::handle out, const Input& image, int dimensions,
                          const npy_intp* shape) {
  nb::object target = output(out, dimensions, shape, NPY_UBYTE);
  if (!out.is_none() && overlap(reinterpret_cast<PyArrayObject*>(target.ptr()), image.array))
    raise(PyExc_ValueError, "out must not share memory with the picture");
  return target;
}

std::uint8_t* bytes_of(const nb::object& array) {
  return data_of<std::uint8_t>(reinterpret_cast<PyArrayObject*>(array.ptr()));
}

template <void (*convert)(const std::uint8_t*, std::uint8_t*, std::size_t)>
nb::object grey(nb::handle rgb, nb::handle out) {
  const Input image = picture(rgb, 1, "(..., height, width, 3)");
  const int axes = image.dimensions() - 1;
  if (image.shape()[axes] != 3)
    raise(PyExc_ValueError,
          "a picture to make grey must have shape (..., height, width, 3), found %S",
          image.shown_shape().ptr());
  nb::object target = picture_output(out, image, axes, image.shape());
  std::optional<Unlocked> unlocked;
  if (PyArray_NBYTES(image.array) >= kLong) unlocked.emplace();
  convert(data_of<std::uint8_t>(image.array), bytes_of(target), size_of(image.array) / 3);
  return target;
}

std::size_t checked_extent(const char* name, nb::handle value) {
  constexpr Py_ssize_t kMost = 1 << 15;  // as wide as the indices of taps allow, and more
  const Py_ssize_t extent = PyNumber_AsSsize_t(value.ptr(), nullptr);
  if (extent == -1 && PyErr_Occurred()) throw nb::python_error();
  if (extent < 1 || extent > kMost)
    raise(PyExc_ValueError, "%s must be 1 to %zd pixels, found %zd", name, kMost, extent);
  return static_cast<std::size_t>(extent);
}

// Making the plan of a resizer takes a tenth as long as using it, and one thread mostly has one.
AreaResizer& resizer(const pixels::Extent& from, const pixels::Extent& to) {
  static thread_local std::optional<AreaResizer> latest;
  if (!latest || latest->from() != from || latest->to() != to) latest.emplace(from, to);
  return *latest;
}

nb::object resize_area(nb::handle image, nb::handle height, nb::handle width,
                       nb::handle has_channels, nb::handle out) {
  const int coloured = PyObject_IsTrue(has_channels.ptr());
  if (coloured < 0) throw nb::python_error();
  const Input source = picture(
      image, 2 + coloured, coloured ? "(..., height, width, channels)" : "(..., height, width)");
  const int rows = source.dimensions() - 2 - coloured;  // the axis of the height
  Shape shape;
  std::copy_n(source.shape(), source.dimensions(), shape.begin());
  pixels::Extent from{static_cast<std::size_t>(shape[rows]),
                      static_cast<std::size_t>(shape[rows + 1]),
                      coloured ? static_cast<std::size_t>(shape[rows + 2]) : 1};
  const pixels::Extent to{checked_extent("height", height), checked_extent("width", width),
                          from.channels};
  if (from.size() == 0 || from.size() > NPY_MAX_INT32)
    raise(PyExc_ValueError,
          "a picture to resize must have pixels, and less than 2^31; found shape %S",
          source.shown_shape().ptr());
  shape[rows] = static_cast<npy_intp>(to.height);
  shape[rows + 1] = static_cast<npy_intp>(to.width);
  nb::object target = picture_output(out, source, source.dimensions(), shape.data());
  const auto* from_bytes = data_of<std::uint8_t>(source.array);
  std::uint8_t* to_bytes = bytes_of(target);
  AreaResizer& resize = resizer(from, to);
  std::optional<Unlocked> unlocked;
  if (PyArray_NBYTES(source.array) >= kLong) unlocked.emplace();
  for (std::size_t left = size_of(source.array) / from.size(); left > 0; --left) {
    resize(from_bytes, to_bytes);
    from_bytes += from.size();
    to_bytes += to.size();
  }
  return target;
}

// `array` as a picture of just this shape.
Input picture_of(nb::handle array, int dimensions, const npy_intp* shape, const char* name) {
  Input image = picture(array, dimensions, name);
  if (image.dimensions() != dimensions || !std::equal(shape, shape + dimensions, image.shape()))
    raise(PyExc_ValueError, "%s must have the shape of the screen, found %S", name,
          image.shown_shape().ptr());
  return image;
}

Input screen_of(nb::handle array) {
  Input screen = picture(array, 2, "(height, width)");
  if (screen.dimensions() != 2 || size_of(screen.array) == 0)
    raise(PyExc_ValueError, "a screen must have shape (height, width), found %S",
          screen.shown_shape().ptr());
  return screen;
}

void learn(Palette& palette, nb::handle screen, nb::handle grey, nb::handle rgb) {
  const Input source = screen_of(screen);
  const npy_intp shape[] = {source.shape()[0], source.shape()[1], 3};
  const Input greys = picture_of(grey, 2, shape, "grey");
  const Input colours = picture_of(rgb, 3, shape, "rgb");
  palette.learn(data_of<std::uint8_t>(source.array), data_of<std::uint8_t>(greys.array),
                data_of<std::uint8_t>(colours.array), size_of(source.array));
}

template <auto paint, int axes>
nb::object painted(const Palette& palette, nb::handle screen, nb::handle out) {
  const Input source = screen_of(screen);
  const npy_intp shape[] = {source.shape()[0], source.shape()[1], 3};
  nb::object target = picture_output(out, source, axes, shape);
  const bool known =
      (palette.*paint)(data_of<std::uint8_t>(source.array), bytes_of(target),
                       static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]));
  return known ? target : nb::none();
}

// A screen painted, laid over `other`, a painted one, by the maximum, and resized: in one pass over
// memory that stays in the cache.
nb::object shrunk(const Palette& palette, nb::handle screen, nb::handle other, bool coloured,
                  nb::handle height, nb::handle width) {
  const Input source = screen_of(screen);
  const int axes = coloured ? 3 : 2;
  const npy_intp shape[] = {source.shape()[0], source.shape()[1], 3};
  const pixels::Extent from{static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]),
                            coloured ? 3u : 1u};
  const pixels::Extent to{checked_extent("height", height), checked_extent("width", width),
                          from.channels};
  static thread_local std::vector<std::uint8_t> painted;
  painted.resize(from.size());
  const auto* bytes = data_of<std::uint8_t>(source.array);
  const bool known = coloured ? palette.to_rgb(bytes, painted.data(), from.height, from.width)
                              : palette.to_grey(bytes, painted.data(), from.height, from.width);
  if (!known) return nb::none();
  if (!other.is_none()) {
    const Input before = picture_of(other, axes, shape, "other");
    lay_over(painted.data(), data_of<std::uint8_t>(before.array), painted.size());
  }
  const npy_intp size[] = {static_cast<npy_intp>(to.height), static_cast<npy_intp>(to.width), 3};
  nb::object target = owned(empty_array(axes, size, NPY_UBYTE));
  resizer(from, to)(painted.data(), bytes_of(target));
  return target;
}

}  // namespace

void register_pixels(nb::module_& m) {
  static PyMethodDef methods[] = {fast_method<&grey<&grayscale>, 1>("grayscale"),
                                  fast_method<&grey<&luma>, 1>("luma"),
                                  fast_method<&resize_area, 4>("resize_area"),
                                  {}};
  if (PyModule_AddFunctions(m.ptr(), methods) < 0) throw nb::python_error();
  nb::class_<Palette>(m, "Palette")
      .def(nb::init<>())
      .def("learn", &learn, nb::arg("screen"), nb::arg("grey"), nb::arg("rgb"))
      .def("shrunk", &shrunk, nb::arg("screen"), nb::arg("other").none(), nb::arg("coloured"),
           nb::arg("height"), nb::arg("width"))
      .def("grey", &painted<&Palette::to_grey, 2>, nb::arg("screen"),
           nb::arg("out").none() = nb::none())
      .def("rgb", &painted<&Palette::to_rgb, 3>, nb::arg("screen"),
           nb::arg("out").none() = nb::none());
}

}  // namespace dromos::bind
