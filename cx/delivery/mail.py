"""Sending a plain-text message by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid

from cx.delivery.ways import MailServer
from cx.errors import DeliveryError
from cx.language import text

TIMEOUT = 15.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def send(server: MailServer, sender: str, recipients: tuple[str, ...], subject: str, body: str,
         context: ssl.SSLContext | None = None, timeout: float = TIMEOUT) -> None:
    """Send it. Raises DeliveryError with the reason. A password is never sent unencrypted, but to this machine."""
    if server.user and server.security == "none" and server.host not in _LOOPBACK:
        raise DeliveryError(text("The password would be sent unencrypted: choose STARTTLS or TLS."))
    message = EmailMessage()
    message["From"], message["To"] = sender, ", ".join(recipients)
    message["Subject"] = " ".join(subject.split())[:200]
    message["Date"], message["Message-ID"] = format_datetime(localtime()), make_msgid(domain="cx-journey.invalid")
    message.set_content(body)
    context = context or ssl.create_default_context()
    try:
        client = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context) \
            if server.security == "tls" else smtplib.SMTP(server.host, server.port, timeout=timeout)
        with client:
            if server.security == "starttls":
                client.starttls(context=context)
            if server.user:
                client.login(server.user, server.password)
            refused = client.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(text("The mail server {host} does not accept user or password.",
                                 host=server.host)) from error
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        raise DeliveryError(text("The mail server {host} could not be used: {error}", host=server.host,
                                 error=" ".join(str(error).split())[:200] or type(error).__name__)) from error
    if refused:
        raise DeliveryError(text("The mail server does not accept these recipients: {names}.",
                                 names=", ".join(sorted(refused))))
