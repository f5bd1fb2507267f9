#include "split_infos.hpp"

#include "fastcall.hpp"
#include "space_arrays.hpp"

namespace dromos::bind {
namespace {

// Whether the elements are values of types that Python has itself, or objects.
bool has_python_elements(PyArrayObject* column) {
  const int type = PyArray_TYPE(column);
  return PyArray_NDIM(column) == 1 &&
         (type == NPY_BOOL || type == NPY_INT64 || type == NPY_DOUBLE || type == NPY_OBJECT);
}

nb::object element(PyArrayObject* column, bool is_python, npy_intp row) {
  auto* object = reinterpret_cast<PyObject*>(column);
  return made(is_python ? PyArray_GETITEM(column, static_cast<char*>(PyArray_GETPTR1(column, row)))
                        : PySequence_GetItem(object, row));
}

// A mask of this many rows as a C-contiguous array of bool.
nb::object plain_mask(nb::handle object, npy_intp rows) {
  nb::object mask =
      made(PyArray_FROM_OTF(object.ptr(), NPY_BOOL, NPY_ARRAY_CARRAY_RO | NPY_ARRAY_FORCECAST));
  auto* array = reinterpret_cast<PyArrayObject*>(mask.ptr());
  if (PyArray_NDIM(array) != 1 || PyArray_DIM(array, 0) != rows)
    raise(PyExc_ValueError, "expected a mask of %zd rows, found %R", rows, object.ptr());
  return mask;
}

}  // namespace

bool fill_rows(nb::handle rows, nb::handle key, nb::handle column, nb::handle mask) {
  if (!PyList_Check(rows.ptr()))
    raise(PyExc_TypeError, "expected a list of dicts, found %R", rows.ptr());
  if (!PyArray_CheckExact(column.ptr())) return false;
  auto* array = reinterpret_cast<PyArrayObject*>(column.ptr());
  if (PyArray_NDIM(array) == 0) return false;
  const npy_intp number = PyList_GET_SIZE(rows.ptr());
  if (PyArray_DIM(array, 0) != number)
    raise(PyExc_ValueError, "expected %zd rows in the column of %R, found %zd", number, key.ptr(),
          PyArray_DIM(array, 0));
  const nb::object present = mask.is_none() ? nb::none() : plain_mask(mask, number);
  const npy_bool* is_present =
      mask.is_none() ? nullptr : data_of<npy_bool>(reinterpret_cast<PyArrayObject*>(present.ptr()));
  const bool is_python = has_python_elements(array);
  for (npy_intp i = 0; i < number; ++i) {
    if (is_present != nullptr && !is_present[i]) continue;
    if (i >= PyList_GET_SIZE(rows.ptr())) break;
    PyObject* row = PyList_GET_ITEM(rows.ptr(), i);
    if (!PyDict_Check(row)) raise(PyExc_TypeError, "expected a list of dicts, found %R in it", row);
    if (PyDict_SetItem(row, key.ptr(), element(array, is_python, i).ptr()) != 0)
      throw nb::python_error();
  }
  return true;
}

}  // namespace dromos::bind
