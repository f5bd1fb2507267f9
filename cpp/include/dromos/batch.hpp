// Batch<D>: n lanes of dynamics D behind the AnyBatch interface.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <type_traits>

#include "any_batch.hpp"
#include "kernel.hpp"
#include "parallel.hpp"

namespace dromos {

// Work below this many nanoseconds is not worth waking another thread for.
inline constexpr double kThreadGrainNanoseconds = 50'000.0;

// Lanes that do many steps in a row together.
inline constexpr std::size_t kRunLanes = 4 * kBlock;

template <Dynamics D, class Rng = Pcg64>
class Batch : public AnyBatch {
  using Action = typename D::Action;

 public:
  explicit Batch(std::size_t lanes, Autoreset autoreset = Autoreset::next_step,
                 std::int32_t limit = kNoLimit)
      : lanes_(lanes, autoreset, limit) {}

  static Layout describe() {
    using Observation = ObservationLayout<typename D::Observation>;
    return {D::name,
            Observation::structure,
            Observation::leaves(),
            action_layout<D>(),
            field_infos<typename D::Params>(),
            field_infos<typename D::State>(),
            field_infos<typename D::Options>(),
            info_fields<D>(),
            has_whole_rewards<D>()};
  }

  const Layout& layout() const override {
    static const Layout layout = describe();
    return layout;
  }
  std::size_t lanes() const override { return lanes_.count; }
  std::unique_ptr<AnyBatch> fresh_lane() const override {
    auto fresh = std::make_unique<Batch>(1, lanes_.episodes.autoreset, lanes_.episodes.limit[0]);
    fresh->lanes_.params.store(0, lanes_.params[0]);
    fresh->lanes_.draws = lanes_.draws;
    return fresh;
  }
  double cost(std::size_t lanes) const override {
    return D::step_nanoseconds * static_cast<double>(lanes);
  }

  Episodes& episodes() override { return lanes_.episodes; }

  void read(Group group, std::size_t field, std::span<const std::int64_t> lanes,
            void* out) const override {
    switch (group) {
      case Group::params:
        return lanes_.params.read(field, lanes, out);
      case Group::state:
        return lanes_.state.read(field, lanes, out);
      case Group::options:
        return lanes_.options.read(field, lanes, out);
    }
  }
  void write(Group group, std::size_t field, std::span<const std::int64_t> lanes,
             const void* in) override {
    switch (group) {
      case Group::params:
        return lanes_.params.write(field, lanes, in);
      case Group::state:
        return lanes_.state.write(field, lanes, in);
      case Group::options:
        return lanes_.options.write(field, lanes, in);
    }
  }
  void default_options(std::span<const std::int64_t> lanes) override {
    lanes_.options.clear(lanes);
  }
  bool params_uniform() const override { return lanes_.params.uniform(); }
  void set_draws(std::vector<LaneDraws> draws) override {
    if (!draws.empty() && lanes_.count > 1) lanes_.params.spread();
    lanes_.draws = std::move(draws);
  }

  void seed(std::size_t lane, std::span<const std::uint32_t> words) override {
    if constexpr (std::is_same_v<Rng, Pcg64>) lanes_.rng[lane] = Pcg64::from_words(words);
  }
  std::size_t rng_bytes() const override { return sizeof(Rng); }
  void read_rng(std::span<const std::int64_t> lanes, std::byte* out) const override {
    for (const auto lane : lanes) {
      std::memcpy(out, &lanes_.rng[static_cast<std::size_t>(lane)], sizeof(Rng));
      out += sizeof(Rng);
    }
  }
  void write_rng(std::span<const std::int64_t> lanes, const std::byte* in) override {
    static_assert(std::is_trivially_copyable_v<Rng>);
    for (const auto lane : lanes) {
      std::memcpy(&lanes_.rng[static_cast<std::size_t>(lane)], in, sizeof(Rng));
      in += sizeof(Rng);
    }
  }

