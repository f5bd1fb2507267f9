// The rows of arrays that the elements of a list go to.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <vector>

#include "fastcall.hpp"

namespace dromos::bind {

class RowIndices {
 public:
  // `rows` is a list of indices of the `number` rows there are, or None for all of them in their
  // order. Throws ValueError unless there are as many as elements, IndexError if one is no row.
  RowIndices(nanobind::handle rows, std::size_t elements, std::size_t number) {
    if (rows.is_none()) {
      if (elements != number) refuse(elements, number);
      return;
    }
    if (!PyList_Check(rows.ptr()))
      raise(PyExc_TypeError, "rows must be a list of integers, found %R", rows.ptr());
    const auto count = static_cast<std::size_t>(PyList_GET_SIZE(rows.ptr()));
    if (count != elements) refuse(elements, count);
    indices_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      PyObject* item = PyList_GET_ITEM(rows.ptr(), static_cast<Py_ssize_t>(i));
      const Py_ssize_t row = PyNumber_AsSsize_t(item, PyExc_IndexError);
      if (row == -1 && PyErr_Occurred() != nullptr) throw nanobind::python_error();
      if (row < 0 || static_cast<std::size_t>(row) >= number)
        raise(PyExc_IndexError, "expected rows below %zu, found %zd", number, row);
      indices_.push_back(static_cast<std::size_t>(row));
    }
  }

  std::size_t operator[](std::size_t element) const {
    return indices_.empty() ? element : indices_[element];
  }

 private:
  [[noreturn]] static void refuse(std::size_t elements, std::size_t rows) {
    raise(PyExc_ValueError, "expected a row for each of %zu elements, found %zu", elements, rows);
  }

  std::vector<std::size_t> indices_;
};

}  // namespace dromos::bind
