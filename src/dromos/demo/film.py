"""An episode of a learned agent as a video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dromos.demo.cross_entropy import ENV_ID, act
from dromos.registration import make
from dromos.render.video import VideoWriter

if TYPE_CHECKING:
    from pathlib import Path

    from dromos.demo.cross_entropy import Floats

__all__ = ["film"]


def film(policy: Floats, seed: int, path: Path) -> None:
    """Play one episode and write its frames to an mp4 file.

    Args:
        policy: Parameters of the policy, as `act` takes them.
        seed: Of the episode.
        path: Where the video goes.

    Raises:
        DependencyNotInstalled: If PyAV is missing.
    """
    env: Any = make(ENV_ID, render_mode="rgb_array")
    fps = env.metadata["render_fps"]
    with env, VideoWriter(path, fps) as video:
        observation, _ = env.reset(seed=seed)
        video.write(env.render())
        ended = False
        while not ended:
            (action,) = act(policy[None], observation[None])
            observation, _, terminated, truncated, _ = env.step(action)
            video.write(env.render())
            ended = terminated or truncated
