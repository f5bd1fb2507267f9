#include "lane_step.hpp"

#include <structmember.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <stdexcept>
#include <vector>

#include "infos.hpp"
#include "lane_step_object.hpp"
#include "numpy_arrays.hpp"
#include "observations.hpp"

namespace dromos::bind {
namespace {

// False, with the Python error set, if `move` throws: the lane's state outgrows its arrays, or a
// user's own dynamics throw what they like.
template <class Move>
bool succeeds(const Move& move) {
  try {
    move();
    return true;
  } catch (const std::overflow_error& shortage) {
    PyErr_SetString(PyExc_OverflowError, shortage.what());
  } catch (const std::invalid_argument& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return false;
}

}  // namespace

PyObject* started(LaneStep* self) {
  static constexpr std::int64_t kLane[] = {0};
  if (!succeeds([self] {
        self->batch->reset(kLane);
        self->batch->observe(kLane, self->leaves->data());
        self->batch->inform(kLane, self->columns->data());
      }))
    return nullptr;
  self->told_of_end = false;
  const Layout& layout = self->batch->layout();
  PyObject* observation = single_observation(layout, self->leaves->data());
  PyObject* info = single_info(layout.info, self->info_keys, self->columns->data());
  PyObject* result = PyTuple_New(2);
  if (observation == nullptr || info == nullptr || result == nullptr) {
    Py_XDECREF(observation);
    Py_XDECREF(info);
    Py_XDECREF(result);
    return nullptr;
  }
  PyTuple_SET_ITEM(result, 0, observation);
  PyTuple_SET_ITEM(result, 1, info);
  return result;
}

namespace {

PyTypeObject* lane_step_type = nullptr;

// Interned strings.
struct Names {
  PyObject* fault = nullptr;       // a method of the environment: (reason, action)
  PyObject* long_reset = nullptr;  // another one: (seed, options) -> (observation, info)
};
Names names;

// Calls a method of the environment, if that still exists; nullptr with the Python error set.
template <class... Arguments>
PyObject* call_env(LaneStep* self, PyObject* method, Arguments... arguments) {
#if PY_VERSION_HEX < 0x030D0000
  PyObject* env = Py_NewRef(PyWeakref_GetObject(self->env));
#else
  PyObject* env = nullptr;
  if (PyWeakref_GetRef(self->env, &env) < 0) return nullptr;
  if (env == nullptr) env = Py_NewRef(Py_None);
#endif
  PyObject* result = nullptr;
  if (env == Py_None)
    PyErr_SetString(PyExc_ReferenceError, "the environment of this call is gone");
  else
    result = PyObject_CallMethodObjArgs(env, method, arguments..., nullptr);
  Py_DECREF(env);
  return result;
}

// False, with the Python error set, if the environment raised; "ended" may be let pass.
bool report(LaneStep* self, const char* reason, PyObject* action) {
  PyObject* text = PyUnicode_FromString(reason);
  PyObject* result = text == nullptr ? nullptr : call_env(self, names.fault, text, action);
  Py_XDECREF(text);
  if (result == nullptr) return false;
  Py_DECREF(result);
  if (std::strcmp(reason, "ended") == 0) return true;
  PyErr_Format(PyExc_SystemError, "the environment let the fault '%s' pass", reason);
  return false;
}

bool move(LaneStep* self, const void* action, Transition& transition) {
  return succeeds([&] {
    transition = self->batch->step_single(action, self->leaves->data(), self->columns->data());
  });
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
  return move(self, &choice, transition);
}

bool take_continuous(LaneStep* self, PyObject* action, Transition& transition) {
  const ActionLayout& layout = self->batch->layout().action;
  void* data = nullptr;
  PyObject* array = converted_array(action, layout.dtype, layout.count, &data);
  if (array == nullptr) return report(self, "action", action);
  const bool good = self->batch->first_bad_action(data, 1) < 0;
  const bool moved = good && move(self, data, transition);
  Py_DECREF(array);
  return good ? moved : report(self, "action", action);
}

}  // namespace

bool take(LaneStep* self, PyObject* action, Transition& transition) {
  const Status status = self->batch->episodes().status[0];
  if (status == Status::unset || status == Status::interrupted)
    return report(self, "reset", action);
  if (status == Status::ended && !self->told_of_end) {
    self->told_of_end = true;
    if (!report(self, "ended", action)) return false;
  }
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

PyObject* only_action(PyObject* const* args, std::size_t nargsf, PyObject* keywords) {
  const Py_ssize_t positional = PyVectorcall_NARGS(nargsf);
  const Py_ssize_t named = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  if (positional + named == 1 && (named == 0 || PyUnicode_CompareWithASCIIString(
                                                    PyTuple_GET_ITEM(keywords, 0), "action") == 0))
    return args[0];
  PyErr_SetString(PyExc_TypeError, "step() takes exactly one argument: action");
  return nullptr;
}

namespace {

PyObject* call_lane_step(PyObject* object, PyObject* const* args, std::size_t nargsf,
                         PyObject* keywords) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  PyObject* action = only_action(args, nargsf, keywords);
  Transition transition;
  if (action == nullptr || !take(self, action, transition)) return nullptr;
  return five_tuple(self, transition, false);
}

PyObject* start(PyObject* object, PyObject*) {
  return started(reinterpret_cast<LaneStep*>(object));
}

// reset(*, seed=None, options=None); what is not just a start is left to the environment.
PyObject* reset(PyObject* object, PyObject* const* args, Py_ssize_t positional,
                PyObject* keywords) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  PyObject* seed = Py_None;
  PyObject* options = Py_None;
  if (positional > 0) {
    PyErr_SetString(PyExc_TypeError, "reset() takes its arguments by name: seed, options");
    return nullptr;
  }
  for (Py_ssize_t i = 0; keywords != nullptr && i < PyTuple_GET_SIZE(keywords); ++i) {
    PyObject* name = PyTuple_GET_ITEM(keywords, i);
    if (PyUnicode_CompareWithASCIIString(name, "seed") == 0) {
      seed = args[i];
    } else if (PyUnicode_CompareWithASCIIString(name, "options") == 0) {
      options = args[i];
    } else {
      PyErr_Format(PyExc_TypeError, "reset() got an unexpected keyword argument %R", name);
      return nullptr;
    }
  }
  if (self->direct && seed == Py_None && options == Py_None) return started(self);
  return call_env(self, names.long_reset, seed, options);
}

PyObject* lane_reset_path(PyObject* object, PyObject* layers) {
  return new_reset_path(reinterpret_cast<LaneStep*>(object), nullptr, layers);
}

int traverse_lane_step(PyObject* object, visitproc visit, void* arg) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->owner);
  Py_VISIT(self->env);
  return 0;
}

