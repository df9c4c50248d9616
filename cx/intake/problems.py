"""What a person should know of a sheet, must answer, or cannot load: the problems of a plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from cx.intake.cell_formats import TIME_ROLES
from cx.intake.check import may_be_nobodys, nobodys
from cx.intake.dating import CLOSED
from cx.intake.evidence import FIVE, says_time
from cx.intake.figures import across, lacks_year, only_averages, splits_figures
from cx.intake.mapping import SURE
from cx.intake.months import day_without_year
from cx.intake.plan import Problem, SheetPlan
from cx.intake.profile import LOOKED_AT, Profile
from cx.intake.survey import recommends
from cx.intake.times import ORDERS
from cx.intake.values import currencies, read_score
from cx.intake.wording import complains
from cx.intake.zones import says_zone
from cx.language import Text, text
from cx.model import FIELD, fold
from cx.store.guesses import guess_stage

_CONTENT = ("touchpoint", "stage", "channel", "nps", "csat", "ces", "expectation_met", "emotion", "comment", "revenue",
            "order_id", "wait_seconds", "is_complaint", "milestone")
_BASKET = re.compile(r"\b(?:sepet\w*|basket|cart)\b")
_PERIODS = {"month", "quarter", "week", "period", "year", "ay", "ceyrek", "hafta", "donem", "yil"}


def problems_of(sheet: SheetPlan, profiles: Sequence[Profile], amounts: str | None) -> list[Problem]:
    """What is to be known, asked or mended of a sheet. amounts: of `order_lines.decide_amounts`."""
    found = set(sheet.columns.values())
    problems: list[Problem] = []

    def add(severity: Any, code: str, message: Any, column: str | None = None) -> None:
        problems.append(Problem(severity, code, message, sheet.name, column))

    if sheet.layout == "kpis":
        if "reported" not in found or not (found & {"period", "kpi_name"} or set(sheet.kpis) == across(sheet)):
            add("error", "no_figures", text("In “{name}” say which columns hold figures, and which one the periods or "
                                            "the names of the KPIs.", name=sheet.name))
        elif (averages := only_averages(sheet, profiles)) is not None:
            add("error", "averages", averages)
            return problems
        else:
            add("note", "reported", text(
                "“{name}” is a table of figures: it is kept as reported history and shown beside what is computed from "
                "contacts, never mixed with it.", name=sheet.name))
        period = sheet.column_of("period")
        if lacks_year(sheet, next((given.texts for given in profiles if given.header == period), [])):
            add("question", "no_year", text("The months in “{name}” have no year. Which year are they of?",
                                            name=sheet.name))
        _ask_formats(sheet, profiles, add)
        return problems
    if not found & {"customer_id", "record_id", "order_id"} and splits_figures(sheet, profiles):
        add("error", "split_figures", split_figures(sheet.name))
    elif _reports_figures(sheet, profiles, found):
        add("error", "kpi_sheet", text(
            "“{name}” looks like a table of figures, a row a period, and not of single contacts. Upload the rows the "
            "figures were computed from.", name=sheet.name))
    if not found & set(_CONTENT) and not sheet.constants:
        add("error", "no_content", text(
            "No column of “{name}” says what happened. Expected at least one of: {expected}.", name=sheet.name,
            expected=text("touchpoint or event, channel, stage, a score, an order, a comment")))
    failed = any(problem.severity == "error" for problem in problems)  # first things first
    if not failed and "occurred_at" not in found and "milestone" not in found:
        add("question", "no_time", _no_time(sheet, profiles))
    if not failed and "customer_id" not in found:
        add("note", "no_customer", text("There is no customer column: each row counts as an anonymous respondent, in "
                                        "scores but not in journeys."))
    whose = next((given for given in profiles if given.header == sheet.column_of("customer_id")), None)
    if not failed and whose and may_be_nobodys(sheet) and (rows := round((1 - whose.filled) * whose.rows)):
        add("note", "nobodys", nobodys(whose.header, rows), whose.header)
    if sheet.constants.get("is_complaint") == "true" and "is_complaint" not in found:
        add("note", "complaints", text("Every row of “{name}” counts as a complaint. Where that is wrong, switch it "
                                       "off below the table.", name=sheet.name))
    if early := _early(sheet, profiles):
        add("note", "early", text(
            "Who was at {names} counts as having reached the purchase. Where that is too early, give it another stage "
            "on the page Journey model.", names=", ".join(f"“{name}”" for name in early)))
    _ask_formats(sheet, profiles, add)
    _ask_years(sheet, profiles, add)
    _ask_amounts(sheet, amounts, add)
    _tell_zone(sheet, profiles, add)
    for given in profiles:
        header, role = given.header, sheet.columns[given.header]
        if role == "ignore" and given.personal:
            add("note", "personal", text("“{column}” identifies people and is left out.", column=header), header)
        elif role == "customer_id" and given.personal:
            add("note", "pseudonym", text("“{column}” identifies people: a code that cannot be traced back is "
                                          "kept instead of what it says.",
                                          column=header), header)
        elif role == "revenue" and len(named := currencies(given.texts)) > 1:
            add("note", "currencies", text(
                "“{column}” holds amounts in several currencies ({named}): they are added up as they stand. Convert "
                "them to one currency first, or load each by itself.", column=header, named=", ".join(named[:6])),
                header)
        elif role == "attribute" and _named_score(header) and given.numbers < 0.95:
            add("note", "no_scale", text(
                "“{column}” is kept as further information: {words} % of its different cells are words (e.g. "
                "“{example}”) and not answers on a scale.", column=header, words=round(100 * (1 - given.numbers)),
                example=next((value for value in given.texts if read_score(value) is None), "")), header)
        elif role in TIME_ROLES and sheet.formats.get(header) == "month":
            add("note", "months", text("“{column}” holds months without a day (e.g. {example}): each counts as the "
                                       "first day of its month.", column=header, example=given.examples[0]), header)
        elif role == "attribute" and given.times >= 0.7 and CLOSED.search(given.folded):
            add("note", "closed", text("“{column}” is kept as further information: it tells when the matter was "
                                       "closed, not when it happened.", column=header), header)
        elif header in sheet.scores and sheet.scores[header].reversed:
            add("note", "turned", text(
                "“{column}” complains, so agreeing with it is bad: its answers are turned round (5 becomes 1). Switch "
                "that off in the table above where it is wrong.", column=header), header)
        elif role == "csat" and header in sheet.scores and not sheet.remembered and recommends(header):
            add("note", "no_nps", text(
                "“{column}” asks for a recommendation on a scale up to {top}. An NPS needs 0–10, so it counts as a "
                "satisfaction score.", column=header, top=sheet.scores[header].top), header)
        elif header in sheet.scores and role != "nps" and not sheet.remembered and complains(header):
            add("note", "complains", text(
                "“{column}” seems to complain, but its answers are left as they are: where a high one means agreement, "
                "turn them round in the table above.", column=header), header)
        elif role not in ("attribute", "ignore") and SURE <= sheet.confidence[header] < 0.72:
            add("note", "unsure", text("“{column}” was taken as {field}. Please check.", column=header,
                                       field=FIELD[role].label if role in FIELD else text("a date")), header)
    return problems


def _no_time(sheet: SheetPlan, profiles: Sequence[Profile]) -> Text:
    """That a sheet has no date, or that a column may be its date whose days name no year."""
    for given in profiles:
        if sheet.columns[given.header] == "attribute" and given.texts and all(map(day_without_year, given.texts)) and (
                says_time(given) or any(day_without_year(value) == "named" for value in given.texts)):
            return text("“{column}” names days without a year (e.g. {example}). Where they are the dates, say so in "
                        "the table above: then the year is asked. Else give one date for all rows, or load it without "
                        "a date.", column=given.header, example=given.examples[0])
    return text("“{name}” has no date. When is it from? Give one date for all rows, or load it without a date.",
                name=sheet.name)


def _early(sheet: SheetPlan, profiles: Sequence[Profile]) -> list[str]:
    """Touchpoints that are guessed to be the purchase's and are none yet: baskets, and those only asked about."""
    if sheet.layout == "survey":
        asked = [score.touchpoint for score in sheet.scores.values() if score.touchpoint]
        return list(dict.fromkeys(name for name in asked if guess_stage(name, FIVE) == "purchase"))
    places = next((given.texts for given in profiles if given.header == sheet.column_of("touchpoint")), [])
    return [name for name in (*sheet.milestones.values(), *places)
            if _BASKET.search(fold(name)) and guess_stage(name, FIVE) == "purchase"][:5]


