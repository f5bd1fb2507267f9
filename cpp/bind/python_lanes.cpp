// Environments written in Python, walked lane by lane in the core.
#include <Python.h>
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "episodes.hpp"
#include "interpreter.hpp"
#include "kernel_arrays.hpp"
#include "row_indices.hpp"
#include "spaces.hpp"

namespace dromos::bind {
namespace {

bool truth(nb::handle object) {
  const int is_true = PyObject_IsTrue(object.ptr());
  if (is_true < 0) throw nb::python_error();
  return is_true != 0;
}

// A list, which others may change while it is walked.
class List {
 public:
  List() = default;
  List(nb::handle object, const char* name) : list_(nb::borrow(object)), name_(name) {
    if (!PyList_Check(object.ptr()))
      raise(PyExc_TypeError, "%s must be a list, found %R", name, Py_TYPE(object.ptr()));
  }

  std::size_t size() const { return static_cast<std::size_t>(PyList_GET_SIZE(list_.ptr())); }
  nb::object operator[](std::size_t index) const {
    if (index >= size()) raise(PyExc_IndexError, "the list %s became shorter during a step", name_);
    return nb::borrow(PyList_GET_ITEM(list_.ptr(), static_cast<Py_ssize_t>(index)));
  }
  void set(std::size_t index, PyObject* value) const {
    if (index >= size()) raise(PyExc_IndexError, "the list %s became shorter during a step", name_);
    Py_INCREF(value);
    PyList_SetItem(list_.ptr(), static_cast<Py_ssize_t>(index), value);
  }
  PyObject* ptr() const { return list_.ptr(); }

 private:
  nb::object list_;
  const char* name_ = nullptr;
};

// A number as double; false if `object` is something else that may count as one.
bool take_number(PyObject* object, double& value) {
  if (PyFloat_Check(object)) {
    value = PyFloat_AS_DOUBLE(object);
    return true;
  }
  if (!PyLong_Check(object) && !PyArray_IsScalar(object, Integer) &&
      !PyArray_IsScalar(object, Floating))
    return false;
  value = PyFloat_AsDouble(object);
  if (value == -1.0 && PyErr_Occurred() != nullptr) throw nb::python_error();
  return true;
}

// A result as a tuple of the things that a step or a reset returns.
nb::object parts_of(nb::object result, Py_ssize_t count, const char* call, const char* values) {
  if (!PyTuple_Check(result.ptr())) result = made(PySequence_Tuple(result.ptr()));
  if (PyTuple_GET_SIZE(result.ptr()) != count)
    raise(PyExc_ValueError, "expected `%s` of the environment to return %s, found %zd", call,
          values, PyTuple_GET_SIZE(result.ptr()));
  return result;
}

Episodes& episodes_of(nb::handle object) {
  if (!nb::isinstance<EpisodeArrays>(object))
    raise(PyExc_TypeError, "episodes must be of class Episodes, found %R", Py_TYPE(object.ptr()));
  return nb::cast<EpisodeArrays&>(object).view();
}

class PythonLanes {
 public:
  // `reports` are the lists of observations, final observations and infos; `replace(env, obs,
  // info)` ends an episode and starts the next in the same step, and returns the three to report;
  // `number(lane, reward)` makes a float of a reward that is no plain number.
  PythonLanes(nb::handle episodes, nb::handle envs, nb::tuple reports, nb::object rewards,
              nb::object terminated, nb::object truncated, nb::object replace, nb::object number)
      : episodes_object_(nb::borrow(episodes)),
        episodes_(episodes_of(episodes)),
        envs_(envs, "envs"),
        obs_(reports[0], "observations"),
        final_obs_(reports[1], "final observations"),
        infos_(reports[2], "infos"),
        rewards_(rewards),
        terminated_(terminated),
        truncated_(truncated),
        replace_(replace),
        number_(number) {
    reward_ = column<double>(rewards, "rewards", NPY_DOUBLE, episodes_.count);
    ended_ = column<npy_bool>(terminated, "terminated", NPY_BOOL, episodes_.count);
    cut_ = column<npy_bool>(truncated, "truncated", NPY_BOOL, episodes_.count);
    for (const List* list : {&envs_, &obs_, &final_obs_, &infos_})
      if (list->size() != episodes_.count)
        raise(PyExc_ValueError, "expected lists of %zu lanes, found %zu", episodes_.count,
              list->size());
  }

