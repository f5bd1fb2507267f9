// NumPy arrays as spaces see them: of any dtype of plain numbers. The table of NumPy's C functions
// is loaded by `import_space_arrays`, once for the files that include this one.
#pragma once

#define PY_ARRAY_UNIQUE_SYMBOL dromos_space_arrays
#ifndef DROMOS_SPACE_ARRAYS_TABLE
#define NO_IMPORT_ARRAY
#endif

#include <nanobind/nanobind.h>
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>

namespace dromos::bind {

namespace nb = nanobind;

// Throws nanobind::python_error.
void import_space_arrays();

// `object` if it is a C-contiguous, aligned array in native byte order, else nullptr.
inline PyArrayObject* plain_array(nb::handle object) {
  if (!PyArray_Check(object.ptr())) return nullptr;
  auto* array = reinterpret_cast<PyArrayObject*>(object.ptr());
  return PyArray_IS_C_CONTIGUOUS(array) && PyArray_ISBEHAVED_RO(array) ? array : nullptr;
}

// Whether this is a NumPy type of numbers or bools, whose values are all there is to them.
inline bool is_number(int type) { return PyTypeNum_ISNUMBER(type) || PyTypeNum_ISBOOL(type); }

template <class T>
T* data_of(PyArrayObject* array) {
  return static_cast<T*>(PyArray_DATA(array));
}

inline std::size_t size_of(PyArrayObject* array) {
  return static_cast<std::size_t>(PyArray_SIZE(array));
}

inline bool same_shape(PyArrayObject* a, PyArrayObject* b) {
  return PyArray_NDIM(a) == PyArray_NDIM(b) &&
         std::equal(PyArray_DIMS(a), PyArray_DIMS(a) + PyArray_NDIM(a), PyArray_DIMS(b));
}

// Whether the arrays are plain, and of one dtype and shape.
inline bool match(std::initializer_list<PyArrayObject*> arrays) {
  PyArrayObject* first = *arrays.begin();
  return std::all_of(arrays.begin(), arrays.end(), [first](PyArrayObject* array) {
    return array != nullptr && PyArray_TYPE(array) == PyArray_TYPE(first) &&
           same_shape(array, first);
  });
}

// Whether integers of this type can lie beyond long long.
inline bool is_wide_unsigned(int type) {
  return type == NPY_ULONGLONG || (type == NPY_ULONG && sizeof(long) == sizeof(long long));
}

// Whether `shape`, any object, is the tuple that is the array's shape.
bool has_shape(PyArrayObject* array, nb::handle shape);

// The value of an integer: a Python one, or a NumPy scalar of this dtype. False, and no Python
// error, if it is none, or does not fit.
bool take_integer(nb::handle object, PyArray_Descr* dtype, long long& value);

// A new array, not initialised, or of zeros.
PyArrayObject* empty_array(int dimensions, const npy_intp* shape, int type);
PyArrayObject* zeros_array(npy_intp length, int type);

inline nb::object owned(PyArrayObject* array) {
  return nb::steal(reinterpret_cast<PyObject*>(array));
}

// Whether `descr`, any object, is the dtype of `array`.
inline bool is_dtype_of(nb::handle descr, PyArrayObject* array) {
  return descr.ptr() == reinterpret_cast<PyObject*>(PyArray_DESCR(array));
}

// `object` if it is the dtype of integers that take_integer can hold, else nullptr.
inline PyArray_Descr* integer_dtype(nb::handle object) {
  if (!PyArray_DescrCheck(object.ptr())) return nullptr;
  auto* dtype = reinterpret_cast<PyArray_Descr*>(object.ptr());
  const bool is_integer = PyTypeNum_ISINTEGER(dtype->type_num) && PyArray_ISNBO(dtype->byteorder);
  return is_integer && !is_wide_unsigned(dtype->type_num) ? dtype : nullptr;
}

// How far x lies above the start of n integers, in [0, n); -1 if it is none of them, and nothing if
// the arguments are not of the dtype.
std::optional<long long> discrete_step(nb::handle x, PyArray_Descr* dtype, nb::handle start,
                                       nb::handle n);

// Calls visit.operator()<T>() with the C type of integers of this NumPy type number; false if it is
// none. Bools count as unsigned char, whose values 0 and 1 they are.
template <class Visit>
bool visit_integer(int type, Visit&& visit) {
  switch (type) {
    case NPY_BOOL:
    case NPY_UBYTE:
      return visit.template operator()<unsigned char>();
    case NPY_BYTE:
      return visit.template operator()<signed char>();
    case NPY_SHORT:
      return visit.template operator()<short>();
    case NPY_USHORT:
      return visit.template operator()<unsigned short>();
    case NPY_INT:
      return visit.template operator()<int>();
    case NPY_UINT:
      return visit.template operator()<unsigned int>();
    case NPY_LONG:
      return visit.template operator()<long>();
    case NPY_ULONG:
      return visit.template operator()<unsigned long>();
    case NPY_LONGLONG:
      return visit.template operator()<long long>();
    case NPY_ULONGLONG:
      return visit.template operator()<unsigned long long>();
    default:
      return false;
  }
}

// The same for integers and the floating types of C.
template <class Visit>
bool visit_number(int type, Visit&& visit) {
  switch (type) {
    case NPY_FLOAT:
      return visit.template operator()<float>();
    case NPY_DOUBLE:
      return visit.template operator()<double>();
    default:
      return visit_integer(type, visit);
  }
}

}  // namespace dromos::bind
