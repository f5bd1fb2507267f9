"""The environment in C++ of a new package: templates with ``$names``."""

from __future__ import annotations

__all__ = ["DYNAMICS", "ENVIRONMENT", "MODULE", "PROGRAM", "TESTS"]

DYNAMICS = """\
// A cart on a rail in the wind: what it is made of and how it moves. dromos/dynamics.hpp tells what
// an environment consists of.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <dromos/dynamics.hpp>
#include <dromos/random.hpp>
#include <tuple>

namespace $package {

using dromos::Field;

struct $dynamics {
  static constexpr const char* name = "$dynamics";
  static constexpr std::int64_t num_actions = 2;  // push to the left, to the right
  static constexpr double step_nanoseconds = 3;   // roughly; says when threads are worth it

  // Each is a keyword of the constructor, an attribute, and what lanes of a vector can have of
  // their own or draw at each reset.
  struct Params {
    double mass = 1.0;
    double force = 5.0;
    double friction = 0.5;
    double track = 2.0;
    double wind = 2.0;
    double top_speed = 4.0;
    double tau = 0.05;

    static constexpr auto fields() {
      return std::tuple{
          Field{"mass", &Params::mass, "kg", "mass of the cart", dromos::kPositive},
          Field{"force", &Params::force, "N", "force of a push"},
          Field{"friction", &Params::friction, "kg/s", "friction of the rail",
                dromos::kNotNegative},
          Field{"track", &Params::track, "m", "length of the rail to each side of its middle",
                dromos::kPositive},
          Field{"wind", &Params::wind, "N", "greatest force of the wind", dromos::kNotNegative},
          Field{"top_speed", &Params::top_speed, "m/s", "greatest speed of the cart",
                dromos::kPositive},
          Field{"tau", &Params::tau, "s", "length of a step", dromos::kPositive},
      };
    }
  };

  struct State {
    double x = 0;
    double v = 0;
    double wind = 0;

    static constexpr auto fields() {
      return std::tuple{
          Field{"x", &State::x, "m", "position of the cart, 0 in the middle"},
          Field{"v", &State::v, "m/s", "velocity of the cart"},
          Field{"wind", &State::wind, "N", "force of the wind, the same for an episode"},
      };
    }
  };

  using Options = dromos::NoOptions;  // or a struct like the others: what reset(options=...) takes
  using Action = std::int64_t;
  using Observation = std::array<float, 2>;

  template <class Rng>
  static State reset(const Params& params, const Options&, Rng& rng) {
    const double start = 0.25 * params.track;
    // Braces fix the order of the draws.
    return State{dromos::uniform(rng, -start, start), 0.0,
                 dromos::uniform(rng, -params.wind, params.wind)};
  }

  // Without branches: compilers step many lanes at a time.
  static dromos::Transition step(const Params& params, State& state, Action action) {
    const double push = action == 1 ? params.force : -params.force;
    const double all = push + state.wind - params.friction * state.v;
    const double v = state.v + params.tau * all / params.mass;
    const double bounded = v > params.top_speed ? params.top_speed : v;
    state.v = bounded < -params.top_speed ? -params.top_speed : bounded;
    state.x += params.tau * state.v;
    const double off = std::fabs(state.x) / params.track;
    const bool fell = off > 1;
    return {fell ? 0.0 : 1.0 - off, fell};
  }

  static Observation observe(const Params&, const State& state) {
    return {static_cast<float>(state.x), static_cast<float>(state.v)};
  }
};

}  // namespace $package
"""

MODULE = """\
// The library that Python loads.
#include <dromos/module.hpp>

#include "$library.hpp"

DROMOS_MODULE($library, $package::$dynamics);
"""

PROGRAM = """\
// The environment without Python: carts pushed towards the middle, and the sum of their rewards.
#include <array>
#include <cstdint>
#include <cstdio>
#include <dromos/batch.hpp>
#include <numeric>
#include <vector>

#include "$library.hpp"

int main() {
  constexpr std::size_t lanes = 1000;
  constexpr std::int32_t limit = 200;
  dromos::Batch<$package::$dynamics> batch(lanes, dromos::Autoreset::next_step, limit);

  std::vector<std::int64_t> everyone(lanes), actions(lanes);
  std::iota(everyone.begin(), everyone.end(), 0);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::uint32_t words[] = {static_cast<std::uint32_t>(lane)};  // lane i has the seed i
    batch.seed(lane, words);
  }

  std::vector<float> observations(2 * lanes);  // (lanes, 2)
  std::vector<double> rewards(lanes);
  std::vector<std::uint8_t> terminated(lanes), truncated(lanes);
  const std::array<void*, 1> leaves{observations.data()};
  const dromos::Outputs out{leaves.data(), rewards.data(), terminated.data(), truncated.data(),
                            nullptr};

  batch.reset(everyone);
  batch.observe(everyone, leaves.data());
  double total = 0;
  for (int step = 0; step < 500; ++step) {
    for (std::size_t lane = 0; lane < lanes; ++lane) actions[lane] = observations[2 * lane] < 0;
    batch.step(actions.data(), out, /*threads=*/2);
    total = std::accumulate(rewards.begin(), rewards.end(), total);
  }
  std::printf("%.17g\\n", total);
}
"""

