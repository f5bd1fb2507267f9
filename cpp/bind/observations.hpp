// Observations as Python sees them.
#pragma once

#include <Python.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

// New arrays for observations of a layout with these axes in front, at most two; `leaves` receives
// one pointer an array. A tuple of arrays for Structure::tuple, one array otherwise. nullptr with
// the Python error set on failure.
PyObject* new_observations(const Layout& layout, std::initializer_list<std::int64_t> axes,
                           std::vector<void*>& leaves);

// One lane's observation from `leaves`, each the start of that leaf's memory: an array, a Python
// number, or a tuple of Python numbers.
PyObject* single_observation(const Layout& layout, void* const* leaves);

// A reward as a Python float, or as an int if it is a whole number and `whole` says so.
PyObject* reward_object(bool whole, double reward);

}  // namespace dromos::bind
