"""Every public method and attribute of an object, called and assigned with bad arguments.

What is refused must have changed nothing: neither what a snapshot holds, nor what a public
attribute of any layer shows, nor the way on.
"""

import contextlib
import functools
import inspect
import itertools
import warnings
from collections.abc import Mapping

import numpy as np

from dromos.error import InvalidAction
from dromos.native.fields import field_names
from dromos.snapshot import Snapshot
from dromos.spaces import Space


class Nothing:
    """Is no value of anything."""

    def __repr__(self):
        return "Nothing()"


#: Values that hardly any argument takes.
BAD = [
    Nothing(),
    "seven",
    -1,
    2**80,
    np.nan,
    np.zeros((7, 3)),
    [2.0, 3.0, None],
    {"low": 0.4, "high": [1, 2, 3], "start": "seven", "reset_mask": np.zeros(9, bool)},
]

#: They take no arguments, end the object, or make another one; the checks are of the ways in.
NOT_CALLED = {"clone", "close_extras", "class_constants", "unwrapped"}
#: What it holds is for vectors to say.
NOT_SET = {"closed"}
#: Large tables that cannot be written to, see test_toy_text.
NOT_LOOKED_AT = {"P"}


def rotating(number, count=2):
    """Return a function that gives some of the bad values, others each time and for each number.

    The objects of a catalogue share their methods: together they meet all values.
    """
    turns = itertools.count(number)
    return lambda: [BAD[(next(turns) * 3 + i) % len(BAD)] for i in range(count)]


def bad_calls(target, good, values):
    """Yield (name, positional, keywords) of a call for each public method, argument and bad value.

    The other arguments are good, where `good` knows their names: what is taken before the bad one
    is refused shows.
    """
    for name in sorted(public_names(target)):
        method = inspect.getattr_static(type(target), name, None)
        if not callable(getattr(target, name, None)) or name in NOT_CALLED:
            continue
        if isinstance(method, property) or inspect.isclass(getattr(target, name)):
            continue
        yield from bad_arguments(name, signature_of(target, name), good, values)


def public_names(target):
    return _public_names(type(target))


@functools.cache
def _public_names(cls):
    return {name for name in dir(cls) if not name.startswith("_")}


@functools.cache
def data_names(cls):
    """Return the public names of a class that are no functions: what its objects show."""
    kinds = {name: inspect.getattr_static(cls, name) for name in _public_names(cls)}
    return [
        name
        for name, kind in kinds.items()
        if not inspect.isroutine(kind) and name not in NOT_LOOKED_AT
    ]


def signature_of(target, name):
    """Return the parameters of a method; a native one in the instance has those of the class."""
    return list(inspect.signature(getattr(type(target), name)).parameters.values())[1:]


def bad_arguments(name, parameters, good, values):
    for bad_one in parameters:
        if bad_one.kind is bad_one.VAR_POSITIONAL:
            continue
        for value in values():
            positional, keywords = [], {}
            for one in parameters:
                if one is bad_one and one.kind is one.VAR_KEYWORD:
                    keywords["timeout"] = value
                elif one is bad_one or one.name in good:
                    given = value if one is bad_one else good[one.name]
                    if one.kind is one.KEYWORD_ONLY:
                        keywords[one.name] = given
                    elif one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD):
                        positional.append(given)
                elif one.default is one.empty and one.kind not in (
                    one.VAR_POSITIONAL,
                    one.VAR_KEYWORD,
                ):
                    positional.append(Nothing())
                elif one.kind is one.POSITIONAL_OR_KEYWORD:
                    positional.append(one.default)
            yield name, positional, keywords


