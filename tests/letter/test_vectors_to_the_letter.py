"""Pending calls, rewards of several numbers, pickled vectors, subclasses with their own step."""

import copy
import pickle
import random
import warnings

import gymnasium
import numpy as np
import pytest

import dromos as gym
from dromos.error import AlreadyPendingCallError, NoAsyncCallError, ResetNeeded
from dromos.spaces import Box, Discrete
from dromos.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from dromos.vector.utils import concatenate, create_empty_array, iterate

MODES = [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED]


def cart():
    return gym.make("CartPole-v1")


def counting(library, reward=None, flag=bool):
    """Return an environment of either library that counts its steps; its episodes have three."""

    class Counting(library.Env):
        observation_space = library.spaces.Box(0, 100, (1,), np.float32)
        action_space = library.spaces.Discrete(2)
        count = 0

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            self.count = 0
            return np.zeros(1, np.float32), {}

        def step(self, action):
            self.count += 1
            earned = float(self.count) if reward is None else reward(self.count)
            over = flag(self.count == 3)
            return np.full(1, self.count, np.float32), earned, over, flag(False), {}

    return Counting()


# --- pending calls --------------------------------------------------------------------------------


@pytest.fixture
def envs():
    made = AsyncVectorEnv([cart] * 2, num_workers=1)
    yield made
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.close(terminate=True)


START = {
    "reset": lambda envs: envs.reset_async(seed=0),
    "step": lambda envs: (envs.reset(seed=0), envs.step_async(np.array([0, 1]))),
    "call": lambda envs: envs.call_async("render_mode"),
}


@pytest.mark.parametrize("pending", START)
def test_closing_with_a_call_under_way_warns(envs, pending):
    START[pending](envs)
    text = f"Calling `close` while waiting for a pending call to `{pending}` to complete."
    with pytest.warns(UserWarning, match=text):
        envs.close()
    assert envs.closed


@pytest.mark.parametrize("pending", START)
def test_calls_in_between_are_refused_in_the_peers_order(envs, pending):
    START[pending](envs)
    calls = {
        "reset_async": envs.reset_async,
        "step_async": lambda: envs.step_async(np.array([0, 1])),
        "call_async": lambda: envs.get_attr("spec"),
        "set_attr": lambda: envs.set_attr("x", 1),
    }
    for name, call in calls.items():
        with pytest.raises(AlreadyPendingCallError) as refused:
            call()
        end = "" if name == "reset_async" else "."
        assert str(refused.value) == (
            f"Calling `{name}` while waiting for a pending call to `{pending}` to complete{end}"
        )
        assert refused.value.name == pending
    with pytest.raises(ValueError, match="Values must be a list or tuple"):
        envs.set_attr("x", [1, 2, 3])
    with pytest.raises(ValueError, match="the length must match num_envs=2"):
        envs.reset_async(seed=[1, 2, 3])
    for name in set(START) - {pending}:
        with pytest.raises(NoAsyncCallError) as refused:
            getattr(envs, f"{name}_wait")()
        assert str(refused.value) == (
            f"Calling `{name}_wait` without any prior call to `{name}_async`."
        )
        assert refused.value.name == name
    getattr(envs, f"{pending}_wait")()


ANY_CALL = {
    "reset_async": lambda envs: envs.reset_async(seed=0),
    "reset_async of three": lambda envs: envs.reset_async(seed=[1, 2, 3]),
    "step_async": lambda envs: envs.step_async(np.array([0, 1])),
    "call_async": lambda envs: envs.call_async("render_mode"),
    "reset_wait": lambda envs: envs.reset_wait(timeout=60),
    "step_wait": lambda envs: envs.step_wait(timeout=60),
    "call_wait": lambda envs: envs.call_wait(timeout=60),
    "reset": lambda envs: envs.reset(seed=1),
    "step": lambda envs: envs.step(np.array([0, 1])),
    "call": lambda envs: envs.call("render_mode"),
    "get_attr": lambda envs: envs.get_attr("render_mode"),
    "set_attr": lambda envs: envs.set_attr("x", 1),
    "set_attr of three": lambda envs: envs.set_attr("x", [1, 2, 3]),
}


