// Infos as Python sees them: what an environment tells besides its observation.
#pragma once

#include <Python.h>
#include <nanobind/nanobind.h>

#include <span>
#include <vector>

#include "dromos/any_batch.hpp"
#include "numpy_arrays.hpp"

namespace dromos::bind {

// The keys of an info, one Python string a field: a tuple. nullptr with the Python error set on
// failure.
PyObject* new_info_keys(View<FieldInfo> fields);

// A field's value as Python sees it: a number or an array. nullptr with the Python error set on
// failure.
PyObject* field_value(const FieldInfo& field, const void* value);

// One lane's info from `columns`, each the start of that field's memory: a dict of Python numbers
// and arrays. nullptr with the Python error set on failure.
PyObject* single_info(View<FieldInfo> fields, PyObject* keys, void* const* columns);

// The infos of some lanes as a vector tells them: for each field its column and, under the name
// with a "_" before it, which lanes have it.
class InfoColumns {
 public:
  InfoColumns() = default;
  // New arrays; the columns are not initialised, every lane has every field.
  InfoColumns(View<FieldInfo> fields, std::size_t rows);

  void* const* columns() const { return data_.data(); }
  bool are_free() const { return own_.are_free(); }
  // A new dict of the arrays.
  nanobind::dict dict() const;
  // Marks every lane as having every field: callers may write into the masks they are given.
  void mark_all();
  // Row `row` of each column from row `from` of `others`.
  void copy_row(std::size_t row, const InfoColumns& others, std::size_t from);
  // Copies of the rows that are `chosen`; the others are zero and marked as missing.
  InfoColumns chosen_rows(std::span<const bool> chosen) const;

 private:
  View<FieldInfo> fields_;
  std::size_t rows_ = 0;
  std::vector<nanobind::object> keys_;    // name, _name, ...
  std::vector<nanobind::object> arrays_;  // column, mask, ...
  OwnArrays own_;
  std::vector<void*> data_;
  std::vector<bool*> masks_;
};

}  // namespace dromos::bind
