"""Each public name of Gymnasium's modules, classes and objects is ours too, or has its reason."""

import fnmatch
import importlib
import inspect
import pkgutil
import subprocess
import sys
import types
import typing
import warnings

import gymnasium
import gymnasium.utils.play
import gymnasium.vector.utils
import gymnasium.wrappers.vector
import numpy as np
import pytest
from wrapper_twins import ACTIONS, OBSERVATIONS, OURS, PEER, VECTOR_OBSERVATIONS, arrays, make_twin

import dromos
import dromos.utils.play
import dromos.wrappers.vector

pytestmark = pytest.mark.filterwarnings("ignore")

FAMILIES = "of a family of environments that has its own tests"
PICTURES = "pictures are drawn on a canvas of ours: there is no surface, picture or measure to read"
CARDS = "the rules of the cards are written once, in the core"
#: What is absent, as patterns of ``module.Class.name``, and why.
ABSENT = {
    "gymnasium.envs.mujoco*": FAMILIES,
    "gymnasium.envs.box2d*": FAMILIES,
    "gymnasium.notifications": "notices to users of that library's releases",
    "gymnasium.utils.save_video*": "cannot be imported without moviepy; tests/wrappers_recording",
    "gymnasium.envs.classic_control.acrobot.*": "the dynamics are written once, in the core",
    "gymnasium.envs.toy_text.blackjack.[A-Z]*": PICTURES,
    "gymnasium.envs.toy_text.blackjack.draw_table": PICTURES,
    "gymnasium.envs.toy_text.blackjack.*": CARDS,
    "gymnasium.envs.toy_text.cliffwalking.[A-Z]*": PICTURES,
    "gymnasium.envs.toy_text.taxi.[A-Z]*": PICTURES,
    "gymnasium.envs.phys2d*": "tests/functional, which need JAX",
    "gymnasium.envs.tabular*": "tests/functional, which need JAX",
    "gymnasium.experimental*": "tests/functional, which need JAX",
    "gymnasium.envs.functional_jax_env*": "tests/functional, which need JAX",
    "gymnasium.vector.utils.shared_memory.typecodes": "the codes of `ctypes`, imported there",
}
#: The same of the attributes of objects, by the kind of object.
ABSENT_ATTRIBUTES = {
    "DelayObservation.observation_queue": "late observations are rows of one array",
    "FrameStackObservation.*": "stacked observations are rows of one array",
    "Discretize*": "the bins belong to the rule; `revert_*` gives their middles",
    "ResizeObservation.cv2_shape": "no OpenCV is used",
    "StickyAction.*": "how far a repetition is, which `last_action` does not need",
    "vector.*.same_out": "whole batches are changed at once: there is no buffer a lane",
    "vector.*.out": "whole batches are changed at once: there is no buffer a lane",
    "vector.RecordEpisodeStatistics.prev_dones": "the vector says which lanes made a step",
    "AddRenderObservation.func": "what is shown is drawn, not made of the observation",
    "HumanRendering.clock": "the window keeps the time",
    "ObstructView.obstruction_centers_ratio": "there are as many as the ratio asks for",
    "*-v?.screen": PICTURES,
    "*-v?.clock": PICTURES,
    "*-v?.window*": PICTURES,
    "*-v?.*_img*": PICTURES,
    "*-v?.cell_size": PICTURES,
    "Taxi-v4.locs_colors": PICTURES,
    "native.*": "lanes have parameters and states of their own: `get_params`, `snapshot`",
    "async.*": "workers are reached through shared memory, not through pipes and queues",
}


def reason(name, table):
    return next((why for known, why in table.items() if fnmatch.fnmatch(name, known)), None)


def modules():
    yield gymnasium.__name__
    for module in pkgutil.walk_packages(gymnasium.__path__, "gymnasium.", onerror=lambda _: None):
        yield module.name


