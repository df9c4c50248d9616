"""The steps of an upload on the screen: receive, understand, correct, load."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings, intake, sample
from cx.errors import CxError, Stopped
from cx.intake.plan import Plan
from cx.intake.progress import Progress
from cx.intake.seen_before import SeenBefore
from cx.intake.templates import TEMPLATES, template
from cx.language import Language
from cx.model import FIELD
from pages.parts import show, state, work
from pages.parts.ask import store
from pages.parts.intake_mapping import forget_tables, sheet_form
from pages.parts.intake_problems import problem_form, seen_before_form, told_with
from pages.parts.intake_receipt import Done, loaded
from pages.parts.uploader import Dropped
from pages.parts.words import known_kpis, say, title
from server import jobs, uploads

_AT_ONCE = 1.5  # seconds in which short work is waited for, without a bar
_READERS = threading.Semaphore(2)  # each may hold a process of gigabytes


def receive(dropped: list[Dropped]) -> None:
    """Put files that have arrived in line, once each: those of an earlier visit, too, that are still there."""
    line = st.session_state.setdefault("waiting", [])
    known = {each.token for each in line} | st.session_state.get("received", set())
    line.extend(each for each in dropped if each.token not in known and (
        uploads.uploaded_file(each.token) or jobs.known(_loading(each))))


def waiting() -> list[Dropped]:
    return list(st.session_state.get("waiting", []))


def refused(dropped: Dropped, error: CxError, *, mistake: bool = False) -> None:
    """Which file it is, why it cannot be read, and a button that lets it go; after a mistake of the program, one that
    tries again with the file as it is."""
    t = state.spoken()
    say(dropped.name, "finding")
    show.failure(error)
    with st.container(horizontal=True):
        if mistake:
            st.button(t("Try again"), key=f"again-{dropped.token}", icon=":material/refresh:", on_click=_read_anew,
                      args=(dropped,))
        st.button(t("Remove"), key=f"drop-{dropped.token}", on_click=_forget, args=(dropped,), type="tertiary")


def _read_anew(dropped: Dropped) -> None:
    """Let go of what was read of a file; corrections of its columns stay."""
    if (path := uploads.uploaded_file(dropped.token)) is not None:
        intake.forget(path)
    for kept in ("previewed", "seen"):
        st.session_state.pop(f"{kept}-{dropped.token}", None)


def understand(dropped: Dropped) -> None:
    """What was understood of a file, with corrections; raises IntakeError where it cannot be read."""
    t = state.spoken()
    path, loading = uploads.uploaded_file(dropped.token), jobs.known(_loading(dropped))
    if loading is not None and not loading.error:
        _receive(dropped, loading)
        _follow(dropped, loading, t("Loading…"), t)
        return
    if path is None:
        _forget(dropped)
        st.rerun()
    key = f"plan-{dropped.token}"
    if key not in st.session_state:
        name = dropped.name
        workspace, said = store(), st.session_state.get(f"said-{dropped.token}")

        def read(progress: Progress) -> Plan:
            with jobs.in_turn(_READERS, progress):
                if said is not None:
                    return intake.say_header(path, *said, workspace, progress)
                return intake.propose(path, store=workspace, name=name, progress=progress)

        reading = jobs.begin(f"read {dropped.token}", read)
        if not reading.wait(max(0.0, _AT_ONCE - (time.monotonic() - reading.began))):
            _follow(dropped, reading, t("Reading the file…"), t, stop=False)
            st.button(t("Do not load"), key=f"drop-{dropped.token}", on_click=_forget, args=(dropped,), type="tertiary")
            return
        if reading.error and not isinstance(reading.error, CxError):  # not the file's fault: it may be tried again
            jobs.forget(f"read {dropped.token}")
        try:
            st.session_state[key] = reading.outcome()
        except CxError as error:
            if said is None:
                raise
            show.failure(error)
            st.session_state[key] = said[0]
        st.session_state.pop(f"said-{dropped.token}", None)
        jobs.forget(f"read {dropped.token}")
    plan: Plan = st.session_state[key]
    title(dropped.name, _summary(plan, t))
    if any(sheet.remembered for sheet in plan.sheets):
        _say_remembered(dropped, plan, t)
    for sheet in plan.sheets:
        if (row := sheet_form(path, dropped, plan, sheet)) is not None:
            st.session_state[f"said-{dropped.token}"] = (plan, sheet, row)
            _read_again(dropped)
            st.rerun()
        for problem in plan.problems:
            if problem.sheet == sheet.name and (others := told_with(plan, problem)) is not None:
                problem_form(dropped, plan, problem, others)
    for problem in plan.problems:
        if problem.sheet not in [sheet.name for sheet in plan.sheets]:
            problem_form(dropped, plan, problem)
    open_problems, asked, comparing = plan.open_problems(), False, False
    if not open_problems:
        _show_previews(_previewed(dropped, path, plan), dropped, t)
        seen = _seen(dropped, path, plan, t)
        comparing = seen is None
        asked = seen is not None and seen_before_form(dropped, plan, seen)
    if loading is not None and loading.error:
        if not isinstance(loading.error, CxError):
            jobs.forget(_loading(dropped))
            loading.outcome()
        elif isinstance(loading.error, Stopped):
            st.info(t("Stopped. Nothing of this file was stored."), icon=":material/block:")
        else:
            show.failure(loading.error)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Load"), type="primary", icon=":material/check:", key=f"load-{dropped.token}",
                     disabled=bool(open_problems) or asked or comparing):
            _load(dropped, path, plan)
        st.button(t("Do not load"), key=f"drop-{dropped.token}", on_click=_forget, args=(dropped,), type="tertiary")
        if open_problems or asked:
            say(t("Answer the questions above first.") if asked or open_problems[0].severity == "question"
                else t(open_problems[0].text) if open_problems[0].code == "no_sheet"
                else t("This cannot be loaded as it is: correct the table above, or leave the sheet out."))


def templates() -> None:
    """No spreadsheet at hand: templates to fill in, and samples to look at."""
    t = state.spoken()
    with st.expander(t("No file at hand? Templates to fill in, and samples to look at")):
        say(t("Templates, with examples and notes: overwrite the examples and drop the file above."), "body")
        with st.container(horizontal=True, gap="small"):
            for kind, form in TEMPLATES.items():
                name = t(form.name)
                st.download_button(name, lambda kind=kind: template(kind, t.code), f"{name}.xlsx", on_click="ignore",
                                   key=f"template-{kind}", icon=":material/table_view:")
        say(t("Samples of a made-up retailer:"), "body")
        for path in sample.files(t.code):
            st.download_button(path.name, path.read_bytes(), path.name, key=f"sample-{path.name}", on_click="ignore",
                               icon=":material/download:", type="tertiary")


def _summary(plan: Plan, t: Language) -> str:
    parts = [t.plural("{n} row", "{n} rows", n=sum(sheet.rows for sheet in plan.sheets if not sheet.skip))]
    if len(plan.sheets) == 1:
        [sheet] = plan.sheets
        parts += [t("sheet “{name}”", name=sheet.name)] if sheet.name != Path(plan.file).stem else []
        parts += [t("header in row {row}", row=sheet.header_row)] if sheet.header_row is not None else []
    else:
        parts.append(t.plural("{n} sheet", "{n} sheets", n=len(plan.sheets)))
    return " · ".join(parts)


def _say_remembered(dropped: Dropped, plan: Plan, t: Language) -> None:
    """That the columns are read as they were the last time, and the way to have them looked at afresh."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"remembered-{dropped.token}"):
        st.markdown(":material/history:", width="content")
        say(t("Its columns are read as the last time a file like this was loaded."), "body")
        st.button(t("Read afresh"), key=f"afresh-button-{dropped.token}", icon=":material/restart_alt:",
                  on_click=_read_afresh, args=(dropped, plan), help=t(
                "Forgets what was said of such columns before, and looks at the file as if it were the first."))


