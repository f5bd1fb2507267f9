// A robot's lanes on MuJoCo's pool, for the engine of vectors.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "dromos/mujoco/pool.hpp"
#include "episodes.hpp"
#include "fastcall.hpp"
#include "guard.hpp"
#include "mujoco_robot.hpp"
#include "numpy_arrays.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

using mujoco::Call;
using mujoco::Outputs;

template <class T, int dimensions>
using Array = nb::ndarray<T, nb::numpy, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;
template <class T, int dimensions>
using Given = nb::ndarray<T, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;

class Pool {
 public:
  Pool(nb::object plan, nb::object model, int lanes, int threads, int frames, nb::dict task,
       Given<double, 1> qpos, Given<double, 1> qvel)
      : plan_(nb::cast<MujocoPlan*>(plan)),
        owner_(plan),
        qpos_(std::move(qpos)),
        qvel_(std::move(qvel)) {
    if (lanes < 1) raise(PyExc_ValueError, "expected at least one lane, found %d", lanes);
    const auto& sizes = plan_->plan.sizes;
    if (static_cast<int>(qpos_.shape(0)) != sizes.qpos ||
        static_cast<int>(qvel_.shape(0)) != sizes.qvel)
      raise(PyExc_ValueError, "expected rest of shapes (%d,) and (%d,)", sizes.qpos, sizes.qvel);
    mujoco::Task numbers;
    for (auto [name, value] : task)
      task_value(numbers, nb::cast<std::string>(name)) = nb::cast<double>(value);
    std::string error;
    pool_.reset(mujoco::Pool::make(plan_->plan,
                                   reinterpret_cast<const mujoco::Model*>(address(model)), lanes,
                                   threads, frames, numbers, {qpos_.data(), qvel_.data()}, error));
    if (pool_ == nullptr) raise(PyExc_RuntimeError, "MuJoCo: %s", error.c_str());
    for (int lane = 0; lane < lanes; ++lane) rows_.push_back(lane);
  }

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // A fork has the memory of its parent's pool, and not the threads that ending it waits for.
  ~Pool() {
    if (!is_here()) static_cast<void>(pool_.release());
  }

  // Whether its threads are those of this process, not of one that this is a fork of.
  bool is_here() const { return generation_ == fork_generation(); }

  // Starts lanes: observations (m, size), info columns with their masks, and what failed.
  nb::tuple start(Given<const int, 1> lanes) {
    Results results(*this, lanes, plan_->reset_infos, false);
    const nb::dict failed = run(results.call, &mujoco::Pool::start);
    return nb::make_tuple(results.observations, results.infos(nullptr), failed);
  }

  // The first row of an array (m, controls) that holds something not finite; m if none does.
  std::size_t first_not_finite(nb::object actions) {
    const Actions given(*this, actions);
    for (std::size_t row = 0; row < given.rows; ++row)
      if (!(given.single ? all_finite(given.floats.data() + row * given.size, given.size)
                         : all_finite(given.doubles.data() + row * given.size, given.size)))
        return row;
    return given.rows;
  }

  // Moves lanes by actions, or starts those that `restarts` (m,) marks: observations, rewards,
  // terminated, truncated, info columns with their masks, divergence (int8, or None if no lane
  // diverged), and what failed: {lane: MuJoCo's message}.
  nb::tuple move(Given<const int, 1> lanes, nb::object actions, Given<const bool, 1> restarts) {
    const Actions given(*this, actions);
    const std::size_t count = lanes.shape(0);
    if (given.rows != count || restarts.shape(0) != count)
      raise(PyExc_ValueError, "expected %zu rows, found %zu of actions and %zu of restarts", count,
            given.rows, restarts.shape(0));
    Results results(*this, lanes, plan_->step_infos, given.single);
    void *reward, *terminated, *truncated;
    const nb::object rewards = zeros(DType::float64, count, 0, &reward);
    const nb::object ends = zeros(DType::boolean, count, 0, &terminated);
    const nb::object cuts = zeros(DType::boolean, count, 0, &truncated);
    void* divergence;
    nb::object divergences = zeros(DType::int8, count, 0, &divergence);
    Call& call = results.call;
    call.actions = given.single ? static_cast<const void*>(given.floats.data())
                                : static_cast<const void*>(given.doubles.data());
    call.float_actions = given.single;
    call.restarts = restarts.data();
    call.outputs.rewards = static_cast<double*>(reward);
    call.outputs.terminated = static_cast<bool*>(terminated);
    call.outputs.divergence = static_cast<std::int8_t*>(divergence);
    const nb::dict failed = run(call, &mujoco::Pool::move);
    bool diverged = false;
    for (std::size_t i = 0; i < count; ++i) {
      static_cast<bool*>(truncated)[i] = call.outputs.divergence[i] != 0;
      diverged = diverged || call.outputs.divergence[i] != 0;
    }
    const nb::dict infos = results.infos(call.outputs.divergence);
    if (!diverged) divergences = nb::none();
    return nb::make_tuple(results.observations, rewards, ends, cuts, infos, divergences, failed);
  }