def is_told(module, name, value):
    """Return whether a name belongs to a module, and is not an import of it or a type variable."""
    if name.startswith("_") or isinstance(value, (types.ModuleType, typing.TypeVar)):
        return False
    if name in ("TYPE_CHECKING",) or type(value).__name__ in ("TypeVar", "ParamSpec"):
        return False
    home = getattr(value, "__module__", None)
    if inspect.isclass(value) or inspect.isfunction(value):
        return home == module.__name__ or name in getattr(module, "__all__", ())
    return isinstance(value, (int, float, str, dict, list, tuple)) and not name.startswith("__")


@pytest.mark.parametrize("name", [n for n in modules() if not reason(n, ABSENT)])
def test_modules_and_classes(name):
    peer = importlib.import_module(name)
    ours = importlib.import_module(name.replace("gymnasium", "dromos", 1))
    absent = []
    for key, value in vars(peer).items():
        if not is_told(peer, key, value) or key in ("pi",):
            continue
        if not hasattr(ours, key):
            absent.append(f"{name}.{key}")
        elif inspect.isclass(value) and value.__module__ == name:
            members = [member for member in dir(value) if not member.startswith("_")]
            absent += [
                f"{name}.{key}.{member}"
                for member in members
                if not hasattr(getattr(ours, key), member)
            ]
    reasons = {full: reason(full, ABSENT) for full in absent}
    assert [full for full, why in reasons.items() if why is None] == []


