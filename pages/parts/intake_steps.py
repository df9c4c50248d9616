"""The steps of an upload on the screen: what was understood, corrections, loading, receipt."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from cx import intake, sample
from cx.intake.plan import LAYOUTS, Plan, Problem, Receipt, SheetPlan, roles
from cx.language import Language, Text, text
from cx.metrics.overview import span
from cx.model import FIELD
from cx.scales import SCALES
from pages.parts import nav, show, state
from pages.parts.ask import ask, store
from pages.parts.uploader import Dropped
from pages.parts.words import say, title
from server import uploads

LAYOUT_NAMES: dict[str, Text] = {
    "events": text("a row is something that happened"), "milestones": text("a row is a customer with dates of stages"),
    "survey": text("a row is one person's answers"), "orders": text("a row is an order"),
    "kpis": text("a row is figures of a period or KPI"),
}
ROLE_NAMES: dict[str, Text] = {
    **{name: field.label for name, field in FIELD.items()},
    "attribute": text("further information"), "ignore": text("leave out"), "milestone": text("date of a stage"),
    "promised_at": text("promised date"), "delivered_at": text("delivered date"), "time_of_day": text("time of day"),
    "period": text("month, week or quarter"), "kpi_name": text("name of the KPI"), "reported": text("reported figure"),
    "answers": text("number of answers"),
}
FORMAT_NAMES: dict[str, Text] = {
    "dmy": text("day first: 03/04 is 3 April"), "mdy": text("month first: 03/04 is 4 March"),
    "1,234.56": text("1,234 is one thousand two hundred thirty-four"),
    "1.234,56": text("1.234 is one thousand two hundred thirty-four"),
}


@dataclass
class _Done:
    receipt: Receipt
    before: tuple[int, int]
    after: tuple[int, int]


def receive(dropped: list[Dropped]) -> None:
    """Put files that have just arrived in line."""
    line = st.session_state.setdefault("waiting", [])
    line.extend(each for each in dropped if each.token not in {known.token for known in line})


def waiting() -> list[Dropped]:
    return list(st.session_state.get("waiting", []))


def receipts() -> list[_Done]:
    """Receipts of this session, the newest first."""
    return list(reversed(st.session_state.get("receipts", [])))


def refused(dropped: Dropped) -> None:
    """Show which file the message below is about, and let it go."""
    t = state.spoken()
    say(dropped.name, "finding")
    st.button(t("Remove"), key=f"drop-{dropped.token}", on_click=_forget, args=(dropped,), type="tertiary")


def understand(dropped: Dropped) -> None:
    """What was understood of a file, with corrections; raises IntakeError where it cannot be read."""
    t = state.spoken()
    path = uploads.uploaded_file(dropped.token)
    if path is None:
        _forget(dropped)
        st.rerun()
    key = f"plan-{dropped.token}"
    if key not in st.session_state:
        with st.spinner(t("Reading the file…")):
            plan = intake.propose(path, language=t.code, store=store(), name=dropped.name)
            st.session_state[key] = plan
    plan: Plan = st.session_state[key]
    title(dropped.name, _summary(plan, t))
    for sheet in plan.sheets:
        _sheet(path, dropped, plan, sheet)
    for problem in plan.problems:
        _problem(dropped, plan, problem)
    open_problems = plan.open_problems()
    if not open_problems:
        preview = _previewed(dropped, path, plan)
        title(t("What it becomes"), t("The first interactions as they will be stored."))
        show.table(_preview(preview, t), f"preview-{dropped.token}", name="preview", height=250, download=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Load"), type="primary", icon=":material/check:", key=f"load-{dropped.token}",
                     disabled=bool(open_problems)):
            _load(dropped, path, plan)
        st.button(t("Do not load"), key=f"drop-{dropped.token}", on_click=_forget, args=(dropped,), type="tertiary")
        if open_problems:
            say(t(open_problems[0].text) if open_problems[0].code == "no_sheet"
                else t("Answer the questions above first."))


def receipt(done: _Done) -> None:
    """What came of an upload, with the rejected rows to mend and the way to the dashboard."""
    t, came = state.spoken(), done.receipt
    with st.container(border=True, key=f"receipt-{came.upload_id}"):
        title(t("{name} is loaded", name=came.name))
        cells = [(t("Rows accepted"), came.accepted), (t("Already there"), came.duplicates),
                 (t("Corrected"), came.replaced), (t("Rejected"), came.rejected)]
        with st.container(horizontal=True, gap="small"):
            for name, count in cells:
                st.metric(name, t.number(count), width=150)
        (customers, interactions), (customers_now, interactions_now) = done.before, done.after
        say(t("The dashboard now has {customers} customers (before: {customers_before}) and {interactions} "
              "interactions (before: {interactions_before}).", customers=customers_now, customers_before=customers,
              interactions=interactions_now, interactions_before=interactions), "body")
        for note in came.notes:
            say(t(note))
        if len(came.rejects):
            title(t("Rows that were not loaded"), t("Mend them in the downloaded file and upload it: only these rows "
                                                    "are added."))
            shown = pd.DataFrame({t("Sheet"): came.rejects["sheet"], t("Row"): came.rejects["row"],
                                  t("Column"): came.rejects["column"], t("Value"): came.rejects["value"],
                                  t("Reason"): [t(each) for each in came.rejects["text"]]})
            show.table(shown.head(200), f"rejects-{came.upload_id}", name="rejects", download=False)
            st.download_button(t("Download the rejected rows"), lambda: intake.rejects_workbook(came, t.code),
                               f"{t('rejected rows')} - {came.name}.xlsx", on_click="ignore",
                               icon=":material/download:", key=f"rejects-file-{came.upload_id}")
        with st.container(horizontal=True):
            if st.button(t("Open the dashboard"), type="primary", key=f"open-{came.upload_id}",
                         icon=":material/dashboard:"):
                nav.go(nav.HOME)
            st.button(t("Undo this upload"), key=f"undo-{came.upload_id}", type="tertiary", icon=":material/undo:",
                      on_click=_undo, args=(came.upload_id,))


def templates() -> None:
    """No spreadsheet at hand: the samples to look at."""
    t = state.spoken()
    with st.expander(t("No file at hand? Sample spreadsheets to look at")):
        for path in sample.files(t.code):
            st.download_button(path.name, path.read_bytes(), path.name, key=f"sample-{path.name}", on_click="ignore",
                               icon=":material/download:", type="tertiary")


def _summary(plan: Plan, t: Language) -> str:
    parts = [t.plural("{n} row", "{n} rows", n=sum(sheet.rows for sheet in plan.sheets if not sheet.skip))]
    if len(plan.sheets) > 1:
        parts.append(t.plural("{n} sheet", "{n} sheets", n=len(plan.sheets)))
    if plan.remembered:
        parts.append(t("read as the last time a file like this was loaded"))
    return " · ".join(parts)


def _sheet(path: Path, dropped: Dropped, plan: Plan, sheet: SheetPlan) -> None:
    """One sheet: load it or not, what a row is, what each column is."""
    t = state.spoken()
    base = f"{dropped.token}-{plan.sheets.index(sheet)}"
    if len(plan.sheets) > 1:
        used = st.toggle(t("Load this sheet"), value=not sheet.skip, key=f"use-{base}")
        say(sheet.name, "finding")
        if used == sheet.skip:
            sheet.skip = not used
            intake.reconsider(path, plan)
            st.rerun()
    if sheet.skip:
        return
    layout = st.selectbox(t("What a row is"), LAYOUTS, index=LAYOUTS.index(sheet.layout), key=f"layout-{base}",
                          format_func=lambda each: t(LAYOUT_NAMES[each]), width=420)
    if layout != sheet.layout:
        intake.change_layout(sheet, layout)
        intake.reconsider(path, plan)
        st.rerun()
    names = {t(ROLE_NAMES[role]): role for role in roles(sheet.layout)}
    shown = _mapping(sheet, t)
    columns = {
        "column": st.column_config.TextColumn(t("Column in the file"), width="medium"),
        "samples": st.column_config.TextColumn(t("Examples"), width="medium"),
        "role": st.column_config.SelectboxColumn(t("Is"), options=list(names), required=True, width="medium"),
        "place": st.column_config.TextColumn(t("Touchpoint or stage"), width="medium"),
        "top": st.column_config.SelectboxColumn(t("Highest answer"), options=list(SCALES), width="small"),
        "sure": st.column_config.ProgressColumn(t("How sure"), min_value=0, max_value=100, format="%d%%",
                                                width="small")}
    edited = st.data_editor(shown, key=f"map-{base}-{t.code}-{hash(tuple(shown['role']))}", hide_index=True,
                            disabled=["column", "samples", "sure"], height=min(38 + 35 * len(shown), 460),
                            column_config=columns, placeholder="")
    if _take(sheet, shown, edited, names):
        intake.reconsider(path, plan)
        st.rerun()


def _mapping(sheet: SheetPlan, t: Language) -> pd.DataFrame:
    """What each column was understood as, those with a meaning first; places and scales only where there are some."""
    rows = []
    plain = ("attribute", "ignore")
    for header, role in sorted(sheet.columns.items(), key=lambda column: column[1] in plain):
        score = sheet.scores.get(header)
        rows.append({"column": header, "role": t(ROLE_NAMES[role]),
                     "place": sheet.milestones.get(header) or (score.touchpoint if score else None),
                     "top": score.top if score else None,
                     "samples": " · ".join(sheet.samples.get(header, [])[:4]),
                     "sure": round(100 * sheet.confidence.get(header, 0.0))})
    frame = pd.DataFrame(rows).astype({"place": object})
    unused = [name for name, used in (("place", sheet.milestones or sheet.layout == "survey"), ("top", sheet.scores))
              if not used]
    return frame.drop(columns=unused)


def _take(sheet: SheetPlan, shown: pd.DataFrame, edited: pd.DataFrame, names: dict[str, str]) -> bool:
    """Carry corrections over to the sheet's plan; whether there were any."""
    changed = False
    for before, after in zip(shown.to_dict("records"), edited.to_dict("records"), strict=True):
        header = str(before["column"])
        if after["role"] != before["role"]:
            intake.assign(sheet, header, names[after["role"]])
            changed = True
        if "place" in after and after["place"] != before["place"] and isinstance(after["place"], str):
            if header in sheet.milestones:
                sheet.milestones[header], changed = after["place"].strip() or header, True
            elif header in sheet.scores:
                sheet.scores[header].touchpoint, changed = after["place"].strip() or None, True
        if "top" in after and header in sheet.scores and after["top"] != before["top"] and after["top"]:
            sheet.scores[header].top, changed = int(after["top"]), True
    return changed


