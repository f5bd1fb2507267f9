"""The page and its socket, served from this machine. The only file that imports websockets.

One daemon thread runs the event loop. Nothing else is served: every other path is refused, and so
is a request that names another host, comes from a page of another origin, or lacks the token.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import socket
import threading
import time
import weakref
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlsplit

from dromos.error import DependencyNotInstalled, Error
from dromos.viewer.protocol import UPDATE, binary

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

    from dromos.viewer.control import Answer

__all__ = ["Client", "Host", "Server", "bound_socket"]

SOCKET_PATH = "/socket"
_MOST_CLIENTS = 16
_MOST_ANSWERS = 256  # that wait for a page which does not read them
_LONGEST_FRAME = 1 << 16  # bytes of a message; longer ones end the connection
_GOODBYE = 0.5  # seconds
_SLOW = 2.0  # seconds after which a page that has not shown its update does not look on
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Host(Protocol):
    """What the server serves; all of it is called in the server's thread."""

    def page(self) -> bytes:
        """Return the page."""
        ...

    def attend(self, present: int, attentive: bool) -> None:
        """Note how many pages are open, and whether one of them looks on."""

    def ready(self) -> None:
        """Note that a page waits for an update."""

    def heard(self, message: str | bytes, reply: Callable[[Answer], None]) -> None:
        """Take a message."""


