#include "batch_fields.hpp"

#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <string_view>

#include "batch_arrays.hpp"

namespace nb = nanobind;

namespace dromos::bind {
namespace {

constexpr std::int64_t kFirstLane[] = {0};

View<FieldInfo> fields_of(const Layout& layout, Group group) {
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
  const View<FieldInfo> fields = fields_of(batch.layout(), group);
  if (field >= fields.size()) throw nb::index_error("no such field");
  return fields[field];
}

// A parameter that is a number, of the only lane.
const FieldInfo& number_named(AnyBatch& batch, std::string_view name, std::size_t& field) {
  const auto& params = batch.layout().params;
  for (field = 0; field < params.size(); ++field)
    if (params[field].name == name && params[field].count == 0) return params[field];
  throw nb::key_error("no parameter of this name is a number");
}

nb::object number(AnyBatch& batch, std::string_view name) {
  std::size_t field;
  const FieldInfo& info = number_named(batch, name, field);
  alignas(8) std::byte value[8];
  batch.read(Group::params, field, kFirstLane, value);
  return nb::steal(python_number(info.dtype, value));
}

void set_number(AnyBatch& batch, std::string_view name, nb::handle value) {
  std::size_t field;
  const FieldInfo& info = number_named(batch, name, field);
  const auto write = [&](auto typed) { batch.write(Group::params, field, kFirstLane, &typed); };
  if (info.dtype == DType::float64)
    write(nb::cast<double>(value));
  else if (info.dtype == DType::boolean)
    write(nb::cast<bool>(value));
  else
    throw nb::type_error("parameters that are numbers are of type float64 or bool");
}

// (field, values): the values of a choice, one row each; None where a number is drawn.
using Values = std::tuple<std::size_t, nb::object>;

// (distribution, [low, high, mean, deviation], choices, fields)
using Way = std::tuple<nb::object, std::vector<double>, std::size_t, std::vector<Values>>;

void check_numbers(const ParameterDraw& draw) {
  for (const double number : {draw.low, draw.high, draw.mean, draw.deviation})
    if (!std::isfinite(number)) throw nb::value_error("expected finite numbers to draw by");
  if (draw.low > draw.high) throw nb::value_error("expected the least value ≤ the greatest value");
  if (draw.distribution != Distribution::normal && !std::isfinite(draw.high - draw.low))
    throw nb::value_error("expected bounds less than the greatest float64 apart");
  if (draw.distribution == Distribution::log_uniform && draw.low <= 0)
    throw nb::value_error("expected the least value of LOG_UNIFORM > 0");
  if (draw.deviation < 0) throw nb::value_error("expected a deviation ≥ 0");
}

void check_fields(AnyBatch& batch, const ParameterDraw& draw, const std::vector<Values>& fields) {
  const bool is_choice = draw.distribution == Distribution::choice;
  if (is_choice != (draw.choices > 0))
    throw nb::value_error("expected choices of CHOICE, at least one, and of nothing else");
  if (fields.empty() || (!is_choice && fields.size() > 1))
    throw nb::value_error("expected one field, or more of CHOICE");
  for (const auto& [field, values] : fields) {
    const FieldInfo& info = field_of(batch, Group::params, field);
    if (!is_choice && (info.dtype != DType::float64 || info.count != 0))
      throw nb::type_error("only parameters of type float64 are drawn as numbers");
  }
}

ParameterDraw draw_of(AnyBatch& batch, const Way& way) {
  const auto& [distribution, numbers, choices, fields] = way;
  if (!nb::isinstance<Distribution>(distribution))
    throw nb::type_error("expected a member of Distribution");
  if (numbers.size() != 4) throw nb::value_error("expected four numbers to draw by");
  ParameterDraw draw{nb::cast<Distribution>(distribution),
                     numbers[0],
                     numbers[1],
                     numbers[2],
                     numbers[3],
                     choices,
                     {}};
  check_numbers(draw);
  check_fields(batch, draw, fields);
  for (const auto& [field, values] : fields) {
    const FieldInfo& info = field_of(batch, Group::params, field);
    const auto* bytes =
        choices == 0
            ? nullptr
            : static_cast<const std::byte*>(data_of(values, info.dtype, {choices, info.count}));
    draw.fields.push_back({field, {bytes, bytes + choices * info.bytes}});
  }
  return draw;
}

// (ways, way): how a parameter is drawn, and which of the ways is each lane's; int32, -1 for none.
using Draw = std::tuple<std::vector<Way>, nb::object>;

LaneDraws lane_draws_of(AnyBatch& batch, const Draw& draw) {
  const auto& [ways, way] = draw;
  const auto* chosen = static_cast<const std::int32_t*>(data_of(way, DType::int32, batch.lanes()));
  LaneDraws result{{}, {chosen, chosen + batch.lanes()}};
  for (const std::int32_t index : result.way)
    if (index < -1 || index >= static_cast<std::int64_t>(ways.size()))
      throw nb::index_error("no such way to draw");
  for (const Way& each : ways) result.ways.push_back(draw_of(batch, each));
  return result;
}

void set_draws(AnyBatch& batch, const std::vector<Draw>& draws) {
  std::vector<LaneDraws> made;
  for (const Draw& draw : draws) made.push_back(lane_draws_of(batch, draw));
  batch.set_draws(std::move(made));
}

void bind_params(nb::class_<VectorBatch>& batch) {
  batch.def("read", [](VectorBatch& self, Group group, std::size_t field, LaneIds lanes) {
    const auto& info = field_of(self.core(), group, field);
    void* data;
    nb::object array = array_of(info.dtype, Shape(lanes.size(), info.count), &data);
    self.core().read(group, field, checked_lanes(self.core(), lanes), data);
    return array;
  });
  batch.def("write", [](VectorBatch& self, Group group, std::size_t field, LaneIds lanes,
                        nb::handle values) {
    const auto& info = field_of(self.core(), group, field);
    self.core().write(group, field, checked_lanes(self.core(), lanes),
                      data_of(values, info.dtype, Shape(lanes.size(), info.count)));
  });
  batch.def("number",
            [](VectorBatch& self, std::string_view name) { return number(self.core(), name); });
  batch.def("set_number", [](VectorBatch& self, std::string_view name, nb::handle value) {
    set_number(self.core(), name, value);
  });
  batch.def("set_draws", [](VectorBatch& self, const std::vector<Draw>& draws) {
    set_draws(self.core(), draws);
  });
}

void bind_lanes(nb::class_<VectorBatch>& batch) {
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
}

}  // namespace

void bind_fields(nb::class_<VectorBatch>& batch) {
  bind_params(batch);
  bind_lanes(batch);
}

}  // namespace dromos::bind
