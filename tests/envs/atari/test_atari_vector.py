"""Vectors of games: lane i is the single environment in the same wrappers, bit for bit."""

import contextlib
import copy
import pickle

import numpy as np
import pytest

import dromos as gym
from dromos import presets
from dromos.error import Error
from dromos.presets.atari_vector import AtariVectorEnv

ID = "ALE/Breakout-v5"


@contextlib.contextmanager
def made(*arguments, **more):
    envs = gym.make_vec(*arguments, **more)
    try:
        yield envs
    finally:
        envs.close()


@pytest.mark.parametrize(
    ("preset", "mode"),
    [
        *(("dqn-nature", mode) for mode in ("NextStep", "SameStep", "Disabled")),
        ("machado2018", "NextStep"),
        ("baselines", "SameStep"),
    ],
)
def test_lanes_are_single_environments(preset, mode):
    singles = [presets.make(ID, preset) for _ in range(3)]
    with made(
        ID, 3, preset=preset, vector_kwargs={"autoreset_mode": mode, "num_workers": 2}
    ) as envs:
        assert isinstance(envs, AtariVectorEnv)
        assert envs.single_observation_space == singles[0].observation_space
        obs, _ = envs.reset(seed=7)
        first = [env.reset(seed=7 + lane)[0] for lane, env in enumerate(singles)]
        np.testing.assert_array_equal(obs, first)
        rng, ended, ends = np.random.default_rng(3), np.zeros(3, bool), 0
        for _ in range(90):
            if mode == "Disabled" and ended.any():
                obs, _ = envs.reset(options={"reset_mask": ended})
                for lane in np.flatnonzero(ended):
                    np.testing.assert_array_equal(obs[lane], singles[lane].reset()[0])
                ended[:] = False
            actions = rng.integers(envs.single_action_space.n, size=3)
            obs, rewards, terminations, truncations, infos = envs.step(actions)
            for lane, env in enumerate(singles):
                if ended[lane] and mode == "NextStep":
                    expected = (env.reset()[0], 0.0, False, False)
                else:
                    expected = env.step(actions[lane])[:4]
                done = expected[2] or expected[3]
                shown = obs[lane]
                if done and mode == "SameStep":
                    np.testing.assert_array_equal(infos["final_obs"][lane], expected[0])
                    expected = (env.reset()[0], *expected[1:])
                np.testing.assert_array_equal(shown, expected[0])
                assert rewards[lane] == expected[1]
                assert (terminations[lane], truncations[lane]) == expected[2:]
                ended[lane] = done
                ends += done
        assert ends > 3 or preset == "machado2018"


def test_a_mode_and_a_difficulty_for_each_lane():
    with made(ID, 3, mode=[0, 4, 8], difficulty=1, preset="dqn-nature") as envs:
        obs, _ = envs.reset(seed=2)
        for lane, mode in enumerate((0, 4, 8)):
            single = presets.make(ID, "dqn-nature", mode=mode, difficulty=1)
            np.testing.assert_array_equal(single.reset(seed=2 + lane)[0], obs[lane])
    with pytest.raises(Error, match="one mode for each of 2 lanes, found 3"):
        gym.make_vec(ID, 2, mode=[0, 4, 8])


def test_arguments_of_each_lane_and_a_limit_of_steps():
    sticky, limit = [0.0, 0.25, 1.0], {"max_episode_steps": 90}
    params = {"repeat_action_probability": sticky, "full_action_space": True}
    with made(ID, 3, preset="dqn-nature", params=params, **limit) as envs:
        singles = [
            presets.make(ID, "dqn-nature", **limit, **{**params, "repeat_action_probability": each})
            for each in sticky
        ]
        envs.reset(seed=3)
        for lane, single in enumerate(singles):
            single.reset(seed=3 + lane)
        truncated = np.zeros(3, bool)
        while not truncated.any():
            obs, *_, truncated, _ = envs.step(np.full(3, 11))
            for lane, single in enumerate(singles):
                expected = single.step(11)
                np.testing.assert_array_equal(obs[lane], expected[0])
                assert truncated[lane] == expected[3]
    for wrong, problem, message in (
        ({"params": 3}, TypeError, "params: expected a dict"),
        ({"params": {"difficulty": [0, 1]}}, ValueError, "one value or 3 values"),
        ({"max_episode_steps": 0}, ValueError, "max_episode_steps: expected a whole number ≥ 1"),
        ({"mode": {0, 4, 8}}, Error, "Expected mode to be a number, or one for each lane"),
        ({"reward_clipping": "no"}, TypeError, "reward_clipping: expected True or False"),
        ({"vector_kwargs": 3}, TypeError, "vector_kwargs: expected a dict"),
        ({"batch_size": "all"}, TypeError, "batch_size: expected a whole number"),
    ):
        with pytest.raises(problem, match=message):
            gym.make_vec(ID, 3, **wrong)


def test_first_ready():
    with made(ID, 4, preset="dqn-nature", vector_kwargs={"batch_size": 2}) as envs:
        envs.async_reset(seed=3)
        seen = {}
        for _ in range(10):
            obs, _, _, _, infos = envs.recv()
            assert obs.shape == (2, 4, 84, 84)
            for row, lane in zip(obs, infos["lane_ids"], strict=True):
                seen.setdefault(int(lane), []).append(row)
            envs.send(np.ones(2, np.int64), infos["lane_ids"])
    for lane, rows in seen.items():
        single = presets.make(ID, "dqn-nature")
        expected = [single.reset(seed=3 + lane)[0], *(single.step(1)[0] for _ in rows[1:])]
        np.testing.assert_array_equal(rows, expected)


