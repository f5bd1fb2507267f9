// dromos._core.pixels: pictures, uint8, made grey and resized.
#include <optional>

#include "bind.hpp"
#include "dromos/pixels/grayscale.hpp"
#include "dromos/pixels/resize.hpp"
#include "kernel_arrays.hpp"

namespace dromos::bind {
namespace {

using Shape = std::array<npy_intp, NPY_MAXDIMS>;

// Lets other Python threads run where there is enough to do for it to pay.
class AllowThreads {
 public:
  explicit AllowThreads(npy_intp bytes) {
    constexpr npy_intp kLong = 1 << 17;  // some 50 us of work; letting go and taking is 0.1 us
    if (bytes >= kLong) state_ = PyEval_SaveThread();
  }
  ~AllowThreads() {
    if (state_ != nullptr) PyEval_RestoreThread(state_);
  }
  AllowThreads(const AllowThreads&) = delete;
  AllowThreads& operator=(const AllowThreads&) = delete;

 private:
  PyThreadState* state_ = nullptr;
};

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
  const AllowThreads others(PyArray_NBYTES(image.array));
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
  const AllowThreads others(PyArray_NBYTES(source.array));
  for (std::size_t left = size_of(source.array) / from.size(); left > 0; --left) {
    resize(from_bytes, to_bytes);
    from_bytes += from.size();
    to_bytes += to.size();
  }
  return target;
}

}  // namespace

void register_pixels(nb::module_& m) {
  static PyMethodDef methods[] = {fast_method<&grey<&grayscale>, 1>("grayscale"),
                                  fast_method<&grey<&luma>, 1>("luma"),
                                  fast_method<&resize_area, 4>("resize_area"),
                                  {}};
  if (PyModule_AddFunctions(m.ptr(), methods) < 0) throw nb::python_error();
}

}  // namespace dromos::bind