class Client:
    """A page that is open."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.ready = True
        self.sent_at = time.monotonic()
        self.newest: bytes | None = None
        self.answers: deque[str | bytes] = deque()
        self.bell = asyncio.Event()

    def looks_on(self, now: float) -> bool:
        """Return whether it shows what it is sent."""
        return self.ready or now - self.sent_at < _SLOW

    async def send_all(self) -> None:
        """Send what there is, of updates only the newest, for as long as the page is there."""
        while True:
            await self.bell.wait()
            self.bell.clear()
            while self.answers:
                await self.connection.send(self.answers.popleft())
            if self.ready and self.newest is not None:
                update, self.newest, self.ready = self.newest, None, False
                self.sent_at = time.monotonic()
                await self.connection.send(update)


class Server:
    """Serves one page and its socket until it is closed.

    Args:
        host: What is served.
        listener: A bound socket.
        token: What the URL must carry; None for nothing.
        proxied: The end of the origins of a proxy, which changes the names in requests; a token
            is needed then.
    """

    def __init__(
        self, host: Host, listener: socket.socket, token: str | None, proxied: str | None = None
    ) -> None:
        _websockets()
        self._host, self._listener, self._token, self._proxied = host, listener, token, proxied
        self._clients: set[Client] = set()
        self._connections: weakref.WeakSet[ServerConnection] = weakref.WeakSet()
        self._last: bytes | None = None
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._live, name="dromos-viewer-server", daemon=True)
        self._thread.start()
        self._started.wait()

    def close(self) -> None:
        """End the connections and the thread; the port is free afterwards."""
        if self._thread.is_alive():
            self.call(self._stop.set)
            self._thread.join()

    def leave_port(self) -> None:
        """Let go of the port in a fork, which has no thread that serves it."""
        with contextlib.suppress(OSError):
            self._listener.close()

    def call(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Call something in the server's thread; from any thread."""
        with contextlib.suppress(RuntimeError):  # it has ended
            self._loop.call_soon_threadsafe(function, *arguments)

    def spread(self, header: dict[str, Any], data: bytes) -> None:
        """Send an update to the pages that are ready, to others later; in the server's thread."""
        self._last = binary(UPDATE, header, data)
        for client in self._clients:
            client.newest = self._last
            client.bell.set()

    def _live(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._started.set()
            self._loop.close()
            self._listener.close()

    async def _serve(self) -> None:
        from websockets.asyncio.server import ServerConnection, serve

        connections = self._connections

        class Connection(ServerConnection):
            def __init__(self, *arguments: Any, **settings: Any) -> None:
                super().__init__(*arguments, **settings)
                connections.add(self)

        quiet = logging.getLogger("dromos.viewer.server")
        quiet.addHandler(logging.NullHandler())
        quiet.propagate = False
        async with serve(
            self._meet,
            sock=self._listener,
            process_request=self._answer_request,
            compression=None,
            max_size=_LONGEST_FRAME,
            close_timeout=_GOODBYE,
            server_header=None,
            logger=quiet,
            create_connection=Connection,
        ):
            self._started.set()
            while not self._stop.is_set():
                self._attend()
                try:
                    await asyncio.wait_for(self._stop.wait(), 0.25)
                except asyncio.TimeoutError:
                    continue
            await self._part()

    async def _part(self) -> None:
        """Say goodbye to the pages, and end all connections.

        Browsers open spare ones, on which nothing is ever asked; each would be waited for.
        """
        goodbyes = [asyncio.ensure_future(one.connection.close(1001)) for one in self._clients]
        if goodbyes:
            await asyncio.wait(goodbyes, timeout=_GOODBYE)
        for connection in list(self._connections):
            connection.transport.abort()

    def _attend(self) -> None:
        now = time.monotonic()
        attentive = any(client.looks_on(now) for client in self._clients)
        self._host.attend(len(self._clients), attentive)

    async def _meet(self, connection: ServerConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        client = Client(connection)
        self._clients.add(client)
        sender = asyncio.ensure_future(client.send_all())
        try:
            if self._last is not None:
                client.newest = self._last
                client.bell.set()
            self._attend()
            self._host.ready()
            async for message in connection:
                self._take(client, message)
        except ConnectionClosed:
            pass
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            self._clients.discard(client)
            self._attend()

    def _take(self, client: Client, message: str | bytes) -> None:
        def reply(answer: str | bytes) -> None:
            client.answers.append(answer)
            client.bell.set()

        if len(client.answers) >= _MOST_ANSWERS:
            return  # it does not read what it is told
        if message == '{"do":"ready"}':
            client.ready = True
            client.bell.set()
            if client.newest is None:
                self._host.ready()
            return
        self._host.heard(message, reply)  # type: ignore[arg-type]

    def _answer_request(self, connection: ServerConnection, request: Request) -> Response | None:
        """Return the page, or a refusal, or None to let the socket open."""
        url = urlsplit(request.path)
        if url.path not in ("/", SOCKET_PATH):
            return connection.respond(HTTPStatus.NOT_FOUND, "Here is nothing but the viewer: /\n")
        refusal = self._refusal(request.headers, parse_qs(url.query))
        if refusal is not None:
            return connection.respond(HTTPStatus.FORBIDDEN, f"{refusal}\n")
        if url.path == SOCKET_PATH:
            if len(self._clients) < _MOST_CLIENTS:
                return None
            text = f"{_MOST_CLIENTS} pages are open already; close one of them.\n"
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, text)
        response = connection.respond(HTTPStatus.OK, "")
        response.body = self._host.page()
        for name, value in self._page_headers(len(response.body)).items():
            response.headers.pop(name, None)  # a second one would be added
            response.headers[name] = value
        return response

    def _page_headers(self, length: int) -> dict[str, str]:
        frames = "*" if self._token else "'self' http://localhost:* http://127.0.0.1:*"
        policy = (
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
            "img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            f"frame-ancestors {frames}"
        )
        return {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(length),
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def _refusal(self, headers: Any, query: dict[str, list[str]]) -> str | None:
        """Return why a request is refused, None if it is not."""
        if self._token is not None:
            given = query.get("token", [""])[0]
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                return "The token is missing or wrong; use the whole address that was printed."
        named = _netloc(headers.get_all("Host"))
        if named is None or (self._token is None and _name(named) not in _LOOPBACK):
            # A name that somebody pointed at this machine makes any page one of our origin.
            return "This viewer is only for this machine: use the address that was printed."
        origins = headers.get_all("Origin")
        if origins and not (len(origins) == 1 and self._is_own(origins[0], named)):
            return f"A page of another origin may not use this viewer: {origins[0]:.80}"
        return None

    def _is_own(self, origin: str, named: str) -> bool:
        parts = urlsplit(origin)
        if parts.scheme in ("http", "https") and parts.netloc == named:
            return True
        return self._proxied is not None and str(parts.hostname).endswith(self._proxied)


def _netloc(hosts: list[str]) -> str | None:
    return hosts[0] if len(hosts) == 1 else None


def _name(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        Error: If the port is taken, or the address is not of this machine.
    """
    if type(port) is not int or not 0 <= port <= 65535:
        raise Error(f"port: expected 0 to 65535, 0 for any that is free, found {port!r:.60}")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as reason:
        raise Error(
            f"the viewer cannot use port {port} of {host}: {reason.strerror or reason}. Close what "
            "uses it, or take another: port=0 takes any that is free."
        ) from reason


def _websockets() -> None:
    try:
        import websockets.asyncio.server  # noqa: F401
    except ImportError:
        raise DependencyNotInstalled(
            'the viewer needs websockets 13 or newer: pip install "dromos[viewer]"'
        ) from None
