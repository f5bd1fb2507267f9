"""Checks of what a vector returns: structure, shapes, dtypes, and the masks of its infos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dromos import checks
from dromos.checks.message import complaint, entry, going_on, refusal, shown
from dromos.testing.comparison import Difference, difference
from dromos.testing.report import require
from dromos.vector import AutoresetMode, VectorEnv
from dromos.vector.utils import batch_space, concatenate, create_empty_array, iterate

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "autoreset_mode",
    "check_reset_form",
    "check_spaces",
    "check_step_form",
    "lane_difference",
    "require_vector",
]

_SINGLE_SPACES = ("single_action_space", "single_observation_space")


def require_vector(envs: object) -> None:
    """Raise a `TypeError` unless `envs` is a vector."""
    if not isinstance(envs, VectorEnv):
        raise refusal(
            TypeError,
            complaint(
                f"The vector must inherit from VectorEnv, actual class: {type(envs)}",
                "envs",
                "an instance of dromos.vector.VectorEnv",
                str(type(envs)),
                "Derive its class from dromos.vector.VectorEnv, or use make_vec.",
            ),
        )


def autoreset_mode(envs: VectorEnv[Any, Any, Any]) -> AutoresetMode:
    """Return the mode the metadata tell.

    Raises:
        AssertionError: If they tell none.
    """
    mode = envs.metadata.get("autoreset_mode")
    require(
        isinstance(mode, AutoresetMode),
        "The metadata of the vector must tell its autoreset mode",
        'metadata["autoreset_mode"]',
        "a member of dromos.vector.AutoresetMode",
        shown(mode),
        'Set metadata = {**metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}, or the mode it '
        "has.",
    )
    return mode  # type: ignore[return-value]


def check_spaces(envs: VectorEnv[Any, Any, Any]) -> None:
    """Check that the spaces of the batch are those of one lane, batched.

    Raises:
        AssertionError: If the shape, dtype or structure is another one.
    """
    n = getattr(envs, "num_envs", None)
    require(
        isinstance(n, int) and n > 0,
        "A vector has a number of lanes",
        "num_envs",
        "an int above 0",
        shown(n),
        "Set self.num_envs in __init__.",
    )
    for name in _SINGLE_SPACES:
        with going_on():
            _check_batch_space(envs, name, name.removeprefix("single_"))


def _check_batch_space(envs: VectorEnv[Any, Any, Any], single: str, batched: str) -> None:
    for name in (single, batched):
        require(
            getattr(envs, name, None) is not None,
            f"The vector must specify its {name}",
            name,
            "a dromos.spaces.Space",
            "nothing",
            f"Set self.{name} in __init__.",
        )
    expected = batch_space(getattr(envs, single), envs.num_envs)
    found = getattr(envs, batched)
    same = (type(expected), expected.shape, expected.dtype) == (
        type(found),
        found.shape,
        found.dtype,
    )
    require(
        same,
        f"The {batched} is not that of one lane, batched",
        batched,
        shown(expected),
        shown(found),
        f"Set it to dromos.vector.utils.batch_space(self.{single}, self.num_envs).",
    )


def check_reset_form(envs: VectorEnv[Any, Any, Any], result: Any, path: str = "reset()") -> None:
    """Check what ``reset`` returned.

    Raises:
        AssertionError: If it is no pair, or a part of it is not what it should be.
    """
    _require_tuple(result, 2, path, "(observations, infos)")
    with going_on():
        checks.check_obs(result[0], envs.observation_space, "reset")
    _check_infos(result[1], envs.num_envs, f"{path}.infos")


def check_step_form(envs: VectorEnv[Any, Any, Any], result: Any) -> None:
    """Check what ``step`` returned.

    Raises:
        AssertionError: If it is no tuple of five, or a part of it is not what it should be.
    """
    names = ("rewards", "terminations", "truncations")
    _require_tuple(result, 5, "step()", f"(observations, {', '.join(names)}, infos)")
    with going_on():
        checks.check_obs(result[0], envs.observation_space, "step")
    for name, kind, column in zip(names, ("f", "b", "b"), result[1:4], strict=True):
        with going_on():
            _check_column(column, kind, envs.num_envs, f"step().{name}")
    _check_infos(result[4], envs.num_envs, "step().infos")


def _require_tuple(result: Any, length: int, path: str, form: str) -> None:
    is_one = isinstance(result, tuple) and len(result) == length
    found = f"a tuple of {len(result)}" if isinstance(result, tuple) else str(type(result))
    known = f"The result of {path} must be a tuple of {length}"
    require(is_one, known, path, form, found, "Return the values as a tuple.")


def _check_column(column: Any, kind: str, num_envs: int, path: str) -> None:
    is_array = isinstance(column, np.ndarray)
    expected = f"an array of {'floats' if kind == 'f' else 'bools'} of shape ({num_envs},)"
    require(
        is_array and column.shape == (num_envs,) and column.dtype.kind == kind,
        "A column of the step's result has the wrong form",
        path,
        expected,
        f"shape {column.shape}, dtype {column.dtype}" if is_array else str(type(column)),
        "Return a NumPy array with one value a lane.",
    )


def _check_infos(infos: Any, num_envs: int, path: str) -> None:
    if isinstance(infos, list) and len(infos) == num_envs:
        return  # as DictInfoToList makes them
    require(
        isinstance(infos, dict),
        "The infos of a vector are a dict of columns",
        path,
        "a dict",
        str(type(infos)),
        "Return {} if there is nothing to tell.",
    )
    columns: dict[str, Any] = dict(infos)
    for key in [key for key in columns if not str(key).startswith("_")]:
        with going_on():
            _check_info_column(columns, key, num_envs, entry(path, key))


def _check_info_column(infos: dict[str, Any], key: str, num_envs: int, path: str) -> None:
    column, mask = infos[key], infos.get(f"_{key}")
    if not isinstance(column, dict):
        require(
            np.shape(column)[:1] == (num_envs,),
            "A column of the infos has a row for each lane",
            path,
            f"{num_envs} rows",
            f"shape {np.shape(column)}",
            "Add the infos of the lanes with VectorEnv._add_info.",
        )
    require(
        isinstance(mask, np.ndarray) and mask.dtype == np.bool_ and mask.shape == (num_envs,),
        "A column of the infos has a mask that tells which lanes have the entry",
        f'{path.rpartition("[")[0]}["_{key}"]',
        f"a bool array of shape ({num_envs},)",
        shown(mask),
        "Add the infos of the lanes with VectorEnv._add_info.",
    )


def lane_difference(
    envs: VectorEnv[Any, Any, Any], first: Any, second: Any, lanes: Iterable[int], path: str
) -> Difference | None:
    """Return the first difference of two batches of observations in these lanes, or None."""
    chosen = list(lanes)
    if not chosen:
        return None
    parts = [list(iterate(envs.observation_space, batch)) for batch in (first, second)]
    space = envs.single_observation_space
    first, second = (
        concatenate(space, [rows[lane] for lane in chosen], create_empty_array(space, len(chosen)))
        for rows in parts
    )
    return difference(first, second, f"{path}, lanes {chosen}", exact=False)
