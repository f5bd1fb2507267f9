// The robots: what each is paid, when its episode ends, and how it starts. One text, which the
// single environment runs on the live mjData of Python and vectors run on MuJoCo's pool.
//
// Rewards as the documentation of Gymnasium's v5 and v4 environments gives them; the order of the
// operations is that of the peer, because the bits are to be the same.
#pragma once

#include <cmath>
#include <string_view>

#include "../random.hpp"
#include "scene.hpp"
#include "task.hpp"

namespace dromos::mujoco {

template <BitGenerator R>
void draw_positions(const Scene& scene, const Rest& rest, double scale, R& bits) {
  for (int i = 0; i < scene.sizes.qpos; ++i)
    scene.qpos()[i] = rest.qpos[i] + uniform(bits, -scale, scale);
}

template <BitGenerator R>
void draw_velocities(const Scene& scene, const Rest& rest, double scale, R& bits) {
  for (int i = 0; i < scene.sizes.qvel; ++i)
    scene.qvel()[i] = rest.qvel[i] + uniform(bits, -scale, scale);
}

// A uniform pose and uniform velocities around rest.
struct UniformStart {
  template <BitGenerator R>
  static void start(const Scene& scene, const Task& task, const Rest& rest, R& bits) {
    draw_positions(scene, rest, task.reset_noise_scale, bits);
    draw_velocities(scene, rest, task.reset_noise_scale, bits);
  }
};

// A uniform pose and normally distributed velocities around rest.
struct NormalStart {
  template <BitGenerator R>
  static void start(const Scene& scene, const Task& task, const Rest& rest, R& bits) {
    draw_positions(scene, rest, task.reset_noise_scale, bits);
    for (int i = 0; i < scene.sizes.qvel; ++i)
      scene.qvel()[i] = rest.qvel[i] + task.reset_noise_scale * standard_normal(bits);
  }
};

// Where the root is: its first coordinates are x, then y or the height, as `height` says.
inline void tell_position(const Scene& scene, const Rest& rest, int height, double* facts) {
  const double* qpos = scene.qpos();
  facts[kX] = qpos[0];
  facts[kY] = qpos[1];
  if (height > 0) facts[kRise] = qpos[height] - rest.qpos[height];
  facts[kDistance] = norm(scene.library, qpos, 2);
}

inline double contact_square(const Scene& scene) {
  const double* forces = scene.contact_forces();
  return pairwise_sum<double>([&](int i) { return forces[i] * forces[i]; }, 0,
                              6 * scene.sizes.bodies);
}

// A robot that is paid for getting ahead: the velocity of a point of it, and for staying healthy;
// controls, and for some contacts, cost. `Body` says which point, what healthy is, what costs.
template <class Body, class Start>
struct Runner : Start {
  static constexpr int kHeight = Body::kHeight;

  static void look(const Scene& scene, const Task& task, double* point) {
    Body::point(scene, task, point);
  }

