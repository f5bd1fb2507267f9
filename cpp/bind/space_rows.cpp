// Batches of elements of spaces of arrays, taken apart.
#include "space_arrays.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

// An iterator over the rows of an array, faster than NumPy's.
struct RowIterator {
  PyObject_HEAD PyArrayObject* batch;
  npy_intp next;
};

PyTypeObject* row_iterator_type = nullptr;

// The row of `array` at `data`, as a view of it.
PyObject* view_of_row(PyArrayObject* array, char* data) {
  PyArray_Descr* dtype = PyArray_DESCR(array);
  Py_INCREF(dtype);
  PyObject* view =
      PyArray_NewFromDescr(&PyArray_Type, dtype, PyArray_NDIM(array) - 1, PyArray_DIMS(array) + 1,
                           PyArray_STRIDES(array) + 1, data, PyArray_FLAGS(array), nullptr);
  if (view == nullptr) return nullptr;
  Py_INCREF(array);
  if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(view),
                            reinterpret_cast<PyObject*>(array)) < 0) {
    Py_DECREF(view);
    return nullptr;
  }
  return view;
}

PyObject* next_row(PyObject* object) {
  auto* self = reinterpret_cast<RowIterator*>(object);
  if (self->next >= PyArray_DIM(self->batch, 0)) return nullptr;
  char* data = PyArray_BYTES(self->batch) + self->next++ * PyArray_STRIDE(self->batch, 0);
  return PyArray_NDIM(self->batch) == 1 ? PyArray_ToScalar(data, self->batch)
                                        : view_of_row(self->batch, data);
}

PyObject* rows_left(PyObject* object, PyObject*) {
  auto* self = reinterpret_cast<RowIterator*>(object);
  return PyLong_FromSsize_t(PyArray_DIM(self->batch, 0) - self->next);
}

void deallocate_rows(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  Py_DECREF(reinterpret_cast<RowIterator*>(object)->batch);
  type->tp_free(object);
  Py_DECREF(type);
}

// An iterator over dicts of one element of each column: `dict(zip(keys, row))`.
struct RecordIterator {
  PyObject_HEAD PyObject* keys;  // a tuple
  PyObject* columns;             // a tuple of as many iterators
};

PyTypeObject* record_iterator_type = nullptr;

// Nothing more, or an error if a column other than the first `ended` ones has something left.
PyObject* end_of_records(PyObject* columns, Py_ssize_t ended) {
  for (Py_ssize_t i = ended; i < PyTuple_GET_SIZE(columns); ++i) {
    PyObject* left = PyErr_Occurred() ? nullptr : PyIter_Next(PyTuple_GET_ITEM(columns, i));
    if (left == nullptr) continue;
    Py_DECREF(left);
    PyErr_SetString(PyExc_ValueError, "the parts of the batch are of different lengths");
  }
  return nullptr;
}

PyObject* next_record(PyObject* object) {
  auto* self = reinterpret_cast<RecordIterator*>(object);
  const Py_ssize_t number = PyTuple_GET_SIZE(self->columns);
  if (number == 0) return nullptr;
  PyObject* record = PyDict_New();
  for (Py_ssize_t i = 0; record != nullptr && i < number; ++i) {
    PyObject* part = PyIter_Next(PyTuple_GET_ITEM(self->columns, i));
    if (part == nullptr) {
      Py_DECREF(record);
      if (i > 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "the parts of the batch are of different lengths");
      return end_of_records(self->columns, i + 1);
    }
    if (PyDict_SetItem(record, PyTuple_GET_ITEM(self->keys, i), part) < 0) Py_CLEAR(record);
    Py_DECREF(part);
  }
  return record;
}

void deallocate_records(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  Py_XDECREF(reinterpret_cast<RecordIterator*>(object)->keys);
  Py_XDECREF(reinterpret_cast<RecordIterator*>(object)->columns);
  type->tp_free(object);
  Py_DECREF(type);
}

PyTypeObject* iterator_type(const char* name, int size, PyType_Slot* slots) {
  PyType_Spec spec = {name, size, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  auto* type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (type == nullptr) throw nb::python_error();
  return type;
}

template <class Iterator>
Iterator* new_iterator(PyTypeObject* type) {
  PyObject* object = type->tp_alloc(type, 0);
  if (object == nullptr) throw nb::python_error();
  return reinterpret_cast<Iterator*>(object);
}

}  // namespace

void register_iterators() {
  static PyMethodDef methods[] = {{"__length_hint__", rows_left, METH_NOARGS, nullptr}, {}};
  PyType_Slot rows_slots[] = {{Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
                              {Py_tp_iternext, reinterpret_cast<void*>(next_row)},
                              {Py_tp_dealloc, reinterpret_cast<void*>(deallocate_rows)},
                              {Py_tp_methods, methods},
                              {0, nullptr}};
  row_iterator_type =
      iterator_type("dromos._core.spaces.RowIterator", sizeof(RowIterator), rows_slots);
  PyType_Slot records_slots[] = {{Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
                                 {Py_tp_iternext, reinterpret_cast<void*>(next_record)},
                                 {Py_tp_dealloc, reinterpret_cast<void*>(deallocate_records)},
                                 {0, nullptr}};
  record_iterator_type =
      iterator_type("dromos._core.spaces.RecordIterator", sizeof(RecordIterator), records_slots);
}

nb::object rows(nb::handle items) {
  if (PyArray_CheckExact(items.ptr()) &&
      PyArray_NDIM(reinterpret_cast<PyArrayObject*>(items.ptr())) > 0) {
    auto* iterator = new_iterator<RowIterator>(row_iterator_type);
    iterator->batch = reinterpret_cast<PyArrayObject*>(items.inc_ref().ptr());
    return nb::steal(reinterpret_cast<PyObject*>(iterator));
  }
  PyObject* iterator = PyObject_GetIter(items.ptr());
  if (iterator == nullptr) throw nb::python_error();
  return nb::steal(iterator);
}

nb::object records(nb::handle keys, nb::handle columns) {
  const nb::object names = nb::steal(PySequence_Tuple(keys.ptr()));
  const nb::object parts = nb::steal(PySequence_Tuple(columns.ptr()));
  if (!names.is_valid() || !parts.is_valid()) throw nb::python_error();
  if (PyTuple_GET_SIZE(names.ptr()) != PyTuple_GET_SIZE(parts.ptr())) return nb::none();
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(parts.ptr()); ++i)
    if (!PyIter_Check(PyTuple_GET_ITEM(parts.ptr(), i))) return nb::none();
  auto* iterator = new_iterator<RecordIterator>(record_iterator_type);
  iterator->keys = names.inc_ref().ptr();
  iterator->columns = parts.inc_ref().ptr();
  return nb::steal(reinterpret_cast<PyObject*>(iterator));
}

}  // namespace dromos::bind
