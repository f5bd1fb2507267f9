// The arrays that kernels over plain numbers read and write, checked.
#pragma once

#include <cstddef>

#include "fastcall.hpp"
#include "space_arrays.hpp"

namespace dromos::bind {

// An array that is C-contiguous, aligned and in native byte order, kept alive by `owner`.
struct Input {
  nb::object owner;
  PyArrayObject* array;

  int dimensions() const { return PyArray_NDIM(array); }
  const npy_intp* shape() const { return PyArray_DIMS(array); }
  // The shape as Python has it, for messages.
  nb::object shown_shape() const { return nb::handle(owner).attr("shape"); }
  nb::object shown_dtype() const { return nb::handle(owner).attr("dtype"); }
};

// `object`, anything that NumPy makes an array of; copied where its layout is another. Throws
// nanobind::python_error.
inline Input input(nb::handle object) {
  if (PyArrayObject* plain = plain_array(object)) return {nb::borrow(object), plain};
  constexpr int kPlain = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED | NPY_ARRAY_NOTSWAPPED;
  PyObject* made = PyArray_FROM_OF(object.ptr(), kPlain);
  if (made == nullptr) throw nb::python_error();
  return {nb::steal(made), reinterpret_cast<PyArrayObject*>(made)};
}

// Whether the memory of two plain arrays has a byte in common.
inline bool overlap(PyArrayObject* a, PyArrayObject* b) {
  const char* first = PyArray_BYTES(a);
  const char* second = PyArray_BYTES(b);
  return first < second + PyArray_NBYTES(b) && second < first + PyArray_NBYTES(a);
}

// The array to write results of this shape and NumPy type to: a new one if `out` is None, else
// `out`, if it is a plain, writable array of the shape and type. Throws nanobind::python_error.
inline nb::object output(nb::handle out, int dimensions, const npy_intp* shape, int type) {
  if (out.is_none()) return owned(empty_array(dimensions, shape, type));
  PyArrayObject* array = plain_array(out);
  const bool fits = array != nullptr && PyArray_ISWRITEABLE(array) && PyArray_TYPE(array) == type &&
                    PyArray_NDIM(array) == dimensions &&
                    std::equal(shape, shape + dimensions, PyArray_DIMS(array));
  if (fits) return nb::borrow(out);
  const nb::object dtype = nb::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromType(type)));
  const nb::object expected = nb::steal(PyArray_IntTupleFromIntp(dimensions, shape));
  if (!PyArray_Check(out.ptr()))
    raise(PyExc_TypeError, "out must be an array of dtype %S and shape %S, found %R", dtype.ptr(),
          expected.ptr(), reinterpret_cast<PyObject*>(Py_TYPE(out.ptr())));
  const nb::object found_dtype = out.attr("dtype");
  const nb::object found_shape = out.attr("shape");
  raise(
      PyExc_ValueError,
      "out must be a writable, C-contiguous array of dtype %S and shape %S, found dtype %S, shape "
      "%S%s%s",
      dtype.ptr(), expected.ptr(), found_dtype.ptr(), found_shape.ptr(),
      array == nullptr ? ", not C-contiguous" : "",
      array != nullptr && !PyArray_ISWRITEABLE(array) ? ", read-only" : "");
}

// The values of a plain, writable array of this many of them and of this NumPy type; `name` is what
// messages call it. Throws nanobind::python_error.
template <class T>
T* column(nb::handle object, const char* name, int type, std::size_t rows) {
  PyArrayObject* array = plain_array(object);
  if (array == nullptr || PyArray_TYPE(array) != type || !PyArray_ISWRITEABLE(array) ||
      size_of(array) != rows)
    raise(PyExc_TypeError, "%s must be a writable, C-contiguous array of %zu values, found %R",
          name, rows, object.ptr());
  return data_of<T>(array);
}

}  // namespace dromos::bind
