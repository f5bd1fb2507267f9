"""Which spaces travel how."""

import numpy as np
import pytest
from worker_cases import OURS, assert_same, env_class, make_async, make_sync

import dromos as gym
from dromos.core import Env
from dromos.spaces import Box, Dict, Discrete, Graph, Sequence, Text, Tuple
from dromos.vector import AsyncVectorEnv, SyncVectorEnv
from dromos.vector.utils import batch_space

pytestmark = pytest.mark.usefixtures("hard_limit")


def sampling_env(space):
    class Sampling(Env):
        observation_space = space
        action_space = space

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            return self.observation_space.sample(), {}

        def step(self, action):
            return action, 0.0, False, False, {}

    return Sampling


VARIED = {
    "text": Text(4),
    "sequence": Sequence(Box(0, 1, (2,))),
    "graph": Graph(Box(0, 1, (3,)), Discrete(3)),
    "mixed": Dict(words=Text(3), place=Tuple((Discrete(4), Box(0, 1, (2,))))),
}


@pytest.mark.parametrize("name", VARIED)
def test_what_is_no_array_travels_as_messages_with_a_warning(name):
    fns = [sampling_env(VARIED[name])] * 3
    with pytest.warns(UserWarning, match="travel as pickled messages, which is slower"):
        vector = AsyncVectorEnv(fns, num_workers=2)
    serial = SyncVectorEnv(fns)
    vector.reset()
    serial.reset()
    for _ in range(4):
        actions = vector.action_space.sample()
        assert_same(vector.step(actions)[0], serial.step(actions)[0])
    vector.close()


def test_custom_spaces_need_a_word():
    fns = [env_class(OURS, "custom")] * 2
    with pytest.raises(ValueError, match="shared_memory=False"):
        AsyncVectorEnv(fns)
    with pytest.warns(UserWarning, match="travel as pickled messages"):
        vector = AsyncVectorEnv(fns, shared_memory="auto")
    assert type(vector.reset()[0]) is tuple
    vector.close()
    vector = AsyncVectorEnv(fns, shared_memory=False)
    assert type(vector.reset()[0]) is tuple
    vector.close()


class Marked(Box):
    """A subclass that adds a name."""

    mark = "camera"


class Listed(Box):
    """A subclass that makes batches of its own."""

    def _concatenate(self, items, out):
        return [item.tolist() for item in items]


def test_subclasses_keep_shared_memory_unless_they_make_batches_of_their_own():
    marked = Dict(eye=Marked(0, 1, (2,)), place=Tuple((Discrete(4), Marked(-1, 1, ()))))
    fns = [sampling_env(marked)] * 2
    vector = AsyncVectorEnv(fns, num_workers=2)  # a warning would be an error
    serial = SyncVectorEnv(fns)
    assert_same(vector.reset(seed=3)[0]["eye"].shape, (2, 2))
    serial.reset(seed=3)
    actions = vector.action_space.sample()
    assert_same(vector.step(actions)[0], serial.step(actions)[0])
    vector.close()
    with pytest.warns(UserWarning, match="travel as pickled messages"):
        AsyncVectorEnv([sampling_env(Listed(0, 1, (2,)))] * 2).close()


def test_make_vec_finds_the_way_of_each_space():
    with pytest.warns(UserWarning, match="travel as pickled messages"):
        vector = gym.make_vec(env_class(OURS, "custom"), 2, "async")
    assert "vector_kwargs" not in vector.spec.kwargs
    assert type(vector.reset()[0]) is tuple
    vector.close()


class Bounded(Env):
    def __init__(self, high):
        self.observation_space = Box(0, high, (2,), np.float32)
        self.action_space = Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.high, {}

    def step(self, action):
        return self.observation_space.high, 0.0, False, False, {}


def bounded_fns():
    return [lambda high=high: Bounded(high) for high in (1, 2, 3)]


def test_observation_bounds_that_differ():
    with pytest.raises(RuntimeError, match="observation_mode='different'"):
        AsyncVectorEnv(bounded_fns(), num_workers=2)
    vector = AsyncVectorEnv(bounded_fns(), num_workers=2, observation_mode="different")
    assert vector.observation_space.high[:, 0].tolist() == [1, 2, 3]
    assert vector.reset()[0].tolist() == [[1, 1], [2, 2], [3, 3]]
    vector.close()
    single = Box(0, 9, (2,), np.float32)
    spaces = batch_space(single, 3), single
    vector = AsyncVectorEnv(bounded_fns(), num_workers=2, observation_mode=spaces)
    assert vector.observation_space is spaces[0]
    assert vector.single_observation_space is single
    vector.close()


def test_spaces_that_are_given_are_what_is_checked():
    single = Box(0, 1, (2,), np.float32)
    fns = [lambda: Bounded(1)] * 2
    vector = AsyncVectorEnv(fns, observation_space=single, action_space=Discrete(2))
    assert vector.single_observation_space == single
    vector.close()


def test_actions_of_another_dtype_reach_the_environments_as_they_are():
    vectors = [make_sync("box", 2), make_async("box", 2, num_workers=2)]
    for actions in ([1, 2], (3, 4), np.array([1.5, 2.5]), np.array([1, 2], np.int8)):
        results = []
        for vector in vectors:
            vector.reset(seed=3)
            results.append(vector.step(actions)[4]["action"].tolist())
        assert results[0] == results[1]
    vectors[1].close()
