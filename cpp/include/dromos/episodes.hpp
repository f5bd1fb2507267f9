// When a lane starts an episode, ends it, starts anew, and what that makes of a step: plain arrays
// over lanes, whatever moves them. Environments in C++ and in Python, single ones, and engines that
// are libraries of others all count and restart by this text; only kernel.hpp says it once more,
// for a block of lanes at a time.
//
//   NEXT_STEP   step t: final observation, flags   step t+1: action ignored, reset observation,
//               reward 0, no flags
//   SAME_STEP   step t: reset observation, flags; the final observation apart
//   DISABLED    step t: final observation, flags   until the caller resets the lane, no step
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "columns.hpp"

namespace dromos {

enum class Autoreset : std::uint8_t { next_step, same_step, disabled };

// Of a lane: never reset; in an episode; after its end; or broken off, as by an exception, when
// nobody was told of what it last did. Kernels rely on the order of the first three.
enum class Status : std::uint8_t { unset, running, ended, interrupted };

// An episode of so many steps is longer than any that is counted: `counted_on` never comes to it.
inline constexpr std::int32_t kNoLimit = std::numeric_limits<std::int32_t>::max();

// The steps of an episode after one more; from the greatest number that is no limit on, the same.
constexpr std::int32_t counted_on(std::int32_t elapsed) {
  return elapsed + (elapsed < kNoLimit - 1);
}

// The memory is somebody else's: a batch's, an array's, or shared between processes.
struct Episodes {
  std::size_t count;
  Autoreset autoreset;
  std::int32_t* elapsed;  // steps of the running episode
  std::int32_t* limit;    // steps after which an episode is truncated
  Status* status;
  std::uint8_t* restarted;  // 1 where the last call reset the lane instead of stepping it

  // Whether a step of the lane is refused: it has no episode to step in.
  bool is_idle(std::size_t lane) const {
    return status[lane] == Status::unset || status[lane] == Status::interrupted ||
           (status[lane] == Status::ended && autoreset == Autoreset::disabled);
  }

  // Whether the lane's next step is a reset.
  bool restarts(std::size_t lane) const {
    return status[lane] == Status::ended && autoreset == Autoreset::next_step;
  }

  // Whether an episode that ended in this step is followed by the next one in the same step.
  bool replaces() const { return autoreset == Autoreset::same_step; }

  // The first lane of which `is_idle` is true, or `count`.
  std::size_t first_idle() const {
    const std::uint8_t refuses_ended = autoreset == Autoreset::disabled;
    std::uint8_t any = 0;
    for (std::size_t lane = 0; lane < count; ++lane)
      any |= (status[lane] == Status::unset) | (status[lane] == Status::interrupted) |
             ((status[lane] == Status::ended) & refuses_ended);
    std::size_t lane = any ? 0 : count;
    while (lane < count && !is_idle(lane)) ++lane;
    return lane;
  }

  void begin(std::size_t lane) {
    elapsed[lane] = 0;
    status[lane] = Status::running;
  }

  // Nobody was told of what the lane last did: it has to be reset. One that never was stays so.
  void interrupt(std::size_t lane) {
    if (status[lane] != Status::unset) status[lane] = Status::interrupted;
  }

  // Counts a step that the environment made. It says whether it ended the episode, and may itself
  // have cut it off; the limit does so too.
  struct Ending {
    bool truncated;
    bool ended;
  };
  Ending count_step(std::size_t lane, bool terminated, bool cut_off = false) {
    elapsed[lane] = counted_on(elapsed[lane]);
    const bool truncated = (elapsed[lane] >= limit[lane]) | cut_off;
    const bool ended = terminated | truncated;
    status[lane] = ended ? Status::ended : Status::running;
    return {truncated, ended};
  }
};

// Episodes with memory of their own, padded to whole blocks.
class OwnEpisodes {
 public:
  OwnEpisodes(std::size_t lanes, Autoreset autoreset, std::int32_t limit)
      : elapsed_(padded(lanes), 0),
        limit_(padded(lanes), limit),
        status_(padded(lanes), Status::unset),
        restarted_(padded(lanes), 0),
        view_{lanes, autoreset, elapsed_.data(), limit_.data(), status_.data(), restarted_.data()} {
  }

  Episodes& view() { return view_; }
  const Episodes& view() const { return view_; }

 private:
  Column<std::int32_t> elapsed_, limit_;
  Column<Status> status_;
  Column<std::uint8_t> restarted_;
  Episodes view_;
};

}  // namespace dromos