def _problem(dropped: Dropped, plan: Plan, problem: Problem) -> None:
    """A problem in words, with the widget that answers it where it is a question."""
    t = state.spoken()
    sheet = next((each for each in plan.sheets if each.name == problem.sheet), None)
    if sheet is not None and sheet.skip != (problem.code == "sheet_skipped"):
        return
    where = f"{problem.column}: " if problem.column else ""
    icon = {"error": ":material/error:", "question": ":material/help:", "note": ":material/info:"}[problem.severity]
    key = f"answer-{dropped.token}-{problem.sheet}-{problem.column}-{problem.code}"
    with st.container(horizontal=True, gap="small", key=f"problem-{key}", vertical_alignment="center"):
        st.markdown(icon, width="content")
        say(where + t(problem.text), "body" if problem.severity != "note" else "note")
    if problem.severity != "question":
        return
    if problem.code == "no_time":
        plan.default_time = st.date_input(t("Date of these rows"), value=plan.default_time, key=key, width=220,
                                          format="DD.MM.YYYY", min_value=dt.date(1970, 1, 1))
        plan.undated = st.checkbox(t("Load without a date (left out of trends)"), value=plan.undated,
                                   key=f"{key}-undated")
    elif sheet is not None and problem.column is not None:
        options = ["dmy", "mdy"] if problem.code == "date_order" else ["1.234,56", "1,234.56"]
        current = sheet.formats.get(problem.column)
        picked = st.radio(t("How to read it"), options, key=key, horizontal=True, label_visibility="collapsed",
                          index=options.index(current) if current in options else None,
                          format_func=lambda each: t(FORMAT_NAMES[each]))
        if picked:
            sheet.formats[problem.column] = picked


