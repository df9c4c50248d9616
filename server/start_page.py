"""Streamlit's start page at the address of a page (`/funnel`), told where the server is: its script would look for it
below that address first (`/funnel/_stcore/health`), and get two errors there."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

_PAGES = Path(__file__).resolve().parent.parent / "pages"
_SCRIPT = 'window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href }'  # also behind a proxy's path
ALLOWED = f"'sha256-{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'"
"""The script as a content security policy names it."""


@cache
def _html() -> str:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    return page.replace("<head>", f"<head><script>{_SCRIPT}</script>", 1)


async def _start_page(_: Request) -> HTMLResponse:
    return HTMLResponse(_html(), headers={"Cache-Control": "no-cache"})


routes = [Route(f"/{path.stem}", _start_page) for path in sorted(_PAGES.glob("*.py")) if path.stem != "main"]
