#include "lane_step.hpp"

#include <nanobind/nanobind.h>
#include <structmember.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "infos.hpp"
#include "numpy_arrays.hpp"
#include "observations.hpp"

namespace dromos::bind {
namespace {

// Observation and info that live inside the object: enough for 512 doubles.
constexpr std::size_t kScratchBytes = 4096;

struct LaneStep {
  PyObject_HEAD vectorcallfunc call;
  AnyBatch* batch;
  PyObject* owner;
  PyObject* fault;
  PyObject* info_keys;
  std::vector<void*>* leaves;   // into `scratch`
  std::vector<void*>* columns;  // of the info, into `scratch` too
  alignas(16) std::byte scratch[kScratchBytes];
};

struct LimitedStep {
  PyObject_HEAD vectorcallfunc call;
  LaneStep* inner;
  long long elapsed;
  long long limit;
};

PyTypeObject* lane_step_type = nullptr;
PyTypeObject* limited_step_type = nullptr;

// False, with the Python error set, if the handler raised; "ended" may be let pass.
bool report(LaneStep* self, const char* reason, PyObject* action) {
  if (self->fault == nullptr) {  // the garbage collector is taking the environment down
    PyErr_SetString(PyExc_ReferenceError, "the environment of this step() is gone");
    return false;
  }
  PyObject* result = PyObject_CallFunction(self->fault, "sO", reason, action);
  if (result == nullptr) return false;
  Py_DECREF(result);
  if (std::strcmp(reason, "ended") == 0) return true;
  PyErr_Format(PyExc_SystemError, "the fault handler let '%s' pass", reason);
  return false;
}

// Takes one transition of lane 0; false with the Python error set if the action is none.
bool take_discrete(LaneStep* self, PyObject* action, Transition& transition) {
  std::int64_t choice;
  if (PyLong_CheckExact(action)) {
    choice = PyLong_AsLongLong(action);
  } else {
    PyObject* index = PyNumber_Index(action);
    if (index == nullptr) {
      PyErr_Clear();
      return report(self, "action", action);
    }
    choice = PyLong_AsLongLong(index);
    Py_DECREF(index);
  }
  if (choice == -1 && PyErr_Occurred()) PyErr_Clear();  // too large: -1 is no action either
  if (choice < 0 || choice >= self->batch->layout().action.choices)
    return report(self, "action", action);
  transition = self->batch->step_single(&choice, self->leaves->data(), self->columns->data());
  return true;
}

bool take_continuous(LaneStep* self, PyObject* action, Transition& transition) {
  const ActionLayout& layout = self->batch->layout().action;
  void* data = nullptr;
  PyObject* array = converted_array(action, layout.dtype, layout.count, &data);
  if (array == nullptr) return report(self, "action", action);
  const bool good = self->batch->first_bad_action(data, 1) < 0;
  if (good)
    transition = self->batch->step_single(data, self->leaves->data(), self->columns->data());
  Py_DECREF(array);
  return good || report(self, "action", action);
}

bool take(LaneStep* self, PyObject* action, Transition& transition) {
  const Status status = self->batch->status()[0];
  if (status != Status::running &&
      !report(self, status == Status::unset ? "reset" : "ended", action))
    return false;
  return self->batch->layout().action.choices > 0 ? take_discrete(self, action, transition)
                                                  : take_continuous(self, action, transition);
}

PyObject* five_tuple(LaneStep* self, const Transition& transition, bool truncated) {
  const Layout& layout = self->batch->layout();
  PyObject* observation = single_observation(layout, self->leaves->data());
  PyObject* reward = reward_object(layout.whole_rewards, transition.reward);
  PyObject* info = single_info(layout.info, self->info_keys, self->columns->data());
  PyObject* result = PyTuple_New(5);
  if (observation == nullptr || reward == nullptr || info == nullptr || result == nullptr) {
    Py_XDECREF(observation);
    Py_XDECREF(reward);
    Py_XDECREF(info);
    Py_XDECREF(result);
    return nullptr;
  }
  PyTuple_SET_ITEM(result, 0, observation);
  PyTuple_SET_ITEM(result, 1, reward);
  PyTuple_SET_ITEM(result, 2, PyBool_FromLong(transition.terminated != 0));
  PyTuple_SET_ITEM(result, 3, PyBool_FromLong(truncated));
  PyTuple_SET_ITEM(result, 4, info);
  return result;
}

// The one argument, given by position or as `action=`; nullptr with the Python error set.
PyObject* only_action(PyObject* const* args, std::size_t nargsf, PyObject* names) {
  const Py_ssize_t positional = PyVectorcall_NARGS(nargsf);
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  if (positional + named == 1 &&
      (named == 0 || PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "action") == 0))
    return args[0];
  PyErr_SetString(PyExc_TypeError, "step() takes exactly one argument: action");
  return nullptr;
}

PyObject* call_lane_step(PyObject* object, PyObject* const* args, std::size_t nargsf,
                         PyObject* names) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  PyObject* action = only_action(args, nargsf, names);
  Transition transition;
  if (action == nullptr || !take(self, action, transition)) return nullptr;
  return five_tuple(self, transition, false);
}

