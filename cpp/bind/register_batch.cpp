// dromos._core.batch: batches of native lanes, for dromos.native.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "batch_arrays.hpp"
#include "batch_fields.hpp"
#include "bind.hpp"
#include "catalogue.hpp"
#include "dromos/affinity.hpp"
#include "dromos/instruction_set.hpp"
#include "episodes.hpp"
#include "fastcall.hpp"
#include "lane_step.hpp"
#include "modules.hpp"
#include "observations.hpp"
#include "vector_batch.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace dromos::bind {
namespace {

const char* dtype_name(DType dtype) {
  switch (dtype) {
    case DType::boolean:
      return "bool";
    case DType::int8:
      return "int8";
    case DType::uint8:
      return "uint8";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::uint64:
      return "uint64";
    case DType::float32:
      return "float32";
    case DType::float64:
      return "float64";
  }
  return "";
}

nb::object fields_as_python(View<FieldInfo> fields) {
  nb::list result;
  for (const auto& field : fields) {
    const Bounds& bounds = field.bounds;
    result.append(nb::make_tuple(field.name, dtype_name(field.dtype), field.count,
                                 nb::steal(field_value(field, field.initial)), field.unit,
                                 field.doc, bounds.above, bounds.at_least, bounds.at_most,
                                 bounds.least_is_widest));
  }
  return nb::tuple(result);
}

// (low, high), each a leaf's array or number; None where the environment does not tell.
nb::object observation_bounds(const Layout& layout) {
  if (layout.observation_bounds == nullptr) return nb::none();
  std::vector<void*> low, high;
  const nb::object arrays[] = {made(new_observations(layout, {1}, low)),
                               made(new_observations(layout, {1}, high))};
  layout.observation_bounds(low.data(), high.data());
  return nb::make_tuple(nb::steal(single_observation(layout, low.data())),
                        nb::steal(single_observation(layout, high.data())));
}

nb::object action_bounds(const Layout& layout) {
  if (layout.action_bounds == nullptr) return nb::none();
  void *low, *high;
  const Shape shape(std::max<std::size_t>(layout.action.count, 1));
  nb::object arrays[] = {array_of(layout.action.dtype, shape, &low),
                         array_of(layout.action.dtype, shape, &high)};
  layout.action_bounds(low, high);
  return nb::make_tuple(arrays[0], arrays[1]);
}

nb::dict layout_as_python(const Layout& layout) {
  nb::dict result;
  result["name"] = layout.name;
  nb::list leaves;
  for (const Leaf& leaf : layout.observation)
    leaves.append(
        nb::make_tuple(dtype_name(leaf.dtype),
                       nb::tuple(nb::cast(std::vector(leaf.shape.begin(), leaf.shape.end())))));
  result["structure"] = layout.structure;
  result["observation"] = nb::tuple(leaves);
  result["observation_bounds"] = observation_bounds(layout);
  result["action_bounds"] = action_bounds(layout);
  result["params"] = fields_as_python(layout.params);
  result["state"] = fields_as_python(layout.state);
  result["options"] = fields_as_python(layout.options);
  result["info"] = fields_as_python(layout.info);
  result["action_dtype"] = dtype_name(layout.action.dtype);
  result["action_count"] = layout.action.count;
  result["action_choices"] = layout.action.choices;
  return result;
}

// (ways, start): ways[state][action] is a list of (probability, next state, reward, terminated),
// start the probability of each state to be the first; None if the states cannot be counted.
nb::object transitions(const AnyBatch& batch) {
  const auto table = batch.transitions();
  if (!table) return nb::none();
  const bool whole = batch.layout().whole_rewards;
  nb::list states;
  for (std::size_t i = 0; i < table->ways.size(); ++i) {
    if (i % static_cast<std::size_t>(table->actions) == 0) states.append(nb::list());
    nb::list ways;
    for (const auto& [probability, outcome] : table->ways[i])
      ways.append(nb::make_tuple(probability, outcome.state,
                                 nb::steal(reward_object(whole, outcome.reward)),
                                 outcome.terminated));
    nb::cast<nb::list>(states[states.size() - 1]).append(ways);
  }
  return nb::make_tuple(states, copy_of(DType::float64, std::span(table->start)));
}

NumpyBits bits_of(nb::handle bit_generator) {
  nb::object capsule = bit_generator.attr("capsule");
  auto* bitgen = static_cast<NumpyBitgen*>(PyCapsule_GetPointer(capsule.ptr(), "BitGenerator"));
  if (bitgen == nullptr) throw nb::python_error();
  return {bitgen};
}

void bind_episode(nb::class_<VectorBatch>& batch) {
  batch.def("seed_all", [](VectorBatch& self, std::uint64_t first) {
    for (std::size_t lane = 0; lane < self.core().lanes(); ++lane) {
      const std::uint64_t seed = first + lane;
      const std::uint32_t words[] = {static_cast<std::uint32_t>(seed),
                                     static_cast<std::uint32_t>(seed >> 32)};
      self.core().seed(lane, std::span(words, words[1] == 0 ? 1 : 2));
    }
  });
  batch.def("seed", [](VectorBatch& self, std::size_t lane, std::vector<std::uint32_t> words) {
    if (lane >= self.core().lanes()) throw nb::index_error("no such lane");
    self.core().seed(lane, words);
  });
  batch.def("default_options", [](VectorBatch& self, LaneIds lanes) {
    self.core().default_options(checked_lanes(self.core(), lanes));
  });
  batch.def("use_bit_generator", [](VectorBatch& self, nb::handle bit_generator) {
    use_bit_generator(self.core(), bits_of(bit_generator));
  });
  batch.def("reset", [](VectorBatch& self, LaneIds lanes) {
    self.core().reset(checked_lanes(self.core(), lanes));
  });
  batch.def(
      "fresh_lane", [](VectorBatch& self) { return new VectorBatch(self.core().fresh_lane()); },
      nb::rv_policy::take_ownership);
  batch.def("step", &VectorBatch::step, "actions"_a.none());
  batch.def("step_some", [](VectorBatch& self, LaneIds lanes, nb::handle actions) {
    return self.step_some(checked_lanes(self.core(), lanes), actions);
  });
  batch.def("check_actions", [](const VectorBatch& self, nb::handle actions, std::size_t rows) {
    self.checked_actions(actions, rows);
  });
  batch.def("trajectory", &VectorBatch::trajectory, "actions"_a, "out"_a);
  batch.def("run", &VectorBatch::run, "trajectory"_a, "first"_a, "last"_a, "to_the_end"_a = false);
  batch.def("play", &VectorBatch::play, "actions"_a);
  batch.def("take_lane", [](VectorBatch& self, VectorBatch& single, LaneIds lanes) {
    if (single.core().layout().name != self.core().layout().name)
      throw nb::value_error("expected a lane of the same dynamics");
    self.take_lane(single, checked_lanes(self.core(), lanes));
  });
  batch.def("observe", [](VectorBatch& self, LaneIds lanes) {
    return self.observe(checked_lanes(self.core(), lanes));
  });
  batch.def("infos", [](VectorBatch& self, LaneIds lanes) {
    return self.infos(checked_lanes(self.core(), lanes));
  });
  batch.def("final_info_arrays", &VectorBatch::final_info_arrays);
  batch.def("final_infos", [](VectorBatch& self, nb::handle ended) {
    const auto* flags =
        static_cast<const bool*>(data_of(ended, DType::boolean, self.core().lanes()));
    return self.final_infos({flags, self.core().lanes()});
  });
  batch.def("transitions", [](VectorBatch& self) { return transitions(self.core()); });
  batch.def("final_observation", &VectorBatch::final_observation);
  batch.def("final_column", [](VectorBatch& self, nb::handle ended) {
    const auto* flags =
        static_cast<const bool*>(data_of(ended, DType::boolean, self.core().lanes()));
    return self.final_column({flags, self.core().lanes()});
  });
  batch.def("lane_step", [](nb::handle self, nb::handle env) {
    auto& core = nb::cast<VectorBatch&>(self).core();
    return nb::steal(new_lane_step(&core, self.ptr(), env.ptr()));
  });
}

const Maker& maker_of(const std::string& name) {
  const auto found = catalogue().find(name);
  if (found == catalogue().end())
    throw nb::key_error(("no native environment is called " + name).c_str());
  return found->second;
}

}  // namespace