  static void judge(const Judged& now, Report& report) {
    const Scene& scene = now.scene;
    double* facts = report.facts;
    double point[kPoint] = {};
    Body::point(scene, now.task, point);
    facts[kPointX] = point[0];
    facts[kPointY] = point[1];
    facts[kPointDistance] = norm(scene.library, point, 2);
    facts[kVelocityX] = (point[0] - now.before[0]) / now.dt;
    facts[kVelocityY] = (point[1] - now.before[1]) / now.dt;
    facts[kForward] = now.task.forward_reward_weight * facts[kVelocityX];

    double gain = facts[kForward];
    report.terminated = false;
    if constexpr (Body::kCanFall) {
      const bool healthy = Body::healthy(scene, now.task);
      const bool ends = now.task.terminate_when_unhealthy != 0;
      const bool paid = healthy || (ends && now.task.always_healthy_reward != 0);
      report.terminated = ends && !healthy;
      facts[kSurvive] = paid * now.task.healthy_reward;
      gain += facts[kSurvive];
    }
    double cost = Body::control_cost(now);
    facts[kControl] = -cost;
    if (now.task.counts_contact != 0) {
      const double contact = Body::contact_cost(scene, now.task);
      facts[kContact] = -contact;
      cost += contact;
    }
    report.reward = gain - cost;
  }
};

// What most bodies have in common.
struct PlainBody {
  static constexpr bool kCanFall = false;
  static constexpr int kHeight = 0;  // the coordinate whose rise is told; 0: none is
  static double control_cost(const Judged& now) {
    return now.action.cost(now.task.ctrl_cost_weight);
  }
  static double contact_cost(const Scene&, const Task&) { return 0; }
  static bool healthy(const Scene&, const Task&) { return true; }
};

struct AntBody : PlainBody {
  static constexpr bool kCanFall = true;
  static void point(const Scene& scene, const Task& task, double* point) {
    const double* position = scene.body(static_cast<int>(task.main_body));
    point[0] = position[0];
    point[1] = position[1];
  }
  static bool healthy(const Scene& scene, const Task& task) {
    for (int i = 0; i < scene.sizes.qpos; ++i)
      if (!std::isfinite(scene.qpos()[i])) return false;
    for (int i = 0; i < scene.sizes.qvel; ++i)
      if (!std::isfinite(scene.qvel()[i])) return false;
    const double height = scene.qpos()[2];
    return task.healthy_z_low <= height && height <= task.healthy_z_high;
  }
  static double contact_cost(const Scene& scene, const Task& task) {
    const double* forces = scene.contact_forces();
    const auto square = [&](int i) {
      const double force = clipped(forces[i], task.contact_low, task.contact_high);
      return force * force;
    };
    return task.contact_cost_weight * pairwise_sum<double>(square, 0, 6 * scene.sizes.bodies);
  }
};

struct HalfCheetahBody : PlainBody {
  static void point(const Scene& scene, const Task&, double* point) { point[0] = scene.qpos()[0]; }
};

struct SwimmerBody : PlainBody {
  static void point(const Scene& scene, const Task&, double* point) {
    point[0] = scene.qpos()[0];
    point[1] = scene.qpos()[1];
  }
};

struct Walker2dBody : HalfCheetahBody {
  static constexpr bool kCanFall = true;
  static constexpr int kHeight = 1;
  static bool healthy(const Scene& scene, const Task& task) {
    const double height = scene.qpos()[1];
    const double angle = scene.qpos()[2];
    return task.healthy_z_low < height && height < task.healthy_z_high &&
           task.healthy_angle_low < angle && angle < task.healthy_angle_high;
  }
};

struct HopperBody : Walker2dBody {
  static bool healthy(const Scene& scene, const Task& task) {
    const auto inside = [&](double x) {
      return task.healthy_state_low < x && x < task.healthy_state_high;
    };
    for (int i = 2; i < scene.sizes.qpos; ++i)
      if (!inside(scene.qpos()[i])) return false;
    for (int i = 0; i < scene.sizes.qvel; ++i)
      if (!inside(scene.qvel()[i])) return false;
    return Walker2dBody::healthy(scene, task);
  }
};

struct HumanoidBody : PlainBody {
  static constexpr bool kCanFall = true;
  // The centre of mass; summed as `np.einsum("b,bj->j", mass, xipos)` sums.
  static void point(const Scene& scene, const Task&, double* point) {
    const double* masses = scene.body_mass();
    const double* centers = scene.mass_centers();
    double x = 0, y = 0;
    for (int i = 0; i < scene.sizes.bodies; ++i) {
      x += masses[i] * centers[3 * i];
      y += masses[i] * centers[3 * i + 1];
    }
    const double total =
        pairwise_sum<double>([&](int i) { return masses[i]; }, 0, scene.sizes.bodies);
    point[0] = x / total;
    point[1] = y / total;
  }
  static bool healthy(const Scene& scene, const Task& task) {
    const double height = scene.qpos()[2];
    return task.healthy_z_low < height && height < task.healthy_z_high;
  }
  // Of the controls as MuJoCo holds them: float64, whatever the action was.
  static double control_cost(const Judged& now) {
    const Action controls{now.scene.ctrl(), false, now.scene.sizes.controls};
    return controls.cost(now.task.ctrl_cost_weight);
  }
  static double contact_cost(const Scene& scene, const Task& task) {
    return clipped(task.contact_cost_weight * contact_square(scene), task.contact_low,
                   task.contact_high);
  }
};

using Ant = Runner<AntBody, NormalStart>;
using HalfCheetah = Runner<HalfCheetahBody, NormalStart>;
using Hopper = Runner<HopperBody, UniformStart>;
using Humanoid = Runner<HumanoidBody, UniformStart>;
using Swimmer = Runner<SwimmerBody, UniformStart>;
using Walker2d = Runner<Walker2dBody, UniformStart>;

struct HumanoidStandup : UniformStart {
  static constexpr int kHeight = 2;
  static void look(const Scene&, const Task&, double*) {}
  static void judge(const Judged& now, Report& report) {
    double* facts = report.facts;
    // `uph_cost_weight` is in the peer's arguments, and in no formula of it.
    facts[kLift] = now.scene.qpos()[2] / now.scene.timestep();
    const double control = HumanoidBody::control_cost(now);
    const double contact = HumanoidBody::contact_cost(now.scene, now.task);
    facts[kControl] = -control;
    facts[kContact] = -contact;
    report.reward = facts[kLift] - control - contact + 1;
    report.terminated = false;
  }
};

struct InvertedPendulum : UniformStart {
  static constexpr int kHeight = 0;
  static void look(const Scene&, const Task&, double*) {}
  static void judge(const Judged& now, Report& report) {
    const Scene& scene = now.scene;
    bool finite = true;
    for (int i = 0; i < scene.sizes.qpos; ++i) finite = finite && std::isfinite(scene.qpos()[i]);
    for (int i = 0; i < scene.sizes.qvel; ++i) finite = finite && std::isfinite(scene.qvel()[i]);
    report.terminated = !finite || std::fabs(scene.qpos()[1]) > 0.2;  // rad
    report.reward = report.terminated && now.task.always_healthy_reward == 0 ? 0 : 1;
    report.facts[kSurvive] = report.reward;
  }
};

struct InvertedDoublePendulum : NormalStart {
  static constexpr int kHeight = 0;
  static void look(const Scene&, const Task&, double*) {}
  static void judge(const Judged& now, Report& report) {
    const double* tip = now.scene.site(0);
    const double* qvel = now.scene.qvel();
    report.terminated = tip[2] <= 1;
    const double distance = 0.01 * squared(tip[0]) + squared(tip[2] - 2);
    const double velocity = 1e-3 * squared(qvel[1]) + 5e-3 * squared(qvel[2]);
    const bool paid = !report.terminated || now.task.always_healthy_reward != 0;
    const double survive = now.task.healthy_reward * paid;
    report.facts[kSurvive] = survive;
    report.facts[kDistancePenalty] = -distance;
    report.facts[kVelocityPenalty] = -velocity;
    report.reward = survive - distance - velocity;
  }
};

inline void subtract(const double* a, const double* b, double* difference) {
  for (int i = 0; i < 3; ++i) difference[i] = a[i] - b[i];
}

struct Pusher {
  static constexpr int kHeight = 0;
  static void look(const Scene&, const Task&, double*) {}
  static void judge(const Judged& now, Report& report) {
    const auto body = [&](double id) { return now.scene.body(static_cast<int>(id)); };
    const double* object = body(now.task.object_body);
    double near[3], reach[3];
    subtract(object, body(now.task.tip_body), near);
    subtract(object, body(now.task.goal_body), reach);
    double* facts = report.facts;
    facts[kNear] = -norm(now.scene.library, near, 3) * now.task.reward_near_weight;
    facts[kReach] = -norm(now.scene.library, reach, 3) * now.task.reward_dist_weight;
    facts[kControl] = -now.action.cost(now.task.reward_control_weight);
    report.reward = facts[kReach] + facts[kControl] + facts[kNear];
    report.terminated = false;
  }