PyObject* call_limited_step(PyObject* object, PyObject* const* args, std::size_t nargsf,
                            PyObject* names) {
  auto* self = reinterpret_cast<LimitedStep*>(object);
  PyObject* action = only_action(args, nargsf, names);
  Transition transition;
  if (action == nullptr || !take(self->inner, action, transition)) return nullptr;
  return five_tuple(self->inner, transition, ++self->elapsed >= self->limit);
}

PyObject* limited(PyObject* object, PyObject* limit) {
  const long long steps = PyLong_AsLongLong(limit);
  if (steps == -1 && PyErr_Occurred()) return nullptr;
  auto* result = PyObject_GC_New(LimitedStep, limited_step_type);
  if (result == nullptr) return nullptr;
  result->call = call_limited_step;
  result->inner = reinterpret_cast<LaneStep*>(Py_NewRef(object));
  result->elapsed = 0;
  result->limit = steps;
  PyObject_GC_Track(result);
  return reinterpret_cast<PyObject*>(result);
}

int traverse_lane_step(PyObject* object, visitproc visit, void* arg) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->owner);
  Py_VISIT(self->fault);
  return 0;
}

int clear_lane_step(PyObject* object) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  Py_CLEAR(self->fault);
  return 0;
}

void free_lane_step(PyObject* object) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  Py_CLEAR(self->fault);
  Py_CLEAR(self->owner);
  Py_CLEAR(self->info_keys);
  delete self->leaves;
  delete self->columns;
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

int traverse_limited_step(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(reinterpret_cast<LimitedStep*>(object)->inner);
  return 0;
}

void free_limited_step(PyObject* object) {
  auto* self = reinterpret_cast<LimitedStep*>(object);
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  Py_CLEAR(self->inner);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

PyMethodDef lane_step_methods[] = {
    {"limited", limited, METH_O,
     "limited(limit: int) -> LimitedStep\n\nThe same step with a clock of its own: truncated once "
     "`limit` steps were taken."},
    {nullptr, nullptr, 0, nullptr}};

PyMemberDef lane_step_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(LaneStep, call), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

PyMemberDef limited_step_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(LimitedStep, call), READONLY, nullptr},
    {"elapsed", T_LONGLONG, offsetof(LimitedStep, elapsed), 0, "Steps taken since it was last 0."},
    {"limit", T_LONGLONG, offsetof(LimitedStep, limit), 0, "Steps after which it truncates."},
    {nullptr, 0, 0, 0, nullptr}};

PyType_Slot lane_step_slots[] = {{Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                                 {Py_tp_dealloc, reinterpret_cast<void*>(free_lane_step)},
                                 {Py_tp_traverse, reinterpret_cast<void*>(traverse_lane_step)},
                                 {Py_tp_clear, reinterpret_cast<void*>(clear_lane_step)},
                                 {Py_tp_methods, lane_step_methods},
                                 {Py_tp_members, lane_step_members},
                                 {0, nullptr}};

PyType_Slot limited_step_slots[] = {
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_dealloc, reinterpret_cast<void*>(free_limited_step)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse_limited_step)},
    {Py_tp_members, limited_step_members},
    {0, nullptr}};

constexpr unsigned kTypeFlags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION;

PyType_Spec lane_step_spec{"dromos._core.batch.LaneStep", sizeof(LaneStep), 0, kTypeFlags,
                           lane_step_slots};
PyType_Spec limited_step_spec{"dromos._core.batch.LimitedStep", sizeof(LimitedStep), 0, kTypeFlags,
                              limited_step_slots};

}  // namespace

void add_lane_step_types(PyObject* module) {
  lane_step_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&lane_step_spec));
  limited_step_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&limited_step_spec));
  if (lane_step_type == nullptr || limited_step_type == nullptr ||
      PyModule_AddType(module, lane_step_type) < 0 ||
      PyModule_AddType(module, limited_step_type) < 0)
    throw nanobind::python_error();
}

PyObject* new_lane_step(AnyBatch* batch, PyObject* owner, PyObject* fault) {
  auto* self = PyObject_GC_New(LaneStep, lane_step_type);
  if (self == nullptr) throw nanobind::python_error();
  self->call = call_lane_step;
  self->batch = batch;
  self->owner = Py_NewRef(owner);
  self->fault = Py_NewRef(fault);
  self->leaves = new std::vector<void*>;
  self->columns = new std::vector<void*>;
  self->info_keys = new_info_keys(batch->layout().info);
  std::size_t used = 0;
  const auto place = [&](std::vector<void*>& places, std::size_t bytes) {
    places.push_back(self->scratch + used);
    used += (bytes + 15) / 16 * 16;
  };
  for (const Leaf& leaf : batch->layout().observation) place(*self->leaves, row_bytes(leaf));
  for (const FieldInfo& field : batch->layout().info) place(*self->columns, field.bytes);
  PyObject_GC_Track(self);
  if (self->info_keys == nullptr) {
    Py_DECREF(self);
    throw nanobind::python_error();
  }
  if (used > kScratchBytes) {
    Py_DECREF(self);
    PyErr_Format(PyExc_ValueError,
                 "an observation and its info of %zu bytes do not fit a LaneStep, which holds %zu",
                 used, kScratchBytes);
    throw nanobind::python_error();
  }
  return reinterpret_cast<PyObject*>(self);
}

}  // namespace dromos::bind
