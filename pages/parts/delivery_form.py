"""How alerts leave the app: webhook and e-mail, with a test message, and what waits to be delivered."""

from __future__ import annotations

import datetime as dt
import os

import pandas as pd
import streamlit as st

from cx.delivery import outbox
from cx.delivery.ways import PORTS, SECURITY, Ways, secret_file, set_ways, ways
from cx.errors import CxError
from cx.language import LANGUAGES
from pages.parts import show, state
from pages.parts.ask import store
from pages.parts.words import say, title
from server import workspace


def form() -> None:
    """The settings, a button each to try them, and what is on its way."""
    t, given = state.spoken(), ways(store())
    title(t("Where messages go"), t("Messages always appear here. Leave a field empty to switch that way off."))
    _on_its_way()
    used = given.used()
    words = t("Webhook and e-mail: {ways}", ways=", ".join(
        name for way, name in (("webhook", t("webhook")), ("email", t("e-mail"))) if way in used) or t("off"))
    with st.expander(words), st.form("delivery", border=False):
        st.text_input(t("Webhook address (https://…)"), given.webhook, key=_key("webhook"), max_chars=2000)
        say(_signed())
        st.text_input(t("E-mail to (separated by commas)"), ", ".join(given.recipients), key=_key("to"), max_chars=2000)
        if os.environ.get("CX_SMTP_URL"):
            say(t("The mail server comes from CX_SMTP_URL."))
        else:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.text_input(t("Mail server"), given.host, key=_key("host"), width=260)
                st.number_input(t("Port"), 1, 65535, given.port, key=_key("port"), width=130)
                st.selectbox(t("Encryption"), list(SECURITY), list(SECURITY).index(given.security), width=200,
                             key=_key("security"), format_func=lambda each: t(SECURITY[each]))
                st.text_input(t("User"), given.user, key=_key("user"), width=200)
            say(t("The password is not kept here: set the environment variable CX_SMTP_PASSWORD before the start."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(t("Sender"), given.sender, key=_key("sender"), width=260)
            st.selectbox(t("Language of messages"), list(LANGUAGES), list(LANGUAGES).index(given.language),
                         key=_key("language"), format_func=LANGUAGES.__getitem__, width=200)
            st.text_input(t("Address of this app, for links"), given.address, key=_key("address"), width=300,
                          placeholder="https://cx.example.com")
        if st.form_submit_button(t("Save delivery"), type="primary"):
            _save(given)
    with st.container(horizontal=True):
        for way, name in (("webhook", t("Send a test message by webhook")), ("email", t("Send a test e-mail"))):
            if way in used and st.button(name, key=_key(f"test-{way}"), icon=":material/send:"):
                _test(way)


def _on_its_way() -> None:
    t, kept = state.spoken(), outbox.waiting(store())
    failed = [each for each in kept if each.error is not None]
    if not kept:
        return
    say(t.plural("{n} message waits to be delivered.", "{n} messages wait to be delivered.", n=len(kept)), "body")
    if not failed:
        return
    show.table(pd.DataFrame({
        t("To"): [each.receiver for each in failed], t("Attempts"): [each.attempts for each in failed],
        t("Next attempt"): [each.next_at for each in failed],
        t("Why not yet"): [t(each.error) for each in failed if each.error is not None]}), "outbox",
        name=t("Messages on their way"), wide=t("Why not yet"), download=False)
    with st.container(horizontal=True):
        st.button(t("Try now"), icon=":material/refresh:", key=_key("try"), on_click=_try)
        with st.popover(t("Give up"), icon=":material/close:"):
            say(t("They are not sent any more; they stay in the app."), "body")
            st.button(t("Give up these deliveries"), key=_key("give-up"), type="primary", on_click=_give_up,
                      args=([each.number for each in failed],))


def _signed() -> str:
    t, path = state.spoken(), secret_file(store())
    told = t("Signed with the secret of CX_WEBHOOK_SECRET.") if path is None else \
        t("Signed with the secret in the file {name} beside the workspace; CX_WEBHOOK_SECRET goes before it.",
          name=path.name)
    return f"{told} {t('The guide says how to check the signature.')}"


def _save(given: Ways) -> None:
    at = st.session_state
    recipients = tuple(each.strip() for each in at[_key("to")].replace(";", ",").split(",") if each.strip())
    server = {name: at[_key(name)] for name in ("host", "port", "security", "user") if _key(name) in at}
    if server and server["port"] in PORTS.values() and server["security"] != given.security:
        server["port"] = PORTS[server["security"]]
    try:
        set_ways(store(), Ways(**{
            **{name: getattr(given, name) for name in ("host", "port", "security", "user")},
            **{name: value.strip() if isinstance(value, str) else int(value) for name, value in server.items()},
            "webhook": at[_key("webhook")].strip(), "recipients": recipients, "sender": at[_key("sender")].strip(),
            "language": at[_key("language")], "address": at[_key("address")].strip()}))
        st.rerun()
    except CxError as error:
        show.failure(error)


def _test(way: str) -> None:
    t = state.spoken()
    try:
        outbox.test(store(), way, dt.datetime.now())
        say(t("✓ The test message was delivered."), "body")
    except CxError as error:
        show.failure(error)


def _try() -> None:
    outbox.try_now(store())
    workspace.alerts().wake()


def _give_up(numbers: list[int]) -> None:
    for number in numbers:
        outbox.give_up(store(), number)


def _key(name: str) -> str:
    return state.widget_key(f"delivery-{name}")
