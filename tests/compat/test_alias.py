"""``import gymnasium`` is dromos, in this process and in those it starts."""

import importlib
import pickle
import textwrap
from importlib.metadata import distributions

import gymnasium
import numpy as np
import pytest
from alias_programs import INSTALL, output, printed, run

from dromos.compat.gymnasium.dialects import DIALECTS, OWN

MODULES = [
    "core",
    "envs.classic_control.cartpole",
    "envs.registration",
    "error",
    "logger",
    "spaces.box",
    "spaces.utils",
    "utils.seeding",
    "vector.utils",
    "wrappers.vector",
]


def test_modules_are_the_same_objects():
    code = f"""
        import importlib, sys
        for path in {MODULES}:
            ours = importlib.import_module("dromos." + path)
            spec = ours.__spec__
            theirs = importlib.import_module("gymnasium." + path)
            assert theirs is sys.modules["gymnasium." + path] is ours
            assert ours.__spec__ is spec and ours.__name__ == "dromos." + path
            print(path)
    """
    assert printed(textwrap.dedent(code)).split() == MODULES


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.shim.name)
def test_all_places_tell_the_same_release(dialect):
    (installed,) = distributions(path=[str(dialect.shim)])
    assert (installed.metadata["Name"], installed.version) == (dialect.name, dialect.version)
    home = importlib.import_module(dialect.homes[0])
    shared = dialect.homes[0] == OWN or (dialect.name, dialect.api) == ("gym", "0.26")
    assert shared or home.__version__ == dialect.version


def test_classes_and_registry_are_the_same_objects():
    printed(
        "import gymnasium as gym, dromos\n"
        "from gymnasium.envs.classic_control.cartpole import CartPoleEnv\n"
        "from gymnasium import spaces, Wrapper\n"
        "assert gym.Env is dromos.Env and Wrapper is dromos.Wrapper\n"
        "assert spaces.Box is dromos.spaces.Box and gym.registry is dromos.registry\n"
        "assert type(gym.make('CartPole-v1').unwrapped) is CartPoleEnv\n"
        "assert set(gym.__all__) == set(dromos.__all__) <= set(dir(gym))\n"
    )


def test_versions_are_gymnasiums_and_our_own():
    code = "import gymnasium, dromos, importlib.metadata as m\n"
    code += "print(gymnasium.__version__, m.version('gymnasium'), dromos.__version__)"
    assert printed(code).split() == ["1.4.0", "1.4.0", __import__("dromos").__version__]


def test_a_client_can_ask_whether_modules_exist():
    printed(
        "from importlib.util import find_spec\n"
        "assert find_spec('gymnasium') and find_spec('gymnasium.spaces.box')\n"
        "assert find_spec('gymnasium.nothing') is None\n"
        "import gymnasium\n"
        "assert find_spec('gymnasium') and find_spec('gymnasium.spaces')\n"
        "assert not hasattr(gymnasium, 'nothing') and not hasattr(gymnasium.utils, 'nothing')\n"
        "assert gymnasium.__file__.endswith('__init__.py')\n"
    )


def test_functions_that_use_the_modules_can_be_sent_to_workers():
    printed(
        "import cloudpickle, pickle\n"
        "import gymnasium as gym\n"
        "from gymnasium import wrappers\n"
        "make = lambda: wrappers.TimeLimit(gym.make('CartPole-v1'), 3)\n"
        "assert pickle.loads(cloudpickle.dumps(make))().spec.max_episode_steps == 3\n"
        "assert pickle.loads(pickle.dumps([gym, wrappers])) == [gym, wrappers]\n"
    )


def test_installing_twice_is_harmless_and_another_release_is_refused():
    printed("install()\nimport gymnasium\ninstall('1.4')\nassert gymnasium.make")
    refused = run("-c", INSTALL + "install('0.29')")
    assert "gymnasium is already answered for as release 1.4" in refused.stderr
    unknown = run("-c", "from dromos.compat.gymnasium import install\ninstall('0.5')")
    assert "There is no dialect gym 0.5. The nearest is gym 0.7 to 0.10" in unknown.stderr


def test_a_real_gymnasium_that_was_imported_before_is_an_error():
    late = run("-c", "import gymnasium as gym\n" + INSTALL)
    assert late.returncode == 1
    assert "gymnasium 1.4.0 has already been imported from" in late.stderr
    assert ", by __main__. Call `install` before anything imports gymnasium" in late.stderr
    assert "`dromos run SCRIPT`" in late.stderr


