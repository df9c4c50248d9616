"""Where messages go: addresses are kept in the workspace, secrets in the environment or in a file beside it.

CX_WEBHOOK_SECRET   what webhooks are signed with; else `webhook.key` beside the workspace, made at first use
CX_SMTP_PASSWORD    the password of the mail server's user
CX_SMTP_URL         the whole mail server at once: smtp[s]://user:password@host:port (smtp = STARTTLS)
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cx.errors import QueryError, UnknownValue
from cx.language import LANGUAGES, Text, text
from cx.store import Store
from cx.store.database import set_setting

SECURITY: Mapping[str, Text] = {"starttls": text("STARTTLS"), "tls": text("TLS from the start"),
                                "none": text("not encrypted")}
PORTS = {"starttls": 587, "tls": 465, "none": 25}
_SETTING = "delivery"
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f]+")
_memory_secret = secrets.token_hex(32)


@dataclass(frozen=True)
class Ways:
    """How messages leave the app; empty = not that way.

    webhook     address that gets the JSON
    recipients  e-mail addresses
    host, port, security, user, sender   the mail server; CX_SMTP_URL goes before host, port, security and user
    language    of the messages
    address     where the app is reached, for links, such as https://cx.example.com
    """

    webhook: str = ""
    recipients: tuple[str, ...] = ()
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""
    language: str = "en"
    address: str = ""

    def used(self) -> dict[str, str]:
        """The ways that are set: webhook, email → receiver."""
        found = {"webhook": self.webhook} if self.webhook else {}
        return {**found, "email": ", ".join(self.recipients)} if self.recipients else found


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    security: str
    user: str
    password: str


def ways(store: Store) -> Ways:
    """Those in force."""
    given: dict[str, Any] = json.loads(store.setting(_SETTING) or "{}")
    return Ways(**{**given, "recipients": tuple(given.get("recipients", ()))})


def set_ways(store: Store, given: Ways) -> None:
    """Keep them. Raises QueryError with what is wrong with an address, UnknownValue."""
    if given.webhook:
        check_url(given.webhook)
    if given.address:
        check_url(given.address)
    for each in (*given.recipients, *([given.sender] if given.sender else [])):
        if not _ADDRESS.fullmatch(each) or len(each) > 254:
            raise QueryError(text("“{value}” is not an e-mail address.", value=each))
    if given.security not in SECURITY:
        raise UnknownValue(text("Encryption"), given.security, SECURITY)
    if given.language not in LANGUAGES:
        raise UnknownValue(text("Language"), given.language, LANGUAGES)
    if not 1 <= given.port <= 65535:
        raise QueryError(text("A port is a number from 1 to 65,535."))
    if re.search(r"[\s/@]", given.host):
        raise QueryError(text("“{value}” is not the name of a mail server.", value=given.host))
    if given.recipients and not (given.host or os.environ.get("CX_SMTP_URL")):
        raise QueryError(text("E-mail needs a mail server."))
    if given.recipients and not given.sender:
        raise QueryError(text("E-mail needs a sender."))
    with store.write(quietly=True) as cursor:
        set_setting(cursor, _SETTING, json.dumps(asdict(given), ensure_ascii=False))


def check_url(url: str) -> None:
    """Raises QueryError for what is no http or https address, or carries a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f\\]", url) or port == 0:
        raise QueryError(text("“{value}” is not an address that begins with https:// or http://.", value=url))
    if parts.username is not None or parts.password is not None:
        raise QueryError(text("Leave user and password out of the address."))


def mail_server(given: Ways) -> MailServer:
    """The mail server: CX_SMTP_URL, else as set in the app with CX_SMTP_PASSWORD. Raises QueryError."""
    url = os.environ.get("CX_SMTP_URL")
    if not url:
        if not given.host:
            raise QueryError(text("E-mail needs a mail server."))
        return MailServer(given.host, given.port, given.security, given.user, os.environ.get("CX_SMTP_PASSWORD", ""))
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise QueryError(text("CX_SMTP_URL is not an address that begins with smtp:// or smtps://."))
    security = "tls" if parts.scheme == "smtps" else "starttls"
    return MailServer(parts.hostname, parts.port or PORTS[security], security, unquote(parts.username or ""),
                      unquote(parts.password or ""))


def webhook_secret(store: Store) -> bytes:
    """What webhooks are signed with."""
    given = os.environ.get("CX_WEBHOOK_SECRET")
    if given:
        return given.encode()
    if store.path is None:
        return _memory_secret.encode()
    path = secret_file(store)
    assert path is not None
    try:
        return path.read_text("ascii").strip().encode()
    except FileNotFoundError:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        made = secrets.token_hex(32)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(made)
        return made.encode()


def secret_file(store: Store) -> Path | None:
    """Where the secret lies when no environment variable gives it; None = it is given, or there is no folder."""
    if os.environ.get("CX_WEBHOOK_SECRET") or store.path is None:
        return None
    return store.path.parent / "webhook.key"
