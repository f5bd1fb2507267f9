"""``dromos demo``: learn, show it happening, judge, draw and film the result."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dromos.cli.terminal import Gauge, lines, pairs
from dromos.demo.cross_entropy import (
    CANDIDATES,
    ENV_ID,
    EPISODES,
    LANES,
    SOLVED,
    evaluate,
    learn,
    seeds,
)
from dromos.demo.film import film
from dromos.demo.picture import picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dromos.demo.cross_entropy import Generation

__all__ = ["Outcome", "demonstrate"]

EVALUATION_EPISODES = 100
FULL_BAR = 40  # characters of the learning curve's longest bar
HIGHEST_RETURN = 500.0  # CartPole-v1 ends after 500 steps of reward 1


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    seed: int
    generations: list[Generation]
    mean_return: float
    worst_return: float
    curve: Path
    video: Path

    @property
    def solved(self) -> bool:
        """Whether the fresh episodes reached the mean return that counts as solved."""
        return self.mean_return >= SOLVED

    @property
    def steps(self) -> int:
        """Environment steps it took to learn."""
        return sum(generation.steps for generation in self.generations)

    @property
    def seconds(self) -> float:
        """Wall time of all episodes played to learn."""
        return sum(generation.seconds for generation in self.generations)

    @property
    def env_share(self) -> float:
        """The part of `seconds` that the environment took; the agent took the rest."""
        return sum(generation.env_seconds for generation in self.generations) / self.seconds

    def plain(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "env_id": ENV_ID,
            "seed": self.seed,
            "solved": self.solved,
            "threshold": SOLVED,
            "evaluation_episodes": EVALUATION_EPISODES,
            "mean_return": self.mean_return,
            "worst_return": self.worst_return,
            "lanes": LANES,
            "steps": self.steps,
            "seconds": self.seconds,
            "steps_per_second": self.steps / self.seconds,
            "environment_share": self.env_share,
            "generations": [
                {
                    "number": generation.number,
                    "mean_return": generation.mean_return,
                    "best_return": generation.best_return,
                    "steps": generation.steps,
                    "seconds": generation.seconds,
                }
                for generation in self.generations
            ],
            "files": {"curve": str(self.curve), "video": str(self.video)},
        }


def demonstrate(seed: int | None, output: Path, most: int, quiet: bool) -> Outcome:
    """Learn CartPole, evaluate the result on fresh episodes, and write a picture and a video.

    Args:
        seed: Makes the run repeatable; None draws a new one.
        output: A directory, made if it does not exist.
        most: The number of generations after which to give up.
        quiet: Whether to print nothing.

    Raises:
        DependencyNotInstalled: If matplotlib or PyAV is missing.
    """
    seed = secrets.randbits(32) if seed is None else seed
    generations = list(learn(seed, most) if quiet else _watched(seed, most))
    policy = generations[-1].policy
    returns = evaluate(policy, seed, EVALUATION_EPISODES)

    curve, video = output / "learning-curve.png", output / "cartpole.mp4"
    outcome = Outcome(seed, generations, float(returns.mean()), float(returns.min()), curve, video)
    if not quiet:
        _report(outcome)
    output.mkdir(parents=True, exist_ok=True)
    picture(generations, outcome.mean_return, curve)
    film(policy, seeds(seed)[2] + EVALUATION_EPISODES, video)
    if not quiet:
        lines(f"Learning curve: {curve}", f"Video:          {video}")
    return outcome


def _watched(seed: int, most: int) -> Iterator[Generation]:
    """Learn, with a line a generation (the learning curve) and a live bar below them."""
    lines(
        f"An agent learns {ENV_ID} from nothing by the cross-entropy method: {CANDIDATES} policies",
        f"of {EPISODES} episodes each play at once on {LANES} lanes. Seed {seed}.",
        "",
        "generation  mean return" + " " * (FULL_BAR - 8) + "best  steps/s",
    )
    with Gauge("mean return", SOLVED) as gauge:
        for generation in learn(seed, most):
            bar = "█" * round(FULL_BAR * generation.mean_return / HIGHEST_RETURN)
            speed = f"{generation.steps / generation.seconds / 1e6:6.1f} M"
            gauge.show(generation.mean_return, f"{generation.mean_return:.0f}/{SOLVED:.0f} {speed}")
            gauge.line(
                f"{generation.number:10}  {generation.mean_return:6.1f} {bar:{FULL_BAR}}"
                f"{generation.best_return:6.1f} {speed}"
            )
            yield generation


def _report(outcome: Outcome) -> None:
    verdict = "solved" if outcome.solved else "not solved"
    pairs(
        f"\n{ENV_ID} {verdict}",
        [
            (
                "evaluation",
                f"mean return {outcome.mean_return:.1f} over {EVALUATION_EPISODES} fresh episodes "
                f"(worst {outcome.worst_return:.0f}, solved from {SOLVED:.0f})",
            ),
            (
                "learning",
                f"{len(outcome.generations)} generations, {outcome.steps / 1e6:.1f} M environment "
                f"steps in {outcome.seconds:.2f} s",
            ),
            (
                "speed",
                f"{outcome.steps / outcome.seconds / 1e6:.1f} M steps/s; the environment took "
                f"{outcome.env_share:.0%} of the time, the agent the rest",
            ),
            ("seed", str(outcome.seed)),
        ],
    )
