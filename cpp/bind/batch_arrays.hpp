// Arguments and results of a batch's functions as NumPy arrays.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstring>
#include <span>

#include "dromos/any_batch.hpp"
#include "numpy_arrays.hpp"

namespace dromos::bind {

using LaneIds = nanobind::ndarray<const std::int64_t, nanobind::shape<-1>, nanobind::c_contig,
                                  nanobind::device::cpu>;

inline std::span<const std::int64_t> checked_lanes(AnyBatch& batch, const LaneIds& lanes) {
  const std::span<const std::int64_t> view{lanes.data(), lanes.size()};
  for (const auto lane : view)
    if (lane < 0 || static_cast<std::size_t>(lane) >= batch.lanes())
      throw nanobind::index_error("no such lane");
  return view;
}

// The shape of a field's values in some lanes: (lanes,), or (lanes, count) for an array.
struct Shape {
  std::int64_t extents[2];
  std::size_t dimensions;

  Shape(std::size_t rows, std::size_t count = 0)
      : extents{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(count)},
        dimensions(count == 0 ? 1 : 2) {}
  operator std::span<const std::int64_t>() const { return {extents, dimensions}; }
};

inline nanobind::object array_of(DType dtype, const Shape& shape, void** data) {
  PyObject* array = new_array(dtype, shape, data);
  if (array == nullptr) throw nanobind::python_error();
  return nanobind::steal(array);
}

template <class T>
nanobind::object copy_of(DType dtype, std::span<T> values) {
  void* data;
  nanobind::object array = array_of(dtype, values.size(), &data);
  std::memcpy(data, values.data(), values.size_bytes());
  return array;
}

inline const void* data_of(nanobind::handle values, DType dtype, const Shape& shape) {
  const void* data = array_data(values.ptr(), dtype, shape);
  if (data == nullptr) throw nanobind::value_error("values of another dtype or shape");
  return data;
}

}  // namespace dromos::bind