def _read_afresh(dropped: Dropped, plan: Plan) -> None:
    """Forget the mapping of such files, and propose one from the file alone."""
    intake.forget_mapping(store(), plan)
    _read_again(dropped)


def _read_again(dropped: Dropped) -> None:
    """Let go of what was understood of a file; what is asked about it is asked anew."""
    st.session_state[f"afresh-{dropped.token}"] = st.session_state.get(f"afresh-{dropped.token}", 0) + 1
    for kept in ("plan", "previewed", "seen"):
        st.session_state.pop(f"{kept}-{dropped.token}", None)


def _previewed(dropped: Dropped, path: Path, plan: Plan) -> pd.DataFrame:
    """The preview of a plan; the file is read again only where the plan has changed."""
    asked = plan.to_json(), str(intake.time_zone(store(), plan.zone))
    return _kept(f"previewed-{dropped.token}", asked, lambda: intake.preview(path, plan, store=store()))


def _seen(dropped: Dropped, path: Path, plan: Plan, t: Language) -> SeenBefore | None:
    """What of the file is there already; looked for again only where the plan or the data have changed. None = it is
    being looked for, and shown how far."""
    asked = Plan.from_json(plan.to_json())
    for sheet in asked.sheets:
        sheet.same = None
    workspace, key, what = store(), f"seen-{dropped.token}", (
        asked.to_json(), store().data_version, str(intake.time_zone(store())))
    if key in st.session_state and st.session_state[key][0] == what:
        return st.session_state[key][1]
    name = f"compare {dropped.token} {sha256(repr(what).encode()).hexdigest()}"
    if (other := st.session_state.get(f"comparing-{dropped.token}", name)) != name:
        jobs.abandon(other)
    st.session_state[f"comparing-{dropped.token}"] = name

    def compare(progress: Progress) -> SeenBefore:
        with jobs.in_turn(_READERS, progress):
            return intake.seen_before(workspace, path, asked, progress)

    job = jobs.begin(name, compare)
    if not job.wait(max(0.0, _AT_ONCE - (time.monotonic() - job.began))):
        work.bar(job, f"compare-{dropped.token}", t("Comparing with what is there…"), stop=False)
        return None
    jobs.forget(name)
    st.session_state[key] = (what, job.outcome())
    return st.session_state[key][1]


