#define DROMOS_SPACE_ARRAYS_TABLE
#include "space_arrays.hpp"

#include <cstring>

namespace dromos::bind {

void import_space_arrays() {
  if (PyArray_ImportNumPyAPI() < 0) throw nb::python_error();
}

bool has_shape(PyArrayObject* array, nb::handle shape) {
  if (!PyTuple_Check(shape.ptr()) || PyTuple_GET_SIZE(shape.ptr()) != PyArray_NDIM(array))
    return false;
  for (int axis = 0; axis < PyArray_NDIM(array); ++axis) {
    PyObject* length = PyTuple_GET_ITEM(shape.ptr(), axis);
    if (!PyLong_Check(length) || PyLong_AsSsize_t(length) != PyArray_DIM(array, axis)) {
      PyErr_Clear();
      return false;
    }
  }
  return true;
}

bool take_integer(nb::handle object, PyArray_Descr* dtype, long long& value) {
  if (PyLong_Check(object.ptr())) {
    int overflow = 0;
    value = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
    return overflow == 0;
  }
  if (Py_TYPE(object.ptr()) != dtype->typeobj) return false;
  if (dtype->type_num == NPY_LONG) {  // int64 on most platforms, the dtype of most spaces
    value = PyArrayScalar_VAL(object.ptr(), Long);
    return true;
  }
  return visit_integer(dtype->type_num, [&]<class T>() {
    T scalar;
    PyArray_ScalarAsCtype(object.ptr(), &scalar);
    value = static_cast<long long>(scalar);
    return true;
  });
}

std::optional<long long> discrete_step(nb::handle x, PyArray_Descr* dtype, nb::handle start,
                                       nb::handle n) {
  long long value, first, count;
  if (dtype == nullptr || !take_integer(x, dtype, value) || !take_integer(start, dtype, first) ||
      !take_integer(n, dtype, count))
    return {};
  const auto step = static_cast<unsigned long long>(value) - static_cast<unsigned long long>(first);
  const bool inside = value >= first && step < static_cast<unsigned long long>(count);
  return inside ? static_cast<long long>(step) : -1;
}

PyArrayObject* empty_array(int dimensions, const npy_intp* shape, int type) {
  PyObject* array = PyArray_SimpleNew(dimensions, shape, type);
  if (array == nullptr) throw nb::python_error();
  return reinterpret_cast<PyArrayObject*>(array);
}

PyArrayObject* zeros_array(npy_intp length, int type) {
  PyArrayObject* array = empty_array(1, &length, type);
  std::memset(PyArray_DATA(array), 0, static_cast<std::size_t>(PyArray_NBYTES(array)));
  return array;
}

}  // namespace dromos::bind
