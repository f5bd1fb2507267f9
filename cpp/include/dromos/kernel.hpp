// The hot loop: a range of lanes stepped in blocks that the compiler turns into SIMD.
//
// A block applies the dynamics lane by lane where the lanes lie; the compiler is told that they are
// independent, because it cannot see that columns do not overlap. The same inline
// functions serve a single environment, and no flag lets the compiler reorder arithmetic, so the
// width of the vectors changes no bit of the result.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>

#include "episode.hpp"
#include "instruction_set.hpp"

#ifdef __clang__
#define DROMOS_INDEPENDENT_LANES _Pragma("clang loop vectorize(assume_safety)")
// Clang alone sees no gain in going on with the next lanes while the first ones wait.
#define DROMOS_STEPPED_LANES \
  _Pragma("clang loop vectorize(assume_safety) interleave_count(kInterleaved)")
#elif defined(__GNUC__)
#define DROMOS_INDEPENDENT_LANES _Pragma("GCC ivdep")
#else
#define DROMOS_INDEPENDENT_LANES
#endif
#ifndef DROMOS_STEPPED_LANES
#define DROMOS_STEPPED_LANES DROMOS_INDEPENDENT_LANES
#endif

namespace dromos {

// N lanes of a struct where they lie in their columns; a flag is worked on as wide as the numbers
// it chooses between, because then both fill the same registers.
template <Reflected State, std::size_t N>
class BlockColumns {
  template <class T>
  struct Block {
    T* values = nullptr;
    void open(T* column) { values = column; }
    void close() const {}
  };
  template <std::same_as<bool> T>
  struct Block<T> {
    alignas(64) std::int64_t values[N];
    T* column = nullptr;
    void open(T* from) {
      column = from;
      for (std::size_t i = 0; i < N; ++i) values[i] = column[i];
    }
    void close() const {
      for (std::size_t i = 0; i < N; ++i) column[i] = values[i] != 0;
    }
  };
  template <std::size_t... I>
  static auto tuple_type(std::index_sequence<I...>)
      -> std::tuple<Block<typename std::tuple_element_t<I, decltype(State::fields())>::type>...>;

 public:
  BlockColumns(Columns<State>& columns, std::size_t first) {
    for_each_field<State>([&](auto index, const auto&) {
      std::get<index>(blocks_).open(columns.template data<index>() + first);
    });
  }
  // Writes the flags back.
  void close() const {
    for_each_field<State>([&](auto index, const auto&) { std::get<index>(blocks_).close(); });
  }
  [[gnu::always_inline]] State get(std::size_t i) const {
    State state;
    for_each_field<State>([&](auto index, const auto& field) __attribute__((always_inline)) {
      state.*field.member = std::get<index>(blocks_).values[i];
    });
    return state;
  }
  [[gnu::always_inline]] void set(std::size_t i, const State& state) {
    for_each_field<State>([&](auto index, const auto& field) __attribute__((always_inline)) {
      std::get<index>(blocks_).values[i] = state.*field.member;
    });
  }

 private:
  decltype(tuple_type(std::make_index_sequence<field_count<State>>{})) blocks_;
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
  [[gnu::always_inline]] BlockColumns<Params, N> block(std::size_t first) const {
    return {columns, first};
  }
};

// One bit a lane of a block.
using LaneBits = std::uint64_t;
static_assert(kBlock <= 64);

// The lanes of a block whose flag is 1, not 0.
[[gnu::always_inline]] inline LaneBits lane_bits(const std::uint8_t* flags, std::size_t rows) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  LaneBits bits = 0;
  for (std::size_t base = 0; base < rows; base += kWord) {
    std::uint64_t word = 0;
    std::memcpy(&word, flags + base, std::min(kWord, rows - base));
    // The product's top byte collects the lowest bits of all bytes, in their order.
    bits |= (word * 0x0102040810204080 >> 56) << base;
  }
  return bits;
}

