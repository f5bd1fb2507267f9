// Batches of elements of spaces of arrays, put together.
#include <cstring>

#include "fastcall.hpp"
#include "row_indices.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

bool is_shaped_like_rows(PyArrayObject* item, PyArrayObject* batch) {
  return PyArray_NDIM(item) == PyArray_NDIM(batch) - 1 &&
         std::equal(PyArray_DIMS(item), PyArray_DIMS(item) + PyArray_NDIM(item),
                    PyArray_DIMS(batch) + 1);
}

// Whether both have one dtype; those of numbers may be different objects, as unpickling makes them.
bool same_dtype(PyArrayObject* a, PyArrayObject* b) {
  return PyArray_DESCR(a) == PyArray_DESCR(b) ||
         (PyArray_TYPE(a) == PyArray_TYPE(b) && is_number(PyArray_TYPE(a)));
}

// Copies an item to a row of the batch, unless it is that row; false if it is not an array of the
// batch's dtype and its rows' shape, nor, for rows of shape (), such a scalar.
bool copy_row(PyObject* item, PyArrayObject* batch, std::byte* row, std::size_t bytes) {
  if (PyArrayObject* array = plain_array(item)) {
    if (!same_dtype(array, batch) || !is_shaped_like_rows(array, batch)) return false;
    if (PyArray_DATA(array) != row) std::memcpy(row, PyArray_DATA(array), bytes);
    return true;
  }
  if (!is_number(PyArray_TYPE(batch)) || PyArray_NDIM(batch) != 1 ||
      Py_TYPE(item) != PyArray_DESCR(batch)->typeobj)
    return false;
  PyArray_ScalarAsCtype(item, row);
  return true;
}

PyArrayObject* written(nb::handle object) {
  PyArrayObject* array = plain_array(object);
  return array != nullptr && PyArray_ISWRITEABLE(array) && !PyDataType_REFCHK(PyArray_DESCR(array))
             ? array
             : nullptr;
}

}  // namespace

nb::object copy_to(nb::handle batch, nb::handle out) {
  PyArrayObject *from = plain_array(batch), *to = written(out);
  if (from == nullptr || to == nullptr || !same_dtype(from, to) || !same_shape(from, to))
    return nb::bool_(false);
  std::memmove(PyArray_DATA(to), PyArray_DATA(from), static_cast<std::size_t>(PyArray_NBYTES(to)));
  return nb::bool_(true);
}

nb::object copies(nb::handle arrays) {
  if (!PyTuple_CheckExact(arrays.ptr())) raise(PyExc_TypeError, "expected a tuple of arrays");
  const Py_ssize_t number = PyTuple_GET_SIZE(arrays.ptr());
  nb::object result = made(PyTuple_New(number));
  for (Py_ssize_t i = 0; i < number; ++i) {
    PyObject* array = PyTuple_GET_ITEM(arrays.ptr(), i);
    if (!PyArray_Check(array)) raise(PyExc_TypeError, "expected an array, found %R", array);
    nb::object copy = made(PyArray_NewCopy(reinterpret_cast<PyArrayObject*>(array), NPY_CORDER));
    PyTuple_SET_ITEM(result.ptr(), i, copy.release().ptr());
  }
  return result;
}

nb::object stack(nb::handle items, nb::handle out, nb::handle rows) {
  PyArrayObject* batch = written(out);
  if (batch == nullptr || PyArray_NDIM(batch) == 0) return nb::none();
  const bool is_list = PyList_CheckExact(items.ptr());
  if (!is_list && !PyTuple_CheckExact(items.ptr())) return nb::none();
  const auto number = static_cast<std::size_t>(Py_SIZE(items.ptr()));
  const auto all = static_cast<std::size_t>(PyArray_DIM(batch, 0));
  if (rows.is_none() && number != all) return nb::none();
  const RowIndices indices(rows, number, all);
  const std::size_t bytes = all == 0 ? 0 : static_cast<std::size_t>(PyArray_NBYTES(batch)) / all;
  auto* data = static_cast<std::byte*>(PyArray_DATA(batch));
  for (std::size_t i = 0; i < number; ++i) {
    const auto index = static_cast<Py_ssize_t>(i);
    PyObject* item =
        is_list ? PyList_GET_ITEM(items.ptr(), index) : PyTuple_GET_ITEM(items.ptr(), index);
    if (!copy_row(item, batch, data + indices[i] * bytes, bytes)) return nb::none();
  }
  return nb::bool_(true);
}

}  // namespace dromos::bind
