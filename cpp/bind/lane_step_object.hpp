// The objects behind a single environment's calls, for the files that implement them.
#pragma once

#include <Python.h>
#include <nanobind/nanobind.h>

#include <cstddef>
#include <vector>

#include "dromos/any_batch.hpp"

namespace dromos::bind {

struct LaneStep {
  PyObject_HEAD vectorcallfunc call;
  AnyBatch* batch;
  PyObject* owner;
  PyObject* env;  // a weak reference: an environment nobody holds any more goes at once
  PyObject* info_keys;
  char direct;                             // a reset without arguments is a start and nothing else
  bool told_of_end;                        // that the episode that has ended goes on being stepped
  std::vector<void*>* leaves;              // into `scratch`
  std::vector<void*>* columns;             // of the info, into `scratch` too
  std::vector<std::max_align_t>* scratch;  // observation and info of the last step
};

// An episode by itself, whoever makes its steps.
struct OneEpisode {
  Autoreset autoreset;
  std::int32_t elapsed;
  std::int32_t limit;
  Status status;
  std::uint8_t restarted;

  Episodes view() { return {1, autoreset, &elapsed, &limit, &status, &restarted}; }
};

// A step with a clock on it.
struct LimitedStep {
  PyObject_HEAD vectorcallfunc call;
  PyObject* step;  // what it counts; nullptr where it is handed results
  LaneStep* lane;  // `step`, if it is one; borrowed
  OneEpisode episode;
};

constexpr unsigned kTypeFlags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION;

inline PyTypeObject* add_type(PyObject* module, PyType_Spec& spec) {
  auto* type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  if (type == nullptr || PyModule_AddType(module, type) < 0) throw nanobind::python_error();
  return type;
}

inline PyObject* interned(const char* text) {
  PyObject* name = PyUnicode_InternFromString(text);
  if (name == nullptr) throw nanobind::python_error();
  return name;
}

// Starts an episode: (observation, info). nullptr with the Python error set on failure.
PyObject* started(LaneStep* self);

// Takes one transition; false with the Python error set if `action` is none or a handler raised.
bool take(LaneStep* self, PyObject* action, Transition& transition);
// What a step returns after `take`. nullptr with the Python error set on failure.
PyObject* five_tuple(LaneStep* self, const Transition& transition, bool truncated);
// The one argument, by position or as `action=`; nullptr with the Python error set.
PyObject* only_action(PyObject* const* args, std::size_t nargsf, PyObject* keywords);

// The method `limited` of a LaneStep.
PyObject* new_limited_step(PyObject* lane_step, PyObject* limit);
// Throw nanobind::python_error.
void add_limited_step_type(PyObject* module);
void add_episode_type(PyObject* module);

// A callable that starts an episode past `layers`, a tuple of the wrappers and the environment from
// the outside in, for as long as nobody changes one of them; called after that it returns None.
// None where one of them does not let itself be watched. `clock` may be nullptr.
PyObject* new_reset_path(LaneStep* lane, LimitedStep* clock, PyObject* layers);

constexpr const char* kResetPathDoc =
    "reset_path(layers: tuple) -> ResetPath | None\n\nStart an episode past `layers`, the wrappers "
    "and the environment from the outside in, for as long as nobody changes one of them; called "
    "after that it returns None.";

// Throws nanobind::python_error.
void add_reset_path_type(PyObject* module);

}  // namespace dromos::bind