def _kept(key: str, asked: object, make: Callable[[], Any]) -> Any:
    """What `make` gives, kept in this session as long as the same is asked."""
    kept: tuple[object, Any] | None = st.session_state.get(key)
    if kept is None or kept[0] != asked:
        kept = st.session_state[key] = (asked, make())
    return kept[1]


def _show_previews(frame: pd.DataFrame, dropped: Dropped, t: Language) -> None:
    """The first interactions (or reported figures) of each sheet."""
    figures = "kpi" in frame.columns and frame["kpi"].notna().all()
    title(t("What it becomes"), t("The first reported figures as they will be kept.") if figures
          else t("The first interactions as they will be stored."))
    sheets = list(frame.groupby("sheet", sort=False)) if len(frame) else []
    for place, (name, rows) in enumerate(sheets):
        if len(sheets) > 1:
            say(str(name), "finding")
        show.table(_preview(rows, t), f"preview-{dropped.token}-{place}", name="preview",
                   height="auto" if len(rows) < 7 else 250, download=False)


def _preview(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    shown = frame.dropna(axis="columns", how="all")
    if "kpi" in shown.columns:
        known = known_kpis()
        return pd.DataFrame({
            t("KPI"): [t(known[key].name) for key in shown["kpi"]],
            t("Period from"): [t.date(day) for day in shown["period"]],
            t("Value"): [findings.kpi_value(t, known[key], value)
                         for key, value in zip(shown["kpi"], shown["value"], strict=True)],
            **({t("Of"): shown["of"].tolist()} if "of" in shown.columns else {}),
            **({t("Answers"): shown["n"].tolist()} if "n" in shown.columns else {})})
    flags = {name: shown[name].map({True: t("Yes"), False: t("No")}) for name in shown.columns
             if name in FIELD and FIELD[name].kind == "flag"}
    if "wait_seconds" in shown:
        flags["wait_seconds"] = shown["wait_seconds"].map(t.duration)
    return shown.assign(**flags)[[name for name in shown.columns if name in FIELD]].rename(
        columns={name: t(field.label) for name, field in FIELD.items()})


def _load(dropped: Dropped, path: Path, plan: Plan) -> None:
    """Begin to load a file, or follow the one that began it."""
    workspace, name = store(), dropped.name

    def load(progress: Progress) -> Done:
        with jobs.in_turn(jobs.LOADS, progress):
            done = loaded(workspace, path, plan, name, progress)
            path.unlink(missing_ok=True)
            return done

    earlier = jobs.known(_loading(dropped))
    if earlier is not None and earlier.error:
        jobs.forget(_loading(dropped))
    job = jobs.begin(_loading(dropped), load)
    if job.wait(_AT_ONCE):
        _receive(dropped, job)
    st.rerun()


def _loading(dropped: Dropped) -> str:
    return f"load {dropped.token}"


def _receive(dropped: Dropped, job: jobs.Job) -> None:
    """Put the receipt of a load that is done in its place; where it went wrong the file stays in line."""
    if not job.done or job.error:
        return
    st.session_state.setdefault("receipts", []).append(job.outcome())
    st.session_state.setdefault("received", set()).add(dropped.token)
    _forget(dropped)
    st.rerun()


def _follow(dropped: Dropped, job: jobs.Job, doing: str, t: Language, *, stop: bool = True) -> None:
    """Show how far a job on a file is, until it is done."""
    say(dropped.name, "finding")
    work.bar(job, dropped.token, doing, stop=stop)
    if jobs.running("load ") > 1:
        say(t("Several files are being loaded: they are stored one after the other."))
    say(t("You can leave this page meanwhile: the work goes on, and you find it here again."))


def _forget(dropped: Dropped) -> None:
    st.session_state["waiting"] = [each for each in waiting() if each.token != dropped.token]
    st.session_state.setdefault("_gone", []).append(dropped.token)
    jobs.abandon(st.session_state.get(f"comparing-{dropped.token}", ""))
    for kept in ("plan", "previewed", "seen", "comparing", "afresh", "said"):
        st.session_state.pop(f"{kept}-{dropped.token}", None)
    forget_tables(dropped)
    jobs.abandon(f"read {dropped.token}")
    loading = jobs.known(_loading(dropped))
    if loading is not None and loading.error:
        jobs.forget(_loading(dropped))
    path = uploads.uploaded_file(dropped.token)
    if path is not None and (loading is None or loading.error):  # else it is being loaded, by another window maybe
        path.unlink(missing_ok=True)
        intake.forget(path)