  // Moves lanes[first], ... before `last`, None for all behind it; returns None, or the position
  // that raised and what it raised.
  nb::object step(nb::handle lanes, nb::handle action_list, std::size_t first,
                  std::optional<std::size_t> last) const {
    const LaneList chosen(lanes, episodes_.count);
    const List actions(action_list, "actions");
    if (actions.size() != chosen.size())
      raise(PyExc_ValueError, "expected as many actions as lanes, %zu, found %zu", chosen.size(),
            actions.size());
    const std::size_t end = std::min(last.value_or(chosen.size()), chosen.size());
    for (std::size_t row = first; row < end; ++row) {
      try {
        step_one(chosen[row], actions[row].ptr());
      } catch (nb::python_error& error) {
        episodes_.interrupt(chosen[row]);
        return nb::make_tuple(row, error.value());
      }
    }
    return nb::none();
  }

  // Moves all lanes `steps` times by actions, a flat list of one a step and lane, and writes what
  // they report to row t of arrays (steps, lanes, ...): rewards, terminated, truncated, valid, and
  // observations where they are of the dtype and shape of the rows. Where not, or where there is
  // more to write, which None for the array says, `write(t)` is called. Returns how many steps all
  // lanes made, and None or the lane that raised and what it raised.
  nb::tuple run(nb::handle action_list, std::size_t steps, nb::handle seen, nb::tuple results,
                nb::object write) const {
    const List actions(action_list, "actions");
    const std::size_t lanes = episodes_.count;
    if (actions.size() != steps * lanes)
      raise(PyExc_ValueError, "expected %zu actions, found %zu", steps * lanes, actions.size());
    if (nb::len(results) != 4) raise(PyExc_ValueError, "expected four arrays of results");
    auto* reward = column<double>(results[0], "rewards", NPY_DOUBLE, steps * lanes);
    npy_bool* flags[3];
    for (std::size_t i = 0; i < 3; ++i)
      flags[i] = column<npy_bool>(results[i + 1], "flags", NPY_BOOL, steps * lanes);
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        try {
          step_one(lane, actions[t * lanes + lane].ptr());
        } catch (nb::python_error& error) {
          episodes_.interrupt(lane);
          return nb::make_tuple(t, nb::make_tuple(lane, error.value()));
        }
      }
      const std::size_t first = t * lanes;
      std::copy_n(reward_, lanes, reward + first);
      std::copy_n(ended_, lanes, flags[0] + first);
      std::copy_n(cut_, lanes, flags[1] + first);
      for (std::size_t lane = 0; lane < lanes; ++lane)
        flags[2][first + lane] = episodes_.restarted[lane] == 0;
      if (seen.is_none() || stack(nb::borrow(obs_.ptr()), seen[nb::int_(t)], nb::none()).is_none())
        run_python([&] { return write(t); });
    }
    return nb::make_tuple(steps, nb::none());
  }

  // Takes over what a reset returned.
  void begin(std::size_t lane, nb::object result) const {
    if (lane >= episodes_.count) raise(PyExc_IndexError, "no such lane");
    const nb::object parts = parts_of(result, 2, "reset", "two values, (observation, info)");
    report(lane, PyTuple_GET_ITEM(parts.ptr(), 0), PyTuple_GET_ITEM(parts.ptr(), 0),
           PyTuple_GET_ITEM(parts.ptr(), 1));
    reward_[lane] = 0.0;
    ended_[lane] = cut_[lane] = 0;
    episodes_.begin(lane);
    episodes_.restarted[lane] = 1;
  }

  // Writes observations of lanes to rows of an array, if all are of the dtype and shape of its rows
  // and no lane has an info. False if not; what is written does not count.
  bool write_plain(nb::handle array, nb::handle rows) const {
    for (std::size_t row = 0, count = count_of(rows); row < count; ++row) {
      const nb::object info = infos_[row_of(rows, row)];
      if (!PyDict_Check(info.ptr()) || PyDict_GET_SIZE(info.ptr()) != 0) return false;
    }
    return !stack(rows.is_none() ? nb::borrow(obs_.ptr()) : nb::object(chosen(obs_, rows)), array,
                  rows)
                .is_none();
  }

  nb::list observations(nb::handle lanes) const { return chosen(obs_, lanes); }
  nb::list final_observations(nb::handle lanes) const { return chosen(final_obs_, lanes); }

  // None if all are empty.
  nb::list infos(nb::handle lanes) const {
    const nb::list infos = chosen(infos_, lanes);
    bool all_empty = true;
    for (const nb::handle info : infos) {
      if (!PyDict_Check(info.ptr()))
        raise(PyExc_TypeError, "expected the info of a lane to be a dict, found %R", info.ptr());
      all_empty &= PyDict_GET_SIZE(info.ptr()) == 0;
    }
    return all_empty ? nb::list() : infos;
  }

