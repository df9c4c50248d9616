"""The real server and a real browser, for tests that do what a person does."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]

_QUIET = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const quiet = app && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('[data-testid="stMainBlockContainer"] h1')
    && !document.querySelector('[data-testid="stSkeleton"]');
  if (!quiet) { window.cxQuietSince = null; return false; }
  window.cxQuietSince = window.cxQuietSince || performance.now();
  return performance.now() - window.cxQuietSince > 200;
}"""


_runs: WeakKeyDictionary[Page, int] = WeakKeyDictionary()  # page → runs of the script that have ended


def _free_port() -> int:
    """A port nobody listens on, below those that the system hands to outgoing connections, which could take it before
    the server does."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as free, contextlib.suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


class Server:
    """`streamlit run app.py` on a free port over a workspace of its own."""

    script, health = "app.py", "/healthz"

    def __init__(self, workspace: Path, log: Path, flags: Sequence[str] = ()) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.workspace = workspace
        self._log = log
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(self.script), "--server.port", str(self.port), "--server.address",
             "127.0.0.1", "--server.headless", "true", *flags],
            cwd=ROOT, env={"CX_AHEAD": "0", **os.environ, "CX_WORKSPACE": str(workspace)}, stdout=log.open("w"),
            stderr=subprocess.STDOUT)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended:\n" + self._log.read_text()[-3000:])
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}{self.health}", timeout=10).read()
                return
            time.sleep(0.05)
        raise RuntimeError("the server did not answer:\n" + self._log.read_text()[-3000:])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def serve(folder: Path, flags: Sequence[str] = ()) -> Iterator[Server]:
    """A running server whose workspace is `folder/cx.duckdb`; `flags` go to Streamlit."""
    server = Server(folder / "cx.duckdb", folder / "server.log", flags)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def browse() -> Iterator[Browser]:
    """A headless browser."""
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page) -> None:
    """Wait until the page has been drawn (every page has a title) and nothing has run for a moment."""
    page.wait_for_function(_QUIET, timeout=60000)


def visit(page: Page, server: Server, path: str = "/") -> None:
    """Open an address of the server and wait until it is drawn."""
    page.goto(f"{server.url}{path}")
    settled(page)


def count_runs(page: Page) -> None:
    """Count the runs of the script that the server tells this page have come to their end (those cut short by another
    run do not count); to be called before its first visit."""
    def read(message: bytes | str) -> None:
        told = ForwardMsg.FromString(message) if isinstance(message, bytes) else ForwardMsg()
        if told.WhichOneof("type") == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            _runs[page] += 1

    _runs[page] = 0
    page.on("websocket", lambda socket: socket.on("framereceived", read))


def act(page: Page, action: Callable[[], object], timeout: float = 60) -> None:
    """Do something that makes the page run, and wait (seconds at most) for the end of that run and all that follow."""
    before, end = _runs[page], time.monotonic() + timeout
    action()
    while _runs[page] == before:
        if time.monotonic() > end:
            raise TimeoutError(f"nothing ran within {timeout} seconds")
        page.wait_for_timeout(10)
    settled(page)


def choose_by_keyboard(page: Page, name: str) -> None:
    """Choose from the list that has the focus: open it, type the name, and take it once it stands out."""
    end = time.monotonic() + 30
    while not page.get_by_role("option").count() and time.monotonic() < end:  # a list closes that has just the focus
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(500)
    page.keyboard.type(name)
    page.locator('[role="option"][data-focused]', has_text=re.compile(f"^{re.escape(name)}$")).wait_for()
    act(page, lambda: page.keyboard.press("Enter"))


def go(page: Page, name: str) -> None:
    """Go to a page by the menu, filters kept: a fraction of what loading the application anew takes."""
    link = page.locator(f'.cx-menu a[data-page="{name or "overview"}"]')
    act(page, lambda: link.evaluate("link => link.click()"))  # also where the menu is folded away


def text_of(page: Page) -> str:
    """All text of the main part, white space collapsed."""
    return re.sub(r"\s+", " ", page.locator('[data-testid="stMainBlockContainer"]').inner_text())
