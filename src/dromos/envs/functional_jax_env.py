"""Environments and vectors over a `FuncEnv` whose functions are written in JAX."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import numpy as np

from dromos import seeding
from dromos._core.episodes import Guard
from dromos.env import Env
from dromos.envs.jax_library import jax, jnp
from dromos.error import ResetNeeded
from dromos.experimental.functional import ActType, FuncEnv, ObsType, StateType
from dromos.snapshot import Writes, at, rules
from dromos.vector.autoreset import AutoresetMode
from dromos.vector.base import VectorEnv
from dromos.vector.reset_plan import checked_mask
from dromos.vector.utils.space_utils import batch_space

if TYPE_CHECKING:
    from dromos.registration.spec import EnvSpec

__all__ = ["FunctionalJaxEnv", "FunctionalJaxVectorEnv", "PRNGKeyType"]

PRNGKeyType: TypeAlias = Any

#: Attributes whose arrays are JAX's, which snapshots hold as NumPy's.
_ARRAYS = ("state", "rng", "steps", "prev_done")


_Method = TypeVar("_Method", bound=Callable[..., Any])


def _whole(method: _Method) -> _Method:
    """Let one thread in at a time, and leave everything as it was if the call is refused."""

    @functools.wraps(method)
    def call(self: _FunctionalBase, *args: Any, **kwargs: Any) -> Any:
        with self._guard:
            before = dict(vars(self))  # arrays of JAX and generators are replaced, not written to
            try:
                return method(self, *args, **kwargs)
            except BaseException:
                vars(self).clear()
                vars(self).update(before)
                raise

    return call  # type: ignore[return-value]


class _FunctionalBase:
    """What an environment and a vector over functions have in common."""

    func_env: FuncEnv
    state: Any
    rng: PRNGKeyType
    render_state: Any
    render_mode: str | None
    #: Lets one thread in at a time.
    _guard: contextlib.AbstractContextManager[Any] = contextlib.nullcontext()

    snapshot_exclude = frozenset({"func_env", "render_state", "_guard", *_ARRAYS})

    def _set_up(self, func_env: FuncEnv, render_mode: str | None, spec: EnvSpec | None) -> None:
        self.func_env = func_env
        self.render_mode = render_mode
        self.spec = spec
        self.state = None
        self.render_state = func_env.render_init() if render_mode == "rgb_array" else None
        self.rng = _key(None)

    def _next_key(self) -> PRNGKeyType:
        key, self.rng = jax.random.split(self.rng)
        return key

    def _require_state(self) -> None:
        if self.state is None:
            raise ResetNeeded(f"{self} has no state yet; call `reset()` first")

    @_whole
    def snapshot_state(self) -> dict[str, Any]:
        """Return the other attributes and the arrays, as NumPy's."""
        kept = {name: getattr(self, name) for name in _ARRAYS if hasattr(self, name)}
        leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(kept)]
        return {**super().snapshot_state(), "arrays": leaves}  # type: ignore[misc]

    def judge_state(self, state: dict[str, Any]) -> Writes:
        """Return what takes over the result of `snapshot_state`, after looking at all of it."""
        own = dict(state)
        found = own.pop("arrays", None)
        kept = {name: getattr(self, name) for name in _ARRAYS if hasattr(self, name)}
        with at(".arrays"):
            if type(found) is not list:
                raise rules.expected("a list of arrays", found)
            example = self._example_state() if self._has_state(found, kept) else None
            like = {**kept, "state": example}
            leaves, structure = jax.tree.flatten(like)
            if len(found) != len(leaves):
                raise rules.expected(f"{len(leaves)} arrays", found)
            for new, old in zip(found, leaves, strict=True):
                rules.Array(finite=False).checked(new, np.asarray(old).dtype, np.shape(old))
        arrays = [_like(new, old) for new, old in zip(found, leaves, strict=True)]
        writes: Writes = super().judge_state(own)  # type: ignore[misc]
        return [*writes, lambda: self.__dict__.update(jax.tree.unflatten(structure, arrays))]

    def _has_state(self, arrays: list[Any], kept: dict[str, Any]) -> bool:
        """Return whether a snapshot was taken after a reset."""
        others = {name: value for name, value in kept.items() if name != "state"}
        return len(arrays) > len(jax.tree.leaves(others))

    def _example_state(self) -> Any:
        """Return a state of the shapes that states have."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        with self._guard:
            return {name: value for name, value in vars(self).items() if name != "_guard"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        twin = copy.copy(self)
        memo[id(self)] = twin
        for name, value in self.__getstate__().items():
            shared = name in ("func_env", *_ARRAYS)  # functions and arrays never change
            twin.__dict__[name] = value if shared else copy.deepcopy(value, memo)
        return twin

    @_whole
    def render(self) -> Any:
        """Return a picture, uint8 (height, width, 3), in the mode ``"rgb_array"``.

        Raises:
            NotImplementedError: If the environment was made in another mode.
            ResetNeeded: If it has not been reset.
        """
        if self.render_mode != "rgb_array":
            raise NotImplementedError(
                f'{self} was made with render_mode={self.render_mode!r}; only "rgb_array" is drawn'
            )
        self._require_state()
        return self._picture()

    def _picture(self) -> Any:
        raise NotImplementedError

    def _close(self) -> None:
        if self.render_state is not None:
            self.func_env.render_close(self.render_state)
            self.render_state = None


class FunctionalJaxEnv(
    _FunctionalBase, Env[ObsType, ActType], Generic[StateType, ObsType, ActType]
):
    """An environment that keeps the state of functions.

    Observations are arrays of JAX, as ``metadata["jax"]`` says; rewards and flags are Python's.

    Attributes:
        func_env: The functions.
        state: The present state; None before the first reset.
        rng: The random key that the next call's is split off from.
    """

    def __init__(
        self,
        func_env: FuncEnv[StateType, ObsType, ActType],
        metadata: dict[str, Any] | None = None,
        render_mode: str | None = None,
        spec: EnvSpec | None = None,
    ) -> None:
        """Make an environment of functions.

        Args:
            func_env: The functions.
            metadata: Those of the environment; by default, no render modes and ``jax``.
            render_mode: ``"rgb_array"`` or None.
            spec: What `make` made it from.
        """
        self.observation_space = func_env.observation_space
        self.action_space = func_env.action_space
        self.metadata = {"render_modes": [], "jax": True} if metadata is None else metadata
        self._set_up(func_env, render_mode, spec)

    @_whole
    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode; a seed starts a new stream of random keys."""
        super().reset(seed=seed)
        if seed is not None:
            self.rng = _key(seed)
        rng = self._next_key()
        self.state = self.func_env.initial(rng)
        return self.func_env.observation(self.state, rng), self.func_env.state_info(self.state)

    @_whole
    def step(self, action: ActType) -> tuple[ObsType, float, bool, bool, dict[str, Any]]:
        """Follow an action.

        Raises:
            ResetNeeded: If the environment has not been reset.
        """
        self._require_state()
        rng = self._next_key()
        functions, before = self.func_env, self.state
        self.state = after = functions.transition(before, action, rng)
        reward = functions.reward(before, action, after, rng)
        terminated = functions.terminal(after, rng)
        info = functions.transition_info(before, action, after)
        return functions.observation(after, rng), float(reward), bool(terminated), False, info

    def _example_state(self) -> Any:
        shapes = jax.eval_shape(self.func_env.initial, self.rng)
        return jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)

    def _picture(self) -> Any:
        self.render_state, image = self.func_env.render_image(self.state, self.render_state)
        return image

    def close(self) -> None:
        """Release what was drawn with."""
        self._close()


