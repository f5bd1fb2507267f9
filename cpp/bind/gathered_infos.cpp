#include "gathered_infos.hpp"

#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "fastcall.hpp"
#include "space_arrays.hpp"

namespace dromos::bind {
namespace {

// What lanes have under one key: `values` in their `rows`.
struct Gathered {
  nb::object key;
  std::vector<npy_intp> rows;
  std::vector<nb::object> values;
};

class Gathering {
 public:
  void add(npy_intp row, PyObject* info) {
    const Py_ssize_t size = PyDict_GET_SIZE(info);
    PyObject *key, *value;
    Py_ssize_t position = 0;
    std::size_t guess = 0;  // infos of one environment mostly have their keys in one order
    while (PyDict_Next(info, &position, &key, &value)) {
      nb::object held = nb::borrow(value);  // to compare keys may run code that changes the info
      const std::size_t index = index_of(nb::borrow(key), guess);
      if (PyDict_GET_SIZE(info) != size)
        raise(PyExc_RuntimeError, "an info changed its size while it was read");
      gathered_[index].rows.push_back(row);
      gathered_[index].values.push_back(std::move(held));
      guess = index + 1;
    }
  }

  const std::vector<Gathered>& by_key() const { return gathered_; }

 private:
  std::size_t index_of(const nb::object& key, std::size_t guess) {
    if (guess < gathered_.size() && gathered_[guess].key.is(key)) return guess;
    const nb::object next = made(PyLong_FromSize_t(gathered_.size()));
    PyObject* index = PyDict_SetDefault(indices_.ptr(), key.ptr(), next.ptr());
    if (index == nullptr) throw nb::python_error();
    if (index == next.ptr()) gathered_.push_back({key, {}, {}});
    return PyLong_AsSize_t(index);
  }

  std::vector<Gathered> gathered_;
  nb::dict indices_;
};

// The kind of the values of a column: numbers of one type, or arrays of one dtype and shape.
class Kind {
 public:
  explicit Kind(PyObject* first) : type_(Py_TYPE(first)) {
    if (type_ == &PyFloat_Type) {
      dtype_ = PyArray_DescrFromType(NPY_DOUBLE);
    } else if (type_ == &PyLong_Type) {
      dtype_ = PyArray_DescrFromType(NPY_INT64);
    } else if (type_ == &PyBool_Type) {
      dtype_ = PyArray_DescrFromType(NPY_BOOL);
    } else if (PyArray_CheckExact(first)) {
      array_ = plain_array(first);
      if (array_ != nullptr && is_number(PyArray_TYPE(array_))) dtype_ = PyArray_DESCR(array_);
      Py_XINCREF(dtype_);
    } else if (PyArray_IsScalar(first, Number)) {
      dtype_ = PyArray_DescrFromScalar(first);
      if (dtype_ == nullptr) throw nb::python_error();
      if (dtype_->typeobj != type_ || !PyTypeNum_ISNUMBER(dtype_->type_num)) Py_CLEAR(dtype_);
    }
  }
  ~Kind() { Py_XDECREF(dtype_); }
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;

  bool is_plain() const { return dtype_ != nullptr; }

  // A new column, zero where it is not filled.
  nb::object column(npy_intp num_rows) const {
    std::vector<npy_intp> shape{num_rows};
    if (array_ != nullptr)
      shape.insert(shape.end(), PyArray_DIMS(array_), PyArray_DIMS(array_) + PyArray_NDIM(array_));
    Py_INCREF(dtype_);
    return made(PyArray_Zeros(static_cast<int>(shape.size()), shape.data(), dtype_, 0));
  }

  // Writes a value to its row; false if it is of another kind, or does not fit.
  bool put(PyObject* value, char* row) const {
    if (Py_TYPE(value) != type_) return false;
    if (array_ != nullptr) return put_array(value, row);
    if (type_ == &PyFloat_Type) {
      store(row, PyFloat_AS_DOUBLE(value));
    } else if (type_ == &PyLong_Type) {
      int overflow = 0;
      store<npy_int64>(row, PyLong_AsLongLongAndOverflow(value, &overflow));
      return overflow == 0;
    } else if (type_ == &PyBool_Type) {
      store<npy_bool>(row, value == Py_True);
    } else {
      PyArray_ScalarAsCtype(value, row);
    }
    return true;
  }

