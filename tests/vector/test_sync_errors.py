"""What goes wrong in a vector: a clear error, no lane lost, usable after a reset."""

import gc
import weakref

import numpy as np
import pytest
from vector_cases import MODES, OURS, env_class, make_vector

from dromos import error

SPACES = OURS.spaces


class Fragile(OURS.Env):
    """Counts its steps and raises on action 1."""

    observation_space = SPACES.Box(0.0, 100.0, (1,), np.float64)
    action_space = SPACES.Discrete(3)

    def __init__(self):
        self.steps = 0
        self.closed = 0

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        if options == {"raise": True}:
            raise KeyError("reset")
        return np.zeros(1), {}

    def step(self, action):
        if action == 1:
            raise KeyError("boom")
        self.steps += 1
        obs = np.zeros(1) if action == 0 else np.zeros(7)
        return obs, 0.0, False, False, {}

    def close(self):
        self.closed += 1


def fragile(num_envs=3, **kwargs):
    vector = OURS.vector.SyncVectorEnv([Fragile] * num_envs, **kwargs)
    return vector


def steps_of(vector):
    return [env.steps for env in vector.envs]


def test_an_exception_keeps_its_type_and_names_the_lane():
    vector = fragile()
    vector.reset()
    with pytest.raises(KeyError, match="boom") as caught:
        vector.step([0, 1, 0])
    assert any("lane 1" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("mode", MODES)
def test_a_vector_is_usable_after_an_exception_and_a_reset(mode):
    vector = fragile(autoreset_mode=mode)
    vector.reset()
    with pytest.raises(KeyError):
        vector.step([0, 1, 0])
    assert steps_of(vector) == [1, 0, 0]
    with pytest.raises(error.ResetNeeded, match=r"lanes \[0, 1\]"):
        vector.step([0, 0, 0])
    assert steps_of(vector) == [1, 0, 0]
    vector.reset(options={"reset_mask": np.array([True, True, False])})
    vector.step([0, 0, 0])
    assert steps_of(vector) == [1, 1, 1]


def test_an_exception_in_a_reset_leaves_the_lanes_it_reached_without_an_episode():
    vector = fragile()
    vector.reset()
    with pytest.raises(KeyError):
        vector.reset(options=[None, {"raise": True}, None])
    with pytest.raises(error.ResetNeeded, match=r"lanes \[0, 1\]"):
        vector.step([0, 0, 0])
    vector.reset()
    vector.step([0, 0, 0])


def test_an_exception_while_sending_queues_nothing():
    vector = fragile()
    vector.reset()
    vector.send([0], [2])
    with pytest.raises(KeyError):
        vector.send([0, 1], [0, 1])
    with pytest.raises(error.NoAsyncCallError, match="1 are pending"):
        vector.recv()
    vector.async_reset()
    vector.recv()


def test_an_observation_that_does_not_fit_names_the_row():
    vector = fragile()
    vector.reset()
    with pytest.raises(ValueError, match=r"\S") as caught:
        vector.step([0, 2, 0])
    assert any("rows [1]" in note for note in caught.value.__notes__)
    with pytest.raises(error.ResetNeeded):
        vector.step([0, 0, 0])
    vector.reset()
    vector.step([0, 0, 0])


@pytest.mark.parametrize(
    ("actions", "text"),
    [
        ([0, 0], "actions to have 3 rows, one a lane, got 2"),
        (np.zeros(4, dtype=int), "actions to have 3 rows, one a lane, got 4"),
        (0, "batch of 3 rows"),
        (None, "batch of 3 rows"),
        (np.int64(0), "batch of 3 rows"),
    ],
)
def test_wrong_actions_are_refused_before_any_lane_moves(actions, text):
    vector = fragile()
    vector.reset()
    with pytest.raises(error.InvalidAction, match=text):
        vector.step(actions)
    assert steps_of(vector) == [0, 0, 0]
    vector.step([0, 0, 0])


def nested_actions(**changes):
    vector = make_vector(OURS, "dict", 3)
    return {**vector.action_space.sample(), **changes}


@pytest.mark.parametrize(
    ("actions", "text"),
    [
        (nested_actions(cell=[0, 0]), r"actions\['cell'\] to have 3 rows.*got 2"),
        (nested_actions(extra=[0]), "dict with the keys"),
        (nested_actions(pair=(0,)), r"actions\['pair'\] to be a tuple of 2 batches, got 1"),
        (nested_actions(pair=3), r"actions\['pair'\] to be a tuple"),
        (nested_actions(inner={"lights": 3}), r"actions\['inner'\]\['lights'\]"),
        ([1, 2, 3], "dict with the keys"),
    ],
)
def test_wrong_structures_of_actions_say_where(actions, text):
    vector = make_vector(OURS, "dict", 3)
    vector.reset(seed=0)
    with pytest.raises(error.InvalidAction, match=text):
        vector.step(actions)


def test_a_step_needs_a_reset():
    vector = make_vector(OURS, "box")
    with pytest.raises(error.ResetNeeded, match=r"lanes \[0, 1, 2\]"):
        vector.step([0, 0, 0])
    with pytest.raises(error.ResetNeeded):
        _ = vector.final_obs


@pytest.mark.parametrize("kind", [AssertionError, error.ResetNeeded])
def test_ended_lanes_are_refused_when_autoreset_is_disabled(kind):
    vector = make_vector(OURS, "box", autoreset_mode="Disabled")
    vector.reset(seed=0)
    ended = np.zeros(3, dtype=bool)
    while not ended.any():
        _, _, terminated, truncated, _ = vector.step([0, 0, 0])
        ended = terminated | truncated
    before = [env.steps for env in vector.envs]
    with pytest.raises(kind, match="autoreset is disabled"):
        vector.step([0, 0, 0])
    assert [env.steps for env in vector.envs] == before


class OddReward(OURS.Env):
    """Gives a reward of its choice."""

    observation_space = SPACES.Discrete(2)
    action_space = SPACES.Discrete(2)

    def __init__(self, reward):
        self.reward = reward

    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return 0, self.reward, False, False, {}


@pytest.mark.parametrize("reward", [2, True, np.float32(2), np.int8(2), np.array(2.0)])
def test_every_number_is_a_reward(reward):
    vector = OURS.vector.SyncVectorEnv([lambda: OddReward(reward), lambda: OddReward(1)])
    vector.reset()
    rewards = vector.step([0, 0])[1]
    assert rewards.dtype == np.float64
    assert rewards.tolist() == [float(reward), 1.0]


@pytest.mark.parametrize("reward", [None, "high", np.zeros(0), [None, 1]])
def test_what_is_no_number_is_no_reward(reward):
    vector = OURS.vector.SyncVectorEnv([lambda: OddReward(1.0), lambda: OddReward(reward)])
    vector.reset()
    with pytest.raises(TypeError, match="reward in row 1 to be a number"):
        vector.step([0, 0])


def test_use_after_close():
    vector = fragile()
    vector.reset()
    vector.close()
    vector.close()
    assert vector.closed
    assert [env.closed for env in vector.envs] == [1, 1, 1]
    for call in (
        vector.reset,
        lambda: vector.step([0, 0, 0]),
        lambda: vector.send([0, 0, 0]),
        vector.recv,
        vector.async_reset,
        vector.render,
        lambda: vector.call("close"),
        lambda: vector.get_attr("steps"),
        lambda: vector.set_attr("steps", 1),
    ):
        with pytest.raises(error.ClosedEnvironmentError, match="closed"):
            call()


def test_closing_goes_on_when_a_lane_raises():
    vector = fragile()

    def refuse():
        raise OSError("no")

    vector.envs[0].close = refuse
    with pytest.raises(OSError, match="no"):
        vector.close()
    assert [env.closed for env in vector.envs] == [0, 1, 1]
    vector.close()


def test_what_was_made_is_closed_when_the_rest_cannot_be():
    made = []

    def make():
        made.append(Fragile())
        return made[-1]

    with pytest.raises(TypeError, match=r"return an `Env`, got <class 'int'>"):
        OURS.vector.SyncVectorEnv([make, lambda: 3])
    with pytest.raises(RuntimeError, match="not equivalent"):
        OURS.vector.SyncVectorEnv([make, env_class(OURS, "box")])
    assert [env.closed for env in made] == [1, 1]


def test_a_vector_has_at_least_one_lane():
    with pytest.raises(ValueError, match="at least one"):
        OURS.vector.SyncVectorEnv([])


def test_unknown_modes():
    with pytest.raises(ValueError, match="Sometimes"):
        fragile(autoreset_mode="Sometimes")
    with pytest.raises(ValueError, match="observation_mode"):
        fragile(observation_mode="alike")
    with pytest.raises(TypeError, match="spaces"):
        fragile(observation_mode=(1, 2))


class Returning(Fragile):
    """Returns whatever it is told to."""

    result = None

    def step(self, action):
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result


def returning(result):
    vector = fragile()
    vector.envs[1] = Returning()
    vector.envs[1].result = result
    vector.reset()
    return vector


def test_a_step_of_four_values_is_refused_by_name():
    vector = returning((np.zeros(1), 0.0, False, {}))
    with pytest.raises(ValueError, match=r"`step` .* five values, .*, found 4"):
        vector.step([0, 0, 0])


def test_five_values_need_not_be_a_tuple():
    vector = returning([np.ones(1), np.array(2), np.True_, 0, {"a": 1}])
    observations, rewards, terminated, truncated, infos = vector.step([0, 0, 0])
    assert observations.tolist() == [[0], [1], [0]]
    assert rewards.tolist() == [0, 2, 0]
    assert terminated.tolist() == [False, True, False]
    assert truncated.tolist() == [False] * 3
    assert infos["a"].tolist() == [0, 1, 0]


@pytest.mark.parametrize("info", [None, [("a", 1)]])
def test_an_info_that_is_no_dict_is_refused(info):
    vector = returning((np.zeros(1), 0.0, False, False, info))
    with pytest.raises(TypeError, match="info of a lane to be a dict, found"):
        vector.step([0, 0, 0])


def test_an_interrupt_passes_and_leaves_the_moved_lanes_without_an_episode():
    vector = returning(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        vector.step([0, 0, 0])
    assert steps_of(vector) == [1, 0, 0]
    with pytest.raises(error.ResetNeeded, match=r"lanes \[0, 1\]"):
        vector.step([0, 0, 0])


def test_a_vector_that_loses_its_environments_in_a_step_does_not_crash():
    vector = fragile()
    vector.reset()

    class Emptying(Fragile):
        def step(self, action):
            vector.envs.clear()
            return super().step(action)

    vector.envs[0] = Emptying()
    with pytest.raises(IndexError, match="became shorter"):
        vector.step([0, 0, 0])


def test_an_exception_keeps_no_environment_alive():
    vector = fragile()
    vector.reset()
    env = weakref.ref(vector.envs[1])
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(KeyError) as caught:
            vector.step([0, 1, 0])
        del vector, caught
        assert env() is None
    finally:
        gc.enable()
