"""The launcher: `streamlit run app.py`, `uvicorn app:app` or `python app.py`.

The routing script lies in pages/ itself, so no page can run without it (docs/decisions/0001-launcher.md).
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:  # pages/ run with their own folder first on the path
    sys.path.insert(0, str(ROOT))

from server import live, start_page, uploads, workspace  # noqa: E402
from server.security import SecurityHeaders  # noqa: E402

PATIENCE = 1.5  # seconds in which health is told, whatever the workspace does
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


async def healthz(_: Request) -> JSONResponse:
    """200 {"status": "ok", "data_version": n}, or 503: "preparing" while the workspace is brought to this version of
    the program, "error" with the reason it cannot be read."""
    from cx.errors import StoreError

    if not await run_in_threadpool(workspace.ready, PATIENCE):
        return JSONResponse({"status": "preparing"}, 503, {"Retry-After": "2"})
    try:
        version = await run_in_threadpool(lambda: workspace.store().data_version)
    except StoreError as error:
        return JSONResponse({"status": "error", "reason": str(error)}, 503)
    return JSONResponse({"status": "ok", "data_version": version})


async def unknown(request: Request) -> JSONResponse:
    """What is not under /api says so in JSON (the pages' server would answer with its start page)."""
    return JSONResponse({"error": "not found", "path": request.url.path}, 404)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    uploads.forget_old_files()
    live.bus.begin()
    live.end_with_the_server()
    workspace.begin()
    yield {}
    workspace.end_alerts()


app = st.App(
    "pages/main.py",
    routes=[Route("/healthz", healthz), *uploads.routes, *live.routes, *start_page.routes,
            Route("/api/{path:path}", unknown, methods=METHODS), Route("/api", unknown, methods=METHODS)],
    middleware=[Middleware(SecurityHeaders)],
    lifespan=lifespan,
)

if __name__ == "__main__":
    app.run()
