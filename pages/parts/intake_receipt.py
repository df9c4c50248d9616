"""What came of an upload: counts, what it moved on the dashboard, and the rows to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from cx import findings, intake
from cx.filters import Filters
from cx.intake.history import reported_of, undone
from cx.intake.plan import Layout, Plan, Receipt, rejects_frame
from cx.intake.progress import Progress
from cx.language import Language, Text, text
from cx.metrics import skipped
from cx.metrics.impact import moved
from cx.metrics.kpi import kpis
from cx.metrics.kpi_registry import Kpi
from cx.metrics.overview import span
from cx.store import Store
from pages.parts import nav, passed_by, show, state
from pages.parts.ask import ask, store
from pages.parts.undoing import undo_button
from pages.parts.words import known_kpis, row_and_reason, say, title

_WHY_SEVERAL: dict[Layout, Text] = {
    "survey": text("A row of a survey becomes one interaction for each question or touchpoint that was answered."),
    "orders": text("An order that has arrived becomes two interactions: the order and its delivery."),
    "milestones": text("A customer's row becomes one interaction for each stage with a date."),
}
_FEW, _MOST = 3, 200  # notes and reasons shown at once, rejected rows


@dataclass
class Done:
    """An upload that was loaded. before, after: (customers, interactions); kpis_before, kpis_after: of `kpis()`.
    layouts: what a row of the loaded sheets is; passed_by: stages that more customers pass by than before, of
    `skipped.told()`. The receipt is without the rejected rows, which may be many: the workspace has them."""

    receipt: Receipt
    before: tuple[int, int]
    after: tuple[int, int]
    kpis_before: pd.DataFrame
    kpis_after: pd.DataFrame
    layouts: frozenset[Layout]
    passed_by: pd.DataFrame


def loaded(workspace: Store, path: Path, plan: Plan, name: str, progress: Progress) -> Done:
    """Load a file, and note what it changed."""
    before, kpis_before = _stands(workspace)
    passed = _passed_by(workspace)
    came = intake.load(workspace, path, plan, name=name, progress=progress)
    after, kpis_after = _stands(workspace)
    return Done(replace(came, rejects=rejects_frame([])), before, after, kpis_before, kpis_after,
                frozenset(sheet.layout for sheet in plan.sheets if not sheet.skip), _passed_by(workspace, passed))


def _stands(workspace: Store) -> tuple[tuple[int, int], pd.DataFrame]:
    """((customers, interactions), KPIs) as they are now."""
    now = span(workspace)
    return (now.customers, now.interactions), kpis(workspace, Filters(), None)


def _passed_by(workspace: Store, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Stages that customers pass by now, or more of them than before. before: what this gave then."""
    found = skipped.told(workspace)
    if before is None or before.empty:
        return found
    return found[found["skipped"] > found["stage"].map(before.set_index("stage")["skipped"]).fillna(0)]


def receipts() -> list[Done]:
    """Receipts of this session, the newest first."""
    return list(reversed(st.session_state.get("receipts", [])))


def receipt(done: Done, *, newest: bool) -> None:
    """What came of an upload, with the rejected rows to mend and the way to the dashboard; of an earlier one a line,
    and the rest once somebody asks for it."""
    t, came = state.spoken(), done.receipt
    with st.container(border=True, key=f"receipt-{came.upload_id}"):
        if undone(store(), came.upload_id):
            title(t("{name} was undone", name=came.name),
                  t.plural("{n} row was taken off the dashboard. History keeps a note of it.",
                           "{n} rows were taken off the dashboard. History keeps a note of it.", n=came.accepted))
            return
        title(t("{name} is loaded", name=came.name))
        if newest or st.session_state.get(f"unfolded-{came.upload_id}"):
            _came(done, t)
            return
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            say(" · ".join(f"{name}: {t.number(count)}" for name, count in _counts(came, t)), "body")
            st.button(t("Show all of it"), key=f"unfold-{came.upload_id}", icon=":material/expand_more:",
                      on_click=_unfold, args=(came.upload_id,))


def _unfold(upload_id: int) -> None:
    st.session_state[f"unfolded-{upload_id}"] = True


def _counts(came: Receipt, t: Language) -> list[tuple[str, int]]:
    """What became of the rows, in words and numbers."""
    return [(t("New rows"), came.accepted - came.corrected), (t("Already there"), came.duplicates),
            (t("Corrected"), came.corrected), (t("Rejected"), came.rejected),
            *([(t("Blank or totals"), came.skipped)] if came.skipped else [])]


