"""What was understood of a sheet, on the screen: its columns, what is open, and how a person corrects both."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import streamlit as st

from cx import intake
from cx.intake.figures import FIGURES
from cx.intake.plan import LAYOUTS, Plan, SheetPlan, roles
from cx.intake.wording import complains
from cx.language import Language, Text, text
from cx.metrics.kpi_registry import KPIS
from cx.model import FIELD
from cx.names import told_apart
from cx.scales import SCALES
from pages.parts import state
from pages.parts.intake_header import header_form
from pages.parts.uploader import Dropped
from pages.parts.words import say

LAYOUT_NAMES: dict[str, Text] = {
    "events": text("a row is something that happened"), "milestones": text("a row is a customer with dates of stages"),
    "survey": text("a row is one person's answers"), "orders": text("a row is an order"),
    "kpis": text("a row is figures of a period or KPI"),
}
ROLE_NAMES: dict[str, Text] = {
    **{name: field.label for name, field in FIELD.items()},
    "attribute": text("Further information"), "ignore": text("Leave out"), "milestone": text("Date of a stage"),
    "promised_at": text("Promised date"), "delivered_at": text("Delivered date"), "time_of_day": text("Time of day"),
    "period": text("Month, week or quarter"), "kpi_name": text("Name of the KPI"), "reported": text("Reported figure"),
    "answers": text("Number of answers"),
}
READ_AS: dict[str, Text | str] = {
    "dmy": text("day.month.year"), "mdy": text("month/day/year"), "ymd": text("year-month-day"),
    "epoch": text("Unix time"),
    "month": text("month (its first day)"),
    "serial": text("spreadsheet's own number"), "serial1904": text("old Macintosh's own number"),
    "1,234.56": "1,234.56", "1.234,56": "1.234,56", "seconds": text("seconds"), "minutes": text("minutes"),
    "hours": text("hours"), "days": text("days"), "mm:ss": text("minutes:seconds"), "hh:mm": text("hours:minutes"),
    "hh:mm:ss": text("hours:minutes:seconds"), "units": text("in the unit it says"),
}
"""How the cells of a column are read, by what intake.written_as tells."""
SERIALS: dict[str, Text] = {"serial": text("from 1900 (usual)"), "serial1904": text("from 1904 (old Macintosh)")}
_BEGINS = 22  # characters of a header that are seen in the table
_MOST_SHOWN = 500  # characters of a header


@dataclass
class _Table:
    """The table of a sheet's columns while a person corrects it.

    order  headers as they stood at first: a corrected row keeps its place
    edits  how often something was taken over from it; the table is a new one after each, without the edits so far
    given  headers whose meaning a person chose, or took away
    moved  (column that lost its meaning to another, that meaning) at the last edit
    top    the first rows of the sheet
    """

    order: list[str]
    top: list[list[str]]
    edits: int = 0
    given: set[str] = field(default_factory=set)
    moved: list[tuple[str, str]] = field(default_factory=list)


def reading(dropped: Dropped) -> str:
    """What the keys of a file's widgets begin with: after it was read afresh they are new ones, without old answers."""
    times = st.session_state.get(f"afresh-{dropped.token}", 0)
    return f"{dropped.token}-again-{times}" if times else dropped.token


def forget_tables(dropped: Dropped) -> None:
    """Let go of what is kept of a file's tables of columns."""
    kept = st.session_state.get("_tables", {})
    for base in [each for each in kept if each.startswith(dropped.token)]:
        del kept[base]


def _table(path: Path, plan: Plan, sheet: SheetPlan, base: str) -> _Table:
    kept = st.session_state.setdefault("_tables", {})
    if base not in kept:
        plain = ("attribute", "ignore")
        kept[base] = _Table(sorted(sheet.columns, key=lambda header: sheet.columns[header] in plain),
                            intake.first_rows(path, plan, sheet))
    return kept[base]


