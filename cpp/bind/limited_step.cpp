// The clock of a time limit, and the episode of an environment that is reset by its steps: one lane
// of dromos::Episodes each, for wrappers.
#include <Python.h>
#include <structmember.h>

#include <cstddef>

#include "lane_step_object.hpp"

namespace dromos::bind {
namespace {

PyTypeObject* limited_step_type = nullptr;

struct EpisodeObject {
  PyObject_HEAD OneEpisode episode;
};

OneEpisode& episode_of(PyObject* self) { return reinterpret_cast<EpisodeObject*>(self)->episode; }

// What a step returned with its `truncated` set; steals `result`.
PyObject* truncated(PyObject* result) {
  PyObject* parts = PySequence_Tuple(result);
  Py_DECREF(result);
  if (parts == nullptr) return nullptr;
  PyObject* changed = nullptr;
  if (PyTuple_GET_SIZE(parts) == 5)
    changed = PyTuple_Pack(5, PyTuple_GET_ITEM(parts, 0), PyTuple_GET_ITEM(parts, 1),
                           PyTuple_GET_ITEM(parts, 2), Py_True, PyTuple_GET_ITEM(parts, 4));
  else
    PyErr_Format(PyExc_ValueError, "expected a step to return 5 values, found %zd",
                 PyTuple_GET_SIZE(parts));
  Py_DECREF(parts);
  return changed;
}

// Counts the step that returned `result`, which it steals.
PyObject* counted(LimitedStep* self, PyObject* result) {
  if (result == nullptr) return nullptr;
  // Whether the environment ended the episode is its own affair: the limit is outside of it.
  return self->episode.view().count_step(0, false).truncated ? truncated(result) : result;
}

PyObject* call_limited_step(PyObject* object, PyObject* const* args, std::size_t nargsf,
                            PyObject* keywords) {
  auto* self = reinterpret_cast<LimitedStep*>(object);
  if (self->lane == nullptr) {
    if (self->step == nullptr) {
      PyErr_SetString(PyExc_TypeError, "this clock has no step of its own");
      return nullptr;
    }
    return counted(self, PyObject_Vectorcall(self->step, args, nargsf, keywords));
  }
  PyObject* action = only_action(args, nargsf, keywords);
  Transition transition;
  if (action == nullptr || !take(self->lane, action, transition)) return nullptr;
  const bool over = self->episode.view().count_step(0, transition.terminated != 0).truncated;
  return five_tuple(self->lane, transition, over);
}

PyObject* count(PyObject* self, PyObject* result) {
  return counted(reinterpret_cast<LimitedStep*>(self), Py_NewRef(result));
}

PyObject* limited_reset_path(PyObject* object, PyObject* layers) {
  auto* self = reinterpret_cast<LimitedStep*>(object);
  if (self->lane == nullptr) Py_RETURN_NONE;
  return new_reset_path(self->lane, self, layers);
}

// False, with the Python error set, if the argument is no limit.
bool read_limit(PyObject* limit, std::int32_t& steps) {
  const long value = PyLong_AsLong(limit);
  if (value == -1 && PyErr_Occurred()) return false;
  if (value < 1 || value > kNoLimit) {
    PyErr_Format(PyExc_ValueError, "expected a limit from 1 to %d, got %R", kNoLimit, limit);
    return false;
  }
  steps = static_cast<std::int32_t>(value);
  return true;
}

PyObject* limited_step(PyObject* step, LaneStep* lane, std::int32_t limit) {
  auto* self = PyObject_GC_New(LimitedStep, limited_step_type);
  if (self == nullptr) return nullptr;
  self->call = call_limited_step;
  self->step = Py_XNewRef(step);
  self->lane = lane;
  self->episode = {Autoreset::disabled, 0, limit, Status::running, 0};
  PyObject_GC_Track(self);
  return reinterpret_cast<PyObject*>(self);
}

// LimitedStep(step, limit), for a step that is no LaneStep.
PyObject* make_limited_step(PyTypeObject*, PyObject* args, PyObject*) {
  PyObject* step;
  PyObject* limit;
  std::int32_t steps;
  if (!PyArg_ParseTuple(args, "OO", &step, &limit) || !read_limit(limit, steps)) return nullptr;
  return limited_step(step == Py_None ? nullptr : step, nullptr, steps);
}

int traverse_limited_step(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(reinterpret_cast<LimitedStep*>(object)->step);
  return 0;
}

int clear_limited_step(PyObject* object) {
  auto* self = reinterpret_cast<LimitedStep*>(object);
  self->lane = nullptr;
  Py_CLEAR(self->step);
  return 0;
}

void free_limited_step(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  clear_limited_step(object);
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

PyMethodDef limited_step_methods[] = {
    {"count", count, METH_O,
     "count(result: tuple) -> tuple\n\nCount a step that was taken elsewhere, and return its "
     "result, truncated if it was the last."},
    {"reset_path", limited_reset_path, METH_O, kResetPathDoc},
    {nullptr, nullptr, 0, nullptr}};

PyMemberDef limited_step_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(LimitedStep, call), READONLY, nullptr},
    {"elapsed", T_INT, offsetof(LimitedStep, episode) + offsetof(OneEpisode, elapsed), 0,
     "Steps taken since it was last 0."},
    {"limit", T_INT, offsetof(LimitedStep, episode) + offsetof(OneEpisode, limit), 0,
     "Steps after which it truncates."},
    {nullptr, 0, 0, 0, nullptr}};

PyType_Slot limited_step_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(make_limited_step)},
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {Py_tp_dealloc, reinterpret_cast<void*>(free_limited_step)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse_limited_step)},
    {Py_tp_clear, reinterpret_cast<void*>(clear_limited_step)},
    {Py_tp_methods, limited_step_methods},
    {Py_tp_members, limited_step_members},
    {0, nullptr}};

