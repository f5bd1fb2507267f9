// Means and variances of numbers that arrive row by row, and numbers brought to mean 0, variance 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "widest.hpp"

namespace dromos {

// The moments of `size` features over `count` rows so far. Memory of the caller's.
struct Moments {
  double* mean;   // (size,)
  double* var;    // (size,) population variance
  double* count;  // rows seen, and a prior's weight: need not be whole
  std::size_t size;
};

// Rows as they come: (number, size), row by row.
template <class T>
struct Samples {
  const T* data;
  std::size_t number;
};

namespace moments {

// What normalising divides by. Differences are taken in double precision, where they may cancel;
// the quotient is not worth more than the float it ends as, and costs a third.
[[gnu::always_inline]] inline float deviation(double var, double epsilon) {
  return static_cast<float>(std::sqrt(var + epsilon));
}

// Loops run over so many numbers at least: few features are taken several rows at a time.
constexpr std::size_t kLeastLanes = 64;

inline std::size_t rows_abreast(std::size_t size) {
  return size == 0 || size >= kLeastLanes ? 1 : kLeastLanes / size;
}

// sums[j] = Σ over rows of f(x, j), for features j; `sums` has room for rows_abreast rows, and f
// takes j up to that.
template <class T, class F>
[[gnu::always_inline]] inline void add_rows(const Samples<T>& rows, std::size_t size, double* sums,
                                            const F& f) {
  const std::size_t lanes = rows_abreast(size) * size;
  const std::size_t total = rows.number * size;
  std::fill_n(sums, lanes, 0.0);
  std::size_t first = 0;
  for (; first + lanes <= total; first += lanes)
    for (std::size_t j = 0; j < lanes; ++j)
      sums[j] += f(static_cast<double>(rows.data[first + j]), j);
  for (std::size_t j = 0; first + j < total; ++j)
    sums[j] += f(static_cast<double>(rows.data[first + j]), j);
  for (std::size_t j = size; j < lanes; ++j) sums[j % size] += sums[j];
}

// Repeats the first `size` numbers as often as rows are taken abreast.
inline void repeat(double* numbers, std::size_t size) {
  for (std::size_t j = size; j < rows_abreast(size) * size; ++j) numbers[j] = numbers[j - size];
}

// Chan, Golub, LeVeque: Updating formulae and a pairwise algorithm for computing sample variances
// (1979): the rows' own moments, by two passes, merged with those so far.
template <class T>
inline void update_body(const Moments& m, const Samples<T>& rows, double* means, double* squares) {
  const auto number = static_cast<double>(rows.number);
  add_rows(rows, m.size, means, [](double x, std::size_t) { return x; });
  for (std::size_t j = 0; j < m.size; ++j) means[j] /= number;
  repeat(means, m.size);
  add_rows(rows, m.size, squares, [means](double x, std::size_t j) {
    const double deviation = x - means[j];
    return deviation * deviation;
  });
  const double count = *m.count, total = count + number;
  for (std::size_t j = 0; j < m.size; ++j) {
    const double delta = means[j] - m.mean[j];
    const double sum = m.var[j] * count + squares[j] + delta * delta * count * number / total;
    m.mean[j] += delta * number / total;
    m.var[j] = sum / total;
  }
  *m.count = total;
}

// The same for one row, whose own variance is 0.
template <class T>
inline void update_row_body(const Moments& m, const T* row) {
  const double total = *m.count + 1.0, weight = 1.0 / total, kept = *m.count / total;
  for (std::size_t j = 0; j < m.size; ++j) {
    const double delta = static_cast<double>(row[j]) - m.mean[j];
    m.mean[j] += delta * weight;
    m.var[j] = (m.var[j] + delta * delta * weight) * kept;
  }
  *m.count = total;
}

// (x - mean) / sqrt(var + epsilon). `shifts` and `scales` have room for rows_abreast rows.
template <class T>
inline void normalize_body(const Moments& m, const Samples<T>& rows, double epsilon, float* out,
                           double* shifts, double* scales) {
  for (std::size_t j = 0; j < m.size; ++j) {
    shifts[j] = m.mean[j];
    scales[j] = deviation(m.var[j], epsilon);
  }
  repeat(shifts, m.size);
  repeat(scales, m.size);
  const std::size_t lanes = rows_abreast(m.size) * m.size;
  const std::size_t total = rows.number * m.size;
  const auto normal = [&](std::size_t i, std::size_t j) {
    return static_cast<float>(static_cast<double>(rows.data[i]) - shifts[j]) /
           static_cast<float>(scales[j]);
  };
  std::size_t first = 0;
  for (; first + lanes <= total; first += lanes)
    for (std::size_t j = 0; j < lanes; ++j) out[first + j] = normal(first + j, j);
  for (std::size_t j = 0; first + j < total; ++j) out[first + j] = normal(first + j, j);
}

template <class T>
inline void normalize_row_body(const Moments& m, const T* row, double epsilon, float* out) {
  for (std::size_t j = 0; j < m.size; ++j)
    out[j] =
        static_cast<float>(static_cast<double>(row[j]) - m.mean[j]) / deviation(m.var[j], epsilon);
}

// Both in one pass over the memory: an image's moments do not fit the nearest caches.
template <class T>
inline void update_and_normalize_row_body(const Moments& m, const T* row, double epsilon,
                                          float* out) {
  const double total = *m.count + 1.0, weight = 1.0 / total, kept = *m.count / total;
  for (std::size_t j = 0; j < m.size; ++j) {
    const auto x = static_cast<double>(row[j]);
    const double delta = x - m.mean[j];
    const double mean = m.mean[j] + delta * weight;
    const double var = (m.var[j] + delta * delta * weight) * kept;
    out[j] = static_cast<float>(x - mean) / deviation(var, epsilon);
    m.mean[j] = mean;
    m.var[j] = var;
  }
  *m.count = total;
}

}  // namespace moments

// Room for a call's sums: two lines of numbers.
class MomentsRoom {
 public:
  explicit MomentsRoom(std::size_t size)
      : lanes_(moments::rows_abreast(size) * size), numbers_(2 * lanes_) {}
  double* first() { return numbers_.data(); }
  double* second() { return numbers_.data() + lanes_; }

