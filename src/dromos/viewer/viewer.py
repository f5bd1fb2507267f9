"""`Viewer`: a page on this machine that shows an environment while it runs."""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
import weakref
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from typing_extensions import Self

from dromos.error import Error
from dromos.forks import is_of_this_process
from dromos.viewer.control import Control, Download
from dromos.viewer.driver import Driver
from dromos.viewer.pictures import picture
from dromos.viewer.protocol import FILE, binary, command_of
from dromos.viewer.run import Run, Update
from dromos.viewer.server import Server, bound_socket
from dromos.viewer.subject import Subject
from dromos.viewer.watch import Watch

__all__ = ["Viewer"]

_ANY = ("0.0.0.0", "::", "")  # all addresses of this machine
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_COLAB = ".googleusercontent.com"
_HEIGHT = 720  # pixels of the frame in a notebook


class _Stage:
    """What the controls and the server share: who looks on, and what is shown."""

    def __init__(self) -> None:
        self.wanted = False
        self.present = 0
        self.control: Control | None = None
        self._home: Control | None = None
        self.server: Server | None = None
        self._attentive = False

    def begin(self, control: Control) -> None:
        self.control = self._home = control

    # What controls call, in the threads that step.

    def spread(self, update: Update) -> None:
        if self.server is not None:
            self.server.call(self._spread, update)

    def hand_over(self, control: Control | None) -> None:
        before, self.control = self.control, self._home if control is None else control
        self.wanted = self.present > 0
        if isinstance(before, Watch):
            before.attend(False)
        if isinstance(self.control, Watch):
            self.control.attend(self._attentive)

    def _leave_to_parent(self) -> None:
        """Show nothing in a fork, which has the threads of neither the server nor a driver."""
        server, self.server = self.server, None
        self.present, self.wanted, self._attentive = 0, False, False
        if server is not None:
            server.leave_port()
        for control in (self._home, self.control):
            if control is not None:
                control.leave_to_parent()

    # What the server calls, in its thread.

    def page(self) -> bytes:
        folder = resources.files("dromos.viewer")
        text = (folder / "page.html").read_text("utf-8")
        for name in ("page.css", "page.js"):
            text = text.replace(f"/* {name} */", (folder / name).read_text("utf-8"))
        return text.encode()

    def attend(self, present: int, attentive: bool) -> None:
        self.present, self._attentive = present, attentive
        if isinstance(self.control, Watch):
            self.control.attend(attentive)

    def ready(self) -> None:
        self.wanted = True
        if self.control is not None:
            self.control.wake()

    def heard(self, message: str | bytes, reply: Callable[[Any], None]) -> None:
        control, server = self.control, self.server
        assert control is not None
        assert server is not None
        try:
            command = command_of(message, control.run.subject.lanes)
        except Error as problem:
            reply(_text({"error": str(problem)}))
            return
        if command.do == "ready":
            self.ready()
            return
        control.ask(command, lambda answer: server.call(self._reply, answer, reply))

    def _reply(self, answer: dict[str, Any] | Download, reply: Callable[[Any], None]) -> None:
        if not isinstance(answer, Download):
            reply(_text(answer))
            return

        async def make() -> None:
            try:
                contents = await asyncio.to_thread(answer.contents)
            except Exception as problem:  # of the environment, or of what is not installed
                reply(_text({"error": f"download: {problem}"}))
                return
            reply(binary(FILE, {"name": answer.name}, contents))

        self._making = asyncio.ensure_future(make())  # kept, or it might be collected

    def _spread(self, update: Update) -> None:
        told, data = update.told, b""
        if update.frames:
            try:
                told["picture"], data = picture(update.frames)
            except Error as problem:
                told["why_no_frames"] = str(problem)
        if self.server is not None:
            self.server.spread(told, data)


def _text(answer: dict[str, Any]) -> str:
    import json

    return json.dumps(answer)


