"""Robots of versions 1 to 3: rewards, infos and starts by the rules of their releases."""

import numpy as np
import pytest
from dialect_cases import QUIET

from dromos import legacy
from dromos.compat import gym_v21, gym_v23, gym_v25, gymnasium_v029
from dromos.compat.hashed_seeds import np_random

pytestmark = pytest.mark.filterwarnings(QUIET)

POINT = {
    *("x_position", "y_position", "distance_from_origin", "x_velocity", "y_velocity"),
    "forward_reward",
}
HUMANOID = {"reward_linvel", "reward_quadctrl", "reward_alive", "reward_impact"}
ANT = {"reward_forward", "reward_ctrl", "reward_contact", "reward_survive"}
TOLD = {
    "Ant-v2": ANT,
    "Ant-v3": ANT | POINT,
    "HalfCheetah-v2": {"reward_run", "reward_ctrl"},
    "HalfCheetah-v3": {"x_position", "x_velocity", "reward_run", "reward_ctrl"},
    "Hopper-v2": set(),
    "Hopper-v3": {"x_position", "x_velocity"},
    "Humanoid-v2": HUMANOID,
    "Humanoid-v3": HUMANOID | POINT,
    "HumanoidStandup-v2": {"reward_linup", "reward_quadctrl", "reward_impact"},
    "InvertedDoublePendulum-v2": set(),
    "InvertedPendulum-v2": set(),
    "Pusher-v2": {"reward_dist", "reward_ctrl"},
    "Reacher-v2": {"reward_dist", "reward_ctrl"},
    "Swimmer-v2": {"reward_fwd", "reward_ctrl"},
    "Swimmer-v3": {"reward_fwd", "reward_ctrl"} | POINT,
    "Walker2d-v2": set(),
    "Walker2d-v3": {"x_position", "x_velocity"},
}


def action_of(env, seed=0):
    high = env.action_space.high
    return (np.random.RandomState(seed).uniform(-1, 1, high.shape) * high).astype(np.float32)


def begun(id, seed=3, gym=gym_v21, **kwargs):
    env = gym.make(id, **kwargs)
    env.seed(seed)
    return env, env.reset()


@pytest.mark.parametrize("id", TOLD)
def test_infos_tell_what_they_told(id):
    env, _ = begun(id)
    assert set(env.step(action_of(env))[3]) == TOLD[id]


@pytest.mark.parametrize("version", [2, 3])
def test_contacts_of_humanoids_cost(version):
    env, _ = begun(f"Humanoid-v{version}")
    for step in range(60):
        observation, reward, done, info = env.step(action_of(env, step))
        if done:
            break
    forces = observation[-84:]
    cost = min(0.5e-6 * np.square(forces).sum(), 10)
    assert cost > 0
    assert info["reward_impact"] == pytest.approx(-cost)
    parts = [info[part] for part in sorted(HUMANOID)]
    assert reward == pytest.approx(sum(parts))


def test_contacts_of_ants_are_clipped_and_cost():
    env, _ = begun("Ant-v2")
    felt = 0.0
    for step in range(40):
        observation, reward, _, info = env.step(action_of(env, step))
        forces = observation[27:]
        assert forces.shape == (84,)
        assert np.abs(forces).max() <= 1
        assert info["reward_contact"] == pytest.approx(-0.5e-3 * np.square(forces).sum())
        assert reward == pytest.approx(sum(info[part] for part in ANT))
        felt += np.abs(forces).sum()
    assert felt > 0


@pytest.mark.parametrize("gym", [gym_v25, gymnasium_v029], ids=["0.25", "0.29"])
@pytest.mark.parametrize("id", ["Ant-v3", "Humanoid-v2", "HumanoidStandup-v2"])
def test_mujoco_21_left_contacts_at_0(gym, id):
    """Since 0.24 robots ran on it; version 4 computes them again."""
    env = gym.make(id)
    env.reset(seed=0)
    for step in range(30):
        result = env.step(action_of(env, step))
    assert not result[0][-84:].any()
    cost = "reward_contact" if id == "Ant-v3" else "reward_impact"
    assert result[-1][cost] == 0
    assert gym_v23.make(id).unwrapped._is_felt