class FunctionalJaxVectorEnv(
    _FunctionalBase, VectorEnv[ObsType, ActType, Any], Generic[ObsType, ActType, StateType]
):
    """Many lanes of functions, stepped together by ``jax.vmap``; autoreset mode NEXT_STEP.

    States may be any trees of arrays. In the step after its end a lane begins anew: its reward is
    0 there, and every other lane steps as always.

    Attributes:
        func_env: The functions, mapped over the lanes and compiled.
        state: The states of all lanes; each array of them has an axis of lanes in front.
        steps: The steps of each lane's episode; int32 (n,).
        prev_done: Which lanes' episodes ended in the last step; bool (n,).
    """

    def __init__(
        self,
        func_env: FuncEnv[StateType, ObsType, ActType],
        num_envs: int,
        max_episode_steps: int = 0,
        metadata: dict[str, Any] | None = None,
        render_mode: str | None = None,
        spec: EnvSpec | None = None,
    ) -> None:
        """Make lanes of functions.

        Args:
            func_env: The functions of one lane; they stay as they are.
            num_envs: The number of lanes.
            max_episode_steps: The step that truncates an episode; 0 for none.
            metadata: Those of the vector; by default its autoreset mode and ``jax``.
            render_mode: ``"rgb_array"`` or None.
            spec: What `make_vec` made it from.

        Raises:
            ValueError: If there is no lane, or the limit is negative.
        """
        if num_envs < 1 or max_episode_steps < 0:
            raise ValueError(
                f"Expected num_envs ≥ 1 and max_episode_steps ≥ 0, found {num_envs} and "
                f"{max_episode_steps}"
            )
        self._guard = Guard()
        self.num_envs = num_envs
        self.time_limit = max_episode_steps
        self.single_observation_space = func_env.observation_space
        self.single_action_space = func_env.action_space
        self.observation_space = batch_space(func_env.observation_space, num_envs)
        self.action_space = batch_space(func_env.action_space, num_envs)
        mode = {"autoreset_mode": AutoresetMode.NEXT_STEP}
        self.metadata = {"jax": True, **mode} if metadata is None else {**metadata, **mode}
        self._one_lane = func_env
        mapped = copy.copy(func_env)
        mapped.transform(lambda function: jax.jit(jax.vmap(function)))
        self._set_up(mapped, render_mode, spec)
        self.steps = jnp.zeros(num_envs, jnp.int32)
        self.prev_done = jnp.zeros(num_envs, bool)
        self._last_obs: Any = None
        self._stepped = np.zeros(num_envs, bool)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _guard=Guard())

    snapshot_exclude = _FunctionalBase.snapshot_exclude | {"_one_lane", "_last_obs"}
    snapshot_fields = {"_stepped": rules.Array()}  # noqa: RUF012  (nobody changes it)

    def _keys(self) -> PRNGKeyType:
        return jax.random.split(self._next_key(), self.num_envs)

    @_whole
    def reset(  # type: ignore[override]
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Start an episode in every lane, or in those that ``options["reset_mask"]`` chooses.

        Raises:
            ResetNeeded: If some lanes are chosen before all have been reset.
        """
        mask = None
        if options is not None and "reset_mask" in options:
            mask = jnp.asarray(checked_mask(self.num_envs, options["reset_mask"]))
            self._require_state()
        super().reset(seed=seed)
        if seed is not None:
            self.rng = _key(seed)
        keys = self._keys()
        first = self.func_env.initial(keys)
        chosen = jnp.ones(self.num_envs, bool) if mask is None else mask
        self.state = first if mask is None else _chosen(chosen, first, self.state)
        self.steps = jnp.where(chosen, 0, self.steps)
        self.prev_done = jnp.where(chosen, False, self.prev_done)
        self._stepped = np.zeros(self.num_envs, bool)
        self._last_obs = self.func_env.observation(self.state, keys)
        return self._last_obs, self.func_env.state_info(self.state)

    @_whole
    def step(self, actions: ActType) -> tuple[ObsType, Any, Any, Any, dict[str, Any]]:
        """Follow an action in every lane; one whose episode has ended begins another instead.

        Raises:
            ResetNeeded: If the vector has not been reset.
        """
        self._require_state()
        functions, before, begun = self.func_env, self.state, self.prev_done
        actions = jnp.asarray(actions)  # type: ignore[assignment]
        keys = self._keys()
        after = functions.transition(before, actions, keys)
        reward = functions.reward(before, actions, after, keys)
        terminated = functions.terminal(after, keys) & ~begun
        info = functions.transition_info(before, actions, after)
        self.steps = jnp.where(begun, 0, self.steps + 1)
        truncated = jnp.zeros_like(terminated)
        if self.time_limit > 0:
            truncated = (self.steps >= self.time_limit) & ~begun
        if begun.any():
            after = _chosen(begun, functions.initial(self._keys()), after)
            reward = jnp.where(begun, 0, reward)
        self.state = after
        self.prev_done = terminated | truncated
        self._stepped = ~np.asarray(begun)
        self._last_obs = functions.observation(after, keys)
        return self._last_obs, reward, terminated, truncated, info

    @property
    def valid_transition(self) -> Any:  # type: ignore[override]
        """Which lanes made a step in the last call, not a reset; bool (n,)."""
        return self._stepped.copy()

    @property
    def final_obs(self) -> Any:  # type: ignore[override]
        """What the lanes last observed at the end of a step."""
        return self._last_obs

    def _example_state(self) -> Any:
        keys = jax.random.split(self.rng, self.num_envs)
        shapes = jax.eval_shape(self.func_env.initial, keys)
        return jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)

    def judge_state(self, state: dict[str, Any], lanes: Any = None) -> Writes:
        """Return what takes over the result of `snapshot_state`, after looking at all of it."""
        self._refuse_lanes(lanes)

        def observe() -> None:
            if self.state is not None:
                keys = jax.random.split(self.rng, self.num_envs)
                self._last_obs = self.func_env.observation(self.state, keys)

        return [*super().judge_state(state), observe]

    def snapshot_state(self, lanes: Any = None) -> dict[str, Any]:
        """Return the other attributes and the arrays, as NumPy's."""
        self._refuse_lanes(lanes)
        return super().snapshot_state()

    def restore(self, snapshot: Any, lanes: Any = None) -> None:
        """Return to the state in a snapshot (see `VectorEnv.restore`)."""
        with self._guard:
            super().restore(snapshot, lanes)

    def _picture(self) -> Any:
        """Return the pictures of all lanes."""
        images = []
        for lane in range(self.num_envs):
            state = jax.tree.map(lambda leaf, lane=lane: leaf[lane], self.state)
            self.render_state, image = self._one_lane.render_image(state, self.render_state)
            images.append(image)
        return tuple(images)

    def close_extras(self, **kwargs: Any) -> None:
        """Release what was drawn with."""
        self._close()


def _key(seed: int | None) -> PRNGKeyType:
    """Return the random key of a seed, or of one from the system."""
    if seed is None:
        seed = int(seeding.np_random()[0].integers(2**32))
    return jax.random.PRNGKey(seed)


def _chosen(lanes: Any, those: Any, others: Any) -> Any:
    """Return states with some lanes from `those` and the rest from `others`."""

    def choose(one: Any, other: Any) -> Any:
        return jnp.where(lanes.reshape(-1, *[1] * (one.ndim - 1)), one, other)

    return jax.tree.map(choose, those, others)


def _like(new: Any, old: Any) -> Any:
    """Return an array of a snapshot with the dtype of another."""
    return jnp.asarray(new, getattr(old, "dtype", None))
