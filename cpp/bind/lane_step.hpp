// The step of a single environment as a bare callable: action in, five-tuple out.
#pragma once

#include <Python.h>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

// Adds the types LaneStep and LimitedStep to the module. Throws nanobind::python_error.
void add_lane_step_types(PyObject* module);

// A LaneStep over `batch` (one lane). `owner` keeps the batch alive. `fault(reason, action)` is
// called for what is out of the ordinary, with reason "reset" (the lane was never reset), "action"
// (not an action) or "ended" (the episode is over): it raises, or for "ended" may return to step
// on.
PyObject* new_lane_step(AnyBatch* batch, PyObject* owner, PyObject* fault);

}  // namespace dromos::bind
