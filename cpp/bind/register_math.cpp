// dromos._core.math: the native elementary functions over arrays, for comparison with libm's.
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>

#include <cstddef>
#include <dromos/math.hpp>
#include <memory>
#include <utility>

#include "bind.hpp"

namespace dromos::bind {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Input = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Output = nb::ndarray<nb::numpy, double, nb::ndim<1>>;

Output take(std::unique_ptr<double[]> data, std::size_t n) {
  const nb::capsule owner(data.get(), [](void* p) noexcept { delete[] static_cast<double*>(p); });
  return Output(data.release(), {n}, owner);
}

std::pair<Output, Output> sincos_of(const Input& x) {
  const std::size_t n = x.size();
  const double* in = x.data();
  auto sines = std::make_unique<double[]>(n);
  auto cosines = std::make_unique<double[]>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto [s, c] = sincos(in[i]);
    sines[i] = s;
    cosines[i] = c;
  }
  return {take(std::move(sines), n), take(std::move(cosines), n)};
}

Output wrap_angle_of(const Input& x) {
  const std::size_t n = x.size();
  const double* in = x.data();
  auto wrapped = std::make_unique<double[]>(n);
  for (std::size_t i = 0; i < n; ++i) wrapped[i] = wrap_angle(in[i]);
  return take(std::move(wrapped), n);
}

}  // namespace

void register_math(nb::module_& m) {
  m.attr("SINCOS_EXACT") = kSinCosExact;
  m.attr("SINCOS_LIMIT") = kSinCosLimit;
  m.def("sincos", sincos_of, "x"_a);
  m.def("wrap_angle", wrap_angle_of, "x"_a);
}

}  // namespace dromos::bind
