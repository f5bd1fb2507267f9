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
    if (!PyType_Check(kind.ptr()))
      raise(PyExc_TypeError, "expected a class with __slots__, found %R", kind.ptr());
    const nanobind::object descriptor = kind.attr(name);
    if (Py_TYPE(descriptor.ptr()) != &PyMemberDescr_Type ||
        !PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(kind.ptr()),
                          PyDescr_TYPE(descriptor.ptr())))
      raise(PyExc_TypeError, "%R must name '%s' in its __slots__", kind.ptr(), name);
    const PyMemberDef* member = reinterpret_cast<PyMemberDescrObject*>(descriptor.ptr())->d_member;
    if (member->type != T_OBJECT_EX || member->flags != 0)
      raise(PyExc_TypeError, "%R must hold any object in its slot '%s'", kind.ptr(), name);
    offset_ = member->offset;
  }

  // Throws AttributeError if the slot is empty.
  nanobind::object get(PyObject* object) const {
    PyObject* value = *place(object);
    if (value == nullptr) raise(PyExc_AttributeError, "a slot of %R is empty", object);
    return nanobind::borrow(value);
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