 private:
  bool put_array(PyObject* value, char* row) const {
    PyArrayObject* array = plain_array(value);
    if (!match({array_, array})) return false;
    std::memcpy(row, PyArray_DATA(array), static_cast<std::size_t>(PyArray_NBYTES(array)));
    return true;
  }

  template <class T>
  static void store(char* row, T value) {
    std::memcpy(row, &value, sizeof(T));
  }

  PyTypeObject* type_;
  PyArray_Descr* dtype_ = nullptr;
  PyArrayObject* array_ = nullptr;  // the first array, if they are arrays
};

// The column of numbers or arrays of one kind; null if that is not what the values are.
nb::object plain_column(const Gathered& gathered, npy_intp num_rows) {
  const Kind kind(gathered.values.front().ptr());
  if (!kind.is_plain()) return nb::object();
  nb::object column = kind.column(num_rows);
  auto* array = reinterpret_cast<PyArrayObject*>(column.ptr());
  const npy_intp row_bytes = PyArray_NBYTES(array) / num_rows;
  for (std::size_t i = 0; i < gathered.rows.size(); ++i) {
    char* row = PyArray_BYTES(array) + gathered.rows[i] * row_bytes;
    if (!kind.put(gathered.values[i].ptr(), row)) return nb::object();
  }
  return column;
}

nb::object made_column(const Gathered& gathered, npy_intp num_rows, nb::handle column) {
  nb::list rows, values;
  for (std::size_t i = 0; i < gathered.rows.size(); ++i) {
    rows.append(gathered.rows[i]);
    values.append(gathered.values[i]);
  }
  return column(gathered.key, rows, values, num_rows);
}

nb::object mask_of(const Gathered& gathered, npy_intp num_rows) {
  PyArrayObject* mask = zeros_array(num_rows, NPY_BOOL);
  for (const npy_intp row : gathered.rows) data_of<npy_bool>(mask)[row] = NPY_TRUE;
  return owned(mask);
}

Gathering gathered(nb::handle infos, nb::handle rows, Py_ssize_t num_rows) {
  // Tuples, which nobody changes while they are walked.
  const nb::object all = made(PySequence_Tuple(infos.ptr()));
  const nb::object targets = made(PySequence_Tuple(rows.ptr()));
  const Py_ssize_t number = PyTuple_GET_SIZE(all.ptr());
  if (PyTuple_GET_SIZE(targets.ptr()) != number)
    raise(PyExc_ValueError, "expected a row for each of %zd infos, found %zd", number,
          PyTuple_GET_SIZE(targets.ptr()));
  Gathering gathering;
  for (Py_ssize_t i = 0; i < number; ++i) {
    PyObject* info = PyTuple_GET_ITEM(all.ptr(), i);
    if (!PyDict_Check(info))
      raise(PyExc_TypeError, "expected the info of a lane to be a dict, found %R", info);
    if (PyDict_GET_SIZE(info) == 0) continue;
    const Py_ssize_t row = PyNumber_AsSsize_t(PyTuple_GET_ITEM(targets.ptr(), i), PyExc_IndexError);
    if (row == -1 && PyErr_Occurred() != nullptr) throw nb::python_error();
    if (row < 0 || row >= num_rows)
      raise(PyExc_IndexError, "expected rows from 0 to %zd, found %zd", num_rows - 1, row);
    gathering.add(row, info);
  }
  return gathering;
}

}  // namespace

nb::dict batch_infos(nb::handle infos, nb::handle rows, Py_ssize_t num_rows, nb::handle column) {
  nb::dict columns;
  const Gathering gathering = gathered(infos, rows, num_rows);
  for (const Gathered& entry : gathering.by_key()) {
    const bool are_objects = PyUnicode_Check(entry.key.ptr()) &&
                             PyUnicode_CompareWithASCIIString(entry.key.ptr(), "final_obs") == 0;
    nb::object values = are_objects ? nb::object() : plain_column(entry, num_rows);
    if (!values.is_valid()) values = made_column(entry, num_rows, column);
    columns[entry.key] = values;
    columns[made(PyUnicode_FromFormat("_%S", entry.key.ptr()))] = mask_of(entry, num_rows);
  }
  return columns;
}

}  // namespace dromos::bind