def sheet_form(path: Path, dropped: Dropped, plan: Plan, sheet: SheetPlan) -> int | None:
    """One sheet: load it or not, what a row is, what each column is → the row that names the columns, where a person
    says that it is another (0 = none)."""
    t = state.spoken()
    base = f"{reading(dropped)}-{plan.sheets.index(sheet)}"
    table = _table(path, plan, sheet, base)
    if len(plan.sheets) > 1:
        say(sheet.name, "finding")
        used = st.toggle(t("Load this sheet"), value=not sheet.skip, key=f"use-{base}")
        if used == sheet.skip:
            sheet.skip = not used
            intake.reconsider(path, plan)
            st.rerun()
    if sheet.skip:
        return None
    wrong = any(problem.severity == "error" and problem.sheet == sheet.name for problem in plan.problems)
    if (row := header_form(sheet, table.top, base, t, wrong=wrong)) is not None:
        return row
    layout = st.selectbox(t("What a row is"), LAYOUTS, index=LAYOUTS.index(sheet.layout), key=f"layout-{base}",
                          format_func=lambda each: t(LAYOUT_NAMES[each]), width=420)
    if layout != sheet.layout:
        intake.change_layout(sheet, layout)
        table.edits, table.moved = table.edits + 1, []
        intake.reconsider(path, plan)
        st.rerun()
    _join_form(sheet, base, t)
    names = {t(ROLE_NAMES[role]): role for role in roles(sheet.layout)}
    figures = {t(each.name): key for key, each in KPIS.items() if key in FIGURES}
    shown = _mapping(sheet, table, t)
    columns = {  # narrow enough for all of them on a laptop, and for the first three on a phone
        "column": st.column_config.TextColumn(
            t("Column in the file"), width=185 if max(map(len, sheet.header)) > _BEGINS else 105),
        "role": st.column_config.SelectboxColumn(t("Is"), options=list(names), required=True, width=142),
        "sure": st.column_config.TextColumn(t("How sure"), width=95) if sheet.remembered else
        st.column_config.ProgressColumn(t("How sure"), min_value=0, max_value=100, format="%d%%", width=78),
        "samples": st.column_config.TextColumn(t("Examples"), width=125),
        "place": st.column_config.TextColumn(t(FIELD["stage" if sheet.milestones else "touchpoint"].label), width=140),
        "top": st.column_config.SelectboxColumn(t("Out of"), options=list(SCALES), width=85, help=t(
            "The best or highest answer of the scale that was asked on: 5 of 1–5, 10 of 0–10.")),
        "turned": st.column_config.CheckboxColumn(t("High is bad"), width=105, help=t(
            "The answers are turned round: agreeing with “I had to repeat myself” is bad.")),
        "kpi": st.column_config.SelectboxColumn(t("KPI"), options=list(figures), width=150),
        "format": st.column_config.TextColumn(t("Read as"), width=110,
                                              help=t("How dates, numbers and durations are written, decided from all "
                                                     "values of the column."))}
    for header, role in table.moved:
        say(t("Only one column can be “{meaning}”. “{column}” was it before, and is now: {now}.",
              meaning=t(ROLE_NAMES[role]), column=header, now=t(ROLE_NAMES[sheet.columns[header]])), "body")
    edited = st.data_editor(shown, key=f"map-{base}-{t.code}-{table.edits}", hide_index=True,
                            disabled=["column", "samples", "format", "sure"], height=min(38 + 35 * len(shown), 460),
                            column_config=columns, placeholder="")
    if _take(sheet, table, shown, edited, names, figures):
        intake.reconsider(path, plan)
        st.rerun()
    _names_in_full(table.order, t)
    if _cancelled_form(sheet, base, t) or _of_all_rows_form(sheet, base, t):
        intake.reconsider(path, plan)
        st.rerun()
    _serials_form(sheet, base, t)
    return None


def _of_all_rows_form(sheet: SheetPlan, base: str, t: Language) -> bool:
    """Where no column says where and through what the rows happened, or whether they are complaints: one answer for all
    of them; whether it changed."""
    before = dict(sheet.constants)
    told = sheet.layout == "events" or "is_complaint" in sheet.constants
    if told and sheet.column_of("is_complaint") is None:
        if st.checkbox(t("Every row is a complaint"), "is_complaint" in sheet.constants, key=f"complaints-{base}"):
            sheet.constants["is_complaint"] = "true"
        else:
            sheet.constants.pop("is_complaint", None)
    free = [name for name in ("touchpoint", "channel") if sheet.layout == "events" and sheet.column_of(name) is None]
    if not free:
        return sheet.constants != before
    with st.container(horizontal=True, gap="small"):
        for name in free:
            given = st.text_input(
                t("{field} of all rows", field=t(FIELD[name].label)), value=sheet.constants.get(name, ""), width=240,
                key=f"all-{name}-{base}", help=t("No column says it, so it is the same for all rows. Leave it empty "
                                                 "where there is none.")).strip()
            if given:
                sheet.constants[name] = given
            else:
                sheet.constants.pop(name, None)
    return sheet.constants != before


def _cancelled_form(sheet: SheetPlan, base: str, t: Language) -> bool:
    """Whether orders that a column calls cancelled are none; whether an answer changed."""
    before = dict(sheet.cancelled)
    for header, off in before.items():
        sheet.cancelled[header] = st.checkbox(t("What “{column}” calls cancelled is no order", column=header), off,
                                              key=f"cancelled-{base}-{header}")
    return sheet.cancelled != before


