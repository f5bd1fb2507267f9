// The hot loop: a range of lanes stepped in blocks that the compiler turns into SIMD.
//
// A block copies its lanes' state into local arrays, so that the compiler sees that nothing
// overlaps, applies the dynamics lane by lane, and writes the results out. The same inline
// functions serve a single environment, and no flag lets the compiler reorder arithmetic, so the
// width of the vectors changes no bit of the result.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "episode.hpp"
#include "instruction_set.hpp"

namespace dromos {

// N lanes of a struct in arrays of this thread's own.
template <Reflected State, std::size_t N>
struct LocalColumns {
  // Flags are as wide as the numbers they choose between: then both fill the same registers.
  template <class T>
  struct Local {
    alignas(64) std::conditional_t<std::is_same_v<T, bool>, std::int64_t, T> values[N];
  };
  template <std::size_t... I>
  static auto tuple_type(std::index_sequence<I...>)
      -> std::tuple<Local<typename std::tuple_element_t<I, decltype(State::fields())>::type>...>;
  decltype(tuple_type(std::make_index_sequence<field_count<State>>{})) columns;

  void load(Columns<State>& from, std::size_t first) {
    for_each_field<State>([&](auto index, const auto&) {
      std::copy_n(from.template data<index>() + first, N, std::get<index>(columns).values);
    });
  }
  void store(Columns<State>& to, std::size_t first) const {
    for_each_field<State>([&](auto index, const auto&) {
      std::copy_n(std::get<index>(columns).values, N, to.template data<index>() + first);
    });
  }
  State get(std::size_t i) const {
    State state;
    for_each_field<State>([&](auto index, const auto& field) {
      state.*field.member = std::get<index>(columns).values[i];
    });
    return state;
  }
  void set(std::size_t i, const State& state) {
    for_each_field<State>([&](auto index, const auto& field) {
      std::get<index>(columns).values[i] = state.*field.member;
    });
  }
};

// Whether D says that its step and its observation have costly terms in common.
template <class D>
constexpr bool observes_in_step() {
  if constexpr (requires { D::observes_in_step; })
    return D::observes_in_step;
  else
    return false;
}

// The observations of N lanes that are computed in the loop that steps, so that terms in common are
// computed once. They lie in columns, which SIMD stores whole.
template <class Observation, std::size_t N>
struct LocalObservations;
template <class T, std::size_t K, std::size_t N>
struct LocalObservations<std::array<T, K>, N> {
  alignas(64) T columns[K][N];

  void set(std::size_t i, const std::array<T, K>& observation) {
    for (std::size_t k = 0; k < K; ++k) columns[k][i] = observation[k];
  }
  void store(void* const* leaves, std::size_t first, std::size_t rows) const {
    T* out = static_cast<T*>(leaves[0]) + first * K;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < K; ++k) out[i * K + k] = columns[k][i];
  }
};
struct NoLocalObservations {};

// The parameters of a block's lanes: one value for all (held by value: the compiler keeps it in
// registers), or one a lane.
template <class Params>
struct SharedParams {
  Params value;
  template <std::size_t N>
  [[gnu::always_inline]] const SharedParams& block(std::size_t) const {
    return *this;
  }
  [[gnu::always_inline]] const Params& get(std::size_t) const { return value; }
};
template <class Params>
struct LaneParams {
  Columns<Params>& columns;
  template <std::size_t N>
  [[gnu::always_inline]] LocalColumns<Params, N> block(std::size_t first) const {
    LocalColumns<Params, N> local;
    local.load(columns, first);
    return local;
  }
};

// Marks the lanes whose step is a reset (NEXT_STEP only); true if there are any.
template <class D, class Rng>
[[gnu::always_inline]] inline bool note_restarts(Lanes<D, Rng>& lanes, std::size_t first,
                                                 std::size_t rows) {
  if (lanes.autoreset != Autoreset::next_step) return false;
  const Status* status = lanes.status.data() + first;
  std::uint8_t* restarted = lanes.restarted.data() + first;
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint8_t restarts = status[i] == Status::ended;
    restarted[i] = restarts;
    any |= restarts;
  }
  return any != 0;
}

