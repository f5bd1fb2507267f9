"""What the environments of both libraries need in order to pass for the other's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from dromos.compat.gymnasium.errors import raising_its_own
from dromos.compat.gymnasium.spaces import convert_space, convert_value, holds_graphs

__all__ = ["ConvertedEnv", "ConvertedVectorEnv", "converted_spec"]


class _Converted:
    """An environment or vector of one library that passes for one of the other.

    Attributes that it does not have are those of `inner`. A subclass is also of the other
    library's class and names that library's modules.

    Attributes:
        inner: What is converted, with its wrappers.
    """

    _spaces: ClassVar[Any]
    _errors: ClassVar[Any]

    def __init__(self, inner: Any, spec: Any, spaces: tuple[str, ...]) -> None:
        self.inner = inner
        self.metadata: Any = inner.metadata
        self.render_mode: Any = inner.render_mode
        self.spec = spec
        for name in spaces:
            setattr(self, name, convert_space(getattr(inner, name), self._spaces))
        self._graphs = holds_graphs(inner.observation_space)

    @raising_its_own
    def reset(self, *, seed: Any = None, options: Any = None) -> Any:
        """Reset the environment, or all lanes."""
        return self._with_own_graphs(self.inner.reset(seed=seed, options=options))

    @raising_its_own
    def render(self) -> Any:
        """Render the environment, or all lanes."""
        return self.inner.render()

    @property
    def np_random(self) -> Any:
        """The random generator of the environment, or those of the lanes."""
        return self.inner.np_random

    @np_random.setter
    def np_random(self, value: Any) -> None:
        self.inner.np_random = value

    @property
    def np_random_seed(self) -> Any:
        """The seed of the environment's random generator, or those of the lanes' generators."""
        return self.inner.np_random_seed

    def _with_own_graphs(self, result: Any) -> Any:
        observation, *others = result
        return self._convert(self.inner.observation_space, observation), *others

    def _convert(self, space: Any, value: Any) -> Any:
        return convert_value(space, value, self._spaces) if self._graphs else value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "inner":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._inner_attribute(name)

    def _inner_attribute(self, name: str) -> Any:
        return getattr(self.inner, name)


class ConvertedEnv(_Converted):
    """An environment of one library that passes for one of the other."""

    def __init__(self, env: Any, spec: Any) -> None:
        super().__init__(env, spec, ("observation_space", "action_space"))

    @raising_its_own
    def step(self, action: Any) -> Any:
        """Step the environment."""
        return self._with_own_graphs(self.inner.step(action))

    @raising_its_own
    def close(self) -> None:
        """Close the environment."""
        self.inner.close()

    def set_wrapper_attr(self, name: str, value: Any, *, force: bool = True) -> bool:
        """Set an attribute of the environment or one of its wrappers."""
        return bool(self.inner.set_wrapper_attr(name, value, force=force))

    def _inner_attribute(self, name: str) -> Any:
        return self.inner.get_wrapper_attr(name)

    def __str__(self) -> str:
        return f"<{type(self).__name__}{self.inner}>"


class ConvertedVectorEnv(_Converted):
    """A vector of one library that passes for one of the other.

    Args:
        vector: The vector.
        spec: The specification in the other library.
        modes: The other library's ``AutoresetMode``.
    """

    def __init__(self, vector: Any, spec: Any, modes: Callable[[str], Any]) -> None:
        spaces = ("observation_space", "action_space")
        super().__init__(vector, spec, (*spaces, *(f"single_{name}" for name in spaces)))
        mode = modes(vector.metadata["autoreset_mode"].value)
        self.metadata = {**vector.metadata, "autoreset_mode": mode}
        self.num_envs: int = vector.num_envs

    @raising_its_own
    def step(self, actions: Any) -> Any:
        """Step all lanes."""
        return self._with_own_graphs(self.inner.step(actions))

    def close_extras(self, **kwargs: Any) -> None:
        """Close the vector."""
        self.inner.close(**kwargs)


def converted_spec(spec: Any, into: Callable[..., Any], **makers: Callable[..., Any]) -> Any:
    """Return a specification from which the other library makes the environment or vector.

    If `spec` has no JSON form, the other tells of it but cannot make it.

    Args:
        spec: A specification of one library, or None.
        into: The ``EnvSpec`` of the other.
        **makers: Its ``entry_point`` or ``vector_entry_point``: takes the JSON text of `spec`.
    """
    if spec is None:
        return None
    build: dict[str, Any] = {}
    with suppress(TypeError, ValueError):  # a callable as the entry point or among the arguments
        build["kwargs"] = {"spec": spec.to_json()}
        for point, make in makers.items():
            build[point] = f"{make.__module__}:{make.__name__}"
    return into(
        spec.id,
        reward_threshold=spec.reward_threshold,
        nondeterministic=spec.nondeterministic,
        max_episode_steps=spec.max_episode_steps,
        order_enforce=False,
        disable_env_checker=True,
        **build,
    )
