"""What `LiveView` and `VectorLiveView` share: the page, and how a script gets past it."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from dromos.viewer.subject import subject_of
from dromos.viewer.viewer import Viewer

if TYPE_CHECKING:
    from dromos.viewer.watch import Watch

__all__ = ["LOCAL", "Shown"]

LOCAL = "127.0.0.1"


class Shown:
    """A wrapper with a page; a copy of it has none.

    While nobody looks, the ``step`` of the instance is that of what is wrapped, which Python finds
    before the class's: a page that is closed, or too slow to keep up, costs nothing. A subclass
    says in `_choose_path` how it gets there.
    """

    env: Any
    viewer: Viewer | None = None
    _watch: Watch | None = None

    def _show(self, host: str, port: int) -> None:
        viewer = Viewer(subject_of(self.env), host, port)
        this = weakref.ref(self)

        def on_eyes(open_: bool) -> None:
            wrapper = this()
            if wrapper is not None:
                wrapper._choose_path(open_)

        self._choose_path(False)
        self.viewer, self._watch = viewer, viewer.watch(on_eyes)

    def _choose_path(self, seen: bool) -> None:
        """Let steps be told from now on, or not; from any thread."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where the page is; the empty text for a copy, which has none."""
        return "" if self.viewer is None else self.viewer.url

    def _stop(self) -> None:
        if self.viewer is not None:
            self.viewer.close()

    def __getstate__(self) -> dict[str, Any]:
        left_out = ("viewer", "_watch", "step")
        return {name: value for name, value in self.__dict__.items() if name not in left_out}

    def _repr_html_(self) -> str:
        """Return an inline frame with the page, for notebooks."""
        return "<p>No viewer.</p>" if self.viewer is None else self.viewer._repr_html_()
