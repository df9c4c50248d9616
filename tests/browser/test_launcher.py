"""The launcher: the router runs before any page, health and unknown addresses answer JSON, nothing leaves home."""

import json
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page

from tests.browser.driver import Server, settled, text_of


def answer(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, dict, dict]:
    request = urllib.request.Request(url, method=method, data=body)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.loads(response.read()), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()), dict(error.headers)


def test_a_deep_link_as_the_very_first_request_runs_the_router(fresh: Server, page: Page):
    page.goto(f"{fresh.url}/funnel")
    settled(page)
    page.get_by_role("link", name="Touchpoints & channels").wait_for()  # the menu, which only the router draws
    assert "There is no data yet" in text_of(page)  # what the router shows instead of a page that needs data


def test_health_is_json(server: Server):
    status, body, _ = answer(f"{server.url}/healthz")
    assert status == 200
    assert body["status"] == "ok"
    assert body["data_version"] > 0


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/nothing", "/api/a/b", "/api"])
def test_an_unknown_api_address_is_json_404(server: Server, method: str, path: str):
    status, body, _ = answer(server.url + path, method)
    assert (status, body["error"]) == (404, "not found")


def test_an_upload_needs_a_ticket(server: Server):
    assert answer(f"{server.url}/api/upload", "PUT", b"x")[0] == 403


def test_headers_keep_others_out(server: Server):
    _, _, headers = answer(f"{server.url}/healthz")
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


def test_no_page_asks_anything_of_another_host_or_what_is_not_there(server: Server, page: Page):
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url)
            if not request.url.startswith((server.url, "data:", "blob:", server.url.replace("http", "ws"))) else None)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    failed: list[str] = []
    page.on("response", lambda answered: failed.append(answered.url) if answered.status >= 400 else None)
    for path in ("/", "/emotions", "/upload"):
        page.goto(server.url + path)
        settled(page)
    assert not foreign
    assert not refused
    assert not failed
