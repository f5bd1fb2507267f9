// Where several steps in a row write: row (t, lane) of arrays (steps, lanes, ...).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "episode.hpp"

namespace dromos {

// One array. What nobody wants to keep goes to the same rows at every step: its stride is 0.
struct Strand {
  std::byte* rows;     // of the first step
  std::size_t bytes;   // of one row
  std::size_t stride;  // from a step to the next, in bytes
};

struct Trajectory {
  std::vector<Strand> observation;
  std::vector<Strand> final_observation;  // none but under SAME_STEP
  std::vector<Strand> info;
  std::vector<Strand> final_info;
  double* reward;            // (steps, lanes)
  std::uint8_t* terminated;  // (steps, lanes)
  std::uint8_t* truncated;   // (steps, lanes)
  std::uint8_t* valid;       // (steps, lanes): 1 where the lane made a step of its environment
};

// The outputs of one step of a trajectory after the other.
class TrajectoryStep {
 public:
  // Begins with step `first`.
  TrajectoryStep(const Trajectory& trajectory, std::size_t lanes, std::size_t first)
      : trajectory_(trajectory), lanes_(lanes) {
    for (const auto* strands : {&trajectory.observation, &trajectory.final_observation,
                                &trajectory.info, &trajectory.final_info})
      for (const Strand& strand : *strands)
        pointers_.push_back(strand.rows + first * strand.stride);
    void* const* next = pointers_.data();
    const auto take = [&](const std::vector<Strand>& strands) {
      void* const* mine = next;
      next += strands.size();
      return mine;
    };
    outputs_.observation = take(trajectory.observation);
    outputs_.final_observation = take(trajectory.final_observation);
    outputs_.info = take(trajectory.info);
    outputs_.final_info = take(trajectory.final_info);
    outputs_.reward = trajectory.reward + first * lanes;
    outputs_.terminated = trajectory.terminated + first * lanes;
    outputs_.truncated = trajectory.truncated + first * lanes;
    valid_ = trajectory.valid + first * lanes;
  }
  TrajectoryStep(const TrajectoryStep&) = delete;
  TrajectoryStep& operator=(const TrajectoryStep&) = delete;

  const Outputs& outputs() const { return outputs_; }
  std::uint8_t* valid() const { return valid_; }

  void advance() {
    auto pointer = pointers_.begin();
    for (const auto* strands : {&trajectory_.observation, &trajectory_.final_observation,
                                &trajectory_.info, &trajectory_.final_info})
      for (const Strand& strand : *strands) {
        *pointer = static_cast<std::byte*>(*pointer) + strand.stride;
        ++pointer;
      }
    outputs_.reward += lanes_;
    outputs_.terminated += lanes_;
    outputs_.truncated += lanes_;
    valid_ += lanes_;
  }

  // Zeros in all rows of a lane: its episode is over.
  void clear(std::size_t lane) const {
    for (const auto* strands : {&trajectory_.observation, &trajectory_.info}) {
      void* const* pointers = strands == &trajectory_.info ? outputs_.info : outputs_.observation;
      for (std::size_t i = 0; i < strands->size(); ++i) {
        const std::size_t bytes = (*strands)[i].bytes;
        std::memset(static_cast<std::byte*>(pointers[i]) + lane * bytes, 0, bytes);
      }
    }
    outputs_.reward[lane] = 0;
    outputs_.terminated[lane] = outputs_.truncated[lane] = valid_[lane] = 0;
  }

 private:
  const Trajectory& trajectory_;
  std::size_t lanes_;
  std::vector<void*> pointers_;
  Outputs outputs_{};
  std::uint8_t* valid_;
};

}  // namespace dromos