WORKERS = """
import multiprocessing as mp
import subprocess, sys
{first}
import gymnasium as gym
from gymnasium.wrappers import TimeLimit

class Counted(gym.Env):
    observation_space = gym.spaces.Discrete(3)
    action_space = gym.spaces.Discrete(2)

def work(env, queue):
    import dromos, gymnasium.spaces
    same = gymnasium.spaces is dromos.spaces and isinstance(env, gymnasium.Wrapper)
    queue.put((same, gymnasium.__version__, type(env.unwrapped).__name__))

if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        context = mp.get_context(method)
        queue = context.Queue()
        worker = context.Process(target=work, args=(TimeLimit(Counted(), 5), queue))
        worker.start()
        print(method, *queue.get(timeout=600))
        worker.join()
    code = "import gymnasium, dromos; print('subprocess', gymnasium.Env is dromos.Env)"
    print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
"""


@pytest.mark.parametrize("how", ["install", "run"])
def test_worker_processes_inherit_the_alias(tmp_path, how):
    script = tmp_path / "workers.py"
    script.write_text(WORKERS.format(first=INSTALL if how == "install" else ""))
    command = [str(script)] if how == "install" else ["-m", "dromos", "run", str(script)]
    said = output(*command)
    for method in ("fork", "spawn", "forkserver"):
        assert f"{method} True 1.4.0 Counted" in said
    assert "subprocess True" in said


def spaces_of_theirs():
    spaces = gymnasium.spaces
    return [
        spaces.Box(-1, np.array([1, 2], np.float32), seed=3),
        spaces.Discrete(4, start=1, seed=3),
        spaces.MultiBinary([2, 2]),
        spaces.MultiDiscrete([3, 4]),
        spaces.Dict({"a": spaces.Discrete(2), "b": spaces.Tuple([spaces.Box(0, 1)])}),
        spaces.Text(5),
    ]


@pytest.mark.parametrize("name", ["gymnasium", "gym"])
def test_pickles_that_name_gymnasiums_classes_load(tmp_path, name):
    theirs = spaces_of_theirs()
    text = pickle.dumps(theirs, protocol=0).replace(b"cgymnasium.", f"c{name}.".encode())
    (tmp_path / "spaces.pickle").write_bytes(text)
    code = f"""
        install("1.4", "{name}")
        import pickle, dromos
        loaded = pickle.load(open("spaces.pickle", "rb"))
        for space in loaded:
            assert isinstance(space, dromos.Space), space
            print(space, space.sample() in space)
        print(loaded[0].sample().tolist(), loaded[1].sample())
    """
    said = printed(textwrap.dedent(code), cwd=tmp_path).splitlines()
    assert said[:-1] == [f"{space} True" for space in theirs]
    for space in theirs:
        space.sample()
    assert said[-1] == f"{theirs[0].sample().tolist()} {theirs[1].sample()}"


MISSING = [
    (
        "import gymnasium; gymnasium.SyncVectorEnv",
        "MissingName",
        "`gymnasium.vector.SyncVectorEnv`",
    ),
    (
        "import gymnasium as g; g.wrappers.TimeLimits",
        "MissingName",
        "`gymnasium.wrappers.TimeLimit`",
    ),
    ("from gymnasium.spaces import Boxes", "ImportError", "`gymnasium.spaces.Box`"),
    ("from gymnasium.spaces.box import Boxx", "ImportError", "`gymnasium.spaces.box.Box`"),
    ("from gymnasium import TimeLimit", "ImportError", "`gymnasium.wrappers.TimeLimit`"),
    ("from gymnasium.utils import seedin", "ImportError", "`gymnasium.utils.seeding`"),
    ("import gymnasium.vectorz", "ModuleNotFoundError", "`gymnasium.vector`"),
    ("import gymnasium.spaces.boxx.more", "ModuleNotFoundError", "`gymnasium.spaces.box`"),
]


SHOW = """
for statement in {statements}:
    try:
        exec(statement)
    except Exception as error:
        print(type(error).__name__, error, sep=": ")
"""


def test_a_missing_name_is_named_with_the_nearest_and_its_documentation():
    said = printed(SHOW.format(statements=[statement for statement, *_ in MISSING])).splitlines()
    for (statement, kind, nearest), line in zip(MISSING, said, strict=True):
        start = f"{kind}: dromos, which answers for gymnasium here, has no `gymnasium."
        assert line.startswith(start), statement
        assert f"The nearest is {nearest}; `python -m pydoc dromos." in line
        assert line.endswith('See `dromos help drop-in`, "Names that are not there".')


def test_a_name_with_nothing_near_is_still_named():
    failed = run("-c", INSTALL + "import gymnasium; gymnasium.qqqqq")
    assert "has no `gymnasium.qqqqq`. See `dromos help drop-in`" in failed.stderr


def test_the_errors_are_those_that_programs_catch():
    printed(
        "import gymnasium\n"
        "try: gymnasium.envs.nothing\n"
        "except AttributeError as error: assert error.name == 'nothing'\n"
        "try: import gymnasium.nothing\n"
        "except ModuleNotFoundError as error: assert error.name == 'gymnasium.nothing'\n"
        "try: from gymnasium.spaces import nothing\n"
        "except ImportError as error: assert error.name == 'gymnasium'\n"
    )
