"""Environments and vectors of the two libraries, given to each other."""

import pickle

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import dromos
from dromos import error, spaces
from dromos.compat.gymnasium import from_gymnasium, to_gymnasium
from dromos.compat.gymnasium.spaces import convert_space, convert_value
from dromos.vector import AutoresetMode

SPACES = [
    spaces.Box(-1.0, np.array([1.0, np.inf]), dtype=np.float64),
    spaces.Discrete(5, start=-2),
    spaces.Discrete(3, dtype=np.int32),
    spaces.MultiBinary([2, 3]),
    spaces.MultiDiscrete([[3, 4], [5, 6]], start=[[1, 0], [0, 2]], dtype=np.int32),
    spaces.Text(7, min_length=2, charset="zyxab"),
    spaces.Dict({"b": spaces.Discrete(2), "a": spaces.Box(0, 1, (2,))}, sort_keys=False),
    spaces.Tuple([spaces.Discrete(4), spaces.Tuple([spaces.MultiBinary(3)])]),
    spaces.Sequence(spaces.Box(0, 255, (2,), np.uint8), stack=True),
    spaces.Sequence(spaces.Discrete(9)),
    spaces.Graph(spaces.Box(-1, 1, (3,)), spaces.Discrete(4)),
    spaces.Graph(spaces.Discrete(4), None),
    spaces.OneOf([spaces.Discrete(2), spaces.Graph(spaces.Discrete(3), None)]),
]


def same(ours, theirs):
    """Compare samples that differ at most in which library's graphs they hold."""
    if type(ours).__name__ == "GraphInstance":
        return type(theirs).__name__ == "GraphInstance" and all(map(same, ours, theirs))
    if isinstance(ours, dict):
        return list(ours) == list(theirs) and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, tuple):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, np.ndarray):
        return ours.dtype == theirs.dtype and np.array_equal(ours, theirs)
    return ours == theirs


@pytest.mark.parametrize("space", SPACES, ids=str)
def test_spaces_are_equal_and_draw_the_same(space):
    space.seed(7)
    space.sample()
    theirs = convert_space(space, gymnasium.spaces)
    assert isinstance(theirs, gymnasium.Space)
    back = convert_space(theirs, spaces)
    assert back == space
    assert type(back) is type(space)
    for _ in range(3):
        ours = space.sample()
        assert same(ours, theirs.sample())
        assert theirs.contains(convert_value(space, ours, gymnasium.spaces))
        assert space.contains(convert_value(theirs, theirs.sample(), spaces))
        space.sample()
    assert convert_space(theirs, gymnasium.spaces) is theirs


def test_a_space_of_the_users_own_is_refused():
    class Grid(spaces.Box):
        pass

    with pytest.raises(error.CustomSpaceError, match=r"Grid.*expected one of Box"):
        convert_space(spaces.Dict({"grid": Grid(0, 1, (2, 2))}), gymnasium.spaces)


def test_an_environment_of_ours_passes_gymnasiums_check():
    env = to_gymnasium(dromos.make("Acrobot-v1", render_mode="rgb_array").unwrapped)
    assert isinstance(env, gymnasium.Env)
    check_env(env, skip_render_check=True)
    env.close()


@pytest.mark.parametrize(
    ("make", "convert"), [(dromos.make, to_gymnasium), (gymnasium.make, from_gymnasium)]
)
def test_a_converted_environment_gives_the_same_episode(make, convert):
    plain, converted = make("Acrobot-v1"), convert(make("Acrobot-v1"))
    assert np.array_equal(converted.reset(seed=3)[0], plain.reset(seed=3)[0])
    assert converted.np_random_seed == 3
    for action in (0, 1, 2, 2, 0):
        mine, other = converted.step(action), plain.step(action)
        assert np.array_equal(mine[0], other[0])
        assert mine[1:] == other[1:]
    assert converted.np_random.random() == plain.np_random.random()
    assert converted.spec.id == "Acrobot-v1"
    assert converted.spec.max_episode_steps == 500
    assert convert is to_gymnasium or isinstance(converted, dromos.Env)


