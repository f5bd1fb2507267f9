// dromos._core: the table of contents of the native half.
#include "bind.hpp"
#include "interpreter.hpp"

NB_MODULE(_core, m) {
  // What daemon threads hold at the end of a program is no leak, and its end is quiet.
  nanobind::set_leak_warnings(false);
  dromos::bind::sleep_in_place_of_unwinding();
  m.attr("__version__") = DROMOS_VERSION;
  auto rng = m.def_submodule("rng", "NumPy's random streams, reproduced.");
  dromos::bind::register_rng(rng);
  auto math = m.def_submodule("math", "Deterministic elementary functions.");
  dromos::bind::register_math(math);
  dromos::bind::register_threads(m);
  auto raster = m.def_submodule("raster", "Anti-aliased shapes on a picture in memory.");
  dromos::bind::register_raster(raster);
  auto batch = m.def_submodule("batch", "Native environments, many lanes at a time.");
  dromos::bind::register_batch(batch);
  auto spaces = m.def_submodule("spaces", "Elements of spaces of arrays: drawn, checked, batched.");
  dromos::bind::register_spaces(spaces);
  auto pixels = m.def_submodule("pixels", "Pictures made grey and resized.");
  dromos::bind::register_pixels(pixels);
  auto statistics = m.def_submodule("statistics", "Running moments, and what they normalise.");
  dromos::bind::register_statistics(statistics);
  auto episodes = m.def_submodule("episodes", "The episodes of Python environments.");
  dromos::bind::register_episodes(episodes);
  auto workers = m.def_submodule("workers", "What a process and its worker processes share.");
  dromos::bind::register_workers(workers);
  auto plane = m.def_submodule("plane", "Rigid bodies of the plane.");
  dromos::bind::register_plane(plane);
  auto mujoco = m.def_submodule("mujoco", "Robots on a MuJoCo that was found at run time.");
  dromos::bind::register_mujoco(mujoco);
}
