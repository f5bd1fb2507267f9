"""`PlayPlot`: curves of what happens, in a window beside the game."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dromos.error import Error
from dromos.render.plot import new_figure, pixels_of
from dromos.render.window import Window

__all__ = ["PlayPlot"]

_WIDTH, _HEIGHT = 6.4, 2.4  # inches of one curve
_SECONDS_BETWEEN_DRAWINGS = 0.1  # drawing takes longer than most steps


class PlayPlot:
    """Draws numbers of the last steps while the user plays.

    Attributes:
        data: The numbers of each curve; deques of the last `horizon_timesteps`.
        t: How many steps were seen.
        fig: The matplotlib figure.
        ax: Its axes, one for each curve.
        window: Where it is shown; closed by the user, it stays closed and the numbers are kept.

    Example:
        >>> def metrics(obs, next_obs, action, reward, terminated, truncated, info):
        ...     return [reward]
        >>> plot = PlayPlot(metrics, 150, ["reward"])
        >>> play(env, callback=plot.callback)  # doctest: +SKIP
    """

    def __init__(
        self,
        callback: Callable[..., Iterable[Any]],
        horizon_timesteps: int,
        plot_names: Sequence[str],
    ) -> None:
        """Prepare the curves.

        Args:
            callback: Takes what `play` calls its callback with, and returns a number for each
                curve.
            horizon_timesteps: How many steps a curve shows.
            plot_names: The titles of the curves.

        Raises:
            DependencyNotInstalled: If matplotlib is missing.
            Error: If there is no curve or no step to show.
        """
        if not plot_names or horizon_timesteps < 1:
            raise Error(
                "PlayPlot: expected at least one name and a horizon of at least 1, found "
                f"{list(plot_names)} and {horizon_timesteps}."
            )
        self.data_callback = callback
        self.horizon_timesteps = horizon_timesteps
        self.plot_names = list(plot_names)
        self.t = 0
        self.data: list[deque[Any]] = [deque(maxlen=horizon_timesteps) for _ in plot_names]
        self.fig = new_figure(_WIDTH, _HEIGHT * len(self.plot_names))
        axes = self.fig.subplots(len(self.plot_names), squeeze=False)
        self.ax = list(axes[:, 0])
        for axis, name in zip(self.ax, self.plot_names, strict=True):
            axis.set_title(name)
        self._curves = [axis.plot([], [])[0] for axis in self.ax]
        size = tuple(int(length) for length in self.fig.get_size_inches() * self.fig.dpi)
        self.window = Window("PlayPlot", (size[0], size[1]))
        self._drawn_at = -_SECONDS_BETWEEN_DRAWINGS

    def callback(
        self,
        obs_t: Any,
        obs_tp1: Any,
        action: Any,
        rew: float,
        terminated: bool,
        truncated: bool,
        info: dict[str, Any],
    ) -> None:
        """Take in a step; this is the callback for `play`.

        Raises:
            Error: If the function given to the constructor returns another number of values than
                there are curves.
        """
        values = list(self.data_callback(obs_t, obs_tp1, action, rew, terminated, truncated, info))
        if len(values) != len(self.data):
            raise Error(
                f"PlayPlot: expected {len(self.data)} values, one for each of {self.plot_names}, "
                f"found {len(values)}. Return as many from the callback as there are names."
            )
        for numbers, value in zip(self.data, values, strict=True):
            numbers.append(value)
        self.t += 1
        if time.monotonic() - self._drawn_at >= _SECONDS_BETWEEN_DRAWINGS:
            self.draw()

    def draw(self) -> None:
        """Draw the curves and show them."""
        first = max(0, self.t - self.horizon_timesteps)
        for curve, axis, numbers in zip(self._curves, self.ax, self.data, strict=True):
            curve.set_data(range(first, first + len(numbers)), list(numbers))
            axis.relim()
            axis.autoscale_view()
        self.window.show(pixels_of(self.fig))
        self._drawn_at = time.monotonic()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
