#include "observations.hpp"

#include <algorithm>
#include <cstring>

#include "numpy_arrays.hpp"

namespace dromos::bind {
namespace {

PyObject* number(const Leaf& leaf, const void* value) {
  switch (leaf.dtype) {
    case DType::boolean:
      return PyBool_FromLong(*static_cast<const bool*>(value));
    case DType::uint8:
      return PyLong_FromLong(*static_cast<const std::uint8_t*>(value));
    case DType::int32:
      return PyLong_FromLong(*static_cast<const std::int32_t*>(value));
    case DType::int64:
      return PyLong_FromLongLong(*static_cast<const std::int64_t*>(value));
    case DType::float32:
      return PyFloat_FromDouble(*static_cast<const float*>(value));
    case DType::float64:
      return PyFloat_FromDouble(*static_cast<const double*>(value));
  }
  return nullptr;
}

}  // namespace

PyObject* new_observations(const Layout& layout, std::int64_t rows, std::vector<void*>& leaves) {
  leaves.assign(layout.observation.size(), nullptr);
  PyObject* tuple = layout.structure == Structure::tuple
                        ? PyTuple_New(static_cast<Py_ssize_t>(leaves.size()))
                        : nullptr;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const Leaf& leaf = layout.observation[i];
    std::int64_t shape[8] = {rows};
    std::copy(leaf.shape.begin(), leaf.shape.end(), shape + 1);
    PyObject* array = new_array(leaf.dtype, {shape, leaf.shape.size() + 1}, &leaves[i]);
    if (tuple == nullptr) return array;
    if (array == nullptr) {
      Py_DECREF(tuple);
      return nullptr;
    }
    PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), array);
  }
  return tuple;
}

PyObject* single_observation(const Layout& layout, void* const* leaves) {
  switch (layout.structure) {
    case Structure::array: {
      const Leaf& leaf = layout.observation[0];
      void* data;
      PyObject* array = new_array(leaf.dtype, leaf.shape, &data);
      if (array == nullptr) return nullptr;
      std::memcpy(data, leaves[0], row_bytes(leaf));
      return array;
    }
    case Structure::scalar:
      return number(layout.observation[0], leaves[0]);
    case Structure::tuple: {
      PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(layout.observation.size()));
      for (std::size_t i = 0; tuple != nullptr && i < layout.observation.size(); ++i) {
        PyObject* item = number(layout.observation[i], leaves[i]);
        if (item == nullptr)
          Py_CLEAR(tuple);
        else
          PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), item);
      }
      return tuple;
    }
  }
  return nullptr;
}

}  // namespace dromos::bind
