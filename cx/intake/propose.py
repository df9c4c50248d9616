"""From tables to a plan: what each column is, how the sheet is laid out, and what only a person can say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cx.intake.cancelled import find_cancelled
from cx.intake.cell_formats import decide_formats
from cx.intake.figures import lay_out_figures, splits_figures
from cx.intake.headings import headings_of, rows_above, told_by
from cx.intake.joins import offer_joins
from cx.intake.layout import lay_out
from cx.intake.likeness import likeness
from cx.intake.mapping import assign, candidates, looks_turkish
from cx.intake.order_lines import decide_amounts
from cx.intake.plan import Plan, Problem, SheetPlan, signature_of
from cx.intake.privacy import are_names
from cx.intake.problems import problems_of, split_figures
from cx.intake.profile import Profile, dated_moments, profile
from cx.intake.reading import bare, concepts_of
from cx.intake.survey import find_scores
from cx.intake.table import Cells, Table
from cx.intake.values import CLOCKS, COMMA
from cx.intake.weighing import fill
from cx.intake.yearless import as_before, offer_years
from cx.language import text
from cx.model import fold
from cx.store import Store

_TRAIL = re.compile(r" \([^()]*\)$")
_LEAD = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?(?: [-–:|] |: |\.|/)|[^\W\d_]{1,3}_")

_LONGEST = 80  # characters of a header in a message

Loaded = tuple[Table, dict[str, Cells]]


def propose_tables(loaded: Sequence[Loaded], file: str, language: str | None, store: Store | None) -> Plan:
    """A plan for these tables; see cx.intake.propose."""
    plan = Plan(file, [], language=language, headings=headings_of(table for table, _ in loaded))
    unknown: list[str] = []
    left_out: list[SheetPlan] = []
    split = ""
    for table, columns in loaded:
        remembered = _remembered(store, table)
        sheet, profiles = _propose_sheet(table, columns, language)
        if remembered is not None:
            sheet = _recall(sheet, remembered)
            left_out += [sheet] if remembered.skip else []
        if not remembered and not _recognised(sheet):
            sheet.skip = True
            unknown.append(sheet.name)
            split = split or (sheet.name if splits_figures(sheet, profiles) else "")
        plan.sheets.append(sheet)
        if not sheet.skip:
            decide_formats(sheet, columns, table, language, looks_turkish(profiles))
            offer_years(sheet.years, dated_moments(profiles), [file, *table.about])
            if remembered is not None:
                _settle_as_before(sheet, remembered)
            plan.problems.extend(problems_of(sheet, profiles, decide_amounts(table, columns, sheet)))
            plan.problems.extend(find_cancelled(columns, sheet))
    if any(not sheet.skip for sheet in plan.sheets if sheet not in left_out):
        for sheet in left_out:
            sheet.skip = True
    offer_joins(plan.sheets, [columns for _, columns in loaded], store)
    plan.problems = [problem for problem in plan.problems if problem.code != "no_customer" or not any(
        sheet.join for sheet in plan.sheets if sheet.name == problem.sheet)]
    _leave_out_useless(plan)
    if all(sheet.skip for sheet in plan.sheets):
        _ask_for_columns(plan, loaded, split, file)
        unknown.remove(next(sheet.name for sheet in plan.sheets if not sheet.skip))
    plan.problems.extend(Problem("note", "sheet_skipped", text(
        "Sheet “{name}” is left out: nothing in it could be recognised.", name=name), name) for name in unknown)
    notes = [*(note for table, _ in loaded for note in table.notes), *rows_above(table for table, _ in loaded)]
    plan.problems.extend(Problem("note", f"reading {number}", note) for number, note in enumerate(notes, start=1))
    return plan


def _ask_for_columns(plan: Plan, loaded: Sequence[Loaded], split: str, file: str) -> None:
    """Where nothing is recognised a person can say what the columns are, of the sheet with most rows first."""
    place = max(range(len(plan.sheets)), key=lambda each: (plan.sheets[each].name == split, plan.sheets[each].rows))
    sheet = plan.sheets[place]
    sheet.skip = False
    plan.problems.append(Problem("error", "split_figures", split_figures(split), sheet.name) if split else Problem(
        "error", "not_recognised", text(
            "“{name}” has neither a customer, nor a time, nor a score that could be recognised. Found the columns: "
            "{found}. Expected at least one like: customer no, date, touchpoint, NPS, satisfaction.",
            name=file, found=", ".join([each[:_LONGEST] for each in loaded[place][0].header if each.strip()][:12])),
        sheet.name))


def _leave_out_useless(plan: Plan) -> None:
    """A sheet nothing can be made of does not keep the others from being loaded."""
    useless = {problem.sheet: problem for problem in plan.problems if problem.severity == "error"}
    kept = [sheet for sheet in plan.sheets if not sheet.skip and sheet.name not in useless]
    for sheet in plan.sheets:
        if kept and sheet.name in useless and not sheet.skip:
            sheet.skip = True
            plan.problems = [problem for problem in plan.problems if problem.sheet != sheet.name]
            why = useless[sheet.name]
            plan.problems.append(Problem("note", "sheet_skipped", text(
                "Sheet “{name}” is left out: nothing in it could be recognised.", name=sheet.name)
                if why.code != "averages" else text("Sheet “{name}” is left out. {reason}", name=sheet.name,
                                                    reason=why.text), sheet.name))


def profiles_of(table: Table, columns: dict[str, Cells]) -> list[Profile]:
    """What each column looks like; what nearly all headers begin or end with is no part of any."""
    profiles = [profile(key, columns[key]) for key in table.keys]
    lead, trail = _most_begin(table.keys), _most_end(table.keys)
    for given in profiles if lead or trail else ():
        left = given.header.removeprefix(lead).removesuffix(trail)
        given.folded, given.plain = fold(left) or given.folded, fold(bare(left)) or given.plain
    return profiles


def _propose_sheet(table: Table, columns: dict[str, Cells], language: str | None) -> tuple[SheetPlan, list[Profile]]:
    profiles = profiles_of(table, columns)
    sheet = SheetPlan(table.name, table.keys, signature_of(table.header), rows=len(table.rows),
                      header_row=table.header_row, place=table.place,
                      headed=told_by(table.header) if table.told and table.header_row else "")
    sheet.samples = {given.header: given.examples for given in profiles}
    sheet.personal = {given.header: given.personal for given in profiles if given.personal}
    likely = likeness(profiles)
    found = candidates(profiles, likely)
    taken = assign(profiles, found)
    scores = find_scores(profiles, taken, likely)
    taken = fill(taken, [given for given in profiles if given.header not in scores], likely)
    turkish = looks_turkish(profiles) or language == "tr"
    if lay_out_figures(sheet, profiles, {header: field for header, (field, _) in taken.items()}):
        return sheet, profiles
    lay_out(sheet, profiles, taken, scores, likely, turkish)
    whose = any(role == "customer_id" and sheet.confidence[header] >= 0.8 for header, role in sheet.columns.items())
    best = {header: confidence for confidence, _, header in reversed(found)}
    for given in profiles:
        if given.header not in sheet.columns:
            sheet.columns[given.header] = "ignore" if given.personal else "attribute"
            told = given.personal and (given.personal != "name" or are_names(given.texts)) and whose
            doubt = 0.1 if told else 0.25 if given.personal else max(0.25, min(0.5, best.get(given.header, 0) / 2))
            sheet.confidence[given.header] = round(1 - doubt, 2)
    sheet.columns = {key: sheet.columns[key] for key in table.keys}
    return sheet, profiles


def _most_begin(headers: Sequence[str]) -> str:
    """What most headers begin with ("Deal - ", "ticket."); "" = nothing."""
    leads = Counter(found[0] for header in headers if (found := _LEAD.match(header)))
    [(lead, times)] = leads.most_common(1) or [("", 0)]
    asked = any(header[len(lead):].startswith("[") for header in headers) or (  # of a question with several parts
        lead.endswith("_") and concepts_of(fold(lead)))
    return lead if times >= 3 and times >= 0.6 * len(headers) and not asked else ""


def _most_end(headers: Sequence[str]) -> str:
    """What most headers end with in brackets ("Status (Ticket)"); "" = nothing."""
    ends = Counter(found[0] for header in headers if (found := _TRAIL.search(header)))
    [(trail, times)] = ends.most_common(1) or [("", 0)]
    return trail if times >= 3 and times >= 0.6 * len(headers) else ""


def _recognised(sheet: SheetPlan) -> bool:
    found = set(sheet.columns.values())
    return bool(found & {"customer_id", "occurred_at", "milestone", "nps", "csat", "ces", "reported"})


def _remembered(store: Store | None, table: Table) -> SheetPlan | None:
    """The mapping an earlier upload with the same headers used."""
    if store is None or table.header_row is None:
        return None
    found = store.value("SELECT plan FROM mappings WHERE signature = ? AND plan::VARCHAR <> 'null'",  # = forgotten
                        [signature_of(table.header)])
    return Plan.from_json(found).sheets[0] if found else None


def _settle_as_before(sheet: SheetPlan, earlier: SheetPlan) -> None:
    """What this file leaves open about dates, numbers and durations was settled for an earlier one of its kind. A
    format that is also noted where nothing had to be decided (ISO dates, numbers without separators) settles nothing,
    but for seconds: where they are noted 4:30 was read as minutes and seconds, and unattended loads go on."""
    for header, given in sheet.formats.items():
        settled = earlier.formats.get(header, "")
        if (given == "ambiguous" and settled in ("dmy", "mdy", COMMA)) or (given, settled) == ("serial", "serial1904"):
            sheet.formats[header] = settled
        elif (given, settled) == ("ambiguous", "seconds"):
            sheet.formats[header] = "mm:ss"
    for header, days in sheet.years.items():
        if header in earlier.years:
            days.year = as_before(days, earlier.years[header], sheet.formats[header])
            days.followed = days.year is not None


def _recall(sheet: SheetPlan, earlier: SheetPlan) -> SheetPlan:
    """The earlier mapping over this sheet's own samples; formats of dates and numbers are decided anew."""
    units = {header: given for header, given in earlier.formats.items()
             if given in ("minutes", "hours", "days", *CLOCKS)}
    return SheetPlan(sheet.name, sheet.header, sheet.signature, layout=earlier.layout, columns=dict(earlier.columns),
                     confidence=dict.fromkeys(sheet.header, 1.0), samples=sheet.samples, formats=units,
                     scores=earlier.scores, milestones=earlier.milestones, constants=earlier.constants,
                     personal=sheet.personal, kpis=earlier.kpis, amounts=dict(earlier.amounts),
                     cancelled=dict(earlier.cancelled),
                     join=earlier.join, place=sheet.place, headed=sheet.headed or earlier.headed, same=earlier.same,
                     rows=sheet.rows, header_row=sheet.header_row, remembered=True)