def test_snapshots_fit_another_number_of_workers():
    rng = np.random.default_rng(0)
    actions = rng.integers(4, size=(30, 3))

    def make(workers):
        return made(
            ID,
            3,
            preset="dqn-nature",
            repeat_action_probability=0.25,
            vector_kwargs={"num_workers": workers},
        )

    with make(1) as envs, make(3) as others:
        envs.reset(seed=4)
        for row in actions:
            envs.step(row)
        saved = envs.snapshot()
        others.restore(saved)
        for row in actions:
            for left, right in zip(envs.step(row)[:4], others.step(row)[:4], strict=True):
                np.testing.assert_array_equal(left, right)


def test_the_arguments_of_ale_pys_vector():
    with made(
        "ALE/Pong-v5", 2, img_height=64, img_width=48, stack_num=3, grayscale=False, noop_max=0
    ) as envs:
        assert envs.single_observation_space.shape == (3, 64, 48, 3)
        obs, _ = envs.reset(seed=1)
        assert obs.shape == (2, 3, 64, 48, 3)
        assert not obs[:, 0].any()
        obs, rewards, *_ = envs.step(np.zeros(2, np.int64))
        assert rewards.shape == (2,)
    for wrong in ({"frameskip": (2, 5)}, {"frameskip": 0}, {"mode": "a"}, {"stack_num": 0}):
        with pytest.raises(Error, match=r"number|positive|at least 1"):
            gym.make_vec("ALE/Pong-v5", 1, **wrong)


@pytest.mark.parametrize("maxpool", [True, False])
def test_the_last_frame_alone_or_laid_over_the_one_before(maxpool):
    game = gym.make(ID, frameskip=1, repeat_action_probability=0.0, obs_type="grayscale")
    arguments = {"img_height": 210, "img_width": 160, "stack_num": 1, "noop_max": 0}
    given = {"use_fire_reset": False, "repeat_action_probability": 0.0, "maxpool": maxpool}
    with made(ID, 1, **arguments, **given) as envs:
        np.testing.assert_array_equal(envs.reset(seed=1)[0][0, 0], game.reset(seed=1)[0])
        for action in (1, 2, 3, 0, 1, 3):
            frames = [game.step(action)[0] for _ in range(4)]
            expected = np.maximum(*frames[-2:]) if maxpool else frames[-1]
            np.testing.assert_array_equal(envs.step(np.array([action]))[0][0, 0], expected)


@pytest.mark.parametrize(
    ("arguments", "episodes", "lives"),
    [({}, 1, [0]), ({"life_loss_info": True}, 3, [4, 3, 2]), ({"episodic_life": True}, 3, [4] * 3)],
    ids=str,
)
def test_what_a_lost_life_ends(arguments, episodes, lives):
    with made(ID, 1, noop_max=0, **arguments) as envs:
        envs.reset(seed=1)
        ended, told = [], []
        for step in range(700):
            *_, terminated, truncated, infos = envs.step(np.array([step % 7 == 0], np.int64))
            told.append(infos["episode_frame_number"][0])
            if terminated[0]:
                ended.append(infos["lives"][0])
            if len(ended) == episodes:
                break
        assert (ended, truncated[0]) == (lives, False)
        frames = np.diff(told)
        assert (frames < 0).sum() == (2 if "episodic_life" in arguments else 0)


def test_observations_are_written_where_they_are_shared():
    """What a lane returns is its row; a subclass may keep what it has returned."""
    row = np.zeros((4, 84, 84), np.uint8)
    env, other = presets.make(ID, "dqn-nature"), presets.make(ID, "dqn-nature")
    env.write_to(row)
    obs, _ = env.reset(seed=1)
    other.reset(seed=1)
    for action in (1, 2, 3) * 4:
        obs, expected = env.step(action)[0], other.step(action)[0]
        assert obs is row
        np.testing.assert_array_equal(row, expected)
    copies = [env.clone(), copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
    kept = row.copy()
    for twin in copies:
        np.testing.assert_array_equal(twin.step(0)[0], other.clone().step(0)[0])
    np.testing.assert_array_equal(row, kept)


def test_presets_in_vectors_of_other_kinds():
    with made("Pendulum-v1", 2, preset="mujoco-ppo") as envs:
        assert isinstance(envs, gym.vector.SyncVectorEnv)
        obs, _ = envs.reset(seed=1)
        single = presets.make("Pendulum-v1", "mujoco-ppo")
        np.testing.assert_array_equal(single.reset(seed=2)[0], obs[1])
    with made(ID, 1, vectorization_mode="sync", preset="dqn-nature") as envs:
        single = presets.make(ID, "dqn-nature")
        np.testing.assert_array_equal(envs.reset(seed=1)[0][0], single.reset(seed=1)[0])


def test_wrong_actions_do_not_hang():
    with made(ID, 2, preset="dqn-nature") as envs:
        envs.reset(seed=0)
        with pytest.raises(Exception, match=r"not an action|action space|expected"):
            envs.step(np.array([0, 99]))


def test_manifests_name_the_rom():
    env = presets.make(ID, "dqn-nature")
    told = presets.manifest("dqn-nature", env)
    assert told["game"]["md5"] == "f34f08e5eb96e500e851a80be3277a56"
    assert told["game"]["max_num_frames_per_episode"] == 108_000
    assert told["game"]["repeat_action_probability"] == 0.0
    assert str(presets.make(ID, told)) == str(env)
    with pytest.raises(Error, match=r"made of the ROM 'breakout' .* has 'pong'"):
        presets.make("ALE/Pong-v5", told)
