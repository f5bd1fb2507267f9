// Random elements of spaces of arrays, drawn from a live `numpy.random.Generator`.
#include <span>

#include "dromos/box.hpp"
#include "dromos/counts.hpp"
#include "dromos/integers.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

nb::object attribute(nb::handle object, PyObject* name) {
  PyObject* value = PyObject_GetAttr(object.ptr(), name);
  if (value == nullptr) throw nb::python_error();
  return nb::steal(value);
}

PyObject* interned(const char* name) {
  PyObject* string = PyUnicode_InternFromString(name);
  if (string == nullptr) throw nb::python_error();
  return string;
}

// A generator's source of bits, held under its lock: another thread may be drawing from it without
// the GIL.
class LockedBits {
 public:
  explicit LockedBits(nb::handle generator) {
    static PyObject* const bit_generator = interned("bit_generator");
    static PyObject* const lock = interned("lock");
    static PyObject* const capsule = interned("capsule");
    static PyObject* const acquire = interned("acquire");
    source_ = attribute(generator, bit_generator);
    lock_ = attribute(source_, lock);
    const nb::object pointer = attribute(source_, capsule);
    bits_.bitgen = static_cast<NumpyBitgen*>(PyCapsule_GetPointer(pointer.ptr(), "BitGenerator"));
    if (bits_.bitgen == nullptr) throw nb::python_error();
    nb::steal(PyObject_CallMethodNoArgs(lock_.ptr(), acquire));
    if (PyErr_Occurred()) throw nb::python_error();
  }
  LockedBits(const LockedBits&) = delete;
  LockedBits& operator=(const LockedBits&) = delete;
  ~LockedBits() {
    static PyObject* const release = interned("release");
    Py_XDECREF(PyObject_CallMethodNoArgs(lock_.ptr(), release));
  }

  NumpyBits& operator*() { return bits_; }

 private:
  nb::object source_;  // keeps bits_ alive
  nb::object lock_;
  NumpyBits bits_{};
};

}  // namespace

nb::object sample_box(nb::handle generator, nb::handle dtype, nb::handle low, nb::handle high,
                      nb::handle limited_below, nb::handle limited_above) {
  PyArrayObject* bottom = plain_array(low);
  PyArrayObject* top = plain_array(high);
  PyArrayObject* below = plain_array(limited_below);
  PyArrayObject* above = plain_array(limited_above);
  if (!match({bottom, top}) || !match({below, above}) || !same_shape(bottom, below) ||
      PyArray_TYPE(below) != NPY_BOOL || !is_dtype_of(dtype, bottom))
    return nb::none();
  nb::object result = nb::none();
  visit_number(PyArray_TYPE(bottom), [&]<class T>() {
    PyArrayObject* out =
        empty_array(PyArray_NDIM(bottom), PyArray_DIMS(bottom), PyArray_TYPE(bottom));
    result = owned(out);
    const BoxBounds<T> bounds{data_of<T>(bottom), data_of<T>(top), data_of<unsigned char>(below),
                              data_of<unsigned char>(above), size_of(out)};
    LockedBits bits(generator);
    draw_box(*bits, bounds, data_of<T>(out));
    return true;
  });
  return result;
}

nb::object sample_counts(nb::handle generator, nb::handle dtype, nb::handle start,
                         nb::handle counts) {
  PyArrayObject* first = plain_array(start);
  PyArrayObject* number = plain_array(counts);
  if (!match({first, number}) || !is_dtype_of(dtype, first)) return nb::none();
  nb::object result = nb::none();
  visit_integer(PyArray_TYPE(first), [&]<class T>() {
    PyArrayObject* out = empty_array(PyArray_NDIM(first), PyArray_DIMS(first), PyArray_TYPE(first));
    result = owned(out);
    LockedBits bits(generator);
    draw_counts(*bits, Counts<T>{data_of<T>(first), data_of<T>(number), size_of(out)},
                data_of<T>(out));
    return true;
  });
  return result;
}

nb::object sample_discrete(nb::handle generator, nb::handle dtype, nb::handle start, nb::handle n) {
  PyArray_Descr* descr = integer_dtype(dtype);
  long long first, count;
  if (descr == nullptr || !take_integer(start, descr, first) || !take_integer(n, descr, count) ||
      count <= 0)
    return nb::none();
  nb::object result = nb::none();
  visit_integer(descr->type_num, [&]<class T>() {
    T value;
    {
      LockedBits bits(generator);
      fill_integers<T>(*bits, std::span<T>(&value, 1), T{0}, static_cast<T>(count - 1));
    }
    value = static_cast<T>(static_cast<std::uint64_t>(value) + static_cast<std::uint64_t>(first));
    result = nb::steal(PyArray_Scalar(&value, descr, nullptr));
    return true;
  });
  return result;
}

nb::object sample_binary(nb::handle generator, nb::handle shape) {
  PyArray_Dims dims{};
  if (PyArray_IntpConverter(shape.ptr(), &dims) == 0) throw nb::python_error();
  PyObject* array = PyArray_SimpleNew(dims.len, dims.ptr, NPY_INT8);
  PyDimMem_FREE(dims.ptr);
  if (array == nullptr) throw nb::python_error();
  nb::object result = nb::steal(array);
  auto* out = reinterpret_cast<PyArrayObject*>(array);
  LockedBits bits(generator);
  fill_integers<signed char>(*bits, std::span(data_of<signed char>(out), size_of(out)), 0, 1);
  return result;
}

}  // namespace dromos::bind