def half_bad_calls(target):
    """Yield calls as `bad_calls` does, of which all but the last of many values are good."""
    params = dict(getattr(target, "params", {}))
    for name in list(params)[:: -(-len(params) // 6) or 1]:
        rest = {other: column for other, column in params.items() if other != name}
        yield "set_params", [{**rest, name: Nothing()}], {}
        yield "set_attr", [name, [*params[name][:-1], None]], {}
    dynamics = getattr(getattr(target, "template", target), "dynamics", None)
    names = [] if dynamics is None else list(field_names(dynamics, "options"))
    for name in names:
        options = {**{other: 0.01 for other in names if other != name}, name: Nothing()}
        yield "reset", [], {"seed": 5, "options": options}


def bad_assignments(target, values):
    """Yield (name, value) for each public attribute that the class lets set, and may look at."""
    own = set() if type(target).__setattr__ is object.__setattr__ else set(vars(target))
    for name in sorted(public_names(target) | {name for name in own if not name.startswith("_")}):
        if name in own:
            yield from ((name, value) for value in values()[:1])
            continue
        static = inspect.getattr_static(type(target), name)
        is_settable = hasattr(static, "__set__")
        if isinstance(static, property):
            is_settable = static.fset is not None
        if is_settable and name not in NOT_SET:
            for value in values():
                yield name, value


def layers_of(env):
    """Return an environment and everything that it wraps, lanes in this process included."""
    layers = [env]
    while (inner := getattr(layers[-1], "env", None)) is not None and inner is not layers[-1]:
        layers.append(inner)
    return layers + list(getattr(layers[-1], "envs", ()))


def state_of(env):
    """Return what a snapshot of `env` holds and what all public attributes show, to compare."""
    held, shown = env.snapshot().to_bytes(), {}
    for number, layer in enumerate(layers_of(env)):
        own = [name for name in vars(layer) if not name.startswith("_")]
        for name in {*data_names(type(layer)), *own}:
            with contextlib.suppress(Exception):
                value = getattr(layer, name)
                if not callable(value):
                    shown[number, name] = frozen(value, name in vars(layer))
    return held, shown


def frozen(value, keeps=True):
    """Return what two equal values have in common; of objects that are kept, who they are."""
    if isinstance(value, np.ndarray):
        inside = (
            [frozen(v, keeps) for v in value.flat] if value.dtype == object else value.tobytes()
        )
        return value.dtype.str, value.shape, inside
    if isinstance(value, np.random.Generator):
        return str(value.bit_generator.state)
    if isinstance(value, Space):
        return type(value), frozen(vars(value))
    if isinstance(value, Mapping):
        return [(repr(key), frozen(one, keeps)) for key, one in value.items()]
    if isinstance(value, (list, tuple)) or type(value).__name__ == "deque":
        return type(value).__name__, [frozen(one, keeps) for one in value]
    if isinstance(value, (str, bytes, int, float, complex, np.generic, type(None))):
        return repr(value)
    return type(value), id(value) if keeps else None


def difference(before, after):
    """Return the names that differ."""
    names = [] if before[0] == after[0] else ["the snapshot"]
    keys = before[1].keys() | after[1].keys()
    return names + [key for key in keys if before[1].get(key) != after[1].get(key)]


def is_of_a_lane(reason):
    """Return whether an environment of a vector has refused its own action.

    Whether the environment can undo what it has begun, and what other lanes have done before it,
    is not the vector's to know: these lanes are interrupted, and nothing but a reset goes on.
    """
    return isinstance(reason, InvalidAction) and any(
        "lane" in note for note in getattr(reason, "__notes__", ())
    )


class Attack:
    """Calls and assigns on an object that `make` makes, and collects what refusals changed.

    Args:
        make: Makes the object, in the midst of an episode.
        layer: Takes the object and returns what is called; the state is that of the object.
        values: Returns the bad values for the next argument or attribute.
    """

    def __init__(self, make, layer=lambda env: env, values=lambda: BAD):
        self.make, self.layer, self.values = make, layer, values
        self.env = None
        self.refused = 0
        self.faults = []

    def good_arguments(self):
        """Return arguments that are right, by the names that parameters have."""
        target = self.layer(self.env)
        action = target.action_space.sample()
        own = {}
        if hasattr(target, "init_qpos"):
            own = {"qpos": target.init_qpos + 0.01, "qvel": target.init_qvel, "ctrl": action}
        return {
            **own,
            "action": action,
            "actions": action,
            "seed": 5,
            "options": {},
            "snapshot": self.env.snapshot(),
            "lanes": [0],
            "lane_ids": [0],
            "name": "render_mode",
            "timeout": 5.0,
        }

    def run(self):
        self.renew()
        good = self.good_arguments()
        self.before = state_of(self.env)  # a good action was drawn
        target = self.layer(self.env)
        calls = [*bad_calls(target, good, self.values), *half_bad_calls(target)]
        for name, positional, keywords in calls:
            self.attempt(
                (name, positional, keywords),
                lambda target, n=name, p=positional, k=keywords: getattr(target, n)(*p, **k),
            )
        for name, value in list(bad_assignments(target, self.values)):
            self.attempt((name, "=", value), lambda t, n=name, v=value: setattr(t, n, v))
        self.env.close()
        return self

    def renew(self):
        if self.env is not None:
            with contextlib.suppress(Exception):  # what was taken may keep it from that
                self.env.close()
        self.env = self.make()
        self.before = state_of(self.env)

    def attempt(self, told, act):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                act(self.layer(self.env))
        except Exception as reason:
            self.refused += 1
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    changed = difference(self.before, state_of(self.env))
                except Exception as broken:
                    changed = [repr(broken)]
            if changed and not is_of_a_lane(reason):
                self.faults.append((told, changed, repr(reason)[:200]))
            if changed:
                self.renew()
        else:  # it was taken
            self.go_back()

    def go_back(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self.env.restore(Snapshot.from_bytes(self.before[0]))
                if not difference(self.before, state_of(self.env)):
                    return
            except Exception:
                pass
            self.renew()