def _previewed(dropped: Dropped, path: Path, plan: Plan) -> pd.DataFrame:
    """The preview of a plan; the file is read again only where the plan has changed."""
    key, planned = f"previewed-{dropped.token}", plan.to_json()
    kept: tuple[str, pd.DataFrame] | None = st.session_state.get(key)
    if kept is None or kept[0] != planned:
        kept = st.session_state[key] = (planned, intake.preview(path, plan))
    return kept[1]


def _preview(frame: pd.DataFrame, t: Language) -> pd.DataFrame:
    shown = frame.dropna(axis="columns", how="all")
    return shown[[name for name in shown.columns if name in FIELD]].rename(
        columns={name: t(field.label) for name, field in FIELD.items()})


def _load(dropped: Dropped, path: Path, plan: Plan) -> None:
    t = state.spoken()
    before = ask(span)
    bar = st.progress(0.0, t("Loading…"))
    began = time.monotonic()

    def tell(done: int, total: int | None) -> None:
        if done and total:
            left = round((time.monotonic() - began) * (total - done) / done)
            bar.progress(min(1.0, done / total), t("{done} of about {total} rows, {seconds} s left", done=done,
                                                   total=total, seconds=left))

    came = intake.load(store(), path, plan, name=dropped.name, progress=tell)
    after = ask(span)
    st.session_state.setdefault("receipts", []).append(
        _Done(came, (before.customers, before.interactions), (after.customers, after.interactions)))
    _forget(dropped)
    st.rerun()


def _forget(dropped: Dropped) -> None:
    st.session_state["waiting"] = [each for each in waiting() if each.token != dropped.token]
    for kept in ("plan", "previewed"):
        st.session_state.pop(f"{kept}-{dropped.token}", None)
    path = uploads.uploaded_file(dropped.token)
    if path is not None:
        path.unlink(missing_ok=True)


def _undo(upload_id: int) -> None:
    intake.undo(store(), upload_id)
    st.session_state["receipts"] = [done for done in st.session_state["receipts"]
                                    if done.receipt.upload_id != upload_id]
