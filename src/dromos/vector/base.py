"""`VectorEnv`: what a reset and a step of several environments at once are."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Generic, Literal

import numpy as np
from typing_extensions import Self, TypeVar

from dromos import seeding
from dromos.core import ActType, ObsType, RenderFrame
from dromos.error import Error, SnapshotError
from dromos.homes import adopt, load, rename
from dromos.snapshot import rules
from dromos.spaces.graph import GraphInstance
from dromos.vector.infos import add_info
from dromos.vector.lane_queue import checked_lane_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from dromos.registration.spec import EnvSpec
    from dromos.rollout import Rollout
    from dromos.rollout.recording import Target
    from dromos.snapshot import Snapshot, Writes
    from dromos.spaces import Space
    from dromos.vector.lane_queue import LaneIds
    from dromos.vector.reset_plan import LaneOptions, LaneSeeds

__all__ = ["ArrayType", "VectorEnv"]

ArrayType = TypeVar("ArrayType", default=Any)


@adopt
class VectorEnv(Generic[ObsType, ActType, ArrayType]):
    """Several independent environments of one kind, reset and stepped with one call.

    Lane ``i`` of every batch belongs to sub-environment ``i``. Episodes end at different steps;
    ``metadata["autoreset_mode"]`` says when a lane whose episode has ended is reset (see
    `dromos.vector.autoreset`).

    Attributes:
        metadata: That of the sub-environments, with ``autoreset_mode``.
        spec: What `make_vec` made the vector from, or None.
        render_mode: The mode the sub-environments were made with, or None.
        closed: Whether `close` was called.
        num_envs: The number of lanes, n.
        single_observation_space: The observations of one lane.
        single_action_space: The actions of one lane.
        observation_space: The observations of all lanes, batched.
        action_space: The actions of all lanes, batched.
        final_obs: What each lane observed at the end of its last step, before any autoreset: a
            batch with a row for each row of the last observations, in every autoreset mode.
            Where `valid_transition`, (observations before, actions, rewards, `final_obs`) are
            the transitions of the environments. After a reset, the reset observations.
        valid_transition: Which lanes' environments made a step in the last call; bool (n,). False
            where the call was a reset instead, as the step after an episode's end is in
            NEXT_STEP mode: the action was ignored and there is nothing to learn from.
        snapshot_exclude: Names of attributes that snapshots leave out.
        snapshot_fields: Names of attributes that are the state, and the rule each obeys.
    """

    metadata: dict[str, Any] = {}  # noqa: RUF012  (an instance replaces it)
    spec: EnvSpec | None = None
    __module__ = "dromos.vector.vector_env"  # the public path

    render_mode: str | None = None
    closed: bool = False

    observation_space: Space[ObsType]
    action_space: Space[ActType]
    single_observation_space: Space[Any]
    single_action_space: Space[Any]
    num_envs: int

    final_obs: ObsType
    valid_transition: npt.NDArray[np.bool_]

    #: What batches of observations are made of.
    snapshot_types: tuple[type, ...] = (GraphInstance,)
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

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those that a mask chooses.

        This method of the base class only seeds `np_random` and returns None.

        Args:
            seed: None, an integer ``s`` (lane ``i`` gets ``s + i``), or a list with one integer
                or None a lane.
            options: None, a dict for all lanes, or a list with one dict or None a lane. In the
                dict for all lanes, ``reset_mask`` (a bool array (n,)) chooses the lanes to
                reset; the others keep their observation. The dict is never changed.

        Returns:
            observations: The first observations, batched.
            infos: Columns of the lanes' infos (see `dromos.vector.infos`).
        """
        if seed is not None:
            self._np_random, self._np_random_seed = seeding.np_random(seed)  # type: ignore[arg-type]
        return None  # type: ignore[return-value]

    def step(
        self, actions: ActType
    ) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Advance every lane by one action.

        Args:
            actions: An element of `action_space`.

        Returns:
            observations: An element of `observation_space`.
            rewards: What the actions earned; float (n,).
            terminations: Which lanes reached a terminal state; bool (n,).
            truncations: Which lanes' episodes were cut off; bool (n,).
            infos: Columns of the lanes' infos.
        """
        raise NotImplementedError(f"{self} does not define `step`.")

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Start a step of some lanes; `recv` gives the results.

        Args:
            actions: A batch of one action for each of these lanes.
            lane_ids: The lanes to step, None for all.

        Raises:
            AlreadyPendingCallError: If a result of one of the lanes has not been received.
            IndexError: If there is no such lane.
        """
        raise NotImplementedError(f"{self} does not define `send`.")

    def recv(self) -> tuple[ObsType, ArrayType, ArrayType, ArrayType, dict[str, Any]]:
        """Return the results of the ``batch_size`` lanes that finished first.

        Returns:
            The tuple that `step` returns, with ``batch_size`` rows; ``infos["lane_ids"]`` (int64)
            says which lanes they are.

        Raises:
            NoAsyncCallError: If fewer lanes than that were sent.
        """
        raise NotImplementedError(f"{self} does not define `recv`.")

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Start a reset; `recv` gives the results, with rewards 0 and both flags False."""
        raise NotImplementedError(f"{self} does not define `async_reset`.")

    def rollout(
        self,
        actions: ActType | Callable[[Any], Any],
        steps: int | None = None,
        *,
        observations: Any = None,
        out: Rollout | Mapping[str, Any] | None = None,
        infos: Sequence[str] = (),
        progress: bool | Callable[[int, int], None] = False,
    ) -> Rollout:
        """Make many steps, exactly those that as many calls of `step` would make.

        An exception in step t holds the steps before it: `Rollout.so_far` returns them. So does
        the `KeyboardInterrupt` of a Ctrl-C.

        Args:
            actions: The actions of T steps, (T, n, ...) in the structure of `action_space`; or a
                policy, which is called with the observations of all lanes, rows of the rollout's
                own arrays, and returns a batch of actions.
            steps: The number of steps, T, for a policy to make.
            observations: What the lanes show now, as the last call returned it. Needed only of
                vectors and wrappers that are not of this library.
            out: Arrays to write to, of T steps or more: a `Rollout`, or a dict of some of its
                fields; the others are new.
            infos: The names of the infos to keep.
            progress: Whether to tell on standard error how far it is, or a function to call with
                the steps done and the steps in all.

        Returns:
            What the steps gave; its arrays are (T, n, ...).

        Raises:
            InvalidAction: If the actions are none; no lane has moved then. If those of a policy
                are none, no lane has moved in that step.
            ResetNeeded: If a lane has no episode.
            TypeError, ValueError: If another argument is wrong; no lane has moved then.
        """
        from dromos.rollout.recording import record

        return record(
            self,
            actions,
            steps,
            observations=observations,
            out=out,
            infos=infos,
            progress=progress,
        )

    def _present(self) -> Any:
        """Return what the lanes show now; views will do. Raise if they cannot be stepped."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say what its lanes show now: call "
            "`rollout(..., observations=...)` with what the last step or reset returned."
        )

    def _run_infos(self, names: Sequence[str]) -> Mapping[str, tuple[Any, tuple[int, ...]]] | None:
        """Return dtype and shape, of one lane, of infos by name; None if `_run` cannot have them.

        None stands also for a vector that has no `_run`.
        """
        return None

    def _run(self, out: Target, first: int, last: int) -> int | None:
        """Make the steps [first, last) in one call, and return how many were made.

        None if `step` has to make them.
        """
        return None

    #: Whether `_run` refuses bad actions before it moves a lane.
    _judges_actions = False

    def _run_length(self) -> int:
        """Return how many steps take no noticeable time, roughly."""
        return 1

    def render(self) -> tuple[RenderFrame, ...] | None:
        """Return what each lane's ``render`` returns, in the mode the vector was made with."""
        raise NotImplementedError(f"{self} does not define `render`.")

    def render_lanes(self, lanes: LaneIds | None = None) -> tuple[RenderFrame, ...]:
        """Return what ``render`` of some lanes returns, in their order.

        Args:
            lanes: The lanes; None for all.

        Raises:
            Error: If the vector was made without a render mode.
            IndexError: If there is no such lane.
        """
        chosen = checked_lane_ids(lanes, self.num_envs)
        frames = self.render()
        if frames is None:
            raise Error(
                f"{self} draws nothing, its render_mode is {self.render_mode!r}; make it with "
                'render_mode="rgb_array"'
            )
        return tuple(frames[lane] for lane in chosen)

    def render_grid(
        self,
        lanes: LaneIds | None = None,
        columns: int | None = None,
        *,
        gap: int = 2,
        colour: tuple[int, int, int] = (255, 255, 255),
        labels: bool | Sequence[str] = False,
    ) -> npt.NDArray[np.uint8]:
        """Return one picture of some lanes, laid out row by row from the top left.

        Args:
            lanes: The lanes; None for all.
            columns: How many lanes a row shows; None makes the grid about as wide as high.
            gap: Pixels between lanes.
            colour: Colour of the gaps and of places without a lane.
            labels: Whether each lane shows its number, the step of its episode, the return (within
                `RecordEpisodeStatistics`) and that the episode has ended; or a text for each lane.

        Returns:
            One frame, uint8 (height, width, 3).

        Raises:
            Error: If the vector's render mode is not ``"rgb_array"``, the frames differ in size,
                `columns`, `gap` or `colour` is out of range, or there is not one label a lane.
            IndexError: If there is no such lane.
        """
        from dromos.render.frames import check_grid, checked_labels, labelled, tile

        if self.render_mode != "rgb_array":
            raise Error(
                f"{self} has the render_mode {self.render_mode!r}; a grid needs "
                'render_mode="rgb_array"'
            )
        check_grid(columns, gap, colour)
        shown = checked_lane_ids(lanes, self.num_envs)
        texts = self.lane_labels(shown) if labels is True else checked_labels(labels, len(shown))
        frames: Any = self.render_lanes(lanes)
        if texts is not None:
            frames = labelled(frames, texts)
        return tile(frames, columns, gap=gap, colour=colour)

    def lane_labels(self, lanes: Sequence[int]) -> list[str]:
        """Return what `render_grid` writes on the pictures of some lanes: here, their numbers."""
        return [f"lane {lane}" for lane in lanes]

    def __len__(self) -> int:
        """Return the number of lanes."""
        return self.num_envs

    def __enter__(self) -> Self:
        """Return the vector, which the ``with`` statement closes at its end."""
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        """Close the vector and let an exception pass."""
        self.close()
        return False

    def close(self, **kwargs: Any) -> None:
        """Release what the lanes hold. Closing twice is harmless.

        Args:
            **kwargs: Passed to `close_extras`.
        """
        if not self.closed:
            try:
                self.close_extras(**kwargs)
            finally:
                self.closed = True

    def close_extras(self, **kwargs: Any) -> None:
        """Release what a subclass holds; called once, by `close`."""

    def snapshot(self, lanes: LaneIds | None = None) -> Snapshot:
        """Return everything that decides the future of the vector, or of some lanes.

        Args:
            lanes: The lanes to take, None for the whole vector.

        Raises:
            SnapshotError: If something is not plain data; the message names it.
        """
        from dromos.snapshot import snapshot_of

        return snapshot_of(self, lanes=lanes)

    def restore(self, snapshot: Snapshot, lanes: LaneIds | None = None) -> None:
        """Go back to `snapshot`.

        Args:
            snapshot: Taken from this vector or from one built in the same way.
            lanes: The lanes to restore into, in the order the lanes have in the snapshot. None
                for the lanes it was taken from.

        Raises:
            SnapshotError: If the snapshot does not fit.
        """
        from dromos.snapshot import restore_into

        restore_into(self, snapshot, lanes=lanes)

    def clone(self) -> Self:
        """Return an independent copy with the same future."""
        return copy.deepcopy(self)

    def snapshot_state(self, lanes: LaneIds | None = None) -> dict[str, Any]:
        """Return the state for `snapshot`: by default every attribute that is not excluded.

        Args:
            lanes: The lanes to take; a subclass that can tell its lanes apart overrides this.
        """
        self._refuse_lanes(lanes)
        from dromos.snapshot import attributes_state

        return attributes_state(self)

    def judge_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> Writes:
        """Return what puts the vector into a state, after looking at all of it.

        Args:
            state: What `snapshot_state` returned, read from anywhere; it is used up.
            lanes: The lanes to put it into; None for those it was taken from.

        Returns:
            Functions that are called, and cannot fail, once everything else has been looked at.

        Raises:
            SnapshotError, TypeError, ValueError: If the state does not fit; nothing has changed.
        """
        self._refuse_lanes(lanes)
        from dromos.snapshot import judge_attributes

        return judge_attributes(self, state)

    def restore_state(self, state: dict[str, Any], lanes: LaneIds | None = None) -> None:
        """Take over what `snapshot_state` returned, or, if it does not fit, nothing."""
        from dromos.snapshot import restore_now

        restore_now(self, lambda known: self.judge_state(known, lanes), state)

    def _refuse_lanes(self, lanes: LaneIds | None) -> None:
        if lanes is not None:
            raise SnapshotError(
                f"{type(self).__name__} cannot snapshot or restore single lanes; take the whole "
                "vector, or override `snapshot_state` and `restore_state`."
            )

    @property
    def np_random(self) -> np.random.Generator:
        """The vector's random generator, seeded from entropy if nobody seeded it."""
        if self._np_random is None:
            self._np_random, self._np_random_seed = seeding.np_random()
        return self._np_random

    @np_random.setter
    def np_random(self, value: np.random.Generator) -> None:
        self._np_random = value
        self._np_random_seed = -1  # nobody knows the seed of a user's generator

    @property
    def np_random_seed(self) -> int | None:
        """The seed of `np_random`; -1 for a generator the user put in place."""
        if self._np_random_seed is None:
            self._np_random, self._np_random_seed = seeding.np_random()
        return self._np_random_seed

    @property
    def unwrapped(self) -> VectorEnv[Any, Any, Any]:
        """The innermost vector: this one."""
        return self

    def _add_info(
        self, vector_infos: dict[str, Any], env_info: dict[str, Any], env_num: int
    ) -> dict[str, Any]:
        """Add the info of lane `env_num` to the columns of others, and return them."""
        return add_info(vector_infos, env_info, env_num, self.num_envs)

    def _repr_html_(self) -> str:
        """Return how a notebook shows the vector: what it is, and pictures of its lanes."""
        html: str = load("dromos.notebook:vector_html")(self)
        return html

    def __repr__(self) -> str:
        spec = "" if self.spec is None else f"{self.spec.id}, "
        return f"{type(self).__name__}({spec}num_envs={self.num_envs})"
