"""Render modes the environment does not have, but a wrapper can give it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from dromos import error, logger

if TYPE_CHECKING:
    from dromos.wrapper import Wrapper

__all__ = ["fit_render_mode"]

_LIST = "_list"


def fit_render_mode(
    creator: Callable[..., Any], kwargs: dict[str, Any]
) -> Callable[..., Wrapper[Any, Any, Any, Any]] | None:
    """Change ``kwargs["render_mode"]`` to a mode the environment has, if a wrapper can do the rest.

    Args:
        creator: The entry point. Its ``metadata``, if it has any, tells the modes.
        kwargs: The arguments it will be called with; changed in place.

    Returns:
        The wrapper to put around everything, or None.

    Raises:
        InvalidMetadata: If the metadata is not a dict.
    """
    modes = _declared_modes(creator)
    mode = kwargs.get("render_mode")
    if mode is None or modes is None or mode in modes:
        return None
    drawn = next((m for m in ("rgb_array", "rgb_array_list") if m in modes), None)
    if mode == "human" and drawn is not None:
        logger.warn(
            "You are trying to use 'human' rendering for an environment that doesn't natively "
            "support it. The HumanRendering wrapper is being applied to your environment."
        )
        from dromos.wrappers.rendering import HumanRendering

        kwargs["render_mode"] = drawn
        return HumanRendering
    if isinstance(mode, str) and mode.endswith(_LIST) and mode.removesuffix(_LIST) in modes:
        from dromos.wrappers.rendering import RenderCollection

        kwargs["render_mode"] = mode.removesuffix(_LIST)
        return RenderCollection
    logger.warn(
        f"The environment is being initialised with render_mode={mode!r} "
        f"that is not in the possible render_modes ({modes}).",
        detail=error.did_you_mean(str(mode), map(str, modes)).strip(),
    )
    return None


def _declared_modes(creator: Callable[..., Any]) -> Any:
    """Return the render modes the creator's metadata lists, None if it does not tell."""
    metadata = getattr(creator, "metadata", None)
    if metadata is None or isinstance(metadata, property):  # a wrapper class tells nothing
        return None
    if not isinstance(metadata, dict):
        raise error.InvalidMetadata(
            f"Expect the environment metadata to be dict, actual type: {type(metadata)}"
        )
    modes = metadata.get("render_modes")
    if modes is None:
        logger.warn(
            "The environment creator metadata doesn't include `render_modes`, "
            f"contains: {list(metadata)}"
        )
    elif type(modes) is not list and not isinstance(modes, Iterable):
        logger.warn(
            "Expects the environment metadata render_modes to be a Iterable, "
            f"actual type: {type(modes)}"
        )
        return None
    return modes
