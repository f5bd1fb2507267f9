// dromos._core.mujoco: robots on a MuJoCo that Python has found.
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>
#include <numpy/ufuncobject.h>

#include <cmath>
#include <utility>

#include "bind.hpp"
#include "fastcall.hpp"
#include "mujoco_robot.hpp"
#include "numpy_arrays.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

using mujoco::Functions;
using mujoco::Layout;
using mujoco::Library;
using mujoco::Piece;

template <class T>
void take_function(nb::dict functions, const char* name, T& function) {
  function = reinterpret_cast<T>(nb::cast<std::uintptr_t>(functions[name]));
}

Functions functions_of(nb::dict given) {
  Functions call;
  take_function(given, "mj_step", call.step);
  take_function(given, "mj_forward", call.forward);
  take_function(given, "mj_rnePostConstraint", call.rne_post_constraint);
  take_function(given, "mj_resetData", call.reset_data);
  take_function(given, "mjb_makeBatch", call.make_batch);
  take_function(given, "mjb_deleteBatch", call.delete_batch);
  take_function(given, "mjb_apply", call.apply);
  take_function(given, "mjb_error", call.error);
  take_function(given, "mjb_status", call.status);
  take_function(given, "mjb_state", call.state);
  take_function(given, "mjb_nstate", call.state_size);
  take_function(given, "mjb_expand", call.expand);
  take_function(given, "mjb_expanded", call.expanded);
  take_function(given, "mjb_setConst", call.set_const);
  take_function(given, "mjb_getData", call.get_data);
  take_function(given, "mjb_getModel", call.get_model);
  return call;
}

struct LayoutField {
  const char* name;
  std::ptrdiff_t Layout::* offset;
};

constexpr LayoutField kLayout[] = {
    {"timestep", &Layout::timestep},
    {"body_mass", &Layout::body_mass},
    {"warning", &Layout::warning},
    {"qpos", &Layout::qpos},
    {"qvel", &Layout::qvel},
    {"ctrl", &Layout::ctrl},
    {"xpos", &Layout::xpos},
    {"xipos", &Layout::xipos},
    {"site_xpos", &Layout::site_xpos},
    {"cinert", &Layout::cinert},
    {"cvel", &Layout::cvel},
    {"cfrc_ext", &Layout::cfrc_ext},
    {"qfrc_actuator", &Layout::qfrc_actuator},
    {"qfrc_constraint", &Layout::qfrc_constraint},
    {"ten_length", &Layout::ten_length},
    {"ten_velocity", &Layout::ten_velocity},
};

std::ptrdiff_t offset_of(const Layout& layout, const std::string& name) {
  for (const LayoutField& field : kLayout)
    if (name == field.name) return layout.*field.offset;
  raise(PyExc_KeyError, "%s", name.c_str());
}

// The loop of a NumPy function for float64.
mujoco::Elementwise elementwise(nb::handle function) {
  auto* ufunc = reinterpret_cast<PyUFuncObject*>(function.ptr());
  for (int i = 0; i < ufunc->ntypes; ++i) {
    const char* types = ufunc->types + i * ufunc->nargs;
    if (types[0] == NPY_DOUBLE && types[1] == NPY_DOUBLE)
      return {reinterpret_cast<decltype(mujoco::Elementwise::loop)>(ufunc->functions[i]),
              ufunc->data == nullptr ? nullptr : const_cast<void*>(ufunc->data[i])};
  }
  raise(PyExc_TypeError, "%R has no loop for float64", function.ptr());
}

Piece piece_of(const Layout& layout, nb::handle given) {
  const auto how = nb::cast<std::string>(given[3]);
  Piece piece{offset_of(layout, nb::cast<std::string>(given[0])),
              nb::cast<int>(given[1]),
              nb::cast<int>(given[2]),
              Piece::How::copy,
              0,
              0,
              0};
  if (how == "sin") piece.how = Piece::How::sin;
  if (how == "cos") piece.how = Piece::How::cos;
  if (how == "clip_contact") piece.how = Piece::How::clip_contact;
  if (how == "clip") {
    piece.how = Piece::How::clip;
    piece.low = nb::cast<double>(given[4]);
    piece.high = nb::cast<double>(given[5]);
  }
  if (how == "minus") {
    piece.how = Piece::How::minus;
    piece.other = nb::cast<int>(given[4]);
  }
  return piece;
}

