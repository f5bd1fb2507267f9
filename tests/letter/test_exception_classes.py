"""What Gymnasium refuses with a class of error, dromos refuses with that class."""

import ast
import builtins
import traceback
from functools import cache
from pathlib import Path

import gymnasium
import gymnasium.envs.registration
import gymnasium.utils.seeding
import gymnasium.vector.utils
import gymnasium.wrappers.array_conversion
import gymnasium.wrappers.utils
import gymnasium.wrappers.vector
import pytest
from refused_calls import TABLE

import dromos
import dromos.envs.registration
import dromos.utils.seeding
import dromos.vector.utils
import dromos.wrappers.array_conversion
import dromos.wrappers.utils
import dromos.wrappers.vector
from dromos import error

pytestmark = pytest.mark.filterwarnings("ignore")

#: Calls that dromos answers, or refuses with another class, and why.
DIFFERENT = {
    "resize-type": "a list of two integers says as much as a tuple",
    "vec-kwargs": "arguments of the vector reach a vector entry point as well",
    "spec-json": "a field too many is named, where the peer stumbles over one that is missing",
    "conversion": "objects of other kinds stay as they are",
    "reshape-no-tuple": "a list says as much as a tuple",
    "equivalent-own": "spaces of a user's own class are compared by class, shape and dtype",
}

#: Raises of the peer that the table does not reach, by what they say, and why.
UNREACHED = {
    "DependencyNotInstalled": "everything is installed here; the tests of each leaf hide it",
    "exctype(value)": "raised again from a worker: tests/vector_workers",
    "Received unknown command": "between the peer's own processes",
    "Trying to call function `{name}` with `call`": "in the peer's worker: the row raises it again",
    "_wait` has timed out": "a race; the row for resets is of the same class",
    "Unexpected autoreset": "the constructor refuses other modes",
    "Unknown vectorization mode": "the modes have been checked before",
    "common.py:368": "what closing raised, raised again: tests/checks",
    "['autoreset_mode'] to be AutoresetMode.NEXT_STEP": "dromos normalises in every mode",
    "does not support partial resets": "dromos supports them",
    "vectorize_observation.py:185": "the constructor of the base class has refused the mode",
    "Expected all Box.high shape": "the shapes of the lower bounds have been compared before",
    "Unsupported mask type": "the private argument of a private method",
    "spaces/utils.py:51": "the property that says so has been asked before",
    "spaces/utils.py:121": "the property that says so has been asked before",
    "value / array-based observations": "the type of the space has been checked before",
    "AtariPreprocessing wrapper requires a Box": "the emulator has been asked before",
    "is different from the saved": "two releases of a wrapper",
    "Gym is incompatible with Gymnasium": "Gym is not installed: tests/testing",
    "must inherit from the gymnasium.Env class": "Wrapper refuses it before, with the same class",
    "metadata to be dict": "read by private functions only",
    "No registered env with id: {env_": "the look-up has raised what is missing",
    "doesn't implement human-rendering": "the error of a `make` of another project's environment",
    "DeprecatedEnv(message)": "of the class of the row beside it",
}


def outcome(lib, call):
    try:
        call(lib)
    except Exception as problem:
        return problem
    return None


def public_class(problem):
    """Return the first class of the peer's error that programs can name."""
    for cls in type(problem).__mro__:
        if cls.__module__ == "gymnasium.error":
            return getattr(error, cls.__name__)
        if (
            cls is getattr(builtins, cls.__name__, None)
            or cls.__module__ == "multiprocessing.context"
        ):
            return cls
    raise AssertionError(problem)


@pytest.mark.parametrize("name", [name for name in TABLE if name not in DIFFERENT])
def test_the_same_class(name):
    theirs = outcome(gymnasium, TABLE[name])
    ours = outcome(dromos, TABLE[name])
    assert theirs is not None, "the peer takes it: the row shows nothing"
    assert isinstance(ours, public_class(theirs)), (theirs, ours)


@pytest.mark.parametrize("name", ["InvalidBound", "InvalidProbability"])
def test_bounds_are_value_errors_too(name):
    assert issubclass(getattr(error, name), ValueError)
    assert issubclass(getattr(error, name), error.Error)


ROOT = Path(gymnasium.__file__).parent
ROOMS = ("wrappers", "vector", "spaces", "core.py", "envs/registration.py", "utils/seeding.py")


@cache
def raises():
    """Return the lines of the peer's sources that raise, and what they raise."""
    found = {}
    for room in ROOMS:
        paths = [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Raise) and node.exc is not None:
                    for line in range(node.lineno, node.end_lineno + 1):
                        found[str(path), line] = (node.lineno, ast.unparse(node.exc))
    return found


def test_the_table_reaches_every_raise_of_the_peer():
    reached = set()
    for call in TABLE.values():
        problem = outcome(gymnasium, call)
        while problem is not None:
            for frame in traceback.extract_tb(problem.__traceback__):
                if (frame.filename, frame.lineno) in raises():
                    reached.add((frame.filename, raises()[frame.filename, frame.lineno][0]))
            problem = problem.__cause__ or problem.__context__
    missed = {
        f"{Path(path).relative_to(ROOT)}:{first} {text}"
        for (path, _), (first, text) in raises().items()
        if (path, first) not in reached
    }
    unexplained = sorted(m for m in missed if not any(known in m for known in UNREACHED))
    assert unexplained == []
