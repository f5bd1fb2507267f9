// Elements of boxes and of arrays of integers with counts.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dromos/box.hpp"
#include "dromos/counts.hpp"
#include "dromos/pcg64.hpp"

namespace {

using namespace dromos;

// A box with the same bounds for all of `size` numbers, which are drawn.
template <class T>
std::vector<T> drawn(T low, T high, std::size_t size, bool limited = true) {
  const std::vector<T> lows(size, low);
  const std::vector<T> highs(size, high);
  const std::vector<unsigned char> limits(size, limited);
  Pcg64 bits = Pcg64::from_seed(1);
  std::vector<T> out(size);
  draw_box(bits, BoxBounds<T>{lows.data(), highs.data(), limits.data(), limits.data(), size},
           out.data());
  CHECK(all_between(out.data(), lows.data(), highs.data(), size));
  return out;
}

template <class T>
void whole_range() {
  using Limits = std::numeric_limits<T>;
  drawn(Limits::lowest(), Limits::max(), 1000);
  drawn(Limits::max(), Limits::max(), 10);
  drawn(Limits::lowest(), Limits::lowest(), 10);
  drawn(T{0}, T{1}, 1000);
  drawn(Limits::lowest(), Limits::max(), 1000, false);
}

TEST(boxes_of_every_type_stay_in_bounds) {
  whole_range<std::int8_t>();
  whole_range<std::uint8_t>();
  whole_range<std::int16_t>();
  whole_range<std::uint16_t>();
  whole_range<std::int32_t>();
  whole_range<std::uint32_t>();
  whole_range<std::int64_t>();
  whole_range<std::uint64_t>();
  whole_range<float>();
  whole_range<double>();
}

TEST(both_ends_of_an_integer_box_are_drawn) {
  std::vector<int> seen(4);
  for (const std::int64_t x : drawn<std::int64_t>(INT64_MAX - 3, INT64_MAX, 200))
    ++seen[static_cast<std::size_t>(INT64_MAX - x)];
  for (const int count : seen) CHECK(count > 20);
}

TEST(infinite_bounds_draw_finite_numbers) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  for (const double x : drawn(-inf, inf, 1000)) CHECK(std::isfinite(x));
  for (const double x : drawn(1.0, inf, 1000)) CHECK(std::isfinite(x));
  for (const double x : drawn(-inf, 1.0, 1000)) CHECK(std::isfinite(x));
  for (const double x : drawn(inf, inf, 3)) CHECK_EQ(x, inf);
}

TEST(nan_is_in_no_box) {
  const std::vector<float> low(3000, 0), high(3000, 1);
  std::vector<float> x(3000, 0.5f);
  CHECK(all_between(x.data(), low.data(), high.data(), x.size()));
  x.back() = std::numeric_limits<float>::quiet_NaN();
  CHECK(!all_between(x.data(), low.data(), high.data(), x.size()));
}

TEST(counts_at_the_ends_of_a_type) {
  const std::int8_t start[] = {-128, 1, 127};
  const std::int8_t counts[] = {127, 127, 1};
  const Counts<std::int8_t> values{start, counts, 3};
  const std::int8_t last[] = {-2, 127, 127};
  const std::int8_t beyond[] = {-1, 127, 127};
  CHECK(values.all_contain(start));
  CHECK(values.all_contain(last));
  CHECK(!values.all_contain(beyond));
  Pcg64 bits = Pcg64::from_seed(0);
  for (int i = 0; i < 1000; ++i) {
    std::int8_t out[3];
    draw_counts(bits, values, out);
    CHECK(values.all_contain(out));
  }
}

TEST(one_hot_vectors_follow_one_another) {
  const int start[] = {5, -5};
  const int counts[] = {2, 3};
  const Counts<int> values{start, counts, 2};
  const int x[] = {6, -5};
  std::vector<int> out(5);
  CHECK(one_hots(values, x, out.data()));
  CHECK(out == (std::vector<int>{0, 1, 1, 0, 0}));
  const int none[] = {7, -5};
  CHECK(!one_hots(values, none, out.data()));
}

}  // namespace
