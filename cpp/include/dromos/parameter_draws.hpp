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
#include <vector>

#include "field_place.hpp"
#include "function_ref.hpp"
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

// Sets what is drawn in this lane; `place` tells where a field of its parameters lies.
template <BitGenerator R>
[[gnu::noinline]] void draw_parameters(std::span<const LaneDraws> draws, std::size_t lane,
                                       FunctionRef<FieldPlace(std::size_t field)> place, R& rng) {
  for (const LaneDraws& parameter : draws) {
    const std::int32_t way = parameter.way[lane];
    if (way < 0) continue;
    const ParameterDraw& draw = parameter.ways[static_cast<std::size_t>(way)];
    if (draw.choices == 0) {
      const double number = draw_number(draw, rng);
      std::memcpy(place(draw.fields[0].field).first, &number, sizeof(number));
      continue;
    }
    const auto chosen =
        static_cast<std::size_t>(choice(rng, static_cast<std::int64_t>(draw.choices)));
    for (const auto& values : draw.fields) {
      const FieldPlace field = place(values.field);
      std::memcpy(field.first, values.bytes.data() + chosen * field.bytes, field.bytes);
    }
  }
}

}  // namespace dromos