  void reset(std::span<const std::int64_t> lanes) override {
    for (const auto lane : lanes) start(lanes_, static_cast<std::size_t>(lane));
  }
  void observe(std::span<const std::int64_t> lanes, void* const* leaves) override {
    for (std::size_t row = 0; row < lanes.size(); ++row)
      dromos::observe(lanes_, static_cast<std::size_t>(lanes[row]), leaves, row);
  }

  void inform(std::span<const std::int64_t> lanes, void* const* columns) const override {
    for (std::size_t row = 0; row < lanes.size(); ++row) {
      const auto lane = static_cast<std::size_t>(lanes[row]);
      store_info<D>(lanes_.params[lane], lanes_.state.load(lane), columns, row);
    }
  }
  std::optional<TransitionTable> transitions() const override {
    if constexpr (Tabular<D>) {
      return transition_table<D>(lanes_.params[0]);
    } else {
      return std::nullopt;
    }
  }

  std::int64_t first_bad_action(const void* actions, std::size_t count) const override {
    const auto* typed = static_cast<const Action*>(actions);
    if constexpr (std::is_integral_v<Action>) {
      // Negative if any action, or its distance to the last choice, is: no branch, plain SIMD.
      // Unsigned, because the distance of the least integer overflows.
      using Bits = std::make_unsigned_t<Action>;
      Bits signs = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const auto action = static_cast<Bits>(typed[i]);
        signs |= action | (static_cast<Bits>(D::num_actions - 1) - action);
      }
      if (static_cast<Action>(signs) >= 0) return -1;
    }
    const auto* bad = std::find_if(typed, typed + count, is_bad);
    return bad == typed + count ? -1 : bad - typed;
  }

  void step(const void* actions, const Outputs& out, std::size_t threads) override {
    const auto* typed = static_cast<const Action*>(actions);
    const auto range = stepper();
    parallel_blocks(threads, 1, [&](std::size_t begin, std::size_t end) {
      range(lanes_, begin, end, typed, out);
    });
  }

  std::size_t run(const void* actions, std::size_t row, std::size_t steps, const Trajectory& out,
                  std::size_t threads) override {
    const auto* typed = static_cast<const Action*>(actions);
    if (lanes_.episodes.autoreset == Autoreset::disabled)
      return run_together(typed, row, steps, out);
    const auto range = stepper();
    parallel_blocks(threads, steps, [&](std::size_t first, std::size_t last) {
      for_each_run_block(first, last, [&](std::size_t begin, std::size_t end) {
        TrajectoryStep step(out, lanes_.count, row);
        for (std::size_t t = 0; t < steps; ++t, step.advance()) {
          range(lanes_, begin, end, typed + t * lanes_.count, step.outputs());
          note_valid(begin, end, step.valid());
        }
      });
    });
    return steps;
  }

  void run_out(const void* actions, std::size_t steps, const Trajectory& out,
               std::size_t threads) override {
    const auto* typed = static_cast<const Action*>(actions);
    const auto range = stepper();
    parallel_blocks(threads, steps, [&](std::size_t first, std::size_t last) {
      for_each_run_block(first, last, [&](std::size_t begin, std::size_t end) {
        std::vector<std::uint8_t> over(end - begin);
        std::size_t going = end - begin;
        TrajectoryStep step(out, lanes_.count, 0);
        for (std::size_t t = 0; t < steps; ++t, step.advance()) {
          if (going > 0) range(lanes_, begin, end, typed + t * lanes_.count, step.outputs());
          std::fill(step.valid() + begin, step.valid() + end, std::uint8_t{1});
          for (std::size_t lane = begin; lane < end; ++lane) {
            if (over[lane - begin]) {
              step.clear(lane);
            } else if (step.outputs().terminated[lane] | step.outputs().truncated[lane]) {
              over[lane - begin] = 1;
              --going;
            }
          }
        }
      });
    });
  }

  void step_some(std::span<const std::int64_t> lanes, const void* actions,
                 const Outputs& out) override {
    const auto* typed = static_cast<const Action*>(actions);
    for (std::size_t row = 0; row < lanes.size(); ++row)
      step_lane(lanes_, static_cast<std::size_t>(lanes[row]), typed[row], out, row);
  }

