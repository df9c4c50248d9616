"""Messages reach people over real servers on loopback; nothing is lost, nothing blocks, nothing goes elsewhere."""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

import cx
from cx import Store
from cx.delivery import box, mail, outbox, watch, webhook
from cx.delivery.ways import MailServer, Ways, mail_server, set_ways, ways, webhook_secret
from cx.errors import DeliveryError, QueryError
from cx.metrics import alert
from cx.metrics.alert import Firing, Rule
from tests.metrics.stores import store_of
from tests.metrics.test_alert import STEADY, weeks

NOW = dt.datetime(2025, 4, 1, 9, 30)


def firing(period="2025-03-24", kpi="csat", rule=1, **more) -> Firing:
    said = {"kind": "target", "kpi": kpi, "persona": "", "channel": "phone", "touchpoint": "", "interval": "week",
            "rule": "r", "period": period, "value": 0.3, "lower": 0.2, "upper": 0.45, "against": 0.8, "n": 40, **more}
    return Firing(rule, f"{kpi}||phone|", f"{rule}|{said['kind']}|{period}", said)


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    store = cx.open_store(tmp_path / "cx.duckdb")
    yield store
    store.close()


class Receiver:
    """A web server that keeps what it gets and answers as told: statuses in turn, the last one from then on."""

    def __init__(self, *statuses: int, headers: dict[str, str] | None = None, wait: float = 0) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses = list(statuses) or [200]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(wait)
                outer.got.append((dict(self.headers), body))
                status = outer.statuses[min(len(outer.got), len(outer.statuses)) - 1]
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?x=1"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Mailbox:
    """A mail server's memory."""

    def __init__(self) -> None:
        self.got: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.got.append(envelope.content.decode())
        return "250 OK"


# --- the list in the app ---


def test_a_subject_has_one_message_a_day_and_the_same_news_is_told_once(store) -> None:
    assert box.record(store, [firing(), firing("2025-03-31"), firing(kpi="nps", rule=2)], NOW) == 3
    assert box.record(store, [firing(), firing("2025-03-17", rule=3)], NOW.replace(hour=18)) == 1
    told = box.messages(store)
    assert sorted(len(each.said) for each in told) == [1, 3]
    assert box.unread(store) == 2
    assert box.record(store, [firing("2025-04-07")], NOW + dt.timedelta(days=1)) == 1
    assert [each.day.day for each in box.messages(store)] == [2, 1, 1]


def test_read_messages_stay_read_until_something_new_is_said(store) -> None:
    box.record(store, [firing()], NOW)
    box.mark(store, box.messages(store)[0].number)
    assert box.unread(store) == 0
    box.record(store, [firing("2025-03-31")], NOW)
    assert box.unread(store) == 1
    box.mark(store, None)
    assert box.unread(store) == 0


# --- webhooks ---


def test_a_webhook_gets_the_signed_message_once(store) -> None:
    with Receiver() as receiver:
        set_ways(store, Ways(webhook=receiver.url, address="https://cx.example.com"))
        box.record(store, [firing(), firing("2025-03-31")], NOW)
        assert outbox.deliver(store, NOW) == 1
        assert outbox.deliver(store, NOW) == 0
    (headers, body), = receiver.got
    told = json.loads(body)
    assert headers["X-CX-Signature"] == webhook.signature(webhook_secret(store), int(headers["X-CX-Timestamp"]), body)
    assert (told["id"], told["day"], len(told["lines"])) == ("1", "2025-04-01", 2)
    assert told["title"] == "Satisfaction (CSAT) · phone"
    assert told["link"] == "https://cx.example.com/trends?channel=phone&kpi=csat&interval=week"
    assert told["lines"][0]["sentence"] == "Week from 24 Mar 2025: 30.0% (95% interval 20.0% – 45.0%), the target is 80.0% (n = 40)."
    assert "secret" not in body.decode()


def test_a_receiver_that_fails_is_tried_again_with_growing_gaps_until_it_takes_it(store) -> None:
    with Receiver(500, 503, 200) as receiver:
        set_ways(store, Ways(webhook=receiver.url))
        box.record(store, [firing()], NOW)
        for minutes, delivered in ((0, 0), (0.5, 0), (1, 0), (2.9, 0), (3, 1), (60, 0)):
            assert outbox.deliver(store, NOW + dt.timedelta(minutes=minutes)) == delivered
            if minutes == 0:
                assert str(outbox.waiting(store)[0].error) == "127.0.0.1 answered 500 instead of 200."
    assert len(receiver.got) == 3
    assert len({headers["X-CX-Message"] for headers, _ in receiver.got}) == 1
    assert outbox.waiting(store) == []


