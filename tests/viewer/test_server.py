"""What is served, to whom, and what is refused."""

import contextlib
import json
import socket
import subprocess
import sys
import textwrap
import threading
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from browser import PATIENCE
from websockets.exceptions import ConnectionClosed, InvalidStatus

import dromos as gym
from dromos.error import Error
from dromos.viewer import Viewer


def cart(**arguments):
    return gym.make("CartPole-v1", render_mode="rgb_array", **arguments)


def threads():
    return {one.name for one in threading.enumerate() if one.name.startswith("dromos-viewer")}


def status(url, **headers):
    try:
        with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:
            return answer.status
    except HTTPError as refused:
        with refused:
            return refused.code


def test_only_the_page_is_served(show):
    viewer = show(cart())
    with urlopen(viewer.url) as answer:
        page = answer.read().decode()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert page.startswith("<!doctype html>")
    assert "function connect()" in page
    assert ":root" in page
    assert "http://" not in page
    assert "https://" not in page
    for path in ("page.js", "../pyproject.toml", "socket/x", "%2e%2e/etc/passwd"):
        assert status(viewer.url + path) == 404
    assert status(viewer.url + "socket") == 426  # no handshake


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"Origin": "OWN"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),  # a name that somebody pointed at this machine
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 403),
        ({"Host": "localhost:1"}, 200),  # the near end of an SSH tunnel
        ({"Host": "[::1"}, 403),
    ],
)
def test_other_origins_are_refused(show, headers, expected):
    viewer = show(cart())
    own = viewer.url.rstrip("/")
    asked = {name: own if value == "OWN" else value for name, value in headers.items()}
    assert status(viewer.url, **asked) == expected


def test_a_page_of_another_origin_gets_no_socket(show, visit):
    viewer = show(cart())
    with pytest.raises(InvalidStatus, match="403"):
        visit(viewer.url, origin="http://evil.example")
    with pytest.raises(InvalidStatus, match="403"):
        visit(viewer.url, origin=f"http://localhost:{viewer.port}")  # not the name it used
    assert visit(viewer.url, origin=viewer.url.rstrip("/")).hear()[0] == "update"


def test_other_addresses_need_the_token(show, visit):
    viewer = show(cart(), host="0.0.0.0")
    bare = f"http://127.0.0.1:{viewer.port}/"
    token = viewer.url.partition("?token=")[2]
    assert len(token) >= 32
    assert [status(bare), status(f"{bare}?token=x"), status(f"{bare}?token=%C3%A4%00")] == [403] * 3
    assert status(f"{bare}?token={token}") == 200
    with pytest.raises(InvalidStatus, match="403"):
        visit(bare)
    assert visit(f"{bare}?token={token}").hear()[0] == "update"


