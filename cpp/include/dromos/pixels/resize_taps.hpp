// Which pixels of a row or column make each pixel of a resized one, and with what weight.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dromos::pixels {

// For each of `size` outputs, `most` neighbouring inputs from `first` on; weights beyond an
// output's own number of inputs are 0.
template <class Weight>
struct Taps {
  std::size_t size;
  std::size_t most;
  std::vector<std::int32_t> first;  // (size,)
  std::vector<Weight> weights;      // (most, size)

  Weight weight(std::size_t tap, std::size_t output) const { return weights[tap * size + output]; }
};

// Shrinking from `from` to `to` ≤ `from` pixels: an output is the mean of the stretch of inputs
// under it, those at the ends weighted by the part that is covered. Computed in double precision
// and rounded to float, where a cover of less than a thousandth of a pixel counts as none.
inline Taps<float> area_taps(std::size_t from, std::size_t to) {
  constexpr double kLeastCover = 1e-3;
  const double scale = 1.0 / (static_cast<double>(to) / static_cast<double>(from));
  Taps<float> taps{to, static_cast<std::size_t>(scale) + 3, {}, {}};
  taps.weights.assign(taps.most * to, 0.0f);
  std::size_t most = 0;
  for (std::size_t output = 0; output < to; ++output) {
    const double begin = static_cast<double>(output) * scale;
    const double end = begin + scale;
    const double cell = std::min(scale, static_cast<double>(from) - begin);
    const auto whole_end = std::min(static_cast<std::size_t>(end), from - 1);
    const auto whole_begin = std::min(static_cast<std::size_t>(std::ceil(begin)), whole_end);
    const double before = static_cast<double>(whole_begin) - begin;
    const double after = end - static_cast<double>(whole_end);
    std::size_t tap = 0;
    const auto add = [&](double cover) {
      taps.weights[tap++ * to + output] = static_cast<float>(cover / cell);
    };
    taps.first.push_back(static_cast<std::int32_t>(whole_begin - (before > kLeastCover)));
    if (before > kLeastCover) add(before);
    for (std::size_t i = whole_begin; i < whole_end; ++i) add(1.0);
    if (after > kLeastCover) add(std::min({after, 1.0, cell}));
    most = std::max(most, tap);
  }
  taps.most = most;
  taps.weights.resize(most * to);
  return taps;
}

// Weights of bilinear interpolation are integers in units of 2^-11.
constexpr int kLinearBits = 11;

// Two inputs an output: enlarging as OpenCV does where area interpolation was asked for, which
// blends only in the outputs that lie over the edge between two inputs.
inline Taps<std::int32_t> linear_taps(std::size_t from, std::size_t to) {
  const double inverse = static_cast<double>(to) / static_cast<double>(from);
  const double scale = 1.0 / inverse;
  Taps<std::int32_t> taps{to, 2, {}, std::vector<std::int32_t>(2 * to)};
  for (std::size_t output = 0; output < to; ++output) {
    auto input = static_cast<std::size_t>(static_cast<double>(output) * scale);
    auto blend = static_cast<float>(static_cast<double>(output + 1) -
                                    static_cast<double>(input + 1) * inverse);
    blend = blend <= 0.0f ? 0.0f : blend - std::floor(blend);
    if (input >= from - 1) {
      input = from - 1;
      blend = 0.0f;
    }
    constexpr float kOne = 1 << kLinearBits;
    taps.first.push_back(static_cast<std::int32_t>(input));
    taps.weights[output] = static_cast<std::int32_t>(std::lrint((1.0f - blend) * kOne));
    taps.weights[to + output] = static_cast<std::int32_t>(std::lrint(blend * kOne));
  }
  return taps;
}

// Where in a row of `channels` numbers a pixel the taps of each number of an output row lie, and
// their weights again, for loops over all numbers of the row. Indices stay inside the row.
template <class Weight>
struct RowTaps {
  std::size_t size;                 // numbers in an output row
  std::size_t most;                 // taps, a multiple of the constructor's `multiple`
  std::vector<std::int32_t> index;  // (most, size)
  std::vector<Weight> weight;       // (most, size)

  RowTaps(const Taps<Weight>& taps, std::size_t from, std::size_t channels,
          std::size_t multiple = 1)
      : size(taps.size * channels),
        most((taps.most + multiple - 1) / multiple * multiple),
        index(most * size),
        weight(most * size) {
    for (std::size_t tap = 0; tap < taps.most; ++tap)
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t output = i / channels;
        const std::size_t input =
            std::min(static_cast<std::size_t>(taps.first[output]) + tap, from - 1);
        index[tap * size + i] = static_cast<std::int32_t>(input * channels + i % channels);
        weight[tap * size + i] = taps.weight(tap, output);
      }
  }
};

}  // namespace dromos::pixels