void free_lane_step(PyObject* object) {
  auto* self = reinterpret_cast<LaneStep*>(object);
  PyTypeObject* type = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  Py_CLEAR(self->env);
  Py_CLEAR(self->owner);
  Py_CLEAR(self->info_keys);
  delete self->leaves;
  delete self->columns;
  delete self->scratch;
  PyObject_GC_Del(object);
  Py_DECREF(type);
}

PyMethodDef lane_step_methods[] = {
    {"limited", new_limited_step, METH_O,
     "limited(limit: int) -> LimitedStep\n\nThe same step with a clock of its own: truncated once "
     "`limit` steps were taken."},
    {"start", start, METH_NOARGS, "start() -> (observation, info)\n\nStart an episode."},
    {"reset", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(reset)),
     METH_FASTCALL | METH_KEYWORDS,
     "reset($self, /, *, seed=None, options=None)\n--\n\nStart an episode, as `Env.reset` says."},
    {"reset_path", lane_reset_path, METH_O, kResetPathDoc},
    {nullptr, nullptr, 0, nullptr}};

PyMemberDef lane_step_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(LaneStep, call), READONLY, nullptr},
    {"direct", T_BOOL, offsetof(LaneStep, direct), 0,
     "Whether a reset without arguments is a start and nothing else."},
    {nullptr, 0, 0, 0, nullptr}};

PyType_Slot lane_step_slots[] = {{Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                                 {Py_tp_dealloc, reinterpret_cast<void*>(free_lane_step)},
                                 {Py_tp_traverse, reinterpret_cast<void*>(traverse_lane_step)},
                                 {Py_tp_methods, lane_step_methods},
                                 {Py_tp_members, lane_step_members},
                                 {0, nullptr}};

PyType_Spec lane_step_spec{"dromos._core.batch.LaneStep", sizeof(LaneStep), 0, kTypeFlags,
                           lane_step_slots};
}  // namespace

void add_lane_step_types(PyObject* module) {
  lane_step_type = add_type(module, lane_step_spec);
  add_limited_step_type(module);
  add_episode_type(module);
  names = {interned("_fault"), interned("_long_reset")};
  add_reset_path_type(module);
}

PyObject* new_lane_step(AnyBatch* batch, PyObject* owner, PyObject* env) {
  auto* self = PyObject_GC_New(LaneStep, lane_step_type);
  if (self == nullptr) throw nanobind::python_error();
  self->call = call_lane_step;
  self->batch = batch;
  self->owner = Py_NewRef(owner);
  self->env = PyWeakref_NewRef(env, nullptr);
  self->direct = false;
  self->told_of_end = false;
  self->leaves = new std::vector<void*>;
  self->columns = new std::vector<void*>;
  self->info_keys = new_info_keys(batch->layout().info);
  // Places first, as offsets; then the memory they are in, which an observation of pixels fills.
  std::vector<std::size_t> offsets;
  std::size_t used = 0;
  const auto place = [&](std::size_t bytes) {
    offsets.push_back(used);
    used += (bytes + 15) / 16 * 16;
  };
  for (const Leaf& leaf : batch->layout().observation) place(row_bytes(leaf));
  for (const FieldInfo& field : batch->layout().info) place(field.bytes);
  self->scratch = new std::vector<std::max_align_t>(used / sizeof(std::max_align_t) + 1);
  auto* memory = reinterpret_cast<std::byte*>(self->scratch->data());
  const std::size_t leaves = batch->layout().observation.size();
  for (std::size_t i = 0; i < offsets.size(); ++i)
    (i < leaves ? self->leaves : self->columns)->push_back(memory + offsets[i]);
  PyObject_GC_Track(self);
  if (self->info_keys == nullptr || self->env == nullptr) {
    Py_DECREF(self);
    throw nanobind::python_error();
  }
  return reinterpret_cast<PyObject*>(self);
}

}  // namespace dromos::bind