@pytest.mark.parametrize(
    ("library", "other", "convert"),
    [(dromos, gymnasium, to_gymnasium), (gymnasium, dromos, from_gymnasium)],
)
def test_a_specification_builds_the_converted_environment(library, other, convert):
    converted = convert(
        library.make("CartPole-v1", render_mode="rgb_array", sutton_barto_reward=True)
    )
    again = other.make(converted.spec)
    assert type(again.unwrapped) is type(converted)
    assert again.render_mode == "rgb_array"
    assert again.unwrapped.inner.unwrapped.spec.kwargs["sutton_barto_reward"] is True
    again.reset(seed=1)
    assert again.render().shape == (400, 600, 3)


@pytest.mark.parametrize("mode", ["sync", "vector_entry_point"])
@pytest.mark.parametrize(
    ("library", "other", "convert"),
    [(dromos, gymnasium, to_gymnasium), (gymnasium, dromos, from_gymnasium)],
)
def test_a_specification_builds_the_converted_vector(library, other, convert, mode):
    converted = convert(
        library.make_vec("CartPole-v1", 3, vectorization_mode=mode, sutton_barto_reward=True)
    )
    again = other.make_vec(converted.spec)
    for _ in range(2):
        assert type(again) is type(converted)
        assert type(again.inner) is type(converted.inner)
        assert again.num_envs == 3
        again.reset(seed=1)
        assert again.step(np.ones(3, np.int64))[1].tolist() == [0.0, 0.0, 0.0]
        again = other.make_vec(again.spec)


def test_both_ways_is_no_way():
    ours, theirs = dromos.make("CartPole-v1"), gymnasium.make("CartPole-v1")
    assert from_gymnasium(to_gymnasium(ours)) is ours
    assert to_gymnasium(from_gymnasium(theirs)) is theirs
    vector = dromos.make_vec("CartPole-v1", 2)
    assert from_gymnasium(to_gymnasium(vector)) is vector


def test_attributes_and_random_numbers_reach_through():
    env = to_gymnasium(dromos.make("CartPole-v1"))
    assert env.get_wrapper_attr("gravity") == 9.8
    assert env.set_wrapper_attr("gravity", 1.5)
    assert env.inner.unwrapped.gravity == 1.5
    assert not env.has_wrapper_attr("levity")
    generator = np.random.default_rng(1)
    env.np_random = generator
    assert env.inner.unwrapped.np_random is generator
    back = from_gymnasium(gymnasium.make("CartPole-v1"))
    back.set_wrapper_attr("gravity", 2.5)
    back.np_random = generator
    assert back.inner.unwrapped.gravity == back.gravity == 2.5
    assert back.inner.unwrapped.np_random is generator


@pytest.mark.parametrize(
    ("make_vec", "convert"), [(dromos.make_vec, to_gymnasium), (gymnasium.make_vec, from_gymnasium)]
)
def test_random_numbers_of_vectors_are_those_of_the_lanes(make_vec, convert):
    converted = convert(make_vec("CartPole-v1", 2, vectorization_mode="sync"))
    converted.reset(seed=4)
    assert converted.np_random_seed == converted.inner.np_random_seed == (4, 5)
    first, second = converted.inner.envs
    assert converted.np_random[0] is first.unwrapped.np_random
    assert converted.np_random[1] is second.unwrapped.np_random


def test_errors_become_the_other_librarys():
    with pytest.raises(gymnasium.error.ResetNeeded, match="reset"):
        to_gymnasium(dromos.make("CartPole-v1")).step(0)
    with pytest.raises(error.ResetNeeded, match="reset"):
        from_gymnasium(gymnasium.make("CartPole-v1")).step(0)
    with pytest.raises(KeyError, match="no such start"):
        to_gymnasium(Forest()).reset(options={"start": "no such start"})


def test_wrappers_of_the_other_library_fit():
    env = gymnasium.wrappers.RecordEpisodeStatistics(to_gymnasium(dromos.make("CartPole-v1")))
    env.reset(seed=0)
    terminated = False
    while not terminated:
        *_, terminated, truncated, info = env.step(1)
    assert info["episode"]["l"] > 5
    assert not truncated
    ours = dromos.wrappers.TimeLimit(from_gymnasium(gymnasium.make("Pendulum-v1")), 3)
    ours.reset(seed=0)
    assert [ours.step(np.zeros(1, np.float32))[3] for _ in range(3)] == [False, False, True]


