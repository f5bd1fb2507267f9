// Attributes that a Python class keeps in slots, read and written at their places in the object.
#pragma once

#include <Python.h>
#include <nanobind/nanobind.h>
#include <structmember.h>

#include <cstddef>

#include "fastcall.hpp"

namespace dromos::bind {

class Slot {
 public:
  // Throws TypeError if the instances of `kind` have no slot of that name.
  Slot(nanobind::handle kind, const char* name) {
    const nanobind::object descriptor = kind.attr(name);
    if (Py_TYPE(descriptor.ptr()) != &PyMemberDescr_Type)
      raise(PyExc_TypeError, "%R must name '%s' in its __slots__", kind.ptr(), name);
    const PyMemberDef* member = reinterpret_cast<PyMemberDescrObject*>(descriptor.ptr())->d_member;
    if (member->type != T_OBJECT_EX)
      raise(PyExc_TypeError, "%R must hold an object in its slot '%s'", kind.ptr(), name);
    offset_ = member->offset;
  }

  // A borrowed reference; throws AttributeError if the slot is empty.
  PyObject* get(PyObject* object) const {
    PyObject* value = *place(object);
    if (value == nullptr) raise(PyExc_AttributeError, "a slot of %R is empty", object);
    return value;
  }

  void set(PyObject* object, PyObject* value) const {
    Py_INCREF(value);
    PyObject* old = *place(object);
    *place(object) = value;
    Py_XDECREF(old);
  }

 private:
  PyObject** place(PyObject* object) const {
    return reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + offset_);
  }

  Py_ssize_t offset_ = 0;
};

}  // namespace dromos::bind
