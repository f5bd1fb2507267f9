// What Python reads and writes of a batch by name: parameters, states, options and streams.
#pragma once

#include <nanobind/nanobind.h>

#include "vector_batch.hpp"

namespace dromos::bind {

void bind_fields(nanobind::class_<VectorBatch>& batch);

}  // namespace dromos::bind
