#include "bind.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {

void register_spaces(nb::module_& m) {
  import_space_arrays();
  register_row_iterator();
  const auto anything = nb::arg().none();  // what may be no element at all, None included
  m.def("sample_box", &sample_box);
  m.def("sample_counts", &sample_counts);
  m.def("sample_discrete", &sample_discrete);
  m.def("sample_binary", &sample_binary);
  m.def("box_contains", &box_contains, anything, nb::arg(), nb::arg(), nb::arg(), nb::arg());
  m.def("counts_contain", &counts_contain, anything, nb::arg(), nb::arg(), nb::arg());
  m.def("discrete_contains", &discrete_contains, anything, nb::arg(), nb::arg(), nb::arg());
  m.def("binary_contains", &binary_contains, anything, nb::arg());
  m.def("flatten_array", &flatten_array);
  m.def("flatten_counts", &flatten_counts);
  m.def("flatten_discrete", &flatten_discrete);
  m.def("unflatten_counts", &unflatten_counts);
  m.def("unflatten_discrete", &unflatten_discrete);
  m.def("join", &join);
  m.def("stack", &stack);
  m.def("rows", &rows);
}

}  // namespace dromos::bind