def heard_of(envs, call):
    """Return what a call gives, or the class and text of its error, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            given = call(envs)
        except Exception as error:
            given = type(error).__name__, str(error)
    return repr(given), [str(warning.message) for warning in caught]


@pytest.mark.parametrize("seed", range(4))
def test_calls_in_any_order_are_answered_as_the_peer_does(seed):
    rng = random.Random(seed)
    both = [
        library.vector.AsyncVectorEnv([lambda lib=library: lib.make("CartPole-v1")] * 2)
        for library in (gym, gymnasium)
    ]
    order = ["reset", *rng.choices(sorted(ANY_CALL), k=14)]
    calls = [*map(ANY_CALL.get, order), lambda envs: envs.close(), ANY_CALL[order[-1]]]
    for number, call in enumerate(calls):
        ours, peers = (heard_of(envs, call) for envs in both)
        assert ours == peers, order[: number + 1]


# --- rewards and flags that are arrays ------------------------------------------------------------


def vectors(**kwargs):
    """Return vectors of both kinds of two lanes, whose environments `counting` makes."""
    fns = [lambda: counting(gym, **kwargs)] * 2
    return [SyncVectorEnv(fns), AsyncVectorEnv(fns, num_workers=2)]


@pytest.mark.parametrize(
    "reward",
    [lambda n: np.array([n * 1.0]), lambda n: np.array(n), lambda n: np.full((1, 1), n, np.int8)],
    ids=["one-element", "no-axis", "two-axes"],
)
def test_one_element_is_one_number(reward):
    for envs in vectors(reward=reward):
        envs.reset(seed=0)
        rewards = envs.step(np.array([0, 1]))[1]
        assert (rewards.dtype, rewards.tolist()) == (np.float64, [1.0, 1.0])
        envs.close()
    for wrap in (
        gym.wrappers.NormalizeReward,
        lambda env: gym.wrappers.RepeatAction(env, 2),
        lambda env: gym.wrappers.MaxAndSkipObservation(env, 2),
    ):
        env = wrap(counting(gym, reward=reward))
        env.reset()
        assert type(env.step(0)[1]) is float


@pytest.mark.parametrize("flag", [np.array, lambda x: np.array([x]), np.bool_, int])
def test_flags_of_one_element(flag):
    for envs in vectors(flag=flag):
        envs.reset(seed=0)
        for step in range(5):
            terminated, truncated = envs.step(np.array([0, 1]))[2:4]
            assert terminated.dtype == truncated.dtype == bool
            assert terminated.tolist() == [step == 2] * 2
        envs.close()


def test_rewards_of_several_numbers():
    """An array from one environment, float64 (n, k) from vectors, as the peer's workers give."""
    several = lambda n: np.array([n, -n, 0.5], np.float32)  # noqa: E731
    env = counting(gym, reward=several)
    env.reset()
    assert env.step(0)[1].shape == (3,)
    peer = gymnasium.vector.AsyncVectorEnv([lambda: counting(gymnasium, reward=several)] * 2)
    made = [*vectors(reward=several), peer]
    for envs in made:
        envs.reset(seed=0)
    for step in range(3):
        ours, theirs = [envs.step(np.array([0, 1]))[1] for envs in made[:2]], None
        theirs = peer.step(np.array([0, 1]))[1]
        for rewards in ours:
            assert rewards.dtype == theirs.dtype == np.float64
            np.testing.assert_array_equal(rewards, theirs)
        assert step < 3
    for envs in made[:2]:  # where the peer cannot make one array of the reset's 0 and the others
        np.testing.assert_array_equal(envs.step(np.array([0, 1]))[1], np.zeros((2, 3)))
        np.testing.assert_array_equal(envs.step(np.array([0, 1]))[1][0], [1, -1, 0.5])
    for envs in made:
        envs.close()


def test_a_lane_of_another_shape_is_named():
    shapes = [lambda n: np.zeros(2), lambda n: np.zeros(3)]
    numbers = [lambda n: np.zeros(2), lambda n: 1.0]
    for rewards, found in ((shapes, r"shape \(3,\)"), (numbers, "one number")):
        fns = [lambda r=r: counting(gym, reward=r) for r in rewards]
        for envs in (SyncVectorEnv(fns), AsyncVectorEnv(fns, num_workers=1)):
            envs.reset(seed=0)
            with pytest.raises(TypeError, match=rf"lane 1 to be of shape \(2,\).*{found}"):
                envs.step(np.array([0, 1]))
            with pytest.raises(ResetNeeded):
                envs.step(np.array([0, 1]))
            envs.close()


@pytest.mark.parametrize("reward", ["much", None, [], object()])
def test_what_is_no_number_is_refused(reward):
    for envs in vectors(reward=lambda n: reward):
        envs.reset(seed=0)
        with pytest.raises(TypeError, match="Expected the reward in row 0"):
            envs.step(np.array([0, 1]))
        envs.close()


# --- native lanes, pickles ------------------------------------------------------------------------


def test_a_lane_never_reset_is_not_stepped():
    saved = gym.make_vec("CartPole-v1", 3)
    saved.reset(seed=0)
    fresh = gym.make_vec("CartPole-v1", 3)
    fresh.restore(saved.snapshot(lanes=[0]), lanes=[1])
    with pytest.raises(ResetNeeded, match=r"\[0, 2\]"):
        fresh.step(np.array([0, 0, 0]))


