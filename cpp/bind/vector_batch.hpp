// A batch as Python holds it: the lanes, and the arrays they write into.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <memory>
#include <span>
#include <vector>

#include "dromos/any_batch.hpp"
#include "infos.hpp"

namespace dromos::bind {

// A call was refused before any lane moved. Python sees `LaneFault(reason, lane)`, reason being
// "layout" (actions of another dtype or shape), "action", "reset" or "ended".
struct LaneFault {
  const char* reason;
  std::int64_t lane;
};

class VectorBatch {
 public:
  explicit VectorBatch(std::unique_ptr<AnyBatch> core);

  AnyBatch& core() { return *core_; }
  std::size_t threads = 1;
  bool reuse_outputs = false;  // hand out the same arrays each step

  // Starts an episode in the only lane: (observation, info) as a single environment returns them.
  nanobind::object reset_single();
  // Actions for all lanes -> (observations, rewards, terminated, truncated, infos).
  nanobind::object step(nanobind::handle actions);
  // The same for some lanes, each named once; row i is the i-th of them.
  nanobind::object step_some(std::span<const std::int64_t> lanes, nanobind::handle actions);
  nanobind::object observe(std::span<const std::int64_t> lanes);
  nanobind::dict infos(std::span<const std::int64_t> lanes);
  // Final observations of the lanes that ended at the last step (SAME_STEP): (lanes, ...).
  nanobind::object final_observation();
  // The same as an object array (lanes,): a single observation where `ended`, else None.
  nanobind::object final_column(std::span<const bool> ended);
  // Infos of the lanes that ended at the last step (SAME_STEP); the others are marked as missing.
  nanobind::dict final_infos(std::span<const bool> ended);

 private:
  // One step's outputs: observations, rewards, terminated, truncated, and infos.
  struct Arrays {
    nanobind::object parts[4];
    std::vector<void*> leaves;
    double* reward;
    std::uint8_t* terminated;
    std::uint8_t* truncated;
    InfoColumns infos;

    bool only_ours() const;
    nanobind::object result() const;
  };
  class Busy;

  Arrays new_arrays(std::size_t rows) const;
  Arrays& free_arrays();
  const void* checked_actions(nanobind::handle actions, std::size_t rows) const;
  void check_status(std::size_t lane) const;

  std::unique_ptr<AnyBatch> core_;
  std::vector<Arrays> pool_;
  nanobind::object final_;
  std::vector<void*> final_leaves_;
  InfoColumns final_infos_;
  std::atomic<bool> busy_ = false;
};

}  // namespace dromos::bind
