// Pictures of another size, by the mean over the area under each pixel: bit for bit what OpenCV's
// INTER_AREA makes of 8-bit pictures.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "../widest.hpp"
#include "resize_taps.hpp"

namespace dromos {

namespace pixels {

// A picture: (height, width, channels) bytes, row by row.
struct Extent {
  std::size_t height, width, channels;
  std::size_t row() const { return width * channels; }
  std::size_t size() const { return height * row(); }
  bool operator==(const Extent&) const = default;
};

// To the nearest integer, halves to the even one, for 0 ≤ x < 2^22: adding 1.5 * 2^23 leaves no
// bits for the fraction. Rounding functions are calls where there is no SSE4.
inline std::uint8_t rounded(float x) {
  constexpr float kNoFraction = 12582912.0f;
  return static_cast<std::uint8_t>(static_cast<int>((x + kNoFraction) - kNoFraction));
}

// out[i] = Σ over taps of row[index] * weight, in the order of the taps.
template <class Pixel, class Weight>
[[gnu::always_inline]] inline void weigh_row(const Pixel* row, const RowTaps<Weight>& taps,
                                             Weight* __restrict out) {
  const std::size_t size = taps.size;
  for (std::size_t tap = 0; tap < taps.most; ++tap) {
    const std::int32_t* index = taps.index.data() + tap * size;
    const Weight* weight = taps.weight.data() + tap * size;
    if (tap == 0)
      for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<Weight>(row[index[i]]) * weight[i];
    else
      for (std::size_t i = 0; i < size; ++i)
        out[i] += static_cast<Weight>(row[index[i]]) * weight[i];
  }
}

// The same for one channel, whose inputs are neighbours: a word of them comes in one load. `most`
// is a multiple of kWordTaps, and that many bytes beyond the end of `row` may be read.
constexpr std::size_t kWordTaps = 4;
[[gnu::always_inline]] inline void weigh_grey_row(const std::uint8_t* row,
                                                  const RowTaps<float>& taps,
                                                  float* __restrict out) {
  using Word = std::uint32_t __attribute__((aligned(1), may_alias));
  constexpr bool kLittle = std::endian::native == std::endian::little;
  const std::size_t size = taps.size;
  std::fill_n(out, size, 0.0f);
  for (std::size_t tap = 0; tap < taps.most; tap += kWordTaps) {
    const std::int32_t* first = taps.index.data();
    const float* weight = taps.weight.data() + tap * size;
    for (std::size_t i = 0; i < size; ++i) {
      const Word word = *reinterpret_cast<const Word*>(row + first[i] + tap);
      const auto pixel = [word](int n) {
        return static_cast<float>(static_cast<int>(word >> (kLittle ? 8 * n : 24 - 8 * n) & 255));
      };
      float sum = out[i];
      sum += pixel(0) * weight[i];
      sum += pixel(1) * weight[size + i];
      sum += pixel(2) * weight[2 * size + i];
      sum += pixel(3) * weight[3 * size + i];
      out[i] = sum;
    }
  }
}

// Everything that depends on the sizes alone, and room to work in.
struct AreaPlan {
  Extent from, to;
  Taps<float> rows;
  RowTaps<float> columns;
  std::vector<float> pixels;       // (from.row(),) an input row
  std::vector<std::uint8_t> grey;  // (from.row() + columns.most,) an input row of one channel
  std::vector<float> weighted;     // (to.row(),) that row, at its new width
  std::vector<float> sums;         // (to.row(),)

  AreaPlan(const Extent& source, const Extent& target)
      : from(source),
        to(target),
        rows(area_taps(source.height, target.height)),
        columns(area_taps(source.width, target.width), source.width, source.channels,
                source.channels == 1 ? kWordTaps : 1),
        pixels(source.row()),
        grey(source.row() + columns.most),
        weighted(target.row()),
        sums(target.row()) {}
};

[[gnu::always_inline]] inline void weigh_input(AreaPlan& plan, const std::uint8_t* row) {
  if (plan.from.channels == 1) {
    std::copy_n(row, plan.from.row(), plan.grey.data());
    weigh_grey_row(plan.grey.data(), plan.columns, plan.weighted.data());
  } else {
    std::copy_n(row, plan.from.row(), plan.pixels.data());
    weigh_row(plan.pixels.data(), plan.columns, plan.weighted.data());
  }
}

inline void resize_by_area(AreaPlan& plan, const std::uint8_t* image, std::uint8_t* out) {
  const std::size_t width = plan.to.row();
  float* const sums = plan.sums.data();
  const float* const weighted = plan.weighted.data();
  // The row in `weighted`: outputs above each other share one, and rows of screens are often equal
  // to the one above.
  std::size_t present = plan.from.height;
  for (std::size_t y = 0; y < plan.to.height; ++y, out += width) {
    std::fill_n(sums, width, 0.0f);
    for (std::size_t tap = 0; tap < plan.rows.most; ++tap) {
      const float weight = plan.rows.weight(tap, y);
      if (weight == 0.0f) break;
      const std::size_t row = static_cast<std::size_t>(plan.rows.first[y]) + tap;
      if (row != present) {
        const std::uint8_t* const input = image + row * plan.from.row();
        const bool same =
            present + 1 == row && std::memcmp(input - plan.from.row(), input, plan.from.row()) == 0;
        if (!same) weigh_input(plan, input);
        present = row;
      }
      for (std::size_t x = 0; x < width; ++x) sums[x] += weighted[x] * weight;
    }
    for (std::size_t x = 0; x < width; ++x) out[x] = rounded(sums[x]);
  }
}

// Shrinking by whole numbers in both directions: sums are integers and every weight the same.
struct WholePlan {
  Extent from, to;
  std::size_t tall, wide;            // input pixels an output pixel is the mean of
  std::vector<std::int32_t> column;  // (from.row(),) sums over `tall` rows
  std::vector<std::int32_t> sums;    // (to.row(),)

