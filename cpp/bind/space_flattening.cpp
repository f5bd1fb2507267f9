// Elements of spaces of arrays as arrays of one axis, and back.
#include <cstdint>
#include <cstring>
#include <vector>

#include "dromos/counts.hpp"
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

// Flattened elements longer than this are left to NumPy, which knows how to fail.
constexpr std::uint64_t kLongest = std::uint64_t{1} << 32;

// Where an array of one axis is not 0; nothing if it is of no dtype of plain numbers.
std::optional<std::vector<std::size_t>> nonzeros(nb::handle x) {
  PyArrayObject* array = plain_array(x);
  if (array == nullptr || PyArray_NDIM(array) != 1) return {};
  std::vector<std::size_t> found;
  const bool is_number = visit_number(PyArray_TYPE(array), [&]<class T>() {
    const T* values = data_of<T>(array);
    for (std::size_t i = 0; i < size_of(array); ++i)
      if (values[i] != 0) found.push_back(i);
    return true;
  });
  if (!is_number) return {};
  return found;
}

// The dtypes that elements of different dtypes usually have in common.
template <class Visit>
bool visit_common(int type, Visit&& visit) {
  if (type == NPY_DOUBLE) return visit.template operator()<double>();
  if (type == NPY_FLOAT) return visit.template operator()<float>();
  if (type == NPY_INT64) return visit.template operator()<npy_int64>();
  return false;
}

// Copies `array`, cast to `type`, to `end`, and moves `end` behind it; false if it cannot.
bool append(PyArrayObject* array, int type, std::byte*& end) {
  const std::size_t size = size_of(array);
  if (PyArray_TYPE(array) == type) {
    const auto bytes = static_cast<std::size_t>(PyArray_NBYTES(array));
    std::memcpy(end, PyArray_DATA(array), bytes);
    end += bytes;
    return true;
  }
  return visit_common(type, [&]<class To>() {
    return visit_number(PyArray_TYPE(array), [&]<class From>() {
      const From* values = data_of<From>(array);
      To* out = reinterpret_cast<To*>(end);
      for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<To>(values[i]);
      end += size * sizeof(To);
      return true;
    });
  });
}

// The dtype the arrays have in common; nullptr, and no Python error, if they are not plain arrays
// of one axis, or have none. A new reference.
PyArray_Descr* common_dtype(PyObject* arrays, npy_intp& length) {
  PyArray_Descr* common = nullptr;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(arrays); ++i) {
    PyArrayObject* array = plain_array(PyList_GET_ITEM(arrays, i));
    if (array == nullptr || PyArray_NDIM(array) != 1) {
      Py_XDECREF(common);
      return nullptr;
    }
    length += PyArray_SIZE(array);
    PyArray_Descr* dtype = PyArray_DESCR(array);
    if (dtype == common) continue;
    PyArray_Descr* wider = common == nullptr ? dtype : PyArray_PromoteTypes(common, dtype);
    if (common == nullptr) Py_INCREF(wider);
    Py_XDECREF(common);
    common = wider;
    if (common == nullptr) {
      PyErr_Clear();
      return nullptr;
    }
  }
  return common;
}

}  // namespace

nb::object flatten_array(nb::handle x, nb::handle dtype, nb::handle shape) {
  PyArrayObject* array = plain_array(x);
  if (array == nullptr || !is_dtype_of(dtype, array) || !has_shape(array, shape)) return nb::none();
  const npy_intp length = PyArray_SIZE(array);
  PyArrayObject* flat = empty_array(1, &length, PyArray_TYPE(array));
  std::memcpy(PyArray_DATA(flat), PyArray_DATA(array),
              static_cast<std::size_t>(PyArray_NBYTES(array)));
  return owned(flat);
}

