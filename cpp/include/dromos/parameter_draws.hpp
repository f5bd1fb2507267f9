// Parameters that are drawn anew at each start of an episode, from the lane's own stream.
//
// They are drawn before the start state, which may depend on them, in the order of the list of
// draws. Lanes without draws take nothing from their streams.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "fields.hpp"
#include "random.hpp"

namespace dromos {

enum class Distribution : std::uint8_t { uniform, log_uniform, normal, choice };

// How a parameter is drawn.
struct ParameterDraw {
  // One value for each choice: `choices` times the bytes of the field.
  struct Values {
    std::size_t field;
    std::vector<std::byte> bytes;
  };

  Distribution distribution;
  double low;   // the least and the greatest value
  double high;  // (uniform: drawn only where the number below it is rounded up)
  double mean;  // of the normal distribution, before it is cut off at low and high
  double deviation;
  std::size_t choices;         // 0: a number is drawn
  std::vector<Values> fields;  // what is set; one field of type double where a number is drawn
};

// How each lane draws one parameter.
struct LaneDraws {
  std::vector<ParameterDraw> ways;
  std::vector<std::int32_t> way;  // (lanes of the batch,): which of them, -1 where it is not drawn
};

template <BitGenerator R>
double draw_number(const ParameterDraw& draw, R& rng) {
  switch (draw.distribution) {
    case Distribution::log_uniform:
      return std::clamp(std::exp(uniform(rng, std::log(draw.low), std::log(draw.high))), draw.low,
                        draw.high);
    case Distribution::normal:
      return std::clamp(normal(rng, draw.mean, draw.deviation), draw.low, draw.high);
    default:
      return uniform(rng, draw.low, draw.high);
  }
}

template <Reflected Params>
void set_number(Params& params, std::size_t field, double value) {
  for_each_field<Params>([&](auto index, const auto& info) {
    using T = typename std::remove_cvref_t<decltype(info)>::type;
    if constexpr (std::is_same_v<T, double>)
      if (index == field) params.*info.member = value;
  });
}

template <Reflected Params>
void set_bytes(Params& params, std::size_t field, const std::byte* value) {
  for_each_field<Params>([&](auto index, const auto& info) {
    if (index == field) std::memcpy(&(params.*info.member), value, sizeof(params.*info.member));
  });
}

// Sets what is drawn in this lane.
template <Reflected Params, BitGenerator R>
void draw_parameters(std::span<const LaneDraws> draws, std::size_t lane, Params& params, R& rng) {
  for (const LaneDraws& parameter : draws) {
    const std::int32_t way = parameter.way[lane];
    if (way < 0) continue;
    const ParameterDraw& draw = parameter.ways[static_cast<std::size_t>(way)];
    if (draw.choices == 0) {
      set_number(params, draw.fields[0].field, draw_number(draw, rng));
      continue;
    }
    const auto chosen =
        static_cast<std::size_t>(choice(rng, static_cast<std::int64_t>(draw.choices)));
    for (const auto& values : draw.fields)
      set_bytes(params, values.field,
                values.bytes.data() + chosen * (values.bytes.size() / draw.choices));
  }
}

}  // namespace dromos