  // The object lies somewhere before the arm, more than 17 cm from the goal; the arm is at rest.
  template <BitGenerator R>
  static void start(const Scene& scene, const Task&, const Rest& rest, R& bits) {
    double* qpos = scene.qpos();
    double* qvel = scene.qvel();
    const int places = scene.sizes.qpos - 4;
    for (int i = 0; i < places; ++i) qpos[i] = rest.qpos[i];
    do {
      qpos[places] = uniform(bits, -0.3, 0.0);
      qpos[places + 1] = uniform(bits, -0.2, 0.2);
    } while (!(norm(scene.library, qpos + places, 2) > 0.17));
    qpos[places + 2] = qpos[places + 3] = 0;
    draw_velocities(scene, rest, 0.005, bits);
    for (int i = scene.sizes.qvel - 4; i < scene.sizes.qvel; ++i) qvel[i] = 0;
  }
};

struct Reacher {
  static constexpr int kHeight = 0;
  static void look(const Scene& scene, const Task& task, double* gap) {
    subtract(scene.body(static_cast<int>(task.tip_body)),
             scene.body(static_cast<int>(task.goal_body)), gap);
  }
  static void judge(const Judged& now, Report& report) {
    double gap[kPoint];
    look(now.scene, now.task, gap);
    const double* judged = now.task.judged_before != 0 ? now.before : gap;
    double* facts = report.facts;
    facts[kReach] = -norm(now.scene.library, judged, 3) * now.task.reward_dist_weight;
    facts[kControl] = -now.action.cost(now.task.reward_control_weight);
    report.reward = facts[kReach] + facts[kControl];
    report.terminated = false;
  }

