"""`Env`: what a reset and a step are."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, cast

import numpy as np
from typing_extensions import Self, TypeVar

from dromos import seeding
from dromos.error import SnapshotError
from dromos.homes import adopt, load, rename
from dromos.snapshot import rules
from dromos.spaces.graph import GraphInstance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dromos.registration.spec import EnvSpec
    from dromos.rollout import Rollout
    from dromos.rollout.futures import Futures
    from dromos.snapshot import Snapshot, Writes
    from dromos.spaces import Space

__all__ = ["ActType", "Env", "ObsType", "RenderFrame", "takes_no_arguments"]

# The defaults make `Env[np.ndarray]`, with the action type left out, a legal type.
ObsType = TypeVar("ObsType", default=Any)
ActType = TypeVar("ActType", default=Any)

#: A text, an image (height, width, 3), or an image and its depth (height, width).
RenderFrame: TypeAlias = str | np.ndarray | tuple[np.ndarray, np.ndarray]

_Render = TypeVar("_Render", bound=Callable[..., Any])

#: The seed of a generator the user put in place, whose seed nobody knows.
_UNKNOWN_SEED = -1


def takes_no_arguments(render: _Render) -> _Render:
    """Make a ``render`` method say where the mode belongs when it is called with one."""

    @functools.wraps(render)
    def checked(self: object, *args: object, **kwargs: object) -> object:
        if args or kwargs:
            raise TypeError(
                f"{type(self).__name__}.render() takes no arguments, got "
                f"{', '.join([*map(repr, args), *(f'{k}={v!r}' for k, v in kwargs.items())])}. "
                'The mode is chosen when the environment is made: make(id, render_mode="rgb_array")'
            )
        return render(self)

    return cast("_Render", checked)


@adopt
class Env(Generic[ObsType, ActType]):
    """An environment: a Markov decision process that may be only partly observed.

    A subclass sets `action_space` and `observation_space` and defines `reset` and `step`; the
    first line of its `reset` is ``super().reset(seed=seed)``. One that can be seen also lists its
    modes in ``metadata["render_modes"]``, takes ``render_mode`` in its constructor and defines
    `render`.

    Attributes:
        metadata: Facts about the class: ``render_modes`` (list of str), ``render_fps`` (frames
            per second), and what else the author finds worth telling.
        render_mode: The mode this instance was made with, or None.
        spec: What `make` made the instance from, or None.
        action_space: The valid actions.
        observation_space: The valid observations.
        snapshot_exclude: Names of attributes that do not decide the future of the environment,
            such as windows and caches; snapshots leave them out.
        snapshot_fields: Names of attributes that are the state, and the rule each obeys. A class
            that defines it says so of all attributes it assigns itself; see ``docs/snapshots.md``.
    """

    __module__ = "dromos.core"  # the public path

    #: What observations are made of, whatever the module of a subclass imports.
    snapshot_types: tuple[type, ...] = (GraphInstance,)
    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012  (an instance may replace it)
    render_mode: str | None = None
    spec: EnvSpec | None = None

    action_space: Space[ActType]
    observation_space: Space[ObsType]

    snapshot_exclude: frozenset[str] = frozenset()
    snapshot_fields: Mapping[str, rules.Rule] = {
        "_np_random": rules.Generator(),
        "_np_random_seed": rules.Seed(),
    }

    _np_random: np.random.Generator | None = None
    _np_random_seed: int | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        rename(cls)

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Advance the environment by one action.

        Args:
            action: An element of `action_space`.

        Returns:
            observation: An element of `observation_space`, new with every call.
            reward: What the action earned, a number. Its type is for the environment to say:
                one that all numbers have in common could not be added to another.
            terminated: Whether a terminal state of the process was reached.
            truncated: Whether the episode ended for a reason outside the process, such as a
                time limit. After either flag the caller resets.
            info: Further facts about the step, new with every call.
        """
        raise NotImplementedError

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode.

        This method of the base class only seeds and returns None.

        Args:
            seed: An integer ≥ 0 starts the random numbers anew. None lets the generator run on,
                and, where there is none yet, seeds one from the system's entropy. The usual way
                is one seed right after the environment was made, and none from then on.
            options: What the environment lets its user say about the start.

        Returns:
            observation: The first observation of the episode.
            info: Further facts about the start.

        Raises:
            Error: If the seed is not an integer ≥ 0.
        """
        if seed is not None:
            self._np_random, self._np_random_seed = seeding.np_random(seed)
        return None  # type: ignore[return-value]

    def rollout(
        self,
        actions: Any,
        *,
        start: Snapshot | Sequence[Snapshot] | None = None,
        streams: str | int = "own",
        out: Rollout | Mapping[str, Any] | None = None,
        infos: Sequence[str] = (),
    ) -> Rollout:
        """Return what K sequences of actions would lead to; the environment stays as it is.

        Each future goes on to the end of its episode; behind that, its rows are zeros and
        ``valid`` is False. Wrappers take part; normalisers keep their statistics as they are. A
        native environment moves all futures at once, where its wrappers let it; others are cloned.

        Args:
            actions: Elements of `action_space`, (K, T, ...) in its structure.
            start: Where the futures start: a snapshot of this environment, or one for each of
                them; None for the present state.
            streams: Where random numbers come from: ``"own"`` is the environment's own stream, so
                that all futures see the same noise; ``"split"`` gives each future a stream split
                from that, the same ones each time; an integer splits by that instead.
            out: Arrays (K, T, ...) to write to: a `Rollout` that this method returned, or a dict
                of some of its fields; the others are new.
            infos: The names of the infos to keep.

        Returns:
            What the futures gave. Its arrays are (K, T, ...), observations those behind each step.

        Raises:
            InvalidAction: If the actions are none.
            ResetNeeded: If there is no episode to go on with.
            SnapshotError: If a snapshot is of another environment.
            TypeError, ValueError: If another argument is wrong.
        """
        from dromos.rollout.futures import futures_of

        return futures_of(self, actions, start=start, streams=streams, out=out, infos=infos)

    def _futures_over_lanes(self, stack: Env[Any, Any], wanted: Futures) -> Rollout | None:
        """Return the futures of `stack`, whose innermost environment this is, moved all at once.

        None if something in it cannot be moved so.
        """
        return None

    def _refuse_futures(self) -> None:
        """Raise if the environment knows that it has no episode to go on with.

        Raises:
            ResetNeeded: If it has none.
        """

    @takes_no_arguments
    def render(self) -> RenderFrame | list[RenderFrame] | None:
        """Return a picture of the present state in the mode the environment was made with.

        Returns:
            What the mode says: None for ``None`` and ``"human"`` (the window follows by itself),
            a uint8 array (height, width, 3) for ``"rgb_array"``, a text for ``"ansi"``, and the
            list of the pictures since the last call for ``"rgb_array_list"`` and
            ``"ansi_list"``.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Release windows, processes and files. Closing twice is harmless."""

    @property
    def unwrapped(self) -> Env[ObsType, ActType]:
        """The innermost environment: this one."""
        return self

    @property
    def np_random(self) -> np.random.Generator:
        """The environment's random generator, seeded from entropy if nobody seeded it."""
        if self._np_random is None:
            self._np_random, self._np_random_seed = seeding.np_random()
        return self._np_random

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self._np_random = value
        self._np_random_seed = _UNKNOWN_SEED

    @property
    def np_random_seed(self) -> int:
        """The seed of `np_random`; -1 for a generator the user put in place."""
        if self._np_random_seed is None:
            if self._np_random is not None:
                return _UNKNOWN_SEED
            self._np_random, self._np_random_seed = seeding.np_random()
        return self._np_random_seed

    def snapshot(self) -> Snapshot:
        """Return everything that decides the future of the environment, as plain data.

        Raises:
            SnapshotError: If an attribute is not plain data; the message names it.
        """
        from dromos.snapshot import snapshot_of

        return snapshot_of(self)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to `snapshot`: the same actions give the same steps from there on.

        Args:
            snapshot: Taken from this environment or from one built in the same way.

        Raises:
            SnapshotError: If the snapshot is of another environment.
        """
        from dromos.snapshot import restore_into

        restore_into(self, snapshot)

    def clone(self) -> Self:
        """Return an independent copy with the same future.

        A deep copy, into which what a snapshot holds is restored: Python's deep copy alone would
        cut arrays off the arrays they are views of. Where an attribute is not plain data, the
        deep copy has to do.
        """
        twin = copy.deepcopy(self)
        with contextlib.suppress(SnapshotError):
            twin.restore(self.snapshot())
        return twin

    def snapshot_state(self) -> dict[str, Any]:
        """Return the state for `snapshot`: by default every attribute that is not excluded.

        Override it, together with `restore_state` or `judge_state`, where the state lives outside
        Python.
        """
        from dromos.snapshot import attributes_state

        return attributes_state(self)

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what puts the environment into a state, after looking at all of it.

        Args:
            state: What `snapshot_state` returned, read from anywhere; it is used up.

        Returns:
            Functions that are called, and cannot fail, once everything else has been looked at.

        Raises:
            SnapshotError, TypeError, ValueError: If the state does not fit; nothing has changed.
        """
        from dromos.snapshot import judge_attributes

        return judge_attributes(self, state)

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take over what `snapshot_state` returned, or, if it does not fit, nothing.

        One that is overridden may fail half way: what it has changed is undone then.
        """
        from dromos.snapshot import restore_now

        restore_now(self, self.judge_state, state)

    def has_wrapper_attr(self, name: str) -> bool:
        """Return whether the environment has the attribute `name`."""
        return hasattr(self, name)

    def get_wrapper_attr(self, name: str) -> Any:
        """Return the attribute `name`.

        Raises:
            AttributeError: If the environment has no such attribute.
        """
        return getattr(self, name)

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Set the attribute `name`; without `force` only if it exists. Return whether it was."""
        if force or hasattr(self, name):
            setattr(self, name, value)
            return True
        return False

    def _repr_html_(self) -> str:
        """Return how a notebook shows the environment: what it is, and its present picture."""
        html: str = load("dromos.notebook:env_html")(self)
        return html

    def __str__(self) -> str:
        if self.spec is None:
            return f"<{type(self).__name__} instance>"
        return f"<{type(self).__name__}<{self.spec.id}>>"

    def __enter__(self) -> Self:
        """Return the environment, which the ``with`` statement closes at its end."""
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        """Close the environment and let an exception pass."""
        self.close()
        return False
