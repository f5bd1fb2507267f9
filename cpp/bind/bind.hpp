// The rooms of the extension module: one register function a file, called by module.cpp.
#pragma once

#include <nanobind/nanobind.h>

namespace dromos::bind {

void register_rng(nanobind::module_& m);
void register_math(nanobind::module_& m);
void register_threads(nanobind::module_& m);
void register_raster(nanobind::module_& m);
void register_batch(nanobind::module_& m);
void register_spaces(nanobind::module_& m);
// After the spaces, which load NumPy's C functions for these too.
void register_pixels(nanobind::module_& m);
void register_statistics(nanobind::module_& m);
void register_episodes(nanobind::module_& m);
void register_workers(nanobind::module_& m);
void register_plane(nanobind::module_& m);
void register_mujoco(nanobind::module_& m);

}  // namespace dromos::bind
