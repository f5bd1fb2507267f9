// These functions are called at every step, and half of them take less time than a call through
// nanobind: hence CPython's own calling convention.
#include <cstddef>
#include <new>
#include <utility>

#include "bind.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

template <auto function, class Arguments = decltype(function)>
struct Method;

template <auto function, class... Handles>
struct Method<function, nb::object (*)(Handles...)> {
  static constexpr Py_ssize_t kArguments = sizeof...(Handles);

  static PyObject* call(PyObject*, PyObject* const* arguments, Py_ssize_t number) {
    if (number != kArguments) {
      PyErr_Format(PyExc_TypeError, "expected %zd arguments, got %zd", kArguments, number);
      return nullptr;
    }
    try {
      return [&]<std::size_t... i>(std::index_sequence<i...>) {
        return function(nb::handle(arguments[i])...).release().ptr();
      }(std::index_sequence_for<Handles...>{});
    } catch (nb::python_error& error) {
      error.restore();
      return nullptr;
    } catch (const std::bad_alloc&) {
      return PyErr_NoMemory();
    }
  }
};

template <auto function>
PyMethodDef method(const char* name) {
  auto* call = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&Method<function>::call));
  return {name, call, METH_FASTCALL, nullptr};
}

}  // namespace

void register_spaces(nb::module_& m) {
  import_space_arrays();
  register_iterators();
  static PyMethodDef methods[] = {method<&sample_box>("sample_box"),
                                  method<&sample_counts>("sample_counts"),
                                  method<&sample_discrete>("sample_discrete"),
                                  method<&sample_binary>("sample_binary"),
                                  method<&box_contains>("box_contains"),
                                  method<&counts_contain>("counts_contain"),
                                  method<&discrete_contains>("discrete_contains"),
                                  method<&binary_contains>("binary_contains"),
                                  method<&flatten_array>("flatten_array"),
                                  method<&flatten_counts>("flatten_counts"),
                                  method<&flatten_discrete>("flatten_discrete"),
                                  method<&unflatten_counts>("unflatten_counts"),
                                  method<&unflatten_discrete>("unflatten_discrete"),
                                  method<&join>("join"),
                                  method<&stack>("stack"),
                                  method<&rows>("rows"),
                                  method<&records>("records"),
                                  {}};
  if (PyModule_AddFunctions(m.ptr(), methods) < 0) throw nb::python_error();
}

}  // namespace dromos::bind
