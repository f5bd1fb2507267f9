#include "numpy_arrays.hpp"

#include <nanobind/nanobind.h>
#include <numpy/arrayobject.h>

#include <algorithm>

namespace dromos::bind {
namespace {

int type_number(DType dtype) {
  switch (dtype) {
    case DType::boolean:
      return NPY_BOOL;
    case DType::int8:
      return NPY_INT8;
    case DType::uint8:
      return NPY_UINT8;
    case DType::int32:
      return NPY_INT32;
    case DType::int64:
      return NPY_INT64;
    case DType::uint64:
      return NPY_UINT64;
    case DType::float32:
      return NPY_FLOAT32;
    case DType::float64:
      return NPY_FLOAT64;
  }
  return NPY_NOTYPE;
}

// Whether an array holds `size` real numbers in one dimension.
bool is_real_row(const PyArrayObject* array, std::size_t size) {
  const int type = PyArray_TYPE(array);
  return (PyTypeNum_ISBOOL(type) || PyTypeNum_ISINTEGER(type) || PyTypeNum_ISFLOAT(type)) &&
         PyArray_NDIM(array) == 1 && static_cast<std::size_t>(PyArray_DIM(array, 0)) == size;
}

}  // namespace

void import_numpy() {
  if (PyArray_ImportNumPyAPI() < 0) throw nanobind::python_error();
}

PyObject* python_number(DType dtype, const void* value) {
  switch (dtype) {
    case DType::boolean:
      return PyBool_FromLong(*static_cast<const bool*>(value));
    case DType::int8:
      return PyLong_FromLong(*static_cast<const std::int8_t*>(value));
    case DType::uint8:
      return PyLong_FromLong(*static_cast<const std::uint8_t*>(value));
    case DType::int32:
      return PyLong_FromLong(*static_cast<const std::int32_t*>(value));
    case DType::int64:
      return PyLong_FromLongLong(*static_cast<const std::int64_t*>(value));
    case DType::uint64:
      return PyLong_FromUnsignedLongLong(*static_cast<const std::uint64_t*>(value));
    case DType::float32:
      return PyFloat_FromDouble(*static_cast<const float*>(value));
    case DType::float64:
      return PyFloat_FromDouble(*static_cast<const double*>(value));
  }
  return nullptr;
}

PyObject* new_array(DType dtype, std::span<const std::int64_t> shape, void** data) {
  static_assert(sizeof(npy_intp) == sizeof(std::int64_t));
  npy_intp dimensions[NPY_MAXDIMS];
  std::copy(shape.begin(), shape.end(), dimensions);
  PyObject* array =
      PyArray_SimpleNew(static_cast<int>(shape.size()), dimensions, type_number(dtype));
  if (array != nullptr) *data = PyArray_DATA(reinterpret_cast<PyArrayObject*>(array));
  return array;
}

PyObject* new_object_array(std::int64_t size, PyObject*** items) {
  npy_intp dimensions[] = {size};
  PyObject* array = PyArray_SimpleNew(1, dimensions, NPY_OBJECT);
  if (array == nullptr) return nullptr;
  *items = static_cast<PyObject**>(PyArray_DATA(reinterpret_cast<PyArrayObject*>(array)));
  for (std::int64_t i = 0; i < size; ++i) {
    Py_XDECREF((*items)[i]);
    (*items)[i] = Py_NewRef(Py_None);
  }
  return array;
}

void* array_data(PyObject* object, DType dtype, std::span<const std::int64_t> shape) {
  if (!PyArray_Check(object)) return nullptr;
  auto* array = reinterpret_cast<PyArrayObject*>(object);
  if (PyArray_TYPE(array) != type_number(dtype) || !PyArray_IS_C_CONTIGUOUS(array) ||
      !PyArray_ISBEHAVED_RO(array) || PyArray_NDIM(array) != static_cast<int>(shape.size()) ||
      !std::equal(shape.begin(), shape.end(), PyArray_DIMS(array)))
    return nullptr;
  return PyArray_DATA(array);
}

void* writable_data(PyObject* object, DType dtype, std::span<const std::int64_t> shape) {
  void* data = array_data(object, dtype, shape);
  const bool writable =
      data != nullptr && PyArray_ISWRITEABLE(reinterpret_cast<PyArrayObject*>(object));
  return writable ? data : nullptr;
}

void OwnArrays::add(PyObject* arrays) {
  if (arrays == Py_None) return;
  if (PyTuple_CheckExact(arrays)) {
    tuples_.push_back(arrays);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(arrays); ++i) add(PyTuple_GET_ITEM(arrays, i));
    return;
  }
  auto* array = reinterpret_cast<PyArrayObject*>(arrays);
  Form form{arrays, PyArray_DESCR(array), PyArray_DATA(array), PyArray_NDIM(array), {}};
  std::copy_n(PyArray_DIMS(array), form.axes, form.shape);
  arrays_.push_back(form);
}

bool OwnArrays::are_free() const {
  for (const Form& form : arrays_) {
    auto* array = reinterpret_cast<PyArrayObject*>(form.array);
    if (Py_REFCNT(form.array) != 1 || PyArray_DESCR(array) != form.dtype ||
        PyArray_DATA(array) != form.data || PyArray_NDIM(array) != form.axes ||
        !PyArray_ISCARRAY(array))
      return false;
    for (int axis = 0; axis < form.axes; ++axis)
      if (PyArray_DIM(array, axis) != form.shape[axis]) return false;
  }
  for (PyObject* tuple : tuples_)
    if (Py_REFCNT(tuple) != 1) return false;
  return true;
}

PyObject* converted_array(PyObject* object, DType dtype, std::size_t size, void** data) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(size)};
  *data = array_data(object, dtype, shape);
  if (*data != nullptr) return Py_NewRef(object);
  PyObject* array = PyArray_FROM_OF(object, NPY_ARRAY_ENSUREARRAY);
  if (array != nullptr && is_real_row(reinterpret_cast<PyArrayObject*>(array), size)) {
    PyObject* converted =
        PyArray_FROM_OTF(array, type_number(dtype), NPY_ARRAY_IN_ARRAY | NPY_ARRAY_FORCECAST);
    Py_DECREF(array);
    if (converted != nullptr) *data = PyArray_DATA(reinterpret_cast<PyArrayObject*>(converted));
    return converted;
  }
  Py_XDECREF(array);
  PyErr_Clear();
  return nullptr;
}

}  // namespace dromos::bind
