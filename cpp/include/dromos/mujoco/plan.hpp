// A robot with its model's sizes and its observation: what a step and a start do to one simulation.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "robots.hpp"

namespace dromos::mujoco {

// A run of an observation: numbers of an array of mjData, copied or transformed.
struct Piece {
  enum class How { copy, clip, clip_contact, sin, cos, minus };  // clip_contact: as rewards do

  std::ptrdiff_t field;  // offset of the array's pointer in mjData
  int begin;
  int count;
  How how;
  double low, high;  // of `clip`
  int other;         // of `minus`: where in the same array that begins which is subtracted
};

// The simulation became unstable: MuJoCo has silently put it back to its initial state, or would
// with the next step.
enum class Divergence : int { none, position, velocity, acceleration };

inline const char* divergence_text(Divergence divergence) {
  switch (divergence) {
    case Divergence::position:
      return "the positions (qpos) of the simulation became huge or not finite";
    case Divergence::velocity:
      return "the velocities (qvel) of the simulation became huge or not finite";
    case Divergence::acceleration:
      return "the accelerations (qacc) of the simulation became huge or not finite";
    case Divergence::none:
      break;
  }
  return "";
}

struct Plan {
  const Library* library;
  const Robot* robot;
  Sizes sizes;
  std::vector<Piece> pieces;
  std::vector<std::ptrdiff_t> copied;  // arrays told in infos, one after the other: the tendons'
  int observation_size;

  Scene scene(const Model* model, Data* data) const { return Scene{*library, sizes, model, data}; }

  void observe(const Scene& scene, const Task& task, double* observation) const {
    for (const Piece& piece : pieces) {
      const double* from = scene.array(piece.field) + piece.begin;
      switch (piece.how) {
        case Piece::How::copy:
          std::copy_n(from, piece.count, observation);
          break;
        case Piece::How::clip:
          for (int i = 0; i < piece.count; ++i)
            observation[i] = clipped(from[i], piece.low, piece.high);
          break;
        case Piece::How::clip_contact:
          for (int i = 0; i < piece.count; ++i)
            observation[i] = clipped(from[i], task.contact_low, task.contact_high);
          break;
        case Piece::How::sin:
          library->sin(from, piece.count, observation);
          break;
        case Piece::How::cos:
          library->cos(from, piece.count, observation);
          break;
        case Piece::How::minus: {
          const double* other = scene.array(piece.field) + piece.other;
          for (int i = 0; i < piece.count; ++i) observation[i] = from[i] - other[i];
          break;
        }
      }
      observation += piece.count;
    }
  }

  // Facts of where the robot is, for the infos of starts and steps.
  void tell(const Scene& scene, const Rest& rest, double* facts) const {
    tell_position(scene, rest, robot->height, facts);
  }

  void act(const Scene& scene, const Action& action) const {
    double* ctrl = scene.ctrl();
    if (action.is_float)
      std::copy_n(static_cast<const float*>(action.values), action.size, ctrl);
    else
      std::copy_n(static_cast<const double*>(action.values), action.size, ctrl);
  }

  // The whole step: `observation` (observation_size,) and `report` tell the state it led to.
  // `point` (kPoint,) is what the robot looked at before it, and then what it is to look back at in
  // the next one. After a divergence the simulation is at rest, and the reward is 0. May leave by
  // longjmp.
  Divergence step(const Scene& scene, const Task& task, const Rest& rest, const Action& action,
                  int frames, double* point, double* observation, Report& report) const {
    act(scene, action);
    const Divergence divergence = simulate(scene, frames);
    if (divergence == Divergence::none) {
      judge(scene, task, rest, action, frames, point, report);
    } else {
      report = Report{};
      library->call.forward(scene.model, scene.data);
    }
    robot->look(scene, task, point);
    observe(scene, task, observation);
    return divergence;
  }

  void judge(const Scene& scene, const Task& task, const Rest& rest, const Action& action,
             int frames, const double* before, Report& report) const {
    tell(scene, rest, report.facts);
    robot->judge({scene, task, action, before, scene.timestep() * frames}, report);
  }

  // Steps MuJoCo `frames` times under the controls in place. May leave by longjmp.
  Divergence simulate(const Scene& scene, int frames) const {
    int before[3];
    for (int kind = 0; kind < 3; ++kind) {
      before[kind] = scene.divergences(kind);
      scene.divergences(kind) = 0;  // a reset inside the step would hide what was counted before
    }
    for (int i = 0; i < frames; ++i) library->call.step(scene.model, scene.data);
    library->call.rne_post_constraint(scene.model, scene.data);
    int found = -1;
    for (int kind = 0; kind < 3; ++kind) {
      if (found < 0 && scene.divergences(kind) > 0) found = kind;
      scene.divergences(kind) += before[kind];
    }
    if (found < 0) found = out_of_range(scene.qpos(), sizes.qpos) ? 0 : found;
    if (found < 0) found = out_of_range(scene.qvel(), sizes.qvel) ? 1 : found;
    if (found >= 0) library->call.reset_data(scene.model, scene.data);
    return static_cast<Divergence>(found + 1);
  }

  // The start of an episode: rest, a draw of the robot's, all that follows from it.
  template <class Bits>
  void start(const Scene& scene, const Task& task, const Rest& rest, Bits& bits) const {
    if constexpr (std::is_same_v<Bits, Pcg64>)
      robot->start(scene, task, rest, bits);
    else
      robot->start_of_numpy(scene, task, rest, bits);
    library->call.forward(scene.model, scene.data);
  }

  // The tendons' numbers, for infos.
  void copy_arrays(const Scene& scene, double* to) const {
    for (const std::ptrdiff_t field : copied)
      to = std::copy_n(scene.array(field), sizes.tendons, to);
  }

 private:
  // Beyond what MuJoCo takes for a state (mjMAXVAL), or no number.
  static bool out_of_range(const double* values, int count) {
    return std::any_of(values, values + count, [](double x) { return !(std::fabs(x) <= 1e10); });
  }
};

}  // namespace dromos::mujoco
