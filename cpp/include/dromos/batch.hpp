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
  Autoreset autoreset() const override { return lanes_.autoreset; }
  std::unique_ptr<AnyBatch> fresh_lane() const override {
    auto fresh = std::make_unique<Batch>(1, lanes_.autoreset, lanes_.limit);
    fresh->lanes_.params.store(0, lanes_.params[0]);
    fresh->lanes_.draws = lanes_.draws;
    return fresh;
  }
  std::int32_t limit() const override { return lanes_.limit; }
  void set_limit(std::int32_t steps) override { lanes_.limit = steps; }
  double cost(std::size_t lanes) const override {
    return D::step_nanoseconds * static_cast<double>(lanes);
  }

  std::span<std::int32_t> elapsed() override { return {lanes_.elapsed.data(), lanes_.count}; }
  std::span<Status> status() override { return {lanes_.status.data(), lanes_.count}; }
  std::span<std::uint8_t> restarted() override { return {lanes_.restarted.data(), lanes_.count}; }

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
    const bool draws = any_lane_draws();
    const auto range = [&](std::size_t begin, std::size_t end) {
      // Lanes that share a NumPy generator are one lane: not worth a kernel and its compilation.
      if constexpr (DeterministicStep<D> && std::is_same_v<Rng, Pcg64>) {
        static const auto step_range = StepRange<D, Rng>::best();
        if (!draws) return step_range(lanes_, begin, end, typed, out);
      }
      step_each(lanes_, begin, end, typed, out);
    };
    parallel_blocks(threads, range);
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
    if constexpr (requires { D::reward_after_end(params); }) {
      if (transition.terminated && lanes_.status[0] == Status::ended)
        transition.reward = D::reward_after_end(params);
    }
    if (transition.terminated) lanes_.status[0] = Status::ended;
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

  template <class Range>
  void parallel_blocks(std::size_t threads, const Range& range) {
    const auto blocks = padded(lanes_.count) / kBlock;
    const double block_cost = cost(kBlock);
    const auto grain =
        static_cast<std::size_t>(std::max(1.0, std::ceil(kThreadGrainNanoseconds / block_cost)));
    if (threads <= 1 || blocks <= grain) return range(0, lanes_.count);
    parallel_for(threads, blocks, grain, [&](std::size_t begin, std::size_t end) {
      range(begin * kBlock, std::min(end * kBlock, lanes_.count));
    });
  }
};

}  // namespace dromos
