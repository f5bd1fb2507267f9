// What an environment is: plain data and pure functions of one lane.
//
//   struct MyEnv {
//     struct Params  { double gravity = 9.8;  static constexpr auto fields() {...} };
//     struct State   { double x = 0;          static constexpr auto fields() {...} };
//     struct Options { double low = -1;       static constexpr auto fields() {...} };
//     using Action = std::int64_t;                // or std::array<float, K>
//     using Observation = std::array<float, 4>;   // or an integer, or a std::tuple of integers
//     struct Info { ... };                        // optional, with fields like those above
//     static constexpr const char* name = "MyEnv";
//     static constexpr std::int64_t num_actions = 2;     // discrete actions only
//     static constexpr double step_nanoseconds = 6;      // lets the scheduler pick its grain
//     static constexpr bool observes_in_step = true;     // optional; see kernel.hpp
//     static constexpr Observation observation_low = ..., observation_high = ...;   // optional:
//     static constexpr Action action_low = ..., action_high = ...;  // the least and the greatest
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
View<FieldInfo> info_fields() {
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
  struct Shape {
    std::int64_t extents[3];
    std::size_t axes;

    constexpr const std::int64_t* begin() const { return extents; }
    constexpr const std::int64_t* end() const { return extents + axes; }
  };

  DType dtype;
  std::size_t item_bytes;
  Shape shape;
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
struct ObservationLayout;

template <FieldNumber T>
struct ObservationLayout<T> {
  static constexpr Structure structure = Structure::scalar;
  static constexpr std::array<Leaf, 1> leaves{{{dtype_of<T>(), sizeof(T), {}}}};
  static void store(const T& value, void* const* out, std::size_t lane) {
    static_cast<T*>(out[0])[lane] = value;
  }
};

template <FieldNumber T, std::size_t N>
struct ObservationLayout<std::array<T, N>> {
  static constexpr Structure structure = Structure::array;
  static constexpr std::array<Leaf, 1> leaves{{{dtype_of<T>(), sizeof(T), {{N}, 1}}}};
  static void store(const std::array<T, N>& value, void* const* out, std::size_t lane) {
    T* row = static_cast<T*>(out[0]) + lane * N;
    for (std::size_t i = 0; i < N; ++i) row[i] = value[i];
  }
};

template <FieldNumber... Ts>
struct ObservationLayout<std::tuple<Ts...>> {
  static constexpr Structure structure = Structure::tuple;
  static constexpr std::array<Leaf, sizeof...(Ts)> leaves{{{dtype_of<Ts>(), sizeof(Ts), {}}...}};
  static void store(const std::tuple<Ts...>& value, void* const* out, std::size_t lane) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((static_cast<Ts*>(out[I])[lane] = std::get<I>(value)), ...);
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

// Bytes of one lane's action.
inline std::size_t action_bytes(const ActionLayout& action) {
  return action.item_bytes * (action.count == 0 ? 1 : action.count);
}

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

// What Layout tells of the least and the greatest observation and action; see any_batch.hpp.
template <class D>
auto observation_bounds() -> void (*)(void* const* low, void* const* high) {
  if constexpr (requires { D::observation_low, D::observation_high; })
    return [](void* const* low, void* const* high) {
      ObservationLayout<typename D::Observation>::store(D::observation_low, low, 0);
      ObservationLayout<typename D::Observation>::store(D::observation_high, high, 0);
    };
  else
    return nullptr;
}
template <class D>
auto action_bounds() -> void (*)(void* low, void* high) {
  if constexpr (requires { D::action_low, D::action_high; })
    return [](void* low, void* high) {
      *static_cast<typename D::Action*>(low) = D::action_low;
      *static_cast<typename D::Action*>(high) = D::action_high;
    };
  else
    return nullptr;
}

// What DynamicsFit asks for, one by one.
namespace detail {

template <class D>
concept Named = requires {
  { D::name } -> std::convertible_to<const char*>;
};
template <class D>
concept Timed = requires {
  { D::step_nanoseconds } -> std::convertible_to<double>;
};
template <class D>
concept WithParams = Reflected<typename D::Params>;
template <class D>
concept WithState = Reflected<typename D::State> && std::is_trivially_copyable_v<typename D::State>;
template <class D>
concept WithOptions = Reflected<typename D::Options>;
template <class A>
concept ActionNumbers = FieldNumber<typename A::value_type> && std::tuple_size<A>::value > 0;
template <class D>
concept WithAction = (std::integral<typename D::Action> && FieldNumber<typename D::Action>) ||
                     ActionNumbers<typename D::Action>;
template <class D>
concept WithChoices = !std::integral<typename D::Action> || requires {
  { D::num_actions } -> std::convertible_to<std::int64_t>;
};
template <class D>
concept WithObservation = requires { ObservationLayout<typename D::Observation>::structure; };
template <class D>
concept Resets =
    requires(const typename D::Params& params, const typename D::Options& options, Pcg64& rng) {
      { D::reset(params, options, rng) } -> std::same_as<typename D::State>;
    };
template <class D>
concept Observes = requires(const typename D::Params& params, const typename D::State& state) {
  { D::observe(params, state) } -> std::same_as<typename D::Observation>;
};
template <class D>
concept WithInfo = requires { typename D::Info; };

}  // namespace detail

// Whether D is an environment; where it is none, this does not compile and says what is missing.
template <class D>
struct DynamicsFit {
  static_assert(detail::Named<D>,
                "the environment needs `static constexpr const char* name = \"MyEnv\";`");
  static_assert(detail::Timed<D>,
                "the environment needs `static constexpr double step_nanoseconds = 10;`: roughly "
                "what a step of one lane takes");
  static_assert(
      detail::WithParams<D>,
      "the environment needs `struct Params` with a default for each member and `static "
      "constexpr auto fields()`, a std::tuple of Field{name, &Params::member, unit, doc}");
  static_assert(detail::WithState<D>,
                "the environment needs `struct State`, trivially copyable, with a default for each "
                "member and `static constexpr auto fields()`, a std::tuple of Field{name, "
                "&State::member, unit, doc}");
  static_assert(detail::WithOptions<D>,
                "the environment needs `struct Options` with fields() like those of Params, or "
                "`using Options = dromos::NoOptions;`");
  static_assert(detail::WithAction<D>,
                "the environment needs `using Action = std::int64_t;` or `using Action = "
                "std::array<float, K>;`");
  static_assert(!detail::WithAction<D> || detail::WithChoices<D>,
                "an environment whose Action is an integer needs `static constexpr std::int64_t "
                "num_actions`");
  static_assert(detail::WithObservation<D>,
                "the environment needs `using Observation = std::array<float, K>;`, or a number, a "
                "std::tuple of numbers, or an Image (image.hpp)");
  static constexpr bool has_types = detail::WithParams<D> && detail::WithState<D> &&
                                    detail::WithOptions<D> && detail::WithAction<D> &&
                                    detail::WithObservation<D>;
  static_assert(!has_types || detail::Resets<D>,
                "the environment needs `static State reset(const Params&, const Options&, auto& "
                "rng)`");
  static_assert(!has_types || DeterministicStep<D> || StochasticStep<D>,
                "the environment needs `static Transition step(const Params&, State&, Action)`, or "
                "the same with `auto& rng` behind it");
  static_assert(!has_types || detail::Observes<D>,
                "the environment needs `static Observation observe(const Params&, const State&)`");
  static_assert(
      !has_types || !detail::WithInfo<D> || Informative<D>,
      "an environment with `struct Info`, which needs fields() like those of State, needs "
      "`static Info info(const Params&, const State&)`");
  static constexpr bool value = has_types && detail::Named<D> && detail::Timed<D> &&
                                detail::WithChoices<D> && detail::Resets<D> &&
                                (DeterministicStep<D> || StochasticStep<D>) &&
                                detail::Observes<D> && (!detail::WithInfo<D> || Informative<D>);
};

template <class D>
concept Dynamics = DynamicsFit<D>::value;

}  // namespace dromos