// Calls visit(lane) for each lane of the block; few are chosen. Going from one chosen lane to the
// next leaves a processor nothing to guess but when it ends.
template <class Visit>
[[gnu::always_inline]] inline void for_each_lane(LaneBits chosen, std::size_t first,
                                                 const Visit& visit) {
  for (; chosen != 0; chosen &= chosen - 1)
    visit(first + static_cast<std::size_t>(std::countr_zero(chosen)));
}

// Marks the lanes whose step is a reset (NEXT_STEP only) and returns them.
template <class D, class Rng>
[[gnu::always_inline]] inline LaneBits note_restarts(Lanes<D, Rng>& lanes, std::size_t first,
                                                     std::size_t rows) {
  if (lanes.episodes.autoreset != Autoreset::next_step) {
    std::memset(lanes.episodes.restarted + first, 0, rows);
    return 0;
  }
  const Status* status = lanes.episodes.status + first;
  std::uint8_t restarted[kBlock];
  for (std::size_t i = 0; i < rows; ++i) restarted[i] = status[i] == Status::ended;
  std::copy_n(restarted, rows, lanes.episodes.restarted + first);
  return lane_bits(restarted, rows);
}

// Counts the step and writes the flags; returns the lanes whose episode ended.
template <class D, class Rng>
[[gnu::always_inline]] inline LaneBits note_ends(Lanes<D, Rng>& lanes, std::size_t first,
                                                 std::size_t rows, const std::int64_t* terminated,
                                                 const Outputs& out) {
  std::int32_t* elapsed = lanes.episodes.elapsed + first;
  const std::int32_t* limit = lanes.episodes.limit + first;
  std::uint8_t term[kBlock];
  std::uint8_t trunc[kBlock];
  std::uint8_t ended[kBlock];
  std::uint8_t status[kBlock];
  for (std::size_t i = 0; i < rows; ++i) term[i] = terminated[i] != 0;
  DROMOS_INDEPENDENT_LANES
  for (std::size_t i = 0; i < rows; ++i) {
    elapsed[i] = counted_on(elapsed[i]);
    trunc[i] = elapsed[i] >= limit[i];
  }
  for (std::size_t i = 0; i < rows; ++i) {
    ended[i] = term[i] | trunc[i];
    status[i] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(Status::running) + ended[i]);
  }
  std::copy_n(term, rows, out.terminated + first);
  std::copy_n(trunc, rows, out.truncated + first);
  std::memcpy(lanes.episodes.status + first, status, rows);
  return lane_bits(ended, rows);
}

// NEXT_STEP: the step of a lane whose episode had ended is its reset.
template <class D, class Rng>
[[gnu::noinline]] void restart_lanes(Lanes<D, Rng>& lanes, std::size_t first, LaneBits restarts,
                                     const Outputs& out) {
  for_each_lane(restarts, first, [&](std::size_t lane) {
    store_start(lanes, lane, out, lane);
    out.reward[lane] = 0.0;
    out.terminated[lane] = out.truncated[lane] = 0;
  });
}

// SAME_STEP: an ended lane shows its next episode's first observation, the final one goes apart.
template <class D, class Rng>
[[gnu::noinline]] void replace_ended(Lanes<D, Rng>& lanes, std::size_t first, LaneBits ended,
                                     const Outputs& out) {
  for_each_lane(ended, first, [&](std::size_t lane) {
    store_row<D>(lanes.params[lane], lanes.state.load(lane), out.final_observation, out.final_info,
                 lane);
    store_start(lanes, lane, out, lane);
  });
}

// The sine and cosine of the angle of each lane of a block, in a loop of their own: a step that
// waits for them leaves a processor too little to do meanwhile.
template <class D, std::size_t N>
struct BlockAngles {
  alignas(64) double sines[N];
  alignas(64) double cosines[N];

  // `rows` lanes are real; what becomes of the others is no matter.
  [[gnu::always_inline]] BlockAngles(const BlockColumns<typename D::State, N>& state,
                                     std::size_t rows) {
    std::uint64_t far = 0;
    for (std::size_t i = 0; i < N; ++i)
      far |= static_cast<std::uint64_t>(i < rows) & !is_near(D::angle(state.get(i)));
    if (far == 0) {
      for (std::size_t i = 0; i < N; ++i) set(i, sincos_near(D::angle(state.get(i))));
    } else {
      for (std::size_t i = 0; i < N; ++i) set(i, sincos(D::angle(state.get(i))));
    }
  }
  [[gnu::always_inline]] SinCos get(std::size_t i) const { return {sines[i], cosines[i]}; }

