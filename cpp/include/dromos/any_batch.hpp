// A batch of lanes with its types erased: what bindings and vectors of mixed origin talk to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "episode.hpp"
#include "lane_loops.hpp"
#include "random.hpp"
#include "tabular.hpp"
#include "trajectory.hpp"

namespace dromos {

// Everything Python needs to know to own the buffers and name the fields.
struct Layout {
  const char* name;
  Structure structure;     // of the observation
  View<Leaf> observation;  // one lane's arrays
  ActionLayout action;
  View<FieldInfo> params;
  View<FieldInfo> state;
  View<FieldInfo> options;
  View<FieldInfo> info;  // empty: the environment tells nothing besides its observation
  bool whole_rewards;    // a reward that is a whole number is a Python int
  // Write the least and the greatest observation, and action, of one lane where they are told to;
  // null where the environment does not say.
  void (*observation_bounds)(void* const* low, void* const* high);
  void (*action_bounds)(void* low, void* high);
};

enum class Group : std::uint8_t { params, state, options };

// Every pointer below is to memory of the caller's that lives for the call; arrays of n rows belong
// to the n lanes of the call, in order. No function checks its arguments: bindings do.
class AnyBatch {
  auto stepper() {
    return [this](std::size_t begin, std::size_t end, const void* actions, const Outputs& out) {
      step_range(begin, end, actions, out);
    };
  }
  Deal deal(std::size_t threads) const { return {lanes(), piece(), cost(piece()), threads}; }
  ActionRows rows(const void* actions) const {
    return {static_cast<const std::byte*>(actions), lanes() * action_bytes(layout().action)};
  }

 public:
  virtual ~AnyBatch() = default;

  virtual const Layout& layout() const = 0;
  virtual std::size_t lanes() const = 0;
  // A new batch of one lane with the parameters and draws of lane 0; no episode has been started.
  virtual std::unique_ptr<AnyBatch> fresh_lane() const = 0;
  // Nanoseconds that stepping `lanes` lanes on one thread takes, roughly.
  virtual double cost(std::size_t lanes) const = 0;

  virtual Episodes& episodes() = 0;

  // Field `field` of a group, for the named lanes, as an array of the field's dtype.
  virtual void read(Group group, std::size_t field, std::span<const std::int64_t> lanes,
                    void* out) const = 0;
  virtual void write(Group group, std::size_t field, std::span<const std::int64_t> lanes,
                     const void* in) = 0;
  virtual void default_options(std::span<const std::int64_t> lanes) = 0;
  virtual bool params_uniform() const = 0;
  // Replaces the draws that are done at every start of an episode, one element a parameter, in the
  // order in which they are done.
  virtual void set_draws(std::vector<LaneDraws> draws) = 0;

  // Random streams: from a seed's 32-bit words, or as the raw bytes of the stream.
  virtual void seed(std::size_t lane, std::span<const std::uint32_t> words) = 0;
  virtual std::size_t rng_bytes() const = 0;
  virtual void read_rng(std::span<const std::int64_t> lanes, std::byte* out) const = 0;
  virtual void write_rng(std::span<const std::int64_t> lanes, const std::byte* in) = 0;

  virtual void reset(std::span<const std::int64_t> lanes) = 0;
  virtual void observe(std::span<const std::int64_t> lanes, void* const* leaves) = 0;
  // The infos of the named lanes, into one array a field of Info.
  virtual void inform(std::span<const std::int64_t> lanes, void* const* columns) const = 0;
  // How the states of lane 0's environment lead to each other; nothing if it is not tabular.
  virtual std::optional<TransitionTable> transitions() const = 0;

  // Index of the first of `count` actions that is not one, or -1.
  virtual std::int64_t first_bad_action(const void* actions, std::size_t count) const = 0;
  // Lanes that stay together: a block for SIMD, or one.
  virtual std::size_t piece() const = 0;
  // Lanes [begin, end), which are whole pieces or go to the last lane; actions and outputs are
  // those of all lanes. Different ranges may be stepped by different threads at a time.
  virtual void step_range(std::size_t begin, std::size_t end, const void* actions,
                          const Outputs& out) = 0;
  // All lanes, on up to `threads` threads.
  void step(const void* actions, const Outputs& out, std::size_t threads) {
    deal(threads)(
        1, [&](std::size_t begin, std::size_t end) { step_range(begin, end, actions, out); });
  }
  // All lanes, `steps` times, the actions being (steps, lanes), and rows [first, first + steps) of
  // `out` are written. A block of lanes does all its steps before the next does, but where one may
  // have to be refused (DISABLED): returns how many were done.
  std::size_t run(const void* actions, std::size_t first, std::size_t steps, const Trajectory& out,
                  std::size_t threads) {
    if (episodes().autoreset == Autoreset::disabled)
      return run_together(episodes(), stepper(), rows(actions), first, steps, out);
    run_lanes(deal(threads), episodes(), stepper(), rows(actions), first, steps, out);
    return steps;
  }
  // The same from row 0 on, each lane to the end of its episode; rows behind that are zeros.
  void run_out(const void* actions, std::size_t steps, const Trajectory& out, std::size_t threads) {
    run_lanes_out(deal(threads), stepper(), rows(actions), steps, out);
  }
  // The named lanes, each at most once.
  virtual void step_some(std::span<const std::int64_t> lanes, const void* actions,
                         const Outputs& out) = 0;
  // Lane 0 alone, without autoreset: the whole of a single environment's step. `leaves`
  // and `columns` as in `observe` and `inform`.
  virtual Transition step_single(const void* action, void* const* leaves, void* const* columns) = 0;
};

}  // namespace dromos
