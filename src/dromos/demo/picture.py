"""The learning curve as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dromos.demo.cross_entropy import ENV_ID, SOLVED
from dromos.render.plot import new_figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dromos.demo.cross_entropy import Generation

__all__ = ["picture"]


def picture(generations: Sequence[Generation], evaluation: float, path: Path) -> None:
    """Draw the mean and best return of each generation over the environment steps so far.

    Args:
        generations: In order.
        evaluation: Mean return of the learned policy over fresh episodes.
        path: Where the PNG goes.

    Raises:
        DependencyNotInstalled: If matplotlib is missing.
    """
    steps, total = [], 0
    for generation in generations:
        total += generation.steps
        steps.append(total / 1e6)
    figure = new_figure(8, 4.5)
    axes = figure.add_subplot()
    axes.plot(steps, [each.best_return for each in generations], "o-", label="best policy")
    axes.plot(steps, [each.mean_return for each in generations], "o-", label="mean of the policies")
    axes.plot(steps[-1], evaluation, "k*", markersize=12, label="learned policy, fresh episodes")
    axes.axhline(SOLVED, color="grey", linestyle="--", label=f"solved ({SOLVED:.0f})")
    axes.set(title=ENV_ID, xlabel="environment steps (millions)", ylabel="return", ylim=(0, 520))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=120)
