// The rounds of sequential impulses: many, of which most change nothing any more.
//
// A round is a function of velocities and impulses, in numbers of which there are finitely many:
// sooner or later it comes back to where it has been. From then on it goes in a circle, and where
// it would be at the end is known without going there. Circles are found as Brent does ("An
// improved Monte Carlo factorization algorithm", 1980): by comparing with one remembered state,
// which is replaced after 1, 2, 4, ... rounds. Only the impulses of hinges are no part of the
// circle: they are sums which no round reads, and go on growing by what a round adds.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "hinge_solver.hpp"

namespace dromos::plane::detail {

template <class P>
void velocity_round(P& problem) {
  for (HingeConstraint& h : problem.hinges) solve_velocity(h, problem.motions);
  for (ContactConstraint& c : problem.contacts) solve_velocity(c, problem.motions);
}

// Calls visit(float&) for everything that a round reads and changes, until it returns false.
template <class P, class Visit>
bool visit_state(P& problem, const Visit& visit) {
  for (Motion& m : problem.motions)
    if (!visit(m.v.x) || !visit(m.v.y) || !visit(m.w)) return false;
  for (ContactConstraint& c : problem.contacts)
    for (PointConstraint& p : c.points)
      if (!visit(p.normal_impulse) || !visit(p.tangent_impulse)) return false;
  for (HingeConstraint& h : problem.hinges)
    if (!visit(h.limit_impulse) || !visit(h.motor_impulse)) return false;
  return true;
}

template <std::size_t Most>
class RoundState {
 public:
  template <class P>
  void remember(P& problem) {
    std::uint32_t* next = bits_.data();
    visit_state(problem, [&next](float value) {
      *next++ = std::bit_cast<std::uint32_t>(value);
      return true;
    });
  }
  // The same bits, not only the same numbers.
  template <class P>
  bool is_that_of(P& problem) const {
    const std::uint32_t* next = bits_.data();
    return visit_state(
        problem, [&next](float value) { return *next++ == std::bit_cast<std::uint32_t>(value); });
  }

 private:
  std::array<std::uint32_t, Most> bits_;
};

// Goes `rounds` rounds along a circle of `period` rounds: the first circle as ever, then only the
// sums of the hinges' impulses, until they stay what they are, and the rest as ever.
template <class P>
void go_round(P& problem, std::int32_t period, std::int32_t rounds) {
  constexpr std::int32_t kMostKept = 8;
  std::int32_t circles = rounds / period;
  if (period <= kMostKept && circles > 1 && !problem.hinges.empty()) {
    std::array<std::array<Vec2, P::most_hinges>, kMostKept> added;
    for (std::int32_t i = 0; i < period; ++i) {
      velocity_round(problem);
      for (std::size_t k = 0; k < problem.hinges.size(); ++k)
        added[static_cast<std::size_t>(i)][k] = problem.hinges[k].last_impulse;
    }
    for (std::size_t k = 0; k < problem.hinges.size(); ++k) {
      Vec2& sum = problem.hinges[k].impulse;
      for (std::int32_t circle = 1; circle < circles; ++circle) {
        const Vec2 before = sum;
        for (std::int32_t i = 0; i < period; ++i) sum += added[static_cast<std::size_t>(i)][k];
        if (sum == before) break;
      }
    }
    rounds %= period;
  } else if (problem.hinges.empty()) {
    rounds %= period;
  }
  for (std::int32_t i = 0; i < rounds; ++i) velocity_round(problem);
}

template <class P>
void solve_velocities(P& problem, std::int32_t rounds) {
  RoundState<P::most_values> remembered;
  remembered.remember(problem);
  std::int32_t period = 0;
  std::int32_t room = 1;
  for (std::int32_t left = rounds; left > 0;) {
    velocity_round(problem);
    --left;
    ++period;
    if (remembered.is_that_of(problem)) return go_round(problem, period, left);
    if (period == room) {
      remembered.remember(problem);
      room *= 2;
      period = 0;
    }
  }
}

}  // namespace dromos::plane::detail
