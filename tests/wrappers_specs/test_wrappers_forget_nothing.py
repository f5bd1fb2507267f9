"""Every exported wrapper records every argument, and its spec builds the same wrapper again.

A wrapper that is new gets a row in `wrapper_table`; until then `test_every_wrapper_has_a_row`
fails and names it.
"""

import inspect
import warnings

import pytest
from wrapper_table import TABLE

import dromos as gym
from dromos import wrappers
from dromos.specs import same_value
from dromos.testing import report_on_wrapper
from dromos.testing.wrappers import forgotten_arguments
from dromos.utils import RecordConstructorArgs

EXPORTED = [name for name in wrappers.__all__ if inspect.isclass(getattr(wrappers, name))]

#: Those that write themselves into other fields of the spec than `additional_wrappers`.
OF_MAKE = {"OrderEnforcing", "PassiveEnvChecker", "TimeLimit"}


@pytest.fixture(autouse=True)
def no_screen(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def parameters(name):
    """The constructor's parameters but env, by name."""
    found = list(inspect.signature(getattr(wrappers, name).__init__).parameters.values())[2:]
    return {p.name: p for p in found}


def built(name, row):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a folder that is there already
        return getattr(wrappers, name)(row.env(), **row.kwargs)


def test_every_wrapper_has_a_row():
    assert sorted(TABLE) == sorted(EXPORTED)


@pytest.mark.parametrize("name", EXPORTED)
def test_the_row_gives_every_argument(name):
    assert set(TABLE[name].kwargs) == set(parameters(name))


@pytest.mark.parametrize("name", EXPORTED)
def test_every_argument_is_recorded_and_rebuilt(name):
    row = TABLE[name]
    env = built(name, row)
    assert isinstance(env, RecordConstructorArgs)
    assert forgotten_arguments(env) == []
    for argument, value in row.kwargs.items():
        assert same_value(env._saved_kwargs[argument], value), argument
    text = env.spec.to_json()
    again = type(env.spec).from_json(text)
    assert again.to_json() == text
    for spec in (env.spec, again):
        if name not in OF_MAKE:
            assert spec.additional_wrappers[-1].name == name
            assert set(spec.additional_wrappers[-1].kwargs) == set(row.kwargs)
        assert_rebuilds(env, spec, row)
    env.close()


def assert_rebuilds(env, spec, row):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        again = spec.make()
    assert str(again) == str(env)
    assert type(again) is type(env)
    assert again.observation_space == env.observation_space
    assert again.action_space == env.action_space
    assert again.spec == env.spec
    assert same_value(again._saved_kwargs, env._saved_kwargs)
    again.close()


@pytest.mark.parametrize("name", EXPORTED)
@pytest.mark.filterwarnings("ignore:.*Overwriting existing videos.*:UserWarning")
def test_every_wrapper_keeps_the_contract(name):
    row = TABLE[name]
    if not row.steps:
        assert forgotten_arguments(built(name, row)) == []
        return
    report = report_on_wrapper(
        getattr(wrappers, name),
        row.env,
        row.kwargs,
        keeps_across_resets=row.keeps,
        ignored_infos=("episode", "stats"),  # these tell wall time
    )
    assert not report.errors, str(report)


def test_a_wrapper_that_forgets_is_found():
    class Forgets(gym.Wrapper, RecordConstructorArgs):
        def __init__(self, env, kept, forgotten=1):
            RecordConstructorArgs.__init__(self, kept=kept)
            gym.Wrapper.__init__(self, env)

    assert forgotten_arguments(Forgets(gym.make("CartPole-v1"), 2, 3)) == ["forgotten"]