  // Moves all lanes T times by actions (T, lanes, controls), C-contiguous, float32 or float64, of
  // finite numbers; into observations, rewards, terminated, truncated, valid and, under SAME_STEP,
  // finals, C-contiguous arrays (T, lanes, ...): how many steps all lanes made, and what failed.
  nb::tuple run_steps(nb::handle actions, EpisodeArrays& episodes, nb::tuple out) {
    const std::size_t steps = nb::len(actions);
    const auto lanes = static_cast<std::size_t>(pool_->lanes());
    const Shape3 controls{steps, lanes, static_cast<std::size_t>(plan_->plan.sizes.controls)};
    const Shape3 shown{steps, lanes, static_cast<std::size_t>(plan_->plan.observation_size)};
    const Shape3 numbers{steps, lanes, 0};
    const void* single = array_data(actions.ptr(), DType::float32, controls);
    const void* rows =
        single != nullptr ? single : array_data(actions.ptr(), DType::float64, controls);
    if (rows == nullptr) raise(PyExc_TypeError, "actions of another dtype, shape or layout");
    if (nb::len(out) != 6 || episodes.view().count != lanes)
      raise(PyExc_ValueError, "expected six arrays, and episodes of %zu lanes", lanes);
    std::vector<int> all(lanes);
    std::iota(all.begin(), all.end(), 0);
    std::vector<std::int8_t> divergence(steps * lanes);
    mujoco::Run todo{};
    todo.call = Call{all.data(), rows_.data(), pool_->lanes(), rows, single != nullptr};
    todo.call.outputs.observations = written<double>(out[0], DType::float64, shown);
    todo.call.outputs.rewards = written<double>(out[1], DType::float64, numbers);
    todo.call.outputs.terminated = written<bool>(out[2], DType::boolean, numbers);
    todo.call.outputs.divergence = divergence.data();
    todo.steps = static_cast<int>(steps);
    todo.episodes = &episodes.view();
    todo.truncated = written<bool>(out[3], DType::boolean, numbers);
    todo.valid = written<bool>(out[4], DType::boolean, numbers);
    todo.finals = out[5].is_none() ? nullptr : written<double>(out[5], DType::float64, shown);
    const nb::dict failed = run(todo.call, [&] { return pool_->run(todo); });
    int made = todo.steps;
    for (const auto& [lane, message] : failed)
      made = std::min(made, pool_->made(nb::cast<int>(lane)));
    return nb::make_tuple(made, failed);
  }

  Array<double, 2> states() {
    return view(pool_->states(), static_cast<std::size_t>(pool_->state_size()));
  }
  Array<double, 2> points() { return view(pool_->points.data(), mujoco::kPoint); }
  Array<double, 2> shown() {
    return view(pool_->shown.data(), static_cast<std::size_t>(plan_->plan.observation_size));
  }
  Array<double, 2> tasks() {
    static_assert(sizeof(mujoco::Task) % sizeof(double) == 0);
    return view(reinterpret_cast<double*>(pool_->tasks.data()),
                sizeof(mujoco::Task) / sizeof(double));
  }
  Array<std::uint64_t, 2> streams() {
    static_assert(sizeof(Pcg64) == 5 * sizeof(std::uint64_t));
    const std::size_t shape[] = {static_cast<std::size_t>(pool_->lanes()), 5};
    return {reinterpret_cast<std::uint64_t*>(pool_->streams.data()), 2, shape, nb::find(this)};
  }

  // The values of a model's field for each lane, bytes (lanes, size); None if it has no such field.
  nb::object expand(const std::string& name) {
    int size = 0, element = 0;
    void* data = pool_->functions().expand(pool_->batch(), name.c_str(), &size, &element);
    if (data == nullptr) return nb::none();
    const std::size_t shape[] = {
        static_cast<std::size_t>(pool_->lanes()),
        static_cast<std::size_t>(size) * static_cast<std::size_t>(element)};
    return nb::cast(Array<std::uint8_t, 2>(data, 2, shape, nb::find(this)));
  }

  void set_const(Given<const int, 1> lanes) {
    check_lanes(lanes);
    pool_->functions().set_const(pool_->batch(), lanes.data(), static_cast<int>(lanes.shape(0)));
  }