 private:
  std::size_t lanes_;
  std::vector<double> numbers_;
};

// Takes the rows into the moments. No rows change nothing.
template <class T>
void update(const Moments& m, const Samples<T>& rows) {
  if (rows.number == 0 || m.size == 0) {
    *m.count += static_cast<double>(rows.number);
  } else if (rows.number == 1) {
    Widest<moments::update_row_body<T>>::call(m, rows.data);
  } else {
    MomentsRoom room(m.size);
    Widest<moments::update_body<T>>::call(m, rows, room.first(), room.second());
  }
}

// out = (rows - mean) / sqrt(var + epsilon), of the shape of the rows; it may be their memory.
template <class T>
void normalize(const Moments& m, const Samples<T>& rows, double epsilon, float* out) {
  if (rows.number == 0 || m.size == 0) return;
  if (rows.number == 1) {
    Widest<moments::normalize_row_body<T>>::call(m, rows.data, epsilon, out);
  } else {
    MomentsRoom room(m.size);
    Widest<moments::normalize_body<T>>::call(m, rows, epsilon, out, room.first(), room.second());
  }
}

// update, then normalize.
template <class T>
void update_and_normalize(const Moments& m, const Samples<T>& rows, double epsilon, float* out) {
  if (rows.number == 1) {
    Widest<moments::update_and_normalize_row_body<T>>::call(m, rows.data, epsilon, out);
  } else {
    update(m, rows);
    normalize(m, rows, epsilon, out);
  }
}

}  // namespace dromos
