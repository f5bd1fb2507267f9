"""`EnvSpec`: an environment and its wrappers as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import Self

from dromos.env import Env
from dromos.homes import lives_in
from dromos.registration.ids import parse_env_id
from dromos.specs import WrapperSpec, same_value

if TYPE_CHECKING:
    from dromos.vector import VectorEnv

__all__ = ["EnvCreator", "EnvSpec", "VectorEnvCreator"]

EnvCreator: TypeAlias = Callable[..., Env[Any, Any]]
VectorEnvCreator: TypeAlias = "Callable[..., VectorEnv[Any, Any, Any]]"


@lives_in("dromos.envs.registration")
@dataclass(eq=False)
class EnvSpec:
    """What `make` needs to build an environment.

    Attributes:
        id: ``[namespace/]name[-v(version)]``.
        entry_point: ``"module:attribute"`` or a callable that returns the environment.
        reward_threshold: The mean return at which the task counts as solved.
        nondeterministic: Whether equal seeds and actions may still give different episodes.
        max_episode_steps: The number of steps after which `TimeLimit` truncates, or None. That of
            the outermost limit if `additional_wrappers` tells of several.
        order_enforce: Whether `OrderEnforcing` is applied.
        disable_env_checker: Whether `PassiveEnvChecker` is left out.
        kwargs: Keyword arguments of the entry point.
        namespace: The namespace in the id, or None.
        name: The name in the id.
        version: The version in the id, or None.
        additional_wrappers: Wrappers applied after the default ones, innermost first.
        vector_entry_point: Like `entry_point`, for a vector environment.

    Raises:
        Error: If the id is malformed.
    """

    id: str
    entry_point: EnvCreator | str | None = None
    reward_threshold: float | None = None
    nondeterministic: bool = False
    max_episode_steps: int | None = None
    order_enforce: bool = True
    disable_env_checker: bool = False
    kwargs: dict[str, Any] = field(default_factory=dict)
    namespace: str | None = field(init=False)
    name: str = field(init=False)
    version: int | None = field(init=False)
    additional_wrappers: tuple[WrapperSpec, ...] = ()
    vector_entry_point: VectorEnvCreator | str | None = None

    def __post_init__(self) -> None:
        self.namespace, self.name, self.version = parse_env_id(self.id)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EnvSpec):
            return NotImplemented
        return all(
            same_value(_named(getattr(self, entry.name)), _named(getattr(other, entry.name)))
            for entry in fields(self)
        )

    def _replaced(self, **changes: Any) -> Self:
        """Return a shallow copy in which some attributes, not the id, are others."""
        copy = object.__new__(type(self))
        copy.__dict__ = self.__dict__ | changes
        return copy

    def make(self, **kwargs: Any) -> Env[Any, Any]:
        """Make the environment; the arguments are those of `dromos.make`."""
        from dromos.registration.make import make

        return make(self, **kwargs)

    def to_json(self) -> str:
        """Return the specification as a JSON text, which `from_json` reads.

        Arrays, enum members, and importable classes and functions keep their identity in it.

        Raises:
            ValueError: If it holds a callable that no import finds, such as a lambda.
        """
        from dromos.registration.spec_json import spec_to_json

        return spec_to_json(self)

    @staticmethod
    def from_json(json_env_spec: str) -> EnvSpec:
        """Return the specification in a JSON text. Nothing is imported or run before `make`.

        Raises:
            InvalidJson: If the text is not JSON or does not describe a specification.
        """
        from dromos.registration.spec_json import spec_from_json

        return spec_from_json(json_env_spec)

    def pprint(
        self,
        disable_print: bool = False,
        include_entry_points: bool = False,
        print_all: bool = False,
    ) -> str | None:
        """Print the specification, one attribute a line.

        Args:
            disable_print: Whether to return the text instead of printing it.
            include_entry_points: Whether to show entry points.
            print_all: Whether to show attributes that have their default value.
        """
        from dromos.registration.printing import spec_text

        text = spec_text(self, include_entry_points, print_all)
        if disable_print:
            return text
        print(text)
        return None


def _named(value: Any) -> Any:
    """Return a class or function as the entry point that JSON has for it; all else as it is."""
    from dromos.plain import reference_to

    reference = reference_to(value) if callable(value) else None
    return value if reference is None else reference.path
