// Observations as Python sees them.
#pragma once

#include <Python.h>

#include <vector>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

// New arrays for `rows` observations of a layout; `leaves` receives one pointer an array. A tuple
// of arrays for Structure::tuple, one array otherwise. nullptr with the Python error set on
// failure.
PyObject* new_observations(const Layout& layout, std::int64_t rows, std::vector<void*>& leaves);

// One lane's observation from `leaves`, each the start of that leaf's memory: an array, a Python
// number, or a tuple of Python numbers.
PyObject* single_observation(const Layout& layout, void* const* leaves);

// A reward as a Python float, or as an int if it is a whole number and `whole` says so.
PyObject* reward_object(bool whole, double reward);

}  // namespace dromos::bind
