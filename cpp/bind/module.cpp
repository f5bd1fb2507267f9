// dromos._core: the table of contents of the native half.
#include "bind.hpp"

NB_MODULE(_core, m) {
  m.attr("__version__") = DROMOS_VERSION;
  auto rng = m.def_submodule("rng", "NumPy's random streams, reproduced.");
  dromos::bind::register_rng(rng);
}