PyType_Spec limited_step_spec{"dromos._core.batch.LimitedStep", sizeof(LimitedStep), 0,
                              kTypeFlags & ~Py_TPFLAGS_DISALLOW_INSTANTIATION, limited_step_slots};

// Episode(replaces=False): whether the step that ends an episode begins the next one.
PyObject* make_episode(PyTypeObject* type, PyObject* args, PyObject*) {
  int replaces = 0;
  if (!PyArg_ParseTuple(args, "|p", &replaces)) return nullptr;
  PyObject* self = type->tp_alloc(type, 0);
  if (self != nullptr)
    episode_of(self) = {replaces ? Autoreset::same_step : Autoreset::next_step, 0, kNoLimit,
                        Status::running, 0};
  return self;
}

void free_episode(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* begin(PyObject* self, PyObject*) {
  episode_of(self).view().begin(0);
  Py_RETURN_NONE;
}

PyObject* count_step(PyObject* self, PyObject* const* args, Py_ssize_t number) {
  if (number != 2) {
    PyErr_SetString(PyExc_TypeError, "expected terminated and truncated");
    return nullptr;
  }
  const int terminated = PyObject_IsTrue(args[0]);
  const int cut_off = terminated < 0 ? -1 : PyObject_IsTrue(args[1]);
  if (cut_off < 0) return nullptr;
  Episodes view = episode_of(self).view();
  return PyBool_FromLong(view.count_step(0, terminated != 0, cut_off != 0).ended);
}

PyObject* restarts(PyObject* self, void*) {
  return PyBool_FromLong(episode_of(self).view().restarts(0));
}

PyMethodDef episode_methods[] = {
    {"begin", begin, METH_NOARGS, "begin() -> None\n\nNote that an episode has been started."},
    {"count_step", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(count_step)),
     METH_FASTCALL,
     "count_step(terminated, truncated) -> bool\n\nCount a step and return whether it ended the "
     "episode."},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef episode_properties[] = {
    {"restarts", restarts, nullptr, "Whether the next step is a reset.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyType_Slot episode_slots[] = {{Py_tp_new, reinterpret_cast<void*>(make_episode)},
                               {Py_tp_dealloc, reinterpret_cast<void*>(free_episode)},
                               {Py_tp_methods, episode_methods},
                               {Py_tp_getset, episode_properties},
                               {0, nullptr}};

PyType_Spec episode_spec{"dromos._core.batch.Episode", sizeof(EpisodeObject), 0, Py_TPFLAGS_DEFAULT,
                         episode_slots};

}  // namespace

PyObject* new_limited_step(PyObject* lane_step, PyObject* limit) {
  std::int32_t steps;
  if (!read_limit(limit, steps)) return nullptr;
  return limited_step(lane_step, reinterpret_cast<LaneStep*>(lane_step), steps);
}

void add_limited_step_type(PyObject* module) {
  limited_step_type = add_type(module, limited_step_spec);
}

void add_episode_type(PyObject* module) { add_type(module, episode_spec); }

}  // namespace dromos::bind
