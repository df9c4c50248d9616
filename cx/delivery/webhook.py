"""Sending JSON to a webhook: signed, within bounds of time, to that address only."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cx.delivery.ways import check_url
from cx.errors import DeliveryError
from cx.language import text

TIMEOUT = 10.0
"""Seconds without an answer."""
LONGEST = 30.0
"""Seconds altogether."""
_SHOWN = 200


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are sent and signed."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """`v1=` and the hex HMAC-SHA-256 of `<timestamp>.<body>`."""
    return "v1=" + hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def send(url: str, payload: Mapping[str, Any], secret: bytes, timestamp: int, timeout: float = TIMEOUT,
         longest: float = LONGEST) -> None:
    """POST it. Raises DeliveryError with the reason where the receiver is not reached or does not answer 2xx.

    Headers: X-CX-Timestamp (seconds since 1970), X-CX-Signature (see `signature`), X-CX-Message (the same for every
    attempt, so that a receiver can leave out what it has). Redirects are not followed; link-local addresses, where
    clouds keep their secrets, are refused.
    """
    check_url(url)
    parts = urlsplit(url)
    body, host = body_of(payload), parts.hostname or ""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port, timeout=timeout,
                                                 context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=timeout)
    watchdog = threading.Timer(longest, lambda: _cut(connection))
    watchdog.daemon = True
    try:
        connection.connect()
        watchdog.start()
        if ipaddress.ip_address(connection.sock.getpeername()[0].split("%")[0]).is_link_local:
            raise DeliveryError(text("{host} is an address of this machine's own surroundings: nothing is sent there.",
                                     host=host))
        connection.request("POST", path, body, {
            "Content-Type": "application/json", "User-Agent": "CX-Journey", "X-CX-Timestamp": str(timestamp),
            "X-CX-Signature": signature(secret, timestamp, body), "X-CX-Message": str(payload.get("id", ""))})
        answer = connection.getresponse()
        status, where = answer.status, answer.getheader("Location")
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise DeliveryError(text("{host} could not be reached: {error}", host=host,
                                 error=_plain(error))) from error
    finally:
        watchdog.cancel()
        connection.close()
    if 300 <= status < 400:
        raise DeliveryError(text("{host} sends on to {where}: enter that address if you trust it.", host=host,
                                 where=(where or "—")[:_SHOWN]))
    if not 200 <= status < 300:
        raise DeliveryError(text("{host} answered {status} instead of 200.", host=host, status=str(status)))


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a connection that lasts too long; the thread waiting on it gets an error."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _plain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    return " ".join(str(error).split())[:_SHOWN] or type(error).__name__
