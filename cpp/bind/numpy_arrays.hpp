// NumPy's C API, for batches (space_arrays.hpp has what spaces need of it): making arrays and
// looking into them costs tens of nanoseconds there, and a step of a cheap environment is not
// longer than that.
#pragma once

#include <Python.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dromos/fields.hpp"

namespace dromos::bind {

// Loads NumPy's function table; once, before anything else here. Throws nanobind::python_error.
void import_numpy();

// The number of this dtype at `value` as a Python bool, int or float. nullptr with the Python error
// set on failure.
PyObject* python_number(DType dtype, const void* value);

// A new C-contiguous array of `shape`, not initialised; `data` points into it. nullptr on failure
// with the Python error set.
PyObject* new_array(DType dtype, std::span<const std::int64_t> shape, void** data);

// A new object array (size,) of None; `items` points into it, and each is a reference it owns.
PyObject* new_object_array(std::int64_t size, PyObject*** items);

// The memory of `object` if it is a C-contiguous, aligned, native-order array of just this dtype
// and shape; nullptr (and no Python error) otherwise.
void* array_data(PyObject* object, DType dtype, std::span<const std::int64_t> shape);

// The same of an array that may be written to.
void* writable_data(PyObject* object, DType dtype, std::span<const std::int64_t> shape);

// Arrays that may serve again once nobody else can see them (views and other libraries hold
// references too), unless a caller has changed more of them than their numbers. Others keep them
// alive.
class OwnArrays {
 public:
  // An array, a tuple of arrays, or None; as made by new_array().
  void add(PyObject* arrays);
  bool are_free() const;

 private:
  struct Form {
    PyObject* array;
    const void* dtype;
    const void* data;
    int axes;
    std::int64_t shape[8];
  };
  std::vector<Form> arrays_;
  std::vector<PyObject*> tuples_;
};

// `object` as an array of this dtype and the shape (size,), converted from any real dtype; nullptr
// (and no Python error) if it is not one. A new reference; `data` points into it.
PyObject* converted_array(PyObject* object, DType dtype, std::size_t size, void** data);

}  // namespace dromos::bind