// Counts the step and writes the flags; true if any lane's episode ended.
template <class D, class Rng>
[[gnu::always_inline]] inline bool note_ends(Lanes<D, Rng>& lanes, std::size_t first,
                                             std::size_t rows, const std::int64_t* terminated,
                                             const Outputs& out) {
  std::int32_t* elapsed = lanes.elapsed.data() + first;
  std::uint8_t term[kBlock];
  std::uint8_t trunc[kBlock];
  std::uint8_t status[kBlock];
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < rows; ++i) term[i] = terminated[i] != 0;
  for (std::size_t i = 0; i < rows; ++i) trunc[i] = ++elapsed[i] >= lanes.limit;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint8_t ended = term[i] | trunc[i];
    status[i] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(Status::running) + ended);
    any |= ended;
  }
  std::copy_n(term, rows, out.terminated + first);
  std::copy_n(trunc, rows, out.truncated + first);
  std::memcpy(lanes.status.data() + first, status, rows);
  return any != 0;
}

// Calls visit(lane) for each lane of the block whose byte is not 0; few are.
template <class Visit>
void for_each_marked(const std::uint8_t* marks, std::size_t first, std::size_t rows,
                     const Visit& visit) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  for (std::size_t base = 0; base < rows; base += kWord) {
    std::uint64_t word = 0;
    std::memcpy(&word, marks + first + base, std::min(kWord, rows - base));
    for (std::size_t i = 0; word != 0; ++i, word >>= 8)
      if ((word & 0xff) != 0) visit(first + base + i);
  }
}

// NEXT_STEP: the step of a lane whose episode had ended is its reset.
template <class D, class Rng>
[[gnu::noinline]] void restart_lanes(Lanes<D, Rng>& lanes, std::size_t first, std::size_t rows,
                                     const Outputs& out) {
  for_each_marked(lanes.restarted.data(), first, rows, [&](std::size_t lane) {
    store_start(lanes, lane, out, lane);
    out.reward[lane] = 0.0;
    out.terminated[lane] = out.truncated[lane] = 0;
  });
}

// SAME_STEP: an ended lane shows its next episode's first observation, the final one goes apart.
template <class D, class Rng>
[[gnu::noinline]] void replace_ended(Lanes<D, Rng>& lanes, std::size_t first, std::size_t rows,
                                     const Outputs& out) {
  for (std::size_t lane = first; lane < first + rows; ++lane) {
    if (lanes.status[lane] != Status::ended) continue;
    store_row<D>(lanes.params[lane], lanes.state.load(lane), out.final_observation, out.final_info,
                 lane);
    store_start(lanes, lane, out, lane);
  }
}

// Lanes [first, first + rows) of a batch, rows ≤ N; row r of the outputs belongs to lane r.
template <std::size_t N, class D, class Rng, class ParamsOf>
[[gnu::always_inline]] inline void step_block(Lanes<D, Rng>& lanes, std::size_t first,
                                              std::size_t rows, const typename D::Action* actions,
                                              const Outputs& out, const ParamsOf& params) {
  LocalColumns<typename D::State, N> state;
  typename D::Action action[N];
  std::conditional_t<observes_in_step<D>(), LocalObservations<typename D::Observation, N>,
                     NoLocalObservations>
      observations;
  double reward[N];
  std::int64_t terminated[N];  // as wide as a double: one vector register serves both

  state.load(lanes.state, first);
  std::copy_n(actions + first, rows, action);
  std::fill(action + rows, action + N, typename D::Action{});
  for (std::size_t i = 0; i < N; ++i) {
    auto lane_state = state.get(i);
    const Transition transition = D::step(params.get(i), lane_state, action[i]);
    state.set(i, lane_state);
    if constexpr (observes_in_step<D>()) observations.set(i, D::observe(params.get(i), lane_state));
    reward[i] = transition.reward;
    terminated[i] = transition.terminated;
  }
  state.store(lanes.state, first);

  std::copy_n(reward, rows, out.reward + first);
  const bool any_restarts = note_restarts(lanes, first, rows);
  const bool any_ended = note_ends(lanes, first, rows, terminated, out);
  if constexpr (observes_in_step<D>()) {
    observations.store(out.observation, first, rows);
    for (std::size_t i = 0; i < rows; ++i)
      store_info<D>(params.get(i), state.get(i), out.info, first + i);
  } else {
    for (std::size_t i = 0; i < rows; ++i)
      store_row<D>(params.get(i), state.get(i), out.observation, out.info, first + i);
  }
  if (any_restarts) restart_lanes(lanes, first, rows, out);
  if (any_ended && lanes.autoreset == Autoreset::same_step) replace_ended(lanes, first, rows, out);
}

