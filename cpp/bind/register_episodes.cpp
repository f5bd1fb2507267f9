// dromos._core.episodes: the episodes of Python environments, many lanes at a time.
#include <Python.h>
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "bind.hpp"
#include "gathered_infos.hpp"
#include "kernel_arrays.hpp"
#include "row_indices.hpp"
#include "slots.hpp"
#include "spaces.hpp"
#include "split_infos.hpp"

namespace dromos::bind {
namespace {

bool truth(nb::handle object) {
  const int is_true = PyObject_IsTrue(object.ptr());
  if (is_true < 0) throw nb::python_error();
  return is_true != 0;
}

bool is_empty_dict(nb::handle object) {
  return PyDict_Check(object.ptr()) && PyDict_GET_SIZE(object.ptr()) == 0;
}

// A list, which others may change while it is walked.
class List {
 public:
  explicit List(nb::handle object, const char* name) : list_(object.ptr()) {
    if (!PyList_Check(list_))
      raise(PyExc_TypeError, "%s must be a list, found %R", name, Py_TYPE(list_));
  }

  std::size_t size() const { return static_cast<std::size_t>(PyList_GET_SIZE(list_)); }

  nb::object operator[](std::size_t index) const {
    if (index >= size()) raise(PyExc_IndexError, "a list of lanes became shorter during a step");
    return nb::borrow(PyList_GET_ITEM(list_, static_cast<Py_ssize_t>(index)));
  }

 private:
  PyObject* list_;
};

// One value a row, in an array of Python's.
template <class T>
T* column(nb::handle object, const char* name, int type, std::size_t rows) {
  PyArrayObject* array = plain_array(object);
  if (array == nullptr || PyArray_TYPE(array) != type || !PyArray_ISWRITEABLE(array) ||
      size_of(array) != rows)
    raise(PyExc_TypeError, "%s must be a writable, C-contiguous array of %zu values, found %R",
          name, rows, object.ptr());
  return data_of<T>(array);
}

// How many values an array has; 0 if it is none.
std::size_t length(nb::handle object) {
  PyArrayObject* array = plain_array(object);
  return array == nullptr ? 0 : size_of(array);
}

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

// What the class Episode of dromos.vector.autoreset holds for each lane.
class Episodes {
 public:
  explicit Episodes(nb::handle kind)
      : kind_(nb::borrow(kind)),
        obs_(kind, "obs"),
        final_obs_(kind, "final_obs"),
        reward_(kind, "reward"),
        terminated_(kind, "terminated"),
        truncated_(kind, "truncated"),
        info_(kind, "info"),
        valid_transition_(kind, "valid_transition"),
        restarts_(kind, "restarts"),
        needs_reset_(kind, "needs_reset") {}

  // Moves the lanes from `first` to before `last`, None for all behind it; returns None, or the
  // lane that raised and what it raised.
  nb::object step(nb::handle episode_list, nb::handle env_list, nb::handle action_list,
                  std::size_t first, std::optional<std::size_t> last) const {
    const List episodes(episode_list, "episodes"), envs(env_list, "envs");
    const List actions(action_list, "actions");
    if (envs.size() != episodes.size() || actions.size() != episodes.size())
      raise(PyExc_ValueError, "expected as many envs and actions as episodes, %zu, found %zu, %zu",
            episodes.size(), envs.size(), actions.size());
    const std::size_t end = std::min(last.value_or(episodes.size()), episodes.size());
    for (std::size_t lane = first; lane < end; ++lane) {
      const nb::object episode = checked(episodes[lane]);
      try {
        step_one(episode.ptr(), envs[lane].ptr(), actions[lane].ptr());
      } catch (nb::python_error& error) {
        needs_reset_.set(episode.ptr(), Py_True);
        return nb::make_tuple(lane, error.value());
      }
    }
    return nb::none();
  }

  // The lanes that have no episode to step in.
  nb::list idle(nb::handle episode_list) const {
    const List episodes(episode_list, "episodes");
    nb::list result;
    for (std::size_t lane = 0; lane < episodes.size(); ++lane)
      if (truth(needs_reset_.get(checked(episodes[lane]).ptr()))) result.append(lane);
    return result;
  }

  // Writes what the lanes report besides observations and infos, to these rows, or to all; false if
  // a reward is no plain number, so that rewards are to be written by other means.
  bool write(nb::handle episode_list, nb::handle rewards, nb::handle terminated,
             nb::handle truncated, nb::handle stepped, nb::handle rows) const {
    const List episodes(episode_list, "episodes");
    const std::size_t lanes = episodes.size();
    const std::size_t number = rows.is_none() ? lanes : length(rewards);
    const RowIndices indices(rows, lanes, number);
    auto* reward = column<double>(rewards, "rewards", NPY_DOUBLE, number);
    auto* ended = column<npy_bool>(terminated, "terminated", NPY_BOOL, number);
    auto* cut = column<npy_bool>(truncated, "truncated", NPY_BOOL, number);
    auto* moved = column<npy_bool>(stepped, "stepped", NPY_BOOL, number);
    bool all_numbers = true;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const nb::object episode = checked(episodes[lane]);
      const std::size_t row = indices[lane];
      all_numbers &= take_number(reward_.get(episode.ptr()).ptr(), reward[row]);
      ended[row] = truth(terminated_.get(episode.ptr()));
      cut[row] = truth(truncated_.get(episode.ptr()));
      moved[row] = truth(valid_transition_.get(episode.ptr()));
    }
    return all_numbers;
  }

