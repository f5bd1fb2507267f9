// What robots are given and what they report: the numbers of the task, the action, where an episode
// starts from; reward, end and facts.
#pragma once

#include <array>
#include <string_view>

#include "scene.hpp"

namespace dromos::mujoco {

// The numbers a user can set, each a double so that lanes can have their own.
struct Task {
  double forward_reward_weight = 1;
  double ctrl_cost_weight = 0;
  double contact_cost_weight = 0;
  double contact_low = -1, contact_high = 1;  // clips the forces of Ant, the cost of humanoids
  double healthy_reward = 0;
  double healthy_state_low = -100, healthy_state_high = 100;
  double healthy_z_low = 0, healthy_z_high = 0;
  double healthy_angle_low = 0, healthy_angle_high = 0;
  double terminate_when_unhealthy = 1;
  double reset_noise_scale = 0;
  double reward_near_weight = 0, reward_dist_weight = 1, reward_control_weight = 1;
  // What versions differ in, and what the model says.
  double always_healthy_reward = 0;  // v4: paid whether healthy or not, where that ends the episode
  double counts_contact = 0;
  double judged_before = 0;  // v4 of Reacher: the reward is that of the state before the step
  double main_body = 1, tip_body = 0, object_body = 0, goal_body = 0;
};

struct TaskField {
  std::string_view name;
  double Task::* value;
};

inline constexpr TaskField kTaskFields[] = {
    {"forward_reward_weight", &Task::forward_reward_weight},
    {"ctrl_cost_weight", &Task::ctrl_cost_weight},
    {"contact_cost_weight", &Task::contact_cost_weight},
    {"contact_low", &Task::contact_low},
    {"contact_high", &Task::contact_high},
    {"healthy_reward", &Task::healthy_reward},
    {"healthy_state_low", &Task::healthy_state_low},
    {"healthy_state_high", &Task::healthy_state_high},
    {"healthy_z_low", &Task::healthy_z_low},
    {"healthy_z_high", &Task::healthy_z_high},
    {"healthy_angle_low", &Task::healthy_angle_low},
    {"healthy_angle_high", &Task::healthy_angle_high},
    {"terminate_when_unhealthy", &Task::terminate_when_unhealthy},
    {"reset_noise_scale", &Task::reset_noise_scale},
    {"reward_near_weight", &Task::reward_near_weight},
    {"reward_dist_weight", &Task::reward_dist_weight},
    {"reward_control_weight", &Task::reward_control_weight},
    {"always_healthy_reward", &Task::always_healthy_reward},
    {"counts_contact", &Task::counts_contact},
    {"judged_before", &Task::judged_before},
    {"main_body", &Task::main_body},
    {"tip_body", &Task::tip_body},
    {"object_body", &Task::object_body},
    {"goal_body", &Task::goal_body},
};

// What a step or a start can tell besides the reward; infos choose among them by name.
enum Fact : int {
  kX,
  kY,
  kRise,
  kDistance,  // the root: position (m), height over its start, from origin
  kPointX,
  kPointY,
  kPointDistance,  // of the point whose velocity is paid
  kVelocityX,
  kVelocityY,  // of that point, m/s
  kForward,
  kControl,
  kContact,
  kSurvive,
  kLift,  // parts of the reward; costs are negative
  kNear,
  kReach,
  kDistancePenalty,
  kVelocityPenalty,
  kFacts
};

inline constexpr std::array<std::string_view, kFacts> kFactNames = {
    "x",
    "y",
    "rise",
    "distance",
    "point_x",
    "point_y",
    "point_distance",
    "velocity_x",
    "velocity_y",
    "forward",
    "control",
    "contact",
    "survive",
    "lift",
    "near",
    "reach",
    "distance_penalty",
    "velocity_penalty",
};

// What an action does, in the dtype it came in: costs of a float32 action are float32 in NumPy.
struct Action {
  const void* values;
  bool is_float;
  int size;

  // weight * np.sum(np.square(action))
  double cost(double weight) const {
    if (is_float) return static_cast<float>(weight) * sum_of_squares<float>();
    return weight * sum_of_squares<double>();
  }

 private:
  template <class T>
  T sum_of_squares() const {
    const T* action = static_cast<const T*>(values);
    return pairwise_sum<T>([&](int i) { return action[i] * action[i]; }, 0, size);
  }
};

constexpr int kPoint = 3;  // numbers of a point that is looked at before the step and after it

struct Report {
  double reward;
  bool terminated;
  double facts[kFacts];
};

// What is at hand when a robot is judged.
struct Judged {
  const Scene& scene;
  const Task& task;
  const Action& action;
  const double* before;  // (kPoint,)
  double dt;             // seconds a step
};

// The pose and the velocities that the noise of a start is added to.
struct Rest {
  const double* qpos;
  const double* qvel;
};

}  // namespace dromos::mujoco
