#include "infos.hpp"

#include <algorithm>
#include <cstring>

#include "numpy_arrays.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

nb::object new_column(DType dtype, std::size_t rows, std::size_t count, void** data) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(count)};
  PyObject* array = new_array(dtype, {shape, count == 0 ? 1u : 2u}, data);
  if (array == nullptr) throw nb::python_error();
  return nb::steal(array);
}

nb::object key(const char* format, const char* name) {
  PyObject* text = PyUnicode_FromFormat(format, name);
  if (text == nullptr) throw nb::python_error();
  PyUnicode_InternInPlace(&text);
  return nb::steal(text);
}

}  // namespace

PyObject* field_value(const FieldInfo& field, const void* value) {
  if (field.count == 0) return python_number(field.dtype, value);
  const std::int64_t shape[] = {static_cast<std::int64_t>(field.count)};
  void* data;
  PyObject* array = new_array(field.dtype, shape, &data);
  if (array != nullptr) std::memcpy(data, value, field.bytes);
  return array;
}

PyObject* new_info_keys(View<FieldInfo> fields) {
  PyObject* keys = PyTuple_New(static_cast<Py_ssize_t>(fields.size()));
  for (std::size_t i = 0; keys != nullptr && i < fields.size(); ++i) {
    PyObject* key = PyUnicode_InternFromString(fields[i].name);
    if (key == nullptr)
      Py_CLEAR(keys);
    else
      PyTuple_SET_ITEM(keys, static_cast<Py_ssize_t>(i), key);
  }
  return keys;
}

PyObject* single_info(View<FieldInfo> fields, PyObject* keys, void* const* columns) {
  PyObject* info = PyDict_New();
  for (std::size_t i = 0; info != nullptr && i < fields.size(); ++i) {
    PyObject* value = field_value(fields[i], columns[i]);
    PyObject* key = PyTuple_GET_ITEM(keys, static_cast<Py_ssize_t>(i));
    if (value == nullptr || PyDict_SetItem(info, key, value) < 0) Py_CLEAR(info);
    Py_XDECREF(value);
  }
  return info;
}

InfoColumns::InfoColumns(View<FieldInfo> fields, std::size_t rows) : fields_(fields), rows_(rows) {
  for (const FieldInfo& field : fields) {
    keys_.push_back(key("%s", field.name));
    keys_.push_back(key("_%s", field.name));
    void* column;
    void* mask;
    arrays_.push_back(new_column(field.dtype, rows, field.count, &column));
    arrays_.push_back(new_column(DType::boolean, rows, 0, &mask));
    data_.push_back(column);
    masks_.push_back(static_cast<bool*>(mask));
  }
  for (const nb::object& array : arrays_) own_.add(array.ptr());
  mark_all();
}

nb::dict InfoColumns::dict() const {
  nb::dict result;
  for (std::size_t i = 0; i < keys_.size(); ++i) result[keys_[i]] = arrays_[i];
  return result;
}

void InfoColumns::mark_all() {
  for (bool* mask : masks_) std::fill_n(mask, rows_, true);
}

void InfoColumns::copy_row(std::size_t row, const InfoColumns& others, std::size_t from) {
  for (std::size_t i = 0; i < data_.size(); ++i) {
    const std::size_t bytes = fields_[i].bytes;
    std::memcpy(static_cast<std::byte*>(data_[i]) + row * bytes,
                static_cast<const std::byte*>(others.data_[i]) + from * bytes, bytes);
  }
}

InfoColumns InfoColumns::chosen_rows(std::span<const bool> chosen) const {
  if (fields_.empty()) return {};
  InfoColumns result(fields_, rows_);
  for (std::size_t i = 0; i < data_.size(); ++i) {
    std::memset(result.data_[i], 0, rows_ * fields_[i].bytes);
    std::copy(chosen.begin(), chosen.end(), result.masks_[i]);
  }
  for (std::size_t row = 0; row < rows_; ++row)
    if (chosen[row]) result.copy_row(row, *this, row);
  return result;
}

}  // namespace dromos::bind
