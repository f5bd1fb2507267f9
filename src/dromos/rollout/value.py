"""`Rollout`: what many steps of many lanes gave, as one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dromos.rollout.arrays import Array, leaves_of, map_arrays
from dromos.rollout.episodes import Episode, episodes_of

if TYPE_CHECKING:
    import os

__all__ = ["FIELDS", "NUMBERS", "Episode", "Rollout"]

Flags = npt.NDArray[np.bool_]

#: The fields with one number a step and lane.
NUMBERS = {
    "rewards": np.float64,
    "terminated": np.bool_,
    "truncated": np.bool_,
    "valid_transition": np.bool_,
}
#: The fields in the order of the constructor's arguments.
FIELDS = ("observations", "actions", *NUMBERS, "final_observations", "infos")


class Rollout:
    """T steps of N lanes.

    Of a vector, arrays are (T, N, ...), the time in front. Of an environment's futures they are
    (N, T, ...), `time_axis` is 1, and observations are those behind each step alone, (N, T, ...):
    what it shows now, only its caller knows. Observations and actions have the structure of their
    spaces: arrays, or dicts and tuples of arrays; elements that are no arrays stand in arrays of
    objects.

    A step is ``(observations[t], actions[t], rewards[t], final_observations[t])``, where
    ``valid_transition[t]``.

    Attributes:
        observations: What lanes showed: before the first step, and after each; (T + 1, N, ...).
        actions: What they were given; (T, N, ...).
        rewards: float64 (T, N).
        terminated: Whether a lane reached a terminal state; bool (T, N).
        truncated: Whether its episode was cut off; bool (T, N).
        valid_transition: Whether it made a step of its environment: False where a step was a reset
            instead (NEXT_STEP), and, in futures, behind the end of an episode; bool (T, N).
        final_observations: What lanes observed at the end of each step, before any reset: a view of
            ``observations[1:]`` but for SAME_STEP, where an ended lane already shows the next
            episode; (T, N, ...).
        infos: The infos that were asked for: name to column (T, N, ...), and under ``_name`` which
            lanes had it when; bool (T, N).
        time_axis: Which axis is that of time, 0 or 1.
    """

    __slots__ = (
        "actions",
        "final_observations",
        "infos",
        "observations",
        "rewards",
        "terminated",
        "time_axis",
        "truncated",
        "valid_transition",
    )

    def __init__(
        self,
        observations: Any,
        actions: Any,
        rewards: Array,
        terminated: Flags,
        truncated: Flags,
        valid_transition: Flags,
        final_observations: Any = None,
        infos: Mapping[str, Any] | None = None,
        *,
        time_axis: int = 0,
    ) -> None:
        """Put arrays together; none is copied.

        Args:
            observations: See the attributes.
            actions: Likewise.
            rewards: Likewise.
            terminated: Likewise.
            truncated: Likewise.
            valid_transition: Likewise.
            final_observations: None for those in `observations`.
            infos: None for none.
            time_axis: 0 or 1.

        Raises:
            ValueError: If the arrays are not of the same steps and lanes, or of another dtype.
        """
        if time_axis not in (0, 1):
            raise ValueError(f"Expected time_axis to be 0 or 1, found {time_axis!r}")
        self.time_axis = time_axis
        self.observations, self.actions = observations, actions
        self.rewards, self.terminated, self.truncated = rewards, terminated, truncated
        self.valid_transition = valid_transition
        self.infos: dict[str, Any] = dict(infos or {})
        self.final_observations: Any = (
            map_arrays(self._behind_first, observations)
            if final_observations is None
            else final_observations
        )
        self._check()

    @classmethod
    def unchecked(cls, time_axis: int, *fields: Any) -> Rollout:
        """Put arrays together that fit, in the order of the constructor; all are given."""
        rollout = cls.__new__(cls)
        rollout.time_axis = time_axis
        for name, value in zip(FIELDS, fields, strict=True):
            setattr(rollout, name, value)
        return rollout

    def _check(self) -> None:
        shape = self.rewards.shape[:2]
        more = 1 - self.time_axis  # what was shown before the first step
        longer = (shape[0] + more, *shape[1:])
        for name, dtype in NUMBERS.items():
            found = getattr(self, name)
            if found.dtype != dtype:
                raise ValueError(f"{name}: expected {np.dtype(dtype)}, found {found.dtype}")
        for name in FIELDS:
            for where, array in leaves_of(getattr(self, name), name):
                expected = longer if name == "observations" else shape
                if len(shape) != 2 or array.shape[:2] != expected:
                    raise ValueError(
                        f"{where}: expected an array of shape {expected} and perhaps further axes, "
                        f"as rewards have {shape}, found {array.shape}"
                    )

    def _behind_first(self, array: Array) -> Array:
        return array[1:] if self.time_axis == 0 else array

    @property
    def valid(self) -> Flags:
        """`valid_transition` by a shorter name."""
        return self.valid_transition

    @property
    def num_steps(self) -> int:
        """The number of steps, T."""
        return int(self.rewards.shape[self.time_axis])

    @property
    def num_lanes(self) -> int:
        """The number of lanes or futures, N."""
        return int(self.rewards.shape[1 - self.time_axis])

    @property
    def has_own_finals(self) -> bool:
        """Whether `final_observations` are more than a view of `observations`."""
        pairs = zip(
            leaves_of(self.final_observations, ""), leaves_of(self.observations, ""), strict=True
        )
        return not all(
            np.may_share_memory(final, self._behind_first(seen)) or not final.size
            for (_, final), (_, seen) in pairs
        )

    def returns(self) -> Array:
        """Return the sum of each lane's rewards over the steps; float64 (N,)."""
        total: Array = self.rewards.sum(axis=self.time_axis)
        return total

    def first(self, steps: int) -> Rollout:
        """Return the first steps: a rollout of views of the arrays.

        Raises:
            ValueError: If there are not as many.
        """
        if not 0 <= steps <= self.num_steps:
            raise ValueError(f"Expected 0 to {self.num_steps} steps, found {steps}")

        def cut(array: Array, length: int) -> Array:
            return array[:length] if self.time_axis == 0 else array[:, :length]

        fields: dict[str, Any] = {}
        for name in FIELDS:
            length = steps + (name == "observations" and not self.time_axis)
            tree = getattr(self, name)
            fields[name] = map_arrays(lambda array, n=length: cut(array, n), tree)
        if not self.has_own_finals:
            fields["final_observations"] = None
        return Rollout(**fields, time_axis=self.time_axis)

    def episodes(self) -> Iterator[Episode]:
        """Return the episodes, lane by lane; the first and last of a lane may be parts of one.

        Their arrays are views where that is possible. Steps that were resets belong to none.
        """
        return episodes_of(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the rollout to a directory that does not exist yet, or is empty: see `load`.

        Raises:
            FileExistsError: If there is something at `path`.
            TypeError: If there are elements that are no arrays of numbers.
        """
        from dromos.rollout.files import save

        save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, mmap_mode: str | None = None) -> Rollout:
        """Return a rollout from a directory that `save` wrote; nothing of it is unpickled.

        Args:
            path: The directory: one ``.npy`` file an array, and ``rollout.json``.
            mmap_mode: None to read the arrays; ``"r"``, ``"r+"`` or ``"c"`` to map them, as in
                `numpy.load`, so that what is larger than the memory can be looked at.

        Raises:
            FileNotFoundError: If a file is missing.
            DamagedFile: If a file is not what `save` writes.
        """
        from dromos.rollout.files import load

        return load(path, mmap_mode)

    @classmethod
    def empty(
        cls, vector: Any, steps: int, *, path: str | os.PathLike[str] | None = None
    ) -> Rollout:
        """Return zeros for a vector's `rollout` to write to as ``out``, without infos.

        Args:
            vector: The vector.
            steps: The number of steps, T.
            path: A directory to keep the arrays in, mapped into memory, for what exceeds it; it is
                what `load` reads. None for arrays in memory.

        Raises:
            FileExistsError: If there is something at `path`.
            ValueError: If `steps` is less than 1.
        """
        from dromos.rollout.allocation import empty

        return empty(vector, steps, path)

    def to_minari(self, dataset_id: str, **metadata: Any) -> Any:
        """Make a Minari dataset of the episodes, on this machine's disk.

        Args:
            dataset_id: Its name, as ``"cartpole/random-v0"``.
            **metadata: Further arguments of ``minari.create_dataset_from_buffers``, as ``env`` or
                the spaces, ``algorithm_name``, ``author``.

        Returns:
            The ``minari.MinariDataset``.

        Raises:
            DependencyNotInstalled: If Minari is not installed.
        """
        from dromos.rollout.minari import to_minari

        return to_minari(self, dataset_id, metadata)

    @staticmethod
    def so_far(error: BaseException) -> Rollout | None:
        """Return the steps that were recorded before an exception ended a rollout, if any were.

        Args:
            error: What a `rollout` raised: an error of an environment or of the policy, or
                `KeyboardInterrupt`.
        """
        found = getattr(error, "rollout", None)
        return found if isinstance(found, Rollout) else None

    def __eq__(self, other: object) -> bool:
        """Return whether the other rollout has equal arrays, bit for bit."""
        if not isinstance(other, Rollout):
            return NotImplemented
        if self.time_axis != other.time_axis:
            return False
        for name in FIELDS:
            pairs = (dict(leaves_of(getattr(one, name), name)) for one in (self, other))
            mine, theirs = pairs
            if mine.keys() != theirs.keys():
                return False
            for where, array in mine.items():
                if not _are_equal(array, theirs[where]):
                    return False
        return True

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        trees = {name: getattr(self, name) for name in (*FIELDS, "time_axis")}
        if not self.has_own_finals:
            trees["final_observations"] = None
        return trees

    def __setstate__(self, state: dict[str, Any]) -> None:
        Rollout.__init__(self, **state)

    def __reduce__(self) -> tuple[Any, ...]:
        return object.__new__, (type(self),), self.__getstate__()

    def __repr__(self) -> str:
        return f"Rollout({self.num_steps} steps of {self.num_lanes} lanes)"


def _are_equal(left: Array, right: Array) -> bool:
    if left.dtype != right.dtype or left.shape != right.shape:
        return False
    if left.dtype == object:
        return bool(np.all([np.array_equal(a, b) for a, b in zip(left.flat, right.flat)]))  # noqa: B905
    return left.tobytes() == right.tobytes()
