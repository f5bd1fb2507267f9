"""What the environments of this room share: a world of bodies inside the state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np

from dromos._core import plane
from dromos.arguments import flag
from dromos.env import ActType, ObsType
from dromos.envs.box2d.bodies import WorldView
from dromos.native import NativeEnv
from dromos.native.fields import FIRST_LANE, field_names, read_field

__all__: list[str] = []

_Form = TypeVar("_Form", bound=type[Any])


class Scene(NamedTuple):
    """A state as its picture needs it.

    Attributes:
        poses: Position and angle of each body: (x, y, angle).
        shapes: The fixtures: (body, kind, radius, corners in the frame of the body).
        values: The other fields of the state.
    """

    poses: list[tuple[float, float, float]]
    shapes: list[tuple[int, str, float, tuple[tuple[float, float], ...]]]
    values: dict[str, Any]


class Box2DEnv(NativeEnv[ObsType, ActType], Generic[ObsType, ActType]):
    """An environment whose state holds a world of rigid bodies."""

    frame_size = (600, 400)
    #: The fields of the state, besides the world, that the picture shows.
    drawn_fields: ClassVar[tuple[str, ...]] = ()
    # Configuration: states of both forms of actions are alike.
    snapshot_exclude = NativeEnv.snapshot_exclude | {"verbose"}

    def check_state(self, params: Mapping[str, Any], state: Mapping[str, Any], status: Any) -> None:
        """Raise unless lanes can step these states: columns of one row a lane.

        Raises:
            ValueError: If the world of a lane is none.
        """
        super().check_state(params, state, status)
        columns = [
            np.ascontiguousarray(state[name]) for name in field_names(self.dynamics, "state")
        ]
        if (row := plane.first_unsound(self.dynamics, len(columns[0]), columns)) >= 0:
            raise ValueError(
                f"world: expected bodies of {self.dynamics}, found bytes in row {row} that are "
                "none; they are broken, or of another version"
            )

    def world_bytes(self) -> bytes:
        """Return the world as the core keeps it; without a body before the first reset."""
        return bytes(read_field(self.core, "state", "world", FIRST_LANE)[0])

    def read_state(self, name: str) -> Any:
        """Return a field of the state: a number, or an array."""
        return read_field(self.core, "state", name, FIRST_LANE)[0]

    @property
    def world(self) -> WorldView:
        """The bodies and joints, as live views."""
        return WorldView(self)

    @property
    def isopen(self) -> bool:
        """Whether a window is shown."""
        return self._window is not None

    def _has_world(self) -> bool:
        return not self._is_unset()

    def drawn_state(self) -> Scene:
        """Return the bodies and the other fields of the state."""
        world = self.world_bytes()
        bodies = plane.bodies(self.dynamics, world)
        fixtures = plane.fixtures(self.dynamics, world)
        return Scene(
            [(body[0], body[1], body[2]) for body in bodies],
            [(body, kind, radius, corners) for body, kind, radius, _, _, corners in fixtures],
            {name: self.read_state(name) for name in self.drawn_fields},
        )


def another_form(cls: _Form) -> _Form:
    """Show a class under the name of its base; a decorator.

    Gymnasium has one class for both forms of actions, and its name is what programs see.
    """
    assert cls.__base__ is not None
    cls.__name__ = cls.__base__.__name__
    return cls


def form_of(cls: type[Any], other: type[Any], continuous: bool | None) -> type[Any]:
    """Return the class of an environment whose actions are numbers or choices, as asked for.

    Args:
        cls: The class that is called.
        other: The class of the other form, a subclass of it.
        continuous: What is asked for; None for what `cls` has.

    Raises:
        TypeError: If `cls` is a further subclass and has the other form, or it is no yes or no.
    """
    if continuous is None or flag("continuous", continuous) == cls.continuous:
        return cls
    if cls in other.__bases__:
        return other
    raise TypeError(
        f"continuous: {cls.__name__} has {cls.continuous}; derive it from a class of the other "
        f"form to get {continuous!r}"
    )
