"""A headless Chromium, spoken to by its DevTools protocol, and a page of the viewer in it."""

import base64
import itertools
import json
import shutil
import subprocess
import time
from contextlib import ExitStack
from urllib.request import Request, urlopen

from websockets.sync.client import connect

PATIENCE = 30.0  # seconds; a machine under load is slow, not wrong


class Page:
    """A tab.

    Attributes:
        downloads: The folder that its downloads go to.
    """

    def __init__(self, address, identity, downloads):
        self._address, self._identity, self.downloads = address, identity, downloads
        self._opened = ExitStack()
        # Chromium says no goodbye on these sockets, so there is nothing to wait for.
        link = connect(
            f"ws://{address}/devtools/page/{identity}", max_size=None, close_timeout=0.05
        )
        self._socket = self._opened.enter_context(link)
        self._numbers = itertools.count()

    def command(self, method, **parameters):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def run(self, script):
        """Return the value of an expression in the page."""
        told = self.command(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def wait(self, script):
        """Wait until an expression is true, and return it."""
        end = time.monotonic() + PATIENCE
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"{script} never came true: {self.told()}"
            time.sleep(0.02)
        return value

    def told(self):
        """Return the numbers of the last update."""
        return self.run("shown")

    def click(self, name):
        self.run(f"document.getElementById('{name}').click()")

    def put(self, name, text):
        """Type into a field and leave it."""
        self.run(
            f"(() => {{ const field = document.getElementById('{name}'); field.value = '{text}';"
            "field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change')) })()"
        )

    def key(self, key, kind="keyDown"):
        self.command("Input.dispatchKeyEvent", type=kind, key=key)

    def picture(self):
        """Return what the first canvas shows, as a text to compare."""
        return self.run("document.querySelector('#cells canvas').toDataURL()")

    def shot(self, path, theme="light", width=1280, height=860, scale=1):
        """Write a picture of the page."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        self.run(f"dress('{theme}'), new Promise((done) => setTimeout(done, 700))")
        path.write_bytes(base64.b64decode(self.command("Page.captureScreenshot")["data"]))

    def close(self):
        urlopen(f"http://{self._address}/json/close/{self._identity}").close()
        self._opened.close()


class Browser:
    """A Chromium without a window; its profile and downloads are in a folder."""

    def __init__(self, folder):
        program = shutil.which("chromium")
        assert program, "these tests need Chromium: apt-get install chromium"
        self._folder = folder
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        flags += ["--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking"]
        self._process = subprocess.Popen(
            [program, *flags, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = folder / "DevToolsActivePort"
        end = time.monotonic() + PATIENCE
        while not (port.exists() and port.read_text().count("\n")):
            assert time.monotonic() < end, "Chromium did not start"
            assert self._process.poll() is None, "Chromium ended"
            time.sleep(0.02)
        self.address = f"127.0.0.1:{port.read_text().splitlines()[0]}"

    def open(self, url, downloads=None):
        """Return a tab that shows a page."""
        with urlopen(Request(f"http://{self.address}/json/new?about:blank", method="PUT")) as told:
            page = Page(self.address, json.load(told)["id"], downloads)
        if downloads is not None:
            page.command(
                "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads)
            )
        page.command("Page.enable")
        page.command("Page.bringToFront")  # keys go nowhere else
        page.command("Emulation.setFocusEmulationEnabled", enabled=True)
        page.command("Page.navigate", url=url)
        return page

    def close(self):
        self._process.terminate()
        self._process.wait()
