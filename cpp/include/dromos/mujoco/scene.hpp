// One simulation as robots see it: the arrays of mjData, and sums in the order NumPy adds them.
#pragma once

#include <cmath>
#include <cstddef>

#include "library.hpp"

namespace dromos::mujoco {

struct Sizes {
  int qpos, qvel, controls, bodies, tendons;
};

struct Scene {
  const Library& library;
  const Sizes& sizes;
  const Model* model;
  Data* data;

  double* qpos() const { return array(library.layout.qpos); }
  double* qvel() const { return array(library.layout.qvel); }
  double* ctrl() const { return array(library.layout.ctrl); }
  const double* body(int id) const { return array(library.layout.xpos) + 3 * id; }
  const double* mass_centers() const { return array(library.layout.xipos); }  // (bodies, 3)
  const double* site(int id) const { return array(library.layout.site_xpos) + 3 * id; }
  const double* contact_forces() const { return array(library.layout.cfrc_ext); }  // (bodies, 6)
  double* array(std::ptrdiff_t offset) const { return member<double*>(data, offset); }

  double timestep() const { return member<double>(model, library.layout.timestep); }  // seconds
  const double* body_mass() const { return member<const double*>(model, library.layout.body_mass); }

  // How often MuJoCo has found the state, the velocity or the acceleration not finite or huge.
  int& divergences(int kind) const {
    struct Warning {  // mjWarningStat
      int info, number;
    };
    auto* warnings =
        reinterpret_cast<Warning*>(reinterpret_cast<char*>(data) + library.layout.warning);
    return warnings[library.first_divergence + kind].number;
  }

 private:
  template <class T, class Struct>
  static T member(const Struct* object, std::ptrdiff_t offset) {
    return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(object) + offset);
  }
};

// The sum of element(begin) … element(begin + count - 1) as `np.sum` of a contiguous array adds:
// pairwise, in blocks of up to 128 with eight running sums each.
template <class T, class Element>
T pairwise_sum(const Element& element, int begin, int count) {
  if (count > 128) {
    int half = count / 2;
    half -= half % 8;
    return pairwise_sum<T>(element, begin, half) +
           pairwise_sum<T>(element, begin + half, count - half);
  }
  T total = T(-0.0);
  int i = 0;
  if (count >= 8) {
    T sums[8];
    for (; i < 8; ++i) sums[i] = element(begin + i);
    for (; i + 8 <= count; i += 8)
      for (int k = 0; k < 8; ++k) sums[k] += element(begin + i + k);
    total =
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  }
  for (; i < count; ++i) total += element(begin + i);
  return total;
}

// `np.linalg.norm` of a short vector.
inline double norm(const Library& library, const double* vector, int count) {
  double square = 0;
  for (int i = 0; i < count; ++i)
    square = library.fused_norm ? std::fma(vector[i], vector[i], square)
                                : square + vector[i] * vector[i];
  return std::sqrt(square);
}

// `x ** 2` of a NumPy scalar: the C library's pow, which does not always round as x * x does. Out
// of reach of the compiler, which would multiply.
inline double squared(double x) {
  static double (*volatile const power)(double, double) = std::pow;
  return power(x, 2.0);
}

inline double clipped(double x, double low, double high) {  // a NaN stays one
  return x < low ? low : x > high ? high : x;
}

}  // namespace dromos::mujoco
