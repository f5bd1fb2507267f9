// What an environment is: plain data and pure functions of one lane.
//
//   struct MyEnv {
//     struct Params  { double gravity = 9.8;  static constexpr auto fields() {...} };
//     struct State   { double x = 0;          static constexpr auto fields() {...} };
//     struct Options { double low = -1;       static constexpr auto fields() {...} };
//     using Action = std::int64_t;                // or std::array<float, K>
//     using Observation = std::array<float, 4>;   // or an integer, or a std::tuple of integers
//     struct Info { ... };                        // optional, with fields like those above
//     static constexpr std::int64_t num_actions = 2;     // discrete actions only
//     static constexpr double step_nanoseconds = 6;      // lets the scheduler pick its grain
//     static constexpr bool observes_in_step = true;     // optional; see kernel.hpp
//     static double angle(const State&);                 // optional; see Angular below
//     static void require_room(const State&);            // optional; throws std::overflow_error
//
//     static State reset(const Params&, const Options&, auto& rng);
//     static Transition step(const Params&, State&, Action);            // or (..., auto& rng)
//     static Observation observe(const Params&, const State&);
//     static Info info(const Params&, const State&);    // if there is an Info
//   };
//
// The functions allocate nothing, print nothing, keep no clock and know no other lane. A `step`
// without branches, whose selects choose between numbers (`failed ? a : b`, not between results of
// a flag in Params), is turned into SIMD by the compiler; one that draws random numbers runs lane
// by lane. Clang asks for more: a choice among three is made in two statements, of values rather
// than members, and long functions that `step` and `observe` call are [[gnu::always_inline]]. Both
// give the same bits as a single environment. Dynamics that draw only under some parameters have
// both forms, and `static bool draws(const Params&)` says which is meant.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

#include "fields.hpp"
#include "math.hpp"
#include "pcg64.hpp"

