"""`Rollout`: the value, its episodes, and its files."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dromos as gym
from dromos.error import DependencyNotInstalled
from dromos.rollout import Episode, Rollout
from dromos.vector import AutoresetMode, SyncVectorEnv

LANES, STEPS = 3, 60


def recorded(mode: Any = AutoresetMode.NEXT_STEP, env_id: str = "CartPole-v1", **asked: Any) -> Any:
    kwargs = {"autoreset_mode": mode}
    vector = gym.make_vec(env_id, LANES, vector_kwargs=kwargs, max_episode_steps=15)
    vector.reset(seed=0)
    vector.action_space.seed(0)
    actions = np.stack([vector.action_space.sample() for _ in range(STEPS)])
    return vector.rollout(actions, **asked)


@pytest.mark.parametrize("mode", AutoresetMode.__members__.values())
def test_episodes_are_those_of_single_environments(mode: Any) -> None:
    vector = gym.make_vec(
        "CartPole-v1", LANES, vector_kwargs={"autoreset_mode": mode}, max_episode_steps=15
    )
    vector.reset(seed=0)
    steps = 8 if mode is AutoresetMode.DISABLED else STEPS
    rollout = vector.rollout(np.ones((steps, LANES), int))
    episodes = list(rollout.episodes())
    assert all(isinstance(episode, Episode) for episode in episodes)
    for lane in range(LANES):
        env = gym.make("CartPole-v1", max_episode_steps=15)
        obs, _ = env.reset(seed=lane)
        own = [episode for episode in episodes if episode.lane == lane]
        assert own
        for number, episode in enumerate(own):
            assert episode.ended or number == len(own) - 1
            assert len(episode.observations) == len(episode.rewards) + 1
            np.testing.assert_array_equal(episode.observations[0], obs)
            for step, action in enumerate(episode.actions):
                obs, reward, terminated, truncated, _ = env.step(action)
                np.testing.assert_array_equal(episode.observations[step + 1], obs)
                assert episode.rewards[step] == reward
                assert episode.terminated[step] == terminated
                assert episode.truncated[step] == truncated
            obs, _ = env.reset()
    assert sum(len(episode.rewards) for episode in episodes) == rollout.valid.sum()


def test_transitions_stand_in_the_same_places() -> None:
    rollout = recorded(AutoresetMode.SAME_STEP)
    ended = rollout.terminated | rollout.truncated
    assert ended.any()
    differs = (rollout.final_observations != rollout.observations[1:]).any(axis=-1)
    np.testing.assert_array_equal(differs, ended)
    assert rollout.valid.all()


def test_it_is_copied_compared_and_printed() -> None:
    for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP):
        rollout = recorded(mode)
        assert repr(rollout) == f"Rollout({STEPS} steps of {LANES} lanes)"
        for twin in (copy.deepcopy(rollout), pickle.loads(pickle.dumps(rollout))):
            assert twin == rollout
            assert twin.has_own_finals == rollout.has_own_finals
            twin.rewards[0, 0] = 7
            assert twin != rollout
        assert rollout.first(STEPS) == rollout
        part = rollout.first(5)
        assert (part.num_steps, part.num_lanes, len(part.observations)) == (5, LANES, 6)
        assert np.shares_memory(part.observations, rollout.observations)
        with pytest.raises(ValueError, match="0 to 60"):
            rollout.first(61)
        assert rollout != 3


def test_arrays_that_do_not_fit_together_are_no_rollout() -> None:
    fields = recorded().__getstate__()
    for name, value, message in [
        ("rewards", fields["rewards"][1:], "expected an array of shape"),
        ("rewards", fields["rewards"].astype(int), "expected float64"),
        ("truncated", fields["truncated"].astype(int), "expected bool"),
        ("observations", fields["observations"][1:], r"observations: .*\(61, 3\)"),
        ("time_axis", 2, "time_axis"),
    ]:
        with pytest.raises(ValueError, match=message):
            Rollout(**{**fields, name: value})


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("env_id", ["CartPole-v1", "Blackjack-v1", "Taxi-v4"])
def test_files(tmp_path: Path, mode: Any, env_id: str) -> None:
    infos = ["prob"] if env_id == "Taxi-v4" else []
    rollout = recorded(mode, env_id, infos=infos)
    rollout.save(tmp_path / "one")
    read = Rollout.load(tmp_path / "one")
    mapped = Rollout.load(str(tmp_path / "one"), mmap_mode="r")
    assert read == rollout == mapped
    assert isinstance(mapped.rewards, np.memmap)
    assert read.has_own_finals == rollout.has_own_finals
    with pytest.raises(FileExistsError):
        rollout.save(tmp_path / "one")
    with pytest.raises(ValueError, match="mmap_mode"):
        Rollout.load(tmp_path / "one", mmap_mode="w+")


def test_files_of_futures(tmp_path: Path) -> None:
    env = gym.make("CartPole-v1")
    env.reset(seed=0)
    futures = env.rollout(np.ones((4, 30), int))
    futures.save(tmp_path / "futures")
    assert Rollout.load(tmp_path / "futures") == futures
    lengths = [len(episode.rewards) for episode in futures.episodes()]
    assert lengths == futures.valid.sum(axis=1).tolist()
    assert all(episode.ended for episode in futures.episodes())


def test_steps_are_recorded_into_files(tmp_path: Path) -> None:
    vector = gym.make_vec("CartPole-v1", LANES)
    vector.reset(seed=0)
    out = Rollout.empty(vector, STEPS, path=tmp_path / "long")
    rng = np.random.default_rng(0)
    rollout = vector.rollout(lambda _: rng.integers(0, 2, LANES), STEPS, out=out)
    assert isinstance(out.observations, np.memmap)
    out.observations.flush()
    assert Rollout.load(tmp_path / "long") == rollout
    with pytest.raises(FileExistsError):
        Rollout.empty(vector, STEPS, path=tmp_path / "long")
    with pytest.raises(ValueError, match="at least one"):
        Rollout.empty(vector, 0)


class Worded(gym.Env[Any, Any]):
    observation_space = gym.spaces.Tuple([gym.spaces.Text(3), gym.spaces.Discrete(5)])
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return ("a", 0), {}

    def step(self, action: Any) -> Any:
        return ("b" * (1 + int(action)), int(action)), 0.0, False, False, {}


def test_elements_that_are_no_arrays(tmp_path: Path) -> None:
    vector = SyncVectorEnv([Worded] * 2)
    vector.reset()
    rollout = vector.rollout(np.array([[0, 1], [1, 1]]))
    words, numbers = rollout.observations
    assert words.tolist() == [["a", "a"], ["b", "bb"], ["bb", "bb"]]
    np.testing.assert_array_equal(numbers, [[0, 0], [0, 1], [1, 1]])
    with pytest.raises(TypeError, match=r"observations\[0\].*pickling"):
        rollout.save(tmp_path / "words")
    assert not (tmp_path / "words").exists()
    assert copy.deepcopy(rollout) == rollout


def _damaged(directory: Path, name: str, damage: Any) -> None:
    file = directory / name
    file.write_bytes(damage(file.read_bytes()))


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    rollout = recorded()

    def manifest(change: Any) -> Any:
        def damage(text: bytes) -> bytes:
            content = json.loads(text)
            change(content)
            return json.dumps(content).encode()

        return damage

    objects = tmp_path / "objects.npy"
    np.save(objects, np.array([print], dtype=object), allow_pickle=True)
    cases: list[tuple[str, Any]] = [
        ("rollout.json", lambda _: b"{"),
        ("rollout.json", lambda _: b"[" * 100_000),
        ("rollout.json", lambda _: b"3"),
        ("rollout.json", manifest(lambda c: c.update(format="other"))),
        ("rollout.json", manifest(lambda c: c["arrays"].pop("rewards"))),
        ("rollout.json", manifest(lambda c: c["arrays"].update(more=0))),
        ("rollout.json", manifest(lambda c: c["arrays"].update(rewards="../x"))),
        ("rollout.json", manifest(lambda c: c["arrays"].update(rewards={"tuple": []}))),
        ("rollout.json", manifest(lambda c: c["arrays"].update(rewards=0))),
        ("rollout.json", manifest(lambda c: c.update(time_axis=1))),
        ("rollout.json", manifest(lambda c: c.update(time_axis="x"))),
        ("0.npy", lambda data: data[:-9]),
        ("0.npy", lambda _: b""),
        ("2.npy", lambda _: objects.read_bytes()),
    ]
    for number, (name, damage) in enumerate(cases):
        directory = tmp_path / str(number)
        rollout.save(directory)
        _damaged(directory, name, damage)
        with pytest.raises(ValueError):  # noqa: PT011
            Rollout.load(directory)
    with pytest.raises(FileNotFoundError):
        Rollout.load(tmp_path / "nowhere")


def test_minari_is_asked_for_by_name() -> None:
    with pytest.raises(DependencyNotInstalled, match="pip install"):
        recorded().to_minari("cartpole/random-v0")


def test_what_is_no_exception_of_a_rollout_holds_none() -> None:
    assert Rollout.so_far(ValueError()) is None
