"""A file loaded from a shell: what it leaves open is answered by options (docs/cli.md)."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cx import intake
from cx.errors import IntakeError, QueryError, UnknownValue
from cx.intake import Receipt
from cx.intake.plan import AMOUNTS, Plan, SheetPlan
from cx.intake.progress import Progress
from cx.intake.values import CLOCKS
from cx.language import language, text
from cx.store import Store


def load_file(store: Store, path: Path, given: argparse.Namespace, warn: Callable[[str], None],
              progress: Progress) -> Receipt:
    """Load one file by the options of `load`; what it leaves open and no option answers is refused."""
    plan = intake.propose(path, store=store, progress=progress)
    for name, row in given.header:
        plan = intake.say_header(path, plan, _sheet_of(plan, name), row, store)
    if given.date is not None or given.undated:
        plan.default_time, plan.undated = given.date, given.undated
    if given.same is not None:
        for sheet in plan.sheets:
            sheet.same = given.same
    _answer_years(plan, given.year)
    _answer(plan, {"duration": ("--clock", CLOCKS, given.clock), "amounts": ("--amounts", AMOUNTS, given.amounts)})
    held = store.value("SELECT 1 FROM interactions LIMIT 1")
    if held and not plan.open_problems() and all(sheet.same is None for sheet in plan.sheets):
        seen = intake.seen_before(store, path, plan, progress)
        if seen.similar:
            t = language(given.lang)
            warn(" ".join([t(seen.warning), t("They are loaded as new: undo takes them back, --same takes them as the "
                                               "same, --other says that they are others.")]))
    return intake.load(store, path, plan, progress=progress)


def _sheet_of(plan: Plan, name: str) -> SheetPlan:
    """The sheet of that name; "" = the only one. Raises QueryError where there is none, or several."""
    if not name and len({sheet.place for sheet in plan.sheets}) > 1:
        raise QueryError(text("“{name}” has several sheets: say of which, as in {example}.", name=plan.file,
                              example=f"--header \"{plan.sheets[0].name}=3\""))
    found = next((sheet for sheet in plan.sheets if name in ("", sheet.name)), None)
    if found is None:
        raise UnknownValue(text("Sheet"), name, [sheet.name for sheet in plan.sheets])
    return found


def _answer_years(plan: Plan, year: int | None) -> None:
    """Say of which year days without one are, or refuse with the option that does."""
    for problem in plan.problems if year is not None else plan.open_problems():
        sheet = next((each for each in plan.sheets if each.name == problem.sheet), None)
        if problem.code != "no_year" or sheet is None:
            continue
        if problem.column not in sheet.years:
            plan.default_time = dt.date(year, 1, 1) if year is not None else plan.default_time
            continue
        days = sheet.years[problem.column]
        if year is None:
            if (order := sheet.formats[problem.column]) == "ambiguous":
                continue
            raise IntakeError(text("{question} Say it with {option}, or in the app.", question=problem.text,
                                   option=f"--year {days.likely[order]}"))
        days.year, days.followed = year, False


def _answer(plan: Plan, options: Mapping[str, tuple[str, Sequence[str], str | None]]) -> None:
    """Answer what the file leaves open, or refuse with the option that answers it. Other questions are refused by the
    load.

    options  code of a problem → its option, what it accepts, what was given
    """
    for problem in plan.open_problems():
        if problem.code not in options:
            return
        option, accepted, answer = options[problem.code]
        if answer is None:
            raise IntakeError(text("{question} Say it with {option}, or in the app.", question=problem.text,
                                   option=" / ".join(f"{option} {each}" for each in accepted)))
        sheet = next(each for each in plan.sheets if each.name == problem.sheet)
        (sheet.amounts if problem.code == "amounts" else sheet.formats)[problem.column or ""] = answer