  // Environments may lead back here: the garbage collector has to know.
  static int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (!nb::inst_ready(self)) return 0;
    auto* lanes = nb::inst_ptr<PythonLanes>(self);
    for (const List* list : {&lanes->envs_, &lanes->obs_, &lanes->final_obs_, &lanes->infos_})
      Py_VISIT(list->ptr());
    Py_VISIT(lanes->replace_.ptr());
    Py_VISIT(lanes->number_.ptr());
    return 0;
  }

 private:
  void step_one(std::size_t lane, PyObject* action) const {
    const nb::object env = envs_[lane];
    if (episodes_.restarts(lane)) {
      begin(lane,
            made(run_python([&] { return PyObject_CallMethodNoArgs(env.ptr(), reset_.ptr()); })));
      return;
    }
    PyObject* given[] = {env.ptr(), action};
    const nb::object result = parts_of(
        made(run_python([&] { return PyObject_VectorcallMethod(step_.ptr(), given, 2, nullptr); })),
        5, "step", "five values, (observation, reward, terminated, truncated, info)");
    PyObject* const* parts = &PyTuple_GET_ITEM(result.ptr(), 0);
    double reward;
    if (!take_number(parts[1], reward))
      reward = nb::cast<double>(run_python([&] { return number_(lane, nb::handle(parts[1])); }));
    const auto [cut, over] = episodes_.count_step(lane, truth(parts[2]), truth(parts[3]));
    reward_[lane] = reward;
    ended_[lane] = truth(parts[2]);
    cut_[lane] = cut;
    episodes_.restarted[lane] = 0;
    if (!over || !episodes_.replaces()) return report(lane, parts[0], parts[0], parts[4]);
    const nb::object shown = parts_of(
        run_python([&] { return replace_(env, nb::handle(parts[0]), nb::handle(parts[4])); }), 3,
        "replace", "three");
    PyObject* const* next = &PyTuple_GET_ITEM(shown.ptr(), 0);
    report(lane, next[0], next[1], next[2]);
    episodes_.begin(lane);
  }

  void report(std::size_t lane, PyObject* obs, PyObject* final_obs, PyObject* info) const {
    obs_.set(lane, obs);
    final_obs_.set(lane, final_obs);
    infos_.set(lane, info);
  }

  std::size_t count_of(nb::handle lanes) const {
    return lanes.is_none() ? episodes_.count : nb::len(lanes);
  }
  std::size_t row_of(nb::handle lanes, std::size_t row) const {
    return lanes.is_none() ? row : nb::cast<std::size_t>(lanes[row]);
  }

  nb::list chosen(const List& all, nb::handle lanes) const {
    const LaneList rows(lanes, episodes_.count);
    nb::list result;
    for (std::size_t row = 0; row < rows.size(); ++row) result.append(all[rows[row]]);
    return result;
  }

  static nb::object name(const char* text) { return made(PyUnicode_InternFromString(text)); }

  nb::object episodes_object_;
  Episodes& episodes_;
  List envs_, obs_, final_obs_, infos_;
  nb::object rewards_, terminated_, truncated_, replace_, number_;
  double* reward_;
  npy_bool* ended_;
  npy_bool* cut_;
  nb::object step_ = name("step"), reset_ = name("reset");
};

}  // namespace

void register_python_lanes(nb::module_& m) {
  using namespace nb::literals;
  static PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(&PythonLanes::traverse)},
                                {0, nullptr}};
  nb::class_<PythonLanes>(m, "PythonLanes", nb::type_slots(slots))
      .def(nb::init<nb::handle, nb::handle, nb::tuple, nb::object, nb::object, nb::object,
                    nb::object, nb::object>(),
           "episodes"_a, "envs"_a, "reports"_a, "rewards"_a, "terminated"_a, "truncated"_a,
           "replace"_a, "number"_a)
      .def("step", &PythonLanes::step, "lanes"_a.none(), "actions"_a, "first"_a = 0,
           "last"_a = nb::none())
      .def("run", &PythonLanes::run, "actions"_a, "steps"_a, "observations"_a.none(), "results"_a,
           "write"_a)
      .def("begin", &PythonLanes::begin, "lane"_a, "result"_a)
      .def("write_plain", &PythonLanes::write_plain, "observations"_a, "lanes"_a.none())
      .def("observations", &PythonLanes::observations, "lanes"_a.none() = nb::none())
      .def("final_observations", &PythonLanes::final_observations, "lanes"_a.none() = nb::none())
      .def("infos", &PythonLanes::infos, "lanes"_a.none() = nb::none());
}

}  // namespace dromos::bind
