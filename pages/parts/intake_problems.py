"""What is open of a file, on the screen: notes and questions in words, with the widget that answers each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from cx import intake
from cx.intake.plan import AMOUNTS, Plan, Problem
from cx.intake.seen_before import SeenBefore
from cx.intake.yearless import Yearless
from cx.language import Language, Text, text
from pages.parts import state
from pages.parts.ask import store
from pages.parts.intake_mapping import reading
from pages.parts.uploader import Dropped
from pages.parts.words import row_and_reason, say

FORMAT_NAMES: dict[str, Text] = {
    "dmy": text("day first: 03/04 is 3 April"), "mdy": text("month first: 03/04 is 4 March"),
    "1,234.56": text("1,234 is one thousand two hundred thirty-four"),
    "1.234,56": text("1.234 is one thousand two hundred thirty-four"),
    "mm:ss": text("4:30 is 4 minutes 30 seconds"), "hh:mm": text("4:30 is 4 hours 30 minutes"),
    "order": text("of the whole order: it counts once"), "line": text("of each row: it is added up"),
}
_FEW = 3  # reasons shown
_YEARS = 25  # that can be chosen
_ANSWERS = {"date_order": ["dmy", "mdy"], "number_format": ["1.234,56", "1,234.56"], "duration": ["mm:ss", "hh:mm"],
            "amounts": [*AMOUNTS]}
"""What each question about a column can be answered with."""


def told_with(plan: Plan, problem: Problem) -> list[str] | None:
    """The other sheets of which the same note is true, to be named with it; None = it was told with an earlier one."""
    if problem.severity != "note":
        return []
    loaded = [sheet.name for sheet in plan.sheets if not sheet.skip]
    same = [each.sheet for each in plan.problems if (each.code, each.text) == (problem.code, problem.text)
            and each.sheet in loaded]
    if problem.sheet not in same:
        return []
    return [name for name in same[1:] if name] if same[0] == problem.sheet else None


def problem_form(dropped: Dropped, plan: Plan, problem: Problem, others: Sequence[str] = ()) -> None:
    """A problem in words, with the widget that answers it where it is a question. others: sheets it is true of, too."""
    t = state.spoken()
    sheet = next((each for each in plan.sheets if each.name == problem.sheet), None)
    if sheet is not None and sheet.skip != (problem.code == "sheet_skipped"):
        return
    icon = {"error": ":material/error:", "question": ":material/help:", "note": ":material/info:"}[problem.severity]
    key = f"answer-{reading(dropped)}-{problem.sheet}-{problem.column}-{problem.code}"
    said = t(problem.text)
    named = problem.column is None or problem.column in said
    if others:
        said = t("{note} So in {sheets}.", note=said, sheets=", ".join(others))
    _told(icon, said if named else f"{problem.column}: {said}", key, "body" if problem.severity != "note" else "note")
    if problem.code == "time_zone":
        _zone_form(plan, key, t)
    if problem.severity != "question":
        return
    if problem.code == "no_year" and sheet is not None and problem.column in sheet.years:
        _year_form(sheet.years[problem.column], sheet.formats[problem.column], key, t)
    elif problem.code == "no_year":
        year = st.number_input(t("Year"), 1990, 2099, value=plan.default_time.year if plan.default_time else None,
                               key=key, width=160, placeholder="")
        plan.default_time = dt.date(int(year), 1, 1) if year else None
    elif problem.code == "no_time":
        plan.default_time = st.date_input(t("Date of these rows"), value=plan.default_time, key=key, width=220,
                                          format="DD.MM.YYYY", min_value=dt.date(1970, 1, 1))
        plan.undated = st.checkbox(t("Load without a date (left out of trends)"), value=plan.undated,
                                   key=f"{key}-undated")
    elif sheet is not None and problem.column is not None:
        options = _ANSWERS[problem.code]
        answers = sheet.amounts if problem.code == "amounts" else sheet.formats
        current = answers.get(problem.column)
        picked = st.radio(t("How to read it"), options, key=key, horizontal=True, label_visibility="collapsed",
                          index=options.index(current) if current in options else None,
                          format_func=lambda each: t(FORMAT_NAMES[each]))
        if picked:
            answers[problem.column] = picked


def _year_form(days: Yearless, order: str, key: str, t: Language) -> None:
    """The year of days without one: the likely one first, the others from the newest."""
    if order not in days.likely:  # the order of day and month is asked first
        return
    likely, newest = days.likely[order], dt.date.today().year
    years = [likely, *(year for year in range(newest, newest - _YEARS, -1) if year != likely)]
    years += [days.year] if days.year is not None and days.year not in years else []

    def span(year: int) -> str:
        first, last = days.bounds(order, year) or (None, None)
        return t.interval(t.date(first), t.date(last))

    picked = st.selectbox(t("They are of"), years, index=years.index(days.year) if days.year is not None else None,
                          key=f"{key}-{order}", width=320, format_func=span, placeholder=t("Choose the year"))
    if picked is not None and picked != days.year:
        days.year, days.followed = picked, False


def _zone_form(plan: Plan, key: str, t: Language) -> None:
    """The workspace's time zone: the browser's is kept with the first such file, until somebody says another."""
    plan.zone = st.context.timezone
    now, names = str(intake.time_zone(store(), plan.zone)), intake.zones()
    picked = st.selectbox(t("Time zone of the workspace"), names, index=names.index(now) if now in names else None,
                          key=key, width=280, help=t(
                              "Kept for later files. Rows loaded before stay as they are; loading their file again "
                              "corrects them."))
    if picked and picked != now:
        intake.set_time_zone(store(), picked)
        st.rerun()


def seen_before_form(dropped: Dropped, plan: Plan, seen: SeenBefore) -> bool:
    """How much of a file is there already, and whether rows that look like earlier ones are the same; → whether that
    is still open."""
    t = state.spoken()
    if seen.there == seen.rows > 0:
        say(t("All rows of this file are there already: loading it adds nothing."), "body")
    elif seen.there or seen.corrected:
        say(t("Of {rows} rows {there} are there already, {corrected} correct an earlier row, {new} are new.",
              rows=seen.rows, there=seen.there, corrected=seen.corrected,
              new=seen.rows - seen.there - seen.corrected), "body")
    if seen.rejected:
        _told(":material/block:", t.plural("{n} row of this file will not be loaded:",
                                           "{n} rows of this file will not be loaded:", n=seen.rejected),
              f"rejected-{dropped.token}")
        for each in seen.reasons[:_FEW]:
            say(row_and_reason(t, each.rows, each.row, each.text))
        if len(seen.reasons) > _FEW:
            say(t("All of them, with the reason, can be downloaded after loading."))
    if not seen.similar:
        return False
    sheets = [sheet for sheet, asks in zip((each for each in plan.sheets if not each.skip), seen.asks, strict=True)
              if asks]
    _told(":material/content_copy:", t(seen.warning), f"seen-{dropped.token}")
    names = {True: t("They are the same: this file corrects the earlier rows"),
             False: t("They are others: count both")}
    given = sheets[0].same
    picked = st.radio(t("These rows"), list(names), index=list(names).index(given) if given is not None else None,
                      key=f"same-{reading(dropped)}", format_func=lambda each: names[each],
                      label_visibility="collapsed")
    for sheet in sheets:
        sheet.same = picked
    return picked is None


def _told(icon: str, said: str, key: str, size: str = "body") -> None:
    """A sentence beside its icon."""
    with st.container(horizontal=True, gap="small", key=f"problem-{key}", vertical_alignment="center"):
        st.markdown(icon, width="content")
        say(said, size)
