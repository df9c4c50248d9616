"""Finding a Chromium to test with, or installing one. Never a silent skip: no browser is a failure with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
           "/Applications/Chromium.app/Contents/MacOS/Chromium",
           r"C:\Program Files\Google\Chrome\Application\chrome.exe",
           r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe")


def find() -> str | None:
    """Path of a browser: $CX_TEST_BROWSER, one of the system, or None where Playwright has its own.

    Raises RuntimeError when there is none and none could be installed.
    """
    chosen = os.environ.get("CX_TEST_BROWSER")
    if chosen:
        return chosen
    system = _system()
    if system or _own():
        return system
    tried = []
    for name, commands in (("Playwright's download", [[sys.executable, "-m", "playwright", "install", "chromium"]]),
                           ("Debian's package", _debian())):
        for command in commands:
            print(f"installing a browser: {' '.join(command)}", flush=True)
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
            if done.returncode:
                tried.append(f"{name}: {(done.stderr or done.stdout).strip()[-400:]}")
                break
        if found := _system():
            return found
        if _own():
            return None
    raise RuntimeError("The browser tests need Chromium or Chrome. None was found, and none could be installed.\n"
                       "Install one, or set CX_TEST_BROWSER to its path.\n" + "\n".join(tried))


def _system() -> str | None:
    return next((path for path in map(shutil.which, _NAMES) if path), None) or next(
        (place for place in _PLACES if Path(place).exists()), None)


def _own() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _debian() -> list[list[str]]:
    if not shutil.which("apt-get"):
        return []
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    return [[*root, "apt-get", "update", "-q"],
            [*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"]]
