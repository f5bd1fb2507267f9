// Environments whose states can be counted: transitions as tables, and draws from them.
//
//   static std::int64_t num_states(const Params&);
//   static double start_probability(const Params&, std::int64_t state);
//   static Probabilities probabilities(const Params&, std::int64_t state, std::int64_t action);
//   static Outcome outcome(const Params&, std::int64_t state, std::int64_t action, std::size_t i);
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "random.hpp"

namespace dromos {

// Where the i-th way that a step can go leads.
struct Outcome {
  std::int64_t state;
  double reward;
  bool terminated;
};

// How likely each way is that a step can go.
class Probabilities {
 public:
  explicit Probabilities(double only) : values_{only}, count_(1) {}
  Probabilities(double first, double second, double third)
      : values_{first, second, third}, count_(3) {}

  std::size_t size() const { return count_; }
  double operator[](std::size_t i) const { return values_[i]; }

  template <BitGenerator R>
  std::size_t draw(R& rng) const {
    return categorical(rng, std::span(values_.data(), count_));
  }

 private:
  std::array<double, 3> values_;
  std::size_t count_;
};

template <class D>
concept Tabular = requires(const typename D::Params& params, std::int64_t state, std::size_t i) {
  { D::num_states(params) } -> std::same_as<std::int64_t>;
  { D::start_probability(params, state) } -> std::same_as<double>;
  { D::probabilities(params, state, state) } -> std::same_as<Probabilities>;
  { D::outcome(params, state, state, i) } -> std::same_as<Outcome>;
};

struct TransitionTable {
  struct Way {
    double probability;
    Outcome outcome;
  };
  std::int64_t actions;
  std::vector<double> start;  // (states,): how likely an episode starts there
  std::vector<std::vector<Way>>
      ways;  // (states * actions,): action a of state s at s * actions + a
};

template <Tabular D>
TransitionTable transition_table(const typename D::Params& params) {
  TransitionTable table{D::num_actions, {}, {}};
  for (std::int64_t state = 0; state < D::num_states(params); ++state) {
    table.start.push_back(D::start_probability(params, state));
    for (std::int64_t action = 0; action < D::num_actions; ++action) {
      const auto probabilities = D::probabilities(params, state, action);
      auto& ways = table.ways.emplace_back();
      for (std::size_t i = 0; i < probabilities.size(); ++i)
        ways.push_back({probabilities[i], D::outcome(params, state, action, i)});
    }
  }
  return table;
}

}  // namespace dromos
