// dromos._core.episodes: the episodes of lanes, whatever moves them, and one call at a time.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>

#include "bind.hpp"
#include "episodes.hpp"
#include "gathered_infos.hpp"
#include "guard.hpp"
#include "kernel_arrays.hpp"
#include "split_infos.hpp"

namespace dromos::bind {
namespace {

std::size_t rows_of(nb::handle object) {
  PyArrayObject* array = plain_array(object);
  return array == nullptr ? 0 : size_of(array);
}

template <class T>
nb::object array_over(T* values, std::size_t count, nb::handle owner) {
  return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<1>>(values, {count}, owner));
}

nb::object int64_array(const std::vector<std::size_t>& values) {
  const auto length = static_cast<npy_intp>(values.size());
  PyArrayObject* array = empty_array(1, &length, NPY_INT64);
  nb::object result = owned(array);
  std::copy(values.begin(), values.end(), data_of<npy_int64>(array));
  return result;
}

}  // namespace

LaneList::LaneList(nb::handle lanes, std::size_t count) : all_(lanes.is_none()), count_(count) {
  if (all_) return;
  const auto add = [&](long long lane) {
    if (lane < 0 || static_cast<std::size_t>(lane) >= count)
      raise(PyExc_IndexError, "expected lanes below %zu, found %lld", count, lane);
    lanes_.push_back(static_cast<std::size_t>(lane));
  };
  if (PyArrayObject* array = plain_array(lanes);
      array != nullptr && PyArray_TYPE(array) == NPY_INT64) {
    const auto* values = data_of<npy_int64>(array);
    lanes_.reserve(size_of(array));
    for (std::size_t i = 0; i < size_of(array); ++i) add(values[i]);
    return;
  }
  for (const nb::handle lane : lanes) add(nb::cast<long long>(lane));
}

EpisodeArrays::EpisodeArrays(Autoreset autoreset, nb::object elapsed, nb::object limit,
                             nb::object status, nb::object restarted)
    : arrays_{elapsed, limit, status, restarted} {
  const std::size_t lanes = rows_of(elapsed);
  view_ = {lanes,
           autoreset,
           column<std::int32_t>(elapsed, "elapsed", NPY_INT32, lanes),
           column<std::int32_t>(limit, "limit", NPY_INT32, lanes),
           reinterpret_cast<Status*>(column<std::uint8_t>(status, "status", NPY_UINT8, lanes)),
           column<std::uint8_t>(restarted, "restarted", NPY_BOOL, lanes)};
}

EpisodeArrays::EpisodeArrays(const Episodes& episodes, nb::handle owner) : view_(episodes) {
  arrays_[0] = array_over(view_.elapsed, view_.count, owner);
  arrays_[1] = array_over(view_.limit, view_.count, owner);
  arrays_[2] = array_over(reinterpret_cast<std::uint8_t*>(view_.status), view_.count, owner);
  arrays_[3] = array_over(reinterpret_cast<bool*>(view_.restarted), view_.count, owner);
}

nb::list EpisodeArrays::idle(nb::handle lanes) const {
  nb::list result;
  if (lanes.is_none() && view_.first_idle() == view_.count) return result;
  const LaneList chosen(lanes, view_.count);
  for (std::size_t row = 0; row < chosen.size(); ++row)
    if (view_.is_idle(chosen[row])) result.append(chosen[row]);
  return result;
}

nb::object EpisodeArrays::restarting(nb::handle lanes) {
  const LaneList chosen(lanes, view_.count);
  const auto length = static_cast<npy_intp>(chosen.size());
  PyArrayObject* array = empty_array(1, &length, NPY_BOOL);
  nb::object result = owned(array);
  auto* marks = data_of<npy_bool>(array);
  for (std::size_t row = 0; row < chosen.size(); ++row)
    marks[row] = view_.restarted[chosen[row]] = view_.restarts(chosen[row]);
  return result;
}

void EpisodeArrays::begin(nb::handle lanes, bool restarted) {
  const LaneList chosen(lanes, view_.count);
  for (std::size_t row = 0; row < chosen.size(); ++row) {
    view_.begin(chosen[row]);
    if (restarted) view_.restarted[chosen[row]] = 1;
  }
}

