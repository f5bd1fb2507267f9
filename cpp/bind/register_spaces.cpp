#include "bind.hpp"
#include "fastcall.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {

void register_spaces(nb::module_& m) {
  import_space_arrays();
  register_iterators();
  static PyMethodDef methods[] = {fast_method<&sample_box>("sample_box"),
                                  fast_method<&sample_counts>("sample_counts"),
                                  fast_method<&sample_discrete>("sample_discrete"),
                                  fast_method<&sample_binary>("sample_binary"),
                                  fast_method<&box_contains>("box_contains"),
                                  fast_method<&box_has_room>("box_has_room"),
                                  fast_method<&counts_contain>("counts_contain"),
                                  fast_method<&discrete_contains>("discrete_contains"),
                                  fast_method<&binary_contains>("binary_contains"),
                                  fast_method<&flatten_array>("flatten_array"),
                                  fast_method<&flatten_counts>("flatten_counts"),
                                  fast_method<&flatten_discrete>("flatten_discrete"),
                                  fast_method<&unflatten_counts>("unflatten_counts"),
                                  fast_method<&unflatten_discrete>("unflatten_discrete"),
                                  fast_method<&join>("join"),
                                  fast_method<&copy_to>("copy_to"),
                                  fast_method<&copies>("copies"),
                                  fast_method<&stack, 2>("stack"),
                                  fast_method<&rows>("rows"),
                                  fast_method<&records>("records"),
                                  {}};
  if (PyModule_AddFunctions(m.ptr(), methods) < 0) throw nb::python_error();
}

}  // namespace dromos::bind