  // The target lies within 20 cm of the centre and does not move.
  template <BitGenerator R>
  static void start(const Scene& scene, const Task&, const Rest& rest, R& bits) {
    draw_positions(scene, rest, 0.1, bits);
    double* target = scene.qpos() + scene.sizes.qpos - 2;
    do {
      target[0] = uniform(bits, -0.2, 0.2);
      target[1] = uniform(bits, -0.2, 0.2);
    } while (!(norm(scene.library, target, 2) < 0.2));
    draw_velocities(scene, rest, 0.005, bits);
    for (int i = scene.sizes.qvel - 2; i < scene.sizes.qvel; ++i) scene.qvel()[i] = 0;
  }
};

// A robot as a value: the same functions for every lane of a vector and for the single environment.
struct Robot {
  std::string_view name;
  int height;  // the coordinate whose rise is told; 0: none is
  void (*look)(const Scene&, const Task&, double* point);
  void (*judge)(const Judged&, Report&);
  void (*start)(const Scene&, const Task&, const Rest&, Pcg64&);
  void (*start_of_numpy)(const Scene&, const Task&, const Rest&, NumpyBits&);
};

template <class T>
constexpr Robot robot(std::string_view name) {
  return {
      name, T::kHeight, T::look, T::judge, T::template start<Pcg64>, T::template start<NumpyBits>};
}

inline constexpr Robot kRobots[] = {
    robot<Ant>("Ant"),
    robot<HalfCheetah>("HalfCheetah"),
    robot<Hopper>("Hopper"),
    robot<Humanoid>("Humanoid"),
    robot<HumanoidStandup>("HumanoidStandup"),
    robot<InvertedDoublePendulum>("InvertedDoublePendulum"),
    robot<InvertedPendulum>("InvertedPendulum"),
    robot<Pusher>("Pusher"),
    robot<Reacher>("Reacher"),
    robot<Swimmer>("Swimmer"),
    robot<Walker2d>("Walker2d"),
};

}  // namespace dromos::mujoco