  void copy_lane(int lane, nb::object model, nb::object data) {
    if (lane < 0 || lane >= pool_->lanes()) raise(PyExc_IndexError, "lane %d", lane);
    const auto& call = pool_->functions();
    call.get_model(pool_->batch(), lane, reinterpret_cast<mujoco::Model*>(address(model)));
    call.get_data(pool_->batch(), lane, reinterpret_cast<mujoco::Data*>(address(data)));
  }

  int frames() const { return pool_->frames; }
  void set_frames(int frames) { pool_->frames = frames; }

 private:
  // Actions, a C-contiguous array (m, controls) of float32 or float64.
  struct Actions {
    Actions(const Pool& pool, nb::handle actions) {
      single = nb::try_cast(actions, floats, false);
      if (!single && !nb::try_cast(actions, doubles, false))
        raise(PyExc_TypeError, "actions must be a C-contiguous array of float32 or float64");
      rows = single ? floats.shape(0) : doubles.shape(0);
      size = single ? floats.shape(1) : doubles.shape(1);
      if (static_cast<int>(size) != pool.plan_->plan.sizes.controls)
        raise(PyExc_ValueError, "expected %d controls a lane, found %zu",
              pool.plan_->plan.sizes.controls, size);
    }

    Given<const float, 2> floats;
    Given<const double, 2> doubles;
    bool single;
    std::size_t rows, size;
  };

  template <class T>
  static bool all_finite(const T* values, std::size_t count) {
    return std::all_of(values, values + count, [](T x) { return std::isfinite(x); });
  }

  static std::uintptr_t address(nb::handle object) {
    return nb::cast<std::uintptr_t>(object.attr("_address"));
  }

  Array<double, 2> view(double* data, std::size_t width) {
    const std::size_t shape[] = {static_cast<std::size_t>(pool_->lanes()), width};
    return {data, 2, shape, nb::find(this)};
  }

  void check_lanes(const Given<const int, 1>& lanes) const {
    for (std::size_t i = 0; i < lanes.shape(0); ++i)
      if (lanes.data()[i] < 0 || lanes.data()[i] >= pool_->lanes())
        raise(PyExc_IndexError, "lane %d is out of range for %d", lanes.data()[i], pool_->lanes());
  }

  // A new array (count,) or, with `width`, (count, width) of zeros.
  static nb::object zeros(DType dtype, std::size_t count, std::size_t width, void** data) {
    const std::int64_t shape[] = {static_cast<std::int64_t>(count),
                                  static_cast<std::int64_t>(width)};
    nb::object array = made(new_array(dtype, {shape, width == 0 ? 1u : 2u}, data));
    const std::size_t size = dtype == DType::boolean || dtype == DType::int8 ? 1
                             : dtype == DType::float32                       ? 4
                                                                             : 8;
    std::memset(*data, 0, count * (width == 0 ? 1 : width) * size);
    return array;
  }

  // The arrays of a call's results, and the call that writes them.
  struct Results {
    Results(const Pool& pool, const Given<const int, 1>& lanes, const std::vector<MujocoInfo>& told,
            bool single)
        : entries(told), count(lanes.shape(0)) {
      using Kind = Outputs::Column::Kind;
      pool.check_lanes(lanes);
      const auto size = static_cast<std::size_t>(pool.plan_->plan.observation_size);
      void* data;
      observations = zeros(DType::float64, count, size, &data);
      call = Call{lanes.data(), pool.rows_.data(), static_cast<int>(count)};
      call.outputs.observations = static_cast<double*>(data);
      for (const MujocoInfo& entry : entries) {
        const auto& starts = pool.plan_->reset_infos;
        const bool at_start =
            std::any_of(starts.begin(), starts.end(),
                        [&](const MujocoInfo& start) { return start.name == entry.name; });
        Outputs::Column column{nullptr, Kind::real, entry.source, at_start};
        DType dtype = DType::float64;
        std::size_t width = 0;
        if (entry.kind == MujocoInfo::Kind::of_action && single) {
          column.kind = Kind::single;
          dtype = DType::float32;
        } else if (entry.kind == MujocoInfo::Kind::whole) {
          column.kind = Kind::whole;
          dtype = DType::int64;
        } else if (entry.kind == MujocoInfo::Kind::array) {
          column.kind = Kind::array;
          width = static_cast<std::size_t>(pool.plan_->plan.sizes.tendons);
        }
        columns.push_back(zeros(dtype, count, width, &column.data));
        call.outputs.columns.push_back(column);
      }
    }