def _named_score(header: str) -> bool:
    """Whether a column is called NPS, CSAT or CES, or as these are called."""
    bare = fold(re.sub(r"\([^)]*\)|\[[^\]]*\]", "", header[:LOOKED_AT]))
    return any(bare in (kind, *FIELD[kind].synonyms) for kind in ("nps", "csat", "ces"))


def _tell_zone(sheet: SheetPlan, profiles: Sequence[Profile], add: Callable[..., None]) -> None:
    """That times say their zone, once for a sheet."""
    for given in profiles:
        order = next((each for each in ORDERS if each == sheet.formats.get(given.header)), None)
        if sheet.columns[given.header] in TIME_ROLES and order and says_zone(given.texts[:50], order):
            add("note", "time_zone", text(
                "The times in “{column}” say their time zone (e.g. {example}). They become those of the workspace's.",
                column=given.header, example=given.examples[0]), given.header)
            return


def _ask_formats(sheet: SheetPlan, profiles: Sequence[Profile], add: Callable[..., None]) -> None:
    """Questions about dates and numbers that can be read both ways."""
    for given in profiles:
        header = given.header
        if sheet.formats.get(header) != "ambiguous":
            continue
        example = given.examples[0]
        if sheet.columns[header] in TIME_ROLES:
            example = next((each for each in (*given.examples, *given.texts) if len(set(
                re.findall(r"\d+", each)[:2])) == 2), example)  # 01/01 asks nothing
            add("question", "date_order", text("In “{column}” the dates (e.g. {example}) can be read day first or "
                                               "month first. Which is it?", column=header, example=example), header)
        elif FIELD[sheet.columns[header]].kind == "seconds":
            add("question", "duration", text(
                "In “{column}” durations like {example} can be minutes and seconds, or hours and minutes. Which is it?",
                column=header, example=next((each for each in given.texts if ":" in each), example)), header)
        else:
            add("question", "number_format", text(
                "In “{column}” numbers like {example} can have a decimal or a thousands separator. Which is it?",
                column=header, example=example), header)


