"""A page waits for what comes before it: the workspace that is being prepared, and the pages of other readers."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import ROOT, Server

_HELD = """
import sys, time
from pathlib import Path
from threading import Thread

sys.path.insert(0, {root!r})
import streamlit as st
from server import workspace

gates = Path({gates!r})
workspace._opening.acquire()

def wait(name):
    while not (gates / name).exists():
        time.sleep(0.05)

def held():  # somebody opens the workspace, and then somebody's page is drawn, both until a gate opens
    wait("opened")
    from pages.parts import drawn, highlights
    highlights._PATIENCE = 60
    with drawn.running():
        workspace._opening.release()
        wait("drawn")

Thread(target=held, daemon=True).start()
app = st.App({root!r} + "/pages/main.py")  # what Streamlit looks for in a script
from app import app
"""


class Held(Server):
    """The application, held up from outside."""

    health = "/_stcore/health"


@pytest.fixture
def gates(tmp_path: Path) -> Path:
    folder = tmp_path / "gates"
    folder.mkdir()
    return folder


@pytest.fixture
def held(tmp_path: Path, gates: Path, sample_workspace: Path):
    shutil.copy(sample_workspace / "read" / "cx.duckdb", tmp_path)
    (tmp_path / "pages").symlink_to(ROOT / "pages")  # where the script says they are
    script = tmp_path / "held.py"
    script.write_text(_HELD.format(root=str(ROOT), gates=str(gates)))
    Held.script = str(script)
    server = Held(tmp_path / "cx.duckdb", tmp_path / "server.log")
    yield server
    for name in ("opened", "drawn"):
        (gates / name).touch()
    server.stop()


def test_a_page_says_what_it_waits_for_and_goes_on_by_itself(held: Server, gates: Path, page: Page):
    page.goto(held.url)
    page.get_by_role("heading", name="The data is being prepared").wait_for()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{held.url}/healthz", timeout=10)
    assert (refused.value.code, json.loads(refused.value.read())["status"]) == (503, "preparing")

    (gates / "opened").touch()
    page.get_by_role("heading", name="Overview", exact=True).wait_for()
    expect(page.get_by_role("heading", name="The data is being prepared")).to_have_count(0)

    page.get_by_role("button", name="All KPIs over time").wait_for()  # the end of the page
    page.wait_for_timeout(1500)  # problems and wins of the sample take some 0.6 seconds where nobody else is busy
    expect(page.locator(".cx-waiting")).to_be_visible()
    expect(page.locator(".cx-card")).to_have_count(0)
    (gates / "drawn").touch()
    page.locator(".cx-card").first.wait_for()
    expect(page.locator(".cx-waiting")).to_have_count(0)
