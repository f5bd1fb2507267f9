// The infos of several Python environments made into columns.
#pragma once

#include <nanobind/nanobind.h>

namespace dromos::bind {

// The columns and masks that dromos.vector.infos describes, of infos that go to these rows of
// num_rows. Numbers of one type and arrays of one dtype and shape are put together here; other
// columns are made by column(key, rows, values, num_rows).
nanobind::dict batch_infos(nanobind::handle infos, nanobind::handle rows, Py_ssize_t num_rows,
                           nanobind::handle column);

}  // namespace dromos::bind
