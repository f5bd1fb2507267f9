// A batch as Python holds it: the lanes, and the arrays they write into.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <span>
#include <vector>

#include "dromos/any_batch.hpp"
#include "guard.hpp"
#include "infos.hpp"

namespace dromos::bind {

// A call was refused before any lane moved. Python sees `LaneFault(reason, lane)`, reason being
// "layout" (actions of another dtype or shape), "action", or "idle" (no episode to step in).
struct LaneFault {
  const char* reason;
  std::int64_t lane;
};

// Below this, releasing the interpreter lock costs more than others could gain.
inline constexpr double kReleaseNanoseconds = 20'000.0;

// A trajectory, and what keeps its memory alive.
struct TrajectoryArrays {
  const std::byte* actions;
  std::size_t steps;
  std::size_t lanes;
  Trajectory rows;
  InfoColumns unwanted;  // where infos go that nobody wants
  nanobind::object kept[2];
};

class VectorBatch {
 public:
  explicit VectorBatch(std::unique_ptr<AnyBatch> core);

  AnyBatch& core() { return *core_; }
  std::size_t threads = 1;
  Guard guard;
  bool reuse_outputs = false;  // hand out the same arrays each step

  // Actions for all lanes -> (observations, rewards, terminated, truncated, infos).
  nanobind::object step(nanobind::handle actions);
  // The same for some lanes, each named once; row i is the i-th of them.
  nanobind::object step_some(std::span<const std::int64_t> lanes, nanobind::handle actions);
  // The data of an array of actions, one a row; throws LaneFault if they are none.
  const void* checked_actions(nanobind::handle actions, std::size_t rows) const;
  // Arrays (T, lanes, ...) of the caller's for many steps: actions, and where to write
  // (observations, finals, infos, rewards, terminated, truncated, valid); the first two are tuples
  // of leaves, infos one a field, None for those that nobody wants.
  std::unique_ptr<TrajectoryArrays> trajectory(nanobind::handle actions, nanobind::tuple out);
  // All lanes, the steps [first, last) of a trajectory: how many of them were made. `to_the_end`:
  // each lane only to the end of its episode; the rows behind it are zeros.
  std::size_t run(TrajectoryArrays& arrays, std::size_t first, std::size_t last, bool to_the_end);
  // Actions (T, lanes, ...) -> (observations, actions, rewards, terminated, truncated, valid,
  // finals or None) in arrays of our own: T steps of all lanes. None, and nothing has moved, where
  // the actions need a conversion or are none, a lane has no episode, or it takes its time.
  nanobind::object play(nanobind::handle actions);
  // Gives lanes the parameters, state and options of a single environment.
  void take_lane(VectorBatch& single, std::span<const std::int64_t> lanes);
  nanobind::object observe(std::span<const std::int64_t> lanes);
  nanobind::dict infos(std::span<const std::int64_t> lanes);
  // Final observations of the lanes that ended at the last step (SAME_STEP): (lanes, ...).
  nanobind::object final_observation();
  // The same as an object array (lanes,): a single observation where `ended`, else None.
  nanobind::object final_column(std::span<const bool> ended);
  // What is kept of the infos of lanes that ended (SAME_STEP), live: (lanes, ...) each.
  nanobind::dict final_info_arrays() const { return final_infos_.dict(); }
  // Infos of the lanes that ended at the last step (SAME_STEP); the others are marked as missing.
  nanobind::dict final_infos(std::span<const bool> ended);

 private:
  // One step's outputs: observations, rewards, terminated, truncated, and infos.
  struct Arrays {
    nanobind::object parts[4];
    OwnArrays own;
    std::vector<void*> leaves;
    double* reward;
    std::uint8_t* terminated;
    std::uint8_t* truncated;
    InfoColumns infos;

    nanobind::object result() const;
  };

  // The arrays of a rollout, as `play` returns them.
  struct Played {
    nanobind::object parts[7];
    OwnArrays own;
    std::vector<void*> present;  // where observations begin: the lanes before the first step
    void* actions;
    std::unique_ptr<TrajectoryArrays> arrays;
  };

  Arrays new_arrays(std::size_t rows) const;
  Arrays& free_arrays();
  Strand strand_of(nanobind::handle array, const Leaf& leaf, std::size_t steps) const;
  std::size_t move(const TrajectoryArrays& arrays, std::size_t first, std::size_t last,
                   bool to_the_end);
  Played new_rollout(std::size_t steps);
  const Played& free_rollout(std::size_t steps);
  void complete_finals(const Trajectory& trajectory, std::size_t first, std::size_t steps);
  void check_status(std::size_t lane) const;

  std::unique_ptr<AnyBatch> core_;
  std::vector<Arrays> pool_;
  std::vector<Played> played_;
  nanobind::object final_;
  std::vector<void*> final_leaves_;
  InfoColumns final_infos_;
};

}  // namespace dromos::bind
