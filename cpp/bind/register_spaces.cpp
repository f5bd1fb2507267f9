#include "bind.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

// Defines a function of any objects, None among them.
template <class... Handles>
void define(nb::module_& m, const char* name, nb::object (*function)(Handles...)) {
  m.def(name, function, (static_cast<void>(sizeof(Handles)), nb::arg().none())...);
}

}  // namespace

void register_spaces(nb::module_& m) {
  import_space_arrays();
  register_row_iterator();
  define(m, "sample_box", &sample_box);
  define(m, "sample_counts", &sample_counts);
  define(m, "sample_discrete", &sample_discrete);
  define(m, "sample_binary", &sample_binary);
  define(m, "box_contains", &box_contains);
  define(m, "counts_contain", &counts_contain);
  define(m, "discrete_contains", &discrete_contains);
  define(m, "binary_contains", &binary_contains);
  define(m, "flatten_array", &flatten_array);
  define(m, "flatten_counts", &flatten_counts);
  define(m, "flatten_discrete", &flatten_discrete);
  define(m, "unflatten_counts", &unflatten_counts);
  define(m, "unflatten_discrete", &unflatten_discrete);
  define(m, "join", &join);
  define(m, "stack", &stack);
  define(m, "rows", &rows);
}

}  // namespace dromos::bind
