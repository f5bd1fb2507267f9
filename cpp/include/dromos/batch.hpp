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

namespace dromos {

// What Python is told of dynamics D.
template <Dynamics D>
const Layout& layout_of() {
  using Observation = ObservationLayout<typename D::Observation>;
  static const Layout layout{D::name,
                             Observation::structure,
                             {Observation::leaves.data(), Observation::leaves.size()},
                             action_layout<D>(),
                             field_infos<typename D::Params>(),
                             field_infos<typename D::State>(),
                             field_infos<typename D::Options>(),
                             info_fields<D>(),
                             has_whole_rewards<D>(),
                             observation_bounds<D>(),
                             action_bounds<D>()};
  return layout;
}

template <Dynamics D, class Rng = Pcg64>
class Batch : public AnyBatch {
  using Action = typename D::Action;

 public:
  explicit Batch(std::size_t lanes, Autoreset autoreset = Autoreset::next_step,
                 std::int32_t limit = kNoLimit)
      : lanes_(lanes, autoreset, limit) {}

  const Layout& layout() const override { return layout_of<D>(); }
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
    gather(const_cast<Batch*>(this)->place(group, field), lanes, out);  // one `place` for both
  }
  void write(Group group, std::size_t field, std::span<const std::int64_t> lanes,
             const void* in) override {
    switch (group) {
      case Group::params:
        return lanes_.params.write(field, lanes, in);
      case Group::state:
        return scatter(lanes_.state.place(field), lanes, in);
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
    lanes_.draws.swap(draws);
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

  static constexpr std::size_t kPiece = requires { D::State::in_rows; } ? 1 : kBlock;
  std::size_t piece() const override { return kPiece; }
  void step_range(std::size_t begin, std::size_t end, const void* actions,
                  const Outputs& out) override {
    const auto* typed = static_cast<const Action*>(actions);
    // Lanes that share a NumPy generator are one lane: not worth a kernel and its compilation.
    if constexpr (DeterministicStep<D> && std::is_same_v<Rng, Pcg64>) {
      static const auto best = StepRange<D, Rng>::best();
      if (!any_lane_draws(begin, end)) return best(lanes_, begin, end, typed, out);
    }
    step_each(lanes_, begin, end, typed, out);
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
  FieldPlace place(Group group, std::size_t field) {
    switch (group) {
      case Group::params:
        return lanes_.params.place(field);
      case Group::options:
        return lanes_.options.place(field);
      case Group::state:
        break;
    }
    return lanes_.state.place(field);
  }

  // Whether a step of some of the lanes draws random numbers; then these go one by one.
  bool any_lane_draws(std::size_t begin, std::size_t end) const {
    if constexpr (SometimesStochastic<D>) {
      if (lanes_.params.uniform()) return D::draws(lanes_.params.shared());
      for (std::size_t lane = begin; lane < end; ++lane)
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
};

}  // namespace dromos