  // Writes all that the lanes report, if it is plain: no infos, observations of the dtype and shape
  // of their array's rows, rewards that are numbers. False if it is not; what is written does not
  // count.
  bool report(nb::handle episode_list, nb::handle observations_array, nb::handle rewards,
              nb::handle terminated, nb::handle truncated, nb::handle stepped,
              nb::handle rows) const {
    const List episodes(episode_list, "episodes");
    for (std::size_t lane = 0; lane < episodes.size(); ++lane)
      if (!is_empty_dict(info_.get(checked(episodes[lane]).ptr()))) return false;
    return !stack(observations(episode_list), observations_array, rows).is_none() &&
           write(episode_list, rewards, terminated, truncated, stepped, rows);
  }

  nb::list observations(nb::handle episodes) const { return values(episodes, obs_); }
  nb::list final_observations(nb::handle episodes) const { return values(episodes, final_obs_); }

  // None if all are empty.
  nb::list infos(nb::handle episode_list) const {
    const nb::list infos = values(episode_list, info_);
    bool all_empty = true;
    for (const nb::handle info : infos) {
      if (!PyDict_Check(info.ptr()))
        raise(PyExc_TypeError, "expected the info of a lane to be a dict, found %R", info.ptr());
      all_empty &= PyDict_GET_SIZE(info.ptr()) == 0;
    }
    return all_empty ? nb::list() : infos;
  }

  // The class leads back here, by what the module of its methods holds: the garbage collector has
  // to know.
  static int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (nb::inst_ready(self)) Py_VISIT(nb::inst_ptr<Episodes>(self)->kind_.ptr());
    return 0;
  }
  static int clear(PyObject* self) {
    if (nb::inst_ready(self)) nb::inst_ptr<Episodes>(self)->kind_.reset();
    return 0;
  }

 private:
  nb::object checked(nb::object episode) const {
    if (!kind_.is_valid()) raise(PyExc_RuntimeError, "the interpreter is exiting");
    if (!PyObject_TypeCheck(episode.ptr(), reinterpret_cast<PyTypeObject*>(kind_.ptr())))
      raise(PyExc_TypeError, "expected an object of %R, found %R", kind_.ptr(),
            Py_TYPE(episode.ptr()));
    return episode;
  }

  void step_one(PyObject* episode, PyObject* env, PyObject* action) const {
    if (truth(restarts_.get(episode))) {
      call(restart_, episode, env);
      return;
    }
    const nb::object result = five(call(step_, env, action));
    PyObject* const* parts = &PyTuple_GET_ITEM(result.ptr(), 0);
    obs_.set(episode, parts[0]);
    final_obs_.set(episode, parts[0]);
    reward_.set(episode, parts[1]);
    terminated_.set(episode, parts[2]);
    truncated_.set(episode, parts[3]);
    info_.set(episode, parts[4]);
    valid_transition_.set(episode, Py_True);
    if (truth(parts[2]) || truth(parts[3])) call(end_, episode, env);
  }

  // A result as a tuple of the five things that a step returns.
  static nb::object five(nb::object result) {
    if (!PyTuple_Check(result.ptr())) result = made(PySequence_Tuple(result.ptr()));
    if (PyTuple_GET_SIZE(result.ptr()) != 5)
      raise(PyExc_ValueError,
            "expected `step` of the environment to return five values, (observation, reward, "
            "terminated, truncated, info), found %zd",
            PyTuple_GET_SIZE(result.ptr()));
    return result;
  }

  static nb::object call(const nb::object& method, PyObject* object, PyObject* argument) {
    PyObject* given[] = {object, argument};
    return made(PyObject_VectorcallMethod(method.ptr(), given, 2, nullptr));
  }

  nb::list values(nb::handle episode_list, const Slot& slot) const {
    const List episodes(episode_list, "episodes");
    nb::list result;
    for (std::size_t lane = 0; lane < episodes.size(); ++lane)
      result.append(slot.get(checked(episodes[lane]).ptr()));
    return result;
  }

  static nb::object name(const char* text) { return made(PyUnicode_InternFromString(text)); }

  nb::object kind_;
  Slot obs_, final_obs_, reward_, terminated_, truncated_, info_;
  Slot valid_transition_, restarts_, needs_reset_;
  nb::object step_ = name("step"), restart_ = name("restart"), end_ = name("end");
};

}  // namespace

void register_episodes(nb::module_& m) {
  using namespace nb::literals;
  m.def("batch_infos", &batch_infos, "infos"_a, "rows"_a, "num_rows"_a, "column"_a);
  m.def("fill_rows", &fill_rows, "rows"_a, "key"_a, "column"_a, "mask"_a.none());
  static PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(&Episodes::traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(&Episodes::clear)},
                                {0, nullptr}};
  nb::class_<Episodes>(m, "Episodes", nb::type_slots(slots))
      .def(nb::init<nb::handle>(), "kind"_a)
      .def("step", &Episodes::step, "episodes"_a, "envs"_a, "actions"_a, "first"_a = 0,
           "last"_a = nb::none())
      .def("idle", &Episodes::idle, "episodes"_a)
      .def("write", &Episodes::write, "episodes"_a, "rewards"_a, "terminated"_a, "truncated"_a,
           "stepped"_a, "rows"_a = nb::none())
      .def("report", &Episodes::report, "episodes"_a, "observations"_a, "rewards"_a, "terminated"_a,
           "truncated"_a, "stepped"_a, "rows"_a = nb::none())
      .def("observations", &Episodes::observations, "episodes"_a)
      .def("final_observations", &Episodes::final_observations, "episodes"_a)
      .def("infos", &Episodes::infos, "episodes"_a);
}

}  // namespace dromos::bind
