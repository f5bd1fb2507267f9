// Functions that Python calls at every step, by CPython's own convention: half of them take less
// time than a call through nanobind.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <cstdarg>
#include <cstddef>
#include <new>
#include <utility>

#include "interpreter.hpp"

namespace dromos::bind {

// Throws the Python exception `type` with a message as PyErr_Format makes it.
[[noreturn]] inline void raise(PyObject* type, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PyErr_FormatV(type, format, arguments);
  va_end(arguments);
  throw nanobind::python_error();
}

// A new reference that a function of CPython's or NumPy's has returned; throws what it raised if
// that is null.
inline nanobind::object made(PyObject* reference) {
  if (reference == nullptr) throw nanobind::python_error();
  return nanobind::steal(reference);
}

template <auto function, std::size_t required, class Arguments = decltype(function)>
struct FastCall;

template <auto function, std::size_t required, class... Handles>
struct FastCall<function, required, nanobind::object (*)(Handles...)> {
  static constexpr std::size_t kMost = sizeof...(Handles);

  static PyObject* call(PyObject*, PyObject* const* given, Py_ssize_t number) {
    const auto count = static_cast<std::size_t>(number);
    if (count < required || count > kMost) {
      PyErr_Format(PyExc_TypeError, "expected %zu to %zu arguments, found %zu", required, kMost,
                   count);
      return nullptr;
    }
    std::array<PyObject*, kMost> arguments;
    for (std::size_t i = 0; i < kMost; ++i) arguments[i] = i < count ? given[i] : Py_None;
    try {
      return run_python([&] {
        return [&]<std::size_t... i>(std::index_sequence<i...>) {
          return function(nanobind::handle(arguments[i])...).release().ptr();
        }(std::index_sequence_for<Handles...>{});
      });
    } catch (nanobind::python_error& error) {
      error.restore();
      return nullptr;
    } catch (const std::bad_alloc&) {
      return PyErr_NoMemory();
    }
  }
};

// The entry of `function`, which takes handles and returns an object, in a table of methods. Beyond
// the first `required` arguments, those not given are None.
template <auto function, std::size_t required = FastCall<function, 0>::kMost>
PyMethodDef fast_method(const char* name) {
  auto* call = reinterpret_cast<PyCFunction>(
      reinterpret_cast<void (*)()>(&FastCall<function, required>::call));
  return {name, call, METH_FASTCALL, nullptr};
}

}  // namespace dromos::bind
