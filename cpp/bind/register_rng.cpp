#include "bind.hpp"

namespace dromos::bind {

void register_rng(nanobind::module_& m) { (void)m; }

}  // namespace dromos::bind