nb::object EpisodeArrays::count_steps(nb::handle lanes, nb::handle terminated,
                                      nb::handle truncated) {
  const LaneList chosen(lanes, view_.count);
  const auto* ends = column<npy_bool>(terminated, "terminated", NPY_BOOL, view_.count);
  auto* cuts = column<npy_bool>(truncated, "truncated", NPY_BOOL, view_.count);
  std::vector<std::size_t> ended;
  for (std::size_t row = 0; row < chosen.size(); ++row) {
    const std::size_t lane = chosen[row];
    const auto [cut, over] = view_.count_step(lane, ends[lane] != 0, cuts[lane] != 0);
    cuts[lane] = cut;
    if (over) ended.push_back(lane);
  }
  return int64_array(ended);
}

void EpisodeArrays::interrupt(nb::handle lanes) {
  const LaneList chosen(lanes, view_.count);
  for (std::size_t row = 0; row < chosen.size(); ++row) view_.interrupt(chosen[row]);
}

void EpisodeArrays::end(nb::handle lanes) {
  const LaneList chosen(lanes, view_.count);
  for (std::size_t row = 0; row < chosen.size(); ++row) view_.status[chosen[row]] = Status::ended;
}

int EpisodeArrays::traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (nb::inst_ready(self))
    for (const nb::object& array : nb::inst_ptr<EpisodeArrays>(self)->arrays_)
      Py_VISIT(array.ptr());
  return 0;
}

// The arrays have to live as long as the view; their owners are cleared instead.
int EpisodeArrays::clear(PyObject*) { return 0; }

void register_episodes(nb::module_& m) {
  using namespace nb::literals;
  m.def("batch_infos", &batch_infos, "infos"_a, "rows"_a, "num_rows"_a, "column"_a);
  m.def("fill_rows", &fill_rows, "rows"_a, "key"_a, "column"_a, "mask"_a.none());

  nb::class_<Guard>(m, "Guard")
      .def(nb::init<bool>(), "bound"_a = false)
      .def("__enter__",
           [](Guard& self) {
             if (!self.acquire()) self.nest();
           })
      .def(
          "__exit__",
          [](Guard& self, nb::handle, nb::handle, nb::handle) {
            if (!self.unnest()) self.release();
          },
          "kind"_a.none(), "value"_a.none(), "traceback"_a.none());

  static PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(&EpisodeArrays::traverse)},
                                {Py_tp_clear, reinterpret_cast<void*>(&EpisodeArrays::clear)},
                                {0, nullptr}};
  nb::class_<EpisodeArrays>(m, "Episodes", nb::type_slots(slots))
      .def(nb::init<Autoreset, nb::object, nb::object, nb::object, nb::object>(), "autoreset"_a,
           "elapsed"_a, "limit"_a, "status"_a, "restarted"_a)
      .def_prop_ro("autoreset", [](EpisodeArrays& self) { return self.view().autoreset; })
      .def_prop_ro("elapsed", [](EpisodeArrays& self) { return self.array(0); })
      .def_prop_ro("limit", [](EpisodeArrays& self) { return self.array(1); })
      .def_prop_ro("status", [](EpisodeArrays& self) { return self.array(2); })
      .def_prop_ro("restarted", [](EpisodeArrays& self) { return self.array(3); })
      .def("idle", &EpisodeArrays::idle, "lanes"_a.none() = nb::none())
      .def("restarting", &EpisodeArrays::restarting, "lanes"_a.none() = nb::none())
      .def("begin", &EpisodeArrays::begin, "lanes"_a.none(), "restarted"_a)
      .def("count_steps", &EpisodeArrays::count_steps, "lanes"_a.none(), "terminated"_a,
           "truncated"_a)
      .def("interrupt", &EpisodeArrays::interrupt, "lanes"_a.none())
      .def("end", &EpisodeArrays::end, "lanes"_a.none());
  register_python_lanes(m);
}

}  // namespace dromos::bind