def _ask_years(sheet: SheetPlan, profiles: Sequence[Profile], add: Callable[..., None]) -> None:
    """Of which year days without one are."""
    for given in profiles:
        days = sheet.years.get(given.header)
        if days is None:
            continue
        if not days.spans:
            add("error", "many_years", text(
                "“{column}” names days without a year, and from row to row they pass New Year more than once, so they "
                "cannot be placed in time. Add the year in the file (or sort its rows by this column, where all are of "
                "one year) and upload it again, or say in the table above that the column is something else.",
                column=given.header), given.header)
        elif days.followed:
            add("question", "no_year", text(
                "“{column}” names days without a year (e.g. {example}). The year was chosen so that they follow those "
                "of the last file.", column=given.header, example=given.examples[0]), given.header)
        else:
            add("question", "no_year", text("“{column}” names days without a year (e.g. {example}). Which year are "
                                            "they of?", column=given.header, example=given.examples[0]), given.header)


def _ask_amounts(sheet: SheetPlan, given: str | None, add: Callable[..., None]) -> None:
    """Whose an amount is that the rows of an order repeat; None = none is."""
    header = sheet.column_of("revenue")
    if given is None:
        return
    if given == "ambiguous":
        add("question", "amounts", text(
            "In “{column}” all rows of an order say the same amount. Is it that of the whole order, to be counted "
            "once, or that of each row, to be added up?", column=header), header)
    elif given == "order":
        add("note", "amounts", text("“{column}” says the same on all rows of an order: it counts once for each order.",
                                    column=header), header)
    else:
        add("note", "amounts", text("“{column}” says the same on all rows of an order, but is the amount of each row: "
                                    "it is added up.", column=header), header)


def split_figures(name: str) -> Text:
    return text("“{name}” holds figures by month in a way that does not name the KPI. Reported history takes a month a "
                "row with one column for the KPI or one column each, and columns for channel, persona, stage or "
                "touchpoint beside it. A KPI may also be named by the sheet or file.", name=name)


def _reports_figures(sheet: SheetPlan, profiles: Sequence[Profile], found: set[str]) -> bool:
    """Whether a row is a period and not a contact: nobody is named, and one column counts months, weeks or quarters."""
    if "customer_id" in found or "touchpoint" in found or "record_id" in found or sheet.rows > 400:
        return False
    return any(given.unique and _PERIODS & set(given.folded.split()) for given in profiles)
