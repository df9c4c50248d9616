"""Files stream from the browser to disk: `PUT /api/upload` with a signed ticket that the upload page issued.

Streamlit's own uploader holds a file twice in memory and speaks English only. Here memory stays flat whatever the
size, and the page's component shows progress in the reader's language.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from pathlib import Path

import anyio
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.workspace import inbox

LARGEST_FILE = int(os.environ.get("CX_LARGEST_UPLOAD", str(4 << 30)))  # bytes
_KEEP_SECONDS = 24 * 3600
_TICKET_SECONDS = 12 * 3600
_SIGNER = URLSafeTimedSerializer(secrets.token_bytes(32), salt="upload")


def ticket() -> str:
    """Leave to upload, valid for half a day in this process."""
    return _SIGNER.dumps("upload")


def uploaded_file(token: str) -> Path | None:
    """The file behind a token that `PUT /api/upload` answered; None when it is not (or no longer) there."""
    if not (len(token) == 32 and all(character in "0123456789abcdef" for character in token)):
        return None
    path = inbox() / token
    return path if path.is_file() else None


def forget_old_files() -> None:
    """Remove uploads nobody loaded within a day, and half-sent ones of an earlier process."""
    for path in inbox().iterdir():
        if path.suffix == ".part" or time.time() - path.stat().st_mtime > _KEEP_SECONDS:
            path.unlink(missing_ok=True)


async def receive(request: Request) -> JSONResponse:
    """Store the body under a fresh token. 201 {id, bytes}; 403 no ticket, 413 too large, 507 no room."""
    try:
        _SIGNER.loads(request.headers.get("x-upload-ticket", ""), max_age=_TICKET_SECONDS)
    except BadSignature:
        return JSONResponse({"error": "ticket"}, 403)
    if int(request.headers.get("content-length") or 0) > LARGEST_FILE:
        return JSONResponse({"error": "too large", "largest": LARGEST_FILE}, 413)
    token = secrets.token_hex(16)
    part = inbox() / f"{token}.part"
    size = 0
    try:
        async with await anyio.open_file(part, "wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > LARGEST_FILE:
                    part.unlink()
                    return JSONResponse({"error": "too large", "largest": LARGEST_FILE}, 413)
                await file.write(chunk)
        part.replace(inbox() / token)
    except ClientDisconnect:
        part.unlink(missing_ok=True)
        return JSONResponse({"error": "gone"}, 400)
    except OSError:
        part.unlink(missing_ok=True)
        return JSONResponse({"error": "no room", "free": shutil.disk_usage(inbox()).free}, 507)
    return JSONResponse({"id": token, "bytes": size}, 201)


routes = [Route("/api/upload", receive, methods=["PUT"])]
