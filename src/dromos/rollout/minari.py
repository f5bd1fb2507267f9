"""Rollouts as Minari datasets; the only file that knows Minari."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dromos.error import DependencyNotInstalled
from dromos.rollout.value import Rollout

__all__ = ["dataset_of", "to_minari"]


def to_minari(rollout: Rollout, dataset_id: str, metadata: Mapping[str, Any]) -> Any:
    """Make a dataset of a rollout's episodes (see `Rollout.to_minari`)."""
    _imported()
    if rollout.time_axis:
        raise ValueError(
            "Expected a rollout of a vector: futures do not tell their first observations, which a "
            "Minari episode begins with"
        )
    buffers = [
        {
            "id": number,
            "observations": episode.observations,
            "actions": episode.actions,
            "rewards": episode.rewards,
            "terminations": episode.terminated,
            "truncations": episode.truncated,
            "infos": episode.infos or None,
        }
        for number, episode in enumerate(rollout.episodes())
    ]
    return dataset_of(buffers, dataset_id, metadata)


def dataset_of(
    buffers: Sequence[Mapping[str, Any]], dataset_id: str, metadata: Mapping[str, Any]
) -> Any:
    """Make a dataset of episodes, each the arguments of Minari's ``EpisodeBuffer``.

    Raises:
        DependencyNotInstalled: If Minari is not installed.
    """
    create, buffer_type = _imported()
    return create(dataset_id, buffer=[buffer_type(**own) for own in buffers], **metadata)


def _imported() -> tuple[Any, Any]:
    """Return Minari's function that makes a dataset, and its class of one episode's arrays."""
    try:
        import minari  # type: ignore[import-not-found]
        from minari.data_collector import EpisodeBuffer  # type: ignore[import-not-found]
    except ImportError as error:
        raise DependencyNotInstalled(
            f"Datasets in Minari's format need Minari ({error}): pip install 'minari[hdf5]'"
        ) from error
    return minari.create_dataset_from_buffers, EpisodeBuffer
