// The step of a single environment as a bare callable: action in, five-tuple out.
#pragma once

#include <Python.h>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

// Adds the types to the module. Throws nanobind::python_error.
void add_lane_step_types(PyObject* module);

// A LaneStep over `batch` (one lane). `owner` keeps the batch alive. `env` is referred to weakly;
// its `_fault(reason, action)` is called for what is out of the ordinary, with reason "reset" (the
// lane was never reset), "action" (not an action) or "ended" (the episode is over, told once an
// episode): it raises, or for "ended" may return to step on. Its `_long_reset(seed, options)` does
// the resets that are more than a start.
PyObject* new_lane_step(AnyBatch* batch, PyObject* owner, PyObject* env);

}  // namespace dromos::bind