ENVIRONMENT = '''\
"""`$env_class`: a cart on a rail in the wind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from dromos.native import NativeEnv, NativeVectorEnv
from dromos.render import Canvas
from dromos.spaces import Box, Discrete

SKY, GROUND = (226, 233, 241), (247, 249, 252)  # RGB
RAIL, CART, WHEEL, WIND = (120, 130, 150), (240, 150, 70), (33, 42, 60), (110, 190, 150)


class $env_class(NativeEnv[np.ndarray, int]):
    """Keep a cart on a rail while the wind pushes it.

    An observation is position (m) and velocity (m/s) of the cart; float32 (2,). Actions push it to
    the left (0) or to the right (1). Each step earns 1 in the middle of the rail, and less the
    nearer to an end; the one that leaves it earns 0 and ends the episode. The wind, which nobody
    sees, is the same for an episode.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": 20}
    dynamics = "$library/$dynamics"
    frame_size = (600, 200)

    mass: float
    force: float
    friction: float
    track: float
    wind: float
    top_speed: float
    tau: float

    def make_spaces(self) -> tuple[Discrete, Box]:
        """Return the action and the observation space."""
        farthest = self.track + self.tau * self.top_speed  # of a cart that leaves the rail
        high = np.array([farthest, self.top_speed], dtype=np.float32)
        return Discrete(2), Box(-high, high)

    def draw(self, canvas: Canvas, state: Mapping[str, Any]) -> None:
        """Draw the cart and an arrow of the wind; `state` has the fields of State."""
        canvas.background(SKY, GROUND)
        unit = canvas.width / (2.6 * self.track)
        with canvas.world(canvas.width / 2, 0.75 * canvas.height, unit=unit):
            length, x = self.track, float(state["x"])
            canvas.polyline([(-length, 0), (length, 0)], 0.02 * length, RAIL)
            with canvas.placed(x, 0, scale=length):  # from here on, half the rail is 1 long
                canvas.rectangle(-0.12, 0.06, 0.24, 0.14, CART, corner=0.02)
                for side in (-0.07, 0.07):
                    canvas.disc(side, 0.05, 0.04, WHEEL)
                blown = 0.1 * float(state["wind"])
                canvas.polyline([(0, 0.3), (blown, 0.3)], 0.03, WIND)


class $vector_class(NativeVectorEnv[np.ndarray, np.ndarray]):
    """Many lanes of `$env_class`: observations float32 (n, 2), actions int64 (n,)."""

    single = $env_class
'''

TESTS = '''\
"""What is true of `$env_id`."""

import pickle

import dromos as gym
import numpy as np
import pytest
from dromos.native import Uniform
from dromos.testing import check_env, check_vector_env

from $package.envs import $env_class, $vector_class

MODES = ["NextStep", "SameStep", "Disabled"]


def towards_the_middle(observations):
    return (np.asarray(observations)[..., 0] < 0).astype(np.int64)


def episode(env, seed):
    """Return the observations and rewards of an episode of pushes towards the middle."""
    observation, _ = env.reset(seed=seed)
    seen, over = [], False
    while not over:
        observation, reward, terminated, truncated, _ = env.step(towards_the_middle(observation))
        seen.append((*observation.tolist(), reward))
        over = terminated or truncated
    return seen


def test_it_keeps_the_contract_and_the_promises():
    check_env(gym.make("$env_id").unwrapped, strict=True)


@pytest.mark.parametrize("mode", MODES)
def test_a_vector_keeps_them_too(mode):
    check_vector_env($vector_class(5, max_episode_steps=20, autoreset_mode=mode))


def test_pushes_towards_the_middle_keep_the_cart_on_the_rail():
    assert len(episode(gym.make("$env_id"), seed=1)) == 200


def test_pushes_to_one_side_end_the_episode():
    env = gym.make("$env_id")
    env.reset(seed=1)
    steps = 1
    while not env.step(1)[2]:
        steps += 1
    assert steps < 100


@pytest.mark.parametrize("threads", [1, 2])
def test_a_lane_is_a_single_environment(threads):
    lanes = 130  # more than two blocks
    envs = gym.make_vec("$env_id", lanes, vector_kwargs={"num_threads": threads})
    observations, _ = envs.reset(seed=0)
    seen = []
    for _ in range(200):
        observations, rewards, *_ = envs.step(towards_the_middle(observations))
        seen.append((*observations[77].tolist(), rewards[77]))
    assert seen == episode(gym.make("$env_id"), seed=77)


def test_a_copy_has_the_same_future():
    env = gym.make("$env_id")
    env.reset(seed=3)
    env.step(0)
    twin = pickle.loads(pickle.dumps(env.unwrapped))
    for _ in range(20):
        assert env.step(1)[0].tolist() == twin.step(1)[0].tolist()


def test_lanes_have_parameters_of_their_own():
    envs = gym.make_vec("$env_id", 3, params={"mass": np.array([1.0, 2.0, 4.0]), "wind": 0.0})
    envs.reset(seed=[5, 5, 5])
    velocities = envs.step(np.ones(3, np.int64))[0][:, 1]
    assert velocities.tolist() == sorted(velocities.tolist(), reverse=True)
    drawn = gym.make_vec("$env_id", 8, params={"track": Uniform(1.0, 3.0)})
    drawn.reset(seed=0)
    assert len(set(drawn.get_attr("track"))) == 8


def test_a_mass_is_positive():
    with pytest.raises(ValueError, match="mass"):
        gym.make("$env_id", mass=0.0)


def test_it_is_drawn():
    env = $env_class(render_mode="rgb_array")
    env.reset(seed=0)
    frame = env.render()
    assert frame.shape == (200, 600, 3)
    env.step(1)
    assert (env.render() != frame).any()
'''
