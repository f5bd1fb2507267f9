"""What environments of one class and the same arguments have in common, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dromos._core import batch as core
from dromos.native.draws import ParameterDraws

if TYPE_CHECKING:
    from dromos.native.env import NativeEnv
    from dromos.spaces import Space

__all__ = ["Template", "find_template", "keep_template"]

#: So many templates are kept; the oldest goes first.
_MOST = 256


class Template(NamedTuple):
    """A new environment's parameters and spaces; nobody but its copies has them.

    Attributes:
        core: A lane with the parameters.
        action_space: The action space.
        observation_space: The observation space.
        draws: Which parameters are drawn; None for none.
    """

    core: core.Batch
    action_space: Space[Any]
    observation_space: Space[Any]
    draws: ParameterDraws | None


_templates: dict[Any, Template] = {}


def find_template(cls: type[NativeEnv[Any, Any]], parameters: dict[str, Any]) -> Template | None:
    """Return the template of environments made with these arguments, if one was made."""
    try:
        return _templates.get((cls, *parameters.items()))
    except TypeError:  # an array or a list, which may change
        return None


def keep_template(env: NativeEnv[Any, Any], parameters: dict[str, Any]) -> None:
    """Make a template of a new environment, unless an argument may change."""
    key = (type(env), *parameters.items())
    try:
        hash(key)
    except TypeError:
        return
    _templates[key] = Template(
        env.core.fresh_lane(),
        env.action_space._fresh_copy(),
        env.observation_space._fresh_copy(),
        None if env.draws is None else env.draws.copy(),
    )
    while len(_templates) > _MOST:
        _templates.pop(next(iter(_templates)), None)
