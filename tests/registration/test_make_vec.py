"""`make_vec`: modes, arguments, and the specification of a vector."""

import warnings

import gymnasium
import numpy as np
import pytest
from sample_envs import Halved, Line, LineVector, Peer, Scaled

import dromos as gym
from dromos import error
from dromos.envs.registration import EnvSpec, register
from dromos.vector import AutoresetMode, SyncVectorEnv


@pytest.fixture(autouse=True)
def _lines():
    line, vector = "sample_envs:Line", "sample_envs:LineVector"
    register("Line-v0", line, max_episode_steps=5, vector_entry_point=vector)
    register("Single-v0", line, max_episode_steps=5)
    register("Vector-v0", vector_entry_point=LineVector)


def test_the_default_mode_is_the_class_made_for_it():
    envs = gym.make_vec("Line-v0", num_envs=3)
    assert type(envs) is LineVector
    assert envs.num_envs == 3
    assert envs.max_episode_steps == 5


def test_without_such_a_class_copies_are_stepped():
    envs = gym.make_vec("Single-v0", 3)
    assert type(envs) is SyncVectorEnv
    assert envs.num_envs == 3
    assert all("<TimeLimit<OrderEnforcing<PassiveEnvChecker" in str(env) for env in envs.envs)


@pytest.mark.parametrize("mode", ["sync", gym.VectorizeMode.SYNC])
def test_a_mode_by_name_or_member(mode):
    envs = gym.make_vec("Line-v0", num_envs=2, vectorization_mode=mode, length=4)
    assert type(envs) is SyncVectorEnv
    assert envs.get_attr("spec") is not None
    assert [env.unwrapped.length for env in envs.envs] == [4, 4]


def test_an_unknown_mode_is_answered_with_the_known_ones():
    with pytest.raises(
        ValueError, match=r"^Invalid vectorization mode: 'zzz', valid modes"
    ) as ours:
        gym.make_vec("Line-v0", vectorization_mode="zzz")
    gymnasium.register("Line-v0", Peer.Line)
    with pytest.raises(ValueError, match="zzz") as theirs:
        gymnasium.make_vec("Line-v0", vectorization_mode="zzz")
    assert str(ours.value).replace("'ray', ", "") == str(theirs.value)


def test_a_mode_the_environment_does_not_have():
    with pytest.raises(error.Error, match="Single-v0 because it doesn't have a vector entry"):
        gym.make_vec("Single-v0", vectorization_mode="vector_entry_point")
    with pytest.raises(error.Error, match="Vector-v0 because it doesn't have an entry point"):
        gym.make_vec("Vector-v0", vectorization_mode="sync")


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", None])
def test_the_number_of_environments(count):
    with pytest.raises(error.Error, match="num_envs must be an integer of at least 1, got"):
        gym.make_vec("Line-v0", num_envs=count)
    assert gym.make_vec("Line-v0", num_envs=np.int64(2)).num_envs == 2


