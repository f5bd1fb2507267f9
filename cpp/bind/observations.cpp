#include "observations.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "numpy_arrays.hpp"

namespace dromos::bind {
PyObject* new_observations(const Layout& layout, std::initializer_list<std::int64_t> axes,
                           std::vector<void*>& leaves) {
  leaves.assign(layout.observation.size(), nullptr);
  PyObject* tuple = layout.structure == Structure::tuple
                        ? PyTuple_New(static_cast<Py_ssize_t>(leaves.size()))
                        : nullptr;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const Leaf& leaf = layout.observation[i];
    std::int64_t shape[8];
    auto* end = std::copy(axes.begin(), axes.end(), shape);
    end = std::copy(leaf.shape.begin(), leaf.shape.end(), end);
    PyObject* array = new_array(leaf.dtype, {shape, end}, &leaves[i]);
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
      PyObject* array = new_array(leaf.dtype, {leaf.shape.begin(), leaf.shape.axes}, &data);
      if (array == nullptr) return nullptr;
      std::memcpy(data, leaves[0], row_bytes(leaf));
      return array;
    }
    case Structure::scalar:
      return python_number(layout.observation[0].dtype, leaves[0]);
    case Structure::tuple: {
      PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(layout.observation.size()));
      for (std::size_t i = 0; tuple != nullptr && i < layout.observation.size(); ++i) {
        PyObject* item = python_number(layout.observation[i].dtype, leaves[i]);
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

PyObject* reward_object(bool whole, double reward) {
  if (whole && reward == std::trunc(reward) && std::fabs(reward) < 0x1p53)
    return PyLong_FromLongLong(static_cast<long long>(reward));
  return PyFloat_FromDouble(reward);
}

}  // namespace dromos::bind