nb::object flatten_counts(nb::handle x, nb::handle dtype, nb::handle start, nb::handle counts) {
  PyArrayObject* array = plain_array(x);
  PyArrayObject* first = plain_array(start);
  PyArrayObject* number = plain_array(counts);
  if (!match({first, number, array}) || !is_dtype_of(dtype, first)) return nb::none();
  nb::object result = nb::none();
  visit_integer(PyArray_TYPE(array), [&]<class T>() {
    const Counts<T> values{data_of<T>(first), data_of<T>(number), size_of(array)};
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < values.size; ++i) {
      const auto count = static_cast<std::uint64_t>(values.counts[i]);
      if (count > kLongest || (length += count) > kLongest) return true;
    }
    PyArrayObject* flat = zeros_array(static_cast<npy_intp>(length), PyArray_TYPE(array));
    nb::object made = owned(flat);
    if (one_hots(values, data_of<T>(array), data_of<T>(flat))) result = made;
    return true;
  });
  return result;
}

nb::object flatten_discrete(nb::handle x, nb::handle dtype, nb::handle start, nb::handle n) {
  PyArray_Descr* descr = integer_dtype(dtype);
  const auto step = discrete_step(x, descr, start, n);
  long long count;
  if (!step || *step < 0 || !take_integer(n, descr, count)) return nb::none();
  PyArrayObject* flat = zeros_array(static_cast<npy_intp>(count), descr->type_num);
  nb::object result = owned(flat);
  visit_integer(descr->type_num, [&]<class T>() {
    data_of<T>(flat)[*step] = 1;
    return true;
  });
  return result;
}

nb::object unflatten_counts(nb::handle x, nb::handle dtype, nb::handle start, nb::handle counts) {
  PyArrayObject* first = plain_array(start);
  PyArrayObject* number = plain_array(counts);
  if (!match({first, number}) || !is_dtype_of(dtype, first)) return nb::none();
  const auto ones = nonzeros(x);
  if (!ones || ones->size() != size_of(first)) return nb::none();
  nb::object result = nb::none();
  visit_integer(PyArray_TYPE(first), [&]<class T>() {
    PyArrayObject* element =
        empty_array(PyArray_NDIM(first), PyArray_DIMS(first), PyArray_TYPE(first));
    nb::object made = owned(element);
    const Counts<T> values{data_of<T>(first), data_of<T>(number), ones->size()};
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ones->size(); ++i) {
      const auto count = static_cast<std::size_t>(values.counts[i]);
      const std::size_t one = (*ones)[i];
      if (one < begin || one - begin >= count) return true;
      data_of<T>(element)[i] = values.value(i, one - begin);
      begin += count;
    }
    result = made;
    return true;
  });
  return result;
}

nb::object unflatten_discrete(nb::handle x, nb::handle dtype, nb::handle start, nb::handle n) {
  PyArray_Descr* descr = integer_dtype(dtype);
  long long first, count;
  if (descr == nullptr || !take_integer(start, descr, first) || !take_integer(n, descr, count))
    return nb::none();
  const auto ones = nonzeros(x);
  if (!ones || ones->empty() || static_cast<long long>(ones->front()) >= count) return nb::none();
  nb::object result = nb::none();
  visit_integer(descr->type_num, [&]<class T>() {
    T value = static_cast<T>(ones->front() + static_cast<std::uint64_t>(first));
    result = nb::steal(PyArray_Scalar(&value, descr, nullptr));
    return true;
  });
  return result;
}

nb::object join(nb::handle arrays) {
  if (!PyList_CheckExact(arrays.ptr())) return nb::none();
  npy_intp length = 0;
  PyArray_Descr* dtype = common_dtype(arrays.ptr(), length);
  if (dtype == nullptr) return nb::none();
  const int type = dtype->type_num;
  Py_DECREF(dtype);
  if (PyTypeNum_ISEXTENDED(type) || PyTypeNum_ISOBJECT(type)) return nb::none();
  PyArrayObject* joined = empty_array(1, &length, type);
  nb::object result = owned(joined);
  auto* end = static_cast<std::byte*>(PyArray_DATA(joined));
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(arrays.ptr()); ++i) {
    auto* array = reinterpret_cast<PyArrayObject*>(PyList_GET_ITEM(arrays.ptr(), i));
    if (!append(array, type, end)) return nb::none();
  }
  return result;
}

}  // namespace dromos::bind