 private:
  [[gnu::always_inline]] void set(std::size_t i, SinCos both) {
    sines[i] = both.sin;
    cosines[i] = both.cos;
  }
};
template <class D, std::size_t N>
struct NoBlockAngles {
  NoBlockAngles(const BlockColumns<typename D::State, N>&, std::size_t) {}
};

// Lanes [first, first + rows) of a batch, rows ≤ N; row r of the outputs belongs to lane r.
template <std::size_t N, class D, class Rng, class ParamsOf>
[[gnu::always_inline]] inline void step_block(Lanes<D, Rng>& lanes, std::size_t first,
                                              std::size_t rows, const typename D::Action* actions,
                                              const Outputs& out, const ParamsOf& params) {
  BlockColumns<typename D::State, N> state(lanes.state, first);
  typename D::Action spare_actions[N];
  double spare_rewards[N];
  const typename D::Action* action = actions + first;
  double* reward = out.reward + first;
  if (rows < N) {  // the caller's arrays end with the last lane
    std::copy_n(action, rows, spare_actions);
    std::fill(spare_actions + rows, spare_actions + N, typename D::Action{});
    action = spare_actions;
    reward = spare_rewards;
  }
  std::conditional_t<observes_in_step<D>(), LocalObservations<typename D::Observation, N>,
                     NoLocalObservations>
      observations;
  std::int64_t terminated[N];  // as wide as a double: one vector register serves both
  const std::conditional_t<Angular<D>, BlockAngles<D, N>, NoBlockAngles<D, N>> angles(state, rows);
  // GCC inlines all that a kernel calls, clang what a flattened function calls itself.
  const auto step_lane_of_block = [&](std::size_t i) __attribute__((always_inline, flatten)) {
    auto lane_state = state.get(i);
    Transition transition;
    if constexpr (Angular<D>)
      transition = D::step(params.get(i), lane_state, action[i], angles.get(i));
    else
      transition = D::step(params.get(i), lane_state, action[i]);
    state.set(i, lane_state);
    if constexpr (observes_in_step<D>()) observations.set(i, D::observe(params.get(i), lane_state));
    reward[i] = transition.reward;
    terminated[i] = transition.terminated;
  };
  [[maybe_unused]] constexpr int kInterleaved = N == kBlock ? 2 : 1;
  DROMOS_STEPPED_LANES
  for (std::size_t i = 0; i < N; ++i) step_lane_of_block(i);
  state.close();
  if (rows < N) std::copy_n(reward, rows, out.reward + first);

  const LaneBits restarts = note_restarts(lanes, first, rows);
  const LaneBits ended = note_ends(lanes, first, rows, terminated, out);
  if constexpr (observes_in_step<D>()) {
    observations.store(out.observation, first, rows);
    for (std::size_t i = 0; i < rows; ++i)
      store_info<D>(params.get(i), state.get(i), out.info, first + i);
  } else {
    for (std::size_t i = 0; i < rows; ++i)
      store_row<D>(params.get(i), state.get(i), out.observation, out.info, first + i);
  }
  if (restarts != 0) restart_lanes(lanes, first, restarts, out);
  if (ended != 0 && lanes.episodes.replaces()) replace_ended(lanes, first, ended, out);
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
  [[gnu::flatten, DROMOS_AVX2]] static void avx2(Lanes<D, Rng>& lanes, std::size_t begin,
                                                 std::size_t end, const typename D::Action* actions,
                                                 const Outputs& out) {
    step_range_body(lanes, begin, end, actions, out);
  }
  [[gnu::flatten, DROMOS_AVX512]] static void avx512(Lanes<D, Rng>& lanes, std::size_t begin,
                                                     std::size_t end,
                                                     const typename D::Action* actions,
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