def test_a_converted_environment_pickles():
    env = to_gymnasium(dromos.make("CartPole-v1"))
    env.reset(seed=5)
    copy = pickle.loads(pickle.dumps(env))
    assert np.array_equal(copy.step(1)[0], env.step(1)[0])


class Forest(dromos.Env):
    observation_space = spaces.Dict(tree=spaces.Graph(spaces.Discrete(5), None))
    action_space = spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if options:
            raise KeyError(options["start"])
        return self.observation_space.sample(), {}


def test_graphs_are_the_other_librarys():
    observation, _ = to_gymnasium(Forest()).reset(seed=0)
    assert isinstance(observation["tree"], gymnasium.spaces.GraphInstance)
    again, _ = from_gymnasium(gymnasium.Wrapper(to_gymnasium(Forest()))).reset(seed=0)
    assert isinstance(again["tree"], spaces.GraphInstance)


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_vectors_give_the_same_steps(mode):
    ours = dromos.make_vec("CartPole-v1", 3, vector_kwargs={"autoreset_mode": mode})
    theirs = to_gymnasium(dromos.make_vec("CartPole-v1", 3, vector_kwargs={"autoreset_mode": mode}))
    assert isinstance(theirs, gymnasium.vector.VectorEnv)
    assert theirs.metadata["autoreset_mode"] is gymnasium.vector.AutoresetMode(mode)
    assert theirs.observation_space == convert_space(ours.observation_space, gymnasium.spaces)
    assert np.array_equal(theirs.reset(seed=4)[0], ours.reset(seed=4)[0])
    for _ in range(30):
        actions = ours.action_space.sample()
        for mine, other in zip(ours.step(actions)[:4], theirs.step(actions)[:4], strict=True):
            assert np.array_equal(mine, other)
    assert theirs.get_attr("gravity") == (9.8, 9.8, 9.8)
    theirs.close()
    assert theirs.inner.closed


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_a_vector_of_theirs_tells_its_transitions(mode):
    theirs = gymnasium.vector.SyncVectorEnv(
        [lambda: gymnasium.make("CartPole-v1")] * 3,
        autoreset_mode=gymnasium.vector.AutoresetMode(mode.value),
    )
    reference = dromos.make_vec("CartPole-v1", 3, vector_kwargs={"autoreset_mode": mode})
    converted = from_gymnasium(theirs)
    assert converted.metadata["autoreset_mode"] is mode
    with pytest.raises(error.ResetNeeded):
        _ = converted.final_obs
    converted.reset(seed=4)
    reference.reset(seed=4)
    for _ in range(40):
        converted.send(actions := reference.action_space.sample())
        *_, terminations, truncations, infos = converted.recv()
        assert infos["lane_ids"].tolist() == [0, 1, 2]
        reference.step(actions)
        np.testing.assert_allclose(converted.final_obs, reference.final_obs, rtol=1e-5)
        assert np.array_equal(converted.valid_transition, reference.valid_transition)
        if mode is AutoresetMode.DISABLED and (ended := terminations | truncations).any():
            for vector in (converted, reference):
                vector.reset(options={"reset_mask": ended}, seed=[9, 9, 9])
    converted.close()


def test_a_vector_of_theirs_refuses_what_it_cannot_do():
    converted = from_gymnasium(gymnasium.make_vec("CartPole-v1", 2))
    converted.reset(seed=0)
    with pytest.raises(TypeError, match=r"expected one dict for all lanes, found \[\{"):
        converted.reset(options=[{"low": 0.0}, {}])
    with pytest.raises(error.NoAsyncCallError):
        converted.recv()
    with pytest.raises(ValueError, match="all lanes at once"):
        converted.send(np.zeros(1, int), [1])
    converted.send(np.zeros(2, int))
    with pytest.raises(error.AlreadyPendingCallError):
        converted.send(np.zeros(2, int))


def test_other_things_are_refused():
    with pytest.raises(TypeError, match=r"Expected a `dromos.Env`.*got <class 'int'>"):
        to_gymnasium(3)
    with pytest.raises(TypeError, match=r"Expected a `gymnasium.Env`"):
        from_gymnasium(dromos.make("CartPole-v1"))