class Viewer:
    """A page that shows an environment or a vector while it runs.

    `dromos.view` makes them.

    Args:
        subject: What is shown.
        host: The address to serve at. Any but this machine's own needs the token in `url`.
        port: The port, 0 for any that is free.

    Attributes:
        url: Where the page is.
        port: Its port.

    Raises:
        DependencyNotInstalled: If websockets is missing.
        Error: If the port is taken or the address is not of this machine.
    """

    def __init__(self, subject: Subject, host: str = "127.0.0.1", port: int = 0) -> None:
        in_colab = "google.colab" in sys.modules
        open_to_others = host not in _LOOPBACK or in_colab
        token = secrets.token_urlsafe(24) if open_to_others else None
        self._stage = _Stage()
        self._run = Run(subject)
        self._closer: Callable[[], Any] = lambda: None
        self._host, self._port, self._token = host, port, token
        self._proxied = _COLAB if in_colab else None
        self.url = ""
        self.port = port

    def _serve(self, control: Control, driver: Driver | None) -> None:
        """Open the page."""
        listener = bound_socket(self._host, self._port)
        self.port = listener.getsockname()[1]
        named = socket.gethostname() if self._host in _ANY else self._host
        shown = f"[{named}]" if ":" in named else named
        query = "" if self._token is None else f"?token={self._token}"
        self.url = f"http://{shown}:{self.port}/{query}"
        stage = self._stage
        stage.begin(control)
        try:
            server = stage.server = Server(stage, listener, self._token, self._proxied)
        except BaseException:
            listener.close()
            raise
        if driver is not None:
            driver.start()
        self._closer = weakref.finalize(self, _close, server, stage, control)
        is_of_this_process(stage)

    def watch(self, on_eyes: Callable[[bool], None]) -> Watch:
        """Open the page on steps that a script makes; returns what it tells them to."""
        watch = Watch(self._run, self._stage, on_eyes)
        self._serve(watch, None)
        return watch

    def drive(
        self,
        policy: Callable[[Any], Any] | None = None,
        keys_to_action: Mapping[Any, Any] | None = None,
        seed: int | None = None,
    ) -> Self:
        """Open the page, and let it run the environment in a thread of its own.

        Args:
            policy: Called with the observations, returns actions; None draws random ones.
            keys_to_action: Which keys mean which action, as for `dromos.utils.play.play`; None
                asks the environment's ``get_keys_to_action``.
            seed: Of the first episode; None draws one.
        """
        driver = Driver(self._run, self._stage, policy, keys_to_action, seed)
        self._serve(driver, driver)
        return self

    @property
    def closed(self) -> bool:
        """Whether the page is gone, or in a fork its parent's."""
        return self._stage.server is None or not getattr(self._closer, "alive", False)

    def close(self) -> None:
        """Close the page and free the port; the environment stays as it is. Twice is harmless."""
        self._closer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        where = "closed" if self.closed else self.url
        return f"<Viewer of {self._run.subject.name}: {where}>"

    def _repr_html_(self) -> str:
        """Return an inline frame with the page, for notebooks."""
        if self.closed:
            return "<p>This viewer is closed.</p>"
        style = "width:100%;border:0;border-radius:12px"
        if self._proxied is None:
            return f'<iframe src="{self.url}" height="{_HEIGHT}" style="{style}"></iframe>'
        return (
            f'<div id="dromos-{self.port}"></div><script>(async () => {{'
            f"const at = await google.colab.kernel.proxyPort({self.port});"
            'const frame = document.createElement("iframe");'
            f'frame.src = at + "?token={self._token}"; frame.height = {_HEIGHT};'
            f'frame.style = "{style}";'
            f'document.getElementById("dromos-{self.port}").append(frame);}})()</script>'
        )


def _close(server: Server, stage: _Stage, control: Control) -> None:
    """End everything, unless a fork has left the server to its parent."""
    if stage.server is None:
        return
    stage.present = 0
    for one in {control, stage.control}:
        if isinstance(one, Driver):
            one.close()
        elif isinstance(one, Watch):
            one.attend(False)
    server.close()