def test_modules_that_are_there_after_one_import():
    """Programs write ``gym.wrappers.common.TimeLimit`` with nothing but ``import gymnasium``."""
    listing = (
        "import sys, gymnasium; print(*[n for n in sys.modules if n.startswith('gymnasium.')])"
    )
    there = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(there) > 30
    wanted = [name.replace("gymnasium", "dromos", 1) for name in there]
    program = f"""
import dromos
for name in {wanted!r}:
    value = dromos
    for part in name.split(".")[1:]:
        value = getattr(value, part)
    assert value.__name__.startswith(name) or callable(value), (name, value)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def cart(lib, **kwargs):
    return lib.gym.make("CartPole-v1", render_mode="rgb_array", **kwargs)


def twins(lib, **spaces):
    return lib.gym.vector.SyncVectorEnv([lambda: make_twin(lib, **spaces)] * 2)


OBJECTS = {
    **{
        name: lambda lib, n=name, k=kwargs, o=observations: getattr(lib.wrappers, n)(
            make_twin(lib, o), **k
        )
        for name, kwargs, observations in OBSERVATIONS
    },
    **{
        name: lambda lib, n=name, k=kwargs, a=actions: getattr(lib.wrappers, n)(
            make_twin(lib, arrays, a), **k
        )
        for name, kwargs, actions in ACTIONS
    },
    **{
        f"vector.{name}": lambda lib, n=name, k=kwargs, o=observations: getattr(
            lib.wrappers.vector, n
        )(twins(lib, observations=o), **k)
        for name, kwargs, observations in VECTOR_OBSERVATIONS
    },
    **{
        f"vector.{name}": lambda lib, n=name, k=kwargs: getattr(lib.wrappers.vector, n)(
            twins(lib, observations=arrays), **k
        )
        for name, kwargs in {
            "TransformObservation": {"func": abs},
            "TransformAction": {"func": abs},
            "TransformReward": {"func": abs},
            "ClipReward": {"max_reward": 1},
            "NormalizeReward": {},
            "ClipAction": {},
            "RecordEpisodeStatistics": {},
            "RescaleAction": {"min_action": np.float32(-1), "max_action": np.float32(1)},
            "DictInfoToList": {},
        }.items()
    },
    **{
        name: lambda lib, n=name, k=kwargs: getattr(lib.wrappers, n)(cart(lib), **k)
        for name, kwargs in {
            "TimeAwareObservation": {},
            "TransformObservation": {"func": abs, "observation_space": None},
            "TransformReward": {"func": abs},
            "ClipReward": {"max_reward": 1},
            "NormalizeReward": {},
            "RecordEpisodeStatistics": {},
            "TimeLimit": {"max_episode_steps": 3},
            "OrderEnforcing": {},
            "PassiveEnvChecker": {},
            "Autoreset": {},
            "MaxAndSkipObservation": {},
            "AddRenderObservation": {},
            "RenderCollection": {},
            "HumanRendering": {},
            "AddWhiteNoise": {"probability_of_noise_per_pixel": 0.1},
            "ObstructView": {"obstructed_pixels_ratio": 0.1, "obstruction_width": 2},
        }.items()
    },
    **{
        env_id: lambda lib, i=env_id: lib.gym.make(i, render_mode="rgb_array").unwrapped
        for env_id in (
            "CartPole-v1",
            "MountainCar-v0",
            "MountainCarContinuous-v0",
            "Pendulum-v1",
            "Acrobot-v1",
            "Blackjack-v1",
            "FrozenLake-v1",
            "CliffWalking-v1",
            "Taxi-v4",
        )
    },
    "sync": lambda lib: twins(lib, observations=arrays),
    "async": lambda lib: lib.gym.vector.AsyncVectorEnv([lambda: make_twin(lib, arrays)] * 2),
    "native": lambda lib: lib.gym.make_vec(
        "CartPole-v1", 2, vectorization_mode="vector_entry_point"
    ),
    **{
        f"space.{name}": lambda lib, n=name, a=arguments: getattr(lib.spaces, n)(*a(lib.spaces))
        for name, arguments in {
            "Box": lambda s: (0, 1, (2,)),
            "Discrete": lambda s: (2,),
            "MultiBinary": lambda s: (2,),
            "MultiDiscrete": lambda s: ([2],),
            "Text": lambda s: (2,),
            "Dict": lambda s: ({"a": s.Discrete(2)},),
            "Tuple": lambda s: ([s.Discrete(2)],),
            "Graph": lambda s: (s.Discrete(2), s.Discrete(2)),
            "Sequence": lambda s: (s.Discrete(2), None, True),
            "OneOf": lambda s: ([s.Discrete(2)],),
        }.items()
    },
}


@pytest.mark.parametrize("name", OBJECTS)
def test_attributes_of_objects(name):
    """After the first reset too, which is when some come to be."""
    ours, peers = OBJECTS[name](OURS), OBJECTS[name](PEER)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for each in (ours, peers):
                if hasattr(each, "reset") and "Human" not in name:
                    each.reset(seed=0)
        absent = [
            f"{name}.{key}"
            for key in vars(peers)
            if not key.startswith("_") and not hasattr(ours, key)
        ]
    finally:
        for each in (ours, peers):
            if hasattr(each, "close"):
                each.close()
    assert [full for full in absent if reason(full, ABSENT_ATTRIBUTES) is None] == []


def test_what_was_read_has_the_right_value():
    time = dromos.wrappers.TimeAwareObservation(dromos.make("CartPole-v1"))
    time.reset(seed=0)
    for _ in range(3):
        time.step(0)
    assert time.timesteps == 3
    single = dromos.wrappers.NormalizeReward(dromos.make("CartPole-v1"), gamma=0.5)
    single.reset(seed=0)
    single.step(0)
    single.step(1)
    np.testing.assert_array_equal(single.discounted_reward, [1.5])
    single.discounted_reward = np.array([4.0])
    single.step(0)
    np.testing.assert_array_equal(single.discounted_reward, [3.0])
    envs = dromos.wrappers.vector.NormalizeReward(dromos.make_vec("CartPole-v1", 2), gamma=0.5)
    envs.reset(seed=0)
    for _ in range(2):
        rewards = envs.step(np.array([0, 1]))[1]
    np.testing.assert_array_equal(envs.accumulated_reward, [1.5, 1.5])
    np.testing.assert_array_equal(envs.normalize(np.ones(2)), rewards)
    assert (dromos.spaces.Box(0, 1, (2,)).low_repr, dromos.spaces.Box(0, 1).high_repr) == (
        "0.0",
        "1.0",
    )
    assert dromos.spaces.Sequence(dromos.spaces.Discrete(2)).generate_sample_length(3, None) == 3
    assert dromos.spaces.box.is_float_integer(np.int8(1))
    assert not dromos.spaces.box.is_float_integer(True)
    moves = dromos.envs.toy_text.cliffwalking.POSITION_MAPPING
    assert moves == gymnasium.envs.toy_text.cliffwalking.POSITION_MAPPING