def test_arguments_of_the_vector_class():
    envs = gym.make_vec(
        "Line-v0",
        2,
        vector_kwargs={"num_threads": 3},
        params={"gravity": 1.0},
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    assert envs.kwargs == {
        "num_threads": 3,
        "params": {"gravity": 1.0},
        "autoreset_mode": AutoresetMode.SAME_STEP,
    }
    with pytest.raises(error.Error, match=r"given \['params'\] both as arguments and in vector"):
        gym.make_vec("Line-v0", 2, vector_kwargs={"params": 1}, params=2)


def test_an_argument_the_vector_class_does_not_take():
    def make_lines(num_envs, threads=1):
        return LineVector(num_envs)

    register("Lines-v0", vector_entry_point=make_lines)
    with pytest.raises(TypeError, match=r"'thread' .* for Lines-v0 .* takes: num_envs, threads$"):
        gym.make_vec("Lines-v0", thread=2)


def test_the_users_dictionaries_stay_as_they_are():
    arguments = {"params": {"gravity": 1.0}, "vector_kwargs": {"num_threads": 3}}
    gym.make_vec("Line-v0", 2, **arguments)
    assert arguments == {"params": {"gravity": 1.0}, "vector_kwargs": {"num_threads": 3}}
    assert gym.spec("Line-v0").kwargs == {}


def test_wrappers_are_put_around_every_copy():
    envs = gym.make_vec("Single-v0", 2, wrappers=[Halved, lambda env: Scaled(env, factor=8.0)])
    assert all(str(env).startswith("<Scaled<Halved<TimeLimit<") for env in envs.envs)
    envs.reset(seed=0)
    assert envs.step([1, 1])[1].tolist() == [4.0, 4.0]


def test_a_vector_class_has_no_single_environment_to_wrap():
    with pytest.raises(error.Error, match="mode with the wrappers argument"):
        gym.make_vec("Line-v0", wrappers=[Halved])
    register(
        "Wrapped-v0", vector_entry_point=LineVector, additional_wrappers=[Halved.wrapper_spec()]
    )
    with pytest.raises(error.Error, match="mode with the additional_wrappers"):
        gym.make_vec("Wrapped-v0")


def test_a_class_need_not_be_registered():
    envs = gym.make_vec(Line, num_envs=2, length=3)
    assert repr(envs) == "SyncVectorEnv(Line, num_envs=2)"


VECTORS = [
    ("Line-v0", {"num_envs": 3, "num_threads": 2}),
    ("Line-v0", {"num_envs": 2, "autoreset_mode": AutoresetMode.DISABLED}),
    ("Line-v0", {"num_envs": 2, "params": {"gravity": np.array([1.0, 2.0])}}),
    ("Single-v0", {"num_envs": 2, "length": 3}),
    ("Single-v0", {"vector_kwargs": {"autoreset_mode": AutoresetMode.SAME_STEP}}),
    ("Single-v0", {"num_envs": 2, "wrappers": [Halved]}),
]


@pytest.mark.parametrize(("env_id", "arguments"), VECTORS)
def test_the_specification_builds_the_vector_again(env_id, arguments):
    envs = gym.make_vec(env_id, **arguments)
    for spec in (envs.spec, EnvSpec.from_json(envs.spec.to_json())):
        again = gym.make_vec(spec)
        assert repr(again) == repr(envs)
        assert again.spec == envs.spec
        assert again.metadata == envs.metadata
        if env_id == "Single-v0":
            assert [str(env) for env in again.envs] == [str(env) for env in envs.envs]


@pytest.mark.parametrize(
    "arguments",
    [{}, {"num_envs": 3}, {"num_envs": 2, "length": 7}, {"vector_kwargs": {"copy": False}}],
)
def test_the_specification_says_what_the_peers_says(arguments):
    gymnasium.register("Single-v0", Peer.Line, max_episode_steps=5)
    ours = gym.make_vec("Single-v0", **arguments).spec
    theirs = gymnasium.make_vec("Single-v0", **arguments).spec
    assert ours.kwargs == theirs.kwargs
    assert ours.pprint(True, print_all=False) == theirs.pprint(True, print_all=False)


@pytest.mark.parametrize("metadata", [{}, {"autoreset_mode": "NextStep"}])
def test_metadata_without_an_autoreset_mode_give_a_warning(metadata):
    register("Odd-v0", vector_entry_point=type("Odd", (LineVector,), {"metadata": metadata}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gym.make_vec("Odd-v0")
    assert len(caught) == 1
    assert "autoreset" in str(caught[0].message).lower()


def test_copies_in_worker_processes():
    vector = gym.make_vec("Single-v0", num_envs=2, vectorization_mode="async")
    assert type(vector.unwrapped).__name__ == "AsyncVectorEnv"
    vector.reset(seed=1)
    vector.step(vector.action_space.sample())
    vector.close()


@pytest.mark.parametrize("mode", [None, "sync", "async"])
def test_parameters_of_each_lane_are_said_alike_to_every_kind(mode):
    params = {"gravity": [9.81, 1.62, 3.71], "length": 0.7, "masscart": np.array([1.0, 2.0, 3.0])}
    vector = gym.make_vec("CartPole-v1", 3, mode, params=params)
    with vector, gym.make_vec(vector.spec) as twin:
        for envs in (vector, twin):
            assert envs.get_attr("gravity") == (9.81, 1.62, 3.71)
            assert envs.get_attr("length") == (0.7,) * 3
            assert envs.get_attr("masscart") == (1.0, 2.0, 3.0)
    with pytest.raises(ValueError, match="gravity"):
        gym.make_vec("CartPole-v1", 3, mode, params={"gravity": [1.0, 2.0]})
    with pytest.raises(TypeError, match="unexpected keyword argument 'gravitas'"):
        gym.make_vec("CartPole-v1", 2, mode, params={"gravitas": [1.0, 2.0]})


@pytest.mark.parametrize("mode", [None, "async"])
def test_parameters_of_environments_in_python(mode):
    with gym.make_vec("Single-v0", 2, mode, params={"length": [3, 7]}) as envs:
        assert envs.get_attr("length") == (3, 7)


def test_a_constructor_keeps_its_own_params():
    class Own(Line):
        def __init__(self, params=None, render_mode=None):
            super().__init__(render_mode)
            self.given = params

    register("Own-v0", Own)
    assert gym.make_vec("Own-v0", 2, params={"a": [1]}).get_attr("given") == ({"a": [1]},) * 2


@pytest.mark.filterwarnings("ignore:.*env_kwargs=.* steps copies:UserWarning")
@pytest.mark.parametrize("mode", [None, "sync", "async"])
def test_copies_with_arguments_of_their_own(mode):
    gravities = [9.81, 1.62, 3.71]
    vector = gym.make_vec(
        "CartPole-v1",
        3,
        mode,
        env_kwargs=[{"gravity": gravity} for gravity in gravities],
        length=0.7,
    )
    assert vector.get_attr("gravity") == tuple(gravities)
    assert vector.get_attr("length") == (0.7,) * 3
    twin = gym.make_vec(vector.spec)
    assert twin.get_attr("gravity") == tuple(gravities)
    vector.close()
    twin.close()


def test_a_faster_kind_is_not_given_up_in_silence():
    with pytest.warns(UserWarning, match=r"env_kwargs=\.\.\.\) steps copies one by one") as told:
        gym.make_vec("CartPole-v1", 1, env_kwargs=[{}])
    assert "params={name:" in f"{told[0].message}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gym.make_vec("CartPole-v1", 1, "sync", env_kwargs=[{}])


def test_arguments_for_other_copies_than_there_are():
    with pytest.raises(error.Error, match=r"one dict for each of num_envs=3 .* got 2"):
        gym.make_vec("CartPole-v1", 3, "sync", env_kwargs=[{}, {}])
    with pytest.raises(error.Error, match="there are no single copies"):
        gym.make_vec("CartPole-v1", 1, "vector_entry_point", env_kwargs=[{}])


def wrap_the_second(env, index):
    return gym.wrappers.TimeLimit(env, 7) if index == 1 else env


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_wrappers_on_some_copies_only(mode):
    vector = gym.make_vec("CartPole-v1", 3, mode, wrappers=wrap_the_second)
    assert vector.get_attr("_max_episode_steps") == (500, 7, 500)
    assert vector.spec.kwargs["wrappers"] is wrap_the_second
    vector.close()
