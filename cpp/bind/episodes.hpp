// Episodes as Python holds them: views of arrays over lanes.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <vector>

#include "dromos/episodes.hpp"

namespace dromos::bind {

// Lanes as Python names them: a 1-d array or list of integers, or None for all.
class LaneList {
 public:
  LaneList(nanobind::handle lanes, std::size_t count);
  std::size_t size() const { return all_ ? count_ : lanes_.size(); }
  std::size_t operator[](std::size_t row) const { return all_ ? row : lanes_[row]; }

 private:
  bool all_;
  std::size_t count_;
  std::vector<std::size_t> lanes_;
};

class EpisodeArrays {
 public:
  // Of one row a lane: int32, int32, uint8 and bool. They are kept alive, not copied.
  EpisodeArrays(Autoreset autoreset, nanobind::object elapsed, nanobind::object limit,
                nanobind::object status, nanobind::object restarted);
  // Of a batch's memory; `owner` keeps that alive.
  EpisodeArrays(const Episodes& episodes, nanobind::handle owner);

  Episodes& view() { return view_; }
  nanobind::object array(std::size_t index) const { return arrays_[index]; }

  nanobind::list idle(nanobind::handle lanes) const;
  nanobind::object restarting(nanobind::handle lanes);
  void begin(nanobind::handle lanes, bool restarted);
  nanobind::object count_steps(nanobind::handle lanes, nanobind::handle terminated,
                               nanobind::handle truncated);
  void interrupt(nanobind::handle lanes);
  void end(nanobind::handle lanes);

  static int traverse(PyObject* self, visitproc visit, void* arg);
  static int clear(PyObject* self);

 private:
  nanobind::object arrays_[4];  // elapsed, limit, status, restarted
  Episodes view_;
};

void register_python_lanes(nanobind::module_& m);

}  // namespace dromos::bind