  Transition step_single(const void* action, void* const* leaves, void* const* columns) override {
    const typename D::Params& params = lanes_.params.shared();
    auto state = lanes_.state.load(0);
    auto transition = advance<D>(params, state, *static_cast<const Action*>(action), lanes_.rng[0]);
    lanes_.state.store(0, state);
    const bool was_over = lanes_.episodes.status[0] == Status::ended;
    if constexpr (requires { D::reward_after_end(params); }) {
      if (transition.terminated && was_over) transition.reward = D::reward_after_end(params);
    }
    // An end stays one, whatever steps follow it.
    lanes_.episodes.count_step(0, transition.terminated != 0 || was_over);
    store_row<D>(params, state, leaves, columns, 0);
    return transition;
  }

 protected:
  Lanes<D, Rng> lanes_;

 private:
  // Whether a step of some lane draws random numbers; then the lanes go one by one.
  bool any_lane_draws() const {
    if constexpr (SometimesStochastic<D>) {
      if (lanes_.params.uniform()) return D::draws(lanes_.params.shared());
      for (std::size_t lane = 0; lane < lanes_.count; ++lane)
        if (D::draws(lanes_.params[lane])) return true;
      return false;
    } else {
      return !DeterministicStep<D>;
    }
  }

  static bool is_bad(const Action& action) {
    if constexpr (std::is_integral_v<Action>) {
      return (action < 0) | (action >= D::num_actions);
    } else {
      return std::any_of(action.begin(), action.end(), [](auto v) { return std::isnan(v); });
    }
  }

  // What steps lanes [begin, end) of a batch.
  using Stepper = void (*)(Lanes<D, Rng>&, std::size_t, std::size_t, const Action*, const Outputs&);
  Stepper stepper() const {
    // Lanes that share a NumPy generator are one lane: not worth a kernel and its compilation.
    if constexpr (DeterministicStep<D> && std::is_same_v<Rng, Pcg64>) {
      static const Stepper step_range = StepRange<D, Rng>::best();
      if (!any_lane_draws()) return step_range;
    }
    return step_each<D, Rng>;
  }

  // All lanes step by step, until one has no episode to step in.
  std::size_t run_together(const Action* actions, std::size_t row, std::size_t steps,
                           const Trajectory& out) {
    const auto range = stepper();
    TrajectoryStep step(out, lanes_.count, row);
    for (std::size_t t = 0; t < steps; ++t, step.advance()) {
      if (lanes_.episodes.first_idle() < lanes_.count) return t;
      range(lanes_, 0, lanes_.count, actions + t * lanes_.count, step.outputs());
      note_valid(0, lanes_.count, step.valid());
    }
    return steps;
  }

  void note_valid(std::size_t begin, std::size_t end, std::uint8_t* valid) const {
    const std::uint8_t* restarted = lanes_.episodes.restarted;
    for (std::size_t lane = begin; lane < end; ++lane) valid[lane] = restarted[lane] ^ 1;
  }

  // Calls range(begin, end) for as many lanes at a time as stay in the cache for all their steps.
  template <class Range>
  static void for_each_run_block(std::size_t first, std::size_t last, const Range& range) {
    for (std::size_t begin = first; begin < last; begin += kRunLanes)
      range(begin, std::min(begin + kRunLanes, last));
  }

  // Lanes are dealt out in blocks for SIMD, or one by one where a state is a row; `steps` are done
  // by each before it is left.
  template <class Range>
  void parallel_blocks(std::size_t threads, std::size_t steps, const Range& range) {
    constexpr std::size_t piece = requires { D::State::in_rows; } ? 1 : kBlock;
    const auto pieces = (lanes_.count + piece - 1) / piece;
    const double piece_cost = cost(piece) * static_cast<double>(steps);
    const auto grain =
        static_cast<std::size_t>(std::max(1.0, std::ceil(kThreadGrainNanoseconds / piece_cost)));
    if (threads <= 1 || pieces <= grain) return range(0, lanes_.count);
    parallel_for(threads, pieces, grain, [&](std::size_t begin, std::size_t end) {
      range(begin * piece, std::min(end * piece, lanes_.count));
    });
  }
};

}  // namespace dromos
