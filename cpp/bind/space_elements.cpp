// Elements of spaces of arrays: whether an object is one.
#include <algorithm>

#include "dromos/box.hpp"
#include "dromos/counts.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {

nb::object box_contains(nb::handle x, nb::handle dtype, nb::handle shape, nb::handle low,
                        nb::handle high) {
  PyArrayObject* array = plain_array(x);
  PyArrayObject* bottom = plain_array(low);
  PyArrayObject* top = plain_array(high);
  if (!match({bottom, top, array}) || !is_dtype_of(dtype, bottom)) return nb::none();
  if (!has_shape(array, shape)) return nb::none();
  nb::object result = nb::none();
  visit_number(PyArray_TYPE(array), [&]<class T>() {
    result = nb::bool_(
        all_between(data_of<T>(array), data_of<T>(bottom), data_of<T>(top), size_of(array)));
    return true;
  });
  return result;
}

nb::object box_has_room(nb::handle shape, nb::handle low, nb::handle high) {
  PyArrayObject* bottom = plain_array(low);
  PyArrayObject* top = plain_array(high);
  if (!match({bottom, top})) return nb::none();
  if (!has_shape(bottom, shape)) return nb::bool_(false);
  nb::object result = nb::none();
  visit_number(PyArray_TYPE(bottom), [&]<class T>() {
    const T* begin = data_of<T>(bottom);
    result = nb::bool_(std::equal(begin, begin + size_of(bottom), data_of<T>(top),
                                  [](T a, T b) { return a < b; }));
    return true;
  });
  return result;
}

nb::object counts_contain(nb::handle x, nb::handle dtype, nb::handle start, nb::handle counts) {
  PyArrayObject* array = plain_array(x);
  PyArrayObject* first = plain_array(start);
  PyArrayObject* number = plain_array(counts);
  if (!match({first, number, array}) || !is_dtype_of(dtype, first)) return nb::none();
  nb::object result = nb::none();
  visit_integer(PyArray_TYPE(array), [&]<class T>() {
    const Counts<T> values{data_of<T>(first), data_of<T>(number), size_of(array)};
    result = nb::bool_(values.all_contain(data_of<T>(array)));
    return true;
  });
  return result;
}

nb::object discrete_contains(nb::handle x, nb::handle dtype, nb::handle start, nb::handle n) {
  const auto step = discrete_step(x, integer_dtype(dtype), start, n);
  return step ? nb::object(nb::bool_(*step >= 0)) : nb::none();
}

nb::object binary_contains(nb::handle x, nb::handle shape) {
  PyArrayObject* array = plain_array(x);
  if (array == nullptr || PyArray_TYPE(array) != NPY_INT8) return nb::none();
  if (!has_shape(array, shape)) return nb::bool_(false);
  const auto* values = data_of<unsigned char>(array);
  return nb::bool_(all_of(size_of(array), [=](std::size_t i) { return values[i] <= 1; }));
}

}  // namespace dromos::bind
