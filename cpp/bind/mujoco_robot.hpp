// What Python holds of a robot: the library it was found in, its plan, and what its infos tell.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>
#include <vector>

#include "dromos/mujoco/plan.hpp"

namespace dromos::bind {

// The library as Python has found it, and the model of nothing that its guard needs.
struct MujocoLibrary {
  mujoco::Library table;
  mujoco::Guard guard;
  nanobind::object empty_model;

  MujocoLibrary(nanobind::dict functions, nanobind::dict layout, nanobind::object sin,
                nanobind::object cos, bool fused_norm, int first_divergence,
                nanobind::object empty_model);
};

// An entry of an info: a fact, or an array of the tendons'.
struct MujocoInfo {
  enum class Kind { real, of_action, whole, array };  // float64, the action's dtype, int, float64s

  std::string name;
  nanobind::object key;
  nanobind::object mask;  // the name of its mask among the columns of a vector
  Kind kind;
  int source;  // a Fact, or the index among the plan's copied arrays
};

struct MujocoPlan {
  MujocoLibrary* library;
  mujoco::Plan plan;
  std::vector<MujocoInfo> step_infos;
  std::vector<MujocoInfo> reset_infos;
  nanobind::object owner;  // the Python library

  MujocoPlan(nanobind::object library, const std::string& robot, nanobind::dict sizes,
             nanobind::list pieces, nanobind::list step_infos, nanobind::list reset_infos);

  // The numbers that are copied for infos at each step.
  std::size_t copied() const {
    return plan.copied.size() * static_cast<std::size_t>(plan.sizes.tendons);
  }
  // A new dict. `copies` holds the copied arrays.
  nanobind::object info(const std::vector<MujocoInfo>& entries, const double* facts,
                        const double* copies, bool float_action) const;
};

// The member of a task called `name`; throws TypeError if there is none.
double& task_value(mujoco::Task& task, const std::string& name);

// `action` as float32 or float64 (size,), which it is converted to if it is of another real dtype.
// A new reference; nullptr, and no Python error, if it is not `size` finite numbers.
PyObject* action_row(PyObject* action, std::size_t size, mujoco::Action& row);

void register_mujoco_lane(nanobind::module_& m);
void register_mujoco_pool(nanobind::module_& m);

}  // namespace dromos::bind