    // The columns by name, each with the mask of the lanes that have it: not those that diverged,
    // and those that started only if starts tell it. A column that no lane has is left out.
    nb::dict infos(const std::int8_t* divergence) const {
      nb::dict result;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        void* data;
        const nb::object mask = zeros(DType::boolean, count, 0, &data);
        bool any = count == 0;
        for (std::size_t row = 0; row < count; ++row) {
          const bool starts = call.restarts != nullptr && call.restarts[row];
          const bool has = starts ? call.outputs.columns[i].at_start
                                  : divergence == nullptr || divergence[row] == 0;
          static_cast<bool*>(data)[row] = has;
          any = any || has;
        }
        if (!any) continue;
        result[entries[i].key] = columns[i];
        result[entries[i].mask] = mask;
      }
      return result;
    }

    const std::vector<MujocoInfo>& entries;
    std::size_t count;
    nb::object observations;
    std::vector<nb::object> columns;
    Call call;
  };

  nb::dict run(const Call& call, int (mujoco::Pool::*what)(const Call&)) {
    return run(call, [&] { return (pool_.get()->*what)(call); });
  }

  template <class Work>
  nb::dict run(const Call& call, const Work& work) {
    if (!is_here()) raise(PyExc_RuntimeError, "the threads of these lanes are another process's");
    if (taken_.test_and_set(std::memory_order_acquire))
      raise(PyExc_RuntimeError, "another thread is inside a call of these lanes");
    int failed = 0;
    {
      const Unlocked unlocked;
      failed = work();
    }
    taken_.clear(std::memory_order_release);
    nb::dict messages;
    for (int i = 0; failed > 0 && i < call.count; ++i)
      if (pool_->failed(call.lanes[i]))
        messages[nb::int_(call.lanes[i])] = pool_->error(call.lanes[i]);
    return messages;
  }

  // (steps, lanes, size), or (steps, lanes) if that is 0.
  struct Shape3 {
    std::int64_t extents[3];
    std::size_t dimensions;
    Shape3(std::size_t steps, std::size_t lanes, std::size_t size)
        : extents{static_cast<std::int64_t>(steps), static_cast<std::int64_t>(lanes),
                  static_cast<std::int64_t>(size)},
          dimensions(size == 0 ? 2 : 3) {}
    operator std::span<const std::int64_t>() const { return {extents, dimensions}; }
  };

  template <class T>
  static T* written(nb::handle array, DType dtype, const Shape3& shape) {
    void* data = writable_data(array.ptr(), dtype, shape);
    if (data == nullptr) raise(PyExc_TypeError, "an array of another dtype, shape or layout");
    return static_cast<T*>(data);
  }

  MujocoPlan* plan_;
  nb::object owner_;
  Given<double, 1> qpos_, qvel_;
  std::unique_ptr<mujoco::Pool> pool_;
  std::vector<std::int64_t> rows_;  // 0, 1, 2, …: results lie in the order of the lanes
  std::atomic_flag taken_;
  std::uint64_t generation_ = fork_generation();
};

}  // namespace

void register_mujoco_pool(nb::module_& m) {
  nb::class_<Pool>(m, "Pool")
      .def(nb::init<nb::object, nb::object, int, int, int, nb::dict, Given<double, 1>,
                    Given<double, 1>>(),
           nb::arg("plan"), nb::arg("model"), nb::arg("lanes"), nb::arg("threads"),
           nb::arg("frames"), nb::arg("task"), nb::arg("init_qpos"), nb::arg("init_qvel"))
      .def("start", &Pool::start, nb::arg("lanes"))
      .def("first_not_finite", &Pool::first_not_finite, nb::arg("actions"))
      .def("move", &Pool::move, nb::arg("lanes"), nb::arg("actions"), nb::arg("restarts"))
      .def("run", &Pool::run_steps, nb::arg("actions"), nb::arg("episodes"), nb::arg("out"))
      .def("expand", &Pool::expand, nb::arg("name"))
      .def("set_const", &Pool::set_const, nb::arg("lanes"))
      .def("copy_lane", &Pool::copy_lane, nb::arg("lane"), nb::arg("model"), nb::arg("data"))
      .def_prop_ro("is_here", &Pool::is_here)
      .def_prop_ro("states", &Pool::states)
      .def_prop_ro("points", &Pool::points)
      .def_prop_ro("shown", &Pool::shown)
      .def_prop_ro("tasks", &Pool::tasks)
      .def_prop_ro("streams", &Pool::streams)
      .def_prop_rw("frames", &Pool::frames, &Pool::set_frames);
}

}  // namespace dromos::bind
