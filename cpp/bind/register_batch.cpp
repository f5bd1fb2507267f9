// dromos._core.batch: batches of native lanes, for dromos.native.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind.hpp"
#include "catalogue.hpp"
#include "dromos/affinity.hpp"
#include "dromos/instruction_set.hpp"
#include "lane_step.hpp"
#include "numpy_arrays.hpp"
#include "observations.hpp"
#include "vector_batch.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace dromos::bind {
namespace {

using LaneIds = nb::ndarray<const std::int64_t, nb::shape<-1>, nb::c_contig, nb::device::cpu>;

std::span<const std::int64_t> view(const LaneIds& lanes) { return {lanes.data(), lanes.size()}; }

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
    case DType::float32:
      return "float32";
    case DType::float64:
      return "float64";
  }
  return "";
}

nb::object fields_as_python(const std::vector<FieldInfo>& fields) {
  nb::list result;
  for (const auto& field : fields)
    result.append(
        nb::make_tuple(field.name, dtype_name(field.dtype), field.unit, field.doc, field.count));
  return nb::tuple(result);
}

nb::dict layout_as_python(const Layout& layout) {
  nb::dict result;
  result["name"] = layout.name;
  result["params"] = fields_as_python(layout.params);
  result["state"] = fields_as_python(layout.state);
  result["options"] = fields_as_python(layout.options);
  result["info"] = fields_as_python(layout.info);
  result["action_dtype"] = dtype_name(layout.action.dtype);
  result["action_count"] = layout.action.count;
  result["action_choices"] = layout.action.choices;
  return result;
}

const std::vector<FieldInfo>& fields_of(const Layout& layout, Group group) {
  switch (group) {
    case Group::params:
      return layout.params;
    case Group::state:
      return layout.state;
    case Group::options:
      return layout.options;
  }
  throw nb::index_error("no such group");
}

const FieldInfo& field_of(AnyBatch& batch, Group group, std::size_t field) {
  const auto& fields = fields_of(batch.layout(), group);
  if (field >= fields.size()) throw nb::index_error("no such field");
  return fields[field];
}

std::span<const std::int64_t> checked_lanes(AnyBatch& batch, const LaneIds& lanes) {
  for (const auto lane : view(lanes))
    if (lane < 0 || static_cast<std::size_t>(lane) >= batch.lanes())
      throw nb::index_error("no such lane");
  return view(lanes);
}

// The shape of a field's values in some lanes: (lanes,), or (lanes, count) for an array.
struct Shape {
  std::int64_t extents[2];
  std::size_t dimensions;

  Shape(std::size_t rows, std::size_t count = 0)
      : extents{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(count)},
        dimensions(count == 0 ? 1 : 2) {}
  operator std::span<const std::int64_t>() const { return {extents, dimensions}; }
};

Shape field_shape(std::size_t lanes, const FieldInfo& field) { return {lanes, field.count}; }

nb::object array_of(DType dtype, const Shape& shape, void** data) {
  PyObject* array = new_array(dtype, shape, data);
  if (array == nullptr) throw nb::python_error();
  return nb::steal(array);
}

template <class T>
nb::object copy_of(DType dtype, std::span<T> values) {
  void* data;
  nb::object array = array_of(dtype, values.size(), &data);
  std::memcpy(data, values.data(), values.size_bytes());
  return array;
}

const void* data_of(nb::handle values, DType dtype, const Shape& shape) {
  const void* data = array_data(values.ptr(), dtype, shape);
  if (data == nullptr) throw nb::value_error("values of another dtype or shape");
  return data;
}