void register_batch(nb::module_& m) {
  import_numpy();
  add_lane_step_types(m.ptr());
  static PyObject* fault_type =
      PyErr_NewException("dromos._core.batch.LaneFault", PyExc_RuntimeError, nullptr);
  if (fault_type == nullptr) throw nb::python_error();
  m.attr("LaneFault") = nb::borrow(fault_type);
  nb::register_exception_translator([](const std::exception_ptr& error, void*) {
    try {
      std::rethrow_exception(error);
    } catch (const LaneFault& fault) {
      PyErr_SetObject(fault_type, nb::make_tuple(fault.reason, fault.lane).ptr());
    } catch (const ModuleError& refused) {
      PyErr_SetString(PyExc_ImportError, refused.message.c_str());
    }
  });

  nb::enum_<Autoreset>(m, "Autoreset")
      .value("NEXT_STEP", Autoreset::next_step)
      .value("SAME_STEP", Autoreset::same_step)
      .value("DISABLED", Autoreset::disabled);
  nb::enum_<Structure>(m, "Structure")
      .value("ARRAY", Structure::array)
      .value("SCALAR", Structure::scalar)
      .value("TUPLE", Structure::tuple);
  nb::enum_<Group>(m, "Group")
      .value("PARAMS", Group::params)
      .value("STATE", Group::state)
      .value("OPTIONS", Group::options);
  nb::enum_<Distribution>(m, "Distribution")
      .value("UNIFORM", Distribution::uniform)
      .value("LOG_UNIFORM", Distribution::log_uniform)
      .value("NORMAL", Distribution::normal)
      .value("CHOICE", Distribution::choice);

  nb::class_<TrajectoryArrays>(m, "Trajectory");
  nb::class_<VectorBatch> batch(m, "Batch");
  batch.def_prop_ro("name", [](VectorBatch& self) { return self.core().layout().name; })
      .def_prop_ro("lanes", [](VectorBatch& self) { return self.core().lanes(); })
      .def_prop_ro("cost", [](VectorBatch& self) { return self.core().cost(self.core().lanes()); })
      .def_prop_ro("params_uniform", [](VectorBatch& self) { return self.core().params_uniform(); })
      .def_ro("guard", &VectorBatch::guard)
      .def_prop_ro("episodes",
                   [](nb::handle self) {
                     return EpisodeArrays(nb::cast<VectorBatch&>(self).core().episodes(), self);
                   })
      .def_rw("threads", &VectorBatch::threads)
      .def_rw("reuse_outputs", &VectorBatch::reuse_outputs);
  bind_fields(batch);
  bind_episode(batch);

  m.def(
      "make_batch",
      [](const std::string& name, std::size_t lanes, Autoreset autoreset, std::int32_t limit) {
        return new VectorBatch(maker_of(name).batch(lanes, autoreset, limit));
      },
      nb::rv_policy::take_ownership);
  m.def(
      "make_single",
      [](const std::string& name) { return new VectorBatch(maker_of(name).single()); },
      nb::rv_policy::take_ownership);
  m.def("layout", [](const std::string& name) {
    return layout_as_python(maker_of(name).single()->layout());
  });
  m.attr("NO_LIMIT") = kNoLimit;
  m.def("default_threads", [] { return thread_count().count; });
  m.def("instruction_set", [] { return name(instruction_set()); });
  m.def("names", [] {
    nb::list all;
    for (const auto& [name, maker] : catalogue()) all.append(name);
    return nb::tuple(all);
  });
  m.def("load_module", [](const std::string& path) {
    const Module& module = load_module(path);
    nb::list all;
    for (const ModuleEntry& entry : module.entries) all.append(entry.layout.name);
    return nb::make_tuple(module.name, nb::tuple(all));
  });
  m.def("limit_instruction_set", [](const std::string& most) {
    for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
      if (most == name(set)) {
        limit_instruction_set(set);
        return limit_modules(set);
      }
    throw nb::value_error("expected 'baseline', 'avx2' or 'avx512'");
  });
}

}  // namespace dromos::bind
