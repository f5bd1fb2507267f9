"""`check_vector_env`: everything that can be found wrong with a vector, in one report."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dromos import checks
from dromos.checks.message import complaint, entry, going_on, warn
from dromos.testing import vector_episodes as episodes
from dromos.testing import vector_form as form
from dromos.testing.comparison import difference, refuse
from dromos.testing.report import Examination, Report, require
from dromos.testing.vector_lanes import check_lanes
from dromos.vector import VectorWrapper

if TYPE_CHECKING:
    from dromos.env import Env
    from dromos.vector import VectorEnv

__all__ = ["check_vector_env", "report_on_vector_env"]

_SEED = 123
_ARGUMENTS_OF_MAKE_VEC = {"max_episode_steps", "num_envs", "vector_kwargs", "vectorization_mode"}


def check_vector_env(
    envs: VectorEnv[Any, Any, Any],
    env_fn: Callable[[], Env[Any, Any]] | None = None,
    *,
    steps: int = 200,
    skip_render_check: bool = False,
    skip_close_check: bool = False,
) -> Report:
    """Check that a vector keeps the contract of `VectorEnv`.

    All checks run, and all faults are told at once: spaces, shapes and dtypes; seed ``s + i`` for
    lane i; the autoreset mode in its metadata, `final_obs` and `valid_transition`; partial resets
    that leave the caller's dict and the other lanes alone; masks of the infos; ``send`` and
    ``recv`` if it has them; new data with every call; frames; closing twice.

    Args:
        envs: The vector. It is closed at the end, unless `skip_close_check`.
        env_fn: Makes the environment that each lane should be, for comparison; None for the one
            of the vector's spec, if it has a spec.
        steps: How many steps to take; episodes should end within them.
        skip_render_check: Whether to leave out rendering.
        skip_close_check: Whether to leave out closing.

    Returns:
        The report, if there are no errors.

    Raises:
        CheckFailed: If there are errors; see `check_env`.
    """
    return report_on_vector_env(
        envs,
        env_fn,
        steps=steps,
        skip_render_check=skip_render_check,
        skip_close_check=skip_close_check,
    ).conclude()


def report_on_vector_env(
    envs: VectorEnv[Any, Any, Any],
    env_fn: Callable[[], Env[Any, Any]] | None = None,
    *,
    steps: int = 200,
    skip_render_check: bool = False,
    skip_close_check: bool = False,
) -> Report:
    """Return what `check_vector_env` would tell, without warning or raising."""
    examination = Examination(str(envs))
    run = examination.run
    if not run("envs", form.require_vector, envs):
        return examination.report()
    if run("spaces", form.check_spaces, envs) and run("reset()", _check_forms, envs):
        run("metadata", form.autoreset_mode, envs)
        run("reset(seed=123)", episodes.check_seeds, envs)
        run("step()", episodes.check_autoreset, envs, steps)
        run("reset(options=…)", episodes.check_partial_reset, envs)
        run("step()", episodes.check_new_data, envs)
        run("send()", _check_send_recv, envs)
        env_fn = _lane_maker(envs) if env_fn is None else env_fn
        if env_fn is not None:
            run("lanes", check_lanes, envs, env_fn, steps)
        if not skip_render_check and envs.render_mode not in (None, "human"):
            run("render()", _check_render, envs)
    if not skip_close_check:
        run("close()", _check_close, envs)
    return examination.report()


def _lane_maker(envs: VectorEnv[Any, Any, Any]) -> Callable[[], Env[Any, Any]] | None:
    """Return what makes the environment of one lane, if the vector's spec tells."""
    if envs.spec is None or isinstance(envs, VectorWrapper) or "wrappers" in envs.spec.kwargs:
        return None
    spec = copy.deepcopy(envs.spec)
    spec.kwargs = {k: v for k, v in spec.kwargs.items() if k not in _ARGUMENTS_OF_MAKE_VEC}
    return spec.make


def _check_forms(envs: VectorEnv[Any, Any, Any]) -> None:
    with going_on():
        form.check_reset_form(envs, envs.reset(seed=_SEED))
    form.check_step_form(envs, envs.step(episodes.actions_for(envs)()))


def _check_send_recv(envs: VectorEnv[Any, Any, Any]) -> None:
    """Check that ``send`` and ``recv`` give, in some order, what ``step`` gives."""
    actions = episodes.actions_for(envs)()
    envs.reset(seed=_SEED)
    try:
        envs.send(actions)
    except NotImplementedError:
        return
    rows = _received(envs)
    envs.reset(seed=_SEED)
    expected = envs.step(actions)[1:4]
    stepped = [(float(r), *map(bool, flags)) for r, *flags in zip(*expected, strict=True)]
    refuse(
        difference(stepped, [rows[lane] for lane in range(envs.num_envs)], "recv()"),
        "`send` and `recv` give other results than `step`",
        "Both must do the same with a lane: the same episode, the same wrappers.",
    )


def _received(envs: VectorEnv[Any, Any, Any]) -> dict[int, tuple[Any, ...]]:
    """Return the reward and the flags of each lane that was sent, as ``recv`` gives them."""
    rows: dict[int, tuple[Any, ...]] = {}
    while len(rows) < envs.num_envs:
        _, *signals, infos = envs.recv()
        lanes: Any = infos.get("lane_ids")
        require(
            isinstance(lanes, np.ndarray) and lanes.dtype == np.int64 and len(lanes),
            "`recv` tells which lanes its rows are",
            'recv().infos["lane_ids"]',
            "an int64 array",
            f"{lanes!r}",
            'Set infos["lane_ids"].',
        )
        require(
            rows.keys().isdisjoint(lanes.tolist()),
            "`recv` gives each lane that was sent once",
            'recv().infos["lane_ids"]',
            f"none of the lanes {list(rows)}, which have been received",
            f"{lanes.tolist()}",
            "Take a lane out of the queue with its result.",
        )
        values = zip(*signals, strict=True)
        for lane, (reward, *flags) in zip(lanes, values, strict=True):
            rows[int(lane)] = (float(reward), *map(bool, flags))
    return rows


def _check_render(envs: VectorEnv[Any, Any, Any]) -> None:
    envs.reset(seed=_SEED)
    frames: Any = envs.render()
    require(
        isinstance(frames, (tuple, list)) and len(frames) == envs.num_envs,
        "`render` gives a frame for each lane",
        "render()",
        f"a tuple of {envs.num_envs} frames",
        str(type(frames)),
        "Return a tuple of what each lane's render returns.",
    )
    for lane, frame in enumerate(frames):
        checks.check_render_return(str(envs.render_mode), frame, entry("render()", lane))


def _check_close(envs: VectorEnv[Any, Any, Any]) -> None:
    envs.close()
    try:
        envs.close()
    except Exception as problem:
        warn(
            complaint(
                "Calling `close()` on the closed vector should be allowed",
                "close() after close()",
                "nothing to happen",
                repr(problem),
                "Release things in close_extras, which VectorEnv.close calls once.",
            )
        )
