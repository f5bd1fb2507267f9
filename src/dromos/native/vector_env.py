"""`NativeVectorEnv`: many native lanes behind Gymnasium's vector calls."""

from __future__ import annotations

import copy as copying
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from dromos._core import batch as core
from dromos.core import ActType, ObsType
from dromos.error import ClosedEnvironmentError, InvalidAction, ResetNeeded
from dromos.native.actions import as_native_actions
from dromos.native.distributions import Distribution
from dromos.native.draws import ParameterDraws
from dromos.native.env import NativeEnv
from dromos.native.fields import ENDED, UNSET, Lanes, all_lanes, field_column, write_field
from dromos.native.lane_access import LaneAccess
from dromos.native.lane_arguments import check_ordered, checked_params, count, template_params
from dromos.native.reset_arguments import ResetArguments, reset_arguments
from dromos.native.results import Results, Waiting
from dromos.native.rows import choose, scattered, take, unmarked
from dromos.seeding import entropy_words
from dromos.vector.autoreset import AutoresetMode, EpisodeEnded
from dromos.vector.lane_queue import LaneIds
from dromos.vector.reset_plan import LaneOptions, LaneSeeds
from dromos.vector.utils.space_utils import batch_space

__all__ = ["NativeVectorEnv"]

Rewards = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MODES = {
    AutoresetMode.NEXT_STEP: core.Autoreset.NEXT_STEP,
    AutoresetMode.SAME_STEP: core.Autoreset.SAME_STEP,
    AutoresetMode.DISABLED: core.Autoreset.DISABLED,
}

#: Attributes that are rebuilt, not stored, when a vector is copied or pickled.
_REBUILT = frozenset({"core", "draws", "_waiting"})


