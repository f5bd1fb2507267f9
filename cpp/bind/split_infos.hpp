// Columns of infos taken apart into one dict a lane.
#pragma once

#include <nanobind/nanobind.h>

namespace dromos::bind {

// Enters the rows of a column under `key` into a list of dicts, one a row: all, or those that
// `mask` has. False, and nothing entered, if the column is no array of rows.
bool fill_rows(nanobind::handle rows, nanobind::handle key, nanobind::handle column,
               nanobind::handle mask);

}  // namespace dromos::bind