template <class T>
void write_rows(std::span<T> column, std::span<const std::int64_t> lanes, const void* in) {
  const auto* values = static_cast<const T*>(in);
  for (std::size_t i = 0; i < lanes.size(); ++i)
    column[static_cast<std::size_t>(lanes[i])] = values[i];
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

void bind_state(nb::class_<VectorBatch>& batch) {
  batch.def("read", [](VectorBatch& self, Group group, std::size_t field, LaneIds lanes) {
    const auto& info = field_of(self.core(), group, field);
    void* data;
    nb::object array = array_of(info.dtype, field_shape(lanes.size(), info), &data);
    self.core().read(group, field, checked_lanes(self.core(), lanes), data);
    return array;
  });
  batch.def("write", [](VectorBatch& self, Group group, std::size_t field, LaneIds lanes,
                        nb::handle values) {
    const auto& info = field_of(self.core(), group, field);
    self.core().write(group, field, checked_lanes(self.core(), lanes),
                      data_of(values, info.dtype, field_shape(lanes.size(), info)));
  });
  batch.def("read_rng", [](VectorBatch& self, LaneIds lanes) {
    void* data;
    nb::object array = array_of(DType::uint8, lanes.size() * self.core().rng_bytes(), &data);
    self.core().read_rng(checked_lanes(self.core(), lanes), static_cast<std::byte*>(data));
    return array;
  });
  batch.def("write_rng", [](VectorBatch& self, LaneIds lanes, nb::handle values) {
    const auto* data = data_of(values, DType::uint8, lanes.size() * self.core().rng_bytes());
    self.core().write_rng(checked_lanes(self.core(), lanes), static_cast<const std::byte*>(data));
  });
  batch.def("elapsed",
            [](VectorBatch& self) { return copy_of(DType::int32, self.core().elapsed()); });
  batch.def("status",
            [](VectorBatch& self) { return copy_of(DType::uint8, self.core().status()); });
  batch.def("restarted",
            [](VectorBatch& self) { return copy_of(DType::boolean, self.core().restarted()); });
  batch.def("write_episode", [](VectorBatch& self, LaneIds lanes, nb::handle elapsed,
                                nb::handle status, nb::handle restarted) {
    const auto rows = checked_lanes(self.core(), lanes);
    const auto* steps = data_of(elapsed, DType::int32, rows.size());
    const auto* states = data_of(status, DType::uint8, rows.size());
    const auto* marks = data_of(restarted, DType::boolean, rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (static_cast<const std::uint8_t*>(states)[i] > static_cast<std::uint8_t>(Status::ended))
        throw nb::value_error("no such status");
    write_rows(self.core().elapsed(), rows, steps);
    write_rows(self.core().status(), rows, states);
    write_rows(self.core().restarted(), rows, marks);
  });
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
  batch.def("reset_single", &VectorBatch::reset_single);
  batch.def("step", &VectorBatch::step, "actions"_a.none());
  batch.def("step_some", [](VectorBatch& self, LaneIds lanes, nb::handle actions) {
    return self.step_some(checked_lanes(self.core(), lanes), actions);
  });
  batch.def("observe", [](VectorBatch& self, LaneIds lanes) {
    return self.observe(checked_lanes(self.core(), lanes));
  });
  batch.def("infos", [](VectorBatch& self, LaneIds lanes) {
    return self.infos(checked_lanes(self.core(), lanes));
  });
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
  batch.def("lane_step", [](nb::handle self, nb::handle fault) {
    auto& core = nb::cast<VectorBatch&>(self).core();
    return nb::steal(new_lane_step(&core, self.ptr(), fault.ptr()));
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
    }
  });

  nb::enum_<Autoreset>(m, "Autoreset")
      .value("NEXT_STEP", Autoreset::next_step)
      .value("SAME_STEP", Autoreset::same_step)
      .value("DISABLED", Autoreset::disabled);
  nb::enum_<Group>(m, "Group")
      .value("PARAMS", Group::params)
      .value("STATE", Group::state)
      .value("OPTIONS", Group::options);

  nb::class_<VectorBatch> batch(m, "Batch");
  batch.def_prop_ro("name", [](VectorBatch& self) { return self.core().layout().name; })
      .def_prop_ro("lanes", [](VectorBatch& self) { return self.core().lanes(); })
      .def_prop_ro("params_uniform", [](VectorBatch& self) { return self.core().params_uniform(); })
      .def_prop_rw(
          "limit", [](VectorBatch& self) { return self.core().limit(); },
          [](VectorBatch& self, std::int32_t steps) { self.core().set_limit(steps); })
      .def_rw("threads", &VectorBatch::threads)
      .def_rw("reuse_outputs", &VectorBatch::reuse_outputs);
  bind_state(batch);
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
    nb::list names;
    for (const auto& [name, maker] : catalogue()) names.append(name);
    return nb::tuple(names);
  });
  m.def("limit_instruction_set", [](const std::string& most) {
    for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
      if (most == name(set)) return limit_instruction_set(set);
    throw nb::value_error("expected 'baseline', 'avx2' or 'avx512'");
  });
}

}  // namespace dromos::bind