@pytest.mark.parametrize("how", ["pickle", "deepcopy", "clone"])
def test_vectors_over_workers_are_copied(how):
    envs = AsyncVectorEnv([cart] * 3, num_workers=2)
    envs.reset(seed=4)
    envs.step(np.array([0, 1, 0]))
    make = {
        "pickle": lambda: pickle.loads(pickle.dumps(envs)),
        "deepcopy": lambda: copy.deepcopy(envs),
        "clone": envs.clone,
    }[how]
    twin = make()
    try:
        assert not {p.pid for p in envs.processes} & {p.pid for p in twin.processes}
        for _ in range(30):
            for one, other in zip(
                *[v.step(np.array([1, 0, 1]))[:4] for v in (envs, twin)], strict=True
            ):
                np.testing.assert_array_equal(one, other)
    finally:
        twin.close()
        envs.close()


# --- subclasses with their own step ---------------------------------------------------------------


def with_own_step(library, width=None):
    """Return a subclass as other projects have them, over either library."""

    class OwnStep(library.vector.SyncVectorEnv):
        def __init__(self, env_fns, **kwargs):
            super().__init__(env_fns, **kwargs)
            if width is not None:
                self._rewards = np.zeros((self.num_envs, width))

        def step(self, actions):
            mode = self.autoreset_mode.name
            infos = {}
            for i, action in enumerate(iterate(gym.spaces.MultiDiscrete([2, 2]), actions)):
                if mode == "NEXT_STEP" and self._autoreset_envs[i]:
                    self._env_obs[i], info = self.envs[i].reset()
                    self._rewards[i] = 0.0
                    self._terminations[i] = self._truncations[i] = False
                else:
                    (
                        self._env_obs[i],
                        self._rewards[i],
                        self._terminations[i],
                        self._truncations[i],
                        info,
                    ) = self.envs[i].step(action)
                    if mode == "SAME_STEP" and (self._terminations[i] or self._truncations[i]):
                        infos = self._add_info(infos, {"final_obs": self._env_obs[i]}, i)
                        self._env_obs[i], info = self.envs[i].reset()
                infos = self._add_info(infos, info, i)
            if isinstance(self, SyncVectorEnv):
                self._observations = concatenate(
                    self.single_observation_space, self._env_obs, self._observations
                )
            else:
                self._observations = np.stack(self._env_obs)
            over = np.logical_or(self._terminations, self._truncations)
            self._autoreset_envs = over if mode != "SAME_STEP" else np.zeros(2, bool)
            return (
                copy.deepcopy(self._observations) if self.copy else self._observations,
                np.copy(self._rewards),
                np.copy(self._terminations),
                np.copy(self._truncations),
                infos,
            )

    return OwnStep


@pytest.mark.parametrize("mode", [mode.name for mode in MODES])
def test_a_subclass_steps_over_the_end_of_an_episode(mode):
    told = []
    for library in (gym, gymnasium):
        fns = [lambda lib=library: counting(lib)] * 2
        kind = with_own_step(library)
        envs = kind(fns, autoreset_mode=library.vector.AutoresetMode[mode])
        seen = [envs.reset(seed=0)[0]]
        for _ in range(7):
            seen.append(envs.step(np.array([0, 1]))[:4])
            if mode == "DISABLED" and seen[-1][2].all():
                seen.append(envs.reset(options={"reset_mask": np.array([True, True])})[0])
        told.append(seen)
        envs.close()
    for ours, peers in zip(*told, strict=True):
        np.testing.assert_equal(ours, peers)


def test_the_names_are_the_vectors_own_state():
    envs = SyncVectorEnv([lambda: counting(gym)] * 2)
    envs.reset(seed=0)
    for _ in range(3):
        envs.step(np.array([0, 1]))
    assert envs._autoreset_envs.tolist() == [True, True]
    assert envs._rewards.tolist() == [3.0, 3.0]
    assert envs._terminations.all()
    assert not envs._truncations.any()
    assert envs._env_obs[0].tolist() == [3.0]
    assert create_empty_array(envs.single_observation_space, 2).shape == envs._observations.shape
    saved = envs.snapshot()
    envs._autoreset_envs = np.array([False, True])
    observations = envs.step(np.array([0, 1]))[0]
    assert observations.tolist() == [[4.0], [0.0]]
    assert envs.valid_transition.tolist() == [True, False]
    envs.restore(saved)
    assert envs._autoreset_envs.tolist() == [True, True]


def test_rewards_of_several_numbers_in_a_subclass():
    """As mo-gymnasium's `MOSyncVectorEnv`."""
    fns = [lambda: counting(gym, reward=lambda n: np.array([n, -1.0 * n]))] * 2
    envs = with_own_step(gym, width=2)(fns)
    envs.reset(seed=0)
    rewards = [envs.step(np.array([0, 1]))[1].tolist() for _ in range(5)]
    assert rewards[:3] == [[[n, -n]] * 2 for n in (1.0, 2.0, 3.0)]
    assert rewards[3:] == [[[0.0, 0.0]] * 2, [[1.0, -1.0]] * 2]
    assert isinstance(envs.single_action_space, Discrete)
    assert isinstance(envs.single_observation_space, Box)