def _came(done: Done, t: Language) -> None:
    """The counts, what they changed, the notes and the rejected rows."""
    came = done.receipt
    with st.container(horizontal=True, gap="small"):
        for name, count in _counts(came, t):
            st.metric(name, t.number(count), width=150)
    (customers, interactions), (customers_now, interactions_now) = done.before, done.after
    if came.reported and not came.interactions:
        say(t("The file holds figures and no contacts: customers and interactions stay as they are."), "body")
    else:
        say(t("The dashboard now has {customers} (before: {customers_before}) and {interactions} "
              "(before: {interactions_before}).", customers_before=customers, interactions_before=interactions,
              customers=t.plural("{n} customer", "{n} customers", n=customers_now),
              interactions=t.plural("{n} interaction", "{n} interactions", n=interactions_now)), "body")
    if came.interactions > came.accepted > 0:
        _several(done, t)
    if came.reported:
        say(t.plural("{n} reported figure stands beside the computed ones on the page KPI trends.",
                     "{n} reported figures stand beside the computed ones on the page KPI trends.",
                     n=came.reported), "body")
        _figures(came.upload_id, t)
    _changes(done, t)
    for row in done.passed_by[~done.passed_by["stage"].isin(ask(skipped.left_out))].to_dict("records"):
        passed_by.one(row, f"-{came.upload_id}")
    _notes(came.notes, t)
    if came.rejected:
        _rejects(came, t)
    with st.container(horizontal=True):
        if st.button(t("Open the dashboard"), type="primary", key=f"open-{came.upload_id}",
                     icon=":material/dashboard:"):
            nav.go(nav.HOME)
        undo_button(came.upload_id, came.accepted)


def _several(done: Done, t: Language) -> None:
    """That rows became more interactions than they are, and why."""
    came = done.receipt
    told = [t("{rows} brought {interactions}.", rows=t.plural("{n} row", "{n} rows", n=came.accepted),
              interactions=t.plural("{n} interaction", "{n} interactions", n=came.interactions))]
    say(" ".join(told + [t(why) for layout, why in _WHY_SEVERAL.items() if layout in done.layouts]), "body")


def _notes(notes: Sequence[Text], t: Language) -> None:
    """What was decided on the way; of many the first, and the others folded away."""
    few = notes if len(notes) <= _FEW + 1 else notes[:_FEW]
    for note in few:
        say(t(note))
    if len(few) < len(notes):
        with st.expander(t("{n} more notes on how the file was read", n=len(notes) - len(few))):
            for note in notes[len(few):]:
                say(t(note))


def _rejects(came: Receipt, t: Language) -> None:
    """The rows to mend, and why they were not loaded, as the workspace keeps them."""
    title(t("Rows that were not loaded"), t("Correct them in the downloaded file and upload it: only these rows are "
                                            "added."))
    for n, row, reason in intake.reasons(store(), came.upload_id, _FEW):
        say(row_and_reason(t, n, row, reason), "body")
    first = intake.rejects(store(), came.upload_id, _MOST)
    sheets = {t("Sheet"): first["sheet"]} if first["sheet"].nunique() > 1 else {}
    show.table(pd.DataFrame({**sheets, t("Row"): first["row"], t("Column"): first["column"], t("Value"): first["value"],
                             t("Reason"): [t(each) for each in first["text"]]}),
               f"rejects-{came.upload_id}", name="rejects", download=False)
    if len(first) < came.rejected:
        say(t("The first {n} are shown; all of them are in the file.", n=_MOST))
    workspace = store()
    st.download_button(t("Download the rejected rows"), lambda: intake.rejects_workbook(
        workspace, came.upload_id, t.code), f"{t('rejected rows')} - {came.name}.xlsx", on_click="ignore",
        icon=":material/download:", key=f"rejects-file-{came.upload_id}")


def _figures(upload_id: int, t: Language) -> None:
    """Which KPIs the upload reports, and of which time."""
    names = {key: kpi.name for key, kpi in known_kpis().items()}
    found = [(names[row["kpi"]], row) for row in reported_of(store(), upload_id).to_dict("records")]
    show.table(pd.DataFrame([{t("KPI"): t(name), t("Figures"): row["figures"],
                              t("Earliest period from"): t.date(row["first"]),
                              t("Latest period from"): t.date(row["last"])}
                             for name, row in found]),
               f"figures-{upload_id}", name="figures", height="auto", download=False)


def _changes(done: Done, t: Language) -> None:
    """The KPIs the upload moved, with what they are counted from."""
    known, frame = known_kpis(), moved(done.kpis_before, done.kpis_after)
    if frame.empty:
        return
    rows = []
    for row in frame.to_dict("records"):
        kpi = known[row["kpi"]]
        rows.append({t("KPI"): t(kpi.name), t("Now"): _with_n(t, kpi, row["value"], row["n"]),
                     t("Before"): _with_n(t, kpi, row["value_before"], row["n_before"])})
    title(t("What this changed on the dashboard"))
    show.table(pd.DataFrame(rows), f"moved-{done.receipt.upload_id}", name="moved", download=False)


def _with_n(t: Language, kpi: Kpi, value: Any, n: Any) -> str:
    shown = findings.kpi_value(t, kpi, value)
    return f"{shown} (n = {t.number(n)})" if n else shown