namespace dromos {

struct Transition {
  double reward;
  std::int64_t terminated;  // 0 or 1, as wide as the reward: they share SIMD registers
};

template <class D>
concept DeterministicStep = requires(const typename D::Params& params, typename D::State& state,
                                     typename D::Action action) {
  { D::step(params, state, action) } -> std::same_as<Transition>;
};

template <class D>
concept StochasticStep = requires(const typename D::Params& params, typename D::State& state,
                                  typename D::Action action, Pcg64& rng) {
  { D::step(params, state, action, rng) } -> std::same_as<Transition>;
};

template <class D>
concept Dynamics = Reflected<typename D::Params> && Reflected<typename D::State> &&
                   Reflected<typename D::Options> && (DeterministicStep<D> || StochasticStep<D>) &&
                   requires(const typename D::Params& params, const typename D::State& state,
                            const typename D::Options& options, Pcg64& rng) {
                     { D::reset(params, options, rng) } -> std::same_as<typename D::State>;
                     { D::observe(params, state) } -> std::same_as<typename D::Observation>;
                   };

// A step that uses the sine and cosine of one angle can be given them by who works them out for
// many lanes at once. It says which angle, and its other form is
// `step(params, state, action, sincos(angle(state)))`.
template <class D>
concept Angular = requires(const typename D::Params& params, typename D::State& state,
                           typename D::Action action, SinCos both) {
  { D::angle(state) } -> std::same_as<double>;
  { D::step(params, state, action, both) } -> std::same_as<Transition>;
};

// Has both, and says by the parameters which: only lanes that draw leave the SIMD loop.
template <class D>
concept SometimesStochastic =
    DeterministicStep<D> && StochasticStep<D> && requires(const typename D::Params& params) {
      { D::draws(params) } -> std::same_as<bool>;
    };

// Dynamics that tell more about a step or a reset than their observation.
template <class D>
concept Informative = Reflected<typename D::Info> &&
                      requires(const typename D::Params& params, const typename D::State& state) {
                        { D::info(params, state) } -> std::same_as<typename D::Info>;
                      };

template <class D>
std::vector<FieldInfo> info_fields() {
  if constexpr (Informative<D>)
    return field_infos<typename D::Info>();
  else
    return {};
}

// Options of an environment that has none.
struct NoOptions {
  static constexpr auto fields() { return std::tuple{}; }
};

// Whether rewards are integers wherever they are whole numbers, as Python prints them.
template <class D>
constexpr bool has_whole_rewards() {
  if constexpr (requires { D::whole_rewards; })
    return D::whole_rewards;
  else
    return false;
}

// Throws if a state needed more room than its arrays have; most states have none to outgrow.
template <class D>
void require_room(const typename D::State& state) {
  if constexpr (requires { D::require_room(state); }) D::require_room(state);
}

// `step` with or without a random stream, under one name.
template <class D, class Rng>
Transition advance(const typename D::Params& params, typename D::State& state,
                   const typename D::Action& action, Rng& rng) {
  Transition transition;
  if constexpr (SometimesStochastic<D>) {
    transition =
        D::draws(params) ? D::step(params, state, action, rng) : D::step(params, state, action);
  } else if constexpr (DeterministicStep<D>) {
    transition = D::step(params, state, action);
  } else {
    transition = D::step(params, state, action, rng);
  }
  require_room<D>(state);
  return transition;
}

// One array of an observation: dtype, and the shape of one lane's part of it.
struct Leaf {
  DType dtype;
  std::size_t item_bytes;
  std::vector<std::int64_t> shape;
};

// Bytes of one lane's part.
inline std::size_t row_bytes(const Leaf& leaf) {
  std::size_t bytes = leaf.item_bytes;
  for (const auto extent : leaf.shape) bytes *= static_cast<std::size_t>(extent);
  return bytes;
}

enum class Structure : std::uint8_t { array, scalar, tuple };

// How an Observation type lies in memory: its leaves, and how one lane is written into them.
template <class T>
struct ObservationLayout {
  static_assert(std::is_arithmetic_v<T>);
  static constexpr Structure structure = Structure::scalar;
  static std::vector<Leaf> leaves() { return {{dtype_of<T>(), sizeof(T), {}}}; }
  static void store(const T& value, void* const* leaves, std::size_t lane) {
    static_cast<T*>(leaves[0])[lane] = value;
  }
};

template <class T, std::size_t N>
struct ObservationLayout<std::array<T, N>> {
  static constexpr Structure structure = Structure::array;
  static std::vector<Leaf> leaves() { return {{dtype_of<T>(), sizeof(T), {std::int64_t{N}}}}; }
  static void store(const std::array<T, N>& value, void* const* leaves, std::size_t lane) {
    T* row = static_cast<T*>(leaves[0]) + lane * N;
    for (std::size_t i = 0; i < N; ++i) row[i] = value[i];
  }
};

template <class... Ts>
struct ObservationLayout<std::tuple<Ts...>> {
  static constexpr Structure structure = Structure::tuple;
  static std::vector<Leaf> leaves() { return {{dtype_of<Ts>(), sizeof(Ts), {}}...}; }
  static void store(const std::tuple<Ts...>& value, void* const* leaves, std::size_t lane) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((static_cast<Ts*>(leaves[I])[lane] = std::get<I>(value)), ...);
    }(std::index_sequence_for<Ts...>{});
  }
};

// What one lane's action looks like: `count` elements of `dtype`; `choices` > 0 when discrete.
struct ActionLayout {
  DType dtype;
  std::size_t item_bytes;
  std::size_t count;  // 0: a scalar
  std::int64_t choices;
};

template <class D>
ActionLayout action_layout() {
  using Action = typename D::Action;
  if constexpr (std::integral<Action>) {
    return {dtype_of<Action>(), sizeof(Action), 0, D::num_actions};
  } else {
    using Item = typename Action::value_type;
    return {dtype_of<Item>(), sizeof(Item), std::tuple_size_v<Action>, 0};
  }
}

}  // namespace dromos