template <class D, class Rng, class ParamsOf>
[[gnu::always_inline]] inline void step_blocks(Lanes<D, Rng>& lanes, std::size_t begin,
                                               std::size_t end, const typename D::Action* actions,
                                               const Outputs& out, const ParamsOf& params) {
  constexpr std::size_t kSmall = 8;  // one AVX-512 register of doubles
  std::size_t first = begin;
  for (; first + kBlock <= end; first += kBlock)
    step_block<kBlock>(lanes, first, kBlock, actions, out, params.template block<kBlock>(first));
  for (; first < end; first += kSmall)
    step_block<kSmall>(lanes, first, std::min(kSmall, end - first), actions, out,
                       params.template block<kSmall>(first));
}

// Lanes [begin, end): begin is a multiple of kBlock, end too or the number of lanes.
template <class D, class Rng>
[[gnu::always_inline]] inline void step_range_body(Lanes<D, Rng>& lanes, std::size_t begin,
                                                   std::size_t end,
                                                   const typename D::Action* actions,
                                                   const Outputs& out) {
  using Params = typename D::Params;
  if (lanes.params.uniform()) {
    step_blocks(lanes, begin, end, actions, out, SharedParams<Params>{lanes.params.shared()});
  } else {
    step_blocks(lanes, begin, end, actions, out, LaneParams<Params>{lanes.params.own()});
  }
}

// The body compiled for each instruction set; `best` is chosen once by what this machine has.
template <class D, class Rng>
struct StepRange {
  using Function = void (*)(Lanes<D, Rng>&, std::size_t, std::size_t, const typename D::Action*,
                            const Outputs&);

  [[gnu::flatten]] static void baseline(Lanes<D, Rng>& lanes, std::size_t begin, std::size_t end,
                                        const typename D::Action* actions, const Outputs& out) {
    step_range_body(lanes, begin, end, actions, out);
  }
#ifdef DROMOS_X86_VARIANTS
  [[gnu::flatten, gnu::target("arch=x86-64-v3")]] static void avx2(
      Lanes<D, Rng>& lanes, std::size_t begin, std::size_t end, const typename D::Action* actions,
      const Outputs& out) {
    step_range_body(lanes, begin, end, actions, out);
  }
  [[gnu::flatten, gnu::target("arch=x86-64-v4,prefer-vector-width=512")]] static void avx512(
      Lanes<D, Rng>& lanes, std::size_t begin, std::size_t end, const typename D::Action* actions,
      const Outputs& out) {
    step_range_body(lanes, begin, end, actions, out);
  }
#endif

  static Function best() {
#ifdef DROMOS_X86_VARIANTS
    switch (instruction_set()) {
      case InstructionSet::avx512:
        return avx512;
      case InstructionSet::avx2:
        return avx2;
      case InstructionSet::baseline:
        break;
    }
#endif
    return baseline;
  }
};

}  // namespace dromos
