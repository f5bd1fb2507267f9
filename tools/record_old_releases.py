"""Record what a release of Gym or Gymnasium does, and which public names it has.

Run with a Python that has the release, and NumPy of its time, for example::

    pip install --target old/gym-0.21.0 --no-deps gym==0.21.0
    PYTHONPATH=old/gym-0.21.0 python tools/record_old_releases.py gym recorded.json

The result holds ``version``, ``ids`` and ``names``, as they stand, release by release, in
``tests/compat_dialects/old_environments.json`` and ``old_names.json``.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

_STEPS = 12
_NEITHER = ("mujoco", "atari", "box2d", "robotics", "parameter_tuning", "phys2d", "tabular")


def main(name: str, output: str) -> None:
    """Record the release that is installed under a name."""
    gym = importlib.import_module(name)
    version = getattr(gym, "__version__", "")
    registry = importlib.import_module(f"{name}.envs.registration").registry
    specs = dict(getattr(registry, "env_specs", registry))
    ids = {}
    for id, spec in sorted(specs.items()):
        entry = str(getattr(spec, "entry_point", None) or getattr(spec, "_entry_point", None))
        if not any(part in entry for part in _NEITHER):
            ids[id] = _recorded(gym, id, spec, _release(name, version))
    result = {"version": version, "ids": ids, "names": _names(Path(gym.__file__).parent)}
    Path(output).write_text(json.dumps(result))


def _release(name: str, version: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in version.split(".")[:2])
    return max(numbers, (0, 26)) if name == "gymnasium" else numbers


def _recorded(gym: Any, id: str, spec: Any, release: tuple[int, ...]) -> dict[str, Any]:
    env = gym.make(id, **({"disable_env_checker": True} if release >= (0, 24) else {}))
    row = {
        "max_episode_steps": spec.max_episode_steps,
        "reward_threshold": spec.reward_threshold,
        "kwargs": _plain(getattr(spec, "kwargs", None) or getattr(spec, "_kwargs", None) or {}),
        "observation_space": _space(env.observation_space),
        "action_space": _space(env.action_space),
        "metadata": _plain(env.metadata),
        "reward_range": _plain(getattr(env, "reward_range", None)),
    }
    if release < (0, 22):
        env.seed(0)
        observation = env.reset()
    else:
        observation = env.reset(seed=0)
        observation = observation[0] if release >= (0, 26) else observation
    numbers = np.random.RandomState(0)
    episode = [_plain(observation)]
    for _ in range(_STEPS):
        result = env.step(_action(env.action_space, numbers))
        episode.append(_plain(list(result)))
        if any(result[2:-1]):
            break
    return {**row, "episode": episode}


def _action(space: Any, numbers: np.random.RandomState) -> Any:
    kind = type(space).__name__
    if kind == "Box":
        scale = np.minimum(np.abs(space.high), 3)
        return (numbers.uniform(-1, 1, space.shape) * scale).astype(np.float32)
    if kind == "Tuple":
        return tuple(int(numbers.randint(one.n)) for one in space.spaces)
    return int(numbers.randint(space.n))


def _space(space: Any) -> dict[str, Any]:
    kind = type(space).__name__
    if kind == "Tuple":
        return {"type": kind, "spaces": [_space(one) for one in space.spaces]}
    if kind != "Box":
        return {"type": kind, "n": int(space.n)}
    bounds = {
        side: (np.unique(bound) if bound.size >= 10 else bound.ravel()).tolist()
        for side, bound in (("low", space.low), ("high", space.high))
    }
    return {"type": kind, "shape": list(space.shape), "dtype": str(space.dtype), **bounds}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.size > 60:
        return {"sha1": hashlib.sha1(value.tobytes()).hexdigest()[:12], "dtype": "uint8"}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _names(root: Path) -> dict[str, str]:
    """Return the public names of each module, read from the sources."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if not any(part.startswith("test") for part in parts):
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[module] = " ".join(_public(path, root.name))
    return found


def _public(path: Path, library: str) -> list[str]:
    body = ast.parse(path.read_text()).body
    names: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return list(ast.literal_eval(statement.value))
        names |= _defined(statement, library if path.name == "__init__.py" else None)
    return sorted(name for name in names if not name.startswith("_"))


def _defined(statement: ast.stmt, library: str | None) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.ImportFrom) and library is not None:
        own = (statement.module or "").startswith(library)
        return {alias.asname or alias.name for alias in statement.names if own}
    if isinstance(statement, (ast.Try, ast.If)):
        return set().union(*(_defined(inner, library) for inner in statement.body))
    return set()


if __name__ == "__main__":
    main(*sys.argv[1:])