@pytest.mark.parametrize("id", ["HalfCheetah-v2", "Ant-v3", "InvertedDoublePendulum-v2"])
def test_starts_are_those_of_random_states(id):
    """Until 0.21 normal numbers came in pairs, and an odd one was left for the next start."""
    env, _ = begun(id)
    robot, state = env.unwrapped, np_random(3)[0]
    for _ in range(3):
        positions = state.uniform(-0.1, 0.1, robot.init_qpos.size)
        velocities = state.randn(robot.init_qvel.size) * 0.1
        np.testing.assert_allclose(robot.data.qpos, robot.init_qpos + positions, atol=1e-12)
        np.testing.assert_allclose(robot.data.qvel, velocities, atol=1e-12)
        env.reset()


def test_an_odd_number_that_is_left_is_part_of_a_snapshot():
    env, _ = begun("HalfCheetah-v2")
    native = env.unwrapped.env
    snapshot = native.snapshot()
    first = env.reset()
    other = gym_v21.make("HalfCheetah-v2")
    for restored in (env, other):
        restored.unwrapped.env.restore(snapshot)
        np.testing.assert_array_equal(restored.reset(), first)


def test_targets_were_drawn_from_a_square_until_010():
    distances = []
    env = legacy.make("Reacher-v2")
    env.seed(0)
    state = np_random(0)[0]
    for _ in range(30):
        observation = env.reset()
        state.uniform(-0.1, 0.1, 4)
        target = state.uniform(-0.2, 0.2, 2)
        state.uniform(-0.005, 0.005, 4)
        np.testing.assert_allclose(observation[4:6], target, atol=1e-12)
        distances.append(np.linalg.norm(target))
    assert max(distances) > 0.2
    later = gym_v21.make("Reacher-v2")
    assert max(np.linalg.norm(later.reset()[4:6]) for _ in range(30)) < 0.2


@pytest.mark.parametrize("id", ["Pusher-v2", "Reacher-v2"])
def test_arms_are_paid_for_the_state_before_the_step(id):
    env, observation = begun(id)
    assert observation.shape == {"Pusher-v2": (23,), "Reacher-v2": (11,)}[id]
    action = action_of(env)
    _, reward, _, info = env.step(action)
    if id == "Reacher-v2":
        expected = -np.linalg.norm(observation[-3:])
        assert info["reward_dist"] == pytest.approx(expected)
        assert reward == pytest.approx(expected - np.square(action).sum())
        return
    tip, thing, goal = observation[-9:].reshape(3, 3)
    near, far = np.linalg.norm(thing - tip), np.linalg.norm(thing - goal)
    assert info["reward_dist"] == pytest.approx(-far)
    assert info["reward_ctrl"] == pytest.approx(-np.square(action).sum())
    assert reward == pytest.approx(-far - 0.1 * np.square(action).sum() - 0.5 * near)


def test_arguments_of_version_3():
    env = gym_v21.make("HalfCheetah-v3", reset_noise_scale=0.0, rgb_rendering_tracking=False)
    np.testing.assert_array_equal(env.reset()[:8], 0)
    ant = gym_v21.make("Ant-v3", exclude_current_positions_from_observation=False)
    assert ant.reset().shape == (113,)


def test_spaces_and_modes_of_robots():
    assert legacy.make("Hopper-v2").observation_space.dtype == np.float32
    env = gym_v21.make("Hopper-v2")
    assert env.observation_space.dtype == np.float64
    modes = ["human", "rgb_array", "depth_array"]
    assert env.metadata == {"render.modes": modes, "video.frames_per_second": 125}
    singles = ["single_rgb_array", "single_depth_array"]
    assert gym_v25.make("Hopper-v3").metadata["render_modes"] == [*modes, *singles]
    assert type(env.unwrapped).__name__ == "HopperEnv"