def test_a_notebook_behind_a_proxy_needs_the_token_and_its_origin(show, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    viewer = show(cart())
    bare, token = f"http://127.0.0.1:{viewer.port}/", viewer.url.partition("?token=")[2]
    proxied = {"Host": "m-1.example", "Origin": "https://x-colab.googleusercontent.com"}
    assert "google.colab.kernel.proxyPort" in viewer._repr_html_()
    assert status(bare, **proxied) == 403
    assert status(f"{bare}?token={token}", **proxied) == 200
    others = {**proxied, "Origin": "https://googleusercontent.com.evil.example"}
    assert status(f"{bare}?token={token}", **others) == 403


def test_a_port_that_is_taken(show):
    viewer = show(cart())
    with pytest.raises(Error, match=rf"port {viewer.port} of 127.0.0.1.*port=0 takes any"):
        gym.view(cart(), viewer.port)
    with pytest.raises(Error, match="port: expected 0 to 65535"):
        gym.view(cart(), 70000)
    with pytest.raises(Error, match=r"the viewer cannot use port 0 of 192\.0\.2\.1"):
        gym.view(cart(), host="192.0.2.1")


def test_close_frees_the_port_and_ends_the_threads():
    env = cart()
    with gym.view(env, policy="random") as viewer:
        assert threads() == {"dromos-viewer-server", "dromos-viewer-run"}
        assert "iframe" in viewer._repr_html_()
        assert viewer.url in repr(viewer)
    assert threads() == set()
    assert viewer.closed
    viewer.close()
    socket.create_server(("127.0.0.1", viewer.port)).close()
    env.reset(seed=0)  # it is the caller's again
    assert "closed" in repr(viewer)
    assert "closed" in viewer._repr_html_()


def test_spare_connections_of_a_browser_end_with_the_viewer():
    with gym.view(cart(), policy="random") as viewer:
        spare = socket.create_connection(("127.0.0.1", viewer.port))
        assert status(viewer.url) == 200  # by now the one before has been accepted
        spare.settimeout(PATIENCE)
    assert threads() == set()
    with spare, contextlib.suppress(ConnectionResetError):
        assert spare.recv(1) == b""


def test_a_viewer_that_is_forgotten_closes():
    viewer = Viewer(_subject(cart())).drive()
    del viewer
    assert threads() == set()


def _subject(env):
    from dromos.viewer.subject import subject_of

    return subject_of(env)


def test_a_program_ends_cleanly_with_an_open_page():
    program = textwrap.dedent("""
        import dromos as gym
        envs = gym.view(gym.make_vec("CartPole-v1", 4, render_mode="rgb_array"))
        viewer = gym.view(gym.make("CartPole-v1"), policy="random")
        envs.reset(seed=0)
        from websockets.sync.client import connect
        links = [connect(one.url.replace("http", "ws") + "socket") for one in (envs, viewer)]
        pages = [link.__enter__() for link in links]
        envs.step(envs.action_space.sample())
        import os
        os._exit(0) if os.fork() == 0 else os.wait()
    """)
    done = subprocess.run(
        [sys.executable, "-W", "ignore:This process:DeprecationWarning", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


HOSTILE = [
    ("x" * 5000, "at most 4096 characters, found 5000"),
    ("[" * 4000, "expected JSON"),
    ("pause", "expected JSON, found 'pause'"),
    ("[1]", "expected an object"),
    ('{"do": 7}', "expected an object"),
    ('{"do": "puase"}', "no command. Did you mean: `pause`?"),
    ('{"do": "__init__"}', "no command"),
    ('{"do": "pause", "value": 1}', "pause: expected no value, found 1"),
    ('{"do": "step", "value": "many"}', "step: expected a number of steps"),
    ('{"do": "step", "value": 1e9}', "step: expected"),
    ('{"do": "step", "value": true}', "step: expected"),
    ('{"do": "speed", "value": NaN}', "speed: expected steps a second"),
    ('{"do": "speed", "value": 0}', "speed: expected"),
    ('{"do": "reset", "value": 1' + "0" * 100 + "}", "a seed of 0 to 4294967295"),
    ('{"do": "reset", "value": -1}', "reset: expected a seed"),
    ('{"do": "lanes", "value": [4]}', "1 to 64 lanes of 0 to 3"),
    ('{"do": "lanes", "value": []}', "lanes: expected"),
    ('{"do": "lanes", "value": [1, 1]}', "each lane at most once"),
    ('{"do": "lanes", "value": {"a": 1}}', "lanes: expected"),
    ('{"do": "focus", "value": -1}', "focus: expected a lane of 0 to 3"),
    ('{"do": "back", "value": 999}', "no snapshot 999"),
    ('{"do": "keys", "value": [[1], ["a"]]}', "keys: expected"),
    ('{"do": "keys", "value": 3}', "keys: expected"),
    ('{"do": "keyboard", "value": "on"}', "keyboard: expected true or false"),
    ('{"do": "download", "value": "/etc/passwd"}', 'expected "video"'),
    ('{"do": "return"}', "there is no script"),
    ('{"do": "branch"}', "the viewer makes the steps"),
    (b"\x00\xff", "found 2 bytes of binary data"),
]


def test_hostile_messages_get_an_answer_and_harm_nothing(show, visit):
    viewer = show(gym.make_vec("CartPole-v1", 4, render_mode="rgb_array"))
    visitor = visit(viewer.url)
    for message, expected in HOSTILE:
        visitor.socket.send(message)
        assert expected in visitor.answer()["error"], message
    assert visitor.ask("pause") == {"done": "pause"}
    assert visitor.until(lambda told: told["paused"])["problem"] is None


def test_a_message_beyond_all_bounds_ends_only_its_own_page(show, visit):
    viewer = show(cart())
    bad, good = visit(viewer.url), visit(viewer.url)
    bad.socket.send("x" * 100_000)
    with pytest.raises(ConnectionClosed, match="1009"):
        bad.until(lambda told: False)
    total = good.hear()[1]["total"]
    good.until(lambda told: told["total"] > total)


def test_a_visitor_that_vanishes_or_never_reads(show, visit):
    viewer = show(cart())
    silent = visit(viewer.url)  # opens the socket, and shows nothing it is sent
    gone = visit(viewer.url)
    gone.hear()
    gone.socket.socket.shutdown(socket.SHUT_RDWR)
    good = visit(viewer.url)
    total = good.hear()[1]["total"]
    good.until(lambda told: told["total"] > total + 20)
    for _ in range(500):  # it says much, and reads nothing
        silent.socket.send("nonsense")
    good.until(lambda told: told["total"] > total + 40)


def test_too_many_pages(show, visit):
    viewer = show(cart())
    for _ in range(16):
        visit(viewer.url)
    with pytest.raises(InvalidStatus, match="503"):
        visit(viewer.url)


def test_without_pages_the_viewer_stands_still(show, visit):
    calls = []
    viewer = show(cart(), policy=lambda observation: calls.append(observation) or 0)
    assert calls == []
    visitor = visit(viewer.url)
    visitor.until(lambda told: told["total"] > 0)
    assert calls


def test_what_the_environment_raises_is_shown(show, visit):
    def policy(observation):
        raise ZeroDivisionError("by the user")

    visitor = visit(show(cart(), policy=policy).url)
    told = visitor.until(lambda told: told["problem"])
    assert told["problem"] == "ZeroDivisionError: by the user. Reset to go on."
    assert visitor.ask("reset", 3) == {"done": "reset"}


def test_arguments_of_view():
    with pytest.raises(TypeError, match="Expected an `Env` or a `VectorEnv` to view, found 7"):
        gym.view(7)
    with pytest.raises(TypeError, match="policy: expected a function"):
        gym.view(cart(), policy="greedy")
    with pytest.raises(TypeError, match='add policy="random"'):
        gym.view(cart(), seed=3)


def test_without_websockets_the_error_names_the_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "websockets.asyncio.server", None)
    with pytest.raises(gym.error.DependencyNotInstalled, match=r'pip install "dromos\[viewer\]"'):
        gym.view(cart())


def test_the_command(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "dromos", "view", "CartPole-v1", "--lanes", "3", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        url = json.loads("".join(process.stdout.readline() for _ in range(3)))["url"]
        assert status(url) == 200
        process.send_signal(2)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
