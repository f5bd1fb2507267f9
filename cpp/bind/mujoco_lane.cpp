// One robot on a live mjData of Python's.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <atomic>
#include <utility>

#include "dromos/bit_generator.hpp"
#include "fastcall.hpp"
#include "interpreter.hpp"
#include "mujoco_robot.hpp"
#include "numpy_arrays.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

using mujoco::Action;
using mujoco::Divergence;
using mujoco::Report;
using mujoco::Scene;

// What a guarded function works on. Plain data: MuJoCo's errors pass it by longjmp.
struct Work {
  const mujoco::Plan* plan;
  const mujoco::Model* model;
  mujoco::Data* data;
  const mujoco::Task* task;
  mujoco::Rest rest;
  Action action;
  int frames;
  NumpyBits bits;
  bool whole_reset;
  double* observation;
  double* copies;
  Report report;
  Divergence divergence;
};

void step_work(const mujoco::Model*, mujoco::Data*, int, void* argument) {
  Work& work = *static_cast<Work*>(argument);
  const mujoco::Plan& plan = *work.plan;
  const Scene scene = plan.scene(work.model, work.data);
  double point[mujoco::kPoint] = {};  // looked at now: a user may have moved the robot
  plan.robot->look(scene, *work.task, point);
  work.divergence = plan.step(scene, *work.task, work.rest, work.action, work.frames, point,
                              work.observation, work.report);
  plan.copy_arrays(scene, work.copies);
}

void start_work(const mujoco::Model*, mujoco::Data*, int, void* argument) {
  Work& work = *static_cast<Work*>(argument);
  const mujoco::Plan& plan = *work.plan;
  const Scene scene = plan.scene(work.model, work.data);
  if (work.whole_reset) plan.library->call.reset_data(work.model, work.data);
  plan.start(scene, *work.task, work.rest, work.bits);
}

class Lane {
 public:
  Lane(nb::object plan, nb::dict task)
      : plan_(nb::cast<MujocoPlan*>(plan)), owner_(plan), copies_(plan_->copied()) {
    for (auto [name, value] : task)
      task_value(task_, nb::cast<std::string>(name)) = nb::cast<double>(value);
  }

  int frames = 1;

  void attach(nb::object model, nb::object data, nb::object qpos, nb::object qvel) {
    const auto& sizes = plan_->plan.sizes;
    const std::int64_t positions[] = {sizes.qpos}, velocities[] = {sizes.qvel};
    void* rest_qpos = array_data(qpos.ptr(), DType::float64, positions);
    void* rest_qvel = array_data(qvel.ptr(), DType::float64, velocities);
    if (rest_qpos == nullptr || rest_qvel == nullptr)
      raise(PyExc_ValueError, "expected float64 arrays of shapes (%d,) and (%d,), found %R and %R",
            sizes.qpos, sizes.qvel, qpos.ptr(), qvel.ptr());
    model_ = reinterpret_cast<const mujoco::Model*>(address(model));
    data_ = reinterpret_cast<mujoco::Data*>(address(data));
    rest_ = {static_cast<double*>(rest_qpos), static_cast<double*>(rest_qvel)};
    held_ = nb::make_tuple(model, data, qpos, qvel);
  }

  // The five-tuple; None if the action is none; a str, MuJoCo's message, if it raised an error.
  nb::object step(nb::handle given) {
    Taken taken(*this);
    Work work = this->work();
    PyObject* array =
        action_row(given.ptr(), static_cast<std::size_t>(plan_->plan.sizes.controls), work.action);
    if (array == nullptr) return nb::none();
    const nb::object held = nb::steal(array);
    const nb::object observation = new_observation(&work.observation);
    std::string message;
    bool done;
    {
      const Unlocked unlocked;
      done = plan_->library->guard.run(step_work, &work, message);
    }
    if (!done) return nb::str(message.c_str());
    return five_tuple(work, observation);
  }

  // Draws a start with the bits of a NumPy bit generator and computes what follows from it; with
  // `whole`, from data that were reset. None, or MuJoCo's message.
  nb::object start(nb::handle bit_generator, bool whole) {
    Taken taken(*this);
    Work work = this->work();
    const nb::object capsule = bit_generator.attr("capsule");
    void* bitgen = PyCapsule_GetPointer(capsule.ptr(), "BitGenerator");
    if (bitgen == nullptr) throw nb::python_error();
    work.bits.bitgen = static_cast<NumpyBitgen*>(bitgen);
    work.whole_reset = whole;
    std::string message;
    if (!plan_->library->guard.run(start_work, &work, message)) return nb::str(message.c_str());
    return nb::none();
  }

  nb::object observe() {
    double* data;
    const nb::object observation = new_observation(&data);
    plan_->plan.observe(scene(), task_, data);
    return observation;
  }

  nb::object reset_info() {
    double facts[mujoco::kFacts] = {};
    plan_->plan.tell(scene(), rest_, facts);
    plan_->plan.copy_arrays(scene(), copies_.data());
    return plan_->info(plan_->reset_infos, facts, copies_.data(), false);
  }

  // The point that `judge` wants to have been looked at before the step.
  nb::tuple look() {
    double point[mujoco::kPoint] = {};
    plan_->plan.robot->look(scene(), task_, point);
    return nb::make_tuple(point[0], point[1], point[2]);
  }