  WholePlan(const Extent& source, const Extent& target)
      : from(source),
        to(target),
        tall(source.height / target.height),
        wide(source.width / target.width),
        column(source.row()),
        sums(target.row()) {}
};

[[gnu::always_inline]] inline void add_cells(const WholePlan& plan, std::int32_t* sums) {
  const std::size_t channels = plan.to.channels;
  const std::int32_t* cell = plan.column.data();
  for (std::size_t x = 0; x < plan.to.width; ++x, cell += plan.wide * channels)
    for (std::size_t channel = 0; channel < channels; ++channel) {
      std::int32_t sum = 0;
      for (std::size_t i = 0; i < plan.wide; ++i) sum += cell[i * channels + channel];
      sums[x * channels + channel] = sum;
    }
}

inline void resize_by_whole(WholePlan& plan, const std::uint8_t* image, std::uint8_t* out) {
  const std::size_t row = plan.from.row(), width = plan.to.row();
  const std::size_t channels = plan.to.channels;
  std::int32_t* const column = plan.column.data();
  std::int32_t* const sums = plan.sums.data();
  const float scale = 1.0f / static_cast<float>(plan.tall * plan.wide);
  // OpenCV rounds halves up in the one case that it has integer arithmetic for, else to even.
  const bool halves_up =
      plan.tall == 2 && plan.wide == 2 && (channels == 1 || channels == 3 || channels == 4);
  for (std::size_t y = 0; y < plan.to.height; ++y, out += width) {
    std::fill_n(column, row, 0);
    for (std::size_t i = 0; i < plan.tall; ++i, image += row)
      for (std::size_t x = 0; x < row; ++x) column[x] += image[x];
    add_cells(plan, sums);
    if (halves_up)
      for (std::size_t x = 0; x < width; ++x)
        out[x] = static_cast<std::uint8_t>((sums[x] + 2) >> 2);
    else
      for (std::size_t x = 0; x < width; ++x) out[x] = rounded(static_cast<float>(sums[x]) * scale);
  }
}

// Enlarging in a direction: bilinear in both, in integers.
struct LinearPlan {
  Extent from, to;
  Taps<std::int32_t> rows;
  RowTaps<std::int32_t> columns;
  std::vector<std::int32_t> upper, lower;  // (to.row(),) two input rows, at their new width

  LinearPlan(const Extent& source, const Extent& target)
      : from(source),
        to(target),
        rows(linear_taps(source.height, target.height)),
        columns(linear_taps(source.width, target.width), source.width, source.channels),
        upper(target.row()),
        lower(target.row()) {}
};

inline void resize_by_line(LinearPlan& plan, const std::uint8_t* image, std::uint8_t* out) {
  const std::size_t width = plan.to.row(), last = plan.from.height - 1;
  std::size_t present = plan.from.height;  // the row in `upper`
  for (std::size_t y = 0; y < plan.to.height; ++y, out += width) {
    const auto row = static_cast<std::size_t>(plan.rows.first[y]);
    if (row != present) {
      const std::size_t next = std::min(row + 1, last);
      weigh_row(image + row * plan.from.row(), plan.columns, plan.upper.data());
      weigh_row(image + next * plan.from.row(), plan.columns, plan.lower.data());
      present = row;
    }
    const std::int32_t above = plan.rows.weight(0, y), below = plan.rows.weight(1, y);
    const std::int32_t* const upper = plan.upper.data();
    const std::int32_t* const lower = plan.lower.data();
    // Two times 2^11 in the weights: the shifts take them out, and cut where OpenCV's do.
    for (std::size_t x = 0; x < width; ++x)
      out[x] = static_cast<std::uint8_t>(
          (((above * (upper[x] >> 4)) >> 16) + ((below * (lower[x] >> 4)) >> 16) + 2) >> 2);
  }
}

}  // namespace pixels

// Resizes 8-bit pictures from one extent to another of as many channels; both are not empty.
// Shrinking takes the mean over the area under a pixel; where the height or the width grows,
// OpenCV interpolates linearly instead, and so does this. One object serves one thread.
class AreaResizer {
 public:
  using Extent = pixels::Extent;

  AreaResizer(const Extent& from, const Extent& to) : from_(from), to_(to) {
    if (to.height > from.height || to.width > from.width)
      linear_ = std::make_unique<pixels::LinearPlan>(from, to);
    else if (from.height % to.height == 0 && from.width % to.width == 0)
      whole_ = std::make_unique<pixels::WholePlan>(from, to);
    else
      area_ = std::make_unique<pixels::AreaPlan>(from, to);
  }

  const Extent& from() const { return from_; }
  const Extent& to() const { return to_; }

  void operator()(const std::uint8_t* image, std::uint8_t* out) {
    if (area_)
      // Collecting numbers for wider registers takes longer than computing with them saves.
      Widest<pixels::resize_by_area, InstructionSet::avx2>::call(*area_, image, out);
    else if (whole_)
      Widest<pixels::resize_by_whole>::call(*whole_, image, out);
    else
      Widest<pixels::resize_by_line>::call(*linear_, image, out);
  }

 private:
  Extent from_, to_;
  std::unique_ptr<pixels::AreaPlan> area_;
  std::unique_ptr<pixels::WholePlan> whole_;
  std::unique_ptr<pixels::LinearPlan> linear_;
};

}  // namespace dromos
