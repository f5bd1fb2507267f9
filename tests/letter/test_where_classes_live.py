"""Classes name their public home: that of the alias under it, ours without it."""

import pickle
import subprocess
import sys

import gymnasium
import pytest

import dromos
import dromos.wrappers.vector
from dromos.snapshot import Snapshot

HOMES = {
    "core": ["Env", "Wrapper", "ObservationWrapper", "ActionWrapper", "RewardWrapper"],
    "vector.vector_env": [
        "VectorEnv",
        "VectorWrapper",
        "VectorObservationWrapper",
        "VectorActionWrapper",
        "VectorRewardWrapper",
        "AutoresetMode",
    ],
    "vector.sync_vector_env": ["SyncVectorEnv"],
    "vector.async_vector_env": ["AsyncVectorEnv"],
    "wrappers.common": ["TimeLimit", "OrderEnforcing", "PassiveEnvChecker", "Autoreset"],
    "wrappers.stateful_observation": ["FrameStackObservation", "NormalizeObservation"],
    "envs.registration": ["EnvSpec", "WrapperSpec"],
    "spaces.box": ["Box"],
    "spaces.space": ["Space"],
    "spaces.graph": ["Graph", "GraphInstance"],
    "error": ["Error", "ResetNeeded", "CustomSpaceError", "DeprecatedWrapper"],
    "envs.classic_control.cartpole": ["CartPoleEnv"],
    "utils.record_constructor": ["RecordConstructorArgs"],
}


def under_the_alias(program, api="1.4"):
    """Return what a program prints in a process of its own whose gymnasium is dromos."""
    start = f"from dromos.compat.gymnasium import install; install({api!r})\n"
    done = subprocess.run([sys.executable, "-c", start + program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("module", HOMES)
def test_without_the_alias(module):
    for name in HOMES[module]:
        parts = __import__(f"dromos.{module}", fromlist=[name])
        assert getattr(parts, name).__module__ == f"dromos.{module}"
        assert getattr(gymnasium_module(module), name).__module__ == f"gymnasium.{module}"


def gymnasium_module(module):
    return __import__(f"gymnasium.{module}", fromlist=["x"])


def test_under_the_alias():
    under_the_alias(
        f"""
import importlib, dromos.wrappers.vector  # some modules before, some after
for module, names in {HOMES!r}.items():
    for name in names:
        cls = getattr(importlib.import_module("gymnasium." + module), name)
        assert cls.__module__ == "gymnasium." + module, (cls, module)
        assert cls is getattr(importlib.import_module("dromos." + module), name)
"""
    )


@pytest.mark.parametrize("api", ["1.4", "1.3", "0.29"])
def test_picklers_find_every_class(api):
    """By module and name, in the dialects whose modules have other classes of the name, too."""
    said = under_the_alias(
        """
import gymnasium, importlib, operator
import dromos.vector, dromos.wrappers.vector, dromos.envs.box2d, dromos.envs.mujoco
from dromos import homes
found = set(homes._roots)
waiting = list(found)
while waiting:
    waiting = [sub for cls in waiting for sub in type.__subclasses__(cls) if sub not in found]
    found.update(waiting)
ours = [c for c in found if c.__module__.startswith(("gymnasium.", "dromos."))]
for cls in ours:
    module = importlib.import_module(cls.__module__)
    assert operator.attrgetter(cls.__qualname__)(module) is cls, cls
print(len(ours), sum(cls.__module__.startswith("gymnasium.") for cls in ours))
""",
        api,
    )
    every, named = map(int, said.split())
    assert every >= named > 60


def test_clients_recognise_environments_by_their_bases():
    """As skrl's `wrap_env` does, of the environment and of what is in it."""
    under_the_alias(
        """
import gymnasium
made = [gymnasium.make(i) for i in ("CartPole-v1", "FrozenLake-v1", "Taxi-v4", "Pendulum-v1")]
made += [gymnasium.make_vec("CartPole-v1", 2, vectorization_mode=m) for m in (None, "sync")]
made.append(gymnasium.wrappers.FlattenObservation(made[0]))
made.append(gymnasium.wrappers.vector.RecordEpisodeStatistics(made[4]))
for env in made:
    for each in (env, env.unwrapped):
        bases = [str(base) for base in type(each).__bases__]
        assert any("gymnasium." in base for base in bases), bases
        ours = [c for c in type(each).__mro__ if c.__module__.startswith("dromos.")]
        assert not ours, ours
"""
    )


PROGRAM = """
import pickle, sys, dromos
env = dromos.wrappers.NormalizeReward(dromos.make("CartPole-v1"))
env.reset(seed=3); env.step(0)
space = dromos.spaces.Dict(a=dromos.spaces.Box(-1, 1, (2,)), b=dromos.spaces.Discrete(3))
sys.stdout.buffer.write(pickle.dumps({
    "env": pickle.dumps((env, space, dromos.vector.AutoresetMode.SAME_STEP)),
    "json": env.spec.to_json(),
    "snapshot": env.snapshot().to_bytes(),
    "space": space.to_json(),
}))
"""


def look(saved):
    env, space, mode = pickle.loads(saved["env"])
    assert mode is dromos.vector.AutoresetMode.SAME_STEP
    assert space == dromos.spaces.Space.from_json(saved["space"])
    other = dromos.make(dromos.envs.registration.EnvSpec.from_json(saved["json"]))
    other.restore(Snapshot.from_bytes(saved["snapshot"]))
    assert str(other) == str(env)
    assert (env.step(1)[0] == other.step(1)[0]).all()


def test_what_is_written_here_is_read_under_the_alias(tmp_path):
    file = tmp_path / "saved"
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    file.write_bytes(done.stdout)
    look(pickle.loads(done.stdout))
    under_the_alias(
        f"""
import pickle, sys; sys.path.insert(0, {str(__import__("pathlib").Path(__file__).parent)!r})
from test_where_classes_live import look
look(pickle.load(open({str(file)!r}, "rb")))
"""
    )


def test_what_is_written_under_the_alias_is_read_here(tmp_path):
    saved = pickle.loads(under_the_alias(PROGRAM))
    env = dromos.make(dromos.envs.registration.EnvSpec.from_json(saved["json"]))
    env.restore(Snapshot.from_bytes(saved["snapshot"]))
    assert "NormalizeReward<" in str(env)
    assert "gymnasium" not in saved["json"]
    file = tmp_path / "saved"
    file.write_bytes(saved["env"])
    under_the_alias(f"import pickle; pickle.load(open({str(file)!r}, 'rb'))[0].step(0)")


def test_spaces_pickled_by_gymnasium_load_under_the_alias(tmp_path):
    """As in models that Stable-Baselines3 saved."""
    file = tmp_path / "spaces"
    spaces = [gymnasium.spaces.Box(-1, 1, (2,)), gymnasium.spaces.Discrete(3)]
    file.write_bytes(pickle.dumps(spaces))
    under_the_alias(
        f"""
import pickle, dromos
box, discrete = pickle.load(open({str(file)!r}, "rb"))
assert box == dromos.spaces.Box(-1, 1, (2,)) and discrete == dromos.spaces.Discrete(3)
"""
    )
