"""Draw the pictures of the docs: `python scripts/pictures.py`, with an editable install."""

from pathlib import Path

import dromos as gym
from dromos.render.image import write_png

IMAGES = Path(__file__).parents[1] / "docs" / "images"

#: File, id, seed of the episode, and actions until the picture.
PICTURES = [
    ("blackjack", "Blackjack-v1", 5, [1]),
    ("frozen_lake", "FrozenLake-v1", 3, [2, 2]),
    ("cliff_walking", "CliffWalking-v1", 0, [0, 1, 1, 1]),
    ("taxi", "Taxi-v4", 3, []),
]

for name, env_id, seed, actions in PICTURES:
    with gym.make(env_id, render_mode="rgb_array") as env:
        env.reset(seed=seed)
        for action in actions:
            env.step(action)
        write_png(IMAGES / f"{name}.png", env.render())