class NativeVectorEnv(LaneAccess[ObsType, ActType]):
    """A vector of native lanes.

    Lane ``i`` reset with seed ``s`` runs the episodes of a single environment seeded ``s + i``
    and reset again and again. Options given to `reset` stay in force for the episodes that a lane
    starts by itself, until it is reset again.

    Attributes:
        single: The class of the lanes' environments.
        num_threads: How many threads may share a step.
        copy: Whether each step returns arrays of its own; otherwise the next step overwrites
            them.
        batch_size: How many lanes `recv` returns.
    """

    single: ClassVar[type[NativeEnv[Any, Any]]]

    def __init__(
        self,
        num_envs: int = 1,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        *,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        params: Mapping[str, Any] | None = None,
        num_threads: int | None = None,
        copy: bool = True,
        batch_size: int | None = None,
        **parameters: Any,
    ) -> None:
        """Make the lanes.

        Args:
            num_envs: The number of lanes.
            max_episode_steps: Steps after which an episode is truncated; None for no limit.
            render_mode: One of ``metadata["render_modes"]``, or None.
            autoreset_mode: When a lane whose episode has ended is reset.
            params: Parameters of the dynamics, each one value, an array with one a lane, or a
                distribution from which each reset of a lane draws one.
            num_threads: How many threads may share a step; None for as many as the process may
                run on. Results do not depend on it.
            copy: Whether each step returns arrays of its own.
            batch_size: How many lanes `recv` returns; None for all.
            **parameters: Further parameters of the dynamics, as in `params`.

        Raises:
            TypeError: If there is no such parameter, or a value is of the wrong type.
            ValueError: If a value is out of range, or a lower bound is not less than its upper
                bound in some lane, whatever is drawn.
        """
        self.num_envs = count("num_envs", num_envs)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        self.batch_size = (
            self.num_envs if batch_size is None else count("batch_size", batch_size, self.num_envs)
        )
        limit = (
            core.NO_LIMIT
            if max_episode_steps is None
            else count("max_episode_steps", max_episode_steps)
        )
        self.num_threads = (
            core.default_threads() if num_threads is None else count("num_threads", num_threads)
        )
        self.copy = copy
        self.render_mode = render_mode
        given = checked_params(self.single, {**parameters, **(params or {})}, self.num_envs)
        shared = template_params(self.single, given)
        self.template = self.single(render_mode=render_mode, **shared)
        check_ordered(self.template, given)
        self.metadata = {**self.template.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = self.template.observation_space
        self.single_action_space = self.template.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._seeds = [None] * self.num_envs
        self._received: list[Any] = []  # final observations and valid transitions of `recv`
        self._stepped = False
        self._ended: Flags | None = None
        self.draws = ParameterDraws(self.single, self.num_envs)
        self._build(limit)
        drawn = {n: shared[n] for n, v in given.items() if isinstance(v, Distribution)}
        self.set_params({**given, **drawn})
        self.set_params({name: given[name] for name in drawn})

    def _build(self, limit: int) -> None:
        mode = _MODES[self.autoreset_mode]
        self.core = core.make_batch(self.single.dynamics, self.num_envs, mode, limit)
        self.core.threads = self.num_threads
        self.core.reuse_outputs = not self.copy
        self._waiting = Waiting(self.batch_size)

    @property
    def max_episode_steps(self) -> int | None:
        """Steps after which an episode is truncated; assign to change it from now on."""
        return None if self.core.limit == core.NO_LIMIT else self.core.limit

    @max_episode_steps.setter
    def max_episode_steps(self, value: int | None) -> None:
        self.core.limit = core.NO_LIMIT if value is None else count("max_episode_steps", value)

    def reset(
        self, *, seed: LaneSeeds = None, options: LaneOptions = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those that ``options["reset_mask"]`` chooses.

        Args:
            seed: None, one seed (lane ``i`` gets ``seed + i``), or one or None a lane.
            options: Options for all lanes or one dict a lane; a value may be an array with one
                element for each lane that is reset. They are never changed.

        Returns:
            observations: The first observations of the lanes that were reset, the present ones of
                the others.
            infos: Columns of the infos of the lanes that were reset.

        Raises:
            TypeError, ValueError, Error: If an argument is wrong; no lane has been reset then.
            ResetNeeded: If a lane outside the mask has never been reset.
        """
        arguments = reset_arguments(self.num_envs, seed, options)
        self._reset(arguments)
        observations: ObsType = self.core.observe(all_lanes(self.core))
        infos = self.core.infos(arguments.lanes)
        if arguments.partial:
            infos = scattered(infos, arguments.lanes, self.num_envs)
        return observations, infos

    def _reset(self, arguments: ResetArguments) -> None:
        self._require_open()
        lanes = arguments.lanes
        if arguments.partial:
            unset = np.flatnonzero(self.core.status() == UNSET)
            if missing := np.setdiff1d(unset, lanes).tolist():
                raise ResetNeeded(
                    f"Lanes {missing} have never been reset; reset all lanes before some of them."
                )
        writes = [
            (own, name, field_column(self.core, "options", name, own, value))
            for own, options in arguments.options
            for name, value in self.template.checked_options(options).items()
        ]
        self.core.default_options(lanes)
        for own, name, column in writes:
            write_field(self.core, "options", name, own, column)
        self._seed(arguments)
        self.core.reset(lanes)
        self._waiting.drop(lanes)
        self._received = []
        self._stepped = False
        self._ended = None

    def _seed(self, arguments: ResetArguments) -> None:
        first = arguments.first_seed
        if first is None and not arguments.seeds and self._seeds[0] is None:
            # As much entropy as one 64-bit seed and its successors hold.
            first = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
        if first is not None and first + self.num_envs <= 1 << 64:
            self.core.seed_all(first)
            self._seeds = range(first, first + self.num_envs)
            return
        seeds: list[int | None] = arguments.seeds
        if first is not None:
            seeds = [first + lane for lane in range(self.num_envs)]
        changed = list(self._seeds)
        for lane, seed in zip(arguments.lanes.tolist(), seeds, strict=False):
            if seed is None and changed[lane] is None:
                seed = int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
            if seed is not None:
                self.core.seed(lane, entropy_words(seed))
                changed[lane] = seed
        self._seeds = changed

    def step(self, actions: ActType) -> tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]:
        """Advance every lane by one action, or by the reset that its autoreset mode asks for.

        Args:
            actions: An action a lane: integers (n,), or numbers (n, size).

        Returns:
            observations: (n, ...).
            rewards: float64 (n,).
            terminations: bool (n,).
            truncations: bool (n,).
            infos: Columns of the lanes' infos; under SAME_STEP also ``final_obs`` and
                ``final_info`` of the lanes that ended.

        Raises:
            InvalidAction: If the actions are not one a lane; no lane has moved then.
            ResetNeeded: If a lane has no episode; no lane has moved then.
            AlreadyPendingCallError: If results of `send` have not been received.
        """
        if self.closed or self._waiting:
            self._require_open()
            self._waiting.refuse(all_lanes(self.core))
        try:
            observations, rewards, terminated, truncated, infos = self.core.step(actions)
        except core.LaneFault as fault:
            rows = self._mended(fault, actions, None)
            try:
                observations, rewards, terminated, truncated, infos = self.core.step(rows)
            except core.LaneFault as second:
                self._refuse(second, rows, None)
        self._stepped = True
        self._received = []
        if self.autoreset_mode is AutoresetMode.SAME_STEP:
            self._ended = terminated | truncated
            if self._ended.any():
                infos["final_obs"] = self.core.final_column(self._ended)
                infos["_final_obs"] = self._ended.copy()
                infos["final_info"] = self.core.final_infos(self._ended)
                infos["_final_info"] = self._ended.copy()
        return observations, rewards, terminated, truncated, infos

    def send(self, actions: ActType, lane_ids: LaneIds | None = None) -> None:
        """Step some lanes and keep the results for `recv`.

        A native lane is stepped at once, in the caller's thread: it takes less time than handing
        it to another.

        Args:
            actions: One action for each of these lanes, in their order.
            lane_ids: The lanes to step; None for all.

        Raises:
            InvalidAction, ResetNeeded, IndexError, TypeError, ValueError: If the actions or the
                lanes are wrong; no lane has moved then.
            AlreadyPendingCallError: If a result of one of the lanes has not been received.
        """
        self._require_open()
        lanes = self._lane_array(lane_ids)
        self._waiting.refuse(lanes)
        rows = as_native_actions(actions, self.core, len(lanes))
        try:
            *results, infos = self.core.step_some(lanes, rows)
        except core.LaneFault as fault:
            self._refuse(fault, rows, lanes)
        final, finals = results[0], self._no_finals(infos, len(lanes))
        if finals and (ended := results[2] | results[3]).any():
            final = choose(ended, take(self.core.final_observation(), lanes), final)
            mask = np.zeros(self.num_envs, dtype=np.bool_)
            mask[lanes] = ended
            finals = {
                "final_obs": self.core.final_column(mask)[lanes],
                "final_info": take(self.core.final_infos(mask), lanes),
            }
        valid = ~self.core.restarted()[lanes]
        self._waiting.put(Results(lanes, (*results, final, valid, infos, finals)))

    def recv(self) -> tuple[ObsType, Rewards, Flags, Flags, dict[str, Any]]:
        """Return the results of the `batch_size` lanes that finished first.

        Returns:
            The tuple that `step` returns, with `batch_size` rows; ``infos["lane_ids"]`` (int64)
            says which lanes they are. `final_obs` and `valid_transition` tell of these rows.

        Raises:
            NoAsyncCallError: If fewer results wait.
        """
        self._require_open()
        lanes, arrays = self._waiting.take()
        observations, rewards, terminated, truncated, final, valid, columns, finals = arrays
        self._received = [final, valid]
        infos = {**columns, "lane_ids": lanes}
        if finals and (ended := terminated | truncated).any():
            infos.update(finals, _final_obs=ended, _final_info=ended.copy())
        return observations, rewards, terminated, truncated, infos

    def async_reset(self, *, seed: LaneSeeds = None, options: LaneOptions = None) -> None:
        """Reset as `reset` does, and keep the results for `recv`: rewards 0, both flags False."""
        arguments = reset_arguments(self.num_envs, seed, options)
        self._reset(arguments)
        lanes = arguments.lanes
        observations = self.core.observe(lanes)
        rewards, flags = np.zeros(len(lanes)), np.zeros((3, len(lanes)), dtype=np.bool_)
        infos = self.core.infos(lanes)
        finals = self._no_finals(infos, len(lanes))
        arrays = (rewards, *flags[:2], observations, flags[2], infos, finals)
        self._waiting.put(Results(lanes, (observations, *arrays)))

    def _no_finals(self, infos: dict[str, Any], rows: int) -> dict[str, Any]:
        """Return what SAME_STEP adds to infos of lanes that go on; nothing in other modes."""
        if self.autoreset_mode is not AutoresetMode.SAME_STEP:
            return {}
        return {"final_obs": np.empty(rows, dtype=np.object_), "final_info": unmarked(infos)}

    @property
    def final_obs(self) -> ObsType:  # type: ignore[override]
        """What the lanes last reported observed at the end of their steps, before any autoreset."""
        if self._received:
            return copying.deepcopy(self._received[0])  # type: ignore[no-any-return]
        if (self.core.status() == UNSET).any():
            raise ResetNeeded(f"{self} has no observations before the first `reset()`.")
        present: ObsType = self.core.observe(all_lanes(self.core))
        if self._ended is None:
            return present
        final: ObsType = choose(self._ended, self.core.final_observation(), present)
        return final

    @property
    def valid_transition(self) -> Flags:  # type: ignore[override]
        """Which of the lanes last reported made a step of their environment; bool."""
        if self._received:
            valid: Flags = self._received[1].copy()
            return valid
        if not self._stepped:
            return np.zeros(self.num_envs, dtype=np.bool_)
        return ~self.core.restarted()

    def _mended(self, fault: core.LaneFault, actions: ActType, lanes: Lanes | None) -> NDArray[Any]:
        """Return actions in the core's layout if that was all that was wrong with them."""
        if fault.args[0] != "layout":
            self._refuse(fault, actions, lanes)
        return as_native_actions(actions, self.core, self.num_envs)

    def _refuse(self, fault: core.LaneFault, actions: Any, lanes: Lanes | None) -> NoReturn:
        reason, row = fault.args
        lane = row if lanes is None or reason != "action" else int(lanes[row])
        if reason == "action":
            raise InvalidAction(
                f"{actions[row]!r} in lane {lane} is not an action: expected an element of "
                f"{self.single_action_space}"
            ) from None
        if reason == "ended":
            ended = np.flatnonzero(self.core.status() == ENDED).tolist()
            raise EpisodeEnded(
                f"The episodes of lanes {ended} have ended and autoreset is disabled; reset them "
                'with `reset(options={"reset_mask": terminated | truncated})`.'
            ) from None
        raise ResetNeeded(f"Lane {lane} has no episode; call `reset()` first.") from None

    def _require_open(self) -> None:
        if self.closed:
            raise ClosedEnvironmentError(f"{self} has been closed; make a new one.")

    def close_extras(self, **kwargs: Any) -> None:
        """Close the window, if there is one."""
        self.template.close()

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.__dict__.items() if name not in _REBUILT}
        return {**kept, "core": self.snapshot_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: value for name, value in state.items() if name != "core"})
        self._build(core.NO_LIMIT)
        self.draws = ParameterDraws(self.single, self.num_envs)
        self.restore_state(state["core"])
        self._ended = None
