"""A person's corrections of a plan: what a column is, what a row is; then formats and problems are decided anew."""

from __future__ import annotations

from pathlib import Path

from cx.errors import UnknownValue
from cx.intake.cancelled import find_cancelled
from cx.intake.cell_formats import decide_formats
from cx.intake.figures import assume_figures, kpi_named
from cx.intake.file import propose, tables_of
from cx.intake.headings import Headings
from cx.intake.mapping import looks_turkish
from cx.intake.order_lines import decide_amounts
from cx.intake.plan import LAYOUTS, Layout, Plan, Problem, Score, SheetPlan, roles
from cx.intake.problems import problems_of
from cx.intake.profile import dated_moments, profile
from cx.intake.progress import Progress, unwatched
from cx.intake.values import read_score
from cx.intake.yearless import offer_years
from cx.language import text
from cx.scales import scale_for
from cx.store import Store

_SCORES = ("nps", "csat", "ces")
_CHOSEN = (("serial", "serial1904"), ("serial1904", "serial"))  # what is found, and what a person says it is
_REPEATED = ("attribute", "ignore", "milestone", "time_of_day", "reported")


def assign(sheet: SheetPlan, header: str, role: str) -> list[str]:
    """Say what a column is → the headers of the columns it was taken from, where only one column can have that role:
    they are further information now (left out in a table of figures).

    Raises UnknownValue for a column the sheet does not have, or a role its layout does not know.
    """
    if header not in sheet.columns:
        raise UnknownValue(text("Column"), header, sheet.columns)
    if role not in roles(sheet.layout):
        raise UnknownValue(text("Meaning of a column"), role, roles(sheet.layout))
    several = role in _REPEATED or (role in _SCORES and sheet.layout == "survey")
    taken = [other for other, given in sheet.columns.items() if other != header and given == role and not several]
    for other in taken:
        _set(sheet, other, "attribute" if sheet.layout != "kpis" else "ignore")
    _set(sheet, header, role)
    return taken


def change_layout(sheet: SheetPlan, layout: Layout) -> None:
    """Say what a row is. Columns whose role has no meaning there become further information."""
    if layout not in LAYOUTS:
        raise UnknownValue(text("Layout"), layout, LAYOUTS)
    sheet.layout = layout
    if layout == "kpis":
        assume_figures(sheet)
        return
    accepted = roles(layout)
    for header, role in sheet.columns.items():
        if role not in accepted:
            _set(sheet, header, "attribute")
        elif role in _SCORES and layout == "survey" and header in sheet.scores and len(sheet.scores) > 1:
            sheet.scores[header].touchpoint = sheet.scores[header].touchpoint or header


def say_header(path: str | Path, plan: Plan, sheet: SheetPlan, row: int, store: Store | None = None,
               progress: Progress = unwatched) -> Plan:
    """Say which row names the columns of a sheet, 1 = its first; 0 = none does → a new plan, in which what was said of
    other sheets stays. What stands above that row is left out, and the sheet is one table from there to its end.

    Raises IntakeError for an empty row.
    """
    told = propose(path, plan.language, store, name=plan.file, progress=progress,
                   headings={**plan.headings, sheet.place: row})
    earlier = {(each.place, each.name): each for each in plan.sheets if each.place != sheet.place}
    told.sheets = [earlier.get((each.place, each.name), each) for each in told.sheets]
    told.default_time, told.undated, told.pseudonymise, told.zone = (
        plan.default_time, plan.undated, plan.pseudonymise, plan.zone)
    if earlier:
        reconsider(path, told)
    return told


def first_rows(path: str | Path, plan: Plan, sheet: SheetPlan) -> list[list[str]]:
    """The first rows of the sheet, to choose the one that names its columns from."""
    tables = tables_of(path, plan.file, headings=Headings(plan.headings))[0]
    return [list(row) for row in tables[plan.sheets.index(sheet)][0].top]


def forget_mapping(store: Store, plan: Plan) -> None:
    """Forget how earlier files with the headers of this plan's sheets were read, so that `propose` reads them afresh.
    That there were such files stays known: rows are found by the numbers in them."""
    with store.write(derived=False) as cursor:
        for sheet in plan.sheets:
            cursor.execute("UPDATE mappings SET plan = 'null' WHERE signature = ?", [sheet.signature])


def reconsider(path: str | Path, plan: Plan) -> None:
    """Decide formats and problems anew after corrections; a person's answers about dates and numbers are kept.

    Raises IntakeError where the file cannot be read any more.
    """
    problems: list[Problem] = [problem for problem in plan.problems
                               if problem.code.startswith(("sheet_skipped", "reading"))]
    loaded, _ = tables_of(path, plan.file, headings=Headings(plan.headings))
    for (table, columns), sheet in zip(loaded, plan.sheets, strict=False):
        if sheet.skip:
            continue
        answered = {header: given for header, given in sheet.formats.items() if given != "ambiguous"}
        profiles = [profile(key, columns[key]) for key in table.keys]
        decide_formats(sheet, columns, table, plan.language, looks_turkish(profiles))
        for header, given in answered.items():
            if sheet.formats.get(header) == "ambiguous" or (sheet.formats.get(header), given) in _CHOSEN:
                sheet.formats[header] = given
        offer_years(sheet.years, dated_moments(profiles), [plan.file, *table.about])
        problems.extend(problems_of(sheet, profiles, decide_amounts(table, columns, sheet)))
        problems.extend(find_cancelled(columns, sheet))
    plan.problems = problems


def _set(sheet: SheetPlan, header: str, role: str) -> None:
    sheet.columns[header] = role
    sheet.confidence[header] = 1.0
    sheet.scores.pop(header, None)
    sheet.milestones.pop(header, None)
    sheet.kpis.pop(header, None)
    if role in _SCORES:
        numbers = [number for number in map(read_score, sheet.samples.get(header, [])) if number is not None]
        top = {"nps": 10, "ces": 7}.get(role) or scale_for(max(numbers, default=5))
        sheet.scores[header] = Score(role, top, header if sheet.layout == "survey" else None)  # type: ignore[arg-type]
    elif role == "milestone":
        sheet.milestones[header] = header
    elif role == "reported" and sheet.column_of("kpi_name") is None:
        sheet.kpis[header] = kpi_named(header) or "nps"