def test_gaps_grow_to_six_hours_and_nothing_is_ever_dropped(store) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        set_ways(store, Ways(webhook=f"http://127.0.0.1:{closed.getsockname()[1]}/"))
        box.record(store, [firing()], NOW)
        now, gaps = NOW, []
        for _ in range(12):
            outbox.deliver(store, now)
            gaps.append((outbox.waiting(store)[0].next_at - now).total_seconds() / 60)
            now = outbox.waiting(store)[0].next_at
    assert gaps == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert "could not be reached" in str(outbox.waiting(store)[0].error)


def test_what_comes_after_the_message_went_out_waits_for_tomorrow(store) -> None:
    with Receiver() as receiver:
        set_ways(store, Ways(webhook=receiver.url))
        box.record(store, [firing()], NOW)
        outbox.deliver(store, NOW)
        box.record(store, [firing("2025-03-31")], NOW)
        box.record(store, [firing("2025-03-17")], NOW)
        assert outbox.deliver(store, NOW.replace(hour=23)) == 0
        assert outbox.deliver(store, dt.datetime(2025, 4, 2)) == 1
    assert [len(json.loads(body)["lines"]) for _, body in receiver.got] == [1, 2]


def test_nothing_is_lost_over_a_restart(tmp_path) -> None:
    with Receiver() as receiver:
        first = cx.open_store(tmp_path / "cx.duckdb")
        set_ways(first, Ways(webhook=receiver.url))
        box.record(first, [firing()], NOW)
        first.close()
        second = cx.open_store(tmp_path / "cx.duckdb")
        assert outbox.deliver(second, NOW) == 1
        second.close()
    assert len(receiver.got) == 1


def test_redirects_are_not_followed(store) -> None:
    with Receiver() as elsewhere, Receiver(307, headers={"Location": elsewhere.url}) as receiver, \
            pytest.raises(DeliveryError, match="sends on to http"):
        webhook.send(receiver.url, {"id": "1"}, b"x", 1)
    assert elsewhere.got == []


def test_a_receiver_that_never_answers_ends_in_bounded_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        begun = time.monotonic()
        with pytest.raises(DeliveryError, match="could not be reached"):
            webhook.send(url, {"id": "1"}, b"x", 1, timeout=0.3)
        assert time.monotonic() - begun < 3


def test_a_receiver_that_drips_is_cut_off() -> None:
    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            for _ in range(100):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(DeliveryError):
            webhook.send(f"http://127.0.0.1:{server.getsockname()[1]}/", {"id": "1"}, b"x", 1, longest=0.4)
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize("url", [
    "ftp://example.com", "file:///etc/passwd", "javascript:alert(1)", "example.com/hook", "https://", "http://a b/",
    "https://user:word@example.com/", "http://example.com:99999/", "https://example.com/\nX: 1", "gopher://x", "http://[::1"])
def test_only_plain_http_addresses_are_taken(store, url) -> None:
    with pytest.raises(QueryError):
        set_ways(store, Ways(webhook=url))
    assert ways(store) == Ways()


def test_link_local_addresses_are_refused(monkeypatch) -> None:
    class Here(socket.socket):
        def getpeername(self):
            return ("169.254.169.254", 80)

    with Receiver() as receiver:
        monkeypatch.setattr("http.client.HTTPConnection.connect", lambda self: setattr(self, "sock", Here()))
        with pytest.raises(DeliveryError, match="nothing is sent there"):
            webhook.send(receiver.url, {"id": "1"}, b"x", 1)
    assert receiver.got == []


# --- e-mail ---


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def certificate(tmp_path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(of the server, of a client that trusts it)."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                           "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext",
                           "subjectAltName=DNS:localhost"], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no openssl to make a certificate")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


def test_an_e_mail_arrives_with_sentence_and_link(store) -> None:
    inbox = Mailbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        port = server.port
        set_ways(store, Ways(recipients=("a@example.com", "b@example.com"), host="127.0.0.1", port=port, security="none",
                             sender="cx@example.com", address="https://cx.example.com", language="tr"))
        box.record(store, [firing()], NOW)
        assert outbox.deliver(store, NOW) == 1
        outbox.test(store, "email", NOW)
    finally:
        server.stop()
    from email import message_from_string, policy
    first = message_from_string(inbox.got[0], policy=policy.default)
    assert (first["To"], first["From"]) == ("a@example.com, b@example.com", "cx@example.com")
    assert "phone" in first["Subject"]
    assert "%30,0" in first.get_content()
    assert "https://cx.example.com/trends?channel=phone" in first.get_content()