int fact_of(const std::string& name) {
  for (int i = 0; i < mujoco::kFacts; ++i)
    if (mujoco::kFactNames[static_cast<std::size_t>(i)] == name) return i;
  raise(PyExc_KeyError, "%s", name.c_str());
}

std::vector<MujocoInfo> infos_of(const Layout& layout, nb::list entries, mujoco::Plan& plan) {
  std::vector<MujocoInfo> infos;
  for (nb::handle entry : entries) {
    const auto name = nb::cast<std::string>(entry[0]), source = nb::cast<std::string>(entry[1]);
    const auto kind = nb::cast<std::string>(entry[2]);
    MujocoInfo info{name, nb::object(entry[0]), made(PyUnicode_FromFormat("_%s", name.c_str())),
                    MujocoInfo::Kind::real, 0};
    if (kind == "action") info.kind = MujocoInfo::Kind::of_action;
    if (kind == "int") info.kind = MujocoInfo::Kind::whole;
    if (kind == "array") {
      info.kind = MujocoInfo::Kind::array;
      const std::ptrdiff_t offset = offset_of(layout, source);
      std::size_t index = 0;
      while (index < plan.copied.size() && plan.copied[index] != offset) ++index;
      if (index == plan.copied.size()) plan.copied.push_back(offset);
      info.source = static_cast<int>(index);
    } else {
      info.source = fact_of(source);
    }
    infos.push_back(std::move(info));
  }
  return infos;
}

PyObject* real_scalar(double value) {
  PyObject* scalar = PyDoubleArrType_Type.tp_alloc(&PyDoubleArrType_Type, 0);
  if (scalar != nullptr) PyArrayScalar_VAL(scalar, Double) = value;
  return scalar;
}

PyObject* float_scalar(double value) {
  PyObject* scalar = PyFloatArrType_Type.tp_alloc(&PyFloatArrType_Type, 0);
  if (scalar != nullptr) PyArrayScalar_VAL(scalar, Float) = static_cast<float>(value);
  return scalar;
}

template <class T>
bool all_finite(const void* values, std::size_t size) {
  const T* numbers = static_cast<const T*>(values);
  bool finite = true;
  for (std::size_t i = 0; i < size; ++i) finite = finite && std::isfinite(numbers[i]);
  return finite;
}

}  // namespace

MujocoLibrary::MujocoLibrary(nb::dict functions, nb::dict layout, nb::object sin, nb::object cos,
                             bool fused_norm, int first_divergence, nb::object empty)
    : table{functions_of(functions), {},     elementwise(sin), elementwise(cos), fused_norm,
            first_divergence,        nullptr},
      guard(table),
      empty_model(std::move(empty)) {
  for (const LayoutField& field : kLayout)
    table.layout.*field.offset = nb::cast<std::ptrdiff_t>(layout[field.name]);
  table.empty_model = reinterpret_cast<const mujoco::Model*>(
      nb::cast<std::uintptr_t>(empty_model.attr("_address")));
}

MujocoPlan::MujocoPlan(nb::object library_object, const std::string& robot, nb::dict sizes,
                       nb::list pieces, nb::list steps, nb::list resets)
    : library(nb::cast<MujocoLibrary*>(library_object)), owner(library_object) {
  const Layout& layout = library->table.layout;
  plan.library = &library->table;
  plan.robot = nullptr;
  for (const mujoco::Robot& known : mujoco::kRobots)
    if (known.name == robot) plan.robot = &known;
  if (plan.robot == nullptr) raise(PyExc_KeyError, "%s", robot.c_str());
  plan.sizes = {nb::cast<int>(sizes["nq"]), nb::cast<int>(sizes["nv"]), nb::cast<int>(sizes["nu"]),
                nb::cast<int>(sizes["nbody"]), nb::cast<int>(sizes["ntendon"])};
  plan.observation_size = 0;
  for (nb::handle given : pieces) {
    plan.pieces.push_back(piece_of(layout, given));
    plan.observation_size += plan.pieces.back().count;
  }
  step_infos = infos_of(layout, steps, plan);
  reset_infos = infos_of(layout, resets, plan);
}

