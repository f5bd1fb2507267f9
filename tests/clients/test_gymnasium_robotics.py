"""Gymnasium-Robotics, whose environments derive from `MujocoEnv` and from the robots."""

import gymnasium as gym
import gymnasium_robotics
import numpy as np
import pytest
from gymnasium_robotics import mamujoco_v1

gym.register_envs(gymnasium_robotics)

#: One id a class. Fetch, the shadow hand and the kitchen look for the type of a joint in a tuple of
#: MuJoCo's enumeration, which no MuJoCo since 3.17 finds there, on Gymnasium as here.
IDS = (
    *("AntMaze_UMaze-v4", "AntMaze_UMaze-v5", "AntMaze_Medium_Diverse_GR-v5", "PointMaze_UMaze-v3"),
    *("AdroitHandDoor-v1", "AdroitHandHammer-v1", "AdroitHandPen-v1", "AdroitHandRelocate-v1"),
)


def inside(space, observation):
    """Whether an observation is of its space but for its bounds, which pens leave."""
    if isinstance(space, gym.spaces.Dict):
        return all(inside(part, observation[name]) for name, part in space.items())
    return observation.shape == space.shape and np.isfinite(observation).all()


def rewards(env):
    env.action_space.seed(0)
    observation, _ = env.reset(seed=3)
    seen = []
    for _ in range(20):
        assert inside(env.observation_space, observation)
        observation, reward, *_ = env.step(env.action_space.sample())
        seen.append(float(reward))
    return seen


@pytest.mark.parametrize("env_id", IDS)
def test_environments(env_id):
    env, again = gym.make(env_id), gym.make(env_id)
    first = rewards(env)
    assert first == rewards(again)
    if "Adroit" in env_id:
        assert len(set(first)) == 20
    env.close(), again.close()


def test_goals_are_paid_by_the_environment_and_by_its_function():
    env = gym.make("PointMaze_UMazeDense-v3")
    env.action_space.seed(0)
    env.reset(seed=0)
    for _ in range(5):
        observation, reward, _, _, info = env.step(env.action_space.sample())
        goals = observation["achieved_goal"], observation["desired_goal"]
        assert reward == env.unwrapped.compute_reward(*goals, info)


def test_a_picture():
    env = gym.make("PointMaze_UMaze-v3", render_mode="rgb_array")
    env.reset(seed=0)
    assert len(np.unique(env.render().reshape(-1, 3), axis=0)) > 20
    env.close()


@pytest.mark.parametrize(
    ("robot", "parts"),
    [("HalfCheetah", "2x3"), ("Ant", "4x2"), ("Reacher", "2x1"), ("Humanoid", "9|8")],
)
def test_parts_of_a_robot_as_agents(robot, parts):
    """Each is paid what the whole robot is."""
    env = mamujoco_v1.parallel_env(robot, parts)
    env.reset(seed=3)
    whole = gym.make(env.single_agent_env.spec)
    whole.reset(seed=3)
    rng = np.random.default_rng(0)
    for _ in range(10):
        actions = {name: rng.uniform(-1, 1, env.action_space(name).shape) for name in env.agents}
        _, paid, *_ = env.step(actions)
        reward = whole.step(env.map_local_actions_to_global_action(actions))[1]
        assert set(paid.values()) == {reward}
    env.close(), whole.close()
