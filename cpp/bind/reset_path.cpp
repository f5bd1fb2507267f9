// A reset of a single environment that goes past its wrappers.
#include <Python.h>
#include <structmember.h>

#include <iterator>
#include <vector>

#include "lane_step_object.hpp"

namespace dromos::bind {
namespace {

// What leads from a wrapper to the lane: whoever changes a `step`, a `reset` or an `env` on the way
// shall be heard at the next reset.
struct Layer {
  PyObject* dict;
  PyTypeObject* type;
  unsigned version;
  PyObject* found[3];  // in `dict` under the `watched` names; owned, nullptr: nothing
};

struct ResetPath {
  PyObject_HEAD vectorcallfunc call;
  LaneStep* lane;
  LimitedStep* clock;  // nullptr: none on the way
  std::vector<Layer>* layers;
};

PyTypeObject* reset_path_type = nullptr;
PyObject* watched[3];  // interned strings

// 0 for a type that was changed since it was last looked at: no valid version.
unsigned version_of(PyTypeObject* type) {
#if PY_VERSION_HEX < 0x030C0000
  if (!PyType_HasFeature(type, Py_TPFLAGS_VALID_VERSION_TAG)) return 0;
#endif
  return type->tp_version_tag;
}

bool is_unchanged(const Layer& layer) {
  if (version_of(layer.type) != layer.version) return false;
  for (std::size_t i = 0; i < std::size(layer.found); ++i)
    if (PyDict_GetItemWithError(layer.dict, watched[i]) != layer.found[i]) return false;
  return true;
}

// None where anything on the way has changed or a reset is more than a start.
PyObject* call_reset_path(PyObject* object, PyObject* const*, std::size_t nargsf,
                          PyObject* keywords) {
  auto* self = reinterpret_cast<ResetPath*>(object);
  if (PyVectorcall_NARGS(nargsf) != 0 || keywords != nullptr) {
    PyErr_SetString(PyExc_TypeError, "a reset path takes no arguments");
    return nullptr;
  }
  if (!self->lane->direct) Py_RETURN_NONE;
  for (const Layer& layer : *self->layers)
    if (!is_unchanged(layer)) Py_RETURN_NONE;
  if (self->clock != nullptr) self->clock->episode.view().begin(0);
  return started(self->lane);
}

// False, with the Python error set, for what has no instance dict.
bool add_layer(ResetPath* self, PyObject* object) {
  PyObject* dict = PyObject_GenericGetDict(object, nullptr);
  if (dict == nullptr) return false;
  PyTypeObject* type = Py_TYPE(object);
  for (PyObject* name : watched) {  // looking gives the type a valid version
    PyObject* found = PyObject_GetAttr(reinterpret_cast<PyObject*>(type), name);
    if (found == nullptr) PyErr_Clear();
    Py_XDECREF(found);
  }
  Layer layer{dict, reinterpret_cast<PyTypeObject*>(Py_NewRef(type)), version_of(type), {}};
  for (std::size_t i = 0; i < std::size(layer.found); ++i)
    layer.found[i] = Py_XNewRef(PyDict_GetItemWithError(dict, watched[i]));
  self->layers->push_back(layer);
  return layer.version != 0;
}

int traverse_reset_path(PyObject* object, visitproc visit, void* arg) {
  auto* self = reinterpret_cast<ResetPath*>(object);
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->lane);
  Py_VISIT(self->clock);
  for (const Layer& layer : *self->layers) {
    Py_VISIT(layer.dict);
    Py_VISIT(layer.type);
    for (PyObject* found : layer.found) Py_VISIT(found);
  }
  return 0;
}

int clear_reset_path(PyObject* object) {
  std::vector<Layer> layers;  // gone from `self` before anything is freed
  layers.swap(*reinterpret_cast<ResetPath*>(object)->layers);
  for (const Layer& layer : layers) {
    Py_DECREF(layer.dict);
    Py_DECREF(layer.type);
    for (PyObject* found : layer.found) Py_XDECREF(found);
  }
  return 0;
}

void free_reset_path(PyObject* object) {
  auto* self = reinterpret_cast<ResetPath*>(object);
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  clear_reset_path(object);
  delete self->layers;
  Py_CLEAR(self->lane);
  Py_CLEAR(self->clock);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

PyMemberDef reset_path_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(ResetPath, call), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

PyType_Slot reset_path_slots[] = {{Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                                  {Py_tp_dealloc, reinterpret_cast<void*>(free_reset_path)},
                                  {Py_tp_traverse, reinterpret_cast<void*>(traverse_reset_path)},
                                  {Py_tp_clear, reinterpret_cast<void*>(clear_reset_path)},
                                  {Py_tp_members, reset_path_members},
                                  {0, nullptr}};

PyType_Spec reset_path_spec{"dromos._core.batch.ResetPath", sizeof(ResetPath), 0, kTypeFlags,
                            reset_path_slots};

}  // namespace

PyObject* new_reset_path(LaneStep* lane, LimitedStep* clock, PyObject* layers) {
  if (!PyTuple_CheckExact(layers)) {
    PyErr_SetString(PyExc_TypeError, "expected a tuple of environments, outermost first");
    return nullptr;
  }
  auto* self = PyObject_GC_New(ResetPath, reset_path_type);
  if (self == nullptr) return nullptr;
  self->call = call_reset_path;
  self->lane = reinterpret_cast<LaneStep*>(Py_NewRef(reinterpret_cast<PyObject*>(lane)));
  self->clock = reinterpret_cast<LimitedStep*>(Py_XNewRef(reinterpret_cast<PyObject*>(clock)));
  self->layers = new std::vector<Layer>;
  PyObject_GC_Track(self);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(layers); ++i)
    if (!add_layer(self, PyTuple_GET_ITEM(layers, i))) {
      Py_DECREF(self);
      PyErr_Clear();
      Py_RETURN_NONE;
    }
  return reinterpret_cast<PyObject*>(self);
}

void add_reset_path_type(PyObject* module) {
  watched[0] = interned("step");
  watched[1] = interned("reset");
  watched[2] = interned("env");
  reset_path_type = add_type(module, reset_path_spec);
}

}  // namespace dromos::bind