nb::object MujocoPlan::info(const std::vector<MujocoInfo>& entries, const double* facts,
                            const double* copies, bool float_action) const {
  nb::object info = made(PyDict_New());
  for (const MujocoInfo& entry : entries) {
    PyObject* value = nullptr;
    switch (entry.kind) {
      case MujocoInfo::Kind::of_action:
        value = float_action ? float_scalar(facts[entry.source]) : real_scalar(facts[entry.source]);
        break;
      case MujocoInfo::Kind::real:
        value = real_scalar(facts[entry.source]);
        break;
      case MujocoInfo::Kind::whole:
        value = PyLong_FromLong(static_cast<long>(facts[entry.source]));
        break;
      case MujocoInfo::Kind::array: {
        const std::int64_t shape[] = {plan.sizes.tendons};
        void* data;
        value = new_array(DType::float64, shape, &data);
        if (value != nullptr)
          std::copy_n(copies + entry.source * plan.sizes.tendons, plan.sizes.tendons,
                      static_cast<double*>(data));
        break;
      }
    }
    const nb::object held = made(value);
    if (PyDict_SetItem(info.ptr(), entry.key.ptr(), value) < 0) throw nb::python_error();
  }
  return info;
}

double& task_value(mujoco::Task& task, const std::string& name) {
  for (const mujoco::TaskField& field : mujoco::kTaskFields)
    if (field.name == name) return task.*field.value;
  raise(PyExc_TypeError, "a robot's task has no number %s", name.c_str());
}

PyObject* action_row(PyObject* action, std::size_t size, mujoco::Action& row) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(size)};
  row.size = static_cast<int>(size);
  row.is_float = true;
  PyObject* array = nullptr;
  if (void* floats = array_data(action, DType::float32, shape); floats != nullptr) {
    row.values = floats;
    array = Py_NewRef(action);
  } else {
    void* data = nullptr;
    array = converted_array(action, DType::float64, size, &data);
    if (array == nullptr && size == 0) PyErr_Clear();
    row.values = data;
    row.is_float = false;
    if (array != nullptr && array != action && PyArray_Check(action) &&
        PyArray_TYPE(reinterpret_cast<PyArrayObject*>(action)) == NPY_FLOAT) {
      Py_DECREF(array);  // float32, but not contiguous
      array = converted_array(action, DType::float32, size, &data);
      row.values = data;
      row.is_float = true;
    }
  }
  if (array == nullptr) return nullptr;
  const bool good =
      row.is_float ? all_finite<float>(row.values, size) : all_finite<double>(row.values, size);
  if (good) return array;
  Py_DECREF(array);
  return nullptr;
}

void register_mujoco(nb::module_& m) {
  if (PyArray_ImportNumPyAPI() < 0 || PyUFunc_ImportUFuncAPI() < 0) throw nb::python_error();
  nb::class_<MujocoLibrary>(m, "Library")
      .def(nb::init<nb::dict, nb::dict, nb::object, nb::object, bool, int, nb::object>(),
           nb::arg("functions"), nb::arg("layout"), nb::arg("sin"), nb::arg("cos"),
           nb::arg("fused_norm"), nb::arg("first_divergence"), nb::arg("empty_model"));
  nb::class_<MujocoPlan>(m, "Plan")
      .def(nb::init<nb::object, const std::string&, nb::dict, nb::list, nb::list, nb::list>(),
           nb::arg("library"), nb::arg("robot"), nb::arg("sizes"), nb::arg("pieces"),
           nb::arg("step_infos"), nb::arg("reset_infos"))
      .def_prop_ro("observation_size",
                   [](const MujocoPlan& self) { return self.plan.observation_size; });
  nb::list names;
  for (const mujoco::TaskField& field : mujoco::kTaskFields)
    names.append(nb::str(field.name.data(), field.name.size()));
  m.attr("TASK_FIELDS") = nb::tuple(names);
  register_mujoco_lane(m);
  register_mujoco_pool(m);
}

}  // namespace dromos::bind