def test_tls_and_sign_in_and_what_is_said_when_they_fail(certificate, store) -> None:
    inbox = Mailbox()

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    server = Controller(inbox, hostname="127.0.0.1", port=free_port(), tls_context=certificate[0], authenticator=check,
                        auth_require_tls=True)
    server.start()
    try:
        port = server.port
        at = MailServer("localhost", port, "starttls", "cx", "right")
        mail.send(at, "cx@example.com", ("a@example.com",), "Hi\nthere", "Ünlü", context=certificate[1])
        with pytest.raises(DeliveryError, match="does not accept user or password"):
            mail.send(replace(at, password="wrong"), "cx@example.com", ("a@example.com",), "Hi", "x", context=certificate[1])
        with pytest.raises(DeliveryError, match="could not be used"):  # a certificate nobody vouches for
            mail.send(at, "cx@example.com", ("a@example.com",), "Hi", "x")
    finally:
        server.stop()
    assert len(inbox.got) == 1
    assert "Subject: Hi there" in inbox.got[0]


def test_a_mail_server_that_is_not_there_keeps_the_message(store) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        set_ways(store, Ways(recipients=("a@example.com",), host="127.0.0.1", port=closed.getsockname()[1],
                             security="none", sender="cx@example.com"))
        box.record(store, [firing()], NOW)
        assert outbox.deliver(store, NOW) == 0
    (kept,) = outbox.waiting(store)
    assert "could not be used" in str(kept.error)
    outbox.give_up(store, kept.number)
    assert outbox.waiting(store) == []
    assert len(box.messages(store)) == 1


def test_a_password_is_not_sent_in_the_open() -> None:
    with pytest.raises(DeliveryError, match="unencrypted"):
        mail.send(MailServer("mail.example.com", 25, "none", "cx", "word"), "a@b.c", ("a@b.c",), "x", "x")


def test_the_mail_server_can_come_from_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("CX_SMTP_URL", "smtps://me:p%40ss@mail.example.com")
    assert mail_server(Ways()) == MailServer("mail.example.com", 465, "tls", "me", "p@ss")
    monkeypatch.setenv("CX_SMTP_URL", "http://x")
    with pytest.raises(QueryError, match="CX_SMTP_URL"):
        mail_server(Ways())


@pytest.mark.parametrize("wrong", [
    {"recipients": ("nobody",)}, {"recipients": ("a@b.c\nBcc: x@y.z",)}, {"recipients": ("a@b.c",), "sender": "a@b.c"},
    {"recipients": ("a@b.c",), "host": "mail"}, {"port": 0}, {"security": "rot13"}, {"language": "xx"}, {"host": "a/b"}])
def test_settings_that_make_no_sense_are_refused(store, wrong) -> None:
    with pytest.raises(QueryError):
        set_ways(store, Ways(**wrong))


def test_the_secret_is_made_once_beside_the_workspace_for_its_owner_only(store, monkeypatch) -> None:
    made = webhook_secret(store)
    path = store.path.parent / "webhook.key"
    assert webhook_secret(store) == made
    assert len(made) == 64
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert made.decode() not in str(store.rows("SELECT * FROM settings"))
    monkeypatch.setenv("CX_WEBHOOK_SECRET", "mine")
    assert webhook_secret(store) == b"mine"


# --- the thread ---


def test_a_commit_never_waits_for_a_slow_receiver_and_the_message_arrives() -> None:
    store = store_of(weeks([*STEADY, 0.8]))
    with Receiver(wait=0.5) as receiver:
        set_ways(store, Ways(webhook=receiver.url))
        alert.save(store, Rule("target", "csat", limit=0.8, name="Satisfied"))
        with store.write(quietly=True) as cursor:  # as if the rule had been made before the data came
            cursor.execute("UPDATE alerts SET rule = json_merge_patch(rule, '{\"since\": null}')")
            cursor.execute("UPDATE interactions SET csat = 1 WHERE occurred_at >= '2025-03-17'")
            from cx.store import derive
            derive.rebuild(cursor)
        watcher = watch.Watcher(store, settle=0.05)
        watcher.start()
        begun = time.monotonic()
        with store.write() as cursor:
            cursor.execute("INSERT INTO events VALUES (1, '2025-01-01', 'x')")
        assert time.monotonic() - begun < 0.4
        end = time.monotonic() + 20
        while not receiver.got and time.monotonic() < end:
            time.sleep(0.05)
        watcher.stop()
    assert len(receiver.got) == 1
    assert box.unread(store) == 1


def test_the_rules_are_asked_once_a_version_also_after_a_restart() -> None:
    store = store_of(weeks([*STEADY, 0.3, 0.8]))
    alert.save(store, Rule("target", "csat", limit=0.8, name="Satisfied"))
    with store.write(quietly=True) as cursor:
        cursor.execute("UPDATE alerts SET rule = json_merge_patch(rule, '{\"since\": null}')")
    assert watch.once(store, NOW) == 1
    assert watch.once(store, NOW) == 0
    version = store.data_version
    assert store.setting("alerts_asked") == str(version)