  // Reward, terminated and info of the present state after `action`.
  nb::object judge(nb::handle given, nb::tuple before) {
    Work work = this->work();
    const nb::object held = taken_action(given, work.action);
    double point[mujoco::kPoint];
    for (std::size_t i = 0; i < mujoco::kPoint; ++i) point[i] = nb::cast<double>(before[i]);
    plan_->plan.judge(scene(), task_, rest_, work.action, frames, point, work.report);
    plan_->plan.copy_arrays(scene(), copies_.data());
    return nb::make_tuple(
        work.report.reward, work.report.terminated,
        plan_->info(plan_->step_infos, work.report.facts, copies_.data(), work.action.is_float));
  }

  // A fact of the present state after `action`, which came from `before`.
  double fact(const std::string& name, nb::handle given, nb::tuple before) {
    Work work = this->work();
    const nb::object held = taken_action(given, work.action);
    double point[mujoco::kPoint];
    for (std::size_t i = 0; i < mujoco::kPoint; ++i) point[i] = nb::cast<double>(before[i]);
    plan_->plan.judge(scene(), task_, rest_, work.action, frames, point, work.report);
    for (std::size_t i = 0; i < mujoco::kFacts; ++i)
      if (mujoco::kFactNames[i] == name) return work.report.facts[i];
    raise(PyExc_KeyError, "%s", name.c_str());
  }

  // Whether the present state would not end an episode that unhealthiness ends.
  bool healthy() {
    mujoco::Task task = task_;
    task.terminate_when_unhealthy = 1;
    Report report{};
    const Action none{nullptr, false, 0};
    const double point[mujoco::kPoint] = {};
    plan_->plan.judge(scene(), task, rest_, none, frames, point, report);
    return !report.terminated;
  }

  double get(const std::string& name) { return task_value(task_, name); }
  void set(const std::string& name, double value) { task_value(task_, name) = value; }

 private:
  // Turns away a second thread, which would step the same data.
  class Taken {
   public:
    explicit Taken(Lane& lane) : lane_(lane) {
      if (lane_.taken_.test_and_set(std::memory_order_acquire))
        raise(PyExc_RuntimeError,
              "another thread is inside a call of this environment; one call at a time");
      if (lane_.data_ != nullptr) return;
      lane_.taken_.clear(std::memory_order_release);
      raise(PyExc_RuntimeError, "the robot has no simulation yet");
    }
    ~Taken() { lane_.taken_.clear(std::memory_order_release); }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;

   private:
    Lane& lane_;
  };

  static std::uintptr_t address(nb::handle object) {
    return nb::cast<std::uintptr_t>(object.attr("_address"));
  }

  Scene scene() const {
    if (data_ == nullptr) raise(PyExc_RuntimeError, "the robot has no simulation yet");
    return plan_->plan.scene(model_, data_);
  }

  Work work() {
    Work work{};
    work.plan = &plan_->plan;
    work.model = model_;
    work.data = data_;
    work.task = &task_;
    work.rest = rest_;
    work.frames = frames;
    work.copies = copies_.data();
    return work;
  }

  nb::object taken_action(nb::handle given, Action& action) const {
    PyObject* array =
        action_row(given.ptr(), static_cast<std::size_t>(plan_->plan.sizes.controls), action);
    if (array == nullptr) raise(PyExc_ValueError, "%R is no action", given.ptr());
    return nb::steal(array);
  }

  nb::object new_observation(double** data) const {
    const std::int64_t shape[] = {plan_->plan.observation_size};
    void* memory;
    PyObject* array = new_array(DType::float64, shape, &memory);
    *data = static_cast<double*>(memory);
    return made(array);
  }

  nb::object five_tuple(const Work& work, const nb::object& observation) const {
    const bool diverged = work.divergence != Divergence::none;
    nb::object info;
    if (diverged) {
      info = nb::dict();
      info["diverged"] = mujoco::divergence_text(work.divergence);
    } else {
      info = plan_->info(plan_->step_infos, work.report.facts, work.copies, work.action.is_float);
    }
    return nb::make_tuple(observation, work.report.reward, work.report.terminated, diverged, info);
  }

  MujocoPlan* plan_;
  nb::object owner_;
  nb::object held_;
  std::vector<double> copies_;
  mujoco::Task task_;
  const mujoco::Model* model_ = nullptr;
  mujoco::Data* data_ = nullptr;
  mujoco::Rest rest_{};
  std::atomic_flag taken_;
};

}  // namespace

void register_mujoco_lane(nb::module_& m) {
  nb::class_<Lane>(m, "Lane")
      .def(nb::init<nb::object, nb::dict>(), nb::arg("plan"), nb::arg("task"))
      .def_rw("frames", &Lane::frames)
      .def("attach", &Lane::attach, nb::arg("model"), nb::arg("data"), nb::arg("init_qpos"),
           nb::arg("init_qvel"))
      .def("step", &Lane::step, nb::arg("action").none())
      .def("start", &Lane::start, nb::arg("bit_generator"), nb::arg("whole"))
      .def("observe", &Lane::observe)
      .def("reset_info", &Lane::reset_info)
      .def("look", &Lane::look)
      .def("judge", &Lane::judge, nb::arg("action").none(), nb::arg("before"))
      .def("fact", &Lane::fact, nb::arg("name"), nb::arg("action").none(), nb::arg("before"))
      .def("healthy", &Lane::healthy)
      .def("get", &Lane::get, nb::arg("name"))
      .def("set", &Lane::set, nb::arg("name"), nb::arg("value"));
}

}  // namespace dromos::bind
