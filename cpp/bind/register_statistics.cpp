// dromos._core.statistics: moments, kept in arrays of the caller's and updated there.
#include "bind.hpp"
#include "dromos/moments.hpp"
#include "kernel_arrays.hpp"

namespace dromos::bind {
namespace {

double* state(nb::handle object, const char* name) {
  PyArrayObject* array = plain_array(object);
  if (array == nullptr || PyArray_TYPE(array) != NPY_DOUBLE || !PyArray_ISWRITEABLE(array))
    raise(PyExc_TypeError, "%s must be a writable, C-contiguous array of float64, found %R", name,
          object.ptr());
  return data_of<double>(array);
}

// mean and var of one shape, count of shape ().
struct State {
  PyArrayObject* mean;
  Moments moments;

  State(nb::handle mean_array, nb::handle var, double* count)
      : moments{state(mean_array, "mean"), state(var, "var"), count, 0} {
    mean = reinterpret_cast<PyArrayObject*>(mean_array.ptr());
    if (!same_shape(mean, reinterpret_cast<PyArrayObject*>(var.ptr())))
      raise(PyExc_ValueError, "mean and var must have one shape, found %S and %S",
            nb::object(mean_array.attr("shape")).ptr(), nb::object(var.attr("shape")).ptr());
    moments.size = size_of(mean);
  }
};

double* count_of(nb::handle count) {
  double* value = state(count, "count");
  if (PyArray_NDIM(reinterpret_cast<PyArrayObject*>(count.ptr())) != 0)
    raise(PyExc_ValueError, "count must have shape (), found %S",
          nb::object(count.attr("shape")).ptr());
  return value;
}

// `object` as an array that the kernels have code for: of uint8, float32, or else float64.
Input numbers(nb::handle object) {
  Input x = input(object);
  const int type = PyArray_TYPE(x.array);
  if (type == NPY_UBYTE || type == NPY_FLOAT || type == NPY_DOUBLE) return x;
  if (!PyTypeNum_ISBOOL(type) && !PyTypeNum_ISINTEGER(type) && !PyTypeNum_ISFLOAT(type))
    raise(PyExc_TypeError, "numbers must have a real dtype, found %S", x.shown_dtype().ptr());
  PyObject* converted = PyArray_Cast(x.array, NPY_DOUBLE);
  if (converted == nullptr) throw nb::python_error();
  return {nb::steal(converted), reinterpret_cast<PyArrayObject*>(converted)};
}

// How many rows of the state's shape x holds: x is one, or an array of them along a first axis.
std::size_t rows_in(const Input& x, const State& state) {
  const int axes = PyArray_NDIM(state.mean), extra = x.dimensions() - axes;
  const npy_intp* own = x.shape() + extra;
  if ((extra == 0 || extra == 1) && std::equal(own, own + axes, PyArray_DIMS(state.mean)))
    return extra == 0 ? 1 : static_cast<std::size_t>(x.shape()[0]);
  const nb::object shape = nb::steal(PyArray_IntTupleFromIntp(axes, PyArray_DIMS(state.mean)));
  raise(PyExc_ValueError,
        "expected one row of the moments' shape %S or an array of rows, found shape %S",
        shape.ptr(), x.shown_shape().ptr());
}

template <class Visit>
void visit_rows(const Input& x, std::size_t number, Visit&& visit) {
  switch (PyArray_TYPE(x.array)) {
    case NPY_UBYTE:
      return visit(Samples<std::uint8_t>{data_of<std::uint8_t>(x.array), number});
    case NPY_FLOAT:
      return visit(Samples<float>{data_of<float>(x.array), number});
    default:
      return visit(Samples<double>{data_of<double>(x.array), number});
  }
}

// The rows that a bool mask (number,) chooses, as an array of their own.
Input chosen(const Input& x, std::size_t number, const State& state, nb::handle mask) {
  PyArrayObject* flags = plain_array(mask);
  if (flags == nullptr || PyArray_TYPE(flags) != NPY_BOOL)
    raise(PyExc_TypeError, "mask must be a C-contiguous array of bool or None, found %R",
          mask.ptr());
  if (PyArray_NDIM(flags) != 1 || size_of(flags) != number ||
      x.dimensions() == PyArray_NDIM(state.mean))
    raise(PyExc_ValueError, "mask must have one flag for each of %zu rows, found shape %S", number,
          nb::object(mask.attr("shape")).ptr());
  PyObject* rows = PyObject_GetItem(x.owner.ptr(), mask.ptr());
  if (rows == nullptr) throw nb::python_error();
  return input(nb::steal(rows));
}

nb::object update_moments(nb::handle mean, nb::handle var, nb::handle count, nb::handle batch,
                          nb::handle mask) {
  const State state(mean, var, count_of(count));
  Input x = numbers(batch);
  std::size_t number = rows_in(x, state);
  if (!mask.is_none()) {
    x = chosen(x, number, state, mask);
    number = rows_in(x, state);
  }
  visit_rows(x, number, [&](auto rows) { update(state.moments, rows); });
  return nb::none();
}

// `out` or a new array, float32, of the shape of x.
nb::object normal_output(nb::handle out, const Input& x) {
  nb::object target = output(out, x.dimensions(), x.shape(), NPY_FLOAT);
  auto* array = reinterpret_cast<PyArrayObject*>(target.ptr());
  const bool in_place =
      PyArray_DATA(array) == PyArray_DATA(x.array) && PyArray_TYPE(x.array) == NPY_FLOAT;
  if (!out.is_none() && !in_place && overlap(array, x.array))
    raise(PyExc_ValueError, "out must be the batch or not share memory with it");
  return target;
}

float* floats_of(const nb::object& array) {
  return data_of<float>(reinterpret_cast<PyArrayObject*>(array.ptr()));
}

double number_of(nb::handle value) {
  const double number = PyFloat_AsDouble(value.ptr());
  if (number == -1.0 && PyErr_Occurred()) throw nb::python_error();
  return number;
}

nb::object normalize_rows(nb::handle mean, nb::handle var, nb::handle batch, nb::handle epsilon,
                          nb::handle out) {
  const State state(mean, var, nullptr);
  const double least = number_of(epsilon);
  const Input x = numbers(batch);
  const std::size_t number = rows_in(x, state);
  nb::object target = normal_output(out, x);
  visit_rows(x, number,
             [&](auto rows) { normalize(state.moments, rows, least, floats_of(target)); });
  return target;
}

nb::object update_and_normalize_rows(nb::handle mean, nb::handle var, nb::handle count,
                                     nb::handle batch, nb::handle epsilon, nb::handle mask,
                                     nb::handle out) {
  const State state(mean, var, count_of(count));
  const Moments& moments = state.moments;
  const double least = number_of(epsilon);
  const Input x = numbers(batch);
  const std::size_t number = rows_in(x, state);
  const Input taken = mask.is_none() ? x : chosen(x, number, state, mask);
  nb::object target = normal_output(out, x);
  float* normal = floats_of(target);
  if (mask.is_none()) {
    visit_rows(x, number, [&](auto rows) { update_and_normalize(moments, rows, least, normal); });
  } else {
    visit_rows(taken, rows_in(taken, state), [&](auto rows) { update(moments, rows); });
    visit_rows(x, number, [&](auto rows) { normalize(moments, rows, least, normal); });
  }
  return target;
}

}  // namespace

void register_statistics(nb::module_& m) {
  static PyMethodDef methods[] = {
      fast_method<&update_moments, 4>("update_moments"),
      fast_method<&normalize_rows, 4>("normalize"),
      fast_method<&update_and_normalize_rows, 5>("update_and_normalize"),
      {}};
  if (PyModule_AddFunctions(m.ptr(), methods) < 0) throw nb::python_error();
}

}  // namespace dromos::bind
