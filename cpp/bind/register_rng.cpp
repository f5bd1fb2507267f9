// dromos._core.rng: the native random streams, in bulk.
#include <nanobind/ndarray.h>
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdint>
#include <dromos/random.hpp>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bind.hpp"
#include "numpy_arrays.hpp"

namespace dromos::bind {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T>
using Vector = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
using Probabilities = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// A live NumPy generator's bits. Draws hold its lock, as NumPy's own do.
class LockedNumpyBits : public NumpyBits {
 public:
  explicit LockedNumpyBits(nb::object bit_generator)
      : NumpyBits{bitgen_of(bit_generator)}, owner_(std::move(bit_generator)) {}

  nb::object lock() const { return owner_.attr("lock"); }

 private:
  static NumpyBitgen* bitgen_of(const nb::object& bit_generator) {
    const nb::object capsule = bit_generator.attr("capsule");
    void* pointer = PyCapsule_GetPointer(capsule.ptr(), "BitGenerator");
    if (pointer == nullptr) throw nb::python_error();
    return static_cast<NumpyBitgen*>(pointer);
  }

  nb::object owner_;  // keeps the struct behind the capsule alive
};

class Hold {
 public:
  explicit Hold(const LockedNumpyBits& bits) : lock_(bits.lock()) { lock_.attr("acquire")(); }
  explicit Hold(const Pcg64&) {}
  ~Hold() {
    if (lock_.is_valid()) lock_.attr("release")();
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  nb::object lock_;
};

template <class T, class Fill>
Vector<T> new_vector(std::size_t n, Fill&& fill) {
  auto data = std::make_unique<T[]>(n);
  fill(std::span<T>(data.get(), n));
  nb::capsule owner(data.get(), [](void* p) noexcept { delete[] static_cast<T*>(p); });
  return Vector<T>(data.release(), {n}, owner);
}

// n results of one kind of draw.
template <class R, class Draw>
auto draws(R& bits, std::size_t n, Draw&& draw) {
  using T = decltype(draw(bits));
  const Hold hold(bits);
  return new_vector<T>(n, [&](std::span<T> out) {
    for (T& value : out) value = draw(bits);
  });
}

template <class T, class R>
nb::object integer_vector(R& bits, nb::int_ low, nb::int_ last, std::size_t n) {
  T first;
  T final;
  if (!nb::try_cast(low, first) || !nb::try_cast(last, final))
    throw std::invalid_argument("low and last must fit into the dtype");
  if (first > final) throw std::invalid_argument("low must not exceed last");
  const Hold hold(bits);
  return nb::cast(
      new_vector<T>(n, [&](std::span<T> out) { fill_integers<T>(bits, out, first, final); }));
}

template <class R>
nb::object integers_of(R& bits, nb::int_ low, nb::int_ last, std::size_t n,
                       const std::string& dtype) {
  if (dtype == "int8") return integer_vector<std::int8_t>(bits, low, last, n);
  if (dtype == "uint8") return integer_vector<std::uint8_t>(bits, low, last, n);
  if (dtype == "int16") return integer_vector<std::int16_t>(bits, low, last, n);
  if (dtype == "uint16") return integer_vector<std::uint16_t>(bits, low, last, n);
  if (dtype == "int32") return integer_vector<std::int32_t>(bits, low, last, n);
  if (dtype == "uint32") return integer_vector<std::uint32_t>(bits, low, last, n);
  if (dtype == "int64") return integer_vector<std::int64_t>(bits, low, last, n);
  if (dtype == "uint64") return integer_vector<std::uint64_t>(bits, low, last, n);
  const std::string message = "dtype must be an integer type's name such as 'int64', found '";
  throw std::invalid_argument(message + dtype + "'");
}

// The draws, the same for both sources.
template <class R>
void bind_uniform_draws(nb::class_<R>& source) {
  source
      .def(
          "next64",
          [](R& r, std::size_t n) { return draws(r, n, [](R& b) { return b.next64(); }); }, "n"_a)
      .def(
          "next32",
          [](R& r, std::size_t n) { return draws(r, n, [](R& b) { return b.next32(); }); }, "n"_a)
      .def(
          "random", [](R& r, std::size_t n) { return draws(r, n, random<R>); }, "n"_a)
      .def(
          "uniform",
          [](R& r, double low, double high, std::size_t n) {
            return draws(r, n, [=](R& b) { return uniform(b, low, high); });
          },
          "low"_a, "high"_a, "n"_a)
      .def("integers", integers_of<R>, "low"_a, "last"_a, "n"_a, "dtype"_a = "int64")
      .def(
          "permutation",
          [](R& r, std::size_t n) {
            const Hold hold(r);
            return new_vector<std::int64_t>(n, [&](auto out) { permutation(r, out); });
          },
          "n"_a);
}

std::span<const double> not_empty(const Probabilities& p) {
  if (p.size() == 0) throw std::invalid_argument("p must hold at least one probability");
  return {p.data(), p.size()};
}

template <class R>
void bind_distributions(nb::class_<R>& source) {
  source
      .def(
          "choice",
          [](R& r, Probabilities p, std::size_t n) {
            return draws(r, n, [p = not_empty(p)](R& b) { return choice(b, p); });
          },
          "p"_a, "n"_a)
      .def(
          "categorical",
          [](R& r, Probabilities p, std::size_t n) {
            return draws(r, n, [p = not_empty(p)](R& b) { return categorical(b, p); });
          },
          "p"_a, "n"_a)
      .def(
          "standard_normal", [](R& r, std::size_t n) { return draws(r, n, standard_normal<R>); },
          "n"_a)
      .def(
          "normal",
          [](R& r, double mean, double deviation, std::size_t n) {
            return draws(r, n, [=](R& b) { return normal(b, mean, deviation); });
          },
          "mean"_a, "deviation"_a, "n"_a)
      .def(
          "standard_exponential",
          [](R& r, std::size_t n) { return draws(r, n, standard_exponential<R>); }, "n"_a)
      .def(
          "geometric",
          [](R& r, double p, std::size_t n) {
            if (!(p > 0 && p <= 1)) throw std::invalid_argument("p must lie in (0, 1]");
            return draws(r, n, [=](R& b) { return geometric(b, p); });
          },
          "p"_a, "n"_a);
}

// A Python integer of any size >= 0 as little-endian 32-bit words, at least one.
std::vector<std::uint32_t> entropy_words(nb::int_ seed) {
  const unsigned long long small = PyLong_AsUnsignedLongLong(seed.ptr());
  if (!PyErr_Occurred()) {
    std::vector<std::uint32_t> words{static_cast<std::uint32_t>(small)};
    if (small >> 32 != 0) words.push_back(static_cast<std::uint32_t>(small >> 32));
    return words;
  }
  PyErr_Clear();  // more than 64 bits
  const auto bits = nb::cast<std::size_t>(seed.attr("bit_length")());
  std::vector<std::uint32_t> words(std::max<std::size_t>(1, (bits + 31) / 32));
  const nb::bytes bytes(seed.attr("to_bytes")(4 * words.size(), "little"));
  const auto* data = static_cast<const std::uint8_t*>(bytes.data());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    words[i / 4] |= static_cast<std::uint32_t>(data[i]) << (8 * (i % 4));
  return words;
}

nb::object array_of_words(std::span<const std::uint64_t> words) {
  const std::int64_t shape[] = {static_cast<std::int64_t>(words.size())};
  void* data;
  PyObject* array = new_array(DType::uint64, shape, &data);
  if (array == nullptr) throw nb::python_error();
  std::copy(words.begin(), words.end(), static_cast<std::uint64_t*>(data));
  return nb::steal(array);
}

nb::object wide_int(std::uint64_t high, std::uint64_t low) {
  return nb::int_(high).attr("__lshift__")(64).attr("__or__")(nb::int_(low));
}

std::uint64_t half(nb::handle wide, int shift) {
  const nb::object mask = nb::int_(~std::uint64_t{0});
  return nb::cast<std::uint64_t>(wide.attr("__rshift__")(shift).attr("__and__")(mask));
}

// The dictionary `numpy.random.PCG64().state`.
nb::dict state_of(const Pcg64& bits) {
  nb::dict inner;
  inner["state"] = wide_int(bits.state_high, bits.state_low);
  inner["inc"] = wide_int(bits.increment_high, bits.increment_low);
  nb::dict state;
  state["bit_generator"] = "PCG64";
  state["state"] = inner;
  state["has_uint32"] = bits.has_buffered;
  state["uinteger"] = bits.buffered;
  return state;
}

void set_state(Pcg64& bits, nb::dict state) {
  const nb::object inner = state["state"];
  const nb::object word = inner["state"];
  const nb::object increment = inner["inc"];
  bits = {half(word, 64),
          half(word, 0),
          half(increment, 64),
          half(increment, 0),
          nb::cast<std::uint32_t>(state["has_uint32"]),
          nb::cast<std::uint32_t>(state["uinteger"])};
}

}  // namespace

void register_rng(nb::module_& m) {
  m.def("seed_words", [](nb::int_ seed) {
    const auto words = SeedSequence(entropy_words(seed)).generate64<4>();
    return array_of_words(words);
  });
  nb::class_<Pcg64> pcg64(m, "Pcg64");
  pcg64
      .def(
          "__init__",
          [](Pcg64* self, nb::int_ seed) {
            new (self) Pcg64(Pcg64::from_words(entropy_words(seed)));
          },
          "seed"_a)
      .def(nb::self == nb::self)
      .def_prop_rw("state", state_of, set_state);
  bind_uniform_draws(pcg64);
  bind_distributions(pcg64);

  nb::class_<LockedNumpyBits> numpy_bits(m, "NumpyBits");
  numpy_bits.def(nb::init<nb::object>(), "bit_generator"_a);
  bind_uniform_draws(numpy_bits);
  bind_distributions(numpy_bits);
}

}  // namespace dromos::bind