def _names_in_full(headers: list[str], t: Language) -> None:
    """Names that the table has no room for."""
    long = [header for header in headers if len(header) > _BEGINS]
    if long:
        with st.expander(t("Long names in full")):
            for header in long:
                say(header if len(header) <= _MOST_SHOWN else f"{header[:_MOST_SHOWN]}…", "body")


def _serials_form(sheet: SheetPlan, base: str, t: Language) -> None:
    """Days that are stored as plain numbers: counted from 1900, or from 1904 as old Macintosh programs did."""
    for place, header in enumerate(sheet.header):
        given = sheet.formats.get(header)
        if given not in SERIALS:
            continue
        sheet.formats[header] = st.radio(
            t("“{column}” counts days", column=header), list(SERIALS), index=list(SERIALS).index(given),
            key=f"serial-{base}-{place}", horizontal=True, format_func=lambda each: t(SERIALS[each]),
            help=t("The same number is a day about four years later when counted from 1904. The examples below show "
                   "what it becomes."))


def _join_form(sheet: SheetPlan, base: str, t: Language) -> None:
    """Offer to find the customers of a sheet that names none by a number that is known."""
    if not sheet.offered or sheet.column_of("customer_id"):
        return
    offered = sheet.offered
    joined = st.toggle(t("Find the customers by this number"), value=sheet.join is not None, key=f"join-{base}")
    say(t("This sheet names no customer. “{column}” is known from rows that do: {matched} of {of} numbers. Rows "
          "without a match count as anonymous respondents.", column=offered["column"], matched=offered["matched"],
          of=offered["of"]))
    sheet.join = {"key": offered["key"]} if joined else None


def _mapping(sheet: SheetPlan, table: _Table, t: Language) -> pd.DataFrame:
    """What each column was understood as, those first that had a meaning at first; places and scales only where there
    are some."""
    rows = []
    given: str | None
    for header, column in zip(table.order, told_apart(table.order, _BEGINS), strict=True):
        role, score = sheet.columns[header], sheet.scores.get(header)
        rows.append({"column": column, "role": t(ROLE_NAMES[role]),
                     "sure": round(100 * sheet.confidence.get(header, 0.0)) if not sheet.remembered else
                     t("corrected") if header in table.given else t("as last time"),
                     "samples": " · ".join(sheet.samples.get(header, [])[:4]),
                     "place": sheet.milestones.get(header) or (score.touchpoint if score else None),
                     "top": score.top if score else None, "turned": score.reversed if score else None,
                     "kpi": t(KPIS[sheet.kpis[header]].name) if header in sheet.kpis else None,
                     "format": t(READ_AS[given]) if (given := intake.written_as(sheet, header)) in READ_AS else None})
    frame = pd.DataFrame(rows).astype({"place": object, "kpi": object, "format": object})
    unused = [name for name, used in (("place", sheet.milestones or sheet.layout == "survey"), ("top", sheet.scores),
                                      ("turned", _may_be_turned(sheet)),
                                      ("kpi", sheet.kpis), ("format", frame["format"].notna().any())) if not used]
    return frame.drop(columns=unused)


def _take(sheet: SheetPlan, table: _Table, shown: pd.DataFrame, edited: pd.DataFrame, names: dict[str, str],
          figures: dict[str, str]) -> bool:
    """Carry corrections over to the sheet's plan; whether there were any."""
    changed = False
    moved: dict[str, str] = {}
    for header, before, after in zip(table.order, shown.to_dict("records"), edited.to_dict("records"), strict=True):
        if after["role"] != before["role"]:
            role = names[after["role"]]
            moved.pop(header, None)
            moved |= dict.fromkeys(intake.assign(sheet, header, role), role)
            table.given.add(header)
            changed = True
        if "place" in after and after["place"] != before["place"] and isinstance(after["place"], str):
            if header in sheet.milestones:
                sheet.milestones[header], changed = after["place"].strip() or header, True
            elif header in sheet.scores:
                sheet.scores[header].touchpoint, changed = after["place"].strip() or None, True
        if "kpi" in after and header in sheet.kpis and after["kpi"] != before["kpi"] and after["kpi"]:
            sheet.kpis[header], changed = figures[after["kpi"]], True
        if "top" in after and header in sheet.scores and after["top"] != before["top"] and after["top"]:
            sheet.scores[header].top, changed = int(after["top"]), True
        if "turned" in after and header in sheet.scores and bool(after["turned"]) != bool(before["turned"]):
            sheet.scores[header].reversed, changed = bool(after["turned"]), True
    if changed:
        table.edits, table.moved = table.edits + 1, list(moved.items())
        table.given |= set(moved)
    return changed


def _may_be_turned(sheet: SheetPlan) -> bool:
    """Whether a person may want to say that high answers are bad: statements of a survey, or one that complains."""
    return any(score.kind != "nps" and (sheet.layout == "survey" or score.reversed or complains(header))
               for header, score in sheet.scores.items())
