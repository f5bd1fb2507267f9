"""What the tests of the viewer share: a browser, a page without one, and scripts that step."""

import json
import struct
import threading
from contextlib import ExitStack

import pytest
from browser import PATIENCE, Browser
from websockets.sync.client import connect

import dromos as gym


class Visitor:
    """A page without a browser: reads updates, and says what it is told to say.

    Attributes:
        told: The numbers of the last update, None before the first.
        image: Its picture.
    """

    def __init__(self, url, **settings):
        path, _, query = url.partition("?")
        address = path.replace("http", "ws") + "socket" + (f"?{query}" if query else "")
        self._opened = ExitStack()
        link = connect(address, max_size=None, close_timeout=0.2, **settings)
        self.socket = self._opened.enter_context(link)
        self.told, self.image = None, b""

    def say(self, do, value=None):
        self.socket.send(json.dumps({"do": do, "value": value}))

    def hear(self):
        """Return the next message: ("update", told), ("answer", told) or ("file", (name, data))."""
        message = self.socket.recv(timeout=PATIENCE)
        if isinstance(message, str):
            return "answer", json.loads(message)
        kind, length = struct.unpack("<BI", message[:5])
        header, data = json.loads(message[5 : 5 + length]), message[5 + length :]
        if kind == 2:
            return "file", (header["name"], data)
        self.told, self.image = header, data
        self.socket.send('{"do":"ready"}')
        return "update", header

    def ask(self, do, value=None):
        """Say something and return the answer, or the file."""
        self.say(do, value)
        return self.answer()

    def answer(self):
        while (heard := self.hear())[0] == "update":
            pass
        return heard[1]

    def until(self, holds):
        """Read updates until one holds, perhaps the last already read, and return it."""
        if self.told is not None and holds(self.told):
            return self.told
        while True:
            kind, told = self.hear()
            if kind == "update" and holds(told):
                return told

    def close(self):
        self._opened.close()


class Script:
    """Steps an environment in a thread until it is left."""

    def __init__(self, env, seed=0):
        self.env, self.seed, self.steps, self.problem = env, seed, 0, None
        self._over = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        env = self.env
        try:
            env.reset(seed=self.seed)
            while not self._over:
                _, _, terminated, truncated, _ = env.step(env.action_space.sample())
                self.steps += 1
                if isinstance(env, gym.Env) and (terminated or truncated):
                    env.reset(seed=self.seed + self.steps)
        except Exception as problem:
            self.problem = problem

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        assert self.problem is None, self.problem


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    chromium = Browser(tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture
def visit():
    """Open a page without a browser."""
    visitors = []

    def open_(url, **settings):
        visitors.append(Visitor(url, **settings))
        return visitors[-1]

    yield open_
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def show():
    """Let a viewer run an environment; closed at the end of the test."""
    shown = []

    def show_(env, **arguments):
        viewer = gym.view(env, **{"policy": "random", "seed": 1, **arguments})
        shown.append((viewer, env))
        return viewer

    yield show_
    for viewer, env in shown:
        viewer.close()
        env.close()


@pytest.fixture
def script():
    """Step an environment in a thread, in a ``with`` block."""
    return Script
